"""Traps for programs in a guest's form."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from comments import services
from comments.models import Comment
from comments.services import PostedForm
from moderation import forms_guard
from moderation.checks import traps as module
from moderation.checks.traps import traps
from moderation.forms_guard import new_token
from tests.factories import make_article, make_comment, make_user
from tests.moderation.checks.sending import sent, sent_by_guest
from tests.racing import race

# Ten seconds before midnight, UTC: the windows that others count in end within the token's life.
LATE = 1_767_311_990.0
HOUR = 3600


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = SimpleNamespace(now=LATE)
    for user in (forms_guard, module):
        monkeypatch.setattr(user, "time", SimpleNamespace(time=lambda: clock.now))
    return clock


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def send(article):
    def send(token, trap=""):
        return traps(sent_by_guest(article, form=PostedForm(trap=trap, token=token)))

    return send


def said(result):
    return result.verdict, result.reason, result.evidence.get("traps")


@pytest.mark.django_db
class TestAPerson:
    @pytest.mark.parametrize("seconds", [3, 60, HOUR, 24 * HOUR])
    def test_springs_none(self, send, clock, seconds):
        token = new_token()
        clock.now += seconds
        assert said(send(token)) == ("pass", "", [])


@pytest.mark.django_db
class TestOne:
    def test_is_the_field_that_nobody_sees(self, send, clock):
        token = new_token()
        clock.now += 60
        assert said(send(token, trap="https://spam.example")) == ("hold", "trap", ["hidden_field"])

    def test_keeps_nothing_of_what_was_filled_in(self, send, clock):
        token = new_token()
        clock.now += 60
        assert "spam" not in str(send(token, trap="https://spam.example").evidence)

    def test_is_a_missing_token(self, send):
        assert said(send("")) == ("hold", "trap", ["no_token"])

    @pytest.mark.parametrize("token", ["x", "nonce.1767268800000:signature"])
    def test_is_a_forged_token(self, send, token):
        assert said(send(token)) == ("hold", "trap", ["forged_token"])

    @pytest.mark.parametrize("seconds", [0, 2.9, -5])
    def test_is_a_form_sent_at_once(self, send, clock, seconds):
        token = new_token()
        clock.now += seconds
        assert said(send(token)) == ("hold", "trap", ["young_token"])

    @pytest.mark.parametrize("seconds", [24 * HOUR + 1, 30 * 24 * HOUR])
    def test_is_a_form_older_than_a_day(self, send, clock, seconds):
        token = new_token()
        clock.now += seconds
        assert said(send(token)) == ("hold", "trap", ["old_token"])

    # Before midnight, after it, and at the end of the token's life.
    @pytest.mark.parametrize("later", [1, 60, 23 * HOUR])
    def test_is_a_token_that_was_used(self, send, clock, later):
        token = new_token()
        clock.now += 5
        assert said(send(token)) == ("pass", "", [])
        clock.now += later
        assert said(send(token)) == ("hold", "trap", ["used_token"])


@pytest.mark.django_db
class TestTwo:
    def test_go_to_the_spam(self, send):
        assert said(send("", trap="x")) == ("spam", "traps", ["hidden_field", "no_token"])
        assert said(send("forged", trap="x")) == ("spam", "traps", ["hidden_field", "forged_token"])

    def test_go_to_the_spam_when_one_token_is_sent_twice_at_once(self, send):
        token = new_token()
        assert said(send(token)) == ("hold", "trap", ["young_token"])
        assert said(send(token)) == ("spam", "traps", ["young_token", "used_token"])

    def test_take_the_comment_there(self, article, settings):
        settings.COMMENT_CHECKS = ["moderation.checks.traps.traps"]
        comment = services.submit(sent_by_guest(article, form=PostedForm(trap="x", token="")))
        assert (comment.state, comment.state_reason) == ("spam", "traps")


@pytest.mark.django_db
class TestNobodyElse:
    def test_is_looked_at_who_is_signed_in(self, article):
        submission = sent(make_user(), article, form=PostedForm(trap="x", token=""))
        assert said(traps(submission)) == ("pass", "", None)

    def test_is_looked_at_who_sends_no_form(self, article):
        assert said(traps(sent_by_guest(article))) == ("pass", "", None)

    def test_is_looked_at_who_edits(self, article):
        comment = Comment.objects.get(pk=make_comment(article, make_user()).pk)
        form = PostedForm(trap="x", token="")
        assert said(traps(sent_by_guest(article, form=form, comment=comment))) == ("pass", "", None)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_one_of_many_uses_a_token_first(self, send, clock):
        token = new_token()
        clock.now += timedelta(minutes=1).total_seconds()
        results = race([lambda: send(token)] * 8)
        assert sorted(result.reason for result in results) == ["", *["trap"] * 7]
