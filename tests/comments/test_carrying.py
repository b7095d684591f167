import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import services as article_services
from comments import carrying, returning
from comments.anchoring import carry, context_of
from comments.carrying import prepare
from comments.models import Anchor, AnchorMove, Comment
from comments.placing import Selection
from comments.recounting import recount_sections
from comments.services import attach
from comments.states import State
from tests.comments.counting import counters, recount
from tests.factories import make_article, make_comment, make_user, passage, revise

pytestmark = pytest.mark.django_db

LEAD = "Skylarks rise before the sun does, and their song carries over the whole valley."
SONG = "A male sings for minutes without a pause. Nobody knows how he breathes."
NEST = "The nest lies in the open field, hidden by nothing but grass."
SOURCE = f"{LEAD}\n\n## Song\n\n{SONG}\n\n## Nest\n\n{NEST}"
NEWS = "Twelve farmers of the county agreed last week to mow later in the year."


@pytest.fixture
def article():
    return make_article(source=SOURCE)


@pytest.fixture
def author():
    return make_user()


def now(comment):
    """(revision number, words there, status) of a comment's anchor."""
    anchor = Anchor.objects.select_related("now_revision").get(comment=comment)
    words = anchor.now_revision.canonical_text[anchor.now_start : anchor.now_end] if anchor.now_end else None
    return anchor.now_revision.number, words, anchor.now_status


def moves(comment):
    rows = AnchorMove.objects.filter(anchor__comment=comment).order_by("pk")
    return [(m.from_revision.number, m.to_revision.number, m.status) for m in rows]


class TestPublishCarries:
    def test_moves_the_anchor_and_writes_where_from_and_where_to(self, article, author):
        comment = make_comment(article, author, quote="for minutes")
        before = comment.anchor
        article = revise(article, f"{NEWS}\n\n{SOURCE}")
        by = len(NEWS) + 1
        assert now(comment) == (2, "for minutes", "kept")
        (move,) = AnchorMove.objects.all()
        assert (move.anchor, move.article) == (before, article)
        assert (move.from_revision.number, move.to_revision) == (1, article.current_revision)
        assert (move.from_start, move.from_end) == (before.start, before.end)
        assert (move.to_start, move.to_end) == (before.start + by, before.end + by)
        assert (move.status, move.score) == ("kept", 1.0)
        assert move.method != ""

    def test_writes_a_move_for_every_revision(self, article, author):
        comment = make_comment(article, author, quote="for minutes")
        for lead in ("One.", "Two.", "Three."):
            article = revise(article, f"{lead}\n\n{SOURCE}")
        assert moves(comment) == [(1, 2, "kept"), (2, 3, "kept"), (3, 4, "kept")]

    def test_never_changes_what_was_quoted(self, article, author):
        comment = make_comment(article, author, quote="for minutes")
        fixed = ("revision_id", "start", "end", "exact", "prefix", "suffix")
        before = Anchor.objects.filter(comment=comment).values(*fixed).get()
        for source in (f"{NEWS}\n\n{SOURCE}", "All is new.", SOURCE, SOURCE.replace("sings", "calls")):
            revise(article, source)
            assert Anchor.objects.filter(comment=comment).values(*fixed).get() == before

    def test_carries_anchors_of_every_state_and_visibility(self, article, author):
        made = [
            make_comment(article, author, quote="for minutes", state=State(s)) for s in ("held", "open", "withdrawn")
        ]
        made.append(make_comment(article, author, quote="for minutes", kind="highlight", visibility="private"))
        revise(article, f"{NEWS}\n\n{SOURCE}")
        assert [now(comment) for comment in made] == [(2, "for minutes", "kept")] * 4

    def test_leaves_anchors_of_other_articles_alone(self, article, author):
        other = make_article(source=SOURCE)
        comment = make_comment(other, author, quote="for minutes")
        revise(article, "All is new.")
        assert now(comment) == (1, "for minutes", "kept")
        assert moves(comment) == []

    def test_writes_nothing_when_nothing_is_published(self, article, author):
        comment = make_comment(article, author, quote="for minutes")
        revise(article, SOURCE)
        assert (now(comment), moves(comment)) == ((1, "for minutes", "kept"), [])

    def test_says_kept_when_only_the_title_changed(self, article, author):
        comment = make_comment(article, author, quote="for minutes")
        revise(article, SOURCE, title="Larks")
        assert (now(comment), moves(comment)) == ((2, "for minutes", "kept"), [(1, 2, "kept")])


