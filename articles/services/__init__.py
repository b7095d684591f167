"""The verbs of articles.

Each that changes an article holds its row for a short transaction; what takes long is done before.
"""

from articles.services.drafting import refuse_stale, refuse_while_published, save_draft
from articles.services.editions import Edition, edition_of, refuse_empty
from articles.services.facts import set_facts
from articles.services.locking import lock
from articles.services.publishing import lock_as_seen, publish, publish_edition, swap, unpublish
from articles.services.renaming import check_slug, rename
from articles.services.taking_in import Taken, take_in

__all__ = [
    "Edition",
    "Taken",
    "check_slug",
    "edition_of",
    "lock",
    "lock_as_seen",
    "publish",
    "publish_edition",
    "refuse_empty",
    "refuse_stale",
    "refuse_while_published",
    "rename",
    "save_draft",
    "set_facts",
    "swap",
    "take_in",
    "unpublish",
]
