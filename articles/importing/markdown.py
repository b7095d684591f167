"""Markdown with YAML front matter: title, category, date, by, language, slug."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

import yaml
from markdown_it import MarkdownIt

from articles import shapes
from articles.importing.files import ImportedArticle, ImportRefused
from articles.rendering import render

KEYS = ("title", "category", "date", "by", "language", "slug")
_MAX_FRONT_MATTER_LENGTH = 10_000
_MAX_HEADING_LENGTH = 2_000
_FENCE = re.compile(r"---[ \t]*\n(?P<yaml>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def read_markdown(text: str) -> ImportedArticle:
    """The article in a Markdown file. Raises ImportRefused.

    The title is the front matter's, or else that of a first heading of level 1; a first heading that says the
    title again is left out of the body.
    """
    facts, body = _front_matter(text)
    level, heading, rest = _first_heading(body)
    title = _folded(facts.get("title", "")) or (heading if level == 1 else "")
    if not title:
        reason = "The file has neither a title in front matter nor the date line of a page's text dump."
        raise ImportRefused(reason, "no_title")
    is_repeated = heading == title
    source = (rest if is_repeated else body).strip("\n")
    if not render(source).text.strip():
        raise ImportRefused("The article has no body.", "no_body")
    notes = ("Left out the first heading: it is the title.",) if is_repeated else ()
    return ImportedArticle(
        title=title,
        category=_folded(facts.get("category", "")),
        published_on=_date(facts.get("date", "")),
        by_line=_folded(facts.get("by", "")),
        language=_checked(facts, "language", shapes.LANGUAGE),
        slug=_checked(facts, "slug", shapes.SLUG),
        source=source,
        notes=notes,
    )


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """What the front matter says, and the text after it; nothing and the whole text where there is none."""
    if not re.match(r"---[ \t]*\n", text):
        return {}, text
    match = _FENCE.match(text)
    if not match or len(match["yaml"]) > _MAX_FRONT_MATTER_LENGTH:
        raise ImportRefused("The front matter begins in line 1 and has no end: a line of ---.", "bad_front_matter")
    facts: dict[str, str] = {}
    for key, value, line in _entries(match["yaml"]):
        if key not in KEYS:
            reason = f"Line {line}: unknown key “{key}”; known are {', '.join(KEYS)}."
            raise ImportRefused(reason, "unknown_key")
        if key in facts:
            raise ImportRefused(f"Line {line}: “{key}” stands twice.", "bad_front_matter")
        facts[key] = value
    return facts, text[match.end() :]


def _entries(source: str) -> Iterator[tuple[str, str, int]]:
    """The keys and values of a YAML mapping of strings, each with its line in the file."""
    node = _composed(source)
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        raise ImportRefused("Line 2: the front matter is no list of “key: value” lines.", "bad_front_matter")
    for key, value in node.value:
        line = key.start_mark.line + 2
        if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
            raise ImportRefused(f"Line {line}: a key or its value is no plain text.", "bad_front_matter")
        yield key.value, value.value, line


def _composed(source: str) -> yaml.Node | None:
    """YAML's nodes: every scalar stays the text it is, so that a language "no" is not a falsehood."""
    try:
        return yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        reason = f"Line {line}: not YAML. A value with a colon in it needs quotation marks."
        raise ImportRefused(reason, "bad_front_matter") from error
    except RecursionError as error:
        raise ImportRefused("The front matter is nested too deeply.", "bad_front_matter") from error


def _first_heading(body: str) -> tuple[int, str, str]:
    """Level and text of the heading the body begins with, and the body after it; 0 and "" if it has none."""
    tokens = MarkdownIt("commonmark").parse(body[:_MAX_HEADING_LENGTH])
    if not tokens or tokens[0].type != "heading_open" or not tokens[0].map:
        return 0, "", body
    start, end = tokens[0].map
    lines = body.split("\n")
    text = render("\n".join(lines[start:end])).text
    return int(tokens[0].tag[1:]), text, "\n".join(lines[end:])


def _folded(text: str) -> str:
    return " ".join(text.split())


def _date(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise ImportRefused(f"“date” is “{value}”: write it as 2026-05-09.", "bad_date") from error


def _checked(facts: Mapping[str, str], key: str, shape: str) -> str:
    """The value of a key, which must have a shape; "" where the key is not there."""
    value = facts.get(key, "")
    if value and not re.fullmatch(shape, value):
        raise ImportRefused(f"“{key}” is “{value}”, which is no {key}.", f"bad_{key}")
    return value
