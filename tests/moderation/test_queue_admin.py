"""The queue in the admin: who sees it, what stands on a card, paging, and every way in which a ruling is sent."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Category
from comments import services as comments
from comments.models import CheckResult, CheckRun, Comment, Decision
from comments.states import State
from moderation import services
from moderation.models import Flag, Reason, Sanction
from tests.factories import make_article, make_comment, make_user, revise
from tests.moderation.moderators import limited, moderator

pytestmark = pytest.mark.django_db

QUEUE = "/admin/moderation/waiting/"
MANY = f"{QUEUE}many/"


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


@pytest.fixture
def article():
    return make_article("birds")


def held(article, author=None, text: str = "A thought.", **fields) -> Comment:
    return make_comment(article, author or make_user("Ada"), text, state=State.HELD, **fields)


def reported(comment: Comment, reason: Reason = Reason.ABUSE, note: str = "") -> Comment:
    services.flag(comment, by=make_user("Grace Flagger"), reason=reason, note=note)
    return Comment.objects.get(pk=comment.pk)


def card(client: Client, comment: Comment, path: str = QUEUE) -> str:
    """What stands on the card of `comment`."""
    content = client.get(path).content.decode()
    found = re.search(rf'<article class="card" id="comment-{comment.pk}".*?</article>', content, re.S)
    assert found is not None
    return found[0]


def shown(client: Client, path: str = QUEUE) -> list[int]:
    """The ids of the cards, in their order."""
    return [int(pk) for pk in re.findall(r'id="comment-(\d+)"', client.get(path).content.decode())]


def address(comment: Comment, page: str = "") -> str:
    return f"{QUEUE}{comment.pk}/{page}"


def post(client: Client, comment: Comment, ruling: str, **sent):
    """The form of the card, as the queue sends it; `back` None: as the page of the comment does."""
    form = {"ruling": ruling, "seen": f"{comment.version}.{comment.open_flags}", "back": ""} | sent
    return client.post(address(comment), {name: value for name, value in form.items() if value is not None})


class TestAccess:
    def test_sends_whoever_is_no_staff_to_the_sign_in(self):
        person = make_user()
        for client in (Client(), client_of(person)):
            assert client.get(QUEUE)["Location"].startswith("/admin/login/")

    @pytest.mark.parametrize("page", ["", "many/", "{pk}/", "{pk}/hold/", "{pk}/release/", "{pk}/erase/"])
    def test_is_refused_to_staff_who_moderate_nothing(self, article, page):
        comment, client = held(article), client_of(make_user(is_staff=True))
        for ask in (client.get, client.post):
            assert ask(QUEUE + page.format(pk=comment.pk)).status_code in (403, 405)
        assert client.post(QUEUE + page.format(pk=comment.pk), {"ruling": "spam"}).status_code == 403
        assert Comment.objects.get().state == State.HELD

    def test_shows_a_limited_moderator_their_part_alone(self, mo, article):
        own = held(article)
        elsewhere = held(make_article(category=Category.objects.create(slug="art", name="Art")))
        client = client_of(limited(mo, article.category))
        assert shown(client) == [own.pk]
        assert "Art</option>" not in client.get(QUEUE).content.decode()
        for page in ("", "hold/", "release/", "erase/"):
            assert client.post(address(elsewhere, page), {"ruling": "spam", "seen": "1"}).status_code == 404
        assert client.get(address(elsewhere)).status_code == 404
        assert Comment.objects.get(pk=elsewhere.pk).state == State.HELD

    def test_shows_nobody_their_own(self, mo, desk, article):
        own = held(article, mo)
        assert shown(desk) == []
        assert desk.get(address(own)).status_code == 404
        assert post(desk, own, "approve").status_code == 404

    def test_shows_nothing_unproven_private_or_erased(self, desk, article):
        hidden = [
            make_comment(article, make_user(), kind="note", visibility="private"),
            make_comment(article, make_user(), state=State.ERASED),
            held(article),
        ]
        Comment.objects.filter(pk=hidden[-1].pk).update(state_reason="confirm_email", waiting_since=None)
        assert shown(desk) == []
        assert [desk.get(address(one)).status_code for one in hidden] == [404] * 3

    def test_knows_no_comment_by_a_number_no_column_holds(self, desk):
        assert desk.get(f"{QUEUE}{10**30}/").status_code == 404

    def test_stands_in_the_index_with_a_capped_count(self, mo, desk, article):
        assert "Queue: 0" in desk.get("/admin/").content.decode()
        held(article)
        held(article, mo)
        assert "Queue: 1" in desk.get("/admin/").content.decode()
        Comment.objects.bulk_create(
            Comment(article=article, author=make_user(), waiting_since=timezone.now()) for _ in range(100)
        )
        assert "Queue: 100+" in desk.get("/admin/").content.decode()
        assert "Queue" not in client_of(make_user(is_staff=True)).get("/admin/").content.decode()


class TestCard:
    def test_shows_who_where_and_since_when(self, desk, article):
        ada = make_user("Ada")
        for state in (State.APPROVED, State.APPROVED, State.SPAM, State.OPEN):
            make_comment(article, ada, state=state)
        content = card(desk, held(article, ada, "Hello *you*.", section=article.sections.get(key="how-birds-sing")))
        assert '<bdi>Ada</bdi> <span class="quiet">on</span> <a href="/articles/birds/#how-birds-sing"' in content
        assert "2 approved, 1 removed" in content
        assert ">account<" in content
        assert "held for review" in content
        assert "“How birds sing”" in content
        assert '<div class="text"><p dir="auto">Hello <em>you</em>.</p>' in content

    def test_marks_the_passage_in_its_paragraph_and_says_how_it_fared(self, desk, article):
        comment = held(article, quote="at dawn")
        content = card(desk, comment)
        assert "<p>Small birds sing <mark>at dawn</mark> because the air is still." in content
        assert "How birds sing<" not in content.split("</blockquote>")[0].split("<blockquote")[1]
        assert "the passage stands as it did." in content
        revise(article, "Nothing is left.")
        content = card(desk, comment)
        assert "<mark>at dawn</mark>" in content
        assert "the passage is no longer in the article." in content

    def test_shows_the_passage_of_the_thread_and_what_stands_above_a_reply(self, desk, article):
        above = make_comment(article, make_user("Root"), "The *first* words.", quote="at dawn")
        for number in range(6):
            above = make_comment(article, make_user(f"Reply {number}"), f"Words {number}.", parent=above)
        make_comment(article, make_user("Elsewhere"), "Other words.", parent=above)
        content = card(desk, held(article, parent=above))
        assert "<mark>at dawn</mark>" in content
        assert re.findall(r"<b><bdi>(.*?)</bdi></b>", content) == [f"Reply {number}" for number in range(1, 6)]
        assert "2 more above" in content
        assert "Words 5." in content
        assert "Other words." not in content

    def test_shows_what_an_edit_changes(self, desk, article):
        edited = make_comment(article, make_user(), "An edit which waits.", state=State.HELD_EDIT)
        content = card(desk, edited)
        assert '<td dir="auto">An edit <del>which</del> waits.</td>' in content
        assert '<td dir="auto">An edit <ins>that</ins> waits.</td>' in content

    def test_shows_a_correction_that_waits_as_a_change(self, desk, article, settings):
        ada = make_user("Ada")
        comment = make_comment(article, ada, "It was May.")
        Comment.objects.update(created_at=timezone.now() - timedelta(hours=1))
        settings.COMMENT_CHECKS = ["tests.factories.hold"]
        comments.correct(Comment.objects.get(), by=ada, text="June, that is.")
        assert "<ins>June, that is.</ins>" in card(desk, comment)

    def test_shows_reports_without_who_made_them(self, desk, article):
        comment = reported(make_comment(article, make_user(), "First."), Reason.OTHER, "It is copied.")
        comments.edit(comment, by=comment.author, text="Second.")
        content = card(desk, comment)
        assert "<b>Something else</b>" in content
        assert "It is copied." in content
        assert "First.</p></details>" in content
        assert "Grace Flagger" not in content

    def test_shows_five_reports_and_how_many_more_there_are(self, desk, article):
        comment = make_comment(article, make_user())
        for number in range(7):
            comment = reported(comment, Reason.OTHER, f"Note {number}.")
        content = card(desk, comment)
        assert re.findall(r"Note \d\.", content) == [f"Note {number}." for number in range(5)]
        assert "and 2 more" in content

    def test_says_why_it_was_held_of_the_newest_text_alone(self, desk, article):
        comment = held(article)
        run = CheckRun.objects.create(
            comment=comment, article=article, revision=comment.text, trigger="edit", verdict="hold", milliseconds=1
        )
        CheckResult.objects.create(
            run=run,
            check_name="links",
            verdict="hold",
            reason="links",
            evidence={"hosts": ["<b>"], "links": 3, "most": 2},
        )
        CheckResult.objects.create(run=run, check_name="shape", verdict="pass")
        content = card(desk, comment)
        assert "<b>links</b>: 3 links: &lt;b&gt;. More than 2 are held." in content
        assert "shape" not in content

    def test_shows_the_last_three_decisions_with_their_notes(self, mo, desk, article):
        comment = make_comment(article, make_user())
        for number in range(4):
            services.judge(
                comment, "keep", by=mo, seen_version=comment.version + number, private_note=f"No {number}."
            )
        content = card(desk, comment, address(comment))
        assert re.findall(r"No \d\.", content) == ["No 3.", "No 2.", "No 1."]

    def test_shows_what_is_laid_on_its_writer(self, mo, desk, article):
        ada, bea = make_user("Ada"), make_user("Bea")
        end = timezone.now() + timedelta(days=9)
        for kind, until in [("warn", None), ("warn", None), ("hold", end), ("suspend", None)]:
            services.sanction(ada, Sanction.Kind(kind), message="Hm.", by=mo, ends_at=until)
        services.lift(services.sanction(bea, Sanction.Kind.SUSPEND, message="Hm.", by=mo), by=mo)
        content = card(desk, held(article, ada))
        assert "2 warnings" in content
        assert "texts held until" in content
        assert ">suspended<" in content
        assert "suspended" not in card(desk, held(article, bea))

    def test_offers_what_the_state_allows(self, desk, article):
        edited = make_comment(article, make_user(), state=State.HELD_EDIT)
        offered = re.findall(r'name="ruling" value="(\w+)"', card(desk, edited))
        assert sorted(offered) == ["approve", "illegal", "keep_old_text", "reject", "spam"]

    def test_escapes_what_people_wrote(self, mo, desk):
        bad = "<img src=x onerror=alert(1)>\"'"
        article = make_article(title=bad, source=f"Small birds.\n\n{bad}\n\n## {bad}\n\nText.")
        root = make_comment(article, make_user(bad), bad, quote="Small birds")
        comment = reported(make_comment(article, make_user(bad), bad, parent=root), Reason.OTHER, bad)
        services.sanction(comment.author, Sanction.Kind.WARN, message=bad, by=mo)
        edited = make_comment(article, make_user(bad), bad, state=State.HELD_EDIT)
        services.judge(root, "reject", by=mo, seen_version=root.version, reason="other", note=bad, private_note=bad)
        for path in (QUEUE, address(comment), address(edited), address(root), "/admin/moderation/flag/"):
            content = desk.get(path).content.decode()
            assert "onerror" in content
            assert "<img" not in content
        answer = post(desk, comment, "keep")
        assert "<img" not in desk.get(answer["Location"].partition("#")[0]).content.decode()


class TestOddRows:
    def test_open_all_the_same(self, mo, desk, article):
        """Every state, kind, place and reason, texts gone, numbers that do not fit: nothing is a server's error."""
        author = make_user("Ada")
        root = make_comment(article, author, quote="Small birds")
        for state in State:
            for parent in (None, root):
                make_comment(article, author, state=state, parent=parent)
        make_comment(article, author, "", kind="highlight", quote="Large birds", state=State.HELD)
        bare = Comment.objects.create(article=article, author=author, waiting_since=timezone.now())
        Comment.objects.filter(state=State.OPEN).update(open_flags=9, waiting_since=timezone.now())
        Comment.objects.filter(pk=root.pk).update(state_reason="never heard of")
        Decision.objects.bulk_create(
            [Decision(comment_id=bare.pk, article=article, revision_number=9, was="open", now="spam", version=1)]
        )
        make_article("draft", is_published=False)
        everything = Comment.objects.moderated_by(mo).exclude(author=mo)
        assert desk.get(QUEUE).status_code == 200
        assert desk.get(f"{QUEUE}?what=flagged").status_code == 200
        assert {desk.get(address(one)).status_code for one in everything} == {200}


