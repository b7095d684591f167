"""How long all checks together take on a text of 5 000 characters: `python -m benchmarks.checks [ROUNDS]`.

On an empty database of its own, SQLite unless DATABASE_URL names another; without the network, as the checks are.
The text was fitted before, as `submit` does, so its HTML is there. Prints milliseconds, and exits with 1 past a goal:
15 for ordinary texts (95th percentile), 50 for the worst crafted one (the median of its rounds). Both are of the
clock; beside them stands the processor's own time, which a busy machine stretches less.
"""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.options import options

if TYPE_CHECKING:
    from accounts.models import User
    from articles.models import Article

GOAL_ORDINARY, GOAL_WORST = 15.0, 50.0
LENGTH = 5000
TWINS = 200

# Parts that are repeated to the full length.
ORDINARY = {
    "plain words": "Small birds sing at dawn because the air is still. ",
    "Markdown": "Some *emphasis*, `code` and **more** of it.\n\n> Quoted.\n\n- One\n- Two\n\n",
    "a few links": "x" * 1200 + " [here](https://example.org/a) ",
    "Devanagari": "छोटे पक्षी भोर में गाते हैं। ",
    "Chinese": "小鸟在黎明时分歌唱。",
    "emoji": "👩🏽‍❤️‍💋‍👨🏻 1️⃣ ",
}
CRAFTED = {
    "brackets": "[",
    "links": "[a.b](http://c) ",
    "mail links": "<a@b.c>",
    "addresses": "www.a.b ",
    "schemes": "http://",
    "dots": "a.",
    "hyphens": "a-",
    "marks": "x" + "\u0301\u0323" * 5,
    "grows eighteenfold": "\ufdfa",
    "emphasis": "_a**b*",
    "quotes": "\n> a",
    "invisible": "a\u200b",
}


def main(rounds: int) -> int:
    from comments.services import fit_text

    print(f"{'':20} {'median':>8} {'p95':>8} {'max':>8} {'CPU':>8}  ms, {rounds} rounds")
    everything, worst = [], 0.0
    for name, part in (ORDINARY | CRAFTED).items():
        text = fit_text((part * LENGTH)[:LENGTH], "comment")
        pairs = list(_measure(text, rounds))
        taken, cpu = sorted(clock for clock, _cpu in pairs), statistics.median(cpu for _clock, cpu in pairs)
        p95 = taken[int(0.95 * (len(taken) - 1))]
        print(f"{name:20} {statistics.median(taken):8.1f} {p95:8.1f} {taken[-1]:8.1f} {cpu:8.1f}")
        if name in ORDINARY:
            everything += taken
        else:
            worst = max(worst, statistics.median(taken))
    ordinary = sorted(everything)[int(0.95 * (len(everything) - 1))]
    print(
        f"ordinary texts, p95: {ordinary:.1f} (goal {GOAL_ORDINARY}); worst crafted: {worst:.1f} (goal {GOAL_WORST})"
    )
    return int(ordinary > GOAL_ORDINARY or worst > GOAL_WORST)


def _measure(text: str, rounds: int) -> Iterator[tuple[float, float]]:
    """Milliseconds of each round, by the clock and of the processor; its author as the next request loads them."""
    from accounts.models import User
    from comments.checking import run_checks
    from comments.rendering import render_comment
    from comments.services import Submission

    article, author = _scene(text)
    for _round in range(rounds):
        person = User.objects.get(pk=author.pk)
        render_comment(text)
        clock, cpu = time.perf_counter(), time.process_time()
        run_checks(Submission(article, person, text, network="192.0.2.1"))
        yield 1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - cpu)


def _scene(text: str) -> "tuple[Article, User]":
    """An article on which many people said the same, and one whom moderators know."""
    from comments.models import Comment, CommentRevision
    from comments.services.texts import fingerprint
    from tests.factories import make_article, make_user
    from tests.moderation.checks.sending import make_known

    article, author = make_article(), make_user()
    crowd = [Comment(article=article, author=make_user(), state="held") for _ in range(TWINS)]
    Comment.objects.bulk_create(crowd)
    digest = fingerprint(text)
    CommentRevision.objects.bulk_create(
        CommentRevision(comment=comment, number=1, source=text, fingerprint=digest) for comment in crowd
    )
    return article, make_known(author, article)


def run() -> int:
    command = options()
    command.add_argument("rounds", type=int, nargs="?", default=40, metavar="ROUNDS")
    asked = command.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import override_settings, setup_databases, teardown_databases

    from skycrumbs import settings as defaults

    with TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            # A file, as a site has it: each counted use is written through to the disk.
            connection.settings_dict["TEST"]["NAME"] = f"{folder}/benchmark.sqlite3"
        limits = {name: [(10**9, 60), (10**9, 3600)] for name in ("COMMENT_LIMITS", "NETWORK_LIMITS")}
        made = setup_databases(verbosity=0, interactive=False)
        try:
            with override_settings(COMMENT_CHECKS=defaults.COMMENT_CHECKS, **limits):
                return main(asked.rounds)
        finally:
            teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    sys.exit(run())
