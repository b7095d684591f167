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
from articles.services.locking import found_in
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
    def is_empty(self) -> bool:
        """Whether it holds no text; then it is not published."""
        return not self.rendered.text.strip()

    @property
    def is_new_text(self) -> bool:
        """Whether what stands on the current text is to be carried to another."""
        current = self.draft.current_revision
        return current is not None and current.canonical_text != self.rendered.text

    def plans(self, by_hand: Sequence[ByHand] = ()) -> list[PublishPlan]:
        return [step.prepare(self.draft, self.rendered.text, by_hand) for step in publish_steps()]

    def impacts(self) -> list[Impact] | None:
        """What publishing it would do to what stands on the text, as each publish step says; writes nothing.

        None where the text stays as it is, and so does everything on it; empty where nothing was published yet, or
        the draft holds no text.
        """
        if self.draft.current_revision is None or self.is_empty:
            return []
        if not self.is_new_text:
            return None
        return [step.preview(self.draft, self.rendered.text) for step in publish_steps()]


def edition_of(article: Article, seen_version: int | None = None) -> Edition:
    """The saved draft; raises StaleDraft if it is not the one of `seen_version`, NotThere if it was deleted."""
    draft = found_in(Article.objects.select_related("current_revision"), article)
    if seen_version is not None:
        refuse_stale(draft, seen_version)
    rendered = render(draft.draft_source)
    parts = keyed(draft, rendered)
    return Edition(draft, rendered, [key for key, _html in parts], _unsaved(draft, rendered, assemble(parts)))


def refuse_empty(edition: Edition) -> None:
    """Raises NothingToPublish if the draft holds no text."""
    if edition.is_empty:
        raise NothingToPublish(_("The draft holds no text."))


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
