"""Whether somebody is mailed when they are answered: the switch on their page, and the link in every such mail."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from delivery.stopping import reader_of, set_reply_mail
from pages.answers import refused
from pages.comment import check_sender
from pages.forms import ReplyMailForm
from skycrumbs.answers import see_other
from skycrumbs.problems import Invalid, Refusal
from skycrumbs.same_origin import ProvenRequest, same_origin


@require_http_methods(["GET", "HEAD", "POST"])
# Mail programs send the form themselves, without cookies and without a page before it (RFC 8058, section 3.2): what
# is signed in the address is the proof.
@csrf_exempt
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Scanners of mail follow every link in it, so that nothing is written before a POST."""
    reader = reader_of(token)
    if reader is None:
        raise Http404
    if request.method == "POST":
        set_reply_mail(reader, is_wanted=False)
    context = {
        "is_on": reader.wants_reply_mail,
        "has_account": isinstance(reader, User),
        "stop_url": request.path,
    }
    return render(request, "pages/stop_mail.html", context)


@require_POST
@same_origin
def switch(request: ProvenRequest) -> HttpResponse:
    form = ReplyMailForm(request.POST)
    try:
        check_sender(request)
        if not form.is_valid():
            raise Invalid.field("replies", "unknown", _("Choose whether you want mail or not."))
        set_reply_mail(cast(User, request.user), is_wanted=form.cleaned_data["replies"] == "on")
    except Refusal as refusal:
        return refused(request, refusal, reverse("pages:me"), back=_("Back to your page"))
    return see_other(reverse("pages:me"))
