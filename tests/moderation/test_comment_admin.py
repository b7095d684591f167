"""A comment's own page in the queue: every way in which a ruling on it is sent, its legal holds, its erasure."""

import re
from uuid import UUID

import pytest
from django.test import Client

from comments import services as comments
from comments.models import Comment, Decision
from comments.states import State
from moderation import services
from moderation.models import Flag
from tests.factories import make_comment, make_user
from tests.moderation.moderators import moderator
from tests.moderation.waiting_page import MANY, QUEUE, address, card, client_of, held, post, reported

pytestmark = pytest.mark.django_db


class TestRuling:
    def test_leads_back_to_where_it_was_at_the_next_card(self, mo, desk, article):
        first, second = held(article), held(article)
        back = f"what=held&article={article.pk}"
        assert f'name="after" value="{second.pk}"' in card(desk, first)
        answer = post(desk, first, "approve", back=back, after=second.pk)
        assert (answer.status_code, answer["Location"]) == (303, f"{QUEUE}?{back}#comment-{second.pk}")
        assert "Approve: the comment by Ada." in desk.get(QUEUE).content.decode()
        decision = Decision.objects.get(role="moderator")
        assert (decision.comment, decision.actor, decision.now) == (first, mo, "approved")

    def test_leads_back_to_no_other_address(self, desk, article):
        answer = post(desk, held(article), "approve", back="next=//evil.example&what=held", after="1#x")
        assert answer["Location"] == f"{QUEUE}?what=held"

    def test_from_its_own_page_leads_there_again(self, desk, article):
        comment = held(article)
        assert post(desk, comment, "approve", back=None)["Location"] == address(comment)

    def test_does_nothing_where_it_came_from_no_place_of_the_queue(self, desk, article):
        comment = held(article)
        assert post(desk, comment, "approve", back="what=nothing").status_code == 404
        assert Comment.objects.get(pk=comment.pk).state == State.HELD

    def test_asked_for_at_once_shows_the_queue_as_it_is_then(self, desk, article):
        first, second = held(article), held(article)
        answer = post(desk, first, "spam", at_once="1")
        content = answer.content.decode()
        assert answer.status_code == 200
        assert re.findall(r'<article class="card" id="comment-(\d+)"', content) == [str(second.pk)]
        assert "Spam: the comment by Ada." in content

    def test_rejects_with_what_was_said(self, desk, article):
        comment = held(article)
        post(desk, comment, "reject", reason="other", note="Too short.", private_note="Again.")
        decision = Decision.objects.get(role="moderator")
        assert (decision.reason, decision.note, decision.private_note) == ("other", "Too short.", "Again.")

    def test_sets_nothing_but_what_is_on_the_form(self, desk, article):
        comment = held(article)
        sent = {"state": "illegal", "actor": 1, "batch": str(UUID(int=1)), "author": 1, "act": "hold", "by": 1}
        post(desk, comment, "approve", **sent)
        decision = Decision.objects.get(role="moderator")
        assert (decision.act, decision.now, decision.batch) == ("state", "approved", None)
        assert Comment.objects.get().author == comment.author

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({"ruling": "reject"}, "Choose a reason."),
            ({"ruling": "reject", "reason": "other"}, "Say to its author what is wrong with it."),
            ({"ruling": "approve", "note": "x" * 1001}, "Use at most 1000 characters."),
            ({"ruling": "erase"}, "Select a valid choice."),
            ({"ruling": "approve", "seen": "7 or 8"}, "This form is incomplete."),
            ({"ruling": "approve", "reverses": "-1"}, "greater than or equal to 1"),
        ],
    )
    def test_that_is_incomplete_is_400_with_all_that_was_typed(self, desk, article, sent, words):
        comment = held(article)
        answer = post(desk, comment, **{"private_note": "Kept <words>."} | sent)
        content = answer.content.decode()
        assert answer.status_code == 400
        assert words in content
        assert "Kept &lt;words&gt;.</textarea>" in content
        assert Comment.objects.get().state == State.HELD

    def test_that_is_stale_is_409_with_the_fresh_card_and_all_that_was_typed(self, desk, article):
        seen = held(article, text="The first text.")
        comments.edit(seen, by=seen.author, text="The second text.")
        sent = {"reason": "abuse", "note": "Be kind.", "text": "1", "back": "what=held"}
        answer = post(desk, seen, "reject", **sent)
        content = answer.content.decode()
        assert answer.status_code == 409
        assert "The comment changed since you read it." in content
        assert "<del>first</del>" in content
        assert "<ins>second</ins>" in content
        assert '<option value="abuse" selected>' in content
        assert "Be kind.</textarea>" in content
        fresh = Comment.objects.get()
        assert f'name="seen" value="{fresh.version}.0"' in content
        assert (fresh.state, Decision.objects.filter(role="moderator").count()) == ("held", 0)
        assert post(desk, fresh, "reject", **sent)["Location"] == f"{QUEUE}?what=held"

    def test_that_is_stale_says_who_was_faster(self, desk, article):
        comment, other = held(article), moderator("Max Quick")
        services.judge(comment, "spam", by=other, seen_version=comment.version)
        answer = post(desk, comment, "approve")
        assert answer.status_code == 409
        assert "Max Quick" in answer.content.decode()
        assert Comment.objects.get().state == State.SPAM

    def test_that_did_not_see_a_report_is_409(self, desk, article):
        comment = make_comment(article, make_user())
        reported(comment)
        answer = post(desk, comment, "keep")
        assert answer.status_code == 409
        assert "reported since" in answer.content.decode()
        assert Flag.objects.open().count() == 1

    def test_that_the_state_does_not_allow_is_409(self, desk, article):
        assert post(desk, held(article), "keep_old_text").status_code == 409

    def test_without_a_token_of_this_site_is_403(self, mo, article):
        comment, client = held(article), Client(enforce_csrf_checks=True)
        client.force_login(mo)
        assert post(client, comment, "approve").status_code == 403
        assert Comment.objects.get().state == State.HELD

    def test_is_never_made_by_a_get(self, desk, article):
        comment = held(article)
        desk.get(address(comment), {"ruling": "approve", "seen": f"{comment.version}.0"})
        desk.get(MANY, {"ruling": "approve", "ticked": comment.pk, f"version-{comment.pk}": "1.0"})
        assert Comment.objects.get().state == State.HELD


