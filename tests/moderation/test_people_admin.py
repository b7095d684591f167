"""Sanctions and limits in the admin: who may set them, and what they show."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import Guest, User
from articles.models import Article, Category
from comments.models import Comment, ModerationScope
from comments.scopes import scope_of
from moderation import services
from moderation.models import Sanction
from tests.factories import make_article, make_comment, make_user
from tests.moderation.moderators import limited, moderator

pytestmark = pytest.mark.django_db

SANCTIONS = "/admin/moderation/sanction/"
WARNING = {"kind": "warn", "message": "Be <kind>.", "ends_at": ""}


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def mo():
    return moderator()


@pytest.fixture
def desk(mo):
    return client_of(mo)


def guests(comment: Comment) -> Comment:
    """`comment` as a guest's."""
    guest = Guest.objects.create(email="gus@example.org")
    Comment.objects.filter(pk=comment.pk).update(author=None, guest=guest, guest_name="Gus")
    return Comment.objects.get(pk=comment.pk)


class TestLaying:
    def test_is_offered_on_the_page_of_a_comment_and_of_a_person(self, desk, mo):
        comment = make_comment(make_article(), make_user())
        assert (
            f"{SANCTIONS}add/?comment={comment.pk}"
            in desk.get(f"/admin/moderation/waiting/{comment.pk}/").content.decode()
        )
        mo.user_permissions.add(Permission.objects.get(codename="view_user"))
        page = f"/admin/accounts/user/{comment.author_id}/change/"
        assert f"{SANCTIONS}add/?person={comment.author_id}" in desk.get(page).content.decode()
        some = limited(moderator("Max", "view_user"), comment.article)
        assert SANCTIONS not in client_of(some).get(page).content.decode()

    def test_leads_to_the_list_for_those_who_may_read_it(self, desk):
        comment = make_comment(make_article(), make_user())
        page, trail = f"{SANCTIONS}add/?comment={comment.pk}", f'<a href="{SANCTIONS}">Sanctions</a>'
        assert trail in desk.get(page).content.decode()
        answer = client_of(limited(moderator("Max"), comment.article)).get(page)
        assert (answer.status_code, trail in answer.content.decode()) == (403, False)

    def test_by_way_of_a_comment_keeps_the_cause(self, desk, mo):
        comment = make_comment(make_article(), make_user("Ada"))
        page = f"{SANCTIONS}add/?comment={comment.pk}"
        assert "<bdi>Ada</bdi>" in desk.get(page).content.decode()
        answer = desk.post(page, {"kind": "hold", "message": "Be kind.", "ends_at": "2199-05-16T12:00"})
        assert answer["Location"] == f"/admin/moderation/waiting/{comment.pk}/"
        laid = Sanction.objects.get()
        assert (laid.person, laid.kind, laid.comment, laid.made_by) == (comment.author, "hold", comment, mo)
        assert laid.ends_at.isoformat() == "2199-05-16T12:00:00+00:00"

    def test_on_a_guest_shows_the_name_and_no_address(self, desk):
        comment = guests(make_comment(make_article(), make_user()))
        page = f"{SANCTIONS}add/?comment={comment.pk}"
        form = desk.get(page)
        desk.post(page, WARNING)
        laid = Sanction.objects.get()
        assert (laid.person, laid.guest) == (None, comment.guest)
        for answer in (form, desk.get(SANCTIONS), desk.get(f"{SANCTIONS}{laid.pk}/lift/")):
            assert "Gus" in answer.content.decode()
            assert "gus@example.org" not in answer.content.decode()

    def test_on_a_person_leads_to_the_list(self, desk):
        ada = make_user("Ada")
        assert desk.post(f"{SANCTIONS}add/?person={ada.pk}", WARNING)["Location"] == SANCTIONS
        content = desk.get(SANCTIONS).content.decode()
        assert "Be &lt;kind&gt;." in content
        assert not LogEntry.objects.exists()

    @pytest.mark.parametrize("query", ["", "?person=", "?person=x", "?comment=0", "?person=99999999999999999999"])
    def test_on_nobody_is_404(self, desk, query):
        assert desk.get(f"{SANCTIONS}add/{query}").status_code == 404

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"message": ""}, "This field is required."),
            ({"message": "\u200b"}, "Say why: they are shown this message."),
            ({"kind": "ban"}, "Select a valid choice."),
            ({"ends_at": "2199-05-16T12:00"}, "A warning has no end."),
            ({"kind": "hold", "ends_at": "2020-05-16T12:00"}, "Choose an end that is still to come."),
        ],
    )
    def test_that_is_incomplete_is_400_with_what_was_typed(self, desk, changes, words):
        page = f"{SANCTIONS}add/?person={make_user().pk}"
        answer = desk.post(page, {**WARNING, "message": "Kept."} | changes)
        content = answer.content.decode()
        assert answer.status_code == 400
        assert words in content
        assert "message" in changes or "Kept.</textarea>" in content
        assert not Sanction.objects.exists()

    def test_is_403_in_words_for_a_limited_moderator(self):
        comment = make_comment(make_article(), make_user())
        client = client_of(limited(moderator(), comment.article))
        for ask in (client.get, lambda page: client.post(page, WARNING)):
            answer = ask(f"{SANCTIONS}add/?comment={comment.pk}")
            assert answer.status_code == 403
            assert "not limited to a part of it" in answer.content.decode()
        assert client.get(SANCTIONS).status_code == 403
        assert not Sanction.objects.exists()

    def test_tells_a_limited_moderator_of_no_sanction(self, mo):
        comment = make_comment(make_article(), make_user("Ada"))
        services.sanction(comment.author, Sanction.Kind.HOLD, message="You wrote elsewhere.", by=mo)
        client = client_of(limited(moderator(), comment.article))
        assert "elsewhere" not in client.get(f"{SANCTIONS}add/?comment={comment.pk}").content.decode()
        answer = client.get(f"{SANCTIONS}add/?person={comment.author_id}")
        assert answer.status_code == 403
        assert "Ada" not in answer.content.decode()

    def test_is_403_on_staff_and_for_staff_who_moderate_nothing(self, desk):
        page = f"{SANCTIONS}add/?person={moderator('Max').pk}"
        answer = desk.post(page, WARNING)
        assert answer.status_code == 403
        assert "Only a superuser" in answer.content.decode()
        nobody = client_of(make_user(is_staff=True))
        assert nobody.post(f"{SANCTIONS}add/?person={make_user().pk}", WARNING).status_code == 403
        assert not Sanction.objects.exists()

    def test_by_way_of_what_is_elsewhere_is_404(self, mo):
        comment = make_comment(make_article(), make_user())
        client = client_of(limited(mo, make_article()))
        assert client.get(f"{SANCTIONS}add/?comment={comment.pk}").status_code == 404


