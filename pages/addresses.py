"""Where things stand on this site, as paths."""

from functools import cache
from urllib.parse import urlencode

from django.urls import reverse

from articles.models import Article, Revision
from comments.models import Comment
from skycrumbs.ids import KEY_LENGTH

# In the place of a slug or a key, both of which it could be.
_ANY = "-" * KEY_LENGTH


@cache
def _pattern(page: str) -> str:
    """The address of a page with `_ANY` in it. One article's page names hundreds, and reversing each takes long."""
    return reverse(f"pages:{page}", args=[_ANY])


def article_path(article: Article) -> str:
    return _pattern("article").replace(_ANY, article.slug)


def revision_path(article: Article, revision: Revision) -> str:
    """The page of a past text."""
    return reverse("pages:revision", args=[article.slug, revision.number])


def compose_path(article: Article, **target: object) -> str:
    """The form for a comment on `target`: revision, start and end; section; parent; or nothing, the article."""
    query = f"?{urlencode(target)}" if target else ""
    return _pattern("compose").replace(_ANY, article.slug) + query


def sign_in_path(then: str) -> str:
    """Sign-in, and from there to `then`: a path of ours, never one that was sent."""
    return f"{reverse('account_login')}?{urlencode({'next': then})}"


def comment_path(comment: Comment, page: str = "comment") -> str:
    """The comment's own page, or another one that is about it, by the name in `pages.urls`."""
    return key_path(comment.key, page)


def key_path(key: str, page: str) -> str:
    """`comment_path` of a comment of which no more is known than its key."""
    return _pattern(page).replace(_ANY, key)


def place_path(comment: Comment) -> str:
    """The comment among the others, on the page of its article."""
    return f"{article_path(comment.article)}#comment-{comment.key}"
