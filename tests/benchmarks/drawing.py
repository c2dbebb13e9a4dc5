"""Draw how roadmaps grow with the catalogue, the same to the byte for the same numbers."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Protocol

import matplotlib
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, NullLocator

TITLE = "How long a roadmap takes, from {first:,} offers to {last:,}"
BELOW = (
    "Six businesses, from one need to all sixteen at once. Grey: every offer assessed, without an index.\n"
    "Half of the answers take no longer than p50, all but one in twenty no longer than p95."
)
INK, OURS, OTHERS, AIM = "#222222", "#0b5394", "#6b6b6b", "#b45309"
STYLE = {"svg.hashsalt": "growth", "svg.fonttype": "path", "font.family": "DejaVu Sans", "font.size": 10}
DASHED = (0, (4, 2))
LINES: tuple[tuple[str, str, str, Any], ...] = (
    ("p95_ms", "roadmap, p95", OURS, "-"),
    ("usual_p95_ms", "p95, up to 4 needs", OURS, DASHED),
    ("p50_ms", "roadmap, p50", OURS, ":"),
    ("every_p50_ms", "every offer, p50", OTHERS, "-"),
)
TICKS = (1, 10, 100, 1_000, 10_000)


class Measured(Protocol):
    """What is drawn of each size."""

    offers: int
    p50_ms: float
    p95_ms: float
    usual_p95_ms: float
    every_p50_ms: float


def draw(points: Sequence[Measured], aims: Mapping[int, float], form: str = "svg") -> bytes:
    """Return the drawing: time against offers, both by tens, the aims (ms by offers) marked.

    It holds no date, no version and no name of a machine.
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.6, 5.6), layout="constrained")
        axes = figure.add_subplot()
        axes.set_xscale("log")
        axes.set_yscale("log")
        sizes = [each.offers for each in points]
        for of, _, colour, dashes in LINES:
            values = [getattr(each, of) for each in points]
            axes.plot(sizes, values, color=colour, linestyle=dashes, linewidth=1.8, marker="o", markersize=4)
        _label_ends(axes, points)
        _mark_aims(axes, aims)
        _dress(axes, sizes)
        file = io.BytesIO()
        bare: dict[str, Any] = {"Date": None, "Creator": None, "Title": title(sizes)} if form == "svg" else {}
        figure.savefig(file, format=form, metadata=bare, dpi=150)
    return file.getvalue()


def _label_ends(axes: Any, points: Sequence[Measured]) -> None:
    """Write at the end of each line what it is, far enough apart to be read where lines end together."""
    last = points[-1]
    ends = spread([getattr(last, of) for of, *_ in LINES])
    for (_, words, colour, _), height in zip(LINES, ends, strict=True):
        axes.annotate(
            words,
            (last.offers, height),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            annotation_clip=False,
        )


def spread(heights: Sequence[float], apart: float = 1.5) -> list[float]:
    """Move heights on a scale by tens until each is this many times the one below it; keep their order."""
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    moved = list(heights)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] * apart)
    return moved


def _mark_aims(axes: Any, aims: Mapping[int, float]) -> None:
    """Mark each aim as a short bar that the p95 should end below."""
    for offers, milliseconds in aims.items():
        axes.plot(
            [offers / 1.35, offers * 1.35], [milliseconds] * 2, color=AIM, linewidth=3, solid_capstyle="butt"
        )
        axes.annotate(
            f"aim: p95 ≤ {milliseconds:,.0f} ms",
            (offers, milliseconds),
            xytext=(0, 7),
            textcoords="offset points",
            ha="right",
            va="bottom",
            color=AIM,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
            zorder=1.5,  # below the lines: words may be crossed, what was measured may not
        )


def _dress(axes: Any, sizes: Sequence[int]) -> None:
    axes.set_title(title(sizes), loc="left", color=INK, fontsize=13, fontweight="bold", pad=42)
    axes.text(0, 1.025, BELOW, transform=axes.transAxes, color=INK, fontsize=9.5, linespacing=1.35)
    axes.set_xlabel("offers in the catalogue", color=INK)
    axes.set_ylabel("time of one answer", color=INK)
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.set_yticks(TICKS)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: duration(value)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.grid(axis="y", color="#e2e2e2", linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(colors=INK, length=3)


def title(sizes: Sequence[int]) -> str:
    """Say what is drawn."""
    return TITLE.format(first=sizes[0], last=sizes[-1])


def duration(milliseconds: float) -> str:
    """Write a time as people say it: in seconds from a thousand milliseconds on."""
    return f"{milliseconds / 1000:g} s" if milliseconds >= 1000 else f"{milliseconds:g} ms"
