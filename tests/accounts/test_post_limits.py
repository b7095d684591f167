"""What is posted around accounts is counted, by whom it is for and where it comes from, and refused past that."""

import re

import pytest
from allauth.account.urls import urlpatterns
from django.core import mail
from django.test import Client

from accounts.models import LimitWindow, User
from accounts.post_limits import USES
from tests.factories import PASSWORD, make_account, make_user
from tests.racing import race

pytestmark = pytest.mark.django_db

LOGIN, RESET, SIGN_UP, EMAIL = (
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/signup/",
    "/accounts/email/",
)
# What their POST does is harmless, or there is none.
HARMLESS = {
    "account_logout",
    "account_inactive",
    "account_email_verification_sent",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
}


@pytest.fixture(autouse=True)
def _clock_stands(clock):
    """Or a window might end in the middle of a test."""


def post(path, client=None, *, network="192.0.2.1", forwarded=None, **data):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return (client or Client()).post(path, data, REMOTE_ADDR=network, headers=headers)


def statuses(times, path, *args, **data):
    return [post(path, *args, **data).status_code for _ in range(times)]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sign_up(email, **data):
    return post(SIGN_UP, **{"name": "Zoë", "email": email, "password1": PASSWORD} | data)


class TestTable:
    def test_names_every_address_that_sends_mail_or_checks_a_secret(self):
        assert {pattern.name for pattern in urlpatterns} == (set(USES) - {"admin:password_change"}) | HARMLESS

    @pytest.mark.parametrize("path", [LOGIN, RESET, SIGN_UP])
    def test_counts_posts_alone(self, client, path):
        client.get(path)
        client.head(path)
        assert LimitWindow.objects.count() == 0

    def test_counts_nothing_of_other_addresses(self, client):
        client.post("/accounts/logout/")
        client.post("/admin/login/")
        assert LimitWindow.objects.count() == 0

    def test_keeps_no_address_in_the_database(self):
        post(LOGIN, login="ada@example.org", password="wrong")
        post(RESET, email="ada@example.org")
        assert LimitWindow.objects.count() == 5
        assert not LimitWindow.objects.filter(key__contains="ada").exists()


class TestRefusal:
    def test_says_when_to_come_back_and_tries_no_password(self, settings, clock):
        settings.SIGN_IN_LIMITS = [(1, 300)]
        account, client = make_account(), Client()
        post(LOGIN, client, login=account.email, password="wrong")
        clock.now += 100
        response = post(LOGIN, client, login=account.email, password=PASSWORD)
        assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (429, "200", "no-store")
        assert "_auth_user_id" not in client.session
        words = " ".join(response.content.decode().split())
        assert "That is too many at once. Wait a little, then send it again." in words
        assert "Go back, and try again in 4 minutes." in words

    def test_is_over_when_the_window_is(self, settings, clock):
        settings.SIGN_IN_LIMITS = [(1, 300)]
        account = make_account()
        assert statuses(2, LOGIN, login=account.email, password=PASSWORD) == [302, 429]
        clock.now += 300
        assert statuses(1, LOGIN, login=account.email, password=PASSWORD) == [302]

    def test_does_not_come_before_the_check_against_forgery(self):
        client = Client(enforce_csrf_checks=True)
        assert statuses(3, LOGIN, client, login="ada@example.org") == [403] * 3
        assert LimitWindow.objects.count() == 0


