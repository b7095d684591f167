import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError
from django.utils import timezone

from comments.models import Anchor, AnchorMove, CheckResult, Comment, CommentRevision, Decision, LegalHold
from comments.states import State
from tests.factories import a_guest, bring_to, make_article, make_comment, make_user, revise

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def author():
    return make_user()


def refused(rows, name, **values):
    """The database says no to setting `values`; SQLite names check constraints only."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        rows.update(**values)


def row(comment):
    return Comment.objects.filter(pk=comment.pk)


class TestOnlyPublicStatesHaveAPublicText:
    NAME = "only_public_states_have_a_public_text"

    @pytest.mark.parametrize("state", ["held", "rejected", "illegal", "spam", "withdrawn", "erased"])
    def test_refuses_a_public_text_in_another_state(self, article, author, state):
        refused(row(make_comment(article, author)), self.NAME, state=state)

    def test_refuses_a_public_text_of_a_private_note(self, article, author):
        note = make_comment(article, author, kind="note", visibility="private")
        refused(row(note), self.NAME, public_revision=note.head_revision, published_at=timezone.now())

    def test_refuses_a_public_text_when_the_date_is_null(self, article, author):
        refused(row(make_comment(article, author)), self.NAME, published_at=None)

    @pytest.mark.parametrize("state", ["open", "approved", "held_edit"])
    def test_takes_a_public_text_in_a_public_state(self, article, author, state):
        assert row(make_comment(article, author)).update(state=state) == 1


class TestAPublicStateHasAPublicText:
    NAME = "a_public_state_has_a_public_text"

    @pytest.mark.parametrize("state", ["open", "approved", "held_edit"])
    def test_refuses_null_in_a_public_state(self, article, author, state):
        refused(row(make_comment(article, author)), self.NAME, state=state, public_revision=None)

    def test_takes_null_when_it_is_private(self, article, author):
        note = make_comment(article, author, kind="note", visibility="private")
        assert (note.state, note.public_revision) == ("open", None)


class TestAReplyHasARootAndADepth:
    NAME = "a_reply_has_a_root_and_a_depth"

    @pytest.fixture
    def reply(self, article, author):
        return make_comment(article, author, parent=make_comment(article, author))

    @pytest.mark.parametrize(
        "values", [{"root": None}, {"depth": 0}, {"depth": 65}, {"parent": None}, {"parent": None, "depth": 0}]
    )
    def test_refuses_a_reply_that_lacks_one(self, reply, values):
        refused(row(reply), self.NAME, **values)

    @pytest.mark.parametrize("values", [{"depth": 1}, {"path": "00000001"}])
    def test_refuses_a_root_with_a_place_below(self, article, author, values):
        refused(row(make_comment(article, author)), self.NAME, **values)


class TestOnlyNotesAndHighlightsArePrivate:
    NAME = "only_notes_and_highlights_are_private"

    def test_refuses_a_private_comment(self, article, author):
        hidden = {"visibility": "private", "public_revision": None}
        refused(row(make_comment(article, author)), self.NAME, **hidden)

    def test_refuses_a_private_reply(self, article, author):
        reply = make_comment(article, author, parent=make_comment(article, author))
        hidden = {"visibility": "private", "public_revision": None}
        refused(row(reply), self.NAME, **hidden)

    @pytest.mark.parametrize("kind", ["note", "highlight"])
    def test_takes_private_notes_and_highlights(self, article, author, kind):
        assert make_comment(article, author, kind=kind, visibility="private", quote="Small birds").pk

    def test_refuses_null_for_the_visibility(self, article, author):
        refused(row(make_comment(article, author)), "null|NULL", visibility=None)


class TestAReplyIsAComment:
    @pytest.mark.parametrize("kind", ["note", "highlight"])
    def test_refuses_a_reply_of_another_kind(self, article, author, kind):
        reply = make_comment(article, author, parent=make_comment(article, author))
        refused(row(reply), "a_reply_is_a_comment", kind=kind)


class TestUniquePlaces:
    def test_refuses_two_replies_in_one_place(self, article, author):
        root = make_comment(article, author)
        make_comment(article, author, parent=root)
        second = make_comment(article, author, parent=root)
        refused(row(second), "UNIQUE|unique", path="00000001")

    def test_refuses_a_public_id_twice(self, article, author):
        first, second = make_comment(article, author), make_comment(article, author)
        refused(row(second), "UNIQUE|unique", public_id=first.public_id)

    def test_refuses_a_text_number_twice(self, article, author):
        comment = make_comment(article, author, state=State.HELD_EDIT)
        refused(comment.revisions.filter(number=2), "UNIQUE|unique", number=1)

    def test_refuses_two_decisions_of_one_version(self, article, author):
        comment = make_comment(article, author, state=State.APPROVED)
        decision = Decision.objects.get(comment=comment, version=3)
        decision.pk = None
        # SQLite's trigger against REPLACE comes before its index.
        with pytest.raises(IntegrityError, match="append-only|unique"), transaction.atomic():
            decision.save(force_insert=True)

    def test_refuses_two_moves_to_one_revision(self, article, author):
        make_comment(article, author, quote="Small birds")
        revise(article, "Small birds, once more.")
        move = AnchorMove.objects.get()
        move.pk = None
        with pytest.raises(IntegrityError, match="UNIQUE|unique"), transaction.atomic():
            move.save(force_insert=True)


class TestAnchorConstraints:
    PLACE = "an_anchor_has_a_place_or_is_orphaned"

    @pytest.fixture
    def rows(self, article, author):
        comment = make_comment(article, author, quote="Small birds")
        return Anchor.objects.filter(comment=comment)

    @pytest.mark.parametrize("values", [{"start": 9, "end": 9}, {"start": 9, "end": 8}])
    def test_refuses_an_anchor_that_holds_nothing(self, rows, values):
        refused(rows, "an_anchor_holds_text", **values)

    @pytest.mark.parametrize("field", ["start", "end"])
    def test_refuses_null_for_where_it_was(self, rows, field):
        refused(rows, "null|NULL", **{field: None})

    @pytest.mark.parametrize(
        "values",
        [
            {"now_start": None},
            {"now_end": None},
            {"now_start": None, "now_end": None},
            {"now_start": 9, "now_end": 9},
            {"now_start": 9, "now_end": 8},
            {"now_status": "orphaned"},
            {"now_status": "orphaned", "now_start": None},
            {"now_status": "orphaned", "now_end": None},
        ],
    )
    def test_refuses_half_a_place_and_an_orphan_with_one(self, rows, values):
        refused(rows, self.PLACE, **values)

    @pytest.mark.parametrize("status", ["kept", "changed", "moved", "uncertain"])
    def test_takes_a_place_with_every_other_status(self, rows, status):
        assert rows.update(now_status=status) == 1

    def test_takes_an_orphan_without_a_place(self, rows):
        assert rows.update(now_status="orphaned", now_start=None, now_end=None) == 1

    @pytest.mark.parametrize("score", [-0.1, 1.1])
    def test_refuses_a_score_outside_0_to_1(self, rows, score):
        refused(rows, "a_score_is_0_to_1", score=score)

    def test_refuses_null_for_the_score(self, rows):
        refused(rows, "null|NULL", score=None)


class TestWrittenByAnAccountOrAGuest:
    NAME = "written_by_an_account_or_a_guest"

    def test_refuses_both_and_none(self, article, author):
        guest = make_comment(article, a_guest()).guest
        mine = row(make_comment(article, author))
        for values in ({"author": None}, {"guest": guest}, {"guest": guest, "guest_name": "Gus"}):
            refused(mine, self.NAME, **values)
        refused(mine, self.NAME, guest_name="Gus")

    def test_refuses_a_guest_without_a_name(self, article, author):
        theirs = row(make_comment(article, a_guest()))
        for values in ({"guest_name": ""}, {"guest": None}, {"author": author}):
            refused(theirs, self.NAME, **values)

    def test_refuses_a_private_note_of_a_guest(self, article):
        theirs = row(make_comment(article, a_guest(), kind="note"))
        refused(theirs, "a_guest_writes_in_public", visibility="private", public_revision=None)


class TestWhatWaits:
    @pytest.mark.parametrize("state", ["open", "approved", "rejected", "illegal", "spam", "withdrawn", "erased"])
    def test_has_something_to_judge(self, article, author, state):
        comment = row(make_comment(article, author, state=State(state)))
        refused(comment, "what_waits_has_something_to_judge", waiting_since=timezone.now())
        assert comment.update(waiting_since=timezone.now(), open_flags=1) == 1

    def test_is_something_that_moderators_may_read(self, article, author):
        name = "no_moderator_waits_for_what_nobody_may_read"
        unproven = row(make_comment(article, a_guest(is_proven=False)))
        note = row(make_comment(article, author, kind="note", visibility="private", state=State.HELD))
        for rows in (unproven, note):
            refused(rows, name, waiting_since=timezone.now())


class TestWhatIsErased:
    NAME = "what_is_erased_has_no_text"

    @pytest.fixture
    def text(self, article, author):
        return CommentRevision.objects.filter(comment=make_comment(article, author))

    @pytest.mark.parametrize(
        "values",
        [
            {"erased_length": 3, "erased_sha256": "0" * 64},
            {"erased_length": 3, "erased_sha256": "0" * 64, "source": ""},
            {"erased_length": 3, "erased_sha256": "0" * 64, "html": ""},
            {"erased_sha256": "0" * 64},
        ],
    )
    def test_has_no_text(self, text, values):
        refused(text, self.NAME, **values)

    def test_keeps_a_length(self, text):
        assert text.update(erased_length=0, erased_sha256="0" * 64, source="", html="", fingerprint="") == 1


class TestLegalHold:
    @pytest.fixture
    def holds(self, article, author):
        comment = make_comment(article, author)
        hold = LegalHold.objects.create(comment=comment, case_ref="1", authority="A court", placed_by=author)
        return LegalHold.objects.filter(pk=hold.pk)

    def test_is_released_by_two_people(self, holds, author):
        other, now = make_user(), timezone.now()
        for values in (
            {"released_at": now},
            {"released_by": other},
            {"released_at": now, "released_by": other},
            {"released_at": now, "release_asked_by": other},
            {"released_by": other, "release_asked_by": author},
            {"released_at": now, "released_by": other, "release_asked_by": other},
        ):
            refused(holds, "two_people_release_a_hold", **values)
        assert holds.update(released_at=now, released_by=other, release_asked_by=author) == 1

    def test_ends_after_its_start(self, holds):
        refused(holds, "a_hold_ends_after_its_start", ends_at=F("placed_at"))

    def test_keeps_its_comment(self, holds):
        with pytest.raises(ProtectedError):
            holds.get().comment.delete()


class TestCheckResult:
    def test_is_one_for_each_check_of_a_run(self, article, author, settings):
        settings.COMMENT_CHECKS = ["tests.factories.hold"]
        make_comment(article, author, state=State.HELD)
        result = CheckResult.objects.get()
        result.pk = None
        with pytest.raises(IntegrityError, match="UNIQUE|unique"), transaction.atomic():
            result.save(force_insert=True)


class TestCommentProperties:
    def test_key_is_22_characters_of_its_public_id(self, article, author):
        comment = make_comment(article, author)
        assert len(comment.key) == 22
        assert str(comment) == comment.key

    def test_has_anchor_tells_whether_it_is_on_a_passage(self, article, author):
        assert make_comment(article, author, quote="Small birds").has_anchor is True
        assert make_comment(article, author).has_anchor is False

    @pytest.mark.parametrize(
        ("state", "expected"),
        [
            (State.OPEN, False),
            (State.APPROVED, False),
            (State.HELD_EDIT, False),
            (State.REJECTED, True),
            (State.ILLEGAL, True),
            (State.SPAM, True),
            (State.WITHDRAWN, True),
            (State.ERASED, True),
        ],
    )
    def test_is_a_tombstone_when_it_was_public_and_public_replies_hang_on_it(self, article, author, state, expected):
        comment = make_comment(article, author)
        make_comment(article, author, parent=comment)
        assert bring_to(Comment.objects.get(pk=comment.pk), state).is_tombstone is expected

    def test_is_no_tombstone_when_nothing_hangs_on_it(self, article, author):
        assert make_comment(article, author, state=State.REJECTED).is_tombstone is False

    def test_is_no_tombstone_when_it_was_never_public(self, article, author):
        assert make_comment(article, author, state=State.HELD).is_tombstone is False
