"""How often a passage may be chosen on an older revision: two whole texts are compared to place it."""

from django.conf import settings

from accounts import limits
from accounts.models import User
from articles.models import Article
from comments.placing import Selection, is_carried


def count_carry(article: Article, selection: Selection, *, account: User | None = None, network: str = "") -> None:
    """Count one, if `selection` is of an older revision. Raises TooManyRequests.

    Apart from what is written: this counts where nothing comes of it, too. Call it outside of the act's transaction.
    """
    if not is_carried(article, selection):
        return
    uses: dict[str, limits.Windows] = {}
    if account is not None:
        uses[f"carry:account:{account.pk}"] = settings.COMMENT_LIMITS
    if network:
        uses[f"carry:network:{network}"] = settings.NETWORK_LIMITS
    limits.take_all(uses)
