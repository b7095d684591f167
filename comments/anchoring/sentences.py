"""Which words are those of which sentence, where sentences were put in or taken out beside one that was edited.

Each sentence ends with a sign, and many begin alike. An alignment pairs such a word with its like that stands beside
what follows, or what comes before; to a reader it goes with its own sentence. So a passage up to the end of a
sentence neither takes in what was put behind it nor loses its last words, and one from the beginning of a sentence on
begins with it.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import accumulate, pairwise

from comments.anchoring.alignment import NOWHERE, Alignment, Words
from comments.anchoring.signs import beginnings, stop
from comments.anchoring.similar import free_ranges, link_similar
from comments.anchoring.together import Begins, View, part, views
from comments.anchoring.tokens import Tokens

# So few words are in another sentence by chance, where they are alone there.
STRAY = 2
# The share of words that a sentence has in common with what it was edited into.
SIMILAR = 0.8


class Sentences:
    """Where the sentences begin among the words of the gaps; it is asked word by word, and searched for once."""

    def __init__(self, alignment: Alignment, old: str, new: str) -> None:
        self.gaps = [alignment.words_of(gap) for gap in alignment.gaps]
        self.old = beginnings(old, alignment.old, [gap[0] for gap in self.gaps]).__getitem__
        self.new = beginnings(new, alignment.new, [gap[1] for gap in self.gaps]).__getitem__
        self.texts = old, new


def link_sentences(alignment: Alignment, sentences: Sentences) -> None:
    """Pairs sentences that moved and were edited, and whose blocks did not move."""
    lost: list[Words] = []
    fresh: list[Words] = []
    for old, new in sentences.gaps:
        lost += free_ranges(_parts(alignment.old, sentences.old, *old), alignment.to)
        fresh += free_ranges(_parts(alignment.new, sentences.new, *new), alignment.back)
    link_similar(alignment, lost, fresh, SIMILAR)


def _parts(tokens: Tokens, begins: Begins, start: int, end: int) -> Iterator[Words]:
    """The sentences among the words [start, end) that are no blocks of their own."""
    for first, last in _each(begins, start, end):
        if not (tokens.is_start(first) and tokens.is_start(last)):
            yield first, last


def keep_sentences(alignment: Alignment, sentences: Sentences) -> None:
    """Brings words at both ends of the sentences in the gaps back to the sentences that they belong to."""
    from_old, from_new = views(alignment, (sentences.old, sentences.new))
    old, new = sentences.texts
    for olds, news in sentences.gaps:
        if olds[0] < olds[1] and news[0] < news[1]:
            _join_signs(from_old, *olds, old)
            part(from_old, *olds)
            part(from_new, *news)
            _keep(from_old, *olds, old, new)
            _keep(from_new, *news, new, old)
            _forget_strays(from_old, olds, news, old)
            _grow(from_old, *olds)
            _join_signs(from_old, *olds, old)


def _grow(view: View, start: int, end: int) -> None:
    """Pairs words of a sentence that stand beside another of it in both texts, and are free in both."""
    to = view.to
    for i in range(max(start, 1), end):
        if to[i] == NOWHERE != to[i - 1]:
            _pair_beside(view, i - 1, i)
    for i in range(end - 2, start - 1, -1):
        if to[i] == NOWHERE != to[i + 1]:
            _pair_beside(view, i + 1, i)


def _pair_beside(view: View, known: int, i: int) -> None:
    to, back = view.to, view.back
    j = to[known] + i - known
    if not 0 <= j < len(back) or back[j] != NOWHERE or view.text.ids[i] != view.other.ids[j]:
        return
    if not view.begins(max(i, known)) and not view.begins_there(max(j, to[known])):
        view.alignment.pair(i, j, is_moved=bool(view.alignment.moved[known]))


def _join_signs(view: View, start: int, end: int, text: str) -> None:
    """Pairs the sign that ends a sentence with the one behind its last word, where that is not another's for as good
    a reason: what moved left its sign behind."""
    to, back, there = view.to, view.back, view.other.ids
    for i in range(max(start, 1), end):
        k = to[i - 1] + 1
        if not 0 < k < len(back) or to[i] == k or view.text.ids[i] != there[k] or not stop(text, view.text, i):
            continue
        taken = back[k]
        if taken > 0 and to[taken - 1] == k - 1:
            continue
        for one in {i, taken}:
            if one != NOWHERE and to[one] != NOWHERE:
                view.alignment.unpair(one)
        view.alignment.pair(i, k, is_moved=bool(view.alignment.moved[i - 1]))


def _forget_strays(view: View, old: Words, new: Words, text: str) -> None:
    """Takes back a word or two of a sentence that are alone in another one now, while others of it are elsewhere; and
    a sign of it that is in one of others."""
    to, now = view.to, _sentences(view.begins_there, *new)
    for first, last in _each(view.begins, *old):
        found = (i for i in range(first, last) if to[i] != NOWHERE)
        there = {i: now[to[i] - new[0]] if new[0] <= to[i] < new[1] else NOWHERE for i in found}
        if len(set(there.values())) <= 1:
            continue
        words = {i: number for i, number in there.items() if text[view.text.starts[i]].isalnum()}
        together = Counter(words.values())
        for i, number in there.items():
            are_few = together[number] <= STRAY and together[number] < len(words)
            # Signs are in every sentence, and may end one that is new.
            if number != NOWHERE and are_few and (i in words or _holds_others(view, to[i], (first, last))):
                view.alignment.unpair(i)


def _holds_others(view: View, j: int, sentence: Words) -> bool:
    """Whether a word before the other text's word j, in its sentence, is of another sentence than this one."""
    while j and not view.begins_there(j):
        j -= 1
        if view.back[j] != NOWHERE and not sentence[0] <= view.back[j] < sentence[1]:
            return True
    return False


