"""`manage.py load_demo`: the articles and people of demo/, and an administrator, so that a new site is alive."""

import json
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from articles.importing import ImportRefused, read_article
from articles.models import Article, Section
from articles.services import take_in
from comments.models import Comment
from comments.placing import Selection
from comments.services import Submission, decide, submit, withdraw
from comments.states import State
from comments.transitions import Grounds, Role
from skycrumbs.problems import Refusal

DEMO = Path(settings.BASE_DIR) / "demo"
ADMIN_NAME = "admin"
ADMIN_EMAIL = "admin@example.org"

# What stands in demo/discussion.json, described in demo/README.md.
Said = dict[str, Any]


class Command(BaseCommand):
    help = "Load the demo and make the account “admin”. What is there already is left as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="load it on a site without DEBUG too")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not options["yes"]:
            raise CommandError("This site runs without DEBUG. The demo is made up; load it all the same with --yes.")
        try:
            with transaction.atomic():
                password = make_admin()
                loaded = _load(json.loads(_file("discussion.json")))
        except (ImportRefused, Refusal) as refused:
            raise CommandError(f"The demo cannot be loaded: {refused}") from refused
        for slug in loaded:
            self.stdout.write(f"Loaded /articles/{slug}/")
        if password:
            self.stdout.write(
                f"Made an administrator: sign in as {ADMIN_EMAIL}. The password, shown once: {password}"
            )
        if not loaded and not password:
            self.stdout.write("The demo is there already; nothing was changed.")


def make_admin() -> str:
    """Make the superuser `admin`; gives the password, or "" if the name or address is taken already."""
    if User.objects.filter(Q(username=ADMIN_NAME) | Q(email__iexact=ADMIN_EMAIL)).exists():
        return ""
    password = secrets.token_urlsafe(15)
    User.objects.create_superuser(ADMIN_NAME, ADMIN_EMAIL, password, name="Admin")
    return password


def _load(demo: Said) -> list[str]:
    """Slugs of the articles that were not there yet and are now."""
    slugs = [said["slug"] for said in demo["articles"]]
    there = set(Article.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    missing = [said for said in demo["articles"] if said["slug"] not in there]
    people = {said["username"]: _person(said) for said in demo["people"]} if missing else {}
    for said in missing:
        _load_article(said, people)
    return [said["slug"] for said in missing]


def _person(said: Said) -> User:
    """The account of somebody in the demo, without a password: nobody signs in as them."""
    there = User.objects.filter(Q(username=said["username"]) | Q(email__iexact=said["email"])).first()
    return there or User.objects.create_user(said["username"], said["email"], name=said["name"])


def _load_article(said: Said, people: dict[str, User]) -> None:
    """Publish each revision in turn, with what was said on it before the next."""
    discussion = _Discussion(people)
    for number, file in enumerate(said["revisions"], 1):
        imported = read_article(_file(file), name=file)
        article = take_in(imported, slug=said["slug"], is_published=True).article
        article.authors.set(person for person in people.values() if person.name == imported.by_line)
        discussion.go_on(article, said["threads"], number)
    discussion.withdraw()


class _Discussion:
    """The threads of one article as they grow from revision to revision."""

    def __init__(self, people: dict[str, User]) -> None:
        self.people = people
        self.withdrawn: list[Comment] = []
        # By the identity of what was said: two people may say the same.
        self.comments: dict[int, Comment] = {}

    def go_on(self, article: Article, threads: list[Said], revision: int) -> None:
        """Post what was said on `revision`: new threads, and later replies in old ones."""
        for said in threads:
            self._post(article, said, revision, said_on=1, parent=None)

    def _post(self, article: Article, said: Said, revision: int, *, said_on: int, parent: Comment | None) -> None:
        """Post `said` if it belongs to `revision`, and what follows it; a reply is on its parent's unless it says."""
        said_on = said.get("after_revision", said_on)
        if said_on == revision:
            self.comments[id(said)] = _let_in(self._submit(article, said, parent))
        for reply in said["replies"]:
            self._post(article, reply, revision, said_on=said_on, parent=self.comments.get(id(said)))

    def _submit(self, article: Article, said: Said, parent: Comment | None) -> Comment:
        anchor, heading = said.get("anchor"), said.get("section")
        comment = submit(
            Submission(
                article=article,
                author=self.people[said["by"]],
                text=said["text"],
                kind=Comment.Kind(said.get("kind", Comment.Kind.COMMENT)),
                visibility=Comment.Visibility(said.get("visibility", Comment.Visibility.PUBLIC)),
                section=_section(article, heading) if heading else None,
                parent=parent,
                selection=Selection(**anchor) if anchor else None,
            )
        )
        if said["withdrawn"]:
            self.withdrawn.append(comment)
        return comment

    def withdraw(self) -> None:
        """Take back what its author took back, once the answers to it are there."""
        for comment in self.withdrawn:
            withdraw(comment, by=cast(User, comment.author))


def _let_in(comment: Comment) -> Comment:
    """Approve what a check holds, as it does of people nobody knows yet: the demo is a page that was moderated."""
    if comment.state != State.HELD:
        return comment
    admin = User.objects.filter(is_superuser=True).order_by("pk").first()
    grounds = Grounds(by=admin, role=Role.MODERATOR if admin else Role.SYSTEM)
    return decide(comment, State.APPROVED, grounds, seen_version=comment.version)


def _section(article: Article, heading: str) -> Section:
    return Section.objects.get(texts__revision=article.current_revision, texts__heading=heading)


def _file(name: str) -> bytes:
    try:
        return (DEMO / name).read_bytes()
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}.") from error
