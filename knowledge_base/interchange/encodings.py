"""Which encoding a text file is in: by its mark, by what can be read, and by what a curator says."""

from __future__ import annotations

import codecs
from typing import BinaryIO

from knowledge_base.interchange.faults import BadTable

CHOICES = {
    "utf-8": "UTF-8 (usual today)",
    "cp1252": "Windows, Western Europe",
    "cp1250": "Windows, Central Europe (Polish, Hungarian)",
    "utf-16": "UTF-16 (“Unicode text” of a spreadsheet)",
    "iso-8859-1": "ISO 8859-1",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_AT_ONCE = 1 << 18


def encoding_of(file: BinaryIO, told: str = "") -> tuple[str, str]:
    """Return the encoding of a file, and how that is known, in words; the file is left at its start.

    Raises:
        BadTable: ``told`` is not an encoding we read, or the file cannot be read in any.
    """
    file.seek(0)
    start = file.read(4096)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    if told:
        if told not in CHOICES:
            raise BadTable(f"{told[:40]} is not an encoding that is read here", "choose one of the list")
        chosen = "utf-8-sig" if told == "utf-8" else told
        if told == "utf-16" and not marked:
            chosen = _unmarked_utf16(start) or "utf-16-le"
        _refuse_unreadable(file, chosen, told)
        return chosen, f"read as {CHOICES[told]}, as you chose"
    if marked:
        _refuse_unreadable(file, marked, marked)
        return marked, f"{marked.replace('-sig', '').upper()}, by the mark at its start"
    wide = _unmarked_utf16(start)
    if wide:
        _refuse_unreadable(file, wide, "UTF-16")
        return wide, "UTF-16, by its zero bytes"
    if _readable(file, "utf-8"):
        return "utf-8", "UTF-8"
    if _readable(file, "cp1252"):
        return "cp1252", "Windows, Western Europe: it is not UTF-8. Look whether é, ł and £ are right"
    raise BadTable("the letters of this file cannot be read", "save it as CSV UTF-8 and send that")


def _unmarked_utf16(start: bytes) -> str | None:
    """Tell UTF-16 without a mark: of plain text nearly every second byte is zero."""
    half = len(start) // 2
    if half < 2:
        return None
    if start[1::2].count(0) > 0.6 * half:
        return "utf-16-le"
    return "utf-16-be" if start[0::2].count(0) > 0.6 * half else None


def _refuse_unreadable(file: BinaryIO, encoding: str, name: str) -> None:
    if not _readable(file, encoding):
        what = f"the file is not {CHOICES.get(name, name.upper())} throughout"
        raise BadTable(what, "choose another encoding, or save it as CSV UTF-8")


def _readable(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    file.seek(0)
    try:
        while part := file.read(_AT_ONCE):
            decoder.decode(part)
        decoder.decode(b"", True)
    except (UnicodeDecodeError, UnicodeError):
        return False
    finally:
        file.seek(0)
    return True
