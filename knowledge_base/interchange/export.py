"""Write records as CSV, a workbook or JSON. No field is lost, and what is written can be taken in again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from knowledge_base.catalogue import dump_area, dump_offer, dump_provider
from knowledge_base.interchange.cells import guarded
from knowledge_base.interchange.targets import TARGETS, own_columns
from knowledge_base.interchange.values import listed
from knowledge_base.interchange.workbooks import CONTINUES
from knowledge_base.records import Catalogue

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
LONGEST_CELL = 32_000  # a workbook's cell takes 32,767
_PARTS = ("amount", "window", "source", "assured")


def flat(record_type: str, id: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as one row by column: text, or a number; lists and parts with parts inside as text.

    A field that has no column of its own yet gets one by its name, so that none is lost.
    """
    row: dict[str, Any] = {"id": id}
    for name, value in document.items():
        if record_type == "offer" and name in _PARTS and isinstance(value, Mapping):
            row |= {
                f"{name}.{part}": _cell(record_type, f"{name}.{part}", each) for part, each in value.items()
            }
        else:
            row[name] = _cell(record_type, name, value)
    return {name: value for name, value in row.items() if value not in (None, "")}


def _cell(record_type: str, path: str, value: Any) -> Any:
    target = TARGETS[record_type].get(path)
    plain = isinstance(value, list) and all(isinstance(each, str) for each in value)
    if plain and (target is None or target.reads != "json"):
        return listed(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False) if value else None
    return value


def write_csv(rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a CSV file, with a mark that tells spreadsheets it is UTF-8."""
    listed_columns = [*columns]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)

    def written(cells: Iterable[Any]) -> str:
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in cells])
        line = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return line

    yield "\ufeff" + written(listed_columns)
    for row in rows:
        yield written(row.get(name, "") for name in listed_columns)


def export_csv(records: Catalogue, record_type: str = "offer") -> Iterator[str]:
    """Yield a CSV file of all offers, or of all providers."""
    return write_csv(rows_of(records, record_type), columns_of(records, record_type))


def export_json(records: Catalogue) -> str:
    """Return a catalogue file: areas, providers and offers, as `fingerpost assess --catalogue` reads it."""
    document = {
        "areas": [dump_area(area) for area in records.areas.values()],
        "providers": [{"id": id, **dump_provider(each)} for id, each in records.providers.items()],
        "offers": [{"id": id, **dump_offer(each)} for id, each in records.offers.items()],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def export_workbook(records: Catalogue, into: BinaryIO) -> None:
    """Write a workbook with a sheet of providers and one of offers."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    for record_type in ("provider", "offer"):
        sheet = book.create_sheet(f"{record_type}s")
        sheet.freeze_panes = "C2"
        columns = _wide(records, record_type)
        sheet.append([name for name, _ in columns])
        for row in rows_of(records, record_type):
            cells = []
            for name, part in columns:
                value = row.get(name.rstrip("0123456789 ").rstrip(CONTINUES).rstrip() if part else name)
                if isinstance(value, str):
                    value = guarded(value)[part * LONGEST_CELL : (part + 1) * LONGEST_CELL]
                    value = guarded(value) if part else value
                elif part:
                    value = None
                cell: Any = WriteOnlyCell(sheet)
                if value is not None and value != "":
                    # Said to be text, or "#N/A" would become an error and "=1" a formula.
                    cell._value, cell.data_type = value, "s" if isinstance(value, str) else "n"
                cells.append(cell)
            sheet.append(cells)
    book.save(into)


def _wide(records: Catalogue, record_type: str) -> list[tuple[str, int]]:
    """Return the columns of a sheet, each with its part: there are further ones for what fits no cell."""
    longest: dict[str, int] = {}
    for row in rows_of(records, record_type):
        for name, value in row.items():
            if isinstance(value, str) and len(value) >= LONGEST_CELL:
                longest[name] = max(longest.get(name, 0), len(value) + 1)
    found = []
    for name in columns_of(records, record_type):
        parts = 1 + longest.get(name, 0) // LONGEST_CELL
        found += [(name, 0), *((f"{name} {CONTINUES} {part}", part) for part in range(1, parts))]
    return found


def rows_of(records: Catalogue, record_type: str) -> Iterator[dict[str, Any]]:
    """Yield the records of one type as flat rows, in order of their ids."""
    if record_type == "provider":
        return (flat("provider", id, dump_provider(each)) for id, each in records.providers.items())
    return (flat("offer", id, dump_offer(each)) for id, each in records.offers.items())


def columns_of(records: Catalogue, record_type: str) -> tuple[str, ...]:
    """Return the columns of a table: those of the format, then any other that a record has."""
    own = own_columns(record_type)
    others = dict.fromkeys(name for row in rows_of(records, record_type) for name in row if name not in own)
    return (*own, *others)
