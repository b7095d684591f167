"""What the migrations make of rows from before, there and back again."""

import uuid
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from comments.models import Decision
from tests.factories import make_article, make_comment, make_moderator, make_user

pytestmark = pytest.mark.django_db(transaction=True)

OLD = [("comments", "0001_comments"), ("moderation", "0001_flags")]
APPEND_ONLY = "0004_decisions_are_append_only"
TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}
OURS = [
    "comments_anchormove_update_refused",
    "comments_decision_delete_refused",
    "comments_decision_replace_refused" if connection.vendor == "sqlite" else "comments_decision_truncate_refused",
    "comments_decision_update_refused",
]


def migrate(*targets):
    """Go to `targets`, or to the newest of all; gives the models as they were there."""
    executor = MigrationExecutor(connection)
    goal = list(targets) or executor.loader.graph.leaf_nodes()
    executor.migrate(goal)
    return MigrationExecutor(connection).loader.project_state(goal).apps


@pytest.fixture(autouse=True)
def _come_back():
    yield
    migrate()


def triggers():
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        return sorted(name for (name,) in cursor.fetchall())


def columns_of(apps, index):
    """The columns of an index on comments or anchors, as they are in the database; None where there is none."""
    for model in ("Comment", "Anchor"):
        table = apps.get_model("comments", model)._meta.db_table
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, table)
        if index in found:
            return found[index]["columns"]
    return None


def refuses_change():
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM comments_decision")
    return True


class Before:
    """Rows as the first release wrote them."""

    def __init__(self, apps):
        self.apps = apps
        self.at = timezone.now() - timedelta(days=30)

    def comment(self, article, author, *, state="held", **fields):
        Comment = self.apps.get_model("comments", "Comment")
        fields = {"public_id": uuid.uuid4(), "created_at": self.at} | fields
        comment = Comment.objects.create(article_id=article.pk, author_id=author.pk, **fields)
        text = self.apps.get_model("comments", "CommentRevision").objects.create(
            comment=comment, number=1, source="A thought.", html="<p>A thought.</p>", author_id=author.pk
        )
        public = text if state in ("open", "held_edit") else None
        rows = Comment.objects.filter(pk=comment.pk)
        rows.update(root=comment, head_revision=text, public_revision=public, state=state)
        return rows.get()

    def decision(self, comment, actor, version):
        return self.apps.get_model("comments", "Decision").objects.create(
            comment=comment, article_id=comment.article_id, actor_id=actor and actor.pk, revision_number=1,
            was="held", now="open", version=version, reason="rule-3",
        )  # fmt: skip

    def flag(self, comment, person, **fields):
        return self.apps.get_model("moderation", "Flag").objects.create(
            comment=comment, article_id=comment.article_id, revision=comment.head_revision, person_id=person.pk,
            reason="spam", source="A thought.", sha256="0" * 64, **fields,
        )  # fmt: skip


class TestDecisions:
    """An index goes: SQLite builds the table anew, and its triggers with it."""

    def test_stay_as_they_were_and_refused_to_all_there_and_back(self):
        comment = make_comment(make_article(), make_user(), state="rejected")
        moderator = make_moderator(comment.article)
        written = list(Decision.objects.values())
        assert [row["now"] for row in written] == ["open", "rejected"]
        for target in ([("comments", "0018_few_indexes_of_comments")], []):
            apps = migrate(*target)
            assert list(apps.get_model("comments", "Decision").objects.order_by("id").values()) == written
            limits = apps.get_model("comments", "ModerationScope").objects
            assert list(limits.values_list("user", "article")) == [(moderator.pk, comment.article_id)]
            assert triggers() == OURS
            assert refuses_change()