class TestLifting:
    def test_is_asked_for_and_then_done(self, desk, mo):
        laid = services.sanction(make_user("Ada"), Sanction.Kind.SUSPEND, message="Be <kind>.", by=mo)
        assert f"{SANCTIONS}{laid.pk}/lift/" in desk.get(SANCTIONS).content.decode()
        assert "Be &lt;kind&gt;." in desk.get(f"{SANCTIONS}{laid.pk}/lift/").content.decode()
        assert Sanction.objects.standing().exists()
        assert desk.post(f"{SANCTIONS}{laid.pk}/lift/")["Location"] == SANCTIONS
        assert Sanction.objects.get().lifted_by == mo
        assert f"{SANCTIONS}{laid.pk}/lift/" not in desk.get(SANCTIONS).content.decode()
        assert desk.post(f"{SANCTIONS}{laid.pk}/lift/").status_code == 409

    def test_is_403_for_a_limited_moderator(self, mo):
        laid = services.sanction(make_user(), Sanction.Kind.SUSPEND, message="Hm.", by=mo)
        client = client_of(limited(moderator(), make_article()))
        for ask in (client.get, client.post):
            answer = ask(f"{SANCTIONS}{laid.pk}/lift/")
            assert answer.status_code == 403
            assert "Hm." not in answer.content.decode()
        assert Sanction.objects.standing().exists()


