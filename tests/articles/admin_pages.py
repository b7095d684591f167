"""The pages of an article in the admin, and what a browser sends to them."""

from html.parser import HTMLParser

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


class _Form(HTMLParser):
    """Reads what a browser would send of the form with this id, were no button pressed."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.is_inside = False
        self.fields: dict[str, str] = {}
        self.typed_in = ""

    def handle_starttag(self, tag, attributes):
        attrs = dict(attributes)
        if tag == "form":
            self.is_inside = attrs.get("id") == self.form_id
        if not (self.is_inside or attrs.get("form") == self.form_id) or "name" not in attrs:
            return
        if tag == "textarea":
            self.typed_in = attrs["name"]
            self.fields[self.typed_in] = ""
        elif tag == "input" and (attrs.get("type") != "radio" or "checked" in attrs):
            self.fields[attrs["name"]] = attrs.get("value") or ""

    def handle_data(self, data):
        if self.typed_in:
            self.fields[self.typed_in] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.is_inside = False
        elif tag == "textarea" and self.typed_in:
            # HTML drops a line break at the start. (HTML, section 13.2.6.4.7)
            self.fields[self.typed_in] = self.fields[self.typed_in].removeprefix("\n")
            self.typed_in = ""


def form_on(response, form_id: str = "publish_form") -> dict[str, str]:
    """The fields of a form as the page has filled them in."""
    reader = _Form(form_id)
    reader.feed(response.content.decode())
    return reader.fields
