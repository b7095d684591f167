"""The queue in the admin: who sees it, what stands on a card, paging, and judging many at once."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Category
from comments import services as comments
from comments.models import CheckResult, CheckRun, Comment, Decision
from comments.states import State
from moderation import services
from moderation.models import Reason, Sanction
from tests.factories import make_article, make_comment, make_user, revise
from tests.moderation.moderators import limited
from tests.moderation.waiting_page import MANY, QUEUE, address, card, client_of, held, post, reported, shown

pytestmark = pytest.mark.django_db


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

    def test_says_of_what_came_just_now_no_figure(self, desk, article):
        assert "waits for less than a minute" in card(desk, held(article))

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
        ticked = re.findall(r'name="ticked" value="(\d+)"[^>]* checked', content)
        assert ticked == ([] if "ticked" in sent else [str(comment.pk)])
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
