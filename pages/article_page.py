"""Everything the page of an article shows, in a fixed number of queries, as anybody sees it."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import CharField, Count, Min
from django.db.models.functions import Cast

from articles.models import Article, SectionText
from comments import policy
from comments.models import Anchor, Comment
from pages.addresses import article_path, comment_path, compose_path, key_path
from pages.controls import Discussed, with_controls
from pages.discussion import Listed, sorts
from pages.forms import ComposeForm
from pages.rows import Surroundings, public_rows
from skycrumbs.ids import to_key

MOST_HIGHLIGHTS = 500
MOST_ORPHANS = 50
MOST_BACKLINKS = 50

# Start and end of a passage as the database gives them.
_Ends = tuple[int | None, int | None]
# Start, end, how many comments, and the key of the first one, of a passage that has any.
_Painted = tuple[int, int, int, str]


def context(article: Article, part: Listed) -> dict[str, Any]:
    """What the template needs, of a published article with this part of its comments.

    Four queries, however many comments there are, of an article loaded `with_page` and `with_current_text`.
    """
    comments = part.comments
    shown = {comment.pk for comment in comments}
    orphans, has_more_orphans = _orphans_by_section(article, shown)
    painted = _painted(article)
    sections = _sections(article, orphans, painted)
    headings = {section["id"]: section["heading"] for section in sections}
    around = Surroundings([author.pk for author in article.authors.all()], headings)
    return {
        "article": article,
        "revision": article.current_revision,
        "canonical_url": settings.SITE_URL + article_path(article),
        "sections": sections,
        # Of sections that are no more, and of comments that stood in none.
        "orphans": [orphan for found in orphans.values() for orphan in found],
        "has_more_orphans": has_more_orphans,
        "comments": public_rows(comments, around),
        "sorts": sorts(article_path(article), part.sort) if article.comment_count > 1 else [],
        "more_url": f"?{urlencode(part.more)}#all_comments" if part.more else "",
        "highlights": _highlights(painted, comments),
        "backlinks": backlinks(article.slug),
        "form": ComposeForm.empty(prefix="leave") if policy.takes_comments(article) else None,
        "compose_url": compose_path(article),
        "takes_anchors": policy.takes_anchors(article),
    }


def sections_as_they_were(texts: Iterable[SectionText]) -> list[dict[str, Any]]:
    """The sections of a past revision, without what belongs to the discussion of the current one."""
    return [{"key": t.section.key, "heading": t.heading, "level": t.level, "html": t.html} for t in texts]


def backlinks(slug: str) -> list[dict[str, str]]:
    """Published articles whose text links to `slug`, the newest first. One query."""
    linking = Article.objects.linking_to(slug).only("slug", "title")
    return [{"title": article.title, "url": article_path(article)} for article in linking[:MOST_BACKLINKS]]


def _sections(
    article: Article, orphans: dict[int | None, list[dict[str, Any]]], painted: Sequence[_Painted]
) -> list[dict[str, Any]]:
    """The current sections, each with the orphans of its own, which it takes out of `orphans`."""
    texts = SectionText.objects.filter(revision=article.current_revision_id)
    discussed = [Discussed(start, end, key_path(key, "around")) for start, end, _count, key in painted]
    return [
        {
            "id": text.section_id,
            "key": text.section.key,
            "heading": text.heading,
            "level": text.level,
            "html": with_controls(article, text, discussed),
            "comment_count": article.shown(text.section.comment_count),
            "orphans": orphans.pop(text.section_id, []),
        }
        for text in texts.select_related("section").order_by("position")
    ]


def _orphans_by_section(article: Article, shown: set[int]) -> tuple[dict[int | None, list[dict[str, Any]]], bool]:
    """Comments whose passage is gone, by the section it stood in, and whether there are more than are listed.

    `shown`: ids of those on this very page.
    """
    # What has no place is an orphan, and the only one of these that an index leads to.
    anchors = Anchor.objects.of_public_comments().filter(article=article, now_start=None)
    found: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    rows = list(anchors.select_related("comment__author").order_by("comment_id")[: MOST_ORPHANS + 1])
    for anchor in rows[:MOST_ORPHANS]:
        comment = anchor.comment
        url = f"#comment-{comment.key}" if comment.pk in shown else comment_path(comment)
        row = {"url": url, "name": comment.writer_name, "is_guest": comment.author_id is None}
        found[comment.section_id].append(row | {"quote": anchor.exact})
    return found, len(rows) > MOST_ORPHANS


def _highlights(painted: Sequence[_Painted], shown: Sequence[Comment]) -> list[dict[str, Any]]:
    """The passages to paint, in order: code points [start, end) of the current text, and who is on each.

    `count` is of all comments on the passage; `ids` are the keys of its first comment and of those in `shown`.
    """
    on_page: dict[_Ends, list[str]] = defaultdict(list)
    for comment in shown:
        if comment.has_anchor and not comment.is_tombstone:
            on_page[comment.anchor.now_start, comment.anchor.now_end].append(comment.key)
    return [
        {"start": start, "end": end, "count": count, "ids": _once(first, on_page[start, end])}
        for start, end, count, first in painted
    ]


def _painted(article: Article) -> list[_Painted]:
    """The first passages that were commented on, in their order."""
    # By the article of the anchor: its index gives them in their order, and no more than are shown are read.
    anchors = Anchor.objects.of_public_comments().filter(
        article=article, now_revision=article.current_revision_id, now_start__isnull=False
    )
    # As text: PostgreSQL before 18 knows no least uuid. The order of the text is the order of time.
    first = Min(Cast("comment__public_id", CharField()))
    ends = ("now_start", "now_end")
    found = anchors.values_list(*ends).annotate(number=Count("pk"), first=first).order_by(*ends)[:MOST_HIGHLIGHTS]
    return [(start, end, number, to_key(uuid.UUID(first))) for start, end, number, first in found]


def _once(first: str, others: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([first, *others]))
