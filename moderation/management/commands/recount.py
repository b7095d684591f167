"""`manage.py recount`: whether the counters say what stands there."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.models import Article
from moderation.recounting import drifts_of, mend


class Command(BaseCommand):
    help = (
        "Count comments, replies and open reports anew and look at what waits; say what is wrong and end with code "
        "1, or put it right with --mend, one article after another."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="write what was counted, under the article's lock")

    def handle(self, *args: Any, **options: Any) -> None:
        look = mend if options["mend"] else drifts_of
        wrong = 0
        for article in Article.objects.order_by("pk").only("slug"):
            for drift in look(article):
                wrong += 1
                self.stdout.write(str(drift))
        if not wrong:
            self.stdout.write("Every counter is right.")
        elif options["mend"]:
            self.stdout.write(f"{wrong} put right.")
        else:
            raise CommandError(f"{wrong} wrong; recount --mend puts them right.")
