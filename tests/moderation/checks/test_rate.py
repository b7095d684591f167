"""How often texts may be sent, whoever counts."""

from types import SimpleNamespace

import pytest

from accounts import limits
from accounts.models import LimitWindow
from comments import services
from comments.models import Comment
from moderation.checks.rate import rate
from skycrumbs.problems import TooManyRequests
from tests.asking import client_of, problem
from tests.factories import make_article, make_comment, make_user
from tests.moderation.checks.sending import sent, sent_by_guest
from tests.racing import race

CHECKS = ["moderation.checks.rate.rate"]
# A clock that stands at the start of both a minute and an hour.
NOON = 1_767_268_800
NAMES = ["COMMENT_LIMITS", "GUEST_LIMITS", "NETWORK_LIMITS", "MAIL_LIMITS", "MAIL_NETWORK_LIMITS"]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = SimpleNamespace(now=NOON)
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: clock.now))
    return clock


@pytest.fixture
def only(settings):
    """Sets one of the limits, and lifts the others."""

    def only(name, windows):
        for other in NAMES:
            setattr(settings, other, windows if other == name else [])

    return only


@pytest.fixture
def article():
    return make_article("birds")


def refused(submission):
    with pytest.raises(TooManyRequests) as caught:
        rate(submission)
    assert (caught.value.code, caught.value.status) == ("too_many_requests", 429)
    return int(caught.value.headers["Retry-After"])


def counted():
    return dict(LimitWindow.objects.values_list("key", "count"))


@pytest.mark.django_db
class TestAccount:
    def test_takes_as_many_as_are_allowed_and_says_when_to_come_back(self, article, only, clock):
        ada = make_user()
        only("COMMENT_LIMITS", [(2, 60), (3, 3600)])
        for _ in range(2):
            assert rate(sent(ada, article)).evidence == {"counted": ["comment:account"]}
        clock.now = NOON + 20
        assert refused(sent(ada, article)) == 40
        clock.now = NOON + 60
        rate(sent(ada, article))
        assert refused(sent(ada, article)) == 3540

    def test_is_counted_alone(self, article, only):
        only("COMMENT_LIMITS", [(1, 60)])
        rate(sent(make_user(), article))
        rate(sent(make_user(), article))
        rate(sent_by_guest(article))

    def test_counts_edits_with_new_texts(self, article, only, settings):
        ada = make_user()
        comment = make_comment(article, ada)
        only("COMMENT_LIMITS", [(1, 60)])
        settings.COMMENT_CHECKS = CHECKS
        services.edit(comment, by=ada, text="Another.")
        with pytest.raises(TooManyRequests):
            services.submit(sent(ada, article, "One more."))


@pytest.mark.django_db
class TestNetwork:
    def test_is_one_for_everybody_on_it(self, article, only):
        only("NETWORK_LIMITS", [(2, 60)])
        rate(sent(make_user(), article, network="192.0.2.1"))
        rate(sent_by_guest(article, network="192.0.2.1"))
        assert refused(sent(make_user(), article, network="192.0.2.1")) == 60
        rate(sent(make_user(), article, network="192.0.2.2"))

    def test_is_not_counted_where_there_is_none(self, article, only):
        only("NETWORK_LIMITS", [(1, 60)])
        for _ in range(3):
            rate(sent(make_user(), article, network=""))

    def test_is_told_by_no_evidence(self, article):
        result = rate(sent_by_guest(article, network="2001:db8::/64", is_proven=False))
        assert result.evidence == {
            "counted": ["comment:claimed", "comment:network", "mail:address", "mail:network"],
        }

    def test_is_counted_by_the_api(self, article, only, settings):
        only("NETWORK_LIMITS", [(1, 60)])
        settings.COMMENT_CHECKS = CHECKS
        answers = [
            client_of(make_user()).post("/api/v1/comments/", {"article": "birds", "text": "Yes."}) for _ in range(2)
        ]
        assert answers[0].status_code == 201
        assert problem(answers[1]) == (429, "too_many_requests", [])
        assert answers[1]["Retry-After"] == "60"
        assert Comment.objects.count() == 1


@pytest.mark.django_db
class TestGuest:
    @pytest.mark.parametrize("same", ["GAST@example.org", " gast@example.org", "ｇａｓｔ@example.org"])
    def test_is_one_however_the_address_is_written(self, article, only, same):
        only("GUEST_LIMITS", [(1, 60)])
        rate(sent_by_guest(article))
        assert refused(sent_by_guest(article, email=same)) == 60
        rate(sent_by_guest(article, email="other@example.org"))

    def test_does_not_wait_for_somebody_who_only_names_the_address(self, article, only):
        only("GUEST_LIMITS", [(1, 60)])
        rate(sent_by_guest(article, is_proven=False))
        assert refused(sent_by_guest(article, is_proven=False)) == 60
        rate(sent_by_guest(article, is_proven=True))

    def test_has_an_address_that_no_key_tells(self, article):
        rate(sent_by_guest(article, is_proven=False))
        assert not LimitWindow.objects.filter(key__contains="gast").exists()


@pytest.mark.django_db
class TestMail:
    @pytest.mark.parametrize("name", ["MAIL_LIMITS", "MAIL_NETWORK_LIMITS"])
    def test_is_counted_for_the_address_and_the_network(self, article, only, name):
        only(name, [(1, 60)])
        rate(sent_by_guest(article, is_proven=False, network="192.0.2.1"))
        assert refused(sent_by_guest(article, is_proven=False, network="192.0.2.1")) == 60

    def test_is_not_sent_to_an_address_that_is_proven(self, article, only):
        only("MAIL_LIMITS", [(1, 60)])
        for _ in range(3):
            rate(sent_by_guest(article, is_proven=True))

    def test_counts_with_what_others_ask_to_be_sent_there(self, article, only):
        only("MAIL_LIMITS", [(1, 60)])
        rate(sent_by_guest(article, is_proven=False))
        # As sign-in counts the mail that it sends.
        (key,) = LimitWindow.objects.values_list("key", flat=True)
        assert key.startswith("mail:address:")
        assert len(key) == len("mail:address:") + 64


@pytest.mark.django_db
class TestRefused:
    def test_is_counted_by_none_of_them(self, article, only, settings):
        only("NETWORK_LIMITS", [(1, 60)])
        settings.COMMENT_LIMITS = [(9, 60)]
        ada, grace = make_user(), make_user()
        rate(sent(grace, article, network="192.0.2.1"))
        before = counted()
        refused(sent(ada, article, network="192.0.2.1"))
        assert counted() == before


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_lets_exactly_as_many_through(self, article, only):
        only("COMMENT_LIMITS", [(3, 60)])
        ada = make_user()
        results = race([lambda: rate(sent(ada, article))] * 8)
        assert sum(isinstance(result, TooManyRequests) for result in results) == 5
        assert list(counted().values()) == [3]

    def test_ends_when_people_share_limits_in_every_order(self, article, only, settings):
        for name in NAMES:
            setattr(settings, name, [(1000, 60), (1000, 3600)])
        texts = [
            sent_by_guest(article, email=f"{name}@example.org", network=network, is_proven=False)
            for name in ("a", "b")
            for network in ("192.0.2.1", "192.0.2.2")
        ]
        results = race([lambda text=text: rate(text) for text in texts * 2])
        assert [type(result).__name__ for result in results] == ["Result"] * 8
