"""Plain text written as Markdown that reads the same."""

import re

# What may begin emphasis, code, a link, HTML, an entity or an escape anywhere in a line, and the hashes that
# may begin or end a heading.
_INLINE = re.compile(r"[\\`*_\[\]<&~]|(?<!\S)#")
# What may begin a quotation, list item, rule, underline of a heading or table at the start of a line.
_LINE_START = re.compile(r"^(?:[-+=>:|]|(\d{1,9})(?=[.)]))")


def escape_inline(text: str) -> str:
    """`text` as Markdown, for use inside a line."""
    return _INLINE.sub(r"\\\g<0>", text)


def escape_line_start(line: str) -> str:
    """An escaped line that cannot be read as the start of anything but a paragraph."""
    return _LINE_START.sub(lambda match: f"{match[1]}\\" if match[1] else f"\\{match[0]}", line)
