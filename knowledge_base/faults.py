"""What is wrong with a record: where, what, why it matters, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BadRecord:
    """One fault in one record. ``field`` is a path such as ``criteria[1].between``."""

    file: str
    field: str
    what: str
    why: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.field}" if self.field else self.file
        return f"{place}: {self.what}; {self.remedy}."


class BadCatalogue(ValueError):
    """Records that cannot be used. ``faults`` names every one that was found, not only the first."""

    def __init__(self, faults: Iterable[BadRecord]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def shown(value: object, limit: int = 60) -> str:
    """Write a value for a message: quoted if text, shortened, safe to print on one line."""
    text = repr(value) if isinstance(value, str) else str(value)
    text = text.encode("ascii", "backslashreplace").decode() if not text.isprintable() else text
    return text if len(text) <= limit else text[: limit - 1] + "…"
