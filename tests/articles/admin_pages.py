"""The pages of an article in the admin, and what a browser sends to them."""

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from articles.models import Article
from tests.factories import make_user


def signed_in(*permissions: str, name: str = "Edda", **fields) -> Client:
    """A browser in which somebody of the staff has signed in, with these permissions and no others."""
    user = make_user(name, is_staff=True, **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def page(name: str, article: Article) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def form_of(article: Article, **changes: str) -> dict[str, str]:
    """What a browser sends of the article's form."""
    article.refresh_from_db()
    form = {
        "draft_title": article.draft_title,
        "draft_source": article.draft_source.replace("\n", "\r\n"),
        "seen_version": str(article.draft_version),
        "slug": article.slug,
        "category": str(article.category_id),
        "by_line": article.by_line,
        "language": article.language,
        "published_on": article.published_on.isoformat() if article.published_on else "",
        "discussion": article.discussion,
        "is_open": "on",
        "_save": "Save draft",
    }
    return form | changes


def said(response) -> list[str]:
    """The messages on the page that the answer leads to."""
    return [str(message) for message in response.context["messages"]]
