"""What is wrong with a file, or with one row of it: where, what, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge_base.faults import one_line, shown


class BadTable(ValueError):
    """A file that cannot be taken in at all. The message says what it is and how to mend it."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{one_line(what)}; {remedy}.")


@dataclass(frozen=True, slots=True)
class RowFault:
    """One fault in one row. ``row`` is as a spreadsheet counts; ``value`` is the cell, shortened."""

    row: int
    column: str
    what: str
    remedy: str
    value: str = ""

    def __str__(self) -> str:
        place = f"row {self.row}, {self.column}" if self.column else f"row {self.row}"
        return one_line(f"{place}: {self.what}; {self.remedy}.")


def cell_fault(row: int, column: str, what: str, remedy: str, value: object = "") -> RowFault:
    """Return a fault with the cell's value cut to what a screen can show."""
    text = one_line(value[:100]) if isinstance(value, str) else "" if value is None else shown(value, 100)
    return RowFault(row, column, what, remedy, text)
