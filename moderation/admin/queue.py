"""The queue, a page of cards at a time, and what is done to those that are ticked."""

from collections.abc import Collection, Sequence
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Category
from comments.models import Comment
from comments.scopes import scope_of
from moderation import services
from moderation.admin.desk import for_moderators, render, user_of
from moderation.admin.places import Place
from moderation.cards import cards_for, with_card
from moderation.forms import ManyRulingForm
from moderation.records import records_of
from moderation.services import Fate, Judged, Seen
from moderation.waiting import What, page_of, queue_of
from skycrumbs.answers import see_other
from skycrumbs.ids import is_row_id
from skycrumbs.problems import Refusal


@for_moderators
def queue(request: HttpRequest) -> HttpResponse:
    return show_queue(request, Place.read(request.GET))


def show_queue(
    request: HttpRequest,
    place: Place,
    form: ManyRulingForm | None = None,
    *,
    ticked: Collection[int] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    user = user_of(request)
    page = page_of(with_card(queue_of(user).filter(place.narrowing.condition)), place.after)
    records = records_of(page.comments, user)
    context = {
        "title": _("Queue"),
        "cards": cards_for(user, page.comments, records.on),
        "own": records.own,
        "place": place,
        "next_url": place.behind(page.next).url if page.next else "",
        "whats": What.choices,
        "categories": _categories(user),
        "form": form,
        "ticked": ticked,
    }
    return render(request, "waiting/queue", context, status)


def _categories(user: User) -> Sequence[Category]:
    """Those that a moderator may narrow the queue to."""
    scope = scope_of(user)
    every = Category.objects.all()
    return list(every if scope.is_everything else every.filter(pk__in=scope.categories))


@for_moderators
def many(request: HttpRequest) -> HttpResponse:
    """Judge what is ticked and say what became of each; where that is not all, nothing typed is lost."""
    place = Place.read_back(request.POST)
    if request.method != "POST":
        return see_other(place.url)
    form, seen = ManyRulingForm(request.POST), _ticked(request)
    if not seen:
        form.add_error(None, _("Tick the comments that you mean."))
    if form.is_valid():
        try:
            ruling = form.cleaned_data["ruling"]
            return _show_judged(
                request, place, form, services.judge_many(seen, ruling, by=user_of(request), **form.said)
            )
        except Refusal as refusal:
            form.add_refusal(refusal)
    return show_queue(request, place, form, ticked={one.pk for one in seen}, status=HTTPStatus.BAD_REQUEST)


def _ticked(request: HttpRequest) -> list[Seen]:
    """What is ticked, as it was seen. A tick without a version that was given out counts for nothing."""
    ids = (int(pk) for pk in request.POST.getlist("ticked") if is_row_id(pk))
    seen = (Seen.read(pk, request.POST.get(f"version-{pk}", "")) for pk in ids)
    return [one for one in seen if one is not None]


def _show_judged(request: HttpRequest, place: Place, form: ManyRulingForm, judged: Sequence[Judged]) -> HttpResponse:
    """A line for each, and the fresh cards of those that are stale."""
    user = user_of(request)
    stale = [one.seen.pk for one in judged if one.fate is Fate.STALE]
    fresh = list(with_card(Comment.objects.moderated_by(user)).filter(pk__in=stale).order_by("pk"))
    done = sum(one.fate is Fate.DONE for one in judged)
    context = {
        "title": _("Judged together"),
        "judged": judged,
        "done": done,
        "cards": cards_for(user, fresh, records_of(fresh).on),
        "ticked": stale,
        "place": place,
        "form": form,
    }
    return render(request, "waiting/judged", context, HTTPStatus.OK if done == len(judged) else HTTPStatus.CONFLICT)
