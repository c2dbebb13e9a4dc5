"""Open a table that a stranger made: CSV, a workbook or JSON, as headings and rows, one at a time.

Rows are numbered as a spreadsheet shows them; in JSON the first record is 1. Nothing is computed: of a
formula only the value that was kept beside it is read.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from knowledge_base.interchange.cells import unguarded
from knowledge_base.interchange.encodings import encoding_of
from knowledge_base.interchange.faults import BadTable

LARGEST_FILE = 25 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
LARGEST_CELL = 4_000_000
HEADING_WITHIN = 10  # rows at the top that may be a title
SEPARATORS = (",", ";", "\t", "|")
_SEPARATOR_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright lines"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by heading, without the empty ones. ``extra`` counts cells beyond the headings."""

    number: int
    cells: dict[str, Any]
    record_type: str | None = None
    extra: int = 0


@dataclass(frozen=True)
class Table:
    """A table that can be read again and again. ``said`` tells a curator how it was read."""

    kind: str
    headers: tuple[str, ...]
    said: tuple[str, ...]
    read: Callable[[], Iterator[Row]] = field(repr=False)
    sheets: tuple[str, ...] = ()
    sheet: str = ""

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not blank; raises BadTable where the file cannot be read further."""
        for count, row in enumerate(self.read(), 1):
            if count > MOST_ROWS:
                raise BadTable(f"it holds over {MOST_ROWS:,} rows", "split it into smaller files")
            yield row


def open_table(file: BinaryIO, name: str, encoding: str = "", sheet: str = "") -> Table:
    """Open a table by what is in the file; its name only tells YAML from text.

    Raises:
        BadTable: it is empty, too large, no table at all, or means harm.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > LARGEST_FILE:
        raise BadTable(f"the file is over {LARGEST_FILE // 1024 // 1024} MB", "split it into smaller files")
    start = file.read(4096)
    file.seek(0)
    if not start.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise BadTable("there is nothing in this file", "look whether the right file was chosen")
    if start.startswith(b"PK\x03\x04"):
        from knowledge_base.interchange.workbooks import open_workbook

        return open_workbook(file, sheet)
    _refuse_other_kinds(start)
    ending = name.rpartition(".")[2].lower()
    used, how = encoding_of(file, encoding)
    opening = start.decode(used, "ignore").lstrip("\ufeff \t\r\n")
    if opening[:1] in ("{", "[") or ending in ("json", "yml", "yaml"):
        from knowledge_base.interchange.json_rows import open_json

        return open_json(file.read().decode(used), name, yaml=ending in ("yml", "yaml"))
    if opening[:200].lower().startswith(("<!doctype", "<html", "<head", "<?xml", "<rss", "<svg")):
        raise BadTable("this is a web page or XML, not a table", "download the CSV or workbook behind it")
    return _open_csv(file, used, how)


def _refuse_other_kinds(start: bytes) -> None:
    kinds = (
        (b"%PDF", "this is a PDF, not a table", "ask for the table it was made from"),
        (b"\xd0\xcf\x11\xe0", "this is an old or a locked workbook", "save it as .xlsx, without a password"),
        (b"\x1f\x8b", "this is packed with gzip", "unpack it first"),
        (b"\x89PNG", "this is a picture", "send the table itself"),
        (b"\xff\xd8\xff", "this is a picture", "send the table itself"),
        (b"{\\rtf", "this is a text document", "save the table in it as CSV"),
    )
    for mark, what, remedy in kinds:
        if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(mark):
            raise BadTable(what, remedy)


