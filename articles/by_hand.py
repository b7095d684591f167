"""What an editor says on the publish page of single passages: that one is gone, is right, or stands elsewhere."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from articles.rendering import Rendered
from articles.steps import ByHand, Passage, Place

WORDS_MAX_LENGTH = 10_000
# So many places of the same words are offered to choose from.
MOST_PLACES = 20
_CONTEXT_LENGTH = 40
_NAME = re.compile(r"what-(\d{1,9})-(\d{1,9})(?:-(\d{1,9}))?")
# What is sent of a passage, each in a field of this name and the passage's key.
FIELDS = ("what", "words", "number", "offered_for", "shown")
# The one field that holds what was said of passages that the page does not show: the fields it would be sent in.
ELSEWHERE = "elsewhere"
AS_SHOWN, RIGHT, GONE, HERE = "", "right", "gone", "here"


class _Wrong(Exception):
    """In words for the editor."""


@dataclass
class Choice:
    """What was sent of a passage, as it was typed, and what is wrong with it.

    `start`, `end`, `written_on`: see `articles.steps.Passage`.
    `shown`: the place that the page named, in code points of the draft's text. `offered`: (before, words, after) of
    each place that the words may mean, the first is number 1; `offered_for`: the words that `number` was chosen for.
    """

    start: int
    end: int
    what: str = AS_SHOWN
    words: str = ""
    number: str = ""
    offered_for: str = ""
    shown: str = ""
    error: str = ""
    offered: list[tuple[str, str, str]] = field(default_factory=list)
    written_on: int | None = None

    @property
    def passage(self) -> Passage:
        return Passage(self.start, self.end, self.written_on)

    @property
    def key(self) -> str:
        return "-".join(str(part) for part in self.passage if part is not None)


def choices_of(form: Mapping[str, str]) -> dict[Passage, Choice]:
    """What a form says, by passage, whether the page showed the passage or not."""
    sent = dict(parse_qsl(form.get(ELSEWHERE, ""))) | {name: form[name] for name in form}
    found = {}
    for name in sent:
        if match := _NAME.fullmatch(name):
            choice = Choice(int(match[1]), int(match[2]), written_on=int(match[3]) if match[3] else None)
            for field in FIELDS:
                setattr(choice, field, sent.get(f"{field}-{choice.key}", ""))
            choice.words = choice.words.replace("\r\n", "\n")
            # Words that were typed are meant, whichever button stands beside them.
            choice.what = choice.what or (HERE if choice.words.strip() else AS_SHOWN)
            found[choice.passage] = choice
    return found


def packed(choices: Iterable[Choice]) -> str:
    """What was said, for the field ELSEWHERE; of passages of which nothing was, nothing."""
    said = [choice for choice in choices if choice.what != AS_SHOWN]
    fields = [(f"{field}-{choice.key}", getattr(choice, field)) for choice in said for field in FIELDS]
    return urlencode([(name, value) for name, value in fields if value])


def unconfirm(choices: Iterable[Choice]) -> None:
    """Take back what holds of the draft alone that it was said of: that a place is right, and which of several."""
    for choice in choices:
        choice.number = choice.shown = ""


def resolve(choices: Iterable[Choice], rendered: Rendered) -> list[ByHand]:
    """Where the passages go that something was said of. What cannot be followed has its `error` set."""
    said = []
    for choice in choices:
        try:
            start, end = _place(choice, rendered)
        except _Wrong as wrong:
            choice.error = str(wrong)
        else:
            if choice.what != AS_SHOWN:
                said.append(ByHand(choice.start, choice.end, start, end, choice.written_on))
    return said


def _place(choice: Choice, rendered: Rendered) -> Place | tuple[None, None]:
    if choice.start >= choice.end:
        raise _Wrong(_("This form is incomplete. Open the article again."))
    if choice.what in (AS_SHOWN, GONE):
        return None, None
    place = _as_shown(choice, rendered.text) if choice.what == RIGHT else _of_words(choice, rendered.text)
    if not any(part.start <= place[0] and place[1] <= part.end for part in rendered.sections):
        raise _Wrong(_("Choose a passage within one section."))
    return place


def _as_shown(choice: Choice, text: str) -> Place:
    if not choice.shown:
        raise _Wrong(_("The draft was changed since you checked this place."))
    match = re.fullmatch(r"(\d{1,9})-(\d{1,9})", choice.shown)
    start, end = (int(match[1]), int(match[2])) if match else (0, 0)
    if not start < end <= len(text):
        raise _Wrong(_("This form is incomplete. Open the article again."))
    return start, end


def _of_words(choice: Choice, text: str) -> Place:
    if choice.what != HERE:
        raise _Wrong(_("This form is incomplete. Open the article again."))
    if not choice.words.strip():
        raise _Wrong(_("Type the words of the draft that the passage is on."))
    if len(choice.words) > WORDS_MAX_LENGTH:
        raise _Wrong(_("Use at most %d characters.") % WORDS_MAX_LENGTH)
    places = find(text, choice.words)
    if not places:
        raise _Wrong(_("These words do not stand in the draft. Take them from its preview, as they stand there."))
    if len(places) == 1:
        return places[0]
    if len(places) > MOST_PLACES:
        detail = _("These words stand more than %d times in the draft. Type more of the text around them.")
        raise _Wrong(detail % MOST_PLACES)
    return _chosen(choice, places, text)


def _chosen(choice: Choice, places: Sequence[Place], text: str) -> Place:
    """Shown again where the form is, so that it can be seen what was chosen."""
    choice.offered = [_shown_in(text, place) for place in places]
    is_for_these = choice.offered_for.split() == choice.words.split()
    if is_for_these and choice.number in {str(number + 1) for number in range(len(places))}:
        return places[int(choice.number) - 1]
    choice.number = ""
    raise _Wrong(_("These words stand %d times in the draft. Choose one of the places.") % len(places))


def find(text: str, words: str) -> list[Place]:
    """Where the words stand, in order, whatever white space is between them; at most one more than are offered."""
    pattern = r"\s+".join(re.escape(word) for word in unicodedata.normalize("NFC", words).split())
    return [match.span() for match in islice(re.finditer(pattern, text), MOST_PLACES + 1)]


def _shown_in(text: str, place: Place) -> tuple[str, str, str]:
    start, end = place
    return text[max(0, start - _CONTEXT_LENGTH) : start], text[start:end], text[end : end + _CONTEXT_LENGTH]
