"""Open a workbook (.xlsx) that may mean harm: sizes are looked at before anything is unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from knowledge_base.interchange.cells import unguarded
from knowledge_base.interchange.faults import BadTable
from knowledge_base.interchange.tables import HEADING_WITHIN, MOST_COLUMNS, Row, Table, with_headings

MOST_MEMBERS = 2_000
LARGEST_UNPACKED = 400 * 1024 * 1024
LARGEST_STRINGS = 100 * 1024 * 1024  # these are held in memory
STEEPEST = 250  # how many times as large as packed a large member may be
_LARGE = 5 * 1024 * 1024
_OWN_SHEETS = {"providers": "provider", "offers": "offer"}
CONTINUES = "…"  # a heading that ends so holds what did not fit in the cell before it


def open_workbook(file: BinaryIO, sheet: str = "") -> Table:
    """Open one sheet of a workbook: the one named, or the first that holds anything.

    A workbook that we wrote ourselves, with sheets ``offers`` and ``providers``, is read as a whole.

    Raises:
        BadTable: it is not a workbook, is damaged or locked, or would unpack to more than is read.
    """
    _refuse_harm(file)
    import openpyxl

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        names = [each.title for each in book.worksheets]
    except Exception as error:  # whatever a damaged file makes of the reader
        raise _damaged() from error
    if not names:
        raise BadTable("there is no sheet in this workbook", "look whether the right file was chosen")
    if sheet and sheet not in names:
        raise BadTable(f"there is no sheet {sheet[:60]!r}", "choose one of the workbook's sheets")
    own = [name for name in _OWN_SHEETS if name in names]
    if not sheet and len(own) > 1:
        return _whole(book, own, tuple(names))
    tried = [sheet] if sheet else names
    for number, name in enumerate(tried, 1):
        try:
            return _sheet(book, name, tuple(names))
        except BadTable:
            if number == len(tried):
                raise
    raise AssertionError("there was a sheet")


def _whole(book: Any, own: list[str], names: tuple[str, ...]) -> Table:
    tables = {name: _sheet(book, name, names) for name in own}
    headers = tuple(dict.fromkeys(h for table in tables.values() for h in table.headers))

    def rows() -> Iterator[Row]:
        for name, table in tables.items():
            for row in table.rows():
                yield Row(row.number, row.cells, _OWN_SHEETS[name], row.extra)

    return Table("xlsx", headers, (f"sheets {' and '.join(own)}",), rows, names)


def _sheet(book: Any, name: str, names: tuple[str, ...]) -> Table:
    sheet = book[name]
    sheet.reset_dimensions()  # what the file says of its size may be wrong, or meant to fill the memory
    width = 0
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            width = max(width, len(cells))
            if number == HEADING_WITHIN:
                break
    except Exception as error:
        raise _damaged() from error

    def lines() -> Iterator[tuple[int, list[Any]]]:
        try:
            wanted = sheet.iter_rows(values_only=True, max_col=min(width, MOST_COLUMNS) + 1)
            for number, cells in enumerate(wanted, 1):
                if any(cell is not None for cell in cells):
                    yield number, [_plain(cell) for cell in cells]
        except BadTable:
            raise
        except Exception as error:
            raise _damaged() from error

    made = with_headings("xlsx", (f"sheet {name}",), lines, unguarded, sheets=names, sheet=name)
    long = any(h.rstrip("0123456789 ").endswith(CONTINUES) for h in made.headers)
    return _joined(made) if long else made


def _joined(table: Table) -> Table:
    """Put what was too long for one cell together again."""
    begun = {h: h.rstrip("0123456789 ") for h in table.headers}
    headers = tuple(h for h in table.headers if not begun[h].endswith(CONTINUES))
    base = {h: begun[h].rstrip(CONTINUES).rstrip() for h in table.headers if h not in headers}

    def rows() -> Iterator[Row]:
        for row in table.read():
            cells = {h: row.cells[h] for h in headers if h in row.cells}
            for heading, first in base.items():
                if heading in row.cells:
                    cells[first] = f"{cells.get(first, '')}{row.cells[heading]}"
            yield Row(row.number, cells, row.record_type, row.extra)

    return Table(table.kind, headers, table.said, rows, table.sheets, table.sheet)


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if cell is None or isinstance(cell, (bool, int, float, str)):
        return cell
    return str(cell)


def _refuse_harm(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            members = packed.infolist()
            names = {member.filename for member in members}
            if len(members) > MOST_MEMBERS:
                raise BadTable(f"{len(members):,} files are packed in it", "save the table as a new workbook")
            if "xl/workbook.xml" not in names:
                raise BadTable(
                    "this is a packed folder, not a workbook", "unpack it, and send the table itself"
                )
            if len(names) < len(members):
                raise BadTable("the same part is packed in it twice", "save the table as a new workbook")
            if sum(member.file_size for member in members) > LARGEST_UNPACKED:
                raise BadTable("unpacked it would be far too large", "split it, or save it as CSV")
            for member in members:
                _refuse_member(packed, member)
    except BadTable:
        raise
    except Exception as error:  # a spoilt archive makes the reader raise nearly anything
        raise _damaged() from error
    finally:
        file.seek(0)


def _refuse_member(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 1:
        raise BadTable("the workbook is locked with a password", "save it without one")
    steep = member.file_size > _LARGE and member.file_size > STEEPEST * max(1, member.compress_size)
    strings = member.filename.endswith("sharedStrings.xml") and member.file_size > LARGEST_STRINGS
    if steep or strings:
        raise BadTable("unpacked it would be far too large", "split it, or save it as CSV")
    if not member.filename.endswith((".xml", ".rels", ".vml")):
        return
    last = b""
    with packed.open(member) as part:
        while read := part.read(1 << 20):
            # A part in UTF-16 has a zero byte beside each letter.
            searched = last + read.replace(b"\x00", b"")
            if b"<!DOCTYPE" in searched or b"<!ENTITY" in searched:
                raise BadTable("it holds definitions no workbook needs", "save the table as a new workbook")
            last = searched[-16:]


def _damaged() -> BadTable:
    return BadTable(
        "this workbook is damaged and cannot be read", "open it, save it again, or save it as CSV"
    )
