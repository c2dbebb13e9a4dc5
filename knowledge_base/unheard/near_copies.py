"""Find messages that are nearly the same: learned twice they teach nothing, and flatter every measure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SHINGLE = 5  # words in a row
ALIKE = 0.5  # of all the rows of five words of two messages, the share that both have

_WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True)
class Copy:
    """Two messages by their numbers, the earlier first; ``alike`` is 1 where their words are the same."""

    first: int
    second: int
    alike: float


class Copies:
    """Messages heard so far, and which of them a new one nearly repeats."""

    def __init__(self) -> None:
        self._same: dict[str, int] = {}
        self._rows: list[frozenset[int]] = []
        self._with: dict[int, list[int]] = defaultdict(list)

    def nearest(self, text: str) -> tuple[int, float] | None:
        """Return the number of the message that this one repeats most nearly, and how alike the two are."""
        said = squeezed(text)
        if said in self._same:
            return self._same[said], 1.0
        rows = _rows(said)
        shared = Counter(number for row in rows for number in self._with.get(row, ()))
        best: tuple[float, int] | None = None
        for number, both in shared.items():
            alike = both / (len(rows) + len(self._rows[number]) - both)
            if alike >= ALIKE and (best is None or (alike, -number) > (best[0], -best[1])):
                best = alike, number
        return (best[1], best[0]) if best else None

    def add(self, text: str) -> None:
        """Hear one more message; the first has the number 0."""
        said, number = squeezed(text), len(self._rows)
        rows = _rows(said)
        self._rows.append(rows)
        if said not in self._same:
            self._same[said] = number
            for row in rows:
                self._with[row].append(number)


def near_copies(texts: Sequence[str]) -> Iterator[Copy]:
    """Yield each message that nearly repeats an earlier one, with the earlier one it repeats most nearly."""
    heard = Copies()
    for number, text in enumerate(texts):
        found = heard.nearest(text)
        if found:
            yield Copy(found[0], number, found[1])
        heard.add(text)


def squeezed(text: str) -> str:
    """Return the words and numbers of a text alone; a text without any stays as it is."""
    words = _WORD.findall(text.casefold().replace("’", "'"))
    return " ".join(words) if words else text.strip()


def _rows(said: str) -> frozenset[int]:
    words = said.split(" ")
    return frozenset(hash(tuple(words[n : n + SHINGLE])) for n in range(len(words) - SHINGLE + 1))
