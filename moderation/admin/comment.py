"""One comment on a page of its own, in whatever state: judged, kept from being erased, erased."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from articles.comparing import Row, compare
from comments import services as comment_services
from comments.models import Comment, Decision
from moderation import policy, services
from moderation.admin.desk import comment_url, find, for_moderators, render, user_of
from moderation.admin.places import Place
from moderation.admin.queue import show_queue
from moderation.cards import card_of, whole
from moderation.forms import EraseForm, HoldForm, OneRulingForm, RefusableForm, ReleaseForm
from skycrumbs.answers import see_other
from skycrumbs.problems import Refusal


@for_moderators
def page(request: HttpRequest, pk: int) -> HttpResponse:
    comment = find(request, pk)
    return _judge(request, comment) if request.method == "POST" else _show(request, comment)


def _judge(request: HttpRequest, comment: Comment) -> HttpResponse:
    form = OneRulingForm(request.POST, pk=comment.pk)
    if not form.is_valid():
        return _show(request, comment, HTTPStatus.BAD_REQUEST, form=form)
    ruling, seen = form.cleaned_data["ruling"], form.cleaned_data["seen"]
    # Before anything is done: 404 for a place that no form of ours names.
    place = Place.read_back(request.POST)
    try:
        services.judge(
            comment,
            ruling,
            by=user_of(request),
            seen_version=seen.version,
            seen_flags=seen.flags,
            reverses=_reversed(comment, form.cleaned_data["reverses"]),
            **form.said,
        )
    except Refusal as refusal:
        return _refused(request, comment, form, refusal)
    words = _("%(ruling)s: the comment by %(name)s.")
    messages.success(request, words % {"ruling": ruling.label, "name": comment.writer_name})
    if "at_once" in request.POST:
        # A script shows the queue as it is now, without asking for it once more.
        return show_queue(request, place)
    return see_other(_back(request, comment, place))


def _reversed(comment: Comment, pk: int | None) -> Decision | None:
    return get_object_or_404(comment.decisions, pk=pk) if pk else None


def _refused(request: HttpRequest, comment: Comment, form: OneRulingForm, refusal: Refusal) -> HttpResponse:
    """The fresh card with everything typed, and what happened since it was seen."""
    form.add_refusal(refusal)
    fresh, seen = find(request, comment.pk), form.cleaned_data["seen"]
    since = fresh.decisions.select_related("actor").filter(version__gt=seen.version)
    changes = _changes(fresh, form.cleaned_data["text"])
    return _show(request, fresh, refusal.status, form=form, since=since, changes=changes)


def _changes(comment: Comment, number: int | None) -> list[Row]:
    """What differs between the text that was seen, by its number, and the newest."""
    old = comment.revisions.filter(number=number or 0).exclude(pk=comment.text.pk).first()
    return compare(whole(old), whole(comment.text)) if old else []


def _back(request: HttpRequest, comment: Comment, place: Place) -> str:
    """Where the form was: on the queue at the next card, or on the page of the comment."""
    if "back" not in request.POST:
        return comment_url(comment.pk)
    after = request.POST.get("after", "")
    fragment = f"#comment-{after}" if after.isascii() and after.isdecimal() else ""
    return f"{place.url}{fragment}"


def _show(request: HttpRequest, comment: Comment, status: int = HTTPStatus.OK, **others: Any) -> HttpResponse:
    user = user_of(request)
    sent = request.POST if request.method == "POST" else request.GET
    may_hold, may_erase = policy.can_hold(user, comment), policy.can_erase(user, comment)
    context = {
        "title": _("Comment by %s") % comment.writer_name,
        "card": card_of(user, comment),
        "back": sent.get("back"),
        "place": Place.read_back(sent),
        "reverses": sent.get("reverses", ""),
        "holds": comment.holds.select_related("placed_by", "release_asked_by", "released_by") if may_hold else [],
        "hold_form": HoldForm(auto_id="hold_%s") if may_hold else None,
        "erase_form": EraseForm(pk=comment.pk, auto_id="erase_%s") if may_erase else None,
        "may_sanction": policy.moderates_all(user),
    }
    return render(request, "waiting/comment", context | others, status)


@require_POST
@for_moderators
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the comment from being erased."""
    comment = _find_to(policy.can_hold, request, pk)
    form = HoldForm(request.POST, auto_id="hold_%s")

    def act() -> None:
        comment_services.place_hold(comment, by=user_of(request), **form.cleaned_data)

    return _carry_out(act, request, comment, hold_form=form) or see_other(comment_url(pk))


@require_POST
@for_moderators
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the release of the hold that the form names, or release it once somebody else asked."""
    comment = _find_to(policy.can_hold, request, pk)
    form = ReleaseForm(request.POST)

    def act() -> None:
        found = get_object_or_404(comment.holds, pk=form.cleaned_data["hold"])
        step = comment_services.release_hold if found.release_asked_by_id else comment_services.ask_release
        step(found, by=user_of(request))

    return _carry_out(act, request, comment, release_form=form) or see_other(comment_url(pk))


@require_POST
@for_moderators
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Wipe the text; the comment is not found here afterwards."""
    comment = _find_to(policy.can_erase, request, pk)
    form = EraseForm(request.POST, pk=pk, auto_id="erase_%s")

    def act() -> None:
        version, note = form.cleaned_data["seen"].version, form.cleaned_data["private_note"]
        services.erase(comment, by=user_of(request), seen_version=version, private_note=note)
        messages.success(request, _("The text is erased."))

    return _carry_out(act, request, comment, erase_form=form) or see_other(Place().url)


def _find_to(allowed: Callable[[User, Comment], bool], request: HttpRequest, pk: int) -> Comment:
    comment = find(request, pk)
    if not allowed(user_of(request), comment):
        raise PermissionDenied
    return comment


def _carry_out(
    act: Callable[[], None], request: HttpRequest, comment: Comment, **forms: RefusableForm
) -> HttpResponse | None:
    """The page with the form and what is wrong with it; None when `act` did its work."""
    (form,) = forms.values()
    if not form.is_valid():
        return _show(request, comment, HTTPStatus.BAD_REQUEST, **forms)
    try:
        act()
    except Refusal as refusal:
        form.add_refusal(refusal)
        return _show(request, find(request, comment.pk), refusal.status, **forms)
    return None