class TestNarrowing:
    def test_is_by_what_category_and_article(self, desk, article):
        art = Category.objects.create(slug="art", name="Art")
        one, two = held(article), held(make_article(category=art))
        edited = make_comment(article, make_user(), state=State.HELD_EDIT)
        flagged = reported(make_comment(article, make_user()))
        assert shown(desk, f"{QUEUE}?what=held") == [one.pk, two.pk]
        assert shown(desk, f"{QUEUE}?what=edited") == [edited.pk]
        assert shown(desk, f"{QUEUE}?what=flagged") == [flagged.pk]
        assert shown(desk, f"{QUEUE}?category={art.pk}") == [two.pk]
        assert shown(desk, f"{QUEUE}?what=held&article={article.pk}") == [one.pk]
        assert shown(desk, f"{QUEUE}?what=&category=&article=") == shown(desk)

    @pytest.mark.parametrize(
        "query",
        [
            "what=no",
            "article=x",
            "article=0",
            "category=-1",
            f"article={10**19}",
            "cursor=",
            "cursor=abc",
            "cursor=é",
        ],
    )
    def test_is_not_by_what_no_link_says(self, desk, query):
        assert desk.get(f"{QUEUE}?{query}").status_code == 404


class TestPaging:
    def walk(self, client: Client, between=lambda number: None) -> list[int]:
        """Every card, page by page as the link leads; `between` is called with the number of each page."""
        seen, path = [], QUEUE
        for number in range(1, 20):
            content = client.get(path).content.decode()
            seen += [int(pk) for pk in re.findall(r'id="comment-(\d+)"', content)]
            following = re.search(r'<a href="([^"]*)" data-next>', content)
            if following is None:
                return seen
            between(number)
            path = following[1].replace("&amp;", "&")
        raise AssertionError("the queue has no end")

    def make_fifty(self, article) -> list[int]:
        author = make_user()
        for number in range(50):
            comment = held(article, author)
            # Several at the same moment, and in another order than their ids.
            since = timezone.now() - timedelta(hours=number // 5)
            Comment.objects.filter(pk=comment.pk).update(waiting_since=since, waiting_order=number % 3)
        return list(Comment.objects.waiting().values_list("pk", flat=True))

    def test_shows_each_once_in_the_order_of_the_queue(self, desk, article):
        in_order = self.make_fifty(article)
        assert len(shown(desk)) == 20
        assert self.walk(desk) == in_order

    def test_shows_each_once_that_stays_while_others_come_and_go(self, mo, desk, article):
        in_order = self.make_fifty(article)
        gone = []

        def judge_the_last_seen_and_add_some(number):
            last = Comment.objects.get(pk=in_order[20 * number - 1])
            services.judge(last, "approve", by=mo, seen_version=last.version)
            ahead = Comment.objects.get(pk=in_order[20 * number + 3])
            services.judge(ahead, "approve", by=mo, seen_version=ahead.version)
            gone.append(ahead.pk)
            held(article)

        seen = self.walk(desk, judge_the_last_seen_and_add_some)
        assert len(seen) == len(set(seen))
        assert [pk for pk in seen if pk in in_order] == [pk for pk in in_order if pk not in gone]


class TestQueries:
    @pytest.mark.parametrize("number", [1, 20])
    def test_are_at_most_twelve(self, mo, desk, article, number, django_assert_max_num_queries):
        for index in range(number):
            root = make_comment(article, make_user(), quote="Small birds")
            comment = make_comment(article, make_user(), state=State.HELD_EDIT, parent=root)
            reported(comment)
            services.sanction(comment.author, Sanction.Kind.WARN, message="Hm.", by=mo)
            other = make_comment(make_article(), make_user())
            services.judge(other, "approve", by=mo, seen_version=other.version)
            if index % 2:
                held(make_article())
        with django_assert_max_num_queries(12):
            assert len(shown(desk)) == min(20, number + number // 2)

    def test_are_the_same_for_a_limited_moderator(self, mo, article, django_assert_max_num_queries):
        for _ in range(3):
            reported(make_comment(article, make_user(), state=State.HELD_EDIT))
        client = client_of(limited(mo, article.category))
        with django_assert_max_num_queries(12):
            assert len(shown(client)) == 3

    def test_read_no_whole_text_of_an_article(self, desk, article, django_assert_max_num_queries):
        held(article, quote="Small birds")
        with django_assert_max_num_queries(12) as asked:
            desk.get(QUEUE)
        told = " ".join(query["sql"] for query in asked.captured_queries)
        assert (
            re.findall(r'(?<!SUBSTR\()(?<!SUBSTRING\()"articles_revision"\."(canonical_text|html|source)"', told)
            == []
        )
        assert "draft_source" not in told


class TestRuling:
    def test_leads_back_to_where_it_was_at_the_next_card(self, mo, desk, article):
        first, second = held(article), held(article)
        back = f"what=held&article={article.pk}"
        assert f'name="after" value="{second.pk}"' in card(desk, first)
        answer = post(desk, first, "approve", back=back, after=second.pk)
        assert (answer.status_code, answer["Location"]) == (303, f"{QUEUE}?{back}#comment-{second.pk}")
        assert "Approve: the comment by Ada." in desk.get(QUEUE).content.decode()
        decision = Decision.objects.get(role="moderator")
        assert (decision.comment, decision.actor, decision.now) == (first, mo, "approved")

    def test_leads_back_to_no_other_address(self, desk, article):
        answer = post(desk, held(article), "approve", back="next=//evil.example&what=held", after="1#x")
        assert answer["Location"] == f"{QUEUE}?what=held"

    def test_from_its_own_page_leads_there_again(self, desk, article):
        comment = held(article)
        assert post(desk, comment, "approve", back=None)["Location"] == address(comment)

    def test_does_nothing_where_it_came_from_no_place_of_the_queue(self, desk, article):
        comment = held(article)
        assert post(desk, comment, "approve", back="what=nothing").status_code == 404
        assert Comment.objects.get(pk=comment.pk).state == State.HELD

    def test_asked_for_at_once_shows_the_queue_as_it_is_then(self, desk, article):
        first, second = held(article), held(article)
        answer = post(desk, first, "spam", at_once="1")
        content = answer.content.decode()
        assert answer.status_code == 200
        assert re.findall(r'<article class="card" id="comment-(\d+)"', content) == [str(second.pk)]
        assert "Spam: the comment by Ada." in content

    def test_rejects_with_what_was_said(self, desk, article):
        comment = held(article)
        post(desk, comment, "reject", reason="other", note="Too short.", private_note="Again.")
        decision = Decision.objects.get(role="moderator")
        assert (decision.reason, decision.note, decision.private_note) == ("other", "Too short.", "Again.")

    def test_sets_nothing_but_what_is_on_the_form(self, desk, article):
        comment = held(article)
        sent = {"state": "illegal", "actor": 1, "batch": str(UUID(int=1)), "author": 1, "act": "hold", "by": 1}
        post(desk, comment, "approve", **sent)
        decision = Decision.objects.get(role="moderator")
        assert (decision.act, decision.now, decision.batch) == ("state", "approved", None)
        assert Comment.objects.get().author == comment.author

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({"ruling": "reject"}, "Choose a reason."),
            ({"ruling": "reject", "reason": "other"}, "Say to its author what is wrong with it."),
            ({"ruling": "approve", "note": "x" * 1001}, "Use at most 1000 characters."),
            ({"ruling": "erase"}, "Select a valid choice."),
            ({"ruling": "approve", "seen": "7 or 8"}, "This form is incomplete."),
            ({"ruling": "approve", "reverses": "-1"}, "greater than or equal to 1"),
        ],
    )
    def test_that_is_incomplete_is_400_with_all_that_was_typed(self, desk, article, sent, words):
        comment = held(article)
        answer = post(desk, comment, **{"private_note": "Kept <words>."} | sent)
        content = answer.content.decode()
        assert answer.status_code == 400
        assert words in content
        assert "Kept &lt;words&gt;.</textarea>" in content
        assert Comment.objects.get().state == State.HELD

    def test_that_is_stale_is_409_with_the_fresh_card_and_all_that_was_typed(self, desk, article):
        seen = held(article, text="The first text.")
        comments.edit(seen, by=seen.author, text="The second text.")
        sent = {"reason": "abuse", "note": "Be kind.", "text": "1", "back": "what=held"}
        answer = post(desk, seen, "reject", **sent)
        content = answer.content.decode()
        assert answer.status_code == 409
        assert "The comment changed since you read it." in content
        assert "<del>first</del>" in content
        assert "<ins>second</ins>" in content
        assert '<option value="abuse" selected>' in content
        assert "Be kind.</textarea>" in content
        fresh = Comment.objects.get()
        assert f'name="seen" value="{fresh.version}.0"' in content
        assert (fresh.state, Decision.objects.filter(role="moderator").count()) == ("held", 0)
        assert post(desk, fresh, "reject", **sent)["Location"] == f"{QUEUE}?what=held"

    def test_that_is_stale_says_who_was_faster(self, desk, article):
        comment, other = held(article), moderator("Max Quick")
        services.judge(comment, "spam", by=other, seen_version=comment.version)
        answer = post(desk, comment, "approve")
        assert answer.status_code == 409
        assert "Max Quick" in answer.content.decode()
        assert Comment.objects.get().state == State.SPAM

    def test_that_did_not_see_a_report_is_409(self, desk, article):
        comment = make_comment(article, make_user())
        reported(comment)
        answer = post(desk, comment, "keep")
        assert answer.status_code == 409
        assert "reported since" in answer.content.decode()
        assert Flag.objects.open().count() == 1

    def test_that_the_state_does_not_allow_is_409(self, desk, article):
        assert post(desk, held(article), "keep_old_text").status_code == 409

    def test_without_a_token_of_this_site_is_403(self, mo, article):
        comment, client = held(article), Client(enforce_csrf_checks=True)
        client.force_login(mo)
        assert post(client, comment, "approve").status_code == 403
        assert Comment.objects.get().state == State.HELD

    def test_is_never_made_by_a_get(self, desk, article):
        comment = held(article)
        desk.get(address(comment), {"ruling": "approve", "seen": f"{comment.version}.0"})
        desk.get(MANY, {"ruling": "approve", "ticked": comment.pk, f"version-{comment.pk}": "1.0"})
        assert Comment.objects.get().state == State.HELD


