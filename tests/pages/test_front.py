"""Nothing stale is served by two workers, each a process with its front, while all that readers see is changed."""

import json
import os
import random
import sys
from base64 import b64decode
from collections import Counter
from contextlib import suppress
from subprocess import PIPE, Popen
from unittest.mock import patch
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from accounts.models import User
from articles import services as articles
from articles.models import Article, Category
from comments import services as comments
from comments.models import Comment
from comments.states import State
from comments.transitions import Grounds
from skycrumbs import wsgi
from skycrumbs.problems import Refusal
from tests.factories import bring_to, make_article, make_comment, make_guest_comment, make_user, revise
from tests.worker import ask

CHANGES = 150
Changed = Article | Comment | None
SOURCES = [
    "Birds sing in the morning. See [bats](/articles/bats/).\n\n## How they sing\n\nLoudly, in hedges.\n",
    "Birds sing in the evening too. See [owls](/articles/owls/).\n\n## How they sing\n\nLoudly, in hedges.\n",
    "Something before.\n\nBirds sing in the morning.\n\n## Where\n\nLoudly, in hedges.\n",
]
SLUGS = ["birds", "bats", "owls"]


class Changes:
    """Acts of readers, editors, moderators and administrators, chosen by `random`."""

    def __init__(self, random: random.Random) -> None:
        self.random = random
        self.people = [make_user(name) for name in ("Ada", "Ben", "Cleo")]
        self.articles = [make_article(slug, SOURCES[0], authors=self.people[:1]) for slug in SLUGS[:2]]
        for article in self.articles:
            make_comment(article, self.people[0], quote="in hedges")
        self.happened: Counter[str] = Counter()
        self.acts = [getattr(self, name) for name in dir(self) if name.startswith("let_")]

    def make(self) -> tuple[str, Article | Comment]:
        """One change: its name, and what was changed. What happened least is tried first."""
        by_times = sorted(self.acts, key=lambda act: (self.happened[act.__name__], self.random.random()))
        for act in by_times:
            with suppress(Refusal):
                if changed := act():
                    self.happened[act.__name__] += 1
                    return act.__name__, changed
        raise AssertionError("nothing can be changed any more")

    def article(self) -> Article:
        return self.random.choice(list(Article.objects.select_related("current_revision").order_by("pk")))

    def public(self) -> Article:
        return self.random.choice(list(Article.objects.published().select_related("current_revision").order_by("pk")))

    def person(self) -> User:
        return User.objects.get(pk=self.random.choice(self.people).pk)

    def comment(self, **fields: object) -> Comment:
        """One of those there are; raises Refusal if there is none."""
        there = list(Comment.objects.with_page().filter(**fields).order_by("pk"))
        if not there:
            raise Refusal("None is there.")
        return self.random.choice(there)

    def words(self) -> str:
        return f"Words {self.random.randrange(10**6)}."

    def let_somebody_comment(self) -> Changed:
        quote = self.random.choice(["in hedges", "Birds sing", ""])
        return make_comment(self.public(), self.person(), self.words(), quote=quote)

    def let_somebody_reply(self) -> Changed:
        comment = self.comment()
        return make_comment(comment.article, self.person(), self.words(), parent=comment)

    def let_a_guest_comment(self) -> Changed:
        return make_guest_comment(self.public(), text=self.words(), is_proven=self.random.random() < 0.5)

    def let_somebody_mark(self) -> Changed:
        return make_comment(self.public(), self.person(), "", kind=Comment.Kind.HIGHLIGHT, quote="Loudly")

    def let_somebody_edit(self) -> Changed:
        comment = self.comment(author__isnull=False)
        return comments.edit(comment, by=comment.author, text=self.words())

    def let_somebody_correct(self) -> Changed:
        comment = self.comment(author__isnull=False, public_revision__isnull=False)
        with patch("comments.policy.is_fresh", return_value=False):
            return comments.correct(comment, by=comment.author, text=self.words())

    def let_somebody_withdraw(self) -> Changed:
        comment = self.comment(author__isnull=False)
        return comments.withdraw(comment, by=comment.author)

    def let_somebody_restore(self) -> Changed:
        comment = self.comment(author__isnull=False, state=State.WITHDRAWN)
        return comments.restore(comment, by=comment.author)

    def let_somebody_vote(self) -> Changed:
        return comments.vote(self.comment(public_revision__isnull=False), by=self.people[2])

    def let_somebody_take_a_vote_back(self) -> Changed:
        return comments.take_vote_back(self.comment(votes__gt=0), by=self.people[2])

    def let_moderators_decide(self) -> Changed:
        comment = self.comment()
        to = self.random.choice([State.APPROVED, State.APPROVED, State.REJECTED, State.SPAM])
        return comments.decide(comment, to, Grounds(), seen_version=comment.version)

    def let_an_edit_wait(self) -> Changed:
        return bring_to(self.comment(author__isnull=False, state=State.APPROVED, replies=0), State.HELD_EDIT)

    def let_a_text_be_erased(self) -> Changed:
        return comments.erase(self.comment(state=State.REJECTED), Grounds())

    def let_a_person_be_renamed(self) -> Changed:
        person = self.person()
        person.name = f"{person.name[:4]} {self.random.choice('ABCDE')}"
        person.save()
        return self.article()

    def let_a_badge_be_given(self) -> Changed:
        person = self.person()
        person.is_staff = not person.is_staff
        person.save()
        return self.article()

    def let_a_category_be_renamed(self) -> Changed:
        category = Category.objects.order_by("pk")[0]
        category.name = f"Nature {self.random.randrange(100)}"
        category.save()
        return self.article()

    def let_an_article_be_published(self) -> Changed:
        article = self.article()
        return revise(article, self.random.choice(SOURCES), title=f"Birds {self.random.randrange(100)}")

    def let_an_article_be_taken_away(self) -> Changed:
        if Article.objects.published().count() == 1:
            return None
        article = self.public()
        articles.unpublish(article, by=None)
        return article

    def let_an_article_be_moved(self) -> Changed:
        article = self.article()
        articles.rename(article, self.random.choice(SLUGS))
        return article

    def let_facts_change(self) -> Changed:
        article = self.article()
        discussion = self.random.choice(["off", "full", "full"])
        articles.set_facts(article, self.random.choice([{"by_line": self.words()}, {"discussion": discussion}]))
        return article

    def let_an_author_join(self) -> Changed:
        article = self.article()
        articles.set_facts(article, {})
        article.authors.add(self.person())
        return article

    def addresses(self, changed: Article | Comment) -> list[str]:
        """Where it shows most, and two places where it may."""
        article = changed.article if isinstance(changed, Comment) else changed
        slug = self.random.choice([Article.objects.get(pk=article.pk).slug, *SLUGS])
        key = changed.key if isinstance(changed, Comment) else self.comment().key
        most = [
            f"/articles/{slug}/",
            f"/articles/{self.random.choice(SLUGS)}/",
            "/api/v1/comments/counts/?article=birds&article=bats&article=owls",
        ]
        others = [
            "/", "/category/nature/", f"/articles/{slug}/?sort=place", f"/api/v1/comments/?article={slug}",
            f"/articles/{slug}/revisions/1/", f"/articles/{slug}/comment/", f"/articles/{slug}/comment/?parent={key}",
            f"/api/v1/comments/?article={slug}&root={key}", f"/api/v1/comments/{key}/", "/api/v1/articles/",
            f"/api/v1/articles/{slug}/", "/api/v1/categories/", f"/api/v1/articles/{slug}/revisions/",
            f"/api/v1/articles/{slug}/revisions/1/",
        ]  # fmt: skip
        return [*most, *self.random.sample(others, 2)]


