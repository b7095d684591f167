"""What belongs to the whole site."""

import uuid

from django.db import models


def _new() -> str:
    return uuid.uuid4().hex


class SiteVersion(models.Model):
    """One row. Moves with every change that readers see on more pages than those of one article: names, categories,
    which articles there are and where.

    A random number, not a counter: a database that is set back never calls two states alike.
    """

    version = models.CharField(max_length=32, default=_new)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.version


def site_changed() -> None:
    """Call it in the transaction of the change."""
    SiteVersion.objects.update_or_create(pk=1, defaults={"version": _new()})
