"""The lists of comments, decisions, flags and legal holds: for moderators alone, and of what they moderate."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from comments import services as comments
from comments.models import Comment, Decision
from comments.states import State
from moderation import services
from moderation.models import Reason
from tests.factories import make_article, make_comment, make_user
from tests.moderation.moderators import limited, moderator
from tests.plans import plans_of

pytestmark = pytest.mark.django_db

LISTS = {
    "comments": "/admin/comments/comment/",
    "decisions": "/admin/comments/decision/",
    "holds": "/admin/comments/legalhold/",
    "flags": "/admin/moderation/flag/",
}


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def everything_about(comment: Comment) -> dict[str, str]:
    """A row in each list, and the address of its page."""
    flag, _is_new = services.flag(comment, by=make_user(), reason=Reason.SPAM)
    hold = comments.place_hold(comment, by=make_user(), case_ref="7/26", authority="The court")
    pks = {"comments": comment.pk, "decisions": comment.decisions.first().pk, "holds": hold.pk, "flags": flag.pk}
    return {name: f"{LISTS[name]}{pk}/change/" for name, pk in pks.items()}


class TestLists:
    def test_are_closed_to_staff_who_may_view_them_and_moderate_nothing(self):
        pages = everything_about(make_comment(make_article(), make_user()))
        staff = moderator("Sue", "view_comment", "view_decision", "hold_comment", "erase_comment")
        staff.user_permissions.remove(staff.user_permissions.get(codename="moderate_comment"))
        client = client_of(staff)
        assert {client.get(page).status_code for page in LISTS.values()} == {403}
        assert {client.get(page).status_code for page in pages.values()} <= {302, 403}
        assert "/admin/comments/" not in client.get("/admin/").content.decode()

    def test_of_holds_are_closed_to_moderators_who_may_not_hold(self):
        client = client_of(moderator())
        assert [client.get(page).status_code for page in LISTS.values()] == [200, 200, 403, 200]

    def test_show_a_limited_moderator_their_part_alone(self):
        here, elsewhere = (make_comment(make_article(), make_user()) for _ in range(2))
        shown, hidden = everything_about(here), everything_about(elsewhere)
        client = client_of(limited(moderator("Mo", "hold_comment"), here.article))
        for page in LISTS.values():
            content = client.get(page).content.decode()
            assert here.key in content
            assert elsewhere.key not in content
        assert {client.get(page).status_code for page in shown.values()} == {200}
        assert {client.get(page).status_code for page in hidden.values()} == {302}

    @pytest.mark.parametrize("name", ["decisions", "holds", "flags"])
    def test_gather_no_ids_of_all_comments_to_show_a_page(self, name):
        everything_about(make_comment(make_article(), make_user()))
        client = client_of(moderator("Mo", "hold_comment"))
        of_rows = [plan for plan in plans_of(lambda: client.get(LISTS[name])) if name[:-1] in plan]
        assert len(of_rows) >= 2
        # So SQLite calls a table of what stands after IN; PostgreSQL makes a join of it.
        assert "LIST SUBQUERY" not in "".join(of_rows)

    def test_lead_to_where_a_comment_is_judged_and_nobody_to_their_own(self):
        mo = moderator()
        theirs, own = make_comment(make_article(), make_user()), make_comment(make_article(), mo)
        content = client_of(mo).get(LISTS["comments"]).content.decode()
        assert f'<a href="/admin/moderation/waiting/{theirs.pk}/">{theirs.key}</a>' in content
        assert own.key in content
        assert f"/waiting/{own.pk}/" not in content

    def test_are_narrowed_by_the_filters_they_show_and_by_nothing_else(self):
        comment = make_comment(make_article(), make_user())
        everything_about(comment)
        client = client_of(moderator("Mo", "hold_comment"))
        offered = {"comments": "state__exact=open", "decisions": "role__exact=author", "flags": "reason__exact=spam"}
        assert {client.get(f"{LISTS[name]}?{query}").status_code for name, query in offered.items()} == {200}
        assert comment.key in client.get(f"{LISTS['decisions']}?comment__id__exact={comment.pk}").content.decode()
        odd = [
            "id__in=99999999999999999999",
            "id__regex=(((",
            "comment=99999999999999999999",
            "state__range=1",
            "zz=1",
        ]
        assert {client.get(f"{page}?{query}").status_code for page in LISTS.values() for query in odd} == {400}

    @pytest.mark.parametrize(
        "address",
        [
            "comments/comment/?state__exact=%00",
            "comments/comment/?state__exact=a%00b",
            "moderation/lostpassage/?state=%00",
            "accounts/apitoken/%00/change/",
            "autocomplete/?app_label=articles&model_name=article&field_name=authors&term=%00",
        ],
    )
    def test_answer_400_to_nul_in_an_address(self, address):
        client = client_of(make_user(is_staff=True, is_superuser=True))
        assert client.get(f"/admin/{address}").status_code == 400

    def test_show_nobody_what_was_decided_about_their_own(self):
        mo = moderator()
        own = make_comment(make_article(), mo)
        services.judge(own, "keep", by=moderator("Max"), seen_version=own.version, private_note="They are biased.")
        decision = own.decisions.last()
        client = client_of(mo)
        assert own.key not in client.get(LISTS["decisions"]).content.decode()
        assert client.get(f"{LISTS['decisions']}{decision.pk}/change/").status_code == 302

    def test_tell_all_of_a_decision(self):
        mo, comment = moderator(), make_comment(make_article(), make_user())
        services.judge_many(
            [services.Seen(comment.pk, comment.version)],
            "reject",
            by=mo,
            reason="abuse",
            note="No.",
            private_note="3×",
        )
        decision = Decision.objects.get(role="moderator")
        content = client_of(mo).get(f"{LISTS['decisions']}{decision.pk}/change/").content.decode()
        for told in ("abuse", "No.", "3×", str(decision.batch), "a moderator", "changed the state", comment.key):
            assert told in content
        assert 'name="_save"' not in content

    def test_change_nothing_and_log_nothing(self):
        pages = everything_about(make_comment(make_article(), make_user()))
        client = client_of(make_user("Root", is_staff=True, is_superuser=True))
        before = [*Comment.objects.values(), *Decision.objects.values()]
        for name, page in pages.items():
            for address in (page, page.replace("change", "delete"), f"{LISTS[name]}add/"):
                assert client.post(address, {"post": "yes", "state": "spam", "note": "x"}).status_code == 403
            (pk,) = re.findall(r"\d+", page)
            client.post(LISTS[name], {"action": "delete_selected", "_selected_action": [pk], "post": "yes"})
        assert [*Comment.objects.values(), *Decision.objects.values()] == before
        assert not LogEntry.objects.exists()

    def test_open_with_odd_rows(self):
        article, root = make_article(), make_user("<img src=x onerror=alert(1)>")
        for state in State:
            make_comment(article, root, state=state)
        Comment.objects.create(article=article, author=root, waiting_since=timezone.now(), state_reason="<b>")
        client = client_of(moderator("Mo", "hold_comment"))
        for page in LISTS.values():
            answer = client.get(page)
            assert answer.status_code == 200
            assert "<img" not in answer.content.decode()