class TestDecidingAgain:
    def test_is_offered_for_ones_own_last_five(self, mo, desk, article):
        several = [held(article, make_user(f"Writer {number}")) for number in range(6)]
        for comment in several:
            post(desk, comment, "spam")
        other = held(article, make_user("Somebody"))
        services.judge(other, "spam", by=moderator("Max"), seen_version=other.version)
        content = desk.get(QUEUE).content.decode()
        assert re.findall(r"<bdi>(.*?)</bdi>", content) == [f"Writer {number}" for number in (5, 4, 3, 2, 1)]
        last = Decision.objects.filter(actor=mo).last()
        assert f'{address(several[5])}?back=&amp;reverses={last.pk}#comment-{several[5].pk}" data-undo' in content

    def test_records_what_it_takes_back(self, mo, desk, article):
        comment = held(article)
        post(desk, comment, "approve")
        first = Decision.objects.get(actor=mo)
        assert f'name="reverses" value="{first.pk}"' in card(desk, comment, f"{address(comment)}?reverses={first.pk}")
        post(desk, Comment.objects.get(), "reject", reason="abuse", reverses=first.pk)
        assert Decision.objects.filter(actor=mo).last().reverses == first

    def test_of_another_comment_is_404(self, desk, article):
        comment, other = held(article), make_comment(article, make_user(), state=State.SPAM)
        assert post(desk, comment, "approve", reverses=other.decisions.last().pk).status_code == 404
        assert Comment.objects.get(pk=comment.pk).state == State.HELD


