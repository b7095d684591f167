"""`manage.py import_article FILE`: a file made into an article, or into the next draft of one that is there."""

import os
import re
import stat
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles import services
from articles.canonical import word_count
from articles.importing import ImportedArticle, ImportRefused, read_article
from articles.importing.files import MAX_FILE_BYTES
from articles.models import Revision
from articles.rendering import Rendered, render
from articles.services import Taken
from skycrumbs.problems import Refusal

# A title may hold an equals sign, and so may an address; where the address begins is plain.
_LINK = re.compile(r"(?P<title>.+?)=(?P<url>(?:https?:/)?/.+)")


class Command(BaseCommand):
    help = (
        "Make an article from the text dump of a page, or from Markdown with front matter. Run again with the same "
        "slug, it changes the draft; with --publish it makes the next revision, unless nothing changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a text dump of a page, or Markdown with front matter; UTF-8")
        parser.add_argument("--slug", default="", help="the article's address; else the file's, or made of the title")
        parser.add_argument("--publish", action="store_true", help="make it public at once")
        parser.add_argument(
            "--link",
            action="append",
            default=[],
            metavar="TITLE=URL",
            help="make the TITLE that stands in a text dump a link; may be given again",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        links = dict(_link(value) for value in options["link"])
        try:
            imported = read_article(_read(options["file"]), name=options["file"], links=links)
            self._tell_read(imported, render(imported.source))
            taken = services.take_in(imported, slug=options["slug"], is_published=options["publish"])
        except ImportRefused as refused:
            raise CommandError(refused.reason) from refused
        except Refusal as refusal:
            raise CommandError(f"{options['file']}: {_reason(refusal)}") from refusal
        self._tell_done(taken)

    def _tell_read(self, imported: ImportedArticle, rendered: Rendered) -> None:
        revision = Revision(words=word_count(rendered.text))
        self._tell("Title", imported.title)
        self._tell("Category", imported.category)
        self._tell("Date", str(imported.published_on or ""))
        self._tell("By", imported.by_line)
        self._tell("Language", imported.language)
        self._tell("Length", f"{revision.words} words, {revision.reading_minutes} min read")
        self._tell("Sections", str(len(rendered.sections)))
        for number, section in enumerate(rendered.sections, 1):
            self.stdout.write(f"  {number}. {section.heading or '(lead, without a heading)'}")
        for slug, label in rendered.link_labels.items():
            self._tell("Link", f"{label} → /articles/{slug}/")
        for note in imported.notes:
            self._tell("Note", note)

    def _tell(self, what: str, said: str) -> None:
        self.stdout.write(f"{what + ':':<10} {said or '(the file does not say)'}")

    def _tell_done(self, taken: Taken) -> None:
        article = taken.article
        what = "New article" if taken.is_new else "Article"
        self.stdout.write(self.style.SUCCESS(f"{what} /articles/{article.slug}/: {_done(taken)}"))


def _reason(refusal: Refusal) -> str:
    """What is wrong, with the name of each field that it is about."""
    return " ".join(f"{error.field}: {error.detail}" for error in refusal.errors) or refusal.detail


def _done(taken: Taken) -> str:
    current = taken.article.current_revision
    if taken.revision is not None:
        return f"revision {taken.revision.number} is published."
    if current is None:
        return "the draft is saved, and not published yet."
    if taken.article.is_draft_published:
        return f"nothing changed since revision {current.number}."
    return f"the draft is changed; readers see revision {current.number} until it is published."


def _link(value: str) -> tuple[str, str]:
    match = _LINK.fullmatch(value)
    if match is None:
        raise CommandError(f"--link {value!r}: write TITLE=URL, the URL beginning with http://, https:// or /.")
    return match["title"].strip(), match["url"]


def _read(path: str) -> bytes:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            # A pipe that nobody writes to would be waited for without end.
            raise CommandError(f"{path}: This is no regular file.")
        with open(path, "rb") as file:
            # One byte more than is allowed is enough to refuse the file, however long it is.
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from error