def _open_csv(file: BinaryIO, encoding: str, how: str) -> Table:
    csv.field_size_limit(LARGEST_CELL)

    def lines() -> Iterator[list[str]]:
        file.seek(0)
        text = io.TextIOWrapper(io.BufferedReader(_Kept(file)), encoding=encoding, newline="")
        try:
            if skip:
                text.readline()
            yield from csv.reader(text, delimiter=separator)
        except csv.Error as error:
            what = f"the table cannot be read on ({error})"
            raise BadTable(what, "look for a quotation mark that is not closed") from None
        finally:
            text.detach()

    file.seek(0)
    sample = io.TextIOWrapper(io.BufferedReader(_Kept(file)), encoding=encoding, newline="").read(1 << 16)
    separator, skip = _separator(sample)
    if "\x00" in sample:
        raise BadTable("this is not text: it holds zero bytes", "save the table as CSV UTF-8")
    said = (how, f"cells parted by {_SEPARATOR_WORDS[separator]}")
    return with_headings("csv", said, lambda: enumerate(lines(), 1 + skip), unguarded)


def _separator(sample: str) -> tuple[str, bool]:
    """Return what parts the cells, and whether a first line ``sep=;`` says so."""
    first = sample.lstrip("\ufeff").split("\n", 1)[0].strip()
    if first.lower().startswith("sep=") and len(first) == 5 and first[4] in SEPARATORS:
        return first[4], True

    def columns(separator: str) -> tuple[bool, int, int]:
        try:
            rows = [r for r in islice(csv.reader(io.StringIO(sample), delimiter=separator), 30) if any(r)]
        except csv.Error:
            return False, 0, 0
        widths = Counter(len(row) for row in rows if len(row) > 1)
        width, often = max(widths.items(), key=lambda each: (each[1], each[0]), default=(0, 0))
        # Text holds commas, so the separator is what gives the headings their width, and most lines the same.
        return bool(rows) and 1 < len(rows[0]) == width, often, width

    return max(SEPARATORS, key=columns), False


class _Kept(io.RawIOBase):
    """The file without its end: closing the text around it leaves it open."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._file.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)


def with_headings(
    kind: str,
    said: tuple[str, ...],
    lines: Callable[[], Iterable[tuple[int, Iterable[Any]]]],
    clean: Callable[[str], str],
    **more: Any,
) -> Table:
    """Return a table of numbered lines of cells, the first that looks like headings being those.

    Raises:
        BadTable: there is no line, or there are more columns than are read.
    """
    top = [(number, [*cells]) for number, cells in islice(lines(), HEADING_WITHIN)]
    filled = [(number, cells) for number, cells in top if any(_said(c) for c in cells)]
    if not filled:
        raise BadTable("there is nothing in this table", "look whether the right file or sheet was chosen")
    at, cells = next((each for each in filled if sum(map(_said, each[1])) > 1), filled[0])
    while cells and not _said(cells[-1]):
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        what = f"it has {len(cells):,} columns"
        raise BadTable(what, f"keep those that say something about an offer, at most {MOST_COLUMNS:,}")
    headers = _told_apart([str(c).strip() if _said(c) else "" for c in cells])
    if at > 1 + (kind == "csv" and top[0][0] == 2):
        said = (*said, f"headings taken from row {at}")

    def rows() -> Iterator[Row]:
        for number, line in lines():
            if number <= at:
                continue
            found: dict[str, Any] = {}
            extra = 0
            for position, cell in enumerate(line):
                if not _said(cell):
                    continue
                if position < len(headers):
                    found[headers[position]] = clean(cell) if isinstance(cell, str) else cell
                else:
                    extra += 1
            if found or extra:
                yield Row(number, found, None, extra)

    return Table(kind, headers, said, rows, **more)


def _said(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _told_apart(headers: list[str]) -> tuple[str, ...]:
    """Give every column a name of its own: an empty one by its place, a repeated one by a number."""
    found: list[str] = []
    taken: set[str] = set()
    for position, header in enumerate(headers, 1):
        name = base = " ".join(header.lstrip("\ufeff").split())[:200] or f"column {position}"
        count = 1
        while name in taken:
            count += 1
            name = f"{base} ({count})"
        taken.add(name)
        found.append(name)
    return tuple(found)