class TestMany:
    def send(self, client: Client, ruling: str, *several: Comment, **sent):
        versions = {f"version-{one.pk}": f"{one.version}.{one.open_flags}" for one in several}
        form = {"ruling": ruling, "ticked": [one.pk for one in several], "back": "what=held"}
        return client.post(MANY, form | versions | sent)

    def test_judges_what_is_ticked_and_says_so(self, mo, desk, article):
        several = [held(article) for _ in range(3)]
        answer = self.send(desk, "reject", *several, reason="duplicate")
        assert answer.status_code == 200
        assert "3 of 3 were judged." in answer.content.decode()
        assert f'href="{QUEUE}?what=held"' in answer.content.decode()
        assert Decision.objects.filter(actor=mo, reason="duplicate").values("batch").distinct().count() == 1

    def test_shows_the_stale_ones_afresh_with_all_that_was_typed(self, desk, article):
        done, stale = held(article), held(article, text="The first text.")
        comments.edit(stale, by=stale.author, text="The second text.")
        answer = self.send(desk, "reject", done, stale, reason="other", note="See <above>.")
        content = answer.content.decode()
        assert answer.status_code == 409
        assert "1 of 2 were judged." in content
        assert re.findall(r'<article class="card" id="comment-(\d+)"', content) == [str(stale.pk)]
        assert "The second text." in content
        assert "See &lt;above&gt;.</textarea>" in content
        fresh = Comment.objects.get(pk=stale.pk)
        assert f'name="version-{stale.pk}" value="{fresh.version}.0" form="many"' in content
        assert self.send(desk, "reject", fresh, reason="other", note="See above.").status_code == 200

    def test_tells_nothing_of_what_is_elsewhere(self, mo, article):
        own = held(article)
        elsewhere = held(make_article(title="Secret title"), make_user("Secret name"), "Secret words.")
        client = client_of(limited(mo, article))
        answer = self.send(client, "spam", own, elsewhere)
        content = answer.content.decode()
        assert "There is no such comment." in content
        assert "Secret" not in content
        assert Comment.objects.get(pk=own.pk).state == State.SPAM
        assert Comment.objects.get(pk=elsewhere.pk).state == State.HELD

    @pytest.mark.parametrize(
        ("ruling", "sent", "words"),
        [
            ("reject", {"reason": ""}, "Choose a reason."),
            ("illegal", {}, "Select a valid choice."),
            ("approve", {"ticked": []}, "Tick the comments that you mean."),
            ("approve", {"ticked": ["x", "-1", "9" * 30]}, "Tick the comments that you mean."),
        ],
    )
    def test_that_is_incomplete_is_400_with_ticks_and_words(self, desk, article, ruling, sent, words):
        comment = held(article)
        answer = self.send(desk, ruling, comment, **{"note": "Kept."} | sent)
        content = answer.content.decode()
        assert answer.status_code == 400
        assert words in content
        assert "Kept.</textarea>" in content
        if "ticked" not in sent:
            assert re.search(rf'name="ticked" value="{comment.pk}"[^>]* checked', content)
        assert Comment.objects.get().state == State.HELD

    def test_takes_no_tick_without_the_version_that_was_seen(self, desk, article):
        comment = held(article)
        answer = self.send(desk, "approve", comment, **{f"version-{comment.pk}": ""})
        assert answer.status_code == 400
        assert Comment.objects.get().state == State.HELD

    def test_refuses_more_than_500(self, desk, article):
        several = list(Comment.objects.bulk_create(Comment(article=article, author=make_user()) for _ in range(1)))
        form = {"ruling": "approve", "ticked": [several[0].pk] * 501, f"version-{several[0].pk}": "1.0", "back": ""}
        assert desk.post(MANY, form).status_code == 400

    def test_leads_to_the_queue_when_it_is_only_looked_at(self, desk):
        assert desk.get(MANY)["Location"] == QUEUE


