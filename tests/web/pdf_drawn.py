"""Read back what a PDF of ours draws and where: words, lines and filled shapes as boxes on their pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reportlab.pdfbase.pdfmetrics import stringWidth

from bot.web.roadmap_pdf_text import BOLD, PLAIN
from tests.web.pdf_reading import decoded, objects_of, page_contents, signs_by_font

_TOKEN = re.compile(
    rb"\((?:\\.|[^()\\])*\)|\[[^\]]*\]|/[^\s/\[(]+|[-+.\d]+(?=\s|$)|[A-Za-z'\"*]+\d?\*?", re.S
)
_NUMBER = re.compile(rb"[-+]?[\d.]+\Z")
Matrix = tuple[float, float, float, float, float, float]
STILL: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class Mark:
    """One thing drawn: ``kind`` is words, line or shape; the box in points from the page's foot."""

    kind: str
    left: float
    low: float
    right: float
    high: float
    words: str = ""
    dashed: bool = False

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


def drawn(data: bytes) -> list[list[Mark]]:
    """Return the marks of each page, in the order they are drawn; what is cut away by a clip counts too."""
    objects = objects_of(data)
    fonts, bold = signs_by_font(objects), _bold_fonts(objects)
    return [list(_marks(content, fonts, bold)) for content in page_contents(objects)]


def _bold_fonts(objects: dict[int, bytes]) -> set[str]:
    named = (re.search(rb"/Name /(F[\w+]+)", body) for body in objects.values() if b"Bold" in body)
    return {found[1].decode() for found in named if found}


def _marks(content: bytes, fonts: dict[str, dict[int, str]], bold: set[str]) -> Iterator[Mark]:
    page, line, text = STILL, STILL, STILL
    kept: list[tuple[Matrix, bool]] = []
    path: list[tuple[float, float]] = []
    operands: list[bytes] = []
    font, size, leading, between, dashed = "", 0.0, 0.0, 0.0, False
    for token in _TOKEN.findall(content):
        if token[:1] in b"([/" or _NUMBER.match(token):
            operands.append(token)
            continue
        numbers = [float(each) for each in operands if _NUMBER.match(each)]
        name = token.decode("latin-1")
        if name == "q":
            kept.append((page, dashed))
        elif name == "Q":
            page, dashed = kept.pop()
        elif name == "cm":
            page = _times(_matrix(numbers), page)
        elif name == "d":
            dashed = operands[0].strip(b"[] ") != b""
        elif name in ("m", "l"):
            path.append(_at(page, *numbers))
        elif name == "c":
            path += [_at(page, *numbers[at : at + 2]) for at in (0, 2, 4)]
        elif name == "re":
            x, y, wide, high = numbers
            path += [_at(page, x, y), _at(page, x + wide, y + high)]
        elif name in ("S", "s", "f", "f*", "F", "B", "B*", "b", "b*", "n"):
            if name != "n" and path:
                yield _mark("line" if name in "Ss" else "shape", path, dashed=dashed)
            path = []
        elif name == "BT":
            line = text = STILL
        elif name == "Tf":
            font, size = operands[0].decode()[1:], numbers[0]
        elif name == "TL":
            leading = numbers[0]
        elif name == "Tw":
            between = numbers[0]
        elif name == "Tm":
            line = text = _matrix(numbers)
        elif name == "Td":
            line = text = _times((1, 0, 0, 1, numbers[0], numbers[1]), line)
        elif name == "T*":
            line = text = _times((1, 0, 0, 1, 0, -leading), line)
        elif name == "Tj":
            words = decoded(operands[0][1:-1], fonts.get(font, {}))
            wide = stringWidth(words, BOLD if font in bold else PLAIN, size)
            wide += between * operands[0].count(b" ")
            there = _times(text, page)
            corners = [_at(there, 0, -0.24 * size), _at(there, wide, 0.76 * size)]
            if words.strip():
                yield _mark("words", corners, words)
            text = _times((1, 0, 0, 1, wide, 0), text)
        operands = []


def _mark(kind: str, points: list[tuple[float, float]], words: str = "", dashed: bool = False) -> Mark:
    across, up = [x for x, _ in points], [y for _, y in points]
    return Mark(kind, min(across), min(up), max(across), max(up), words, dashed)


def _matrix(numbers: list[float]) -> Matrix:
    a, b, c, d, e, f = numbers
    return (a, b, c, d, e, f)


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (
        a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
    )  # fmt: skip


def _at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)
