"""Comments and decisions in the admin: to look at, and private ones not even that."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from comments.models import Comment
from comments.states import State
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db

COMMENTS, DECISIONS = "/admin/comments/comment/", "/admin/comments/decision/"


def staff(*permissions: str, **fields):
    user = make_user("Mod", is_staff=True, **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def listed(user, page: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(page).content.decode()


@pytest.fixture
def moderator():
    return staff("view_comment", "view_decision", "moderate_comment")


class TestComments:
    def test_lists_what_is_public_and_what_is_held(self, moderator):
        article = make_article(title="<b>Birds</b>")
        shown = make_comment(article, make_user("Ada <i>"))
        held = make_comment(article, make_user("Ada"), state=State.HELD)
        content = listed(moderator, COMMENTS)
        assert shown.key in content
        assert held.key in content
        assert "<b>Birds" not in content
        assert "Ada <i>" not in content

    def test_hides_what_is_held_from_staff_that_does_not_moderate(self):
        held = make_comment(make_article(), make_user(), state=State.HELD)
        assert held.key not in listed(staff("view_comment"), COMMENTS)

    @pytest.mark.parametrize("page", [COMMENTS, DECISIONS])
    @pytest.mark.parametrize("is_own", [True, False])
    def test_shows_no_private_note(self, page, is_own):
        root = staff(is_superuser=True)
        note = make_comment(
            make_article(), root if is_own else make_user(), kind=Comment.Kind.NOTE, visibility="private"
        )
        assert note.key not in listed(root, page)

    def test_opens_no_private_note(self):
        note = make_comment(make_article(), make_user(), kind=Comment.Kind.NOTE, visibility="private")
        client = Client()
        client.force_login(staff(is_superuser=True))
        assert client.get(f"{COMMENTS}{note.pk}/change/").status_code == 302

    def test_changes_nothing(self):
        comment = make_comment(make_article(), make_user())
        client = Client()
        client.force_login(staff(is_superuser=True))
        for page in ("add/", f"{comment.pk}/delete/"):
            assert client.post(COMMENTS + page, {"post": "yes"}).status_code == 403
        assert client.post(f"{COMMENTS}{comment.pk}/change/", {"state": "spam"}).status_code == 403
        client.post(COMMENTS, {"action": "delete_selected", "_selected_action": [comment.pk], "post": "yes"})
        assert Comment.objects.get().state == State.OPEN

    @pytest.mark.parametrize("page", [COMMENTS, DECISIONS])
    def test_refuses_staff_without_the_permission(self, page):
        client = Client()
        client.force_login(staff("view_article"))
        assert client.get(page).status_code == 403

    @pytest.mark.parametrize("number", [1, 30])
    def test_takes_the_same_queries_at_two_sizes(self, moderator, django_assert_num_queries, number):
        article, author = make_article(), make_user()
        for _ in range(number):
            make_comment(article, author)
        client = Client()
        client.force_login(moderator)
        for page in (COMMENTS, DECISIONS):
            with django_assert_num_queries(7):
                client.get(page)


class TestDecisions:
    def test_lists_what_was_done_and_by_whom(self, moderator):
        comment = make_comment(make_article(), make_user(), state=State.SPAM)
        content = listed(moderator, DECISIONS)
        assert content.count(comment.key) == 2
        assert '<td class="field-now">spam</td>' in content
