"""All that was said on one passage, or on the text around it, as anybody sees it: the article's page names only the
first comment on each passage."""

import uuid
from typing import cast

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import SectionText
from comments.models import Comment
from comments.querysets import NOBODY, CommentQuerySet
from pages import targets
from pages.addresses import article_path, comment_path
from pages.answers import page_for_all
from pages.comment import absent
from pages.controls import passage_form
from pages.more import asked_place, first_of
from pages.rows import alone, public_rows
from skycrumbs.headers import kept
from skycrumbs.keeping import made_from

COMMENTS_PER_PAGE = 50


@require_safe
@kept
def beside(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What stands on the very passage that this comment is on, the oldest first; 404 where it is on none."""
    comment = _placed(public_id)
    if comment is None:
        return absent(request, public_id)
    start, end = _passage(comment)
    return _page(request, comment, "beside", (start, end), Q(anchor__now_start=start, anchor__now_end=end))


@require_safe
@kept
def around(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What stands anywhere in the blocks that hold the passage of this comment, as `beside`."""
    comment = _placed(public_id)
    if comment is None:
        return absent(request, public_id)
    start, end = _blocks(comment)
    return _page(request, comment, "around", (start, end), Q(anchor__now_start__lt=end, anchor__now_end__gt=start))


def _public() -> CommentQuerySet:
    return Comment.objects.readable_by(NOBODY).with_page_and_parent()


def _placed(public_id: uuid.UUID) -> Comment | None:
    return _public().filter(public_id=public_id, anchor__now_start__isnull=False).first()


def _passage(comment: Comment) -> tuple[int, int]:
    """Start and end of one that is `_placed`."""
    return cast(int, comment.anchor.now_start), cast(int, comment.anchor.now_end)


def _blocks(comment: Comment) -> tuple[int, int]:
    """From where to where the blocks of its section reach that hold its passage. One query."""
    text = SectionText.objects.filter(revision=comment.anchor.now_revision_id, section=comment.section_id).first()
    return _passage(comment) if text is None else targets.around(text, *_passage(comment))


def _page(request: HttpRequest, comment: Comment, name: str, span: tuple[int, int], there: Q) -> HttpResponse:
    """The words of `span`, code points of the current text, and the comments on them that are `there`."""
    article, (start, end) = comment.article, span
    made_from(request, article)
    after = asked_place(request, Comment.objects.filter(article=article))
    comments = _public().filter(there, anchor__article=article).order_by("pk")
    found, more = first_of(comments if after is None else comments.filter(pk__gt=after.pk), COMMENTS_PER_PAGE)
    revision = comment.anchor.now_revision
    passage = revision.canonical_text[start:end]
    context = {
        "passage": passage,
        "is_long": targets.is_long(passage),
        "comments": [alone(row) for row in public_rows(found)],
        "article_title": article.title,
        "article_url": article_path(article),
        # What nobody else is shown is not here.
        "own_url": f"{reverse('pages:me')}?article={article.slug}",
        # Whole: a script shows this part on another page.
        "more_url": more and comment_path(comment, name) + more,
        "form_url": passage_form(article, revision, start, end),
    }
    return page_for_all(request, "pages/beside.html", context)
