"""The fields that guests' forms carry against programs."""

import re
from types import SimpleNamespace

import pytest
from django import forms
from django.core.signing import Signer
from django.http import QueryDict
from django.template.loader import render_to_string

from comments.submission import PostedForm
from moderation import forms_guard
from moderation.forms_guard import GuardFields, new_token, posted_form, read_token

NOON = 1_767_268_800.25


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = SimpleNamespace(now=NOON)
    monkeypatch.setattr(forms_guard, "time", SimpleNamespace(time=lambda: clock.now))
    return clock


class NameForm(GuardFields):
    name = forms.CharField()


class TestToken:
    def test_tells_when_it_was_made(self, clock):
        token = new_token()
        clock.now = NOON + 60
        assert read_token(token).made_at == NOON

    def test_is_another_each_time(self):
        nonces = {read_token(new_token()).nonce for _ in range(50)}
        assert len(nonces) == 50
        # 128 random bits.
        assert {len(nonce) for nonce in nonces} == {22}

    @pytest.mark.parametrize(
        "forge",
        [
            lambda token: "",
            lambda token: "x",
            lambda token: token[:-1],
            lambda token: token.replace("1767268800250", "1767268860250"),
            lambda token: Signer().sign("nonce.1767268800250"),
            lambda token: f"{token}\0",
            lambda token: f"é{token}",
        ],
    )
    def test_is_none_when_it_was_made_by_others(self, forge):
        assert read_token(forge(new_token())) is None

    def test_is_none_of_another_site(self, settings):
        token = new_token()
        settings.SECRET_KEY = "another-site-" * 4
        assert read_token(token) is None


class TestGuardFields:
    def test_are_never_wrong(self):
        assert NameForm({"name": "Ada"}).is_valid()
        assert NameForm({"name": "Ada", "website": "x" * 5000, "guard": "\0"}).is_valid()

    def test_carry_a_fresh_token_even_where_one_was_sent(self):
        sent = new_token()
        drawn = [
            re.search('value="([^"]+)"', str(form["guard"]))[1] for form in (NameForm(), NameForm({"guard": sent}))
        ]
        assert all(read_token(token) for token in drawn)
        assert len({sent, *drawn}) == 3

    def test_are_met_by_programs_alone(self):
        html = render_to_string("pages/_guard.html", {"form": NameForm()})
        assert '<p class="guard"><label for="id_website">Leave this field empty:</label> ' in html
        field = re.search("<input[^>]*name=.website.[^>]*>", html)[0]
        assert 'autocomplete="off"' in field
        assert 'tabindex="-1"' in field
        assert '<input type="hidden" name="guard"' in html

    def test_are_hidden_from_keyboard_and_screen_reader_by_the_style_sheet(self, settings):
        css = (settings.BASE_DIR / "static/skycrumbs/forms.css").read_text()
        assert re.search(r"^\.guard \{ display: none; \}", css, re.MULTILINE)


class TestPostedForm:
    def test_is_what_the_two_fields_brought(self):
        assert posted_form(QueryDict("website=spam&guard=abc&name=Ada")) == PostedForm(trap="spam", token="abc")

    def test_is_empty_when_they_were_not_sent(self):
        assert posted_form(QueryDict("name=Ada")) == PostedForm(trap="", token="")

    def test_is_cut_when_it_is_longer_than_any_of_ours(self):
        posted = posted_form({"website": "x" * 5000, "guard": "y" * 5000})
        assert (len(posted.trap), len(posted.token)) == (200, 200)
        assert len(new_token()) < 200