class TestDecidingAgain:
    def test_is_offered_for_ones_own_last_five(self, mo, desk, article):
        several = [held(article, make_user(f"Writer {number}")) for number in range(6)]
        for comment in several:
            post(desk, comment, "spam")
        other = held(article, make_user("Somebody"))
        services.judge(other, "spam", by=moderator("Max"), seen_version=other.version)
        content = desk.get(QUEUE).content.decode()
        assert re.findall(r"<bdi>(.*?)</bdi>", content) == [f"Writer {number}" for number in (5, 4, 3, 2, 1)]
        last = Decision.objects.filter(actor=mo).last()
        assert f'{address(several[5])}?back=&amp;reverses={last.pk}#comment-{several[5].pk}" data-undo' in content

    def test_records_what_it_takes_back(self, mo, desk, article):
        comment = held(article)
        post(desk, comment, "approve")
        first = Decision.objects.get(actor=mo)
        assert f'name="reverses" value="{first.pk}"' in card(desk, comment, f"{address(comment)}?reverses={first.pk}")
        post(desk, Comment.objects.get(), "reject", reason="abuse", reverses=first.pk)
        assert Decision.objects.filter(actor=mo).last().reverses == first

    def test_of_another_comment_is_404(self, desk, article):
        comment, other = held(article), make_comment(article, make_user(), state=State.SPAM)
        assert post(desk, comment, "approve", reverses=other.decisions.last().pk).status_code == 404
        assert Comment.objects.get(pk=comment.pk).state == State.HELD


