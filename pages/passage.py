"""The passage a comment is on: as it was when the comment was written, and as it is now."""

import uuid
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.networks import network_of
from articles.models import Article
from comments import policy, services
from comments.anchoring import Status
from comments.models import Comment
from comments.placing import Selection
from comments.suggestions import Offer, offers_for
from comments.then_and_now import ThenAndNow, then_and_now
from pages.addresses import article_path, comment_path, revision_path
from pages.comment import absent, check_sender, readable
from pages.composing import where_it_is_read
from pages.forms import QuoteForm
from pages.targets import Target, find
from pages.viewers import viewer_of
from skycrumbs.answers import see_other, with_headers
from skycrumbs.problems import NotThere, Refusal
from skycrumbs.same_origin import ProvenRequest, same_origin


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin
def passage(request: ProvenRequest, public_id: uuid.UUID) -> HttpResponse:
    comment = readable(request, public_id)
    if comment is None:
        return absent(request, public_id)
    found = then_and_now(comment)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _attach(request, comment, found)
    return _page(request, comment, found, QuoteForm())


def _attach(request: ProvenRequest, comment: Comment, found: ThenAndNow) -> HttpResponse:
    """Where the passage is now, in the words of who sent the form, which come back with a refusal."""
    form = QuoteForm(request.POST)
    if not form.is_valid():
        return _page(request, comment, found, form, HTTPStatus.BAD_REQUEST)
    try:
        check_sender(request)
        selection = Selection(**form.cleaned_data)
        services.attach(comment, by=viewer_of(request), selection=selection, network=network_of(request))
    except Refusal as refusal:
        form.add_error("exact", refusal.detail)
        return with_headers(refusal, _page(request, comment, found, form, refusal.status))
    return see_other(where_it_is_read(comment))


def _page(
    request: HttpRequest, comment: Comment, found: ThenAndNow, form: QuoteForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    may_attach = policy.can_attach(viewer_of(request), comment, comment.anchor)
    context = {
        "found": found,
        "article_title": comment.article.title,
        "comment_url": comment_path(comment),
        "article_url": article_path(comment.article),
        "then_url": revision_path(comment.article, found.then.revision),
        "form": form if may_attach else None,
        "offers": _others(comment) if may_attach else [],
        # Where a script lets it be chosen in the text.
        "choose_url": f"{article_path(comment.article)}#attach-{comment.key}",
        "to_confirm": found.now if found.status == Status.UNCERTAIN else None,
    }
    if context["form"] and "start" in request.GET:
        try:
            context["chosen"] = _chosen(request, comment)
        except Refusal as refusal:
            context["problem"], status = refusal.detail, refusal.status
    return render(request, "pages/passage.html", context, status=status)


def _others(comment: Comment) -> list[Offer]:
    """Where a lost or uncertain passage may be, but for the place that the page shows."""
    offers = offers_for([comment.anchor]).get(comment.anchor.pk, [])
    return [offer for offer in offers if not offer.is_placed]


def _chosen(request: HttpRequest, comment: Comment) -> Target:
    """The passage that an address names, as one that was chosen in the text. Raises Refusal."""
    article = Article.objects.with_current_text().get(pk=comment.article_id)
    target = find(article, request.GET, network_of(request))
    if not target.quote:
        raise NotThere(_("The article changed, and this passage is no longer in it."))
    return target
