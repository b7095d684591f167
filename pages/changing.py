"""What an author writes anew: another text, or a correction below one that stays."""

import uuid
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.networks import network_of
from comments import policy, services
from comments.models import Comment
from pages.addresses import comment_path
from pages.answers import done
from pages.comment import about, absent, check_sender, not_theirs, readable
from pages.composing import where_it_is_read
from pages.forms import CorrectionForm, EditForm, TextForm
from pages.viewers import is_somebody, viewer_of
from skycrumbs.answers import with_headers
from skycrumbs.ids import to_key
from skycrumbs.problems import Refusal
from skycrumbs.same_origin import ProvenRequest, same_origin


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin
def edit(request: ProvenRequest, public_id: uuid.UUID) -> HttpResponse:
    comment = readable(request, public_id)
    if comment is None:
        return _not_readable(request, public_id, EditForm)
    if request.method == "POST":
        return _save(request, comment, EditForm(request.POST, kind=comment.kind))
    viewer = viewer_of(request)
    if policy.can_correct(viewer, comment):
        return redirect(comment_path(comment, "correct"))
    if not policy.can_edit(viewer, comment):
        return not_theirs(request)
    written = {"text": comment.text.source, "version": comment.version}
    return _form_page(request, comment, EditForm(initial=written, kind=comment.kind), HTTPStatus.OK)


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin
def correct(request: ProvenRequest, public_id: uuid.UUID) -> HttpResponse:
    comment = readable(request, public_id)
    if comment is None:
        return _not_readable(request, public_id, CorrectionForm)
    if request.method == "POST":
        return _save(request, comment, CorrectionForm(request.POST, kind=Comment.Kind.COMMENT))
    if not policy.can_correct(viewer_of(request), comment):
        return not_theirs(request)
    form = CorrectionForm(initial={"version": comment.version}, kind=Comment.Kind.COMMENT)
    return _form_page(request, comment, form, HTTPStatus.OK)


def _not_readable(request: ProvenRequest, public_id: uuid.UUID, kind_of_form: type[TextForm]) -> HttpResponse:
    """A private note, say, of somebody who was signed out while they wrote."""
    if request.is_proven and not is_somebody(viewer_of(request)):
        return _signed_out(request, public_id, kind_of_form)
    return absent(request, public_id)


def _signed_out(request: HttpRequest, public_id: uuid.UUID, kind_of_form: type[TextForm]) -> HttpResponse:
    """What was typed, to be sent once more; the same for every comment there is or is not.

    Never what another site's page sent: no cookie goes along with that, so whoever is signed in would be told that
    they are not, and be one press away from words that are not theirs.
    """
    sent = {name: request.POST.get(name, "") for name in ("text", "version")}
    context = {
        "form": kind_of_form(initial=sent, kind=Comment.Kind.COMMENT),
        "form_url": request.path,
        "sign_in_url": reverse("account_login"),
        "claim_url": reverse("pages:claim", args=[to_key(public_id)]),
    }
    return render(request, "pages/signed_out.html", context, status=HTTPStatus.FORBIDDEN)


def _save(request: ProvenRequest, comment: Comment, form: TextForm) -> HttpResponse:
    """What was typed is never thrown away: it is stored, or comes back with the reason why not."""
    viewer = viewer_of(request)
    if not is_somebody(viewer) and request.is_proven:
        return _signed_out(request, comment.public_id, type(form))
    if not policy.is_author(viewer, comment):
        return not_theirs(request)
    if not form.is_valid():
        return _form_page(request, comment, form, HTTPStatus.BAD_REQUEST)
    text, version = form.cleaned_data["text"], form.cleaned_data["version"]
    verb = services.edit if isinstance(form, EditForm) else services.correct
    try:
        check_sender(request)
        comment = verb(comment, by=viewer, text=text, seen_version=version, network=network_of(request))
    except Refusal as refusal:
        return _refused(request, comment, form, refusal)
    return done(request, where_it_is_read(comment))


def _refused(request: HttpRequest, comment: Comment, form: TextForm, refusal: Refusal) -> HttpResponse:
    """The form with what was typed; sent again, it is meant for the version that is there now."""
    current = refusal.extra.get("version", form.cleaned_data["version"])
    again = type(form)({"text": form.data["text"], "version": current}, kind=form.kind)
    again.add_error(None, refusal.detail)
    return with_headers(refusal, _form_page(request, comment, again, refusal.status))


def _form_page(request: HttpRequest, comment: Comment, form: TextForm, status: int) -> HttpResponse:
    template = "pages/edit.html" if isinstance(form, EditForm) else "pages/correct.html"
    context = about(request, comment) | {
        "form": form,
        "form_url": request.path,
        # Where a text can no longer be replaced, and a correction is the way.
        "correct_url": _correct_url(request, comment),
    }
    return render(request, template, context, status=status)


def _correct_url(request: HttpRequest, comment: Comment) -> str:
    can = policy.can_correct(viewer_of(request), comment)
    return comment_path(comment, "correct") if can else ""
