"""What the links lead to that are mailed to guests: a page with one button, and nothing is written before that.

Programs that look through mail open every link in it.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guests import LinkExpired, LinkUsed
from accounts.models import Guest
from comments import policy, services
from comments.models import Comment
from comments.states import State
from delivery.stopping import set_reply_mail
from pages.addresses import article_path, comment_path
from pages.answers import page_for_all
from pages.composing import where_it_is_read
from pages.rows import as_written
from pages.viewers import remember_guest
from skycrumbs.answers import see_other, with_headers
from skycrumbs.headers import kept
from skycrumbs.problems import Refusal
from skycrumbs.same_origin import ProvenRequest, same_origin

View = Callable[[ProvenRequest, str], HttpResponse]

# What a guest is told of a comment that was held, by the reason.
_WAITS = {
    "first_comments": gettext_lazy("Confirmed. A moderator reads it first, because these are your first comments.")
}


@require_safe
@kept
def sent(request: HttpRequest) -> HttpResponse:
    """Where everybody is led who wrote as a guest, whatever became of it."""
    return page_for_all(request, "pages/sent.html", {})


def secret(view: View) -> Callable[..., HttpResponse]:
    """A page whose address is a secret: no other page is told of it, and a refused link says what to do."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @same_origin
    @wraps(view)
    def guarded(request: ProvenRequest, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except Refusal as refusal:
            response = _dead(request, token, refusal)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded


@secret
def confirm(request: ProvenRequest, token: str) -> HttpResponse:
    """The comment as it will stand; the button proves the address and lets it go where it was meant to."""
    comment = services.awaiting_proof(token)
    if not request.is_proven:
        return _page(request, "pages/confirm.html", comment)
    guest, comment = services.prove(token)
    if "replies" in request.POST:
        set_reply_mail(guest, is_wanted=True)
    return _led(request, guest, comment)


@secret
def manage(request: ProvenRequest, token: str) -> HttpResponse:
    """The comment as it stands; the button lets this browser edit and withdraw it for a while.

    Whoever is signed in acts as that account, whatever they do: the link is kept for when they are not.
    """
    comment = services.to_manage(token)
    if not request.is_proven or request.user.is_authenticated:
        return _page(request, "pages/manage.html", comment)
    guest, comment = services.manage(token)
    return _remembering(guest, see_other(comment_path(comment)))


def _page(request: ProvenRequest, template: str, comment: Comment) -> HttpResponse:
    """The page with the button; a form that may have come from elsewhere gets it once more."""
    context = {
        "row": as_written(comment),
        "article_title": comment.article.title,
        "here": request.path,
        "is_again": request.method == "POST" and not request.is_proven,
    }
    return render(request, template, context)


def _led(request: HttpRequest, guest: Guest, comment: Comment) -> HttpResponse:
    """To where the comment is read now, as its writer for a while."""
    if comment.state == State.HELD:
        messages.info(request, _WAITS.get(comment.state_reason, _("Confirmed. A moderator reads it first.")))
    # Whoever is signed in cannot see what another, the guest, has waiting.
    is_out_of_sight = request.user.is_authenticated and not comment.is_public
    return _remembering(guest, see_other(reverse("pages:me") if is_out_of_sight else where_it_is_read(comment)))


def _remembering(guest: Guest, response: HttpResponse) -> HttpResponse:
    remember_guest(response, guest)
    return response


def _dead(request: HttpRequest, token: str, refusal: Refusal) -> HttpResponse:
    """Why the link does nothing, and what there is to be done instead."""
    comment = services.link_leads_to(token)
    context = {
        "problem": refusal.detail,
        "status": int(refusal.status),
        "is_used": isinstance(refusal, LinkUsed),
        "is_old": isinstance(refusal, LinkExpired),
    }
    answer = render(request, "pages/dead_link.html", context | _ways_on(comment), status=refusal.status)
    return with_headers(refusal, answer)


def _ways_on(comment: Comment | None) -> dict[str, str]:
    """Addresses, "" where there is none: to see it, to ask for another link, to write again."""
    if comment is None:
        return {}
    claim_url = comment_path(comment, "claim")
    return {
        "comment_url": comment_path(comment) if comment.is_public else "",
        "claim_url": "" if policy.is_unproven(comment) else claim_url,
        "article_url": article_path(comment.article) if comment.article.is_published else "",
    }