class TestLegalHolds:
    @pytest.fixture
    def two(self):
        return [client_of(moderator(name, "hold_comment")) for name in ("Ann", "Ben")]

    def test_are_placed_by_one_and_released_by_two(self, two, article):
        ann, ben = two
        comment = make_comment(article, make_user(), state=State.REJECTED)
        ann.post(address(comment, "hold/"), {"case_ref": "7/26", "authority": "The court", "ends_at": ""})
        hold = comment.holds.get()
        assert (hold.case_ref, hold.authority, hold.placed_by.name) == ("7/26", "The court", "Ann")
        assert "7/26" in ann.get(address(comment)).content.decode()
        sent = {"hold": hold.pk}
        assert ann.post(address(comment, "release/"), sent).status_code == 303
        assert ann.post(address(comment, "release/"), sent).status_code == 409
        assert ben.post(address(comment, "release/"), sent).status_code == 303
        assert comment.holds.get().released_by.name == "Ben"

    def test_are_not_for_moderators_without_the_permission(self, desk, article):
        comment = held(article)
        assert "Legal holds" not in desk.get(address(comment)).content.decode()
        sent = {"case_ref": "7/26", "authority": "The court"}
        assert desk.post(address(comment, "hold/"), sent).status_code == 403
        assert desk.post(address(comment, "release/"), {"hold": 1}).status_code == 403
        assert not comment.holds.exists()

    def test_that_are_incomplete_are_400_with_what_was_typed(self, two, article):
        comment = held(article)
        answer = two[0].post(address(comment, "hold/"), {"case_ref": "7 <26>", "authority": ""})
        assert answer.status_code == 400
        assert "7 &lt;26&gt;" in answer.content.decode()

    def test_of_another_comment_are_404(self, two, article):
        comment, other = held(article), held(article)
        hold = comments.place_hold(other, by=moderator(), case_ref="7", authority="The court")
        assert two[0].post(address(comment, "release/"), {"hold": hold.pk}).status_code == 404
        assert other.holds.get().release_asked_by is None


