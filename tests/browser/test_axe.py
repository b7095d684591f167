"""No page breaks a rule that axe-core can find, in light or in dark. (WCAG 2.2, and axe's own best practices)"""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import get_resolver, resolve
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import guests
from accounts.models import GuestLink
from articles.models import Article, Publishing
from comments.anchoring import Status
from comments.models import Anchor, Comment, Decision, LegalHold
from comments.states import State
from delivery.stopping import stop_link
from moderation.models import Flag, Reason, Sanction
from moderation.services.flagging import flag
from tests.browser.steps import AWKWARD, MAIN, make_reader, sign_in
from tests.factories import make_comment, make_guest_comment, revise

EMAIL = "nora@example.org"
ADMIN = "root@example.org"
# But for what Swagger UI draws, and the widgets of Django's admin.
OURS = {"exclude": [[".swagger-ui"], [".select2-container"]]}
QUOTE = "governments test some models"
# By who looks; what stands in braces is made by `make_site`.
PLACES = {
    "anybody": [
        "/", "/category/ai-news/", MAIN, f"{MAIN}?sort=newest", f"{MAIN}revisions/1/", AWKWARD, f"{MAIN}comment/",
        f"{MAIN}comment/?revision=2&start=10&end=40", f"{MAIN}comment/?parent={{public}}", "/comments/{changed}/",
        "/comments/{changed}/passage/", "/comments/{changed}/beside/",
        "/comments/{changed}/around/", "/comments/{guest}/claim/",
        "/comments/{gone}/", "/comments/sent/", "/guests/asked/", "/guests/confirm/{prove}/",
        "/guests/manage/{manage}/", "/guests/confirm/nothing/", "/guests/manage/nothing/", "/mail/stop/{stop}/",
        "/mail/stop/nothing/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/",
        "/accounts/password/reset/done/", "/accounts/password/reset/key/1-nothing/",
        "/accounts/password/reset/key/done/", "/accounts/confirm-email/", "/accounts/confirm-email/nothing/",
        "/accounts/inactive/", "/me/", "/admin/login/", "/api/docs/", "/nothing/",
    ],
    "reader": [
        "/comments/{public}/", "/comments/{public}/flag/", "/comments/{own}/", "/comments/{own}/edit/",
        "/comments/{own}/withdraw/", "/comments/{old}/correct/", "/comments/{withdrawn}/restore/",
        "/comments/{held}/", "/comments/{lost}/passage/", "/comments/{unsure}/passage/", "/me/",
        "/accounts/email/", "/accounts/password/change/", "/accounts/reauthenticate/", "/accounts/logout/",
    ],
    "root": [
        "/admin/", "/admin/articles/", "/admin/articles/article/", "/admin/articles/article/add/",
        "/admin/articles/article/{article}/change/", "/admin/articles/article/{article}/preview/",
        "/admin/articles/article/{article}/publish/", "/admin/articles/article/{article}/unpublish/",
        "/admin/articles/article/{article}/revisions/1/take-up/", "/admin/articles/article/{large}/publishing/",
        "/admin/articles/category/", "/admin/articles/category/add/", "/admin/articles/category/{category}/change/",
        "/admin/comments/comment/", "/admin/comments/comment/{pk}/change/", "/admin/comments/decision/",
        "/admin/comments/decision/{decision}/change/",
        "/admin/comments/legalhold/", "/admin/comments/legalhold/{hold}/change/", "/admin/moderation/flag/",
        "/admin/moderation/flag/{flag}/change/", "/admin/moderation/sanction/",
        "/admin/moderation/sanction/add/?comment={pk}",
        "/admin/moderation/sanction/{sanction}/change/", "/admin/moderation/sanction/{sanction}/lift/",
        "/admin/moderation/waiting/", "/admin/moderation/waiting/{waiting}/", "/admin/moderation/lostpassage/",
        "/admin/accounts/user/",
        "/admin/accounts/user/add/",
    ],
}  # fmt: skip
# No pages of ours: programs read them, they take a form or lead on alone, or Django and its apps draw them.
NO_PAGES = (
    "api/v1/", "api/schema/", "api/<path:rest>", "me/article/", "me/summary.json", "me/mail/", "me/warnings/",
    "comments/<key:public_id>/vote/", "admin/moderation/waiting/many/", "admin/moderation/waiting/<int:pk>/hold/",
    "admin/moderation/waiting/<int:pk>/release/", "admin/moderation/waiting/<int:pk>/erase/", "admin/jsi18n/",
    "admin/autocomplete/", "admin/r/", "admin/logout/", "admin/password_change/", "admin/auth/",
    "admin/accounts/apitoken/", "admin/accounts/user/<", "admin/account/",
    "admin/comments/comment/add/", "admin/comments/decision/add/", "admin/moderation/flag/add/",
    "admin/comments/legalhold/add/", "admin/moderation/lostpassage/<int:pk>/attach/",
    "admin/django_tasks_database/", "admin/(?P<url>.*)$", "accounts/login/code/confirm/", "accounts/password/set/",
)  # fmt: skip
DJANGOS = ("history/", "delete/", "<path:object_id>/")


