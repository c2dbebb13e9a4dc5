"""The steps in time for a roadmap's PDF, drawn as its page and Slack draw them, by phase and for any printer.

An arm goes from a step's start to its end, a mark stands at its last day to apply, a dashed line at today.
"""

from __future__ import annotations

from calendar import month_abbr
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.platypus import Flowable

from bot.web.formats import day
from bot.web.palette import INK, WHITE
from bot.web.roadmap_pdf_drawing import (
    CROSSED,
    DOTTED,
    EMPTY,
    SLANTED,
    SOLID,
    arm,
    fill,
    in_lines,
    line,
    say,
)
from bot.web.roadmap_pdf_text import RULE, Look, plain
from bot.web.timeline import Span
from knowledge_base import labels

PATTERNS = {"get_clear": SOLID, "get_ready": SLANTED, "get_funded": DOTTED, "get_going": CROSSED}
MOST_DRAWN = 60  # steps; about three pages
ROW, HEAD, MONTHS, TODAY, KEY = 25.0, 18.0, 18.0, 15.0, 18.0  # heights in points
NAMES = 172.0  # the width kept for names
HALF, SHORTEST = 4.6, 11.0  # of an arm
FEWEST_DAYS, MOST_TICKS = 75, 7
EVERY = (1, 2, 3, 6, 12, 24, 60, 120, 600, 1200)  # months
LAST_DAY = date.max.toordinal()
CORE = "#f0a63c"  # of the mark for a last day to apply: light beside its dark edge


@dataclass(frozen=True)
class Line:
    """One line of the drawing: a step under its number, or the name of the phase that begins."""

    phase: str
    number: int = 0
    span: Span | None = None
    again: bool = False

    @property
    def height(self) -> float:
        return ROW if self.span else HEAD


