"""The database refuses to change or delete what was decided, whoever asks it."""

import pytest
from django.db import DatabaseError, connection, transaction

from comments.models import AnchorMove, Comment, Decision
from comments.states import State
from tests.factories import make_article, make_comment, make_user, revise

pytestmark = pytest.mark.django_db

DECISION, MOVE = "comments_decision is append-only", "comments_anchormove is append-only"


@pytest.fixture
def decision():
    return make_comment(make_article(), make_user(), state=State.REJECTED).decisions.last()


@pytest.fixture
def move():
    article = make_article()
    make_comment(article, make_user(), quote="Small birds")
    revise(article, "Small birds, once more.")
    return AnchorMove.objects.get()


def refused(act, words):
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        act()


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


class TestDecisions:
    def test_are_not_changed_by_the_orm(self, decision):
        before = list(Decision.objects.values())
        decision.reason = "another"
        refused(decision.save, DECISION)
        refused(lambda: decision.save(update_fields=["reason"]), DECISION)
        refused(lambda: Decision.objects.update(note="Another."), DECISION)
        refused(lambda: Decision.objects.bulk_update([decision], ["reason"]), DECISION)
        assert list(Decision.objects.values()) == before

    def test_are_not_deleted_by_the_orm(self, decision):
        refused(lambda: Decision.objects.get(pk=decision.pk).delete(), DECISION)
        refused(Decision.objects.all().delete, DECISION)
        refused(lambda: Decision.objects.all()._raw_delete("default"), DECISION)
        assert Decision.objects.count() == 2

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE comments_decision SET reason = 'another'",
            "UPDATE comments_decision SET at = at",
            "DELETE FROM comments_decision",
            "DELETE FROM comments_decision WHERE id = (SELECT max(id) FROM comments_decision)",
        ],
    )
    def test_are_not_touched_by_raw_sql(self, decision, statement):
        refused(lambda: run(statement), DECISION)
        assert list(Decision.objects.values_list("now", flat=True)) == ["open", "rejected"]

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no REPLACE")
    @pytest.mark.parametrize("id_and_version", ["id, version", "id + 100, version", "id, version + 100"])
    def test_are_not_replaced(self, decision, id_and_version):
        before = list(Decision.objects.values())
        others = "comment_id, article_id, act, role, revision_number, was, was_reason, now, note, private_note, at"
        columns, values = f"id, version, reason, {others}", f"{id_and_version}, 'another', {others}"
        replace = f"REPLACE INTO comments_decision ({columns}) SELECT {values} FROM comments_decision"  # noqa: S608
        refused(lambda: run(replace), DECISION)
        assert list(Decision.objects.values()) == before

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
    @pytest.mark.parametrize("table", ["comments_decision", "comments_vote, comments_decision CASCADE"])
    def test_are_not_emptied(self, decision, table):
        refused(lambda: run(f"TRUNCATE {table}"), DECISION)
        assert Decision.objects.count() == 2

    def test_are_read_and_added_to(self, decision):
        decision.pk, decision.version = None, 99
        decision.save(force_insert=True)
        assert Decision.objects.count() == 3

    def test_outlive_the_person_and_the_text_they_speak_of(self, decision):
        actor, comment = make_user("Mo"), decision.comment
        later = Decision.objects.create(
            comment=comment, article=comment.article, actor=actor, role="moderator", revision_number=1,
            was="rejected", now="approved", version=99,
        )  # fmt: skip
        actor.delete()
        Comment.objects.filter(pk=comment.pk).update(root=None, head_revision=None)
        run("DELETE FROM comments_checkrun")
        run("DELETE FROM comments_commentrevision")
        run("DELETE FROM comments_comment")
        kept = Decision.objects.values_list("pk", "comment_id", "actor_id", "now")
        assert list(kept) == [
            (decision.pk - 1, comment.pk, None, "open"),
            (decision.pk, comment.pk, None, "rejected"),
            (later.pk, comment.pk, later.actor_id, "approved"),
        ]
        with transaction.atomic():
            # Where a key into another table is looked at only when the transaction ends, it is looked at now.
            connection.check_constraints()


class TestMoves:
    def test_are_not_changed(self, move):
        move.score = 0.5
        refused(move.save, MOVE)
        refused(lambda: AnchorMove.objects.update(score=0.5), MOVE)
        refused(lambda: run("UPDATE comments_anchormove SET score = 0.5"), MOVE)
        assert AnchorMove.objects.get().score == 0.0