class TestOrphans:
    def test_is_one_when_its_words_are_gone(self, article, author):
        comment = make_comment(article, author, quote="for minutes")
        revise(article, SOURCE.replace(SONG, NEWS))
        assert now(comment) == (2, None, "orphaned")
        assert moves(comment) == [(1, 2, "orphaned")]
        (move,) = AnchorMove.objects.all()
        assert (move.to_start, move.to_end, move.score) == (None, None, 0.0)

    def test_stays_in_its_section(self, article, author):
        comment = make_comment(article, author, quote="for minutes")
        revise(article, SOURCE.replace(SONG, NEWS))
        assert Comment.objects.get(pk=comment.pk).section.key == "song"
        assert counters(article) == recount(article)

    def test_stays_in_its_section_when_that_is_retired(self, article, author):
        comment = make_comment(article, author, quote="hidden by nothing")
        revise(article, f"{LEAD}\n\n## Song\n\n{SONG}")
        section = Comment.objects.get(pk=comment.pk).section
        assert (section.key, section.is_retired, section.comment_count) == ("nest", True, 1)
        assert now(comment) == (2, None, "orphaned")

    def test_stays_one_while_its_words_are_gone(self, article, author):
        comment = make_comment(article, author, quote="for minutes")
        gone = SOURCE.replace(SONG, NEWS)
        for lead in ("", "One.\n\n", "Two.\n\n"):
            revise(article, f"{lead}{gone}")
        assert now(comment) == (4, None, "orphaned")
        assert moves(comment) == [(1, 2, "orphaned"), (2, 3, "orphaned"), (3, 4, "orphaned")]

    def test_is_found_again_when_the_edit_is_taken_back(self, article, author):
        comment = make_comment(article, author, quote="for minutes")
        revise(article, SOURCE.replace(SONG, NEWS))
        revise(article, SOURCE)
        assert now(comment) == (3, "for minutes", "kept")
        assert moves(comment) == [(1, 2, "orphaned"), (2, 3, "kept")]
        move = AnchorMove.objects.last()
        assert (move.from_start, move.from_end) == (None, None)
        assert (move.to_start, move.to_end) == (comment.anchor.start, comment.anchor.end)

    def test_is_found_again_when_its_words_come_back_in_a_changed_article(self, article, author):
        comment = make_comment(article, author, quote="for minutes without a pause")
        revise(article, "All is new.")
        revise(article, f"{NEWS}\n\n{SOURCE}")
        assert now(comment) == (3, "for minutes without a pause", "kept")
        assert Comment.objects.get(pk=comment.pk).section.key == "song"
        assert counters(article) == recount(article)

    def test_is_found_where_it_was_last_and_to_be_confirmed_when_it_had_changed_step_by_step(self, article, author):
        steps = [
            "A male sings for minutes without a pause, above the field.",
            "A male lark calls for hours without any rest, above the field.",
            "Every grown lark calls for hours without any rest, above the farm.",
            "Every grown lark calls through whole mornings and takes no rest, near the farm.",
        ]
        article = revise(article, SOURCE.replace(SONG, steps[0]))
        comment = make_comment(article, author, quote=steps[0])
        for step in steps[1:]:
            revise(article, SOURCE.replace(SONG, step))
        assert now(comment) == (5, steps[-1], "changed")
        revise(article, SOURCE.replace(SONG, NEWS))
        assert now(comment) == (6, None, "orphaned")
        revise(article, SOURCE.replace(SONG, steps[-1]))
        assert now(comment) == (7, steps[-1], "uncertain")

    def test_is_found_where_it_was_put_by_hand_and_to_be_confirmed(self, article, author):
        comment = make_comment(article, author, quote="for minutes without a pause")
        other = SOURCE.replace(SONG, NEWS)
        article = revise(article, other)
        attach(comment, by=author, selection=passage(article, "mow later in the year"))
        revise(article, SOURCE.replace(SONG, "Nothing."))
        assert now(comment) == (3, None, "orphaned")
        revise(article, other)
        assert now(comment) == (4, "mow later in the year", "uncertain")

    def test_is_found_where_it_was_when_the_whole_text_is_as_it_was(self, author):
        """Its line was there all the time, and had a twin for a while."""
        was, twice = "\n\n".join([LEAD, SONG, NEST]), "\n\n".join([NEWS, SONG, LEAD, SONG, NEWS])
        article = make_article(source=was)
        comment = make_comment(article, author, quote="how he breathes")
        for source in (twice, SONG):
            article = revise(article, source)
        assert now(comment) == (3, None, "orphaned")
        revise(article, was)
        assert now(comment) == (4, "how he breathes", "kept")

    def test_is_found_again_by_words_that_it_has_in_part(self, article, author):
        comment = make_comment(article, author, quote="eathe")
        for lead, song in ((NEWS, "All is known."), (f"{NEWS} {LEAD}", SONG)):
            article = revise(article, SOURCE.replace(LEAD, lead).replace(SONG, song))
        assert now(comment) == (3, "eathe", "kept")

    def test_is_sought_only_when_its_words_may_have_come(self, article, author, monkeypatch):
        comment = make_comment(article, author, quote="Nobody knows how he breathes.")
        article = revise(article, SOURCE.replace(" Nobody knows how he breathes.", ""))
        sought = []
        monkeypatch.setattr(returning, "carry", lambda *args: sought.append(args) or carry(*args))
        article = revise(article, SOURCE.replace(" Nobody knows how he breathes.", "").replace(LEAD, NEWS))
        assert (sought, now(comment)) == ([], (3, None, "orphaned"))
        revise(article, SOURCE)
        assert (len(sought), now(comment)) == (1, (4, "Nobody knows how he breathes.", "kept"))


