"""What moderators make of comments: what is stored, what becomes of the flags, and every refusal."""

import uuid

import pytest
from django.contrib.auth.models import Permission

from comments import services as comments
from comments.errors import OnLegalHold, StaleVersion, TransitionRefused
from comments.models import Comment, Decision
from comments.states import State
from events.models import Event
from moderation import services
from moderation.models import Flag, Reason
from moderation.rulings import RejectionReason, Ruling, offered
from moderation.services import Fate, Seen
from skycrumbs.problems import Forbidden, Invalid
from tests.factories import bring_to, make_article, make_comment, make_user
from tests.moderation.moderators import limited, moderator

pytestmark = pytest.mark.django_db

A, K, O, R, I, S = "approve", "keep", "keep_old_text", "reject", "illegal", "spam"  # noqa: E741


@pytest.fixture
def mo():
    return moderator()


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def comment(article):
    return make_comment(article, make_user("Ada"))


def report(comment: Comment, reason: Reason = Reason.SPAM) -> Comment:
    services.flag(comment, by=make_user(), reason=reason)
    return Comment.objects.get(pk=comment.pk)


def rule(comment: Comment, ruling: str, by, **said) -> Comment:
    said = {"reason": "abuse", "seen_version": comment.version} | said
    return services.judge(comment, Ruling(ruling), by=by, **said)


def last(comment: Comment) -> Decision:
    return comment.decisions.last()


class TestOffered:
    @pytest.mark.parametrize(
        ("state", "without_flags", "with_flags"),
        [
            ("held", [A, R, S, I], [A, R, S, I]),
            ("open", [A, K, R, S, I], [A, K, R, S, I]),
            ("approved", [K, R, S, I], [K, R, S, I]),
            ("held_edit", [A, O, R, S, I], [A, O, R, S, I]),
            ("rejected", [A], [A, K]),
            ("illegal", [A], [A, K]),
            ("spam", [A], [A, K]),
            ("withdrawn", [R, S, I], [K, R, S, I]),
            ("erased", [], []),
        ],
    )
    def test_is_what_the_state_and_the_flags_allow(self, state, without_flags, with_flags):
        assert offered(State(state), 0) == without_flags
        assert offered(State(state), 2) == with_flags


REMOVABLE = ["held", "open", "approved", "held_edit", "withdrawn"]
ARROWS = {
    (A, "approved"): ["held", "open", "approved", "held_edit", "rejected", "illegal", "spam"],
    (R, "rejected"): REMOVABLE,
    (I, "illegal"): REMOVABLE,
    (S, "spam"): REMOVABLE,
}
ALLOWED = [(state, ruling, to) for (ruling, to), states in ARROWS.items() for state in states]
NOWHERE = [(state, ruling) for (ruling, _to), states in ARROWS.items() for state in State if state not in states]


