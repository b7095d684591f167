"""`manage.py seed_discussion`: a made-up discussion of any size on an article."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles.models import Article
from comments.seeding import NotSeeded, Plan, seed

WIDTH = 40
INTERRUPTED = 130


class Command(BaseCommand):
    help = (
        "Write a made-up discussion on an article, to look at or to measure with: threads, passages, all nine "
        "states, accounts and guests, over the last 60 days. The same seed writes the same texts, threads and "
        "states again. It can be stopped and leaves what it said stands."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--article", required=True, metavar="SLUG")
        parser.add_argument("--comments", required=True, type=int, metavar="N")
        parser.add_argument("--depth", type=int, default=4, help="the deepest reply; 0: none (4)")
        parser.add_argument("--anchored", type=float, default=0.5, help="the share of threads on a passage (0.5)")
        parser.add_argument("--people", type=int, default=500, help="how many write; three of ten are guests (500)")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--yes", action="store_true", help="write it on a site without DEBUG too")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not options["yes"]:
            raise CommandError("This site runs without DEBUG. What is written is made up: do it with --yes.")
        article = Article.objects.with_current_text().filter(slug=options["article"]).first()
        if article is None:
            raise CommandError(f"There is no article {options['article']}.")
        plan = Plan(**{name: options[name] for name in ("comments", "depth", "anchored", "people", "seed")})
        self._seed(article, plan)

    def _seed(self, article: Article, plan: Plan) -> None:
        made = 0
        try:
            for made in seed(article, plan):
                self._show(made, plan.comments)
        except NotSeeded as refused:
            raise CommandError(f"{refused}{_standing(made)}") from refused
        except KeyboardInterrupt:
            raise CommandError(f"Stopped.{_standing(made)}", returncode=INTERRUPTED) from None
        self.stdout.write(self.style.SUCCESS(f"{made} comments stand on /articles/{article.slug}/."))

    def _show(self, made: int, of: int) -> None:
        """A bar that grows on a terminal; elsewhere a line for each tenth."""
        if self.stdout.isatty():
            bar = "#" * (WIDTH * made // of)
            self.stdout.write(f"\r[{bar:<{WIDTH}}] {made} of {of}", ending="\n" if made == of else "")
            self.stdout.flush()
        elif 10 * made // of > 10 * (made - 1) // of or made == of:
            self.stdout.write(f"{made} of {of}")


def _standing(made: int) -> str:
    return f" {made} comments were written and stand; the counters are right." if made else " Nothing was written."
