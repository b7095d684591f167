"""The passage a comment is on: as it was when the comment was written, and as it is now."""

import uuid
from collections.abc import Sequence
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.networks import network_of
from articles.by_hand import MOST_PLACES
from articles.models import Article, SectionText
from comments import policy, services
from comments.anchoring import Status
from comments.errors import AnchorAmbiguous, AnchorNotFound
from comments.models import Comment
from comments.placing import Selection
from comments.suggestions import Offer, offers_for, places_of
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
        return _page(request, comment, found, form, status=HTTPStatus.BAD_REQUEST)
    places = _places(comment, form)
    fields = places[0].fields if len(places) == 1 else form.cleaned_data
    try:
        check_sender(request)
        services.attach(comment, by=viewer_of(request), selection=Selection(**fields), network=network_of(request))
    except Refusal as refusal:
        is_where = len(places) > 1 and isinstance(refusal, AnchorAmbiguous | AnchorNotFound)
        form.add_error("exact", _which(places) if is_where else refusal.detail)
        shown = places if is_where and len(places) <= MOST_PLACES else []
        return with_headers(refusal, _page(request, comment, found, form, shown, status=refusal.status))
    return see_other(where_it_is_read(comment))


def _places(comment: Comment, form: QuoteForm) -> list[Offer]:
    """Where words that were typed stand; nothing for a place that was chosen. One query."""
    if form.cleaned_data["start"] is not None:
        return []
    article = Article.objects.with_current_text().get(pk=comment.article_id)
    return places_of(article.standing_revision, form.cleaned_data["exact"])


def _which(places: Sequence[Offer]) -> str:
    if len(places) > MOST_PLACES:
        detail = _("These words stand more than %d times in the article. Type more of the text around them.")
        return detail % MOST_PLACES
    return _("These words stand %d times in the article. Choose one of the places.") % len(places)


def _page(
    request: ProvenRequest,
    comment: Comment,
    found: ThenAndNow,
    form: QuoteForm,
    places: Sequence[Offer] = (),
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    may_attach = policy.can_attach(viewer_of(request), comment, comment.anchor)
    context = {
        "found": found,
        "article_title": comment.article.title,
        "comment_url": comment_path(comment),
        "article_url": article_path(comment.article),
        "section": _section(comment, found),
        "then_url": revision_path(comment.article, found.then.revision),
        # What was sent comes back to who may not, too, but for what another site sent.
        "form": form if may_attach or request.is_proven else None,
        "places": places,
        "offers": _others(comment) if may_attach and not places else [],
        # Where a script lets it be chosen in the text.
        "choose_url": f"{article_path(comment.article)}#attach-{comment.key}" if may_attach else "",
        "to_confirm": found.now if may_attach and found.status == Status.UNCERTAIN else None,
    }
    if may_attach and "start" in request.GET:
        try:
            context["chosen"] = _chosen(request, comment)
        except Refusal as refusal:
            context["problem"], status = refusal.detail, refusal.status
    return render(request, "pages/passage.html", context, status=status)


def _section(comment: Comment, found: ThenAndNow) -> SectionText | None:
    """The one that the passage stands in now. One query."""
    if found.now is None:
        return None
    texts = SectionText.objects.filter(revision=found.now.revision, section=comment.section_id)
    return texts.select_related("section").only("heading", "section__key").first()


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
