"""What is missing as pictures: the coordinates of a map of squares, of stretches in time, and of bars."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from knowledge_base.gap_brief import span_words
from knowledge_base.gap_pictures import FEWEST_SHOWN, Figure, months_between

SHADES = 5
MOST_COLUMNS = 14
LEFT, CELL, GAP, HEAD = 276, 46, 4, 118
WIDEST, ROOM, ABOVE = 84, 640, 24
BAR_WIDEST, BAR_ROW = 82, 44  # per cent, so that words stay as large on a phone; the rest is the figure's
SLOT, STRIP = 44, 30
LABEL = 29  # letters of the widest of the fonts that fit left of a row


@dataclass(frozen=True)
class Square:
    """One group of businesses; ``shade`` is from 1, the palest, to 5."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    base: float
    shade: int
    count: int
    words: str
    need: str
    which: str


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str
    code: str = ""


@dataclass(frozen=True)
class MapDrawing:
    """Squares in rows for needs and columns for groups, or for months."""

    width: int
    height: int
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    squares: tuple[Square, ...]
    empty: tuple[tuple[float, float], ...] = ()
    cell: float = CELL
    narrow: bool = False


@dataclass(frozen=True)
class Bar:
    """One group; ``width`` is in per cent."""

    y: float
    width: float
    label: str
    count: int


@dataclass(frozen=True)
class BarsDrawing:
    height: int
    bars: tuple[Bar, ...]


def shade(count: int, most: int) -> int:
    """Return how dark a count is drawn: in even steps of its size as a multiple of the fewest shown."""
    if most <= FEWEST_SHOWN:
        return 3
    share = math.log(count / FEWEST_SHOWN) / math.log(most / FEWEST_SHOWN)
    return 1 + min(SHADES - 1, int(share * SHADES))


def heat_map(
    cells: Mapping[tuple[str, str], int],
    needs: Sequence[str],
    columns: Sequence[str],
    need_words: Callable[[str], str],
    column_words: Callable[[str], str],
    narrow: bool = False,
) -> MapDrawing | None:
    """Draw needs by groups; None where nothing may be shown. Groups beyond `MOST_COLUMNS` are left out.

    ``narrow`` is for a phone: the name of a need stands above its row.
    """
    columns = columns[:MOST_COLUMNS]
    needs = [need for need in needs if any((need, which) in cells for which in columns)]
    shown = {key: count for key, count in cells.items() if key[0] in needs and key[1] in columns}
    if not shown:
        return None
    most = max(shown.values())
    left, above = (2, ABOVE) if narrow else (LEFT, 0)
    step = CELL + GAP + above
    wide = CELL if narrow else min(WIDEST, max(CELL, ROOM // len(columns)))
    squares = []
    for (need, which), count in sorted(shown.items()):
        x, y = left + columns.index(which) * (wide + GAP), HEAD + above + needs.index(need) * step
        words = f"{need_words(need)}, {column_words(which)}: {count}"
        squares.append(
            Square(
                x,
                y,
                wide,
                CELL,
                x + wide / 2,
                y + CELL / 2 + 5,
                shade(count, most),
                count,
                words,
                need,
                which,
            )
        )
    return MapDrawing(
        width=left + len(columns) * (wide + GAP) + 70,
        height=HEAD + len(needs) * step + 4,
        rows=_rows(needs, need_words, step, CELL, HEAD, narrow),
        columns=tuple(
            Label(left + n * (wide + GAP) + wide / 2, HEAD - 10, _cut(column_words(which), 20), which)
            for n, which in enumerate(columns)
        ),
        squares=tuple(squares),
        empty=tuple(
            (left + n * (wide + GAP), HEAD + above + m * step)
            for m, need in enumerate(needs)
            for n, which in enumerate(columns)
            if (need, which) not in shown
        ),
        cell=wide,
        narrow=narrow,
    )


def strips(
    totals: Sequence[Figure], needs: Sequence[str], need_words: Callable[[str], str], narrow: bool = False
) -> MapDrawing | None:
    """Draw each need's stretches in time: as long as it took until there were enough to show."""
    left, above = (2, ABOVE) if narrow else (LEFT, 0)
    kept = [each for each in totals if each.need in needs]
    if not kept:
        return None
    since, until = min(each.since for each in kept), max(each.until for each in kept)
    months = months_between(since, until)
    slot = max(12.0, min(SLOT, (280 if narrow else 620) / months))
    step = STRIP + GAP + above
    top = 34
    paces = [each.count / months_between(each.since, each.until) for each in kept]
    fastest = max(paces)
    squares = []
    for each, pace in zip(kept, paces, strict=True):
        x = left + (months_between(since, each.since) - 1) * slot
        wide = months_between(each.since, each.until) * slot - 2
        y = top + above + needs.index(each.need) * step
        dark = 1 + min(SHADES - 1, int(pace / fastest * (SHADES - 0.01)))
        words = f"{need_words(each.need)}, {span_words(each.since, each.until)}: {each.count}"
        squares.append(
            Square(
                x=round(x, 1),
                y=y,
                width=round(wide, 1),
                height=STRIP,
                middle=round(x + wide / 2, 1),
                base=y + 20,
                shade=dark,
                count=each.count,
                words=words,
                need=each.need,
                which=each.since,
            )
        )
    every = -(-34 // round(slot))
    ticks = []
    for n in range(0, months, every):
        year, month = divmod(int(since[:4]) * 12 + int(since[5:]) - 1 + n, 12)
        text = str(year) if month == 0 else _short(month)
        ticks.append(Label(round(left + n * slot, 1), top - 12, text))
    return MapDrawing(
        width=round(left + months * slot + 20),
        height=top + len(needs) * step + 4,
        rows=_rows(needs, need_words, step, STRIP, top, narrow),
        columns=tuple(ticks),
        squares=tuple(squares),
        narrow=narrow,
    )


def bars(groups: Mapping[str, int], words: Callable[[str], str]) -> BarsDrawing | None:
    """Draw groups as bars, a line of words above each, so that it can be read on a phone."""
    if not groups:
        return None
    most = max(groups.values())
    drawn = []
    for n, (which, count) in enumerate(groups.items()):
        wide = max(0.6, round(BAR_WIDEST * count / most, 2))
        drawn.append(Bar(n * BAR_ROW + 20, wide, _cut(words(which), 56), count))
    return BarsDrawing(len(groups) * BAR_ROW + 4, tuple(drawn))


def _rows(
    needs: Sequence[str],
    words: Callable[[str], str],
    step: int,
    height: int,
    top: int,
    narrow: bool,
) -> tuple[Label, ...]:
    if narrow:
        return tuple(
            Label(2, top + n * step + ABOVE - 7, _cut(words(need), 40), need) for n, need in enumerate(needs)
        )
    found = []
    for n, need in enumerate(needs):
        lines = textwrap.wrap(_cut(words(need), 2 * LABEL), LABEL)[:2]
        middle = top + n * step + height / 2 + 5
        found += [
            Label(LEFT - 14, middle + (m - (len(lines) - 1) / 2) * 15, line, need)
            for m, line in enumerate(lines)
        ]
    return tuple(found)


def _short(month: int) -> str:
    return ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[month]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
