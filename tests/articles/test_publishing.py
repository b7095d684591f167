"""Publishing by the worker: the old revision stays until everything is ready, and nothing is left half done."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from articles import publishing, services
from articles.errors import BeingPublished, StaleDraft
from articles.models import Article, Publishing, Revision
from articles.querysets import PUBLISHING_LEASE
from articles.steps import ByHand
from comments import carrying
from comments import services as comment_services
from comments.models import Anchor, AnchorMove, ComingMove
from tests.clock import later
from tests.factories import make_article, make_comment, make_user, passage, revise
from tests.racing import in_other_thread, race

pytestmark = pytest.mark.django_db

LEAD = "Small birds sing at dawn, when the air is still and every one of them can be heard."
SOURCE = f"{LEAD}\n\n## Nests\n\nHedges hold most nests."
NEXT = f"A sentence that is new stands before everything else.\n\n{SOURCE}"


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Two passages are many here, and one is a batch."""
    monkeypatch.setattr(publishing, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(carrying, "AHEAD_BATCH", 1)


@pytest.fixture
def article():
    article = make_article(source=SOURCE)
    for quote in ("sing at dawn", "the air is still", "most nests"):
        make_comment(article, make_user(), quote=quote)
    return save(article, NEXT)


def save(article, source, title="Birds"):
    article = Article.objects.get(pk=article.pk)
    return services.save_draft(article, title=title, source=source, seen_version=article.draft_version)


def begin(article, **fields):
    return publishing.publish_or_begin(services.edition_of(article, article.draft_version), by=None, **fields)


def current(article):
    return Article.objects.select_related("current_revision").get(pk=article.pk).current_revision


def words():
    """What every anchor stands on now, and on which revision."""
    rows = Anchor.objects.select_related("now_revision").order_by("pk")
    return [(a.now_revision.number, a.now_revision.canonical_text[a.now_start : a.now_end]) for a in rows]


CARRIED = [(2, "sing at dawn"), (2, "the air is still"), (2, "most nests")]


class Died(BaseException):
    """As if the process were killed there."""


def die(*args, **options):
    raise Died


def before_the_swap(monkeypatch, act):
    """Have somebody `act` once everything is written ahead."""
    ahead = carrying.CarryPlan.ahead

    def late(plan, told):
        ready = ahead(plan, told)
        act()
        return ready

    monkeypatch.setattr(carrying.CarryPlan, "ahead", late)


def before_it_is_written_ahead(monkeypatch, act):
    """Have somebody `act` once everything is worked out."""
    ahead = carrying.CarryPlan.ahead
    monkeypatch.setattr(carrying.CarryPlan, "ahead", lambda plan, told: (act(), ahead(plan, told))[1])


def let_the_lease_end():
    Publishing.objects.update(beat_at=timezone.now() - PUBLISHING_LEASE - timedelta(seconds=1))


class TestBegin:
    def test_leaves_many_passages_to_the_worker_and_the_old_revision_current(self, article):
        begun = begin(article, summary="Longer")
        assert (begun.total, begun.done, begun.summary, begun.old) == (3, 0, "Longer", current(article))
        assert current(article).number == 1

    def test_publishes_few_at_once(self, article, monkeypatch):
        monkeypatch.setattr(publishing, "MOST_AT_ONCE", 3)
        assert begin(article).number == 2
        assert not Publishing.objects.exists()

    def test_publishes_at_once_when_the_text_is_the_same(self, article):
        article = save(article, SOURCE, title="Other birds")
        assert begin(article).number == 2
        assert words() == CARRIED
        assert AnchorMove.objects.filter(status="kept", method="same text").count() == 3

    def test_refuses_a_draft_that_was_saved_since(self, article):
        with pytest.raises(StaleDraft):
            services.edition_of(article, article.draft_version - 1)
        assert not Publishing.objects.exists()

    def test_refuses_every_other_publishing_and_every_draft(self, article):
        begin(article)
        for act in (
            lambda: begin(article),
            lambda: services.publish(article, by=None),
            lambda: save(article, "New."),
        ):
            with pytest.raises(BeingPublished):
                act()
        assert Article.objects.get(pk=article.pk).draft_source == NEXT


class TestRun:
    def test_swaps_writes_every_move_and_leaves_nothing(self, article):
        begin(article, summary="Longer")
        assert publishing.run_due() == 1
        assert (current(article).number, current(article).summary) == (2, "Longer")
        assert words() == CARRIED
        moves = AnchorMove.objects.order_by("anchor").values_list(
            "from_revision__number", "to_revision__number", "status"
        )
        assert list(moves) == [(1, 2, "kept")] * 3
        assert not Publishing.objects.exists() and not ComingMove.objects.exists()

    def test_carries_a_comment_that_comes_meanwhile(self, article, monkeypatch):
        begin(article)
        before_the_swap(monkeypatch, lambda: make_comment(article, make_user(), quote="every one of them"))
        publishing.run_due()
        assert words() == [*CARRIED, (2, "every one of them")]
        assert AnchorMove.objects.count() == 4

    def test_carries_a_passage_that_is_moved_by_hand_meanwhile_from_there(self, monkeypatch):
        author = make_user()
        article = make_article(source=SOURCE)
        comment = make_comment(article, author, quote="sing at dawn")
        make_comment(article, make_user(), quote="most nests")
        Anchor.objects.filter(comment=comment).update(now_status="uncertain")
        article = save(article, NEXT)
        begin(article)
        where = passage(Article.objects.select_related("current_revision").get(pk=article.pk), "Small birds")
        before_the_swap(monkeypatch, lambda: comment_services.attach(comment, by=author, selection=where))
        publishing.run_due()
        assert words() == [(2, "Small birds"), (2, "most nests")]
        assert (
            list(AnchorMove.objects.filter(anchor__comment=comment).values_list("method", flat=True))[0] == "by hand"
        )
        assert AnchorMove.objects.filter(anchor__comment=comment).count() == 2

    def test_keeps_what_is_confirmed_by_hand_where_it_stood_meanwhile(self, monkeypatch):
        author = make_user()
        article = make_article(source=SOURCE)
        comment = make_comment(article, author, quote="sing at dawn")
        make_comment(article, make_user(), quote="most nests")
        article = revise(article, SOURCE.replace("at dawn", "at noon"))
        Anchor.objects.filter(comment=comment).update(now_status="uncertain")
        article = save(article, NEXT.replace("at dawn", "at noon"))
        begin(article)
        where = passage(Article.objects.select_related("current_revision").get(pk=article.pk), "sing at noon")
        before_the_swap(monkeypatch, lambda: comment_services.attach(comment, by=author, selection=where))
        publishing.run_due()
        assert words() == [(3, "sing at noon"), (3, "most nests")]
        assert Anchor.objects.get(comment=comment).now_status == "changed"

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("moment", [before_it_is_written_ahead, before_the_swap])
    def test_leaves_out_a_note_that_the_sweep_removes_meanwhile(self, article, monkeypatch, moment):
        author = make_user()
        note = make_comment(article, author, kind="note", visibility="private", quote="every one of them")
        comment_services.withdraw(note, by=author)

        def sweep():
            with later(minutes=11):
                assert comment_services.remove_withdrawn_notes() == 1

        moment(monkeypatch, sweep)
        # The worker has it as soon as it is committed.
        begin(article)
        assert not Publishing.objects.exists()
        assert words() == CARRIED
        assert (AnchorMove.objects.count(), ComingMove.objects.count()) == (3, 0)

    def test_follows_what_an_editor_said(self, article):
        text = current(article).canonical_text
        start = text.index("sing at dawn")
        begin(article, by_hand=[ByHand(start, start + len("sing at dawn"), 0, len("A sentence"))])
        publishing.run_due()
        assert words()[0] == (2, "A sentence")

    def test_says_how_far_it_is(self, article, monkeypatch):
        begin(article)
        monkeypatch.setattr(services, "swap", die)
        with pytest.raises(Died):
            publishing.run_due()
        assert Publishing.objects.values_list("done", "total").get() == (3, 3)

    def test_gives_up_in_words_when_the_draft_is_another_one(self, article):
        begin(article)
        Article.objects.update(draft_version=99)
        assert publishing.run_due() == 0
        assert Publishing.objects.get().error == "This draft was saved by somebody else since you opened it."
        assert current(article).number == 1 and not ComingMove.objects.exists()

    @pytest.mark.parametrize("is_late", [False, True])
    def test_stops_when_the_article_is_taken_out_of_view(self, article, monkeypatch, is_late):
        begin(article)
        if is_late:
            before_the_swap(monkeypatch, lambda: services.unpublish(article, by=None))
        else:
            services.unpublish(article, by=None)
        assert publishing.run_due() == 0
        assert not Publishing.objects.exists()
        assert (Article.objects.get(pk=article.pk).status, Revision.objects.count()) == ("unpublished", 1)

    def test_gives_up_in_words_when_something_breaks_and_can_be_begun_again(self, article, monkeypatch, caplog):
        begin(article)
        with monkeypatch.context() as broken:
            broken.setattr(services, "swap", lambda *args, **options: 1 / 0)
            assert publishing.run_due() == 0
        assert "Nothing was published." in Publishing.objects.get().error
        assert "Publishing article" in caplog.text
        assert (publishing.run_due(), ComingMove.objects.count()) == (0, 0)
        begin(save(article, NEXT))
        assert publishing.run_due() == 1
        assert words() == CARRIED


class TestDeath:
    """A worker that dies: at every point, what it leaves can be taken up."""

    @pytest.mark.parametrize("at", ["carry", "write_ahead", "take_over", "_follow_sections", "record"])
    def test_leaves_it_to_the_next_worker(self, article, monkeypatch, at):
        begin(article)
        with monkeypatch.context() as deadly:
            deadly.setattr(carrying, at, die)
            with pytest.raises(Died):
                publishing.run_due()
        is_swapped = at == "record"
        assert current(article).number == (2 if is_swapped else 1)
        assert {number for number, _words in words()} == {2 if is_swapped else 1}
        assert publishing.run_due() == 0
        let_the_lease_end()
        assert publishing.run_due() == 1
        assert words() == CARRIED
        assert (AnchorMove.objects.count(), ComingMove.objects.count(), Publishing.objects.count()) == (3, 0, 0)

    def test_swaps_nothing_when_another_took_over(self, article, monkeypatch):
        begin(article)
        ahead = carrying.CarryPlan.ahead

        def slow(plan, told):
            ready = ahead(plan, told)
            Publishing.objects.update(turn=99)
            return ready

        monkeypatch.setattr(carrying.CarryPlan, "ahead", slow)
        assert publishing.run_due() == 0
        assert (current(article).number, Revision.objects.count(), Publishing.objects.get().error) == (1, 1, "")

    def test_leaves_alone_what_another_that_took_over_has_written(self, article, monkeypatch):
        begin(article)
        prepare = carrying.prepare

        def slow(*args):
            plan = prepare(*args)
            let_the_lease_end()
            with monkeypatch.context() as deadly:
                deadly.setattr(carrying, "prepare", prepare)
                deadly.setattr(carrying, "record", die)
                with pytest.raises(Died):
                    publishing.run_due()
            assert (current(article).number, ComingMove.objects.count()) == (2, 3)
            return plan

        monkeypatch.setattr(carrying, "prepare", slow)
        assert publishing.run_due() == 0
        let_the_lease_end()
        assert publishing.run_due() == 1
        assert (words(), AnchorMove.objects.count(), ComingMove.objects.count()) == (CARRIED, 3, 0)


class TestStop:
    def test_gives_it_up_and_lets_the_draft_be_saved(self, article, monkeypatch):
        begin(article)
        with monkeypatch.context() as deadly:
            deadly.setattr(services, "swap", die)
            with pytest.raises(Died):
                publishing.run_due()
        assert publishing.stop(article)
        assert not ComingMove.objects.exists()
        save(article, "New.")
        assert current(article).number == 1

    def test_leaves_alone_what_is_written_once_it_is_begun_again(self, article, monkeypatch):
        monkeypatch.setattr(services, "swap", die)

        def write_ahead():
            begin(article)
            with pytest.raises(Died):
                publishing.run_due()

        def again(_seconds):
            monkeypatch.setattr(carrying, "sleep", lambda _seconds: None)
            write_ahead()

        write_ahead()
        monkeypatch.setattr(carrying, "sleep", again)
        assert publishing.stop(article)
        assert (ComingMove.objects.count(), Publishing.objects.get().revision) == (3, None)

    def test_is_too_late_after_the_swap(self, article, monkeypatch):
        begin(article)
        with monkeypatch.context() as deadly:
            deadly.setattr(carrying, "record", die)
            with pytest.raises(Died):
                publishing.run_due()
        assert not publishing.stop(article)
        assert ComingMove.objects.count() == 3

    def test_is_nothing_when_nothing_is_under_way(self, article):
        assert not publishing.stop(article)


@pytest.mark.django_db(transaction=True)
class TestTogether:
    """With a connection for each."""

    @pytest.fixture(autouse=True)
    def no_worker(self, settings):
        settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}

    def test_begins_once_when_two_publish(self, article):
        results = race([lambda: begin(article)] * 2)
        assert sorted(type(result).__name__ for result in results) == ["BeingPublished", "Publishing"]

    def test_runs_once_when_two_workers_take_it(self, article):
        begun = begin(article)
        assert sorted(race([lambda: publishing.run(begun.pk)] * 2)) == [False, True]
        assert (AnchorMove.objects.count(), Revision.objects.count()) == (3, 2)

    def test_carries_what_another_connection_wrote_between_preparing_and_the_swap(self, article, monkeypatch):
        begin(article)
        author = make_user()
        late = lambda: make_comment(article, author, quote="every one of them")  # noqa: E731
        before_the_swap(monkeypatch, lambda: in_other_thread(late))
        assert publishing.run_due() == 1
        assert words() == [*CARRIED, (2, "every one of them")]

    def test_refuses_a_draft_or_lets_it_through_whole(self, article):
        results = race([lambda: begin(article), lambda: save(article, "New.")])
        kinds = sorted(type(result).__name__ for result in results)
        assert kinds in (["Article", "StaleDraft"], ["BeingPublished", "Publishing"])

    def test_leaves_gaps_for_writers(self, article):
        """Nothing is written ahead in a transaction that spans batches."""
        edition = services.edition_of(article)
        (plan,) = edition.plans()
        seen = []
        plan.ahead(lambda done: seen.append((done, connection.in_atomic_block)))
        assert seen == [(1, True), (2, True), (3, True)]
        assert in_other_thread(ComingMove.objects.count) == 3
