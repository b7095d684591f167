"""A discussion that is closed, and people whom moderators keep out or hold."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.guests import guest_of
from articles.models import Article
from comments import services
from comments.errors import DiscussionClosed
from comments.models import Comment
from moderation.checks.closed import closed
from moderation.errors import Suspended
from moderation.models import Sanction
from tests.asking import client_of, problem
from tests.factories import make_article, make_comment, make_user, passage
from tests.moderation.checks.sending import make_moderator, sent, sent_by_guest

pytestmark = pytest.mark.django_db

CHECKS = ["moderation.checks.closed.closed"]
IN_MAY = datetime(2999, 5, 3, 14, 0, tzinfo=UTC)


@pytest.fixture
def article():
    return make_article("birds")


@pytest.fixture
def ada():
    return make_user("Ada")


def lay(kind, person=None, email="", *, ends_at=None, message="Calm down.", **fields):
    guest = guest_of(email) if email else None
    moderator = make_moderator()
    return Sanction.objects.create(
        person=person, guest=guest, kind=kind, ends_at=ends_at, message=message, made_by=moderator, **fields
    )


def said(result):
    return result.verdict, result.reason, result.evidence


NOTHING = ("pass", "", {"kind": None})


class TestDiscussion:
    def test_passes_while_it_is_open(self, article, ada):
        assert said(closed(sent(ada, article))) == NOTHING

    @pytest.mark.parametrize("fields", [{"is_open": False}, {"discussion": "off"}])
    def test_is_refused_when_it_is_closed(self, article, ada, fields):
        Article.objects.update(**fields)
        article.refresh_from_db()
        with pytest.raises(DiscussionClosed):
            closed(sent(ada, article))

    def test_is_refused_on_a_passage_when_only_sections_are_open(self, article, ada):
        chosen = passage(article, "Small birds")
        article.discussion = "sections"
        with pytest.raises(DiscussionClosed):
            closed(sent(ada, article, selection=chosen))
        assert said(closed(sent(ada, article))) == NOTHING


class TestSuspension:
    def test_is_refused_with_its_end_and_its_message(self, article, ada):
        lay("suspend", ada, ends_at=IN_MAY, message="No insults.")
        with pytest.raises(Suspended) as caught:
            closed(sent(ada, article))
        assert (caught.value.code, caught.value.status) == ("suspended", 403)
        assert caught.value.detail == (
            "You cannot comment here until May 3, 2999, 2 p.m. (UTC). The moderators wrote: No insults."
        )
        assert caught.value.extra == {"ends_at": "2999-05-03T14:00:00+00:00"}

    def test_without_an_end_says_so(self, article, ada):
        lay("suspend", ada, message="Spam.")
        with pytest.raises(Suspended) as caught:
            closed(sent(ada, article))
        assert caught.value.detail == "You cannot comment here any more. The moderators wrote: Spam."
        assert caught.value.extra == {"ends_at": None}

    def test_tells_of_the_longest_of_several(self, article, ada):
        for ends_at in (IN_MAY, IN_MAY + timedelta(days=9), IN_MAY + timedelta(days=1)):
            lay("suspend", ada, ends_at=ends_at)
        lay("hold", ada)
        with pytest.raises(Suspended) as caught:
            closed(sent(ada, article))
        assert caught.value.extra == {"ends_at": "2999-05-12T14:00:00+00:00"}

    def test_without_an_end_is_the_longest(self, article, ada):
        for ends_at in (None, IN_MAY):
            lay("suspend", ada, ends_at=ends_at)
        with pytest.raises(Suspended) as caught:
            closed(sent(ada, article))
        assert caught.value.extra == {"ends_at": None}

    def test_keeps_a_guest_out_who_proved_the_address(self, article):
        lay("suspend", email="gast@example.org")
        with pytest.raises(Suspended):
            closed(sent_by_guest(article, email="Gast@Example.org"))

    def test_is_not_told_to_somebody_who_only_names_the_address(self, article):
        lay("suspend", email="gast@example.org", ends_at=IN_MAY)
        result = closed(sent_by_guest(article, is_proven=False))
        evidence = {"kind": "suspend", "until": "2999-05-03T14:00:00+00:00"}
        assert said(result) == ("hold", "person_held", evidence)

    def test_does_not_stand_on_an_account_with_the_guests_address(self, article):
        lay("suspend", email="ada@example.org")
        assert said(closed(sent(make_user(email="ada@example.org"), article))) == NOTHING

    def test_stops_edits_and_leaves_withdrawing(self, article, ada, settings):
        comment = make_comment(article, ada)
        lay("suspend", ada)
        settings.COMMENT_CHECKS = CHECKS
        with pytest.raises(Suspended):
            services.edit(comment, by=ada, text="Another.")
        assert services.withdraw(comment, by=ada).state == "withdrawn"

    def test_leaves_private_notes(self, article, ada, settings):
        lay("suspend", ada)
        settings.COMMENT_CHECKS = CHECKS
        assert services.submit(sent(ada, article, kind="note", visibility="private")).state == "open"

    def test_is_403_by_the_api(self, article, ada, settings):
        lay("suspend", ada, ends_at=IN_MAY, message="No insults.")
        settings.COMMENT_CHECKS = CHECKS
        response = client_of(ada).post("/api/v1/comments/", {"article": "birds", "text": "Yes."})
        assert problem(response) == (403, "suspended", [])
        assert response.json()["ends_at"] == "2999-05-03T14:00:00+00:00"
        assert Comment.objects.count() == 0


class TestHold:
    def test_holds_every_text(self, article, ada):
        lay("hold", ada, ends_at=IN_MAY)
        evidence = {"kind": "hold", "until": "2999-05-03T14:00:00+00:00"}
        assert said(closed(sent(ada, article))) == ("hold", "person_held", evidence)

    def test_holds_a_guests(self, article):
        lay("hold", email="gast@example.org")
        expected = ("hold", "person_held", {"kind": "hold", "until": None})
        assert said(closed(sent_by_guest(article))) == expected
        assert said(closed(sent_by_guest(article, email="other@example.org"))) == NOTHING

    def test_holds_a_moderators_too(self, article):
        moderator = make_moderator()
        lay("hold", moderator)
        assert closed(sent(moderator, article)).reason == "person_held"


class TestNothing:
    def test_comes_of_a_warning(self, article, ada):
        lay("warn", ada)
        assert said(closed(sent(ada, article))) == NOTHING

    @pytest.mark.parametrize("kind", ["suspend", "hold"])
    def test_comes_of_what_is_over_lifted_or_somebody_elses(self, article, ada, kind):
        before = timezone.now() - timedelta(days=2)
        over = lay(kind, ada, starts_at=before, ends_at=before + timedelta(days=1))
        lifted = lay(kind, ada, lifted_by=over.made_by, lifted_at=timezone.now())
        lay(kind, make_user())
        assert not {over.pk, lifted.pk} & set(Sanction.objects.standing().values_list("pk", flat=True))
        assert said(closed(sent(ada, article))) == NOTHING