class Worker:
    """A process with a front and connections of its own to the database of this test."""

    def __init__(self) -> None:
        environment = {**os.environ, "DATABASE_URL": database_url(connection)}
        command = [sys.executable, "-m", "tests.worker"]
        self._process = Popen(command, stdin=PIPE, stdout=PIPE, text=True, env=environment)  # noqa: S603  our own
        self.kept = 0

    def ask(self, path: str) -> tuple[str, bytes]:
        print(path, file=self._process.stdin, flush=True)
        status, body, is_made = json.loads(self._process.stdout.readline())
        self.kept += not is_made
        return status, b64decode(body)

    def stop(self) -> None:
        self._process.communicate(timeout=30)


def database_url(connection) -> str:
    where = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{where['NAME']}"
    given = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(given._replace(path=f"/{where['NAME']}"))


@pytest.fixture
def workers(transactional_db):
    both = Worker(), Worker()
    yield both
    for worker in both:
        worker.stop()


def test_nothing_stale_is_served(workers, settings):
    settings.COMMENT_LIMITS = settings.GUEST_LIMITS = settings.NETWORK_LIMITS = settings.VOTE_LIMITS = []
    changes = Changes(random.Random(4))  # noqa: S311  no secret
    for _ in range(CHANGES):
        name, changed = changes.make()
        for path in changes.addresses(changed):
            assert changes.random.choice(workers).ask(path) == ask(wsgi.django, path), (path, name)
    assert sorted(changes.happened) == sorted(act.__name__ for act in changes.acts)
    # And the fronts did serve: not everything was made anew.
    assert min(worker.kept for worker in workers) > 10
