"""What the drawings in a roadmap's PDF share: words that fit, arms, and patterns that need no colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from bot.web.palette import WHITE
from bot.web.roadmap_pdf_text import BOLD, DIM, PLAIN

SOLID, SLANTED, DOTTED, CROSSED, EMPTY = "solid", "slanted", "dotted", "crossed", "empty"
LEAST_OF_LINE = 0.4  # or a long word is broken
APART = 3.6  # points between the lines or dots of a pattern
Point = tuple[float, float]


def fitting(words: str, font: str, size: float, width: float) -> str:
    """Cut words to a width in points."""
    if stringWidth(words, font, size) <= width:
        return words
    return f"{words[: _room(words, font, size, width - stringWidth('…', font, size))].rstrip()}…"


def _room(words: str, font: str, size: float, width: float) -> int:
    """Return how many of the first signs fit into a width."""
    for count, sign in enumerate(words):
        width -= stringWidth(sign, font, size)
        if width < 0:
            return count
    return len(words)


def in_lines(words: str, size: float, width: float, most: int = 2) -> list[str]:
    """Divide words over lines of a width, between words where that can be; what is left over is cut."""
    lines: list[str] = []
    while words:
        if len(lines) == most - 1 or stringWidth(words, PLAIN, size) <= width:
            return [*lines, fitting(words, PLAIN, size, width)]
        end = max(_room(words, PLAIN, size, width), 1)
        space = words.rfind(" ", 0, end + 1)
        if space > end * LEAST_OF_LINE:
            lines.append(words[:space].rstrip())
            end = space
        else:
            end = max(end - 1, 1)  # for the hyphen
            lines.append(f"{words[:end].rstrip()}-")
        words = words[end:].lstrip()
    return lines


def say(
    canvas: Any,
    x: float,
    y: float,
    words: str,
    size: float,
    *,
    colour: str = DIM,
    bold: bool = False,
    share: float = 0.0,
    within: tuple[float, float] | None = None,
) -> float:
    """Write one line; return where it ends.

    Args:
        share: how much of its width stands left of ``x``: 0 begins there, 0.5 is centred, 1 ends there.
        within: the left and right that it does not pass; where it is too wide for them, it is smaller.
    """
    font = BOLD if bold else PLAIN
    wide = stringWidth(words, font, size)
    if within and wide > within[1] - within[0]:
        size *= (within[1] - within[0]) / wide
        wide = within[1] - within[0]
    x -= wide * share
    if within:
        x = min(max(x, within[0]), within[1] - wide)
    canvas.setFillColor(HexColor(colour))
    canvas.setFont(font, size)
    canvas.drawString(x, y, words)
    return x + wide


def line(
    canvas: Any, one: Point, other: Point, colour: str, width: float, dash: Sequence[float] = ()
) -> None:
    """Draw a line."""
    canvas.setStrokeColor(HexColor(colour))
    canvas.setLineWidth(width)
    canvas.setDash(list(dash))
    canvas.line(*one, *other)
    canvas.setDash()


def arm(x1: float, x2: float, y: float, half: float) -> list[Point]:
    """Return the corners of an arm of the fingerpost that points from ``x1`` to ``x2``."""
    tip = max(x1, x2 - half)
    return [(x1, y - half), (tip, y - half), (x2, y), (tip, y + half), (x1, y + half)]


def box(x: float, y: float, width: float, height: float) -> list[Point]:
    """Return the corners of a box, ``y`` its foot."""
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def fill(canvas: Any, corners: Sequence[Point], colour: str, pattern: str = SOLID) -> None:
    """Fill a shape with a colour and a pattern of white in it; one that is empty has an edge alone."""
    path = _path(canvas, corners)
    canvas.setFillColor(HexColor(WHITE if pattern == EMPTY else colour))
    canvas.setStrokeColor(HexColor(colour))
    canvas.setLineWidth(0.6)
    canvas.drawPath(path, stroke=1, fill=1)
    if pattern in (SOLID, EMPTY):
        return
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    low, high = min(y for _, y in corners), max(y for _, y in corners)
    canvas.saveState()
    canvas.clipPath(_path(canvas, corners), stroke=0, fill=0)
    if pattern == DOTTED:
        _dots(canvas, left, right, low, high)
    else:
        _stripes(canvas, left, right, low, high, both=pattern == CROSSED)
    canvas.restoreState()


def _dots(canvas: Any, left: float, right: float, low: float, high: float) -> None:
    canvas.setFillColor(HexColor(WHITE))
    y, row = low + 1.8, 0
    while y < high:
        x = left + 2.0 + (APART / 2 if row % 2 else 0)
        while x < right:
            canvas.circle(x, y, 0.75, stroke=0, fill=1)
            x += APART
        y, row = y + 2.7, row + 1


def _stripes(canvas: Any, left: float, right: float, low: float, high: float, both: bool) -> None:
    canvas.setStrokeColor(HexColor(WHITE))
    canvas.setLineWidth(0.9)
    tall = high - low
    x = left - tall + APART / 2
    while x < right:
        canvas.line(x, low, x + tall, high)
        if both:
            canvas.line(x, high, x + tall, low)
        x += APART


def _path(canvas: Any, corners: Sequence[Point]) -> Any:
    path = canvas.beginPath()
    path.moveTo(*corners[0])
    for corner in corners[1:]:
        path.lineTo(*corner)
    path.close()
    return path
