"""The form for a new comment: the same page for everybody until something is sent, then the sender's own."""

from dataclasses import dataclass, replace
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import Guest
from accounts.names import fit_name
from accounts.networks import network_of
from articles.models import Article
from comments import policy, services
from comments.models import Comment
from comments.rendering import render_comment
from comments.services import GuestName, Submission
from moderation.forms_guard import GuardFields, posted_form
from pages import targets
from pages.absent import absent, moved
from pages.addresses import article_path, comment_path, compose_path, place_path, sign_in_path
from pages.answers import done, page_for_all, refused
from pages.discussion import first_page_shows
from pages.forms import ComposeForm, GuestForm
from pages.targets import Target
from pages.viewers import viewer_of
from skycrumbs.answers import with_headers
from skycrumbs.headers import kept
from skycrumbs.keeping import made_from
from skycrumbs.problems import Refusal, TooManyRequests
from skycrumbs.same_origin import ProvenRequest, same_origin
from skycrumbs.text import UnfitText


@require_http_methods(["GET", "HEAD", "POST"])
@kept
@same_origin
def compose(request: ProvenRequest, slug: str) -> HttpResponse:
    article = Article.objects.published().with_current_text().filter(slug=slug).first()
    if request.method == "POST":
        # What was typed while the article was given another address is not lost.
        article = article or moved(slug)
    if article is None:
        return absent(request, slug, "pages:compose")
    if request.method == "POST":
        return _receive(request, article)
    made_from(request, article)
    target, refusal = _target(request, article, request.GET)
    draft = Draft("", _asked_kind(target, request.GET))
    if isinstance(refusal, TooManyRequests):
        # What is written meanwhile can be sent as soon as that is over.
        return with_headers(refusal, _form_page(request, target, _form(target, draft), refusal.status))
    if refusal is not None:
        return refused(request, refusal, article_path(article))
    return page_for_all(request, "pages/compose.html", _context(target, _form(target, draft)))


@dataclass(frozen=True)
class Draft:
    """What somebody has written so far, and as which kind."""

    text: str
    kind: Comment.Kind = Comment.Kind.COMMENT

    @property
    def visibility(self) -> Comment.Visibility:
        """On pages a note is its writer's own."""
        is_note = self.kind == Comment.Kind.NOTE
        return Comment.Visibility.PRIVATE if is_note else Comment.Visibility.PUBLIC


def _asked_kind(target: Target, data: QueryDict) -> Comment.Kind:
    """The kind that `data` names, where the target takes it; else a comment."""
    asked = data.get("kind", "")
    return Comment.Kind(asked) if asked in target.kinds else Comment.Kind.COMMENT


def _form(target: Target, draft: Draft) -> ComposeForm:
    return ComposeForm.empty(draft.text, kinds=target.kinds, kind=draft.kind, **target.fields)


def _receive(request: ProvenRequest, article: Article) -> HttpResponse:
    """What was typed is never thrown away: it is stored, or comes back on a page that says why not."""
    form, (target, refusal) = ComposeForm(request.POST), _target(request, article, request.POST)
    asked = request.POST.get("do", "")
    if asked == "change":
        draft = Draft(form.data.get("text", ""), _asked_kind(target, request.POST))
        return _form_page(request, target, _form(target, draft))
    if not form.is_valid():
        form.offer(target.kinds)
        return _form_page(request, target, form, HTTPStatus.BAD_REQUEST)
    draft = Draft(form.cleaned_data["text"], form.chosen_kind)
    if refusal is not None:
        return _refused(request, target, draft, refusal)
    if target.is_lost and draft.kind not in target.kinds:
        # A highlight has nowhere to stand then: its writer says what the words are to be instead.
        return _form_page(request, target, _form(target, Draft(draft.text)), HTTPStatus.UNPROCESSABLE_ENTITY)
    if asked != "post" or not request.is_proven:
        return _preview(request, target, draft)
    return _post(request, target, draft)


def _target(request: HttpRequest, article: Article, data: QueryDict) -> tuple[Target, Refusal | None]:
    """What the form is about, or the whole article where that cannot be found; and why nothing may stand there."""
    try:
        target = targets.find(article, data, network_of(request))
    except TooManyRequests as refusal:
        return targets.as_chosen(article, data, refusal), refusal
    except Refusal as refusal:
        return targets.whole_article(article, refusal), refusal
    try:
        policy.check_open(article, with_anchor=target.selection is not None)
    except Refusal as refusal:
        return target, refusal
    return target, None


