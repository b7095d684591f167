"""A draft as it would be published, and what that does to what stands on the text. Nothing here writes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.canonical import sha256, word_count
from articles.errors import NothingToPublish
from articles.models import Article, Revision
from articles.rendering import Rendered, assemble, render
from articles.services.drafting import refuse_stale
from articles.services.keying import keyed
from articles.steps import ByHand, Impact, PublishPlan, publish_steps


@dataclass(frozen=True)
class Edition:
    """A draft as it would be published, worked out before any lock. `keys`: of the sections; `revision`: unsaved."""

    draft: Article
    rendered: Rendered
    keys: list[str]
    revision: Revision

    @property
    def reads_the_same(self) -> bool:
        current = self.draft.current_revision
        return current is not None and (current.title, current.html) == (self.draft.draft_title, self.revision.html)

    @property
    def is_new_text(self) -> bool:
        """Whether what stands on the current text is to be carried to another."""
        current = self.draft.current_revision
        return current is not None and current.canonical_text != self.rendered.text

    def plans(self, by_hand: Sequence[ByHand] = ()) -> list[PublishPlan]:
        return [step.prepare(self.draft, self.rendered.text, by_hand) for step in publish_steps()]


def edition_of(article: Article, seen_version: int | None) -> Edition:
    """Raises StaleDraft if the draft is not the one of `seen_version`, NothingToPublish if it holds no text."""
    draft = Article.objects.select_related("current_revision").get(pk=article.pk)
    if seen_version is not None:
        refuse_stale(draft, seen_version)
    rendered = render(draft.draft_source)
    if not rendered.text.strip():
        raise NothingToPublish(_("The draft holds no text."))
    parts = keyed(draft, rendered)
    return Edition(draft, rendered, [key for key, _html in parts], _unsaved(draft, rendered, assemble(parts)))


def preview(article: Article) -> list[Impact] | None:
    """What publishing the saved draft would do to what stands on the text, as each publish step says.

    Writes nothing. None where the text stays as it is, and so does everything on it; empty where nothing was
    published yet, or the draft holds no text.
    """
    draft = Article.objects.select_related("current_revision").get(pk=article.pk)
    rendered = render(draft.draft_source)
    current = draft.current_revision
    if current is None or not rendered.text.strip():
        return []
    if current.canonical_text == rendered.text:
        return None
    return [step.prepare(draft, rendered.text, ()).preview() for step in publish_steps()]


def _unsaved(draft: Article, rendered: Rendered, html: str) -> Revision:
    return Revision(
        article=draft,
        title=draft.draft_title,
        source=draft.draft_source,
        html=html,
        canonical_text=rendered.text,
        sha256=sha256(rendered.text),
        words=word_count(rendered.text),
    )
