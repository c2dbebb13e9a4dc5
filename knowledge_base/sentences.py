"""Turn an owner's words into sentences that the encoder can make something of."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 4096  # characters of a message that are looked at
MOST_SENTENCES = 12
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ADDRESS = re.compile(r"\S+://\S+|\bwww\.\S+|\S+@\S+")
_END = re.compile(r"[.!?;\n]+(?:\s+|$)")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-zA-Z]")


def sentences(text: str, told: Iterable[tuple[int, int]] = ()) -> list[str]:
    """Return a message as a whole and, where it has several, its sentences; nothing where it has no words.

    Args:
        told: the characters that tell facts, such as a place. They are left out: facts count elsewhere.
    """
    text = text[:LONGEST]
    for start, end in sorted(told, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    text = _ADDRESS.sub(" ", _UNSPEAKABLE.sub(" ", text))
    parts = [part for part in (" ".join(part.split()) for part in _END.split(text)) if _speaks(part, least=3)]
    whole = " ".join(text.split())
    if not _speaks(whole, least=2):
        return []
    return list(dict.fromkeys([whole, *parts[:MOST_SENTENCES]])) if len(parts) > 1 else [whole]


def _speaks(text: str, least: int) -> bool:
    """Say whether a text has words enough, most of its letters being Latin."""
    words = _WORD.findall(text)
    letters = "".join(words)
    return len(words) >= least and 2 * len(_LATIN.findall(letters)) > len(letters) > 2