@dataclass(frozen=True)
class Axis:
    """The days drawn, as ordinals, between ``left`` and ``right``."""

    first: int
    last: int
    left: float
    right: float

    def at(self, when: date) -> float:
        """Return where a day stands."""
        share = (when.toordinal() - self.first) / (self.last - self.first)
        return self.left + share * (self.right - self.left)

    def ticks(self) -> list[tuple[float, str]]:
        """Return the months to name, few enough to be read, the year where it is another."""
        low, high = (_month(date.fromordinal(each)) for each in (self.first, self.last))
        count = high - low
        every = next((each for each in EVERY if count <= MOST_TICKS * each), -(-count // MOST_TICKS))
        found: list[tuple[float, str]] = []
        named = None
        for at in range(-(-(low + 1) // every) * every, high + 1, every):
            when = date(at // 12, at % 12 + 1, 1)
            year = "" if when.year == named else f" {when.year}"
            named = when.year
            found.append((self.at(when), f"{month_abbr[when.month]}{year}"))
        return found


def _month(when: date) -> int:
    return when.year * 12 + when.month - 1


def lines_of(steps: Sequence[tuple[int, Span]]) -> list[Line]:
    """Return the lines for steps under their numbers, each phase named before its first."""
    found: list[Line] = []
    for number, span in steps:
        if not found or found[-1].phase != span.phase:
            found.append(Line(span.phase))
        found.append(Line(span.phase, number, span))
    return found


def axis_of(spans: Sequence[Span], today: date, width: float) -> Axis:
    """Return the axis for all days of some steps and for today, with a margin on both sides."""
    days = [each.toordinal() for span in spans for each in (span.starts, span.ends, span.apply_by) if each]
    first, last = min([today.toordinal(), *days]), max([today.toordinal(), *days])
    last = max(last, first + FEWEST_DAYS)
    margin = max((last - first) // 16, 5)
    # Half of a month's name stands beyond the right end.
    return Axis(max(first - margin, 1), min(last + margin, LAST_DAY), NAMES, width - 20)


class TimelinePicture(Flowable):
    """The steps in time, ``width`` points wide; broken over pages it has its months on each."""

    def __init__(
        self, lines: Sequence[Line], axis: Axis, today: date, look: Look, width: float, ends: bool = True
    ) -> None:
        super().__init__()
        self.lines, self.axis, self.today, self.look = tuple(lines), axis, today, look
        self.ends = ends
        self.width = width
        self.height = MONTHS + sum(each.height for each in self.lines) + TODAY + (KEY if ends else 0)
        self.spaceBefore, self.spaceAfter = 2, 6

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """Break between two steps; a phase that goes on is named again."""
        room, take = height - MONTHS - TODAY, 0
        while take < len(self.lines) - 1 and self.lines[take].height <= room:
            room -= self.lines[take].height
            take += 1
        if take and self.lines[take - 1].span is None:
            take -= 1
        if take < 2:
            return []
        rest = self.lines[take:]
        if rest[0].span is not None:
            rest = (Line(rest[0].phase, again=True), *rest)
        return [self._part(self.lines[:take], False), self._part(rest, self.ends)]

    def _part(self, lines: Sequence[Line], ends: bool) -> TimelinePicture:
        return TimelinePicture(lines, self.axis, self.today, self.look, self.width, ends)

    def draw(self) -> None:
        top = self.height - MONTHS
        foot = top - sum(each.height for each in self.lines)
        for x, month in self.axis.ticks():
            line(self.canv, (x, top), (x, foot), RULE, 0.6)
            say(self.canv, x, top + 5, month, 7.4, share=0.5, within=(0, self.width))
        y = top
        for each in self.lines:
            y -= each.height
            if each.span is None:
                self._phase(each, y)
        now = self.axis.at(self.today)
        line(self.canv, (now, top), (now, foot), INK, 1.1, (3, 2.4))
        y = top
        for each in self.lines:
            y -= each.height
            if each.span is not None:
                self._step(each, each.span, y + each.height / 2)
        told = f"today, {day(self.today)}"
        say(self.canv, now, foot - 10, told, 7.4, colour=INK, share=0.5, within=(0, self.width))
        if self.ends:
            self._key()

    def _phase(self, each: Line, y: float) -> None:
        line(self.canv, (0, y + HEAD - 1), (self.width, y + HEAD - 1), RULE, 0.6)
        fill(self.canv, arm(1, 19, y + 7.4, 4), self.look.text, PATTERNS.get(each.phase, EMPTY))
        name = plain(labels.phase(each.phase), 60) + (", continued" if each.again else "")
        say(self.canv, 24, y + 4.6, name, 8.2, colour=INK, bold=True, within=(24, NAMES - 8))

    def _step(self, each: Line, span: Span, y: float) -> None:
        names = in_lines(f"{each.number}. {plain(span.name, 200)}", 7.8, NAMES - 12)
        at = y - 2.8 + 4.7 * (len(names) - 1)
        for name in names:
            say(self.canv, 1, at, name, 7.8, colour=INK)
            at -= 9.4
        if span.starts is not None:
            # What begins on the last day of all keeps its place for an arm to be seen.
            x1 = min(self.axis.at(span.starts), self.axis.right - SHORTEST)
            x2 = max(self.axis.at(span.ends) if span.ends else x1, x1 + SHORTEST)
            fill(self.canv, arm(x1, x2, y, HALF), self.look.text, PATTERNS.get(each.phase, EMPTY))
            if span.open:
                self._dots(x2 + 4, min(x2 + 60, self.axis.right), y)
        if span.apply_by is not None:
            self._mark(self.axis.at(span.apply_by), y)

    def _dots(self, x1: float, x2: float, y: float) -> None:
        if x1 < x2:
            line(self.canv, (x1, y), (x2, y), self.look.text, 1.4, (1.2, 2.6))

    def _mark(self, x: float, y: float) -> None:
        for colour, width, half in ((WHITE, 6.0, 9.4), (INK, 3.8, 8.6), (CORE, 1.5, 7.6)):
            line(self.canv, (x, y - half), (x, y + half), colour, width)

    def _key(self) -> None:
        spans = [each.span for each in self.lines if each.span]
        y, x = 6.0, 1.0
        if any(span.starts for span in spans):
            fill(self.canv, arm(x, x + 18, y, 4), self.look.text, EMPTY)
            x = self._said(x + 23, "from its start to its end")
        if any(span.apply_by for span in spans):
            line(self.canv, (x + 2, y - 6), (x + 2, y + 6), INK, 3.8)
            line(self.canv, (x + 2, y - 5.2), (x + 2, y + 5.2), CORE, 1.5)
            x = self._said(x + 8, "last day to apply")
        if any(span.starts and span.open for span in spans):
            self._dots(x, x + 20, y)
            self._said(x + 25, "how long is not known")

    def _said(self, x: float, words: str) -> float:
        return say(self.canv, x, 3.4, words, 7.6) + 18
