"""What every importer takes and gives: bytes to text, the article that was read, the refusal."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

MAX_FILE_BYTES = 5 * 1024 * 1024

_LINE_END = re.compile(r"\r\n?|\f")
# All controls but tab and LF, and the overrides that reorder what stands after them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e]")


class ImportRefused(Exception):
    """A file that cannot be read as an article; `reason` is a sentence, `code` is stable."""

    def __init__(self, reason: str, code: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


@dataclass(frozen=True)
class ImportedArticle:
    """What a file says about an article; "" and None where it says nothing."""

    title: str
    category: str
    published_on: date | None
    by_line: str
    # A BCP 47 language tag.
    language: str
    slug: str
    # The body in Markdown.
    source: str
    # Sentences on what was understood, left out or guessed.
    notes: tuple[str, ...]


def text_of(data: bytes) -> str:
    """The text of a file: NFC, LF line ends (for a form feed too), no byte order mark."""
    if len(data) > MAX_FILE_BYTES:
        raise ImportRefused(f"The file is larger than {MAX_FILE_BYTES // 1024**2} MB.", "too_large")
    if b"\x00" in data:
        raise ImportRefused("The file is not text: it has NUL bytes.", "binary")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefused(f"The file is not UTF-8 text (byte {error.start}).", "not_utf8") from error
    text = unicodedata.normalize("NFC", _LINE_END.sub("\n", text))
    if not text.strip():
        raise ImportRefused("The file is empty.", "empty")
    _refuse_controls(text)
    return text


def _refuse_controls(text: str) -> None:
    found = _CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        reason = f"Line {line} has a control character (U+{ord(found[0]):04X})."
        raise ImportRefused(reason, "control_character")