class TestSignIn:
    def test_is_tried_ten_times_at_an_address_whoever_tries(self):
        account = make_account()
        answers = [post(LOGIN, network=f"192.0.2.{n}", login=account.email, password="wrong") for n in range(11)]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429]

    def test_counts_an_address_that_nobody_has_in_the_same_way(self):
        assert statuses(11, LOGIN, login="nobody@example.org", password="wrong") == [200] * 10 + [429]

    @pytest.mark.parametrize(
        "written", ["ADA@Example.org", " ada@example.org ", "\N{FULLWIDTH LATIN SMALL LETTER A}da@example.org"]
    )
    def test_counts_an_address_as_one_however_it_is_written(self, settings, written):
        settings.SIGN_IN_LIMITS = [(2, 300)]
        assert statuses(2, LOGIN, login="ada@example.org", password="wrong") == [200, 200]
        assert statuses(1, LOGIN, login=written, password="wrong") == [429]

    def test_is_tried_sixty_times_from_a_network_at_whatever_address(self):
        answers = [post(LOGIN, login=f"p{n}@example.org", password="wrong").status_code for n in range(61)]
        assert answers == [200] * 60 + [429]
        assert post(LOGIN, network="192.0.2.2", login="p1@example.org", password="wrong").status_code == 200

    def test_counts_an_empty_form_for_its_network_alone(self):
        post(LOGIN, password="x")
        assert list(LimitWindow.objects.values_list("key", flat=True)) == ["sign-in:network:192.0.2.1"]

    def test_is_not_helped_by_a_header_that_claims_another_address(self, settings):
        settings.SIGN_IN_NETWORK_LIMITS = [(2, 300)]
        forged = [{"forwarded": f"198.51.100.{n}", "login": f"p{n}@example.org"} for n in range(3)]
        assert [post(LOGIN, **data).status_code for data in forged] == [200, 200, 429]

    def test_is_not_helped_by_it_behind_a_proxy_either(self, settings):
        settings.SIGN_IN_NETWORK_LIMITS, settings.TRUSTED_PROXY_COUNT = [(2, 300)], 1
        forged = [f"198.51.100.{n}, 192.0.2.7" for n in range(3)]
        answers = [post(LOGIN, forwarded=f, login=f"{n}@example.org").status_code for n, f in enumerate(forged)]
        assert answers == [200, 200, 429]
        assert post(LOGIN, forwarded="192.0.2.7, 192.0.2.8", login="ada@example.org").status_code == 200

    def test_mails_an_address_that_is_not_confirmed_five_times_in_an_hour(self, settings):
        settings.SIGN_IN_LIMITS = []
        make_user(email="ada@example.org", password=PASSWORD)
        assert statuses(6, LOGIN, login="ada@example.org", password=PASSWORD) == [302] * 5 + [429]
        assert [message.to for message in mail.outbox] == [["ada@example.org"]] * 5


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_exactly_as_many_passwords_are_tried_as_are_allowed(self, settings):
        settings.SIGN_IN_LIMITS = [(3, 300)]
        results = race([lambda: post(LOGIN, login="ada@example.org", password="wrong").status_code] * 8)
        assert sorted(results) == [200] * 3 + [429] * 5

    def test_exactly_as_many_mails_are_sent_as_are_allowed(self, settings):
        settings.MAIL_LIMITS = [(3, 300)]
        results = race([lambda: post(RESET, email="ada@example.org").status_code] * 8)
        assert sorted(results) == [302] * 3 + [429] * 5
        assert len(mail.outbox) == 3


class TestSignUp:
    def test_is_taken_twenty_times_in_an_hour_from_a_network(self):
        answers = [sign_up(f"p{n}@example.org").status_code for n in range(21)]
        assert answers == [302] * 20 + [429]
        assert User.objects.count() == 20

    def test_mails_one_address_five_times_in_an_hour_whether_or_not_it_has_an_account(self):
        answers = [sign_up("zoe@example.org", network=f"192.0.2.{n}") for n in range(6)]
        assert [answer.status_code for answer in answers] == [302] * 5 + [429]
        assert answers[5]["Retry-After"] == "3600"
        assert len(mail.outbox) == 5

    def test_stores_nothing_when_it_is_refused(self):
        statuses(5, RESET, email="zoe@example.org")
        assert sign_up("zoe@example.org").status_code == 429
        assert User.objects.count() == 0

    def test_counts_no_mail_for_what_has_to_be_mended_first(self):
        assert [sign_up("zoe@example.org", password1="short").status_code for _ in range(9)] == [200] * 9
        assert sign_up("zoe@example.org").status_code == 302


