"""Whatever was edited meanwhile: when a text is published again, what was written on it is where it was."""

import random

import pytest

from comments.models import Anchor
from comments.placing import Selection
from tests.factories import make_article, make_comment, make_user, revise

pytestmark = pytest.mark.django_db

LINES = [
    "Skylarks rise before the sun does, and their song carries over the whole valley.",
    "A male sings for minutes without a pause. Nobody knows how he breathes.",
    "The nest lies in the open field, hidden by nothing but grass.",
    "Twelve farmers of the county agreed last week to mow later in the year.",
    "Four things keep them away: dogs, kites, early mowing and late visitors.",
    "Whoever walks there should stay on the path, and keep the dog on a lead.",
    "Nobody has counted them for years, and nobody knows how many are left.",
]
WORDS = " ".join(LINES).split()


def edited(lines, draw):
    """One to four edits: a line gone, moved, twice there, written anew, or some of its words other ones."""
    lines = list(lines)
    for _time in range(draw.randint(1, 4)):
        at, to = draw.randrange(len(lines)), draw.randrange(len(lines))
        edit = draw.choice(["remove", "move", "repeat", "write", "reword", "reword"])
        if edit == "remove" and len(lines) > 2:
            del lines[at]
        elif edit == "move":
            lines.insert(to, lines.pop(at))
        elif edit == "repeat":
            lines.insert(to, lines[at])
        elif edit == "write":
            lines.insert(to, " ".join(draw.choices(WORDS, k=draw.randint(3, 15))))
        else:
            words = lines[at].split()
            for word in draw.sample(range(len(words)), k=max(1, len(words) // 4)):
                words[word] = draw.choice(WORDS)
            lines[at] = " ".join(words)
    return lines


# Where words stand in a text is found out without the database: PostgreSQL keeps it for some as for all.
SEEDS = [pytest.param(seed, marks=pytest.mark.any_database if seed >= 4 else []) for seed in range(24)]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_written_on_a_text_that_comes_back_is_where_it_was(seed):
    draw, author = random.Random(seed), make_user()  # noqa: S311
    lines, history = LINES, []
    article = make_article(source="\n\n".join(lines))
    for _time in range(draw.randint(2, 5)):
        history.append(lines)
        text = article.current_revision.canonical_text
        for number in range(5):
            start = draw.randrange(len(text) - 1)
            exact = text[start : start + draw.choice([1, 6, 20, 90])]
            if exact.strip():
                make_comment(
                    article, author, f"{number}", selection=Selection(exact, start=start, end=start + len(exact))
                )
        lines = edited(lines, draw)
        article = revise(article, "\n\n".join(lines))
    back = draw.choice(history)
    article = revise(article, "\n\n".join(back))
    there = [
        anchor
        for anchor in Anchor.objects.select_related("revision")
        if anchor.revision.canonical_text == article.current_revision.canonical_text
    ]
    assert there
    assert [
        one for one in there if (one.start, one.end, "kept") != (one.now_start, one.now_end, one.now_status)
    ] == []
