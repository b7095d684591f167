"""People and tokens in the admin."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.models import ApiToken, User
from tests.factories import make_token, make_user

pytestmark = pytest.mark.django_db

# Whom superusers alone give another password or address.
OUT = ("staff", "superuser", "granted", "grouped")
PASSWORD = "a long enough pass phrase"


def signed_in(*permissions: str, **fields) -> Client:
    user = make_user("Root", is_staff=True, **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def root():
    return signed_in(is_superuser=True)


def change_page(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def form_of(user: User, **changes: str) -> dict[str, str]:
    form = {
        "username": user.username,
        "name": user.name,
        "email": user.email,
        "is_active": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "12:00:00",
        # What moderation adds to the page.
        "moderation_scopes-TOTAL_FORMS": "0",
        "moderation_scopes-INITIAL_FORMS": "0",
    }
    return form | changes


class TestAddPerson:
    NEW = {
        "username": "ada",
        "email": "ada@example.org",
        "name": "Ada",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }

    def add(self, client: Client, **changes: str):
        return client.post(reverse("admin:accounts_user_add"), self.NEW | changes)

    def test_makes_an_account_that_can_sign_in(self, root):
        self.add(root)
        made = User.objects.get(username="ada")
        assert (made.name, made.email, made.check_password(PASSWORD)) == ("Ada", "ada@example.org", True)

    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            ({"name": ""}, "name", "This field is required."),
            ({"name": "\u200d"}, "name", "Write the name others should see."),
            ({"name": "A\u202eB"}, "name", "The character U+202E cannot be used here."),
            ({"email": ""}, "email", "This field is required."),
            ({"email": "nobody"}, "email", "Enter a valid email address."),
            ({"email": '"ada"@example.org'}, "email", "Write an e-mail address such as name@example.org."),
            ({"email": "TAKEN@example.org"}, "email", "Another account has this address."),
            ({"username": "taken"}, "username", "A user with that username already exists."),
            ({"password2": "something else entirely"}, "password2", "The two password fields didn’t match."),
            ({"password1": "short", "password2": "short"}, "password2", "This password is too short."),
        ],
    )
    def test_refuses(self, root, changes, field, words):
        make_user(username="taken", email="taken@example.org")
        response = self.add(root, **changes)
        assert response.status_code == 200
        assert response.context["adminform"].form.errors[field][0].startswith(words)
        assert not User.objects.filter(username="ada").exists()


class TestPerson:
    def test_changes_name_and_address(self, root):
        person = make_user("Ada")
        root.post(change_page(person), form_of(person, name="Ada L.", email="new@example.org"))
        person.refresh_from_db()
        assert (person.name, person.email) == ("Ada L.", "new@example.org")

    def test_keeps_its_own_address(self, root):
        person = make_user("Ada")
        assert root.post(change_page(person), form_of(person, name="Ada L.")).status_code == 302

    def test_with_an_address_that_is_taken_no_more_is_changed_all_the_same(self, root):
        person = make_user("Ada", email='"ada"@example.org')
        assert root.post(change_page(person), form_of(person, name="Ada L.")).status_code == 302

    def test_says_what_they_are_mailed(self, root):
        person = make_user("Ada")
        assert (person.wants_reply_mail, person.wants_queue_mail) == (True, True)
        root.post(change_page(person), form_of(person, wants_reply_mail="on"))
        person.refresh_from_db()
        assert (person.wants_reply_mail, person.wants_queue_mail) == (True, False)
        root.post(change_page(person), form_of(person, wants_queue_mail="on"))
        person.refresh_from_db()
        assert (person.wants_reply_mail, person.wants_queue_mail) == (False, True)

    def test_is_not_deleted(self, root):
        person = make_user("Ada")
        assert root.post(reverse("admin:accounts_user_delete", args=[person.pk]), {"post": "yes"}).status_code == 403
        assert "deletelink" not in root.get(change_page(person)).content.decode()

    def test_shows_no_address_in_the_list_and_is_found_by_it(self, root):
        make_user("Ada", email="ada@example.org")
        found = root.get(reverse("admin:accounts_user_changelist"), {"q": "ada@example"})
        assert ">Ada<" in found.content.decode()
        assert "ada@example.org" not in root.get(reverse("admin:accounts_user_changelist")).content.decode()

    def test_gets_no_rights_from_staff_that_is_no_superuser(self):
        client = signed_in("view_user", "change_user")
        person = make_user("Ada")
        client.post(change_page(person), form_of(person, name="New", is_superuser="on", is_staff="on"))
        person.refresh_from_db()
        assert (person.name, person.is_superuser, person.is_staff) == ("New", False, False)

    def test_that_is_superuser_is_changed_by_superusers_alone(self):
        client = signed_in("view_user", "change_user")
        boss = make_user("Boss", is_superuser=True)
        assert client.post(change_page(boss), form_of(boss, email="mine@example.org")).status_code == 403
        password_page = reverse("admin:auth_user_password_change", args=[boss.pk])
        assert client.post(password_page, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 403

    @pytest.mark.parametrize("is_root", [False, True])
    def test_that_is_staff_gets_password_and_address_from_superusers_alone(self, is_root):
        client = signed_in("view_user", "change_user", is_superuser=is_root)
        mo = make_user("Mo", is_staff=True)
        assert client.post(change_page(mo), form_of(mo, name="Max", email="mine@example.org")).status_code == 302
        password_page = reverse("admin:auth_user_password_change", args=[mo.pk])
        sent = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
        assert client.post(password_page, sent).status_code == (302 if is_root else 403)
        mo.refresh_from_db()
        assert (mo.name, mo.email == "mine@example.org", mo.check_password(PASSWORD)) == ("Max", is_root, is_root)

    @pytest.mark.parametrize(("is_staff", "is_root"), [(True, False), (True, True), (False, False)])
    def test_is_made_inactive_by_who_may_sanction_them(self, is_staff, is_root):
        """Of staff superusers alone."""
        client = signed_in("view_user", "change_user", is_superuser=is_root)
        mo = make_user("Mo", is_staff=is_staff)
        sent = form_of(mo, is_staff="on") if is_staff else form_of(mo)
        del sent["is_active"]
        assert client.post(change_page(mo), sent).status_code == 302
        mo.refresh_from_db()
        assert mo.is_active is (is_staff and not is_root)

    @pytest.mark.parametrize(("right", "status"), [(None, 302), ("moderate_comment", 403)])
    def test_gets_a_password_from_staff_who_may_change_people_unless_granted_anything(self, right, status):
        ada = make_user("Ada")
        ada.user_permissions.set(Permission.objects.filter(codename=right))
        sent = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
        client = signed_in("view_user", "change_user")
        assert client.post(reverse("admin:auth_user_password_change", args=[ada.pk]), sent).status_code == status


class TestEmailAddress:
    """Who may give somebody another address can have a new password mailed to it, and sign in as them."""

    LIST = "/admin/account/emailaddress/"
    RIGHTS = ("view_emailaddress", "add_emailaddress", "change_emailaddress", "delete_emailaddress")
    TAKEN = "mine@example.org"

    def address_of(self, user: User, **fields) -> EmailAddress:
        fields = {"email": user.email, "verified": True, "primary": True} | fields
        return EmailAddress.objects.create(user=user, **fields)

    def client_and(self, whose: str) -> tuple[Client, User]:
        """Staff with every right on addresses, and the person of whom one is."""
        client = signed_in(*self.RIGHTS)
        match whose:
            case "reader":
                return client, make_user("Ada")
            case "own":
                own = User.objects.get(name="Root")
                own.groups.set([Group.objects.create(name="one"), Group.objects.create(name="two")])
                return client, own
            case "granted":
                person = make_user("Mo")
                person.user_permissions.set(Permission.objects.filter(codename="moderate_comment"))
                return client, person
            case "grouped":
                person = make_user("Mo")
                person.groups.set([Group.objects.create(name="moderators")])
                return client, person
            case "staff":
                return client, make_user("Mo", is_staff=True)
            case "superuser":
                return client, make_user("Boss", is_superuser=True)

    @pytest.mark.parametrize(("whose", "status"), [("reader", 302), ("own", 302), *((one, 200) for one in OUT)])
    def test_is_given_to_whom_is_within_reach(self, whose, status):
        client, person = self.client_and(whose)
        sent = {"user": person.pk, "email": self.TAKEN, "verified": "on", "primary": "on"}
        assert client.post(f"{self.LIST}add/", sent).status_code == status
        assert person.emailaddress_set.count() == (1 if status == 302 else 0)

    @pytest.mark.parametrize(("whose", "status"), [("reader", 302), ("own", 302), *((one, 403) for one in OUT)])
    def test_is_changed_of_whom_is_within_reach(self, whose, status):
        client, person = self.client_and(whose)
        page = f"{self.LIST}{self.address_of(person).pk}/change/"
        assert client.get(page).status_code == 200
        sent = {"user": person.pk, "email": self.TAKEN, "verified": "on", "primary": "on"}
        assert client.post(page, sent).status_code == status
        assert (person.emailaddress_set.get().email == self.TAKEN) is (status == 302)

    @pytest.mark.parametrize(("whose", "status"), [("reader", 302), ("own", 302), *((one, 200) for one in OUT)])
    def test_is_handed_to_whom_is_within_reach(self, whose, status):
        client, person = self.client_and(whose)
        address = self.address_of(make_user("Eve"))
        sent = {"user": person.pk, "email": self.TAKEN, "verified": "on", "primary": "on"}
        assert client.post(f"{self.LIST}{address.pk}/change/", sent).status_code == status
        assert person.emailaddress_set.count() == (1 if status == 302 else 0)

    @pytest.mark.parametrize(("whose", "is_gone"), [("reader", True), ("own", True), *((one, False) for one in OUT)])
    def test_is_deleted_of_whom_is_within_reach(self, whose, is_gone):
        client, person = self.client_and(whose)
        one = self.address_of(person)
        two = self.address_of(person, email="two@example.org", primary=False)
        assert client.post(f"{self.LIST}{one.pk}/delete/", {"post": "yes"}).status_code == (302 if is_gone else 403)
        sent = {"action": "delete_selected", "_selected_action": [two.pk], "post": "yes"}
        assert client.post(self.LIST, sent).status_code == (302 if is_gone else 403)
        assert person.emailaddress_set.count() == (0 if is_gone else 2)

    @pytest.mark.parametrize(
        ("whose", "is_marked"), [("reader", True), ("own", True), *((one, False) for one in OUT)]
    )
    def test_is_marked_as_verified_of_whom_is_within_reach(self, whose, is_marked):
        client, person = self.client_and(whose)
        address = self.address_of(person, verified=False, primary=False)
        client.post(self.LIST, {"action": "make_verified", "_selected_action": [address.pk]})
        assert person.emailaddress_set.get().verified is is_marked

    def test_is_not_marked_as_verified_by_who_may_only_look(self):
        client = signed_in("view_emailaddress")
        address = self.address_of(make_user("Ada"), verified=False)
        client.post(self.LIST, {"action": "make_verified", "_selected_action": [address.pk]})
        assert not EmailAddress.objects.get().verified

    def test_of_anybody_is_a_superusers_to_change(self, root):
        boss = make_user("Boss", is_superuser=True)
        sent = {"user": boss.pk, "email": self.TAKEN, "verified": "on", "primary": "on"}
        assert root.post(f"{self.LIST}{self.address_of(boss).pk}/change/", sent).status_code == 302
        assert boss.emailaddress_set.get().email == self.TAKEN


class TestGroup:
    """Its rights are those of everybody in it, who may be the one that changes them."""

    @pytest.mark.parametrize("is_superuser", [True, False])
    def test_gets_rights_from_superusers_alone(self, root, is_superuser):
        client = root if is_superuser else signed_in("view_group", "change_group", "add_group")
        right = Permission.objects.get(codename="moderate_comment")
        group = Group.objects.create(name="Readers")
        for page in ("/admin/auth/group/add/", f"/admin/auth/group/{group.pk}/change/"):
            sent = {"name": page, "permissions": [right.pk]}
            assert client.post(page, sent).status_code == 302
            assert list(Group.objects.get(name=page).permissions.all()) == ([right] if is_superuser else [])


class TestApiToken:
    def test_list_shows_whose_it_is_and_neither_digest_nor_key(self, root):
        token = make_token(make_user("Ada"))
        content = root.get(reverse("admin:accounts_apitoken_changelist")).content.decode()
        assert ">Ada<" in content
        assert token[:8] not in content

    @pytest.mark.parametrize("column", ["digest__startswith", "token_key", "token_key__startswith"])
    def test_is_not_guessed_by_narrowing_the_list(self, root, column):
        token = make_token(make_user())
        assert root.get(reverse("admin:accounts_apitoken_changelist"), {column: token[:4]}).status_code == 400

    def test_cannot_be_made_or_changed(self, root):
        make_token(make_user())
        assert root.get(reverse("admin:accounts_apitoken_add")).status_code == 403
        page = reverse("admin:accounts_apitoken_change", args=[ApiToken.objects.get().pk])
        assert root.post(page, {"label": "x"}).status_code == 403

    def test_shows_no_digest_where_it_is_opened(self, root):
        make_token(make_user())
        token = ApiToken.objects.get()
        content = root.get(reverse("admin:accounts_apitoken_change", args=[token.pk])).content.decode()
        assert "field-digest" not in content
        assert "field-token_key" not in content

    def test_is_taken_away_by_deleting_it(self, root):
        make_token(make_user("Ada"))
        sent = {"action": "delete_selected", "_selected_action": [ApiToken.objects.get().pk]}
        asked = root.post(reverse("admin:accounts_apitoken_changelist"), sent)
        assert ApiToken.objects.get().pk not in strip_tags(asked.content.decode())
        root.post(reverse("admin:accounts_apitoken_changelist"), sent | {"post": "yes"})
        assert ApiToken.objects.count() == 0


@pytest.mark.parametrize("name", ["auth_group", "account_emailaddress", "accounts_user"])
def test_lists_that_others_made_are_narrowed_by_their_filters_alone(root, name):
    page = reverse(f"admin:{name}_changelist")
    assert root.get(page, {"q": "a"}).status_code == 200
    assert root.get(page, {"id__regex": "((("}).status_code == 400
    assert root.get(page, {"id__in": "9" * 30}).status_code == 400