class TestReset:
    @pytest.mark.parametrize("is_known", [True, False])
    def test_mails_one_address_five_times_in_an_hour_and_twenty_in_a_day(self, clock, is_known):
        if is_known:
            make_account(email="ada@example.org")
        sent = []
        for hour in range(5):
            answers = [post(RESET, network=f"192.0.2.{hour}", email="Ada@example.org") for _ in range(6)]
            sent.append([answer.status_code for answer in answers])
            clock.now += 3600
        assert sent == [[302] * 5 + [429]] * 4 + [[429] * 6]
        assert answers[5]["Retry-After"] == str(8 * 3600)
        assert len(mail.outbox) == 20

    def test_mails_sixty_addresses_in_an_hour_from_a_network(self):
        assert [post(RESET, email=f"p{n}@example.org").status_code for n in range(61)] == [302] * 60 + [429]
        assert len(mail.outbox) == 60

    def test_counts_with_sign_up_for_one_address(self):
        statuses(3, RESET, email="zoe@example.org")
        assert [sign_up("zoe@example.org").status_code for _ in range(3)] == [302, 302, 429]


class TestAddresses:
    def test_are_mailed_five_times_in_an_hour_for_an_account_whatever_they_are(self):
        client = signed_in(make_account())
        added = [post(EMAIL, client, email=f"p{n}@example.org", action_add="").status_code for n in range(6)]
        assert added == [302] * 5 + [429]
        assert len(mail.outbox) == 5

    def test_are_mailed_again_within_the_same_count(self, settings):
        settings.MAIL_LIMITS = [(2, 3600)]
        client = signed_in(make_account())
        post(EMAIL, client, email="new@example.org", action_add="")
        assert statuses(2, EMAIL, client, email="new@example.org", action_send="") == [302, 429]

    def test_are_chosen_and_taken_away_without_being_counted(self):
        account = make_account()
        client = signed_in(account)
        assert statuses(9, EMAIL, client, email=account.email, action_primary="") == [302] * 9
        assert statuses(9, EMAIL, client, email="none@example.org", action_remove="") == [302] * 9
        assert LimitWindow.objects.count() == 0


class TestPasswordOfWhoIsSignedIn:
    @pytest.mark.parametrize(
        ("path", "field"),
        [
            ("/accounts/reauthenticate/", "password"),
            ("/accounts/password/change/", "oldpassword"),
            ("/admin/password_change/", "old_password"),
        ],
    )
    def test_is_tried_ten_times(self, path, field):
        client = signed_in(make_account(is_staff=True))
        assert statuses(11, path, client, **{field: "wrong"}) == [200] * 10 + [429]

    def test_is_counted_together_wherever_it_is_asked_for_and_wherever_they_are(self, settings):
        settings.SIGN_IN_LIMITS = [(2, 300)]
        client = signed_in(make_account(is_staff=True))
        post("/accounts/reauthenticate/", client, password="wrong")
        post("/admin/password_change/", client, network="192.0.2.2", old_password="wrong")
        assert post("/accounts/password/change/", client, network="192.0.2.3", oldpassword="wrong").status_code == 429

    def test_is_not_used_up_by_others_at_sign_in(self):
        account = make_account()
        assert statuses(11, LOGIN, login=account.email, password="wrong")[-1] == 429
        assert post("/accounts/reauthenticate/", signed_in(account), password=PASSWORD).status_code == 302

    def test_is_first_set_within_the_same_count(self, settings):
        settings.SIGN_IN_LIMITS = [(1, 300)]
        client = signed_in(make_user())
        assert statuses(2, "/accounts/password/set/", client, password1="short", password2="short") == [200, 429]


class TestLinksFromMail:
    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/accounts/confirm-email/zq/", 404),
            ("/accounts/password/reset/key/1-zq/", 200),
            ("/accounts/login/code/confirm/", 302),
        ],
    )
    def test_are_tried_sixty_times_from_a_network_together_with_passwords(self, path, status):
        answers = [post(LOGIN, login="ada@example.org", password="wrong")]
        answers += [post(path) for _ in range(60)]
        assert [answer.status_code for answer in answers] == [200] + [status] * 59 + [429]
        assert re.fullmatch(r"\d+", answers[-1]["Retry-After"])

    def test_still_work_within_that(self):
        sign_up("zoe@example.org")
        (path,) = re.findall(r"https?://\S+?(/accounts/confirm-email/\S+)", mail.outbox[0].body)
        post(path)
        assert User.objects.get().emailaddress_set.get().verified
