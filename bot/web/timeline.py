"""Where each step falls in time, as a drawing's coordinates: the template only draws them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from bot.web.formats import day


@dataclass(frozen=True)
class Span:
    """One step's days: when it starts, when to apply by, when it ends; each may be None.

    ``phase`` is the code of the phase it is in.
    """

    name: str
    starts: date | None
    apply_by: date | None
    ends: date | None = None
    phase: str = ""

    @property
    def dated(self) -> bool:
        return self.starts is not None or self.apply_by is not None

    @property
    def open(self) -> bool:
        return self.apply_by is None and (None in (self.starts, self.ends) or self.ends == self.starts)

    @property
    def words(self) -> str:
        parts = []
        if self.apply_by:
            parts.append(f"apply by {day(self.apply_by)}")
        if self.starts:
            parts.append(f"start from {day(self.starts)}")
        return f"{self.name}: {', '.join(parts) or 'any time'}"


@dataclass(frozen=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True)
class Row:
    """One arm from ``x1`` to ``x2``, a mark at ``by`` where there is a last day to apply.

    ``open`` where the record does not say how long it takes: dots then follow the arm.
    """

    name: str
    label_y: float
    y: float
    x1: float
    x2: float
    by: float | None
    dated: bool
    open: bool


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    left: int
    right: int
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    axis_y: int


@dataclass(frozen=True)
class Timeline:
    """The same rows drawn for a wide page and for a phone, in words, and as the days they are made of."""

    wide: Drawing
    narrow: Drawing
    words: tuple[str, ...]
    open: bool
    spans: tuple[Span, ...]


def timeline(spans: Iterable[Span], on: date) -> Timeline | None:
    """Place the steps from ``on`` to the last of their days; None when no step has a day."""
    spans = tuple(spans)
    if not any(span.dated for span in spans):
        return None
    first = min([on, *(d for s in spans for d in (s.starts, s.apply_by) if d)])
    last = _later(max(_end(span, on) for span in spans), 14)
    last = max(last, _later(first, 75))
    return Timeline(
        wide=_drawing(spans, first, last, width=760, left=270, gap=44, above=False, most=34),
        narrow=_drawing(spans, first, last, width=330, left=8, gap=62, above=True, most=40),
        words=tuple(span.words for span in spans),
        open=any(span.open for span in spans),
        spans=spans,
    )


def _end(span: Span, on: date) -> date:
    start = span.starts or on
    return max(start, span.ends or start, span.apply_by or start)


def _drawing(
    spans: tuple[Span, ...],
    first: date,
    last: date,
    *,
    width: int,
    left: int,
    gap: int,
    above: bool,
    most: int,
) -> Drawing:
    right = width - 14
    scale = (right - left) / max((last - first).days, 1)

    def at(when: date) -> float:
        return round(left + (when - first).days * scale, 1)

    top = 34
    rows = []
    for i, span in enumerate(spans):
        y = top + i * gap + (40 if above else 22)
        x1 = at(span.starts or first) if span.dated else at(first)
        x2 = max(at(_end(span, first)), x1 + 26) if span.dated else float(right)
        by = at(span.apply_by) if span.apply_by else None
        rows.append(
            Row(
                name=_short(f"{i + 1}. {span.name}", most),
                label_y=y - 17 if above else y + 5,
                y=y,
                x1=x1,
                x2=min(x2, float(right)),
                by=by,
                dated=span.dated,
                open=span.open,
            )
        )
    height = top + len(spans) * gap + (8 if above else 12)
    return Drawing(
        width, height, left, right, _ticks(first, last, at, 5 if above else 8), tuple(rows), top - 8
    )


def _ticks(first: date, last: date, at: Callable[[date], float], most: int) -> tuple[Tick, ...]:
    months = []
    when = first.replace(day=1)
    while when <= last:
        if when >= first:
            months.append(when)
        following = _later(when, 32).replace(day=1)
        if following == when:
            break
        when = following
    every = next((n for n in (1, 2, 3, 6, 12, 24, 60) if len(months) <= most * n), -(-len(months) // most))
    kept = [m for i, m in enumerate(months) if i % every == 0]
    return tuple(
        Tick(at(m), f"{m:%b} {m.year}" if i == 0 or m.year != kept[i - 1].year else f"{m:%b}")
        for i, m in enumerate(kept)
    )


def _later(when: date, days: int) -> date:
    """A day that much later; the last there is where a record says "until 9999"."""
    return date.fromordinal(min(when.toordinal() + days, date.max.toordinal()))


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
