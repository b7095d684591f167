"""What the pages of the queue share: who may open them, how they find a comment, and how they answer."""

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.models import User
from comments.models import Comment
from comments.scopes import scope_of
from moderation.cards import with_card

View = Callable[..., HttpResponse]


def moderates(request: HttpRequest) -> bool:
    return not scope_of(request.user).is_nothing


def for_moderators(view: View) -> View:
    """403 for staff who moderate nothing. (Whoever is no staff the admin sends to the sign-in.)"""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not moderates(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def user_of(request: HttpRequest) -> User:
    """Whoever asks: in the admin that is always somebody."""
    return cast(User, request.user)


def find(request: HttpRequest, pk: int) -> Comment:
    """A comment in any state that whoever asks may judge; 404 for every other, whether it is there or not."""
    found = with_card(Comment.objects.moderated_by(request.user)).exclude(author=user_of(request))
    return get_object_or_404(found, pk=pk)


def render(request: HttpRequest, page: str, context: Mapping[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
    # Made once for all forms of the page: Django's own is masked anew for each.
    everywhere = site.each_context(request) | {"csrf_token": get_token(request)}
    return TemplateResponse(request, f"admin/moderation/{page}.html", everywhere | dict(context), status=status)


def comment_url(pk: int) -> str:
    return reverse("admin:moderation_waiting_comment", args=[pk])