def _post(request: ProvenRequest, target: Target, draft: Draft) -> HttpResponse:
    """As the account that is signed in; else as a guest, who is asked first who they are."""
    if request.user.is_authenticated:
        return _submit(request, target, draft)
    if not GuestForm.is_in(request.POST):
        return _preview(request, target, draft)
    form = GuestForm(request.POST)
    if not form.is_valid():
        return _preview(request, target, draft, HTTPStatus.BAD_REQUEST, guest_form=form)
    return _submit(request, target, draft, _as_known(request, form.guest))


def _as_known(request: HttpRequest, guest: GuestName) -> GuestName:
    """`guest`, proven where this browser proved the same address a short while ago."""
    viewer = viewer_of(request)
    return replace(guest, is_proven=isinstance(viewer, Guest) and viewer.email == guest.email)


def _submit(request: HttpRequest, target: Target, draft: Draft, guest: GuestName | None = None) -> HttpResponse:
    submission = Submission(
        target.article,
        request.user if request.user.is_authenticated else None,
        draft.text,
        guest=guest,
        kind=draft.kind,
        visibility=draft.visibility,
        section=None if target.selection else target.section,
        parent=target.comment,
        selection=target.selection,
        network=network_of(request),
        form=posted_form(request.POST),
    )
    try:
        comment = services.submit(submission)
    except Refusal as refusal:
        return _refused(request, target, draft, refusal)
    if policy.is_unproven(comment):
        return done(request, reverse("pages:sent"))
    # The scripts of the article ask for the comment alone.
    is_alone = request.POST.get("then") == "comment"
    return done(request, comment_path(comment) if is_alone else where_it_is_read(comment))


def where_it_is_read(comment: Comment) -> str:
    """Among the others where everybody sees it, else on its own page."""
    return place_path(comment) if first_page_shows(comment) else comment_path(comment)


def _form_page(request: HttpRequest, target: Target, form: ComposeForm, status: int = HTTPStatus.OK) -> HttpResponse:
    """The form with what was typed; who a guest said to be goes with it unseen."""
    context = _context(target, form)
    if GuestForm.is_in(request.POST):
        context |= {"guest_form": _guest_form(request), "guard": GuardFields()}
    return render(request, "pages/compose.html", context, status=status)


def _refused(request: HttpRequest, target: Target, draft: Draft, refusal: Refusal) -> HttpResponse:
    """The preview with the words, status and headers of the refusal."""
    # What the notice about the target says already is not told twice.
    problem = "" if refusal.detail in target.notice else refusal.detail
    return with_headers(refusal, _preview(request, target, draft, refusal.status, problem=problem))


def _preview(
    request: HttpRequest, target: Target, draft: Draft, status: int = HTTPStatus.OK, *, problem: str = "",
    guest_form: GuestForm | None = None,
) -> HttpResponse:  # fmt: skip
    """The text as it will stand, and a form that holds all of it, with a token; it asks a guest for their name."""
    context = _context(target, _form(target, draft)) | {
        "html": render_comment(draft.text),
        "kind": draft.kind.value,
        "problem": problem,
        "name": _name(request),
        # Nobody is asked who they are to be refused then.
        "guest_form": guest_form or (_guest_form(request) if policy.takes_guests(draft.visibility) else None),
        "guard": GuardFields(),
        "sign_in_url": _sign_in_path(target),
    }
    return render(request, "pages/preview.html", context, status=status)


def _name(request: HttpRequest) -> str:
    """Under which it will stand; "" while a guest has not said one that can."""
    if request.user.is_authenticated:
        return request.user.name
    try:
        return fit_name(request.POST.get("name", ""))
    except UnfitText:
        return ""


def _guest_form(request: HttpRequest) -> GuestForm | None:
    return None if request.user.is_authenticated else GuestForm.again(request.POST)


def _context(target: Target, form: ComposeForm) -> dict[str, object]:
    return {"target": target, "form": form, "compose_url": compose_path(target.article)}


def _sign_in_path(target: Target) -> str:
    """Sign-in leads back to the empty form on the same target."""
    place = {name: value for name, value in target.fields.items() if name != "exact"}
    return sign_in_path(compose_path(target.article, **place))