class TestPassages:
    """Two indexes came and went again: a site that ran the version between them is brought up to date as well."""

    def test_are_found_by_the_indexes_of_now_on_a_site_that_had_others(self):
        with_others = migrate(("comments", "0020_passages_by_ids_alone"))
        assert columns_of(with_others, "anchors_by_place") == ["article_id", "now_start", "now_end", "comment_id"]
        assert columns_of(with_others, "comments_in_public") == ["article_id", "id"]
        now = migrate()
        assert columns_of(now, "anchors_by_place") == ["article_id", "now_start", "now_end"]
        assert columns_of(now, "comments_in_public") is None


class TestOldRows:
    """All that is to be seen in one go, there and back: each way through the migrations takes seconds."""

    def test_are_filled_in_by_parts_and_go_back_to_how_they_were(self, monkeypatch):
        assert triggers() == OURS
        for name in (
            "comments.migrations.0003_who_decided_and_what_waits",
            "moderation.migrations.0003_open_flags_wait",
        ):
            monkeypatch.setattr(import_module(name), "BATCH", 2)
        article, author, moderator = make_article(), make_user(), make_user()
        old = migrate(*OLD)
        assert triggers() == []
        before = Before(old)
        judged = before.comment(article, author)
        roles = self.decide(before, judged, author, moderator)
        waiting = self.hold(before, article, author)
        flagged = self.flag(before, article, author)
        flags = list(old.get_model("moderation", "Flag").objects.order_by("pk").values_list("comment_id", "source"))
        apps = migrate()
        self.assert_filled(apps, roles, waiting, flagged)
        assert triggers() == OURS
        assert refuses_change()

        again = migrate(*OLD)
        assert triggers() == []
        found = again.get_model("moderation", "Flag").objects.order_by("pk")
        assert list(found.values_list("comment_id", "source")) == flags
        assert {one.reason for one in again.get_model("comments", "Decision").objects.all()} == {"rule-3"}
        migrate()
        assert triggers() == OURS

    def assert_filled(self, apps, roles, waiting, flagged):
        decisions = apps.get_model("comments", "Decision").objects
        assert list(decisions.order_by("id").values_list("role", flat=True)) == roles
        assert set(decisions.values_list("act", "was_reason", "note", "batch")) == {("state", "", "", None)}
        comments = apps.get_model("comments", "Comment").objects
        assert dict(comments.filter(pk__in=waiting).values_list("pk", "waiting_since")) == waiting
        assert set(comments.filter(pk__in=waiting).values_list("waiting_order", "open_flags")) == {(2, 0)}
        rows = comments.filter(pk__in=flagged).values_list("pk", "open_flags", "waiting_order", "waiting_since")
        assert {pk: rest for pk, *rest in rows} == flagged

    def decide(self, before, comment, author, moderator):
        actors = [None, author, moderator, author, None, moderator, moderator]
        for version, actor in enumerate(actors, 1):
            before.decision(comment, actor, version)
        return ["system", "author", "moderator", "author", "system", "moderator", "moderator"]

    def hold(self, before, article, author):
        at, edited = before.at, before.at + timedelta(days=3)
        return {
            before.comment(article, author).pk: at,
            before.comment(article, author, edited_at=edited).pk: edited,
            before.comment(article, author, state="held_edit", published_at=at, edited_at=edited).pk: edited,
            before.comment(article, author, state="open", published_at=at).pk: None,
            before.comment(article, author, state="rejected").pk: None,
            before.comment(article, author, visibility="private", kind="note").pk: None,
            before.comment(article, author).pk: at,
        }

    def flag(self, before, article, author):
        first, shown = before.at + timedelta(days=1), {"published_at": before.at}
        twice, once, never = (before.comment(article, author, state="open", **shown) for _ in range(3))
        waiting = before.comment(article, author, state="held_edit", **shown)
        for comment, at in [(twice, first + timedelta(hours=5)), (twice, first), (once, first), (waiting, first)]:
            before.flag(comment, make_user(), created_at=at)
        return {
            twice.pk: [2, 1, first],
            once.pk: [1, 1, first],
            never.pk: [0, 2, None],
            waiting.pk: [1, 1, before.at],
        }
