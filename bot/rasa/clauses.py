"""Cut a message into the clauses that may each ask for something, and count its words."""

from __future__ import annotations

import re

MAX_CLAUSES = 8
SHORTEST = 3
# Beyond the encoder's reach nothing is read, so a megabyte costs no more than a page.
MAX_CHARACTERS = 4096

_BREAK = re.compile(r"(?<=[.!?])\s+|[;\n\r]+|,?\s+(?:and|but)\s+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’.,&%-][^\W_]+)*")


def tidy(text: str) -> str:
    """Return the part of a text that is read, without NUL and control characters."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text[:MAX_CHARACTERS]).strip()


def words(text: str) -> list[str]:
    """Return the words and numbers of a text in lower case."""
    return _WORD.findall(text.lower())


def clauses(text: str) -> list[str]:
    """Return up to eight clauses of three words or more; none when the message is one clause."""
    parts = [part.strip() for part in _BREAK.split(text) if part]
    long_enough = [part for part in parts if len(words(part)) >= SHORTEST]
    return long_enough[:MAX_CLAUSES] if len(parts) > 1 else []