class TestErasing:
    @pytest.fixture
    def eve(self):
        return client_of(moderator("Eve", "erase_comment"))

    def sent(self, comment: Comment, **changes) -> dict:
        return {"seen": f"{comment.version}.0", "is_sure": "on"} | changes

    def test_wipes_the_text_and_leads_away(self, eve, article):
        comment = make_comment(article, make_user(), state=State.REJECTED)
        answer = eve.post(address(comment, "erase/"), self.sent(comment))
        assert (answer.status_code, answer["Location"]) == (303, QUEUE)
        assert Comment.objects.get().text.source == ""
        assert eve.get(address(comment)).status_code == 404

    def test_asks_whether_it_is_meant(self, eve, article):
        comment = make_comment(article, make_user(), state=State.REJECTED)
        answer = eve.post(address(comment, "erase/"), self.sent(comment, is_sure=""))
        assert answer.status_code == 400
        assert "Say that you know what it means." in answer.content.decode()
        assert Comment.objects.get().text.source == "A thought."

    def test_is_refused_where_it_stands_on_hold_or_changed(self, eve, article):
        comment = make_comment(article, make_user(), state=State.REJECTED)
        old = self.sent(comment)
        comments.place_hold(comment, by=moderator(), case_ref="7", authority="The court")
        assert eve.post(address(comment, "erase/"), old).status_code == 409
        fresh = self.sent(Comment.objects.get())
        answer = eve.post(address(comment, "erase/"), fresh)
        assert answer.status_code == 409
        assert "under a legal hold" in answer.content.decode()
        assert Comment.objects.get().text.source == "A thought."

    def test_is_not_for_moderators_without_the_permission(self, desk, article):
        comment = make_comment(article, make_user(), state=State.REJECTED)
        assert "Erase" not in desk.get(address(comment)).content.decode()
        assert desk.post(address(comment, "erase/"), self.sent(comment)).status_code == 403
