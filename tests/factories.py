"""Things to test with, made by the same services that the site uses. Give only what a test is about."""

from itertools import count

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.test import override_settings

from accounts.models import ApiToken, User
from articles import services as article_services
from articles.models import Article, Category
from comments import services as comment_services
from comments.checking import Result
from comments.models import Comment, ModerationScope
from comments.placing import Selection
from comments.states import WAITING_STATES, State, Verdict
from comments.submission import GuestName, Submission
from comments.transitions import Grounds
from skycrumbs.problems import TooManyRequests

SOURCE = """\
A first paragraph that stands before every heading.

## How birds sing

Small birds sing at dawn because the air is still. Large birds wait for the sun.

## Where they nest

Most of them nest in hedges. A few prefer the eaves of old houses, out of the rain.
"""

PASSWORD = "lantern-hedgehog-42-quartz"

_numbers = count(1)


def make_user(name: str = "Ada", **fields) -> User:
    """An active person with a confirmed-looking address; `password` is hashed if given."""
    number = next(_numbers)
    fields = {"username": f"user-{number}", "email": f"user-{number}@example.org"} | fields
    return User.objects.create_user(name=name, **fields)


def make_account(name: str = "Ada", **fields) -> User:
    """Somebody who can sign in: with PASSWORD, and the address confirmed."""
    user = make_user(name, password=PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_article(
    slug: str | None = None, source: str = SOURCE, *, is_published: bool = True, title: str = "Birds", **fields
) -> Article:
    """An article through the services that save and publish; `fields` are set before it is published."""
    category = fields.pop("category", None) or Category.objects.get_or_create(slug="nature", name="Nature")[0]
    authors = fields.pop("authors", ())
    slug = slug or f"article-{next(_numbers)}"
    article = Article.objects.create(slug=slug, title=title, draft_title=title, category=category, **fields)
    article.authors.set(authors)
    article = revise(article, source, is_published=is_published, title=title)
    return article


def revise(article: Article, source: str, *, is_published: bool = True, title: str | None = None) -> Article:
    """`article` with a new draft, published unless told otherwise; gives it as it is in the database."""
    article = Article.objects.get(pk=article.pk)
    article = article_services.save_draft(
        article, title=title or article.draft_title, source=source, seen_version=article.draft_version
    )
    if is_published:
        article_services.publish(article, by=None)
    return Article.objects.select_related("current_revision").get(pk=article.pk)


def a_guest(name: str = "Gus", *, is_proven: bool = True) -> GuestName:
    """A guest to write as, with an address of their own."""
    return GuestName(name, f"guest-{next(_numbers)}@example.org", is_proven)


def make_moderator(*limits: Article | Category, **fields) -> User:
    """Somebody who may judge comments: everywhere, or where `limits` say."""
    moderator = make_user("Mo", **fields)
    moderator.user_permissions.add(Permission.objects.get(codename="moderate_comment"))
    for limit in limits:
        field = "article" if isinstance(limit, Article) else "category"
        ModerationScope.objects.create(user=moderator, **{field: limit})
    return moderator


def passage(article: Article, exact: str) -> Selection:
    """The first place of `exact` in the current text, as a reader's program names it: words and offsets."""
    revision = article.current_revision
    start = revision.canonical_text.index(exact)
    return Selection(exact, start=start, end=start + len(exact), revision=revision.number)


def make_comment(
    article: Article,
    by: User | GuestName,
    text: str = "A thought.",
    *,
    state: State = State.OPEN,
    quote: str = "",
    **fields,
) -> Comment:
    """A comment through the services, brought to `state` by lawful steps; of a guest who is not proven it waits.

    `fields` are those of a Submission (kind, visibility, section, parent, selection); `quote` is short for a
    selection of the first place of these words.
    """
    author, guest = (None, by) if isinstance(by, GuestName) else (by, None)
    if quote:
        fields["selection"] = passage(article, quote)
    checks = ["tests.factories.hold"] if state == State.HELD else []
    with override_settings(COMMENT_CHECKS=checks):
        comment = comment_services.submit(Submission(article, author, text, guest=guest, **fields))
    return bring_to(comment, state)


def make_guest_comment(
    article: Article,
    name: str = "Nora",
    text: str = "A thought.",
    *,
    email: str = "",
    is_proven: bool = True,
    **fields,
) -> Comment:
    """A comment by a guest: public, or where `is_proven` is False held until its address is proven."""
    guest = GuestName(name, email or f"guest-{next(_numbers)}@example.org", is_proven=is_proven)
    return comment_services.submit(Submission(article=article, author=None, text=text, guest=guest, **fields))


def bring_to(comment: Comment, state: State) -> Comment:
    """A public comment that is open, taken to `state`; a held edit's new text is "An edit that waits."."""
    writer = comment.author or comment.guest
    if state == State.HELD_EDIT:
        with override_settings(COMMENT_CHECKS=["tests.factories.hold"]):
            comment_services.edit(comment, by=writer, text="An edit that waits.")
    elif state == State.WITHDRAWN:
        comment_services.withdraw(comment, by=writer)
    elif state == State.ERASED:
        _decide(comment, State.REJECTED)
        comment_services.erase(comment, Grounds())
    elif state not in (State.OPEN, State.HELD):
        _decide(comment, state)
    if comment.visibility == "private" and state in WAITING_STATES:
        # No lawful step leads there: nothing looks at what is private.
        Comment.objects.filter(pk=comment.pk).update(state=state)
    return Comment.objects.get(pk=comment.pk)


def _decide(comment: Comment, state: State) -> None:
    comment.refresh_from_db()
    comment_services.decide(comment, state, Grounds(), seen_version=comment.version)


def hold(submission: Submission) -> Result:
    """A check that holds everything."""
    return Result(Verdict.HOLD, "test")


def refuse(submission: Submission) -> Result:
    """A check that will have nothing for an hour."""
    raise TooManyRequests("That is too many at once.", retry_after=3600)


def make_token(user: User) -> str:
    """The text of a new API token, for `Authorization: Token …`."""
    return ApiToken.objects.create(user=user)[1]
