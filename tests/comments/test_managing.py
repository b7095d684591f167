"""Links that are mailed to guests: what they lead to, and that two who use one at once do it once."""

from functools import partial

import pytest

from accounts import guests
from accounts.guests import LinkExpired, LinkUnknown, LinkUsed
from accounts.models import Guest, GuestLink
from comments.models import Comment
from comments.services import ask_to_manage, awaiting_proof, manage, prove, to_manage
from comments.states import State
from events.models import Event, Type
from tests.clock import later
from tests.factories import make_article, make_guest_comment
from tests.racing import race

pytestmark = pytest.mark.django_db
Purpose = GuestLink.Purpose


def link(comment: Comment, purpose: Purpose) -> str:
    return guests.make_link(comment.guest, purpose, comment.pk)


class TestAwaitingProof:
    def test_gives_what_proving_would_publish(self):
        comment = make_guest_comment(make_article(), is_proven=False)
        assert awaiting_proof(link(comment, Purpose.PROVE)) == comment

    def test_refuses_what_another_link_proved(self):
        comment = make_guest_comment(make_article(), is_proven=False)
        first, second = link(comment, Purpose.PROVE), link(comment, Purpose.PROVE)
        prove(first)
        for token in (first, second):
            with pytest.raises(LinkUsed):
                awaiting_proof(token)

    def test_refuses_what_is_none_or_ran_out(self):
        comment = make_guest_comment(make_article(), is_proven=False)
        with pytest.raises(LinkUnknown):
            awaiting_proof("none")
        with pytest.raises(LinkUnknown):
            awaiting_proof(guests.make_link(comment.guest, Purpose.PROVE))
        token = link(comment, Purpose.PROVE)
        with later(days=7), pytest.raises(LinkExpired):
            awaiting_proof(token)


class TestAskToManage:
    @pytest.mark.django_db(transaction=True)
    def test_wakes_the_worker_whether_or_not_a_link_is_sent(self, monkeypatch):
        comment = make_guest_comment(make_article())
        waiting = make_guest_comment(comment.article, is_proven=False)
        woken: list[str] = []
        for one, email in [
            (comment, comment.guest.email),
            (comment, "other@example.org"),
            (waiting, waiting.guest.email),
        ]:
            monkeypatch.setattr("events.services.enqueue_numbering", partial(woken.append, email))
            ask_to_manage(one.public_id, email=email, network="")
        assert woken == [comment.guest.email, "other@example.org", waiting.guest.email]
        assert Event.objects.filter(type=Type.GUEST_LINK_ASKED).count() == 1


class TestManage:
    def test_gives_the_guest_once(self):
        comment = make_guest_comment(make_article())
        token = link(comment, Purpose.MANAGE)
        assert to_manage(token) == comment
        assert manage(token) == (comment.guest, comment)
        for verb in (to_manage, manage):
            with pytest.raises(LinkUsed):
                verb(token)

    def test_uses_nothing_up_where_the_comment_is_gone(self):
        comment = make_guest_comment(make_article())
        token = link(comment, Purpose.MANAGE)
        Comment.objects.filter(pk=comment.pk).update(state=State.WITHDRAWN, public_revision=None)
        with pytest.raises(LinkUnknown):
            manage(token)
        assert GuestLink.objects.get().used_at is None


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_publish_a_comment_once(self):
        comment = make_guest_comment(make_article(), is_proven=False)
        token = link(comment, Purpose.PROVE)
        results = race([lambda: prove(token), lambda: prove(token)])
        assert sorted(type(result) for result in results if isinstance(result, Exception)) == [LinkUsed]
        comment.refresh_from_db()
        assert (comment.state, comment.decisions.count()) == (State.OPEN, 1)
        assert Comment.objects.get().article.comment_count == 1

    def test_are_let_in_once(self):
        comment = make_guest_comment(make_article())
        token = link(comment, Purpose.MANAGE)
        results = race([lambda: manage(token), lambda: manage(token)])
        assert [type(result) for result in results if isinstance(result, Exception)] == [LinkUsed]

    def test_make_one_guest_of_one_address(self):
        article = make_article()
        acts = [
            lambda n=n: make_guest_comment(article, text=f"Take {n}.", email="nora@example.org") for n in range(4)
        ]
        assert [result for result in race(acts) if isinstance(result, Exception)] == []
        assert (Guest.objects.count(), Comment.objects.count()) == (1, 4)
