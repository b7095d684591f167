"""A comment's place in its thread, as a string. Pure. (docs/decisions/thread-paths.md)

A path is an ordinal among siblings for each level, the root's is "". Digits alone sort alike in every collation, so
no index depends on one.
"""

MAX_DEPTH = 64
ORDINAL_DIGITS = 8
MAX_LENGTH = MAX_DEPTH * ORDINAL_DIGITS


def below(path: str, ordinal: int) -> str:
    """The path of that child, counted from 1, of the comment at `path`."""
    return f"{path}{ordinal:0{ORDINAL_DIGITS}}"


def above(path: str) -> list[str]:
    """The paths of those above `path` in the thread as it stands, from the root's down."""
    return [path[:end] for end in range(0, len(path), ORDINAL_DIGITS)]
