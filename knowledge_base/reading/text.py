"""Cut a message into words with their places in it, numbers folded into one word each."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from knowledge_base.reading.lists import listed
from knowledge_base.reading.numbers import quantities
from knowledge_base.reading.quantity import Quantity, Token

LONGEST = 4000
"""Characters read of one message; what lies beyond is left unread."""

_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+(?:['’ʼ`´][^\W\d_]+)*|\n|\S")
_HARD = frozenset({".", "!", "?", ";", "\n"})
_SOFT = _HARD | {",", "(", ")", "–", ":", "/", "&", "|", "…"}
# Short forms as many type them, without the apostrophe.
_UNMARKED = {
    word.replace("'", ""): word
    for word in [
        "i'm",
        "i've",
        "we've",
        "don't",
        "won't",
        "can't",
        "isn't",
        "aren't",
        "wasn't",
        "haven't",
        "hasn't",
        "didn't",
        "doesn't",
        "wouldn't",
        "couldn't",
        "there's",
        "that's",
    ]
}
_PLACEHOLDERS = {"count": "#", "money": "£", "year": "@", "ordinal": "#th", "percent": "#%"}


@dataclass(frozen=True, slots=True)
class Word:
    """One word, mark or number: lower case, as typed, and where it stands in the message."""

    low: str
    text: str
    start: int
    end: int
    quantity: Quantity | None = None


@dataclass(frozen=True)
class Message:
    """A message as words. Clauses end at full stops and their like, segments at commas too."""

    text: str
    words: tuple[Word, ...]

    @cached_property
    def lows(self) -> list[str]:
        return [word.low for word in self.words]

    def __len__(self) -> int:
        return len(self.words)

    def low(self, at: int) -> str:
        """Return the word at a place, or a full stop outside the message."""
        return self.words[at].low if 0 <= at < len(self.words) else "."

    def ends_clause(self, at: int) -> bool:
        low = self.low(at)
        if low not in _HARD:
            return False
        return low != "." or self.low(at - 1) not in listed("text.shortened")

    def ends_segment(self, at: int) -> bool:
        low = self.low(at)
        return low in _SOFT and (low != "." or self.ends_clause(at))

    def before(self, at: int, most: int) -> list[str]:
        """Return up to ``most`` words of the same clause that stand before a place, nearest first."""
        found: list[str] = []
        at -= 1
        while at >= 0 and len(found) < most and not self.ends_clause(at):
            found.append(self.low(at))
            at -= 1
        return found

    def after(self, at: int, most: int) -> list[str]:
        """Return up to ``most`` words of the same clause from a place on, nearest first."""
        found: list[str] = []
        while at < len(self.words) and len(found) < most and not self.ends_clause(at):
            found.append(self.low(at))
            at += 1
        return found

    def after_mark(self, at: int) -> str:
        """Return the mark that ends the clause a place is in."""
        return self.low(self.clause_end(at))

    # Where clauses and segments end is found once: a message may be one clause of a thousand words, and
    # each of them may ask.
    @cached_property
    def _clause_ends(self) -> list[int]:
        return [at for at in range(len(self.words)) if self.ends_clause(at)]

    @cached_property
    def _segment_ends(self) -> list[int]:
        return [at for at in range(len(self.words)) if self.ends_segment(at)]

    def clause_start(self, at: int) -> int:
        """Return the first place of the clause that a place is in, or that ends there."""
        return _after_last(self._clause_ends, at)

    def clause_end(self, at: int) -> int:
        """Return the place of the mark that ends the clause a place is in, or the length of the message."""
        ends = self._clause_ends
        nearest = bisect_left(ends, at)
        return ends[nearest] if nearest < len(ends) else len(self.words)

    def segment_start(self, at: int) -> int:
        """Return the first place of the segment that a place is in, or that ends there."""
        return _after_last(self._segment_ends, at)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn places of words (end excluded) into places of characters."""
        return self.words[start].start, self.words[end - 1].end

    def within(self, start: int, end: int) -> range:
        """Return the places of the words that stand between two characters."""
        first = bisect_right(self.words, start, key=lambda word: word.end)
        return range(first, bisect_left(self.words, end, key=lambda word: word.start))

    def counted(self) -> Iterator[tuple[int, Quantity]]:
        for at, word in enumerate(self.words):
            if word.quantity is not None:
                yield at, word.quantity


def read_message(text: str) -> Message:
    """Cut a message into words. Takes any text; time grows with its length and no faster."""
    text = text[:LONGEST]
    tokens = [_token(match, text) for match in _TOKEN.finditer(text)]
    words: list[Word] = []
    at = 0
    for quantity in quantities(tokens):
        words += [_plain(token) for token in tokens[at : quantity.start]]
        start, end = tokens[quantity.start].start, tokens[quantity.end - 1].end
        words.append(Word(_PLACEHOLDERS[quantity.kind], text[start:end], start, end, quantity))
        at = quantity.end
    words += [_plain(token) for token in tokens[at:]]
    return Message(text, tuple(words))


def _after_last(marks: list[int], at: int) -> int:
    """Return the place after the last of some marks that stands before a place; 0 where none does."""
    before = bisect_left(marks, at)
    return marks[before - 1] + 1 if before else 0


def _plain(token: Token) -> Word:
    return Word(token.low, token.text, token.start, token.end)


def _token(match: re.Match[str], text: str) -> Token:
    start, end = match.span()
    low = match.group().lower().replace("’", "'").replace("ʼ", "'").replace("`", "'").replace("´", "'")
    low = _UNMARKED.get(low, low)
    if low in {"-", "—", "–", "‑", "−"}:
        spaced = (start == 0 or text[start - 1].isspace()) and (end == len(text) or text[end].isspace())
        low = "–" if spaced or low == "—" else "-"
    return Token(low, match.group(), start, end)
