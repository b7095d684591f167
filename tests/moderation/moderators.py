"""People who judge."""

from django.contrib.auth.models import Permission

from accounts.models import User
from articles.models import Article, Category
from comments.models import ModerationScope
from tests.factories import make_user


def moderator(name: str = "Mo", *permissions: str, **fields) -> User:
    """Staff who may judge comments everywhere, with `permissions` beside that one."""
    person = make_user(name, is_staff=True, **fields)
    codenames = ["moderate_comment", *permissions]
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return person


def limited(person: User, *limits: Article | Category) -> User:
    """`person`, who from now on moderates `limits` alone."""
    for limit in limits:
        field = "article" if isinstance(limit, Article) else "category"
        ModerationScope.objects.create(user=person, **{field: limit})
    return User.objects.get(pk=person.pk)
