"""What is wrong with a record: where, what, why it matters, and how to mend it."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable
from dataclasses import dataclass

MOST_PRINTED = 50
"""How many faults are printed; the rest are counted."""


@dataclass(frozen=True, slots=True)
class BadRecord:
    """One fault in one record. ``field`` is a path such as ``criteria[1].between``.

    It is a place such as ``line 7`` where no field could be read, and empty where the whole file is meant.
    """

    file: str
    field: str
    what: str
    why: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.field}" if self.field else self.file
        return one_line(f"{place}: {self.what}; {self.remedy}.")


class BadCatalogue(ValueError):
    """Records that cannot be used. ``faults`` names every one that was found, not only the first.

    The message holds one line for each fault, and for more than `MOST_PRINTED` one that counts the rest.
    """

    def __init__(self, faults: Iterable[BadRecord]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(lines_of(self.faults)))


def lines_of(faults: Iterable[object], most: int = MOST_PRINTED) -> list[str]:
    """Write each fault on one line, as many as ``most``, and on a last line how many more there are."""
    listed = list(faults)
    more = len(listed) - most
    return [*(str(fault) for fault in listed[:most]), *([f"and {more:,} more"] if more > 0 else [])]


_BRIEF = reprlib.Repr()
_BRIEF.maxlevel, _BRIEF.maxlist, _BRIEF.maxdict, _BRIEF.maxstring = 3, 4, 4, 40


def shown(value: object, limit: int = 60) -> str:
    """Write a value for a message: quoted if text, shortened, safe to print on one line."""
    if isinstance(value, str):
        text = repr(value[: limit + 1])
    else:
        text = _BRIEF.repr(value) if isinstance(value, (dict, list)) else str(value)
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return one_line(text)


def one_line(text: str) -> str:
    """Write what cannot be printed, or would break the line, as an escape."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("ascii", "backslashreplace").decode() for c in text)