class TestJudge:
    @pytest.mark.parametrize(("state", "ruling", "leads_to"), ALLOWED)
    def test_leads_where_the_table_says(self, article, mo, state, ruling, leads_to):
        comment = make_comment(article, make_user(), state=State(state))
        assert rule(comment, ruling, mo).state == leads_to
        assert Comment.objects.get().state == leads_to

    @pytest.mark.parametrize(("state", "ruling"), NOWHERE)
    def test_leads_nowhere_else(self, article, mo, state, ruling):
        comment = make_comment(article, make_user(), state=state)
        with pytest.raises(TransitionRefused):
            rule(comment, ruling, mo)
        assert Comment.objects.get().state == state

    def test_records_who_why_and_what_was_said(self, comment, mo):
        rule(comment, R, mo, reason="off_topic", note=" Birds,\r\nplease. ", private_note="Third time.")
        decision = last(comment)
        assert (decision.act, decision.role, decision.actor) == ("state", "moderator", mo)
        assert (decision.was, decision.now, decision.reason) == ("open", "rejected", "off_topic")
        assert (decision.note, decision.private_note) == ("Birds,\nplease.", "Third time.")
        assert (decision.batch, decision.reverses) == (None, None)
        assert Comment.objects.get().state_reason == "off_topic"
        assert Event.objects.filter(type="comment.judged", actor_id=mo.pk).count() == 1

    @pytest.mark.parametrize("ruling", [A, I, S])
    def test_takes_no_reason_but_for_rejecting(self, comment, mo, ruling):
        rule(comment, ruling, mo, reason="abuse")
        assert (last(comment).reason, Comment.objects.get().state_reason) == ("", "")

    def test_ends_the_waiting_of_what_was_held(self, article, mo):
        held = make_comment(article, make_user(), state=State.HELD)
        assert Comment.objects.waiting().count() == 1
        rule(held, A, mo)
        assert Comment.objects.waiting().count() == 0

    def test_keeps_the_old_text_in_place_of_an_edit(self, article, mo):
        waiting = make_comment(article, make_user(), "The old text.", state=State.HELD_EDIT)
        kept = rule(waiting, O, mo)
        assert (kept.state, kept.text.source, kept.public_revision.source) == (
            "approved",
            "The old text.",
            "The old text.",
        )
        assert (last(waiting).reason, last(waiting).actor) == ("edit_refused", mo)

    def test_leaves_what_is_approved_as_it_is_when_it_is_approved_again(self, article, mo):
        comment = report(make_comment(article, make_user(), state=State.APPROVED))
        rule(comment, A, mo)
        assert (last(comment).act, last(comment).now) == ("kept", "approved")
        assert Comment.objects.waiting().count() == 0

    def test_leaves_a_withdrawn_one_withdrawn_when_it_is_kept(self, comment, mo):
        withdrawn = bring_to(report(comment), State.WITHDRAWN)
        rule(withdrawn, K, mo)
        now = Comment.objects.get()
        assert (now.state, now.waiting_since, now.open_flags) == ("withdrawn", None, 0)


class TestFlags:
    @pytest.mark.parametrize(
        ("ruling", "outcome"), [(A, "dismissed"), (K, "dismissed"), (R, "upheld"), (I, "upheld"), (S, "upheld")]
    )
    def test_are_answered_by_the_ruling(self, comment, mo, ruling, outcome):
        reported = report(report(comment, Reason.ILLEGAL))
        rule(reported, ruling, mo)
        assert list(Flag.objects.values_list("outcome", flat=True)) == [outcome, outcome]
        assert Flag.objects.open().count() == 0
        now = Comment.objects.get()
        assert (now.open_flags, now.waiting_since, now.waiting_order) == (0, None, 2)

    def test_are_dismissed_when_the_text_they_are_about_is_kept(self, article, mo):
        waiting = report(make_comment(article, make_user(), state=State.HELD_EDIT))
        rule(waiting, O, mo)
        assert Flag.objects.get().outcome == "dismissed"

    def test_of_other_comments_stay_open(self, article, comment, mo):
        report(make_comment(article, make_user()))
        rule(report(comment), R, mo)
        assert Flag.objects.open().count() == 1

    def test_can_be_made_anew_by_the_same_reader(self, comment, mo):
        reader = make_user()
        services.flag(comment, by=reader, reason=Reason.SPAM)
        rule(comment, K, mo)
        _flag, is_new = services.flag(comment, by=reader, reason=Reason.ABUSE)
        assert is_new
        assert Comment.objects.get().open_flags == 1

    def test_that_were_not_seen_stop_the_ruling(self, comment, mo):
        report(comment)
        with pytest.raises(StaleVersion, match="reported since"):
            rule(comment, K, mo, seen_flags=0)
        assert Flag.objects.open().count() == 1
        rule(comment, K, mo, seen_flags=1)
        assert Flag.objects.open().count() == 0


