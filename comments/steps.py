"""What comments have publishing do."""

from collections.abc import Sequence

from articles.models import Article, Revision
from articles.steps import ByHand, Impact, Told
from comments import carrying, previewing
from comments.models import Anchor


class CarryStep:
    """Carries every anchor of an article to its next revision. (articles.steps.PublishStep)"""

    def size(self, article: Article) -> int:
        return Anchor.objects.filter(article=article).count()

    def preview(self, article: Article, text: str) -> Impact:
        return previewing.preview(article, text)

    def prepare(self, article: Article, text: str, by_hand: Sequence[ByHand]) -> carrying.CarryPlan:
        return carrying.prepare(article, text, by_hand)

    def finish(self, old: Revision, new: Revision, told: Told) -> None:
        carrying.finish(old, new, told)

    def forget(self, article: Article) -> None:
        carrying.forget(article.pk)


step = CarryStep()
