"""All that was said on one passage, as anybody sees it: the article's page names only the first comment on each."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from comments.models import Comment
from comments.querysets import NOBODY
from pages.addresses import article_path, comment_path
from pages.answers import page_for_all
from pages.comment import absent
from pages.more import asked_place, first_of
from pages.rows import alone, public_rows
from skycrumbs.headers import kept
from skycrumbs.keeping import made_from

COMMENTS_PER_PAGE = 50


@require_safe
@kept
def beside(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What stands on the very passage that this comment is on, the oldest first; 404 where it is on none."""
    public = Comment.objects.readable_by(NOBODY).with_page_and_parent()
    comment = public.filter(public_id=public_id, anchor__now_start__isnull=False).first()
    if comment is None:
        return absent(request, public_id)
    made_from(request, comment.article)
    anchor, url = comment.anchor, comment_path(comment, "beside")
    same = public.filter(
        anchor__article=comment.article, anchor__now_start=anchor.now_start, anchor__now_end=anchor.now_end
    ).order_by("pk")
    after = asked_place(request, Comment.objects.filter(article=comment.article))
    found, more = first_of(same if after is None else same.filter(pk__gt=after.pk), COMMENTS_PER_PAGE)
    context = {
        "passage": anchor.now_revision.canonical_text[anchor.now_start : anchor.now_end],
        "comments": [alone(row) for row in public_rows(found)],
        "article_title": comment.article.title,
        "article_url": article_path(comment.article),
        # Whole: a script shows this part on another page.
        "more_url": more and url + more,
    }
    return page_for_all(request, "pages/beside.html", context)
