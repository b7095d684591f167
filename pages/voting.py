"""The vote under a comment: a button on pages that are the same for everybody."""

import uuid
from typing import cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from comments import services
from pages.addresses import comment_path
from pages.answers import done, refused
from pages.comment import absent, check_sender, readable
from skycrumbs.problems import Refusal
from skycrumbs.same_origin import ProvenRequest, same_origin


@require_POST
@same_origin
def vote(request: ProvenRequest, public_id: uuid.UUID) -> HttpResponse:
    """Vote, or with `do=back` take the vote back; then the comment's own page, which tells its reader of both.

    The page that was come from is kept for everybody and could not.
    """
    comment = readable(cast(HttpRequest, request), public_id)
    if comment is None:
        return absent(request, public_id)
    if not request.user.is_authenticated:
        return redirect_to_login(comment_path(comment))
    verb = services.take_vote_back if request.POST.get("do") == "back" else services.vote
    try:
        check_sender(request)
        verb(comment, by=request.user)
    except Refusal as refusal:
        return refused(request, refusal, comment_path(comment))
    return done(cast(HttpRequest, request), comment_path(comment))
