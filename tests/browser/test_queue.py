"""A moderator works through the queue by keyboard alone, and without JavaScript too."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from comments import services as comments
from comments.models import Comment, Decision
from comments.states import State
from moderation import services
from moderation.models import Reason
from tests.factories import make_article, make_comment, make_user
from tests.moderation.moderators import moderator

QUEUE = "/admin/moderation/waiting/"


@pytest.fixture
def mo(transactional_db):
    return moderator()


@pytest.fixture
def open_queue(open_page, live_server):
    def open_queue(user: User, **options) -> Page:
        client, name = Client(), settings.SESSION_COOKIE_NAME
        client.force_login(user)
        page = open_page(**options)
        # A cookie with the prefix __Host- is set for https alone, and sent to localhost without it too.
        url = live_server.url.replace("http:", "https:")
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url, "secure": True}])
        page.goto(QUEUE)
        return page

    return open_queue


def make_ten() -> list[Comment]:
    """Ten that wait, in the order of the queue: two reported, an edit, seven held; the last behind a reply."""
    article, ada = make_article(), make_user("Ada")
    reported = [make_comment(article, ada, f"Reported {number}.", quote="Small birds") for number in (1, 2)]
    for comment in reported:
        services.flag(comment, by=make_user(), reason=Reason.ABUSE)
    edited = make_comment(article, ada, "The old text.", state=State.HELD_EDIT)
    held = [make_comment(article, make_user(f"Writer {n}"), f"Held {n}.", state=State.HELD) for n in range(7)]
    return [*reported, edited, *held]


def decided() -> list[tuple]:
    made = Decision.objects.filter(role="moderator").order_by("pk")
    return [(one.comment_id, one.act, one.now, one.reason, one.note) for one in made]


class TestTenItems:
    def test_are_judged_by_keyboard_alone(self, mo, open_queue):
        ten = make_ten()
        page = open_queue(mo)
        press = page.keyboard.press
        card = page.locator("[data-card]")
        expect(card).to_have_count(10)
        press("j")
        for number, keys in enumerate(["e", "r1", "e", "a", "s", "r2", "a"]):
            expect(page.locator(f"#comment-{ten[number].pk}")).to_be_focused()
            for key in keys:
                press(key)
        expect(card).to_have_count(3)
        # The last but one needs a note, which is typed: letters are no keys there.
        press("j")
        press("r")
        press("5")
        expect(page.get_by_label("To its author").nth(1)).to_be_focused()
        page.keyboard.type("jars")
        press("Tab")
        press("Escape")
        press("r")
        press("Tab")
        press("Enter")
        expect(card).to_have_count(2)
        press("k")
        press("x")
        press("j")
        press("x")
        press("Shift+R")
        press("3")
        expect(page.get_by_text("2 of 2 were judged.")).to_be_visible()
        keys = [one.pk for one in ten]
        assert decided() == [
            (keys[0], "kept", "open", "", ""),
            (keys[1], "state", "rejected", "abuse", ""),
            (keys[2], "state", "approved", "edit_refused", ""),
            (keys[3], "state", "approved", "", ""),
            (keys[4], "state", "spam", "", ""),
            (keys[5], "state", "rejected", "off_topic", ""),
            (keys[6], "state", "approved", "", ""),
            (keys[8], "state", "rejected", "other", "jars"),
            (keys[7], "state", "rejected", "personal_data", ""),
            (keys[9], "state", "rejected", "personal_data", ""),
        ]
        assert Comment.objects.waiting().count() == 0


class TestWhileOthersJudge:
    def test_a_stale_ruling_shows_the_fresh_card_and_keeps_what_was_typed(self, mo, open_queue, complaints):
        ten = make_ten()
        page = open_queue(mo)
        card = page.locator(f"#comment-{ten[3].pk}")
        card.get_by_text("Notes").click()
        card.get_by_label("To its author").fill("Not like this.")
        comments.edit(ten[3], by=ten[3].author, text="Held 0, but better.")
        card.get_by_role("button", name="Spam").click()
        expect(card.get_by_text("The comment changed since you read it.")).to_be_visible()
        expect(page.get_by_text("What happened since you read it")).to_be_visible()
        expect(card.get_by_text("Held 0, but better.")).to_be_visible()
        expect(card.get_by_label("To its author")).to_have_value("Not like this.")
        expect(card).to_be_focused()
        expect(page.locator("[data-card]")).to_have_count(10)
        complaints.remove(next(said for said in complaints if "409" in said))
        card.get_by_role("button", name="Spam").click()
        expect(page.locator("[data-card]")).to_have_count(9)
        assert decided() == [(ten[3].pk, "state", "spam", "", "Not like this.")]

    def test_a_card_stays_when_nobody_answers(self, mo, open_queue, complaints):
        ten = make_ten()
        page = open_queue(mo)
        page.context.set_offline(True)
        page.keyboard.press("j")
        page.keyboard.press("s")
        expect(page.get_by_text("It could not be sent. Try again.")).to_be_visible()
        expect(page.locator(f"#comment-{ten[0].pk}")).to_be_focused()
        page.context.set_offline(False)
        page.keyboard.press("s")
        expect(page.locator("[data-card]")).to_have_count(9)
        meant = {"Failed to load resource: net::ERR_INTERNET_DISCONNECTED"}
        assert set(complaints) == meant
        complaints.clear()


class TestDecidingAgain:
    def test_is_two_keys_and_leads_back(self, mo, open_queue):
        ten = make_ten()
        page = open_queue(mo)
        page.keyboard.press("j")
        page.keyboard.press("s")
        expect(page.locator("[data-card]")).to_have_count(9)
        page.keyboard.press("u")
        expect(page.get_by_text("You decide this one again.")).to_be_visible()
        expect(page.locator(f"#comment-{ten[0].pk}")).to_be_focused()
        page.keyboard.press("a")
        expect(page.get_by_text("Approve: the comment by Ada.")).to_be_visible()
        expect(page.locator("[data-card]")).to_have_count(9)
        spam, approved = Decision.objects.filter(role="moderator")
        assert (spam.now, approved.now, approved.reverses) == ("spam", "approved", spam)


class TestWithoutJavaScript:
    def test_rulings_are_forms(self, mo, open_queue):
        ten = make_ten()
        page = open_queue(mo, java_script_enabled=False)
        card = page.locator(f"#comment-{ten[0].pk}")
        card.get_by_label("Reason").select_option("abuse")
        card.get_by_role("button", name="Reject").click()
        expect(page.get_by_text("Reject: the comment by Ada.")).to_be_visible()
        expect(page).to_have_url(f"{QUEUE}#comment-{ten[1].pk}")
        for comment in ten[3:5]:
            page.locator(f"#comment-{comment.pk}").get_by_role("checkbox").check()
        page.get_by_role("form", name="All that are ticked").get_by_role("button", name="Approve").click()
        expect(page.get_by_text("2 of 2 were judged.")).to_be_visible()
        page.get_by_role("link", name="Back to the queue").click()
        expect(page.locator("[data-card]")).to_have_count(7)
        assert [one[2] for one in decided()] == ["rejected", "approved", "approved"]


class TestSignOut:
    def test_leaves_no_draft_in_the_browser(self, mo, open_queue):
        page = open_queue(mo)
        page.evaluate("() => localStorage.setItem('skycrumbs.draft {}', '{}')")
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_role("button", name="Log out")).to_have_count(0)
        kept = page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('skycrumbs.draft'))")
        assert kept == []