class TestStatusSinceItWasWritten:
    def test_stays_moved_when_a_later_edit_keeps_it(self, article, author):
        exact = "Nobody knows how he breathes."
        comment = make_comment(article, author, quote=exact)
        moved = SOURCE.replace(f" {exact}", "").replace("the open field,", f"the open field. {exact} It is")
        article = revise(article, moved)
        assert now(comment) == (2, exact, "moved")
        revise(article, f"{NEWS}\n\n{moved}")
        assert now(comment) == (3, exact, "moved")
        assert moves(comment) == [(1, 2, "moved"), (2, 3, "kept")]

    def test_is_kept_again_when_an_edit_is_taken_back(self, article, author):
        comment = make_comment(article, author, quote="sings for minutes without")
        revise(article, SOURCE.replace("minutes", "hours"))
        assert now(comment) == (2, "sings for hours without", "changed")
        revise(article, SOURCE)
        assert now(comment) == (3, "sings for minutes without", "kept")
        assert moves(comment) == [(1, 2, "changed"), (2, 3, "changed")]

    def test_is_kept_again_when_it_is_moved_back(self, article, author):
        comment = make_comment(article, author, quote="hidden by nothing but grass")
        revise(article, f"{NEST}\n\n{LEAD}\n\n## Song\n\n{SONG}\n\n## Nest\n\n{NEWS}")
        assert now(comment) == (2, "hidden by nothing but grass", "moved")
        revise(article, SOURCE)
        assert now(comment) == (3, "hidden by nothing but grass", "kept")

    def test_is_moved_when_its_paragraph_took_all_neighbours_along(self, article, author):
        long = f"{LEAD} Nobody asked the larks what they think of it, which is a pity. {NEWS}"
        stays = [SONG, *(f"Valley {number} has a song of its own, and people know it well." for number in range(9))]
        article = revise(article, "\n\n".join([long, *stays]))
        comment = make_comment(article, author, quote="the larks what they think")
        for number, lines in ((3, [*stays, long]), (4, [*stays, long, NEST])):
            revise(article, "\n\n".join(lines))
            assert now(comment) == (number, "the larks what they think", "moved")
        revise(article, "\n\n".join([long, *stays]))
        assert now(comment) == (5, "the larks what they think", "kept")

    def test_stays_changed_when_the_words_come_back_among_others(self, article, author):
        comment = make_comment(article, author, quote="sings for minutes without")
        revise(article, SOURCE.replace("minutes", "hours"))
        revise(article, SOURCE.replace("A male", "Every male"))
        assert now(comment) == (3, "sings for minutes without", "changed")

    def test_is_certain_again_when_its_words_come_back(self, article, author):
        comment = make_comment(article, author, quote="sings for minutes without")
        revise(article, SOURCE.replace("minutes", "hours"))
        Anchor.objects.update(now_status="uncertain")
        revise(article, SOURCE)
        assert now(comment) == (3, "sings for minutes without", "kept")

    def test_goes_back_to_its_words_where_the_last_step_leads_elsewhere(self, author):
        """The item that was moved to the middle of the passage goes home, and what stood around it is as it was."""
        head, first = "Four difficulties keep returning:", "Wishes: People rarely write down everything they want."
        others = [
            "Range: Training covers a thin slice of the world, and looks dependable until the stakes change",
            "Attack: Good conduct has to hold when someone works against it, with a thousand patient attempts",
        ]
        article = make_article(source="\n\n".join([head, first, *others]))
        comment = make_comment(article, author, quote=f"{head}\n{first}")
        article = revise(article, "\n\n".join([head, others[1], first, others[0]]))
        assert now(comment) == (2, f"{head}\n{others[1]}\n{first}", "changed")
        revise(article, "\n\n".join([head, first, *others]))
        assert now(comment) == (3, f"{head}\n{first}", "kept")
        assert moves(comment)[-1] == (2, 3, "changed")

    def test_goes_back_to_its_words_where_those_it_changed_to_are_lost(self, article, author):
        comment = make_comment(article, author, quote="Nobody knows how he breathes.")
        article = revise(article, SOURCE.replace("Nobody knows how", "Somebody asks where"))
        assert now(comment) == (2, "Somebody asks where he breathes.", "changed")
        revise(article, f"{NEWS}\n\n{SONG}\n\n## Nest\n\n{NEST}")
        assert now(comment) == (3, "Nobody knows how he breathes.", "kept")

    def test_goes_back_to_all_of_its_words_where_the_last_step_leads_to_some_of_them(self, article, author):
        comment = make_comment(article, author, quote=f"Nest\n{NEST}")
        article = revise(article, SOURCE.replace("## Nest\n\n", ""))
        assert now(comment) == (2, NEST, "changed")
        revise(article, SOURCE.replace(LEAD, NEWS))
        assert now(comment) == (3, f"Nest\n{NEST}", "kept")

    def test_says_moved_of_what_was_moved_and_changed_when_only_the_change_is_taken_back(self, article, author):
        comment = make_comment(article, author, quote="hidden by nothing but grass")
        moved = f"{NEST}\n\n{LEAD}\n\n## Song\n\n{SONG}\n\n## Nest\n\n{NEWS}"
        for source in (moved, moved.replace("nothing but", "high"), moved):
            article = revise(article, source)
        assert now(comment) == (4, "hidden by nothing but grass", "moved")

    def test_stays_where_it_surely_is_when_the_words_it_had_appear_elsewhere(self, article, author):
        comment = make_comment(article, author, quote="Nobody knows how he breathes.")
        changed = SOURCE.replace("Nobody knows how", "Somebody knows why")
        article = revise(article, changed)
        revise(article, f"{changed}\n\n{SONG}")
        assert now(comment) == (3, "Somebody knows why he breathes.", "changed")

    @pytest.mark.parametrize("between", [[], [f"{LEAD} So it goes."]], ids=["at once", "carried on from there"])
    def test_stays_where_it_was_put_by_hand_when_its_words_come_back(self, article, author, between):
        comment = make_comment(article, author, quote="Nobody knows how he breathes.")
        lost = SOURCE.replace("Nobody knows how he breathes.", NEWS)
        article = revise(article, lost)
        attach(comment, by=author, selection=passage(article, "farmers of the county agreed"))
        for lead in between:
            article = revise(article, lost.replace(LEAD, lead))
        article = revise(article, f"{SOURCE}\n\n{NEWS.replace('county', 'shire')}")
        assert now(comment) == (article.current_revision.number, "farmers of the shire agreed", "changed")

    def test_goes_back_to_its_words_when_those_it_was_put_on_by_hand_are_gone(self, article, author):
        comment = make_comment(article, author, quote="Nobody knows how he breathes.")
        article = revise(article, SOURCE.replace("Nobody knows how he breathes.", NEWS))
        attach(comment, by=author, selection=passage(article, "farmers of the county agreed"))
        revise(article, SOURCE)
        assert now(comment) == (3, "Nobody knows how he breathes.", "kept")

    def test_is_not_looked_for_in_the_step_after_its_writing_which_tells_all(self, article, author, monkeypatch):
        for quote in ("sings for minutes", "Nobody knows how", "Skylarks rise"):
            make_comment(article, author, quote=quote)
        sought = []
        monkeypatch.setattr(returning, "context_of", lambda *args: sought.append(args) or context_of(*args))
        article = revise(article, SOURCE.replace("minutes", "hours").replace("Skylarks", "Larks"))
        assert sought == []
        revise(article, f"{NEWS}\n\n{SOURCE}")
        assert len(sought) == 2