class TestReversal:
    def test_names_the_decision_that_removed_what_comes_back(self, comment, mo):
        rule(comment, S, mo)
        removal = last(comment)
        rule(Comment.objects.get(), A, moderator("Ann"))
        assert last(comment).reverses == removal

    def test_names_the_decision_that_is_made_again(self, comment, mo):
        rule(comment, A, mo)
        approval = last(comment)
        rule(Comment.objects.get(), R, mo, reverses=approval)
        assert last(comment).reverses == approval

    def test_cannot_be_of_a_decision_on_another_comment(self, article, comment, mo):
        other = make_comment(article, make_user(), state=State.REJECTED)
        with pytest.raises(Invalid):
            rule(comment, R, mo, reverses=last(other))
        assert Comment.objects.get(pk=comment.pk).state == State.OPEN


class TestRefusals:
    """Nothing is changed by any."""

    @pytest.fixture(autouse=True)
    def changes_nothing(self, comment):
        report(comment)
        before = [*Comment.objects.values(), *Flag.objects.values(), *Decision.objects.values()]
        yield
        assert [*Comment.objects.values(), *Flag.objects.values(), *Decision.objects.values()] == before

    @pytest.mark.parametrize("name", ["nobody", "staff", "author", "elsewhere"])
    def test_forbid_who_does_not_moderate_it(self, comment, name):
        elsewhere = limited(moderator(), make_article())
        author = comment.author
        author.user_permissions.set(Permission.objects.filter(codename="moderate_comment"))
        who = {"nobody": make_user(), "staff": make_user(is_staff=True), "author": author, "elsewhere": elsewhere}
        with pytest.raises(Forbidden):
            rule(comment, A, who[name])

    @pytest.mark.parametrize(
        ("said", "field", "code"),
        [
            ({"reason": ""}, "reason", "required"),
            ({"reason": "spam"}, "reason", "required"),
            ({"reason": "other"}, "note", "required"),
            ({"reason": "other", "note": " \u200b"}, "note", "required"),
            ({"note": "🙂" * 1001}, "note", "too_long"),
            ({"private_note": "a\0b"}, "private_note", "control_character"),
        ],
    )
    def test_name_the_field_that_is_wrong(self, comment, mo, said, field, code):
        with pytest.raises(Invalid) as refused:
            rule(comment, R, mo, **said)
        (error,) = refused.value.errors
        assert (error.field, error.code) == (field, code)

    def test_tell_what_is_stale(self, comment, mo):
        with pytest.raises(StaleVersion) as refused:
            rule(comment, R, mo, seen_version=comment.version - 1)
        assert refused.value.extra == {"version": comment.version}

    def test_keep_an_old_text_where_no_edit_waits(self, comment, mo):
        with pytest.raises(TransitionRefused):
            rule(comment, O, mo)


class TestReasons:
    def test_are_these(self):
        assert RejectionReason.values == ["abuse", "off_topic", "personal_data", "duplicate", "other"]


class TestUnproven:
    def test_is_judged_by_nobody(self, comment, mo):
        Comment.objects.update(state=State.HELD, state_reason="confirm_email", public_revision=None)
        with pytest.raises(Forbidden):
            rule(Comment.objects.get(), A, mo)


def seen(*several: Comment) -> list[Seen]:
    return [Seen(one.pk, one.version) for one in several]