class TestList:
    def test_changes_nothing_by_itself(self, mo):
        laid = services.sanction(make_user(), Sanction.Kind.SUSPEND, message="Hm.", by=mo)
        client = client_of(make_user(is_staff=True, is_superuser=True))
        assert client.get(f"{SANCTIONS}{laid.pk}/change/").status_code == 200
        for page in ("change/", "delete/"):
            assert client.post(f"{SANCTIONS}{laid.pk}/{page}", {"post": "yes", "message": "x"}).status_code == 403
        assert Sanction.objects.get().message == "Hm."

    @pytest.mark.parametrize("number", [1, 20])
    def test_takes_the_same_queries_at_two_sizes(self, desk, mo, number, django_assert_num_queries):
        for _ in range(number):
            comment = make_comment(make_article(), make_user())
            services.sanction(comment.author, Sanction.Kind.WARN, message="Hm.", by=mo, comment=comment)
        with django_assert_num_queries(7):
            desk.get(SANCTIONS)


def limits_form(person, **changes: str) -> dict[str, str]:
    form = {
        "username": person.username,
        "name": person.name,
        "email": person.email,
        "is_active": "on",
        "is_staff": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "12:00:00",
        "moderation_scopes-TOTAL_FORMS": "1",
        "moderation_scopes-INITIAL_FORMS": "0",
    }
    return form | changes


class TestLimits:
    @pytest.fixture
    def art(self):
        return Category.objects.create(slug="art", name="Art")

    def test_are_set_on_the_page_of_a_person_by_a_superuser(self, mo, art):
        client, page = client_of(make_user(is_staff=True, is_superuser=True)), f"/admin/accounts/user/{mo.pk}/change/"
        assert "moderation_scopes-0-category" in client.get(page).content.decode()
        sent = limits_form(mo, **{"moderation_scopes-0-category": str(art.pk)})
        assert client.post(page, sent).status_code == 302
        assert list(ModerationScope.objects.values_list("user", "category", "article")) == [(mo.pk, art.pk, None)]

    def test_are_a_category_or_an_article_and_not_both(self, mo, art):
        client, page = client_of(make_user(is_staff=True, is_superuser=True)), f"/admin/accounts/user/{mo.pk}/change/"
        both = {"moderation_scopes-0-category": art.pk, "moderation_scopes-0-article": make_article().pk}
        answer = client.post(page, limits_form(mo, **both))
        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode()
        assert not ModerationScope.objects.exists()

    @pytest.mark.parametrize("is_limited", [False, True])
    def test_are_not_set_or_lifted_by_staff_who_may_change_people(self, mo, art, is_limited):
        """Django CVE-2026-4277: a formset that is not shown is not to be saved either."""
        if is_limited:
            limited(mo, art)
        staff = make_user(is_staff=True)
        staff.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user"]))
        client, page = client_of(staff), f"/admin/accounts/user/{mo.pk}/change/"
        assert "moderation_scopes" not in client.get(page).content.decode()
        rows = {"moderation_scopes-0-category": str(make_article().category_id)}
        if is_limited:
            rows |= {
                "moderation_scopes-INITIAL_FORMS": "1",
                "moderation_scopes-0-id": str(ModerationScope.objects.get().pk),
                "moderation_scopes-0-DELETE": "on",
            }
        before = list(ModerationScope.objects.values())
        assert client.post(page, limits_form(mo, name="Renamed", **rows)).status_code == 302
        mo.refresh_from_db()
        assert mo.name == "Renamed"
        assert list(ModerationScope.objects.values()) == before

    @pytest.mark.parametrize("what", ["category", "article"])
    def test_are_not_lost_with_what_they_name(self, mo, art, what):
        named = art if what == "category" else Article.objects.create(slug="new", title="New", category=art)
        limited(mo, named)
        client = client_of(make_user(is_staff=True, is_superuser=True))
        page = f"/admin/articles/{what}/{named.pk}/delete/"
        assert "Limit of a moderator" in client.get(page).content.decode()
        client.post(page, {"post": "yes"})
        assert not scope_of(User.objects.get(pk=mo.pk)).is_everything
        assert type(named).objects.filter(pk=named.pk).exists()

    def test_are_not_asked_for_where_a_person_is_added(self):
        client = client_of(make_user(is_staff=True, is_superuser=True))
        assert "moderation_scopes" not in client.get("/admin/accounts/user/add/").content.decode()
