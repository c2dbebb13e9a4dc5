"""A roadmap in two pictures for Slack: its steps in time, and who pays what. Readable on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from bot.slack.blocks import limits
from bot.slack.blocks.text import cut, plain
from bot.slack.drawing import DIM, PHASES, RULE, bare, box, fitted, font, paper, png, say
from bot.slack.money_picture import funding_png, funding_words
from bot.web.formats import as_day, day
from bot.web.palette import INK, PAPER
from knowledge_base import labels

OTHER = ("#565f5a", "")
MOST_STEPS = 12
NAME_WIDTH = 330  # points


@dataclass(frozen=True)
class Bar:
    """One step in time; ``ends`` equals ``starts`` where it is not known how long it takes."""

    number: int
    name: str
    phase: str
    starts: date | None
    ends: date | None
    apply_by: date | None

    @property
    def open(self) -> bool:
        """Whether nothing says how long it takes."""
        if self.starts is None:
            return self.apply_by is None
        return self.ends is None or self.ends <= self.starts


def bars(document: Mapping[str, Any]) -> list[Bar]:
    """Return every step with its days."""
    found: list[Bar] = []
    for phase in document.get("phases") or ():
        for step in phase.get("steps") or ():
            found.append(
                Bar(
                    len(found) + 1,
                    plain(step.get("name") or step.get("offer")),
                    str(phase.get("phase")),
                    as_day(step.get("starts")),
                    as_day(step.get("ends")),
                    as_day(step.get("apply_by")),
                )
            )
    return found


def timeline_words(document: Mapping[str, Any]) -> str:
    """Say in words what the timeline shows, short enough for the text beside a picture."""
    said = []
    for bar in bars(document):
        until = f", apply by {day(bar.apply_by)}" if bar.apply_by else ""
        ends = f" to {day(bar.ends)}" if bar.starts and bar.ends and bar.ends > bar.starts else ""
        when = f"from {day(bar.starts)}{ends}" if bar.starts else "any time"
        said.append(f"{bar.number}. {bar.name} ({labels.phase(bar.phase)}): {when}{until}")
    whole = "; ".join(said)
    return cut(f"The steps in time. {whole}." if said else "There are no steps.", limits.ALT_TEXT)


def timeline_png(document: Mapping[str, Any], today: date) -> bytes:
    """Draw the steps in time: a bar from start to end, a mark at the last day to apply, a line for today."""
    steps = bars(document)
    shown = steps[:MOST_STEPS]
    first, last = _span(shown, today)
    height = 62 + 46 * max(len(shown), 1) + (16 if len(steps) > len(shown) else 0) + 62
    figure, axes = paper(height)
    top, below = 44 / height, 66 / height
    axes.set_position((0.035, below, 0.93, 1 - top - below))
    axes.set_xlim(date2num(first), date2num(last))
    axes.set_ylim(max(len(shown), 1), 0)
    _months(axes, first, last)
    for row, bar in enumerate(shown):
        _draw_bar(axes, bar, row, first, last)
    if first <= today <= last:
        axes.axvline(date2num(today), color=INK, linewidth=1.4, linestyle=(0, (4, 3)), zorder=1)
        say(axes, date2num(today), len(shown) or 1, "today", 8.5, INK, ha="center", gap=-7)
    title = "The steps in time" if shown else "There are no steps to draw"
    figure.text(0.035, 1 - 20 / height, title, fontproperties=font(12, True), color=INK)
    if len(steps) > len(shown):
        figure.text(
            0.035, 60 / height, f"and {len(steps) - len(shown)} more", fontproperties=font(9), color=DIM
        )
    _key(figure, height, shown)
    return png(figure)


def _span(steps: Sequence[Bar], today: date) -> tuple[date, date]:
    days = [each for bar in steps for each in (bar.starts, bar.ends, bar.apply_by) if each]
    first, last = min([today, *days]), max([today, *days])
    length = max((last - first).days, 75)
    margin = max(length // 16, 5)
    try:
        return first - timedelta(days=margin), first + timedelta(days=length + margin)
    except OverflowError:
        return first, max(last, first + timedelta(days=1)) if first < date.max - timedelta(
            days=1
        ) else date.max


def _draw_bar(axes: Axes, bar: Bar, row: int, first: date, last: date) -> None:
    colour, pattern = PHASES.get(bar.phase, OTHER)
    room = date2num(last) - date2num(first)
    name = fitted(f"{bar.number}. {bar.name}", 9.5, NAME_WIDTH)
    say(axes, date2num(first), row + 0.3, name, 9.5, INK, behind=True)
    y, half = row + 0.68, 0.15
    if bar.starts is not None:
        begins = date2num(bar.starts)
        ends = max(date2num(bar.ends), begins) if bar.ends else begins
        until = max(ends, begins + room * 0.035)
        tip = min(room * 0.022, (until - begins) / 2)
        corners = [
            (begins, y - half),
            (until - tip, y - half),
            (until, y),
            (until - tip, y + half),
            (begins, y + half),
        ]
        axes.add_patch(
            Polygon(
                corners,
                closed=True,
                facecolor=colour,
                hatch=pattern,
                edgecolor=PAPER,
                linewidth=0.6,
                zorder=3,
            )
        )
        if ends <= begins:
            dots = [until + room * 0.015, min(until + room * 0.2, date2num(last))]
            axes.plot(dots, [y, y], color=colour, linewidth=1.6, linestyle=(0, (1, 2.5)), zorder=3)
    elif bar.apply_by is None:
        axes.plot(
            [date2num(first), date2num(last)],
            [y, y],
            color=colour,
            linewidth=1.6,
            linestyle=(0, (1, 2.5)),
            zorder=3,
        )
    if bar.apply_by is not None:
        axes.plot(
            [date2num(bar.apply_by)] * 2, [y - 0.27, y + 0.27], color="#1d2a26", linewidth=4.4, zorder=4
        )
        axes.plot(
            [date2num(bar.apply_by)] * 2, [y - 0.25, y + 0.25], color="#f0a63c", linewidth=2.6, zorder=5
        )


def _months(axes: Axes, first: date, last: date) -> None:
    starts: list[date] = []
    when = first.replace(day=1)
    while when <= last and len(starts) < 2400:
        if when >= first:
            starts.append(when)
        if when > date.max - timedelta(days=62):
            break
        when = (when + timedelta(days=32)).replace(day=1)
    every = next((n for n in (1, 2, 3, 6, 12, 24, 60, 120, 600) if len(starts) <= 5 * n), 1200)
    kept = starts[::every]
    for number, month in enumerate(kept):
        axes.axvline(date2num(month), color=RULE, linewidth=0.8, zorder=0)
        year = f" {month.year}" if number == 0 or month.year != kept[number - 1].year else ""
        axes.annotate(
            f"{month:%b}{year}", (date2num(month), 1), (0, 3), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="center", fontproperties=font(8.5), color=DIM,
            parse_math=False, annotation_clip=False,
        )  # fmt: skip


def _key(figure: Figure, height: int, shown: Sequence[Bar]) -> None:
    phases = {bar.phase for bar in shown}
    axes = figure.add_axes((0.035, 6 / height, 0.93, 44 / height))
    bare(axes)
    axes.set_xlim(0, 330)
    axes.set_ylim(44, 0)
    for number, phase in enumerate(phase for phase in PHASES if phase in phases):
        at = 82 * number
        axes.add_patch(box(at, 4, 15, 11, *PHASES[phase]))
        say(axes, at + 19, 10, labels.phase(phase), 8.5, DIM)
    x = 0
    if any(bar.apply_by for bar in shown):
        axes.plot([7, 7], [26, 40], color="#1d2a26", linewidth=4.4)
        axes.plot([7, 7], [26.5, 39.5], color="#f0a63c", linewidth=2.6)
        say(axes, 19, 33, "last day to apply", 8.5, DIM)
        x = 124
    if any(bar.open for bar in shown):
        axes.plot([x, x + 26], [33, 33], color=DIM, linewidth=1.6, linestyle=(0, (1, 2.5)))
        say(axes, x + 32, 33, "how long is not known", 8.5, DIM)


__all__ = ["funding_png", "funding_words", "timeline_png", "timeline_words"]
