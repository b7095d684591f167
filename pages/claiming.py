"""How a guest comes back to what they wrote: by a link, asked for with the address it was written with."""

import uuid
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.networks import network_of
from comments import services
from pages.answers import page_for_all
from pages.forms import ClaimForm
from skycrumbs.answers import see_other, with_headers
from skycrumbs.headers import kept
from skycrumbs.problems import Refusal
from skycrumbs.same_origin import ProvenRequest, check_proven, same_origin


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin
def claim(request: ProvenRequest, public_id: uuid.UUID) -> HttpResponse:
    """The same form for every comment there is or is not: a guest may ask for one that nobody else sees."""
    if request.method == "POST":
        return _receive(request, public_id)
    return _form_page(request, ClaimForm(), HTTPStatus.OK)


def _receive(request: ProvenRequest, public_id: uuid.UUID) -> HttpResponse:
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, HTTPStatus.BAD_REQUEST)
    try:
        check_proven(request)
        services.ask_to_manage(public_id, email=form.cleaned_data["email"], network=network_of(request))
    except Refusal as refusal:
        form.add_error(None, refusal.detail)
        return with_headers(refusal, _form_page(request, form, refusal.status))
    return see_other(reverse("pages:asked"))


def _form_page(request: HttpRequest, form: ClaimForm, status: int) -> HttpResponse:
    return render(request, "pages/claim.html", {"form": form, "here": request.path}, status=status)


@require_safe
@kept
def asked(request: HttpRequest) -> HttpResponse:
    """Where everybody is led who asked for a link, whether or not one is sent."""
    return page_for_all(request, "pages/asked.html", {})