class TestJudgeMany:
    def test_makes_a_decision_for_each_and_one_batch(self, article, mo):
        several = [make_comment(article, make_user(), state=State.HELD) for _ in range(3)]
        answers = services.judge_many(seen(*several), Ruling.REJECT, by=mo, reason="duplicate", note="See above.")
        assert [answer.fate for answer in answers] == [Fate.DONE] * 3
        made = Decision.objects.filter(role="moderator")
        assert [(one.now, one.reason, one.note) for one in made] == [("rejected", "duplicate", "See above.")] * 3
        (batch,) = {one.batch for one in made}
        assert isinstance(batch, uuid.UUID)

    def test_says_of_each_what_became_of_it(self, article, mo):
        done, changed, removed, own, elsewhere = (
            make_comment(article, make_user()),
            make_comment(article, make_user()),
            make_comment(article, make_user(), state=State.SPAM),
            make_comment(article, mo),
            make_comment(make_article(), make_user()),
        )
        mo = limited(mo, article)
        old = seen(done, changed, removed, own, elsewhere)
        comments.edit(changed, by=changed.author, text="Something else.")
        answers = services.judge_many([*old, Seen(0, 1)], Ruling.SPAM, by=mo)
        fates = ["done", "stale", "refused", "refused", "refused", "refused"]
        assert [answer.fate.value for answer in answers] == fates
        # What they may not know of reads as what never was.
        assert answers[4].comment is None
        assert answers[4].detail == answers[5].detail
        assert Decision.objects.filter(actor=mo).count() == 1

    def test_judges_none_where_the_reason_fits_none(self, comment, mo):
        with pytest.raises(Invalid):
            services.judge_many(seen(comment), Ruling.REJECT, by=mo)
        assert Comment.objects.get().state == State.OPEN

    def test_refuses_more_than_500(self, mo):
        with pytest.raises(Invalid):
            services.judge_many([Seen(n, 1) for n in range(501)], Ruling.APPROVE, by=mo)

    def test_judges_one_that_is_named_twice_once(self, comment, mo):
        answers = services.judge_many(seen(comment, comment), Ruling.REJECT, by=mo, reason="abuse")
        assert [answer.fate for answer in answers] == [Fate.DONE, Fate.STALE]

    def test_asks_for_each_no_more_than_it_needs(self, mo, article, django_assert_num_queries):
        """Five hundred at once are to take no longer than a moderator waits."""
        reported = [report(make_comment(article, make_user())) for _ in range(3)]
        # Once: rights, limits and the comments. For each: the transaction; two locks, its flags, their count, its
        # state, the article, two events and the decision.
        with django_assert_num_queries(4 + 3 * (2 + 9)) as asked:
            services.judge_many(seen(*reported), Ruling.REJECT, by=mo, reason="abuse")
        assert not any("draft_source" in query["sql"] for query in asked.captured_queries)


class TestErase:
    @pytest.fixture
    def eve(self):
        return moderator("Eve", "erase_comment")

    def test_wipes_what_was_removed_and_says_who_did(self, article, eve):
        removed = make_comment(article, make_user(), state=State.REJECTED)
        services.erase(removed, by=eve, seen_version=removed.version, private_note="Asked for by mail.")
        assert Comment.objects.get().text.source == ""
        assert (last(removed).now, last(removed).actor, last(removed).private_note) == (
            "erased",
            eve,
            "Asked for by mail.",
        )

    def test_is_refused_to_moderators_without_the_permission(self, article, mo):
        removed = make_comment(article, make_user(), state=State.REJECTED)
        with pytest.raises(Forbidden):
            services.erase(removed, by=mo, seen_version=removed.version)

    def test_is_refused_elsewhere(self, article, eve):
        removed = make_comment(article, make_user(), state=State.REJECTED)
        with pytest.raises(Forbidden):
            services.erase(removed, by=limited(eve, make_article()), seen_version=removed.version)

    def test_is_refused_until_reports_are_answered(self, comment, eve):
        withdrawn = bring_to(report(comment), State.WITHDRAWN)
        with pytest.raises(TransitionRefused, match="reported"):
            services.erase(withdrawn, by=eve, seen_version=withdrawn.version)
        assert Comment.objects.get().text.source == "A thought."

    def test_leaves_on_record_that_a_legal_hold_stopped_it(self, article, eve):
        removed = make_comment(article, make_user(), state=State.REJECTED)
        comments.place_hold(removed, by=eve, case_ref="7/26", authority="The court")
        removed.refresh_from_db()
        with pytest.raises(OnLegalHold):
            services.erase(removed, by=eve, seen_version=removed.version)
        assert (last(removed).act, Comment.objects.get().text.source) == ("erase_refused", "A thought.")
