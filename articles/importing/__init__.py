"""Files made into articles: a text dump of a page, or Markdown with front matter. No rows, no settings."""

from collections.abc import Mapping

from articles.importing.files import ImportedArticle, ImportRefused, text_of
from articles.importing.markdown import read_markdown
from articles.importing.slugs import slug_of
from articles.importing.textdump import is_dump, read_dump

__all__ = ["ImportRefused", "ImportedArticle", "read_article", "slug_of"]


def read_article(data: bytes, *, name: str = "", links: Mapping[str, str] | None = None) -> ImportedArticle:
    """The article in a file; `name` is the file's, for the messages.

    `links` maps titles that stand in a text dump to the addresses they are to link to.
    Raises ImportRefused, with the reason, for what is no article.
    """
    try:
        text = text_of(data)
        if is_dump(text):
            return read_dump(text, links or {})
        if links:
            raise ImportRefused(
                "Links can be given for a text dump only; in Markdown, write them into the text.", "links_refused"
            )
        return read_markdown(text)
    except ImportRefused as refusal:
        if not name:
            raise
        raise ImportRefused(f"{name}: {refusal.reason}", refusal.code) from refusal
