"""Where a name stands that is made of plain words: after "my name is", before "Ltd", in a row of capitals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from knowledge_base.unheard.plain_words import Tables

FIRM_WORDS = 4  # before its legal form
NAME_WORDS = 4  # after "called", where nothing else ends it
_CALLED = ("called", "titled")
_HERE = ("here", "from", "at", "speaking", "again", "calling")
_KIN = ("sons", "son", "co", "bros", "daughters", "partners")
_TRADING = tuple(
    tuple(words.split())
    for words in ("trading as", "known as", "t / a", "name of", "behalf of", "company name", "business name")
)

Place = tuple[int, int, str]


class Said(Protocol):
    """A token, as far as it matters here."""

    @property
    def text(self) -> str: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def low(self) -> str: ...
    @property
    def is_word(self) -> bool: ...
    @property
    def is_capital(self) -> bool: ...


def named(tokens: Sequence[Said], tables: Tables, shouting: bool = False) -> Iterator[Place]:
    """Yield the places of names among tokens: first, last (excluded) and kind; some may overlap.

    In a message that is ``shouting`` capitals say nothing.
    """
    words = [n for n, token in enumerate(tokens) if not token.text.isspace()]
    heard = _Heard([tokens[n] for n in words], tables)
    for start, end, kind in (
        *heard.introduced(),
        *heard.firms(),
        *heard.signed(),
        *heard.people(),
        *(() if shouting else heard.capitals()),
    ):
        if start < end:
            yield words[start], words[end - 1] + 1, kind


class _Heard:
    """A message's words and marks, without the spaces."""

    def __init__(self, tokens: list[Said], tables: Tables) -> None:
        self.tokens = tokens
        self.tables = tables
        self.lows = [token.low for token in tokens]

    def introduced(self) -> Iterator[Place]:
        """After "my name is", "called", "trading as": up to a mark or a word that no name reaches beyond."""
        for n, low in enumerate(self.lows):
            before = self.lows[n - 1] if n else ""
            if low in ("name", "names", "surname") and self._at(n + 1) in (*self.tables.being, ":", "-"):
                yield n + 2, self._whole_clause(n + 2), "name"
            elif low in ("name's", "named") or (low == "name" and before in ("first", "last", "full")):
                yield n + 1, self._whole_clause(n + 1), "name"
            elif low in _CALLED and (
                n == 0 or before in self.tables.being or before in self.tables.firms or self._masked(n - 1)
            ):
                yield n + 1, self._up_to_break(n + 1), "company"
            elif low == "call" and self._at(n + 1) in ("me", "us", "ourselves", "myself"):
                yield n + 2, self._up_to_break(n + 2), "name"
            for pair in _TRADING:
                if tuple(self.lows[n : n + len(pair)]) == pair:
                    after = n + len(pair)
                    after += self._at(after) in (*self.tables.being, ":", "-")
                    yield after, self._up_to_break(after), "company"

    def firms(self) -> Iterator[Place]:
        """Before "Ltd" and its like, and around "& Sons"."""
        for n, low in enumerate(self.lows):
            joined = low in _KIN and self._at(n - 1) in ("&", "and")
            if low in self.tables.company_forms or (joined and n >= 2) or low == "bros":
                end = n - 1 if joined else n
                start = self._back(end)
                if start < end:
                    yield start, n + 1, "company"

    def signed(self) -> Iterator[Place]:
        """After "thanks" or "regards" at the very end."""
        for n in range(max(len(self.lows) - 6, 0), len(self.lows)):
            if self.lows[n] in self.tables.signing:
                rest = [m for m in range(n + 1, len(self.lows)) if self.tokens[m].is_word]
                if 0 < len(rest) <= 3 and not any(self.lows[m] in self.tables.courtesies for m in rest[:1]):
                    yield rest[0], rest[-1] + 1, "name"

    def people(self) -> Iterator[Place]:
        """First names that are plain words too, where a person is spoken of or speaks."""
        for n, low in enumerate(self.lows):
            before, after = self._at(n - 1), self._at(n + 1)
            if low in self.tables.titles and n + 1 < len(self.lows):
                second = n + 2 < len(self.lows) and (
                    self.lows[n + 2] in self.tables.surnames or self._masked(n + 2) or self._cap(n + 2)
                )
                yield n + 1, n + 2 + second, "name"
            if low.removesuffix("'s") not in self.tables.first_names:
                continue
            surname = after.removesuffix("'s") in self.tables.surnames and after not in self.tables.breaks
            spoken_of = (
                before in self.tables.relations
                or before in ("i'm", "im", "i'am", "it's", "this's")
                or (self._at(n - 2) in ("i", "this", "here") and before in ("am", "is"))
                or (self._begins(n) and (after in _HERE or after == ","))
                or surname
                or (before in ("and", "&", ",") and self._masked(n - 2))
                or (after in ("and", "&") and self._masked(n + 2))
                or self._masked(n - 1)
            )
            if spoken_of:
                yield n, n + 1 + surname, "name"

    def capitals(self) -> Iterator[Place]:
        """Rows of words with a capital, and single ones where a name would stand."""
        n = 0
        while n < len(self.tokens):
            end = n
            while end < len(self.tokens) and (self._cap(end) or (end > n and self._linked(end))):
                end += 1
            if end > n:
                yield from self._of_row(n, end)
            n = max(end, n + 1)

    def _of_row(self, start: int, end: int) -> Iterator[Place]:
        named = [n for n in range(start, end) if self._cap(n) and not self._known(n)]
        begins = self._begins(start)
        if len(named) >= 2:
            yield named[0], named[-1] + 1, "name"
        elif named:
            (only,) = named
            low = self.lows[only].removesuffix("'s")
            before = self._at(only - 1)
            if only == start and begins:
                return
            person = low in self.tables.first_names or low in self.tables.surnames
            if (person and before not in self.tables.determined) or before in (
                self.tables.met | self.tables.titles
            ):
                yield only, only + 1, "name"

    def _cap(self, n: int) -> bool:
        token = self.tokens[n]
        return token.is_word and token.is_capital and token.kind is None

    def _known(self, n: int) -> bool:
        """Say whether a word is written with a capital by everybody: a month, KTP, "I'm"."""
        low = self.lows[n]
        is_name = low in self.tables.first_names and self._at(n - 1) not in ("in", "by")
        return low in self.tables.proper and not is_name

    def _linked(self, n: int) -> bool:
        links = self.lows[n] in ("&", "and", "of", "the", "-")
        return links and n + 1 < len(self.tokens) and self._cap(n + 1)

    def _begins(self, n: int) -> bool:
        return n == 0 or (not self.tokens[n - 1].is_word and self.lows[n - 1][-1:] in tuple(".!?:;-("))

    def _back(self, end: int) -> int:
        """Where the name of a firm begins that ends here: at most four words, none of them a break."""
        start = end
        while start > max(end - FIRM_WORDS, 0):
            n = start - 1
            link = self.lows[n] in ("&", "and") and self._at(n - 1) not in self.tables.breaks
            if not link and (self.lows[n] in self.tables.breaks or not self._part(n)):
                break
            start = n
        return start

    def _part(self, n: int) -> bool:
        return self.tokens[n].is_word or self.tokens[n].kind is not None

    def _up_to_break(self, start: int) -> int:
        end = start
        while end < len(self.tokens) and end - start < NAME_WORDS:
            mark = not self.tokens[end].is_word and self.tokens[end].kind is None
            if mark and self.lows[end] not in tuple("&'\"“”-"):
                break
            if self.lows[end] in self.tables.breaks:
                break
            end += 1
        return end

    def _whole_clause(self, start: int) -> int:
        """A name of any length: up to a full stop, a comma, or "and I"; a break word alone may be in it."""
        end = start
        while end < len(self.tokens):
            mark = not self.tokens[end].is_word and self.tokens[end].kind is None
            if end > start and (mark or self.lows[end] in self.tables.breaks):
                break
            end += 1
        return end

    def _at(self, n: int) -> str:
        return self.lows[n] if 0 <= n < len(self.lows) else ""

    def _masked(self, n: int) -> bool:
        """Say whether a word there is no plain one, so that a name is likely beside it."""
        if not 0 <= n < len(self.tokens) or not self.tokens[n].is_word:
            return False
        return self.tokens[n].kind is None and not self.tables.plain(self.tokens[n].text)