class TestSectionsFollow:
    def test_takes_the_comment_and_its_replies_to_the_section_of_the_passage(self, article, author):
        root = make_comment(article, author, quote="Nobody knows how he breathes.")
        child = make_comment(article, author, parent=root)
        grandchild = make_comment(article, author, parent=child)
        stays = make_comment(article, author, section=article.sections.get(key="song"))
        exact = "Nobody knows how he breathes."
        moved = SOURCE.replace(f" {exact}", "") + f" {exact}"
        revise(article, moved)
        keys = dict(Comment.objects.values_list("pk", "section__key"))
        assert keys == {root.pk: "nest", child.pk: "nest", grandchild.pk: "nest", stays.pk: "song"}
        assert counters(article) == recount(article)
        assert counters(article)["sections"] == {"lead": 0, "song": 1, "nest": 3}

    def test_keeps_the_section_when_it_is_renamed(self, article, author):
        comment = make_comment(article, author, quote="for minutes")
        revise(article, SOURCE.replace("## Song", "## How they sing"))
        assert Comment.objects.get(pk=comment.pk).section.key == "song"

    def test_counts_right_when_replies_withdrawn_ones_and_highlights_move(self, article, author):
        exact = "Nobody knows how he breathes."
        root = make_comment(article, author, quote=exact)
        make_comment(article, author, parent=root)
        make_comment(article, author, parent=root, state=State.WITHDRAWN)
        make_comment(article, author, "", quote=exact, kind="highlight")
        make_comment(article, author, quote=exact, kind="note", visibility="private")
        revise(article, SOURCE.replace(f" {exact}", "") + f" {exact}")
        assert counters(article) == recount(article)
        assert counters(article)["sections"] == {"lead": 0, "song": 0, "nest": 2}