def _each(begins: Begins, start: int, end: int) -> Iterator[Words]:
    """Each sentence among the words [start, end), with which one begins."""
    return pairwise([at for at in range(start, end) if begins(at)] + [end])


def _sentences(begins: Begins, start: int, end: int) -> list[int]:
    """A number for each of the words [start, end): the same for those of one sentence."""
    return list(accumulate(begins(at) for at in range(start, end)))


def _keep(view: View, start: int, end: int, text: str, other: str) -> None:
    to, back = view.to, view.back
    for i in range(start, end):
        if to[i] > 0 and back[to[i] - 1] == NOWHERE:
            _keep_end(view, i, text, other)
        elif to[i] == NOWHERE and i and to[i - 1] != NOWHERE:
            _keep_beginning(view, i)


def _keep_end(view: View, i: int, text: str, other: str) -> None:
    """Pairs the sign that begins with word i, and ends a sentence, with the first in the other text that may be it.

    Before it words may be lost on this side and new on the other: they are what was edited.
    """
    to, back, there = view.to, view.back, view.other.ids
    length = stop(text, view.text, i)
    if not length or to[i : i + length] != [*range(to[i], to[i] + length)]:
        return
    lost, fresh = _first_free(to, i), _first_free(back, to[i])
    if fresh != (to[lost - 1] + 1 if lost else 0) or any(stop(text, view.text, at) for at in range(lost, i)):
        return
    for k in range(fresh, to[i]):
        if stop(other, view.other, k):
            is_alike = k + length <= to[i] and there[k : k + length] == view.text.ids[i : i + length]
            if is_alike and _may_replace(i - lost, k - fresh):
                view.move(i, k, length)
            return


def _keep_beginning(view: View, end: int) -> None:
    """Pairs the words up to `end` that a sentence begins with, behind which words are lost, with their like in the
    other text that stands nearest to what follows."""
    to, back, there = view.to, view.back, view.other.ids
    free = to[end - 1] + 1
    lost, fresh = _first_found(to, end), _first_found(back, free)
    if lost == len(to) or to[lost] != fresh or fresh == free:
        return
    if any(view.begins(at) for at in range(end, lost + 1)):
        return
    first = end - 1
    while not view.begins(first):
        if not first or to[first - 1] != to[first] - 1:
            return
        first -= 1
    length = end - first
    for k in range(fresh - length, free - 1, -1):
        if view.begins_there(k):
            is_alike = there[k : k + length] == view.text.ids[first:end]
            if is_alike and _may_replace(lost - end, fresh - k - length):
                view.move(first, k, length)
            return


def _may_replace(lost: int, fresh: int) -> bool:
    """Whether one of so many and so many words may be what the other was edited into."""
    return max(lost, fresh) <= 3 * min(lost, fresh) + 3


def _first_free(places: list[int], at: int) -> int:
    """The first of the words directly before word `at` that were not found; `at` where there is none."""
    while at > 0 and places[at - 1] == NOWHERE:
        at -= 1
    return at


def _first_found(places: list[int], at: int) -> int:
    """The first word from word `at` on that was found; how many words there are where none was."""
    while at < len(places) and places[at] == NOWHERE:
        at += 1
    return at
