"""Flags in the admin: for moderators, to look at."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from moderation import services
from moderation.models import Flag, Reason
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db

FLAGS = "/admin/moderation/flag/"


def client_with(*permissions: str, **fields) -> Client:
    user = make_user("Mo", is_staff=True, **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def make_flag(text: str = "A <thought>.", **fields) -> Flag:
    comment = make_comment(make_article(title="<b>Birds</b>"), make_user("Ada"), text)
    fields = {"by": make_user("Grace Flagger"), "reason": Reason.SPAM} | fields
    return services.flag(comment, **fields)[0]


class TestFlags:
    def test_lists_what_is_open_without_who_reported_it(self):
        flag = make_flag(reason=Reason.OTHER, note="It is <i>copied</i>.")
        content = client_with("moderate_comment").get(FLAGS).content.decode()
        assert flag.comment.key in content
        assert '<td class="field-reason">Something else</td>' in content
        assert "It is &lt;i&gt;copied&lt;/i&gt;." in content
        assert "A &lt;thought&gt;." in content
        assert "<b>Birds" not in content
        assert "Grace Flagger" not in content

    @pytest.mark.parametrize("column", ["person", "person__exact", "person_id", "person__id__exact", "person__gt"])
    def test_tells_nobody_who_reported_by_narrowing(self, column):
        flag = make_flag()
        answer = client_with("moderate_comment").get(f"{FLAGS}?{column}={flag.person_id}")
        assert answer.status_code == 400

    def test_opens_one_with_the_whole_text(self):
        flag = make_flag("long " * 900)
        client = client_with("moderate_comment")
        assert "long " * 899 not in client.get(FLAGS).content.decode()
        content = client.get(f"{FLAGS}{flag.pk}/change/").content.decode()
        assert "long " * 899 in content
        assert flag.sha256 in content
        assert "Grace Flagger" not in content
        assert 'name="_save"' not in content

    def test_leaves_out_what_was_closed(self):
        flag = make_flag()
        Flag.objects.update(closed_at=timezone.now(), outcome="dismissed")
        client = client_with("moderate_comment")
        assert flag.comment.key not in client.get(FLAGS).content.decode()
        assert client.get(f"{FLAGS}{flag.pk}/change/").status_code == 302

    def test_tells_a_moderator_nothing_of_flags_on_their_own_comments(self):
        judge = make_user("Mo", is_staff=True, is_superuser=True)
        own = make_comment(make_article(), judge)
        flag, _ = services.flag(own, by=make_user(), reason=Reason.SPAM)
        client = Client()
        client.force_login(judge)
        assert own.key not in client.get(FLAGS).content.decode()
        assert client.get(f"{FLAGS}{flag.pk}/change/").status_code == 302

    def test_is_closed_to_staff_that_does_not_moderate(self):
        flag = make_flag()
        client = client_with("view_comment", "view_article")
        for page in (FLAGS, f"{FLAGS}{flag.pk}/change/"):
            assert client.get(page).status_code == 403
        assert client.get(f"{FLAGS}{flag.pk}/history/").status_code == 302
        assert "/admin/moderation/" not in client.get("/admin/").content.decode()

    def test_changes_nothing(self):
        flag = make_flag()
        client = client_with(is_superuser=True)
        for page in ("add/", f"{flag.pk}/delete/", f"{flag.pk}/change/"):
            assert client.post(FLAGS + page, {"post": "yes", "reason": "abuse"}).status_code == 403
        client.post(FLAGS, {"action": "delete_selected", "_selected_action": [flag.pk], "post": "yes"})
        assert Flag.objects.get().reason == "spam"

    @pytest.mark.parametrize("number", [1, 30])
    def test_takes_the_same_queries_at_two_sizes(self, django_assert_num_queries, number):
        for _ in range(number):
            make_flag()
        client = client_with("moderate_comment")
        with django_assert_num_queries(7):
            client.get(FLAGS)