def make_site() -> dict[str, object]:
    """The demo with what the places name: comments in every state that has a page of its own, links, a draft."""
    nora = make_reader("Nora Blum", EMAIL)
    root = make_reader("Root", ADMIN, is_staff=True, is_superuser=True)
    article = Article.objects.select_related("current_revision").get(slug=MAIN.split("/")[2])
    public = Comment.objects.filter(article=article, public_revision__isnull=False, author__isnull=False).first()
    guest = make_guest_comment(article, text="By a guest.")
    unproven = make_guest_comment(article, text="Not proven.", is_proven=False)
    own = make_comment(article, nora, "Mine.", quote="Many flaws known today")
    lost, unsure, old = (make_comment(article, nora, word, quote=QUOTE) for word in ("Lost.", "Unsure.", "Old."))
    Anchor.objects.filter(comment=lost).update(now_status=Status.ORPHANED, now_start=None, now_end=None)
    Anchor.objects.filter(comment=unsure).update(now_status=Status.UNCERTAIN)
    Comment.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=1))
    states = {"held": State.HELD, "withdrawn": State.WITHDRAWN, "gone": State.REJECTED}
    own_by_state = {name: make_comment(article, nora, "Words.", state=state).key for name, state in states.items()}
    waiting = make_comment(article, nora, "Waits.", state=State.HELD)
    sanction = Sanction.objects.create(person=nora, kind="warn", message="Be kind.", made_by=root)
    large = Article.objects.get(slug=AWKWARD.split("/")[2])
    Publishing.objects.create(article=large, draft_version=1, old=large.current_revision, total=12_000, done=500)
    hold = LegalHold.objects.create(comment=public, case_ref="1", authority="A court", placed_by=root)
    flag(public, by=nora, reason=Reason.SPAM)
    # What publishing it would do has something of everything.
    draft = article.draft_source.replace("governments test some", "states test a few").replace("Many flaws known", "")
    revise(article, draft, is_published=False)
    return own_by_state | {
        "public": public.key,
        "changed": Comment.objects.filter(anchor__now_status="changed")[0].key,
        "guest": guest.key,
        "own": own.key,
        "old": old.key,
        "lost": lost.key,
        "unsure": unsure.key,
        "prove": guests.make_link(unproven.guest, GuestLink.Purpose.PROVE, unproven.pk),
        "manage": guests.make_link(guest.guest, GuestLink.Purpose.MANAGE, guest.pk),
        "stop": stop_link(nora).rstrip("/").rsplit("/")[-1],
        "article": article.pk,
        "category": article.category_id,
        "pk": public.pk,
        "waiting": waiting.pk,
        "sanction": sanction.pk,
        "large": large.pk,
        "hold": hold.pk,
        "flag": Flag.objects.get().pk,
        "decision": Decision.objects.latest("pk").pk,
    }


