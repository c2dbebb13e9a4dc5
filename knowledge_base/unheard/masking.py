"""Take out of a message everything that could tell who wrote it.

It is safe by what is let through, not by what is caught: only words that name nobody (`plain_words`) are
kept, with plain punctuation between them; everything else becomes its kind in square brackets. What looks
like a name, a firm, an address, a number or a sum goes even where its words are plain.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge_base.unheard import naming, patterns
from knowledge_base.unheard.plain_words import Tables, tables

LONGEST = 500
LOOKED_AT = 4 * LONGEST  # characters read of a message: what lies beyond would be cut off
MASKS = ("name", "company", "place", "address", "contact", "code", "sum", "number", "word")
MASK = re.compile(rf"\[(?:{'|'.join(MASKS)})\]")
# How a message reads to people and to the encoder with nothing in brackets; "" where it is best left out.
STAND_INS = {
    "[name]": "Sam",
    "[company]": "our firm",
    "[place]": "our town",
    "[address]": "our town",
    "[contact]": "",
    "[code]": "",
    "[sum]": "some money",
    "[number]": "12",
    "[word]": "thing",
}

Span = tuple[int, int, str]

_TOKEN = re.compile(r"[^\W\d_]+(?:['’&-][^\W\d_]+)*|[.,;:!?()/-]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Token:
    """A word, a mark or a space; ``kind`` is what it was masked as, None where it is kept."""

    text: str
    start: int
    kind: str | None = None

    @property
    def low(self) -> str:
        return self.text.casefold().replace("’", "'")

    @property
    def is_word(self) -> bool:
        return self.text[:1].isalpha()

    @property
    def is_capital(self) -> bool:
        return self.text[:1].isupper()


def mask(text: str, spans: Iterable[Span] = ()) -> str | None:
    """Return a message without what is personal, at most 500 characters; None where it cannot be made safe.

    ``spans`` are places and sums that others have found in it: start, end (characters) and kind. It cannot be
    made safe where more is masked than half of what is kept, or where it speaks of health, faith or crime.
    """
    words = tables()
    text = text[:LOOKED_AT]
    tokens = list(_tokens(text, [*patterns.found(text), *spans]))
    if any(token.is_word and words.sensitive & {token.low, token.low.split("'")[0]} for token in tokens):
        return None
    shouting = not any(token.is_word and token.text != token.text.upper() for token in tokens)
    for start, end, kind in naming.named(tokens, words, shouting):
        tokens[start:end] = [Token(t.text, t.start, t.kind or kind) for t in tokens[start:end]]
    pieces = list(_pieces(tokens, words))
    kept = sum(piece[:1].isalpha() for piece in pieces)
    if not kept or sum(piece in STAND_INS for piece in pieces) > kept // 2:
        return None
    return _within(pieces, LONGEST)


def spoken(masked: str) -> str:
    """Return a masked message as somebody might have said it, with plain stand-ins for what was masked."""
    said = MASK.sub(lambda found: STAND_INS[found.group()], masked)
    said = re.sub(r"\(\s*\)", "", re.sub(r"\s+", " ", said))
    return re.sub(r"\s+([.,;:!?)])", r"\1", said).strip(" ,;:-/")


def _tokens(text: str, spans: list[Span]) -> Iterator[Token]:
    """Yield the words and marks of a text; one that lies in a span, even in part, is masked whole."""
    kinds: list[str | None] = [None] * len(text)
    for start, end, kind in reversed(spans):
        for at in range(max(start, 0), min(end, len(text))):
            kinds[at] = kind
    for match in _TOKEN.finditer(text):
        inside = next((kind for kind in kinds[match.start() : match.end()] if kind), None)
        yield Token(match.group(), match.start(), inside)


def _pieces(tokens: list[Token], words: Tables) -> Iterator[str]:
    """Yield kept words, marks and single spaces, and one mask for each run of what is masked alike."""
    before = " "
    gap = False
    for token in tokens:
        kind = token.kind
        if kind is None and token.is_word and not words.plain(token.text):
            kind = "word"
        if kind is not None:
            if token.text.isspace() or not token.text.strip(".,;:!?()/-"):
                gap = True
                continue
            piece = f"[{kind}]"
            if piece == before:
                gap = False
                continue
        elif token.is_word:
            piece = unicodedata.normalize("NFC", token.text)
        elif token.text.strip(".,;:!?()/-") == "" and token.text.strip():
            piece = token.text[:3]
        else:
            gap = True
            continue
        if gap and before != " ":
            yield " "
        gap = False
        yield piece
        before = piece


def _within(pieces: list[str], longest: int) -> str:
    """Put pieces together as far as they fit, none of them cut."""
    said = ""
    for piece in pieces:
        if len(said) + len(piece) > longest:
            break
        said += piece
    return said.strip()