class TestPrepare:
    def test_writes_nothing(self, article, author):
        comment = make_comment(article, author, quote="for minutes")
        with CaptureQueriesContext(connection) as queries:
            prepare(article, "All is new.")
        assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
        assert (now(comment), moves(comment)) == ((1, "for minutes", "kept"), [])

    def test_has_nothing_to_carry_when_the_article_was_never_published(self):
        plan = prepare(make_article(is_published=False), "Text.")
        assert (plan.old, plan.rows) == (None, [])


class TestApply:
    def test_carries_comments_that_arrived_since_prepare(self, article, author, monkeypatch):
        early = make_comment(article, author, quote="for minutes")
        late = []

        def step(*args):
            plan = prepare(*args)
            late.append(make_comment(article, author, quote="Nobody knows how"))
            return plan

        monkeypatch.setattr(carrying, "prepare", step)
        revise(article, f"{NEWS}\n\n{SOURCE}")
        assert now(early) == (2, "for minutes", "kept")
        assert now(late[0]) == (2, "Nobody knows how", "kept")
        assert moves(late[0]) == [(1, 2, "kept")]


class TestRecountSections:
    def test_sets_every_counter_to_what_stands_there(self, article, author):
        make_comment(article, author, quote="for minutes")
        article.sections.update(comment_count=99)
        recount_sections(article.pk)
        assert dict(article.sections.values_list("key", "comment_count")) == {"lead": 0, "song": 1, "nest": 0}


