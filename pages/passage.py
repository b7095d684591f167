"""The passage a comment is on: as it was when the comment was written, and as it is now."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comments.then_and_now import then_and_now
from pages.addresses import comment_path, place_path, revision_path
from pages.comment import absent, readable


@require_safe
def passage(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    comment = readable(request, public_id)
    if comment is None:
        return absent(request, public_id)
    found = then_and_now(comment)
    if found is None:
        raise Http404
    context = {
        "found": found,
        "article_title": comment.article.title,
        "comment_url": comment_path(comment),
        "place_url": place_path(comment),
        "then_url": revision_path(comment.article, found.then.revision),
    }
    return render(request, "pages/passage.html", context)
