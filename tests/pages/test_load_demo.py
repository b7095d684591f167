"""`manage.py load_demo`."""

import json
import re
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from articles.models import Article, Revision
from comments.models import Anchor, Comment, Decision
from comments.states import State
from pages.management.commands import load_demo
from skycrumbs import settings as defaults
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

MAIN = "ai-safety-and-alignment-in-2026"


@pytest.fixture(autouse=True)
def development(settings):
    settings.DEBUG = True


def load(*arguments: str) -> str:
    out = StringIO()
    call_command("load_demo", *arguments, stdout=out)
    return out.getvalue()


def password_in(out: str) -> str:
    return re.search(r"sign in as admin@example\.org\. The password, shown once: (\S+)\n", out)[1]


class TestLoad:
    def test_publishes_the_articles_and_their_revisions(self):
        out = load()
        assert out.startswith(f"Loaded /articles/{MAIN}/\n")
        articles = Article.objects.published()
        assert {article.slug: article.revisions.count() for article in articles} == {
            MAIN: 2,
            "ai-regulation-in-2026-what-new-laws-mean-for-your-business": 1,
            "how-long-is-a-line": 1,
        }
        main = articles.get(slug=MAIN)
        assert (main.credit, [author.name for author in main.authors.all()]) == ("Ines Okafor", ["Ines Okafor"])

    def test_leaves_an_orphan_and_carries_the_rest(self):
        load()
        anchors = Anchor.objects.filter(article__slug=MAIN)
        assert anchors.get(exact="is an open problem").now_status == "orphaned"
        assert anchors.get(exact__startswith="far more people work").now_start is not None
        assert not anchors.exclude(now_revision__number=2).exists()

    def test_posts_everything_that_is_said(self):
        load()
        assert Comment.objects.count() == 46
        assert set(Comment.objects.values_list("kind", flat=True)) == {"comment", "highlight", "note"}
        assert Comment.objects.filter(visibility="private").count() == 2
        assert set(Comment.objects.values_list("state", flat=True)) == {"open", "withdrawn"}

    def test_withdraws_what_was_answered_and_leaves_its_place(self):
        load()
        withdrawn = Comment.objects.filter(state=State.WITHDRAWN)
        assert withdrawn.exists()
        assert all(comment.is_tombstone for comment in withdrawn)

    def test_writes_a_late_reply_after_the_next_revision(self):
        load()
        late = Comment.objects.get(head_revision__source="It has moved up there now.")
        assert late.created_at > Revision.objects.get(article__slug=MAIN, number=2).created_at
        assert late.parent.created_at < Revision.objects.get(article__slug=MAIN, number=2).created_at

    def test_gives_people_no_password(self):
        load()
        people = User.objects.exclude(username="admin")
        assert people.count() == 8
        assert not any(person.has_usable_password() for person in people)


class TestWithTheChecks:
    """As a site has them: nobody of the demo is known to a moderator before it is loaded."""

    @pytest.fixture(autouse=True)
    def _checks(self, settings):
        settings.COMMENT_CHECKS = defaults.COMMENT_CHECKS

    @pytest.mark.parametrize("limits", [[(600, 600)], defaults.COMMENT_LIMITS], ids=["development", "production"])
    def test_is_a_page_that_was_moderated(self, settings, limits):
        settings.COMMENT_LIMITS = limits
        load()
        public = Comment.objects.filter(visibility="public")
        assert public.count() == 44
        assert set(public.values_list("state", flat=True)) == {"approved", "open", "withdrawn"}
        assert not Comment.objects.waiting().exists()
        assert Article.objects.get(slug=MAIN).comment_count > 0

    def test_knows_its_people_by_what_the_administrator_approved(self):
        load()
        approved = Decision.objects.filter(now="approved")
        assert set(approved.values_list("role", "actor__username")) == {("moderator", "admin")}
        # The first two of each, and what holds those who are known, too.
        assert approved.filter(comment__author__username="petros").count() >= 2

    def test_lets_them_in_when_somebody_else_has_the_administrators_name(self):
        make_user("Ada", username="admin")
        load()
        assert not Comment.objects.waiting().exists()
        assert set(Decision.objects.filter(now="approved").values_list("role", flat=True)) == {"system"}


class TestAdmin:
    def test_signs_in_with_the_password_that_was_shown(self):
        password = password_in(load())
        admin = User.objects.get(username="admin")
        assert (admin.name, admin.email, admin.is_superuser) == ("Admin", "admin@example.org", True)
        assert EmailAddress.objects.get(user=admin).verified
        client = Client()
        client.post("/accounts/login/?next=/admin/", {"login": "admin@example.org", "password": password})
        assert client.get("/admin/").status_code == 200

    def test_has_another_password_on_every_site(self):
        first = password_in(load())
        User.objects.get(username="admin").delete()
        assert password_in(load()) != first

    @pytest.mark.parametrize("fields", [{"username": "admin"}, {"email": "Admin@example.org"}])
    def test_is_left_alone_when_somebody_has_the_name_or_the_address(self, fields):
        person = make_user("Ada", **fields)
        assert "password" not in load()
        assert list(User.objects.filter(is_superuser=True)) == []
        assert User.objects.get(pk=person.pk).name == "Ada"


class TestAgain:
    def test_changes_nothing_and_says_so(self):
        load()
        before = [list(model.objects.order_by("pk").values()) for model in (User, Article, Revision, Comment)]
        assert load() == "The demo is there already; nothing was changed.\n"
        after = [list(model.objects.order_by("pk").values()) for model in (User, Article, Revision, Comment)]
        assert after == before

    def test_leaves_an_article_that_has_the_address_of_one(self):
        article = make_article("how-long-is-a-line", title="My own")
        load()
        article.refresh_from_db()
        assert (article.title, article.comment_count) == ("My own", 0)
        assert Article.objects.count() == 3


class TestRefuses:
    def test_a_site_without_debug(self, settings):
        settings.DEBUG = False
        with pytest.raises(CommandError, match="load it all the same with --yes"):
            load()
        assert (User.objects.count(), Article.objects.count()) == (0, 0)

    def test_nothing_when_told_yes(self, settings):
        settings.DEBUG = False
        load("--yes")
        assert Article.objects.count() == 3

    def test_a_demo_that_is_not_there(self, monkeypatch, tmp_path):
        monkeypatch.setattr(load_demo, "DEMO", tmp_path)
        with pytest.raises(CommandError, match=r"discussion\.json: No such file or directory\."):
            load()

    def test_a_demo_with_an_anchor_that_does_not_stand_and_keeps_nothing_of_it(self, monkeypatch, tmp_path):
        said = json.loads((load_demo.DEMO / "discussion.json").read_text())
        said["articles"] = said["articles"][2:]
        said["articles"][0]["threads"][0]["anchor"] = {"exact": "words that nobody wrote"}
        (tmp_path / "discussion.json").write_text(json.dumps(said))
        (tmp_path / "awkward-cases.md").write_bytes((load_demo.DEMO / "awkward-cases.md").read_bytes())
        monkeypatch.setattr(load_demo, "DEMO", tmp_path)
        with pytest.raises(CommandError, match="The quoted words do not stand in the article."):
            load()
        assert (User.objects.count(), Article.objects.count()) == (0, 0)
