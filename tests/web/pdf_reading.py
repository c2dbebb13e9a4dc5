"""Read back what a PDF of ours holds: its words as they can be searched, its links, outline and metadata."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj\r?\n(.*?)\nendobj", re.S)
_TEXT = re.compile(rb"/(F[\w+]+) [\d.]+ Tf|\(((?:\\.|[^()\\])*)\) ?Tj|(T\*|BT)", re.S)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True)
class Pdf:
    """What was read: pages as words, links as addresses, the outline as titles, what it tells of itself."""

    pages: tuple[str, ...]
    links: tuple[str, ...]
    outline: tuple[str, ...]
    told: dict[str, str]
    embedded: int
    catalogue: str

    @property
    def words(self) -> str:
        """All words, whatever lines they stand on."""
        return " ".join(" ".join(self.pages).split())


def read_pdf(data: bytes) -> Pdf:
    """Read a PDF that reportlab wrote."""
    assert data.startswith(b"%PDF-")
    assert data.rstrip().endswith(b"%%EOF")
    objects = objects_of(data)
    fonts = signs_by_font(objects)
    everything = b"\n".join(objects.values())
    info = next((body for body in objects.values() if b"/Producer" in body), b"")
    return Pdf(
        pages=tuple(_words(content, fonts) for content in page_contents(objects)),
        links=tuple(_string(found) for found in re.findall(rb"/URI (\((?:\\.|[^()\\])*\))", everything)),
        outline=tuple(
            _string(found)
            for body in objects.values()
            if b"/Parent" in body and b"/Dest" in body
            for found in re.findall(rb"/Title (\((?:\\.|[^()\\])*\))", body)
        ),
        told={
            name.decode(): _string(value)
            for name, value in re.findall(rb"/(\w+) (\((?:\\.|[^()\\])*\))", info, re.S)
        },
        embedded=len(re.findall(rb"/FontFile2", everything)),
        catalogue=next(body for body in objects.values() if b"/Type /Catalog" in body).decode("latin-1"),
    )


def objects_of(data: bytes) -> dict[int, bytes]:
    """Return the objects of a PDF by their numbers."""
    return {int(number): body for number, body in _OBJECT.findall(data)}


def page_contents(objects: dict[int, bytes]) -> list[bytes]:
    """Return what draws each page."""
    pages = [body for body in objects.values() if re.search(rb"/Type /Page\b(?!s)", body)]
    contents = [re.search(rb"/Contents (\d+) 0 R", body) for body in pages]
    return [_stream(objects[int(found[1])]) for found in contents if found]


def signs_by_font(objects: dict[int, bytes]) -> dict[str, dict[int, str]]:
    """Return what each code of each font stands for."""
    found = {}
    for body in objects.values():
        name, cmap = re.search(rb"/Name /(F[\w+]+)", body), re.search(rb"/ToUnicode (\d+) 0 R", body)
        if name and cmap:
            found[name[1].decode()] = _unicode(_stream(objects[int(cmap[1])]))
    return found


def _unicode(cmap: bytes) -> dict[int, str]:
    found = re.findall(rb"^<(\w+)> <(\w+)>$", cmap, re.M)
    return {int(code, 16): chr(int(sign, 16)) for code, sign in found if int(sign, 16)}


def _stream(body: bytes) -> bytes:
    length, begins = re.search(rb"/Length (\d+)", body), re.search(rb"stream\r?\n", body)
    assert length
    assert begins
    raw = body[begins.end() : begins.end() + int(length[1])]
    if b"/ASCII85Decode" in body:
        raw = base64.a85decode(b"<~" + raw.strip().removeprefix(b"<~"), adobe=True)
    return zlib.decompress(raw) if b"/FlateDecode" in body else raw


def _words(content: bytes, fonts: dict[str, dict[int, str]]) -> str:
    told, font = [], ""
    for name, text, new in _TEXT.findall(content):
        if name:
            font = name.decode()
        elif new:
            told.append("\n")
        else:
            told.append(decoded(text, fonts.get(font, {})))
    return "".join(told)


def decoded(text: bytes, signs: dict[int, str]) -> str:
    """Return the words of a string in a page's contents."""
    return "".join(signs.get(code, chr(code)) for code in _unescaped(text))


def _unescaped(text: bytes) -> bytes:
    def one(found: re.Match[bytes]) -> bytes:
        sign = found[1]
        return bytes([int(sign, 8) & 255]) if sign[:1].isdigit() else _ESCAPES.get(sign, sign)

    return re.sub(rb"\\([0-7]{1,3}|.)", one, text, flags=re.S)


def _string(told: bytes) -> str:
    raw = _unescaped(told[1:-1])
    return raw.decode("utf-16") if raw.startswith(b"\xfe\xff") else raw.decode("latin-1")