class TestLegalHolds:
    @pytest.fixture
    def two(self):
        return [client_of(moderator(name, "hold_comment")) for name in ("Ann", "Ben")]

    def test_are_placed_by_one_and_released_by_two(self, two, article):
        ann, ben = two
        comment = make_comment(article, make_user(), state=State.REJECTED)
        ann.post(address(comment, "hold/"), {"case_ref": "7/26", "authority": "The court", "ends_at": ""})
        hold = comment.holds.get()
        assert (hold.case_ref, hold.authority, hold.placed_by.name) == ("7/26", "The court", "Ann")
        assert "7/26" in ann.get(address(comment)).content.decode()
        sent = {"hold": hold.pk}
        assert ann.post(address(comment, "release/"), sent).status_code == 303
        assert ann.post(address(comment, "release/"), sent).status_code == 409
        assert ben.post(address(comment, "release/"), sent).status_code == 303
        assert comment.holds.get().released_by.name == "Ben"

    def test_are_not_for_moderators_without_the_permission(self, desk, article):
        comment = held(article)
        assert "Legal holds" not in desk.get(address(comment)).content.decode()
        sent = {"case_ref": "7/26", "authority": "The court"}
        assert desk.post(address(comment, "hold/"), sent).status_code == 403
        assert desk.post(address(comment, "release/"), {"hold": 1}).status_code == 403
        assert not comment.holds.exists()

    def test_that_are_incomplete_are_400_with_what_was_typed(self, two, article):
        comment = held(article)
        answer = two[0].post(address(comment, "hold/"), {"case_ref": "7 <26>", "authority": ""})
        assert answer.status_code == 400
        assert "7 &lt;26&gt;" in answer.content.decode()

    def test_of_another_comment_are_404(self, two, article):
        comment, other = held(article), held(article)
        hold = comments.place_hold(other, by=moderator(), case_ref="7", authority="The court")
        assert two[0].post(address(comment, "release/"), {"hold": hold.pk}).status_code == 404
        assert other.holds.get().release_asked_by is None


class TestErasing:
    @pytest.fixture
    def eve(self):
        return client_of(moderator("Eve", "erase_comment"))

    def sent(self, comment: Comment, **changes) -> dict:
        return {"seen": f"{comment.version}.0", "is_sure": "on"} | changes

    def test_wipes_the_text_and_leads_away(self, eve, article):
        comment = make_comment(article, make_user(), state=State.REJECTED)
        answer = eve.post(address(comment, "erase/"), self.sent(comment))
        assert (answer.status_code, answer["Location"]) == (303, QUEUE)
        assert Comment.objects.get().text.source == ""
        assert eve.get(address(comment)).status_code == 404

    def test_asks_whether_it_is_meant(self, eve, article):
        comment = make_comment(article, make_user(), state=State.REJECTED)
        answer = eve.post(address(comment, "erase/"), self.sent(comment, is_sure=""))
        assert answer.status_code == 400
        assert "Say that you know what it means." in answer.content.decode()
        assert Comment.objects.get().text.source == "A thought."

    def test_is_refused_where_it_stands_on_hold_or_changed(self, eve, article):
        comment = make_comment(article, make_user(), state=State.REJECTED)
        old = self.sent(comment)
        comments.place_hold(comment, by=moderator(), case_ref="7", authority="The court")
        assert eve.post(address(comment, "erase/"), old).status_code == 409
        fresh = self.sent(Comment.objects.get())
        answer = eve.post(address(comment, "erase/"), fresh)
        assert answer.status_code == 409
        assert "under a legal hold" in answer.content.decode()
        assert Comment.objects.get().text.source == "A thought."

    def test_is_not_for_moderators_without_the_permission(self, desk, article):
        comment = make_comment(article, make_user(), state=State.REJECTED)
        assert "Erase" not in desk.get(address(comment)).content.decode()
        assert desk.post(address(comment, "erase/"), self.sent(comment)).status_code == 403