class TestPublishQueries:
    """As many for 300 anchors as for 10."""

    def published(self, article, source):
        draft = revise(article, source, is_published=False)
        with CaptureQueriesContext(connection) as queries:
            article_services.publish(draft, by=None)
        return [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]

    def anchored(self, count, exact):
        """`count` comments on one passage; the first through the service, the rest as copies of its rows."""
        article, author = make_article(source=SOURCE), make_user()
        first = make_comment(article, author, selection=Selection(exact))
        base = {
            f.attname: getattr(first, f.attname) for f in Comment._meta.fields if f.name not in ("id", "public_id")
        }
        made = Comment.objects.bulk_create([Comment(**base | {"root_id": None}) for _ in range(count - 1)])
        for comment in made:
            comment.root = comment
        Comment.objects.bulk_update(made, ["root"])
        anchor = {f.attname: getattr(first.anchor, f.attname) for f in Anchor._meta.fields if f.name != "id"}
        Anchor.objects.bulk_create([Anchor(**anchor | {"comment_id": comment.pk}) for comment in made])
        return article

    @pytest.mark.parametrize(
        "source",
        [
            f"{NEWS}\n\n{SOURCE}",
            SOURCE.replace("Nobody knows how he breathes.", "All is known."),
            SOURCE.replace(" Nobody knows how he breathes.", "") + " Nobody knows how he breathes.",
        ],
        ids=["kept", "orphaned", "to another section"],
    )
    def test_are_as_many_for_300_anchors_as_for_10(self, source):
        few = self.published(self.anchored(10, "Nobody knows how he breathes."), source)
        many = self.published(self.anchored(300, "Nobody knows how he breathes."), source)
        assert Anchor.objects.filter(now_revision__number=2).count() == 310
        # Rows go in batches, of a size that each database sets for itself.
        assert len(without_batches(many)) == len(without_batches(few))
        assert len(many) <= len(few) + 12


def without_batches(queries):
    """Each batch of one bulk write counted once."""
    kept = []
    for sql in queries:
        start = sql[:60]
        if not (kept and kept[-1] == start and start.startswith(("INSERT", "UPDATE"))):
            kept.append(start)
    return kept
