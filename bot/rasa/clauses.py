"""Cut a message into the clauses that may each ask for something, and count its words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

MAX_CLAUSES = 10
# Clauses no longer than this are the points of a list, and each speaks for itself.
POINT = 5
# Beyond the encoder's reach nothing is read, so a megabyte costs no more than a page.
MAX_CHARACTERS = 4096

_BREAK = re.compile(
    r"(?<=[.!?])\s+|[;\n\r]+|[,:]\s+|\s+[-–—&/]\s+|\s+\+\s*|(?<=[^\W\d])\+(?=[^\W\d])|(?<=[^\W\d]{3})/(?=[^\W\d]{3})"
    r"|,?\s+(?:and|but|plus)\s+",
    re.IGNORECASE,
)
# What advisers put between what a client is and what it wants, without a comma.
_FACT = re.compile(
    r"(\b[0-9][0-9.,]*[ -]?(?:emps?|ftes?|staff|ppl|people|heads|employees|pers|anst)\b"
    r"|\b(?:[A-Z]{2}[0-9][0-9A-Z]?|[BEGLMNSW][0-9]{2})(?: [0-9][A-Z]{2})?\b)"
)
_OWN = frozenset(
    {"we", "we're", "we've", "we’re", "we’ve", "our", "us", "i", "i'm", "i've", "i’m", "i’ve", "my"}
)
_REFUSED = re.compile(r"(?:no|not|without|never)\b(?:\W+\w+){1,2}\W*", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’.,&%-][^\W_]+)*")


def tidy(text: str) -> str:
    """Return the part of a text that is read, without NUL and control characters."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text[:MAX_CHARACTERS]).strip()


def words(text: str) -> list[str]:
    """Return the words and numbers of a text in lower case."""
    return _WORD.findall(text.lower())


def clauses(text: str) -> list[tuple[int, int]]:
    """Return where up to ten clauses of a word or more begin and end; none when the message is one clause.

    What is ruled out in a word or two ("no debt") asks for nothing.
    """
    breaks = [(0, 0), *(found.span() for found in _BREAK.finditer(text)), (len(text), len(text))]
    between = [(end, start) for (_, end), (start, _) in itertools.pairwise(breaks)]
    parts = [_trimmed(text, *span) for span in between if words(text[slice(*span)])]
    asking = [span for span in parts if not _REFUSED.fullmatch(text[slice(*span)])]
    return asking[:MAX_CLAUSES] if len(parts) > 1 else []


def cut_at_facts(parts: Sequence[str]) -> list[str]:
    """Cut clauses once more at a size or a postcode in them: "SME mfr 45 emps WV1 net zero" into four.

    Who speaks of themselves ("We have 45 staff") does so in sentences, which are left whole.
    """
    if any(_OWN & set(words(part)) for part in parts):
        return list(parts)
    cut = [piece for part in parts for piece in _FACT.split(part)]
    return [piece.strip() for piece in cut if words(piece)][: 2 * MAX_CLAUSES]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))


def is_list(parts: Sequence[str]) -> bool:
    """Return whether clauses are the points of a list, each of five words or fewer."""
    return bool(parts) and all(len(words(part)) <= POINT for part in parts)