def found_on(page: Page, **options) -> dict[str, list[str]]:
    """What is wrong with a page: each rule, with the elements that break it."""
    # It would load style sheets once more, from where it is: what their pages forbid.
    options = {"preload": False, "resultTypes": ["violations"], **options}
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("([context, options]) => axe.run(context, options)", [OURS, options])["violations"]
    return {one["id"]: [node["html"][:160] for node in one["nodes"]][:5] for one in found}


def in_both(page: Page) -> dict[str, list[str]]:
    """What is wrong in light, and in dark with what has to do with colours: nothing else differs."""
    turn(page, "light")
    light = found_on(page)
    turn(page, "dark")
    dark = found_on(page, runOnly={"type": "rule", "values": ["color-contrast", "link-in-text-block"]})
    return light | {f"{rule}, dark": nodes for rule, nodes in dark.items()}


def turn(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    # The admin's links fade from one colour to the other.
    page.wait_for_function("() => document.getAnimations().length === 0")


def all_wrong(page: Page, paths) -> dict[str, dict[str, list[str]]]:
    wrong = {}
    for path in paths:
        page.goto(path)
        wrong[path] = in_both(page)
    return {path: found for path, found in wrong.items() if found}


def open_signed_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    sign_in(page, email)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def places(who: str, site: dict[str, object]) -> list[str]:
    return [place.format(**site) for place in PLACES[who]]


def routes(patterns=None, before: str = "") -> set[str]:
    """Every address there is, as the URL configuration writes it."""
    found = set()
    for one in get_resolver().url_patterns if patterns is None else patterns:
        # As a match has it.
        whole = before + str(one.pattern).removeprefix("^")
        found |= routes(one.url_patterns, whole) if hasattr(one, "url_patterns") else {whole}
    return found


def test_every_page_is_in_the_list():
    named = dict.fromkeys(re.findall(r"{(\w+)}", str(PLACES)), "1")
    keys = re.findall(r"/comments/{(\w+)}", str(PLACES))
    paths = [place.split("?")[0] for who in PLACES for place in PLACES[who] if place != "/nothing/"]
    looked_at = {resolve(path.format(**named | dict.fromkeys(keys, "A" * 22))).route for path in paths}
    others = {route for route in routes() if route.startswith(NO_PAGES) or route.endswith(DJANGOS)}
    assert routes() - looked_at - others == set()


class TestPages:
    def test_that_everybody_sees(self, demo, open_page, complaints):
        assert all_wrong(open_page(), places("anybody", make_site())) == {}
        assert all_wrong(open_page(viewport={"width": 390, "height": 800}), ["/", MAIN, f"{MAIN}comment/"]) == {}
        # Addresses of nothing are among them.
        assert [line for line in complaints if "404" not in line and "410" not in line] == []
        complaints.clear()

    @pytest.mark.parametrize(("who", "email"), [("reader", EMAIL), ("root", ADMIN)])
    def test_that_are_for_one(self, demo, open_page, who, email):
        site = make_site()
        page = open_page()
        open_signed_in(page, email)
        assert all_wrong(page, places(who, site)) == {}

    def test_while_something_is_written(self, demo, open_page, complaints):
        page = open_page(reduced_motion="reduce", viewport={"width": 1360, "height": 900})
        page.goto(MAIN)
        page.wait_for_selector("#article_text[data-is-stale]")
        page.locator("#article_text p").first.hover()
        page.locator("#article_text p .on-block").first.click()
        panel = page.locator("#panel")
        expect(panel.locator("textarea")).to_be_focused()
        assert in_both(page) == {}
        panel.get_by_role("button", name="Post comment").click()
        expect(panel.locator(".errorlist")).to_be_visible()
        assert in_both(page) == {}
        panel.locator("textarea").fill("Words.")
        panel.get_by_role("button", name="Post comment").click()
        expect(panel.get_by_label("E-mail")).to_be_visible()
        assert in_both(page) == {}
        assert [line for line in complaints if "400" not in line] == []
        complaints.clear()
