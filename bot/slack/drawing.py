"""What the pictures for Slack are drawn with: paper of a phone's width, boxes and words."""

from __future__ import annotations

import io
from functools import cache

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.patches import Rectangle

from bot.slack.blocks.text import cut
from bot.web.palette import INK, MARK, PAPER

FONT = "DejaVu Sans"
WIDTH, SCALE = 360, 3  # points of a phone's width, and pixels for each
DIM, RULE = "#565f5a", "#d4d6cf"
PHASES = {
    "get_clear": ("#14513f", ""),
    "get_ready": ("#3d7f9c", "///"),
    "get_funded": (MARK, "..."),
    "get_going": ("#7d4f7d", "xxx"),
}
"""A colour and a pattern for each phase, so that nothing hangs on the colour."""


def paper(height: int) -> tuple[Figure, Axes]:
    """Return an empty picture of a phone's width, ``height`` points high."""
    figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72 * SCALE, facecolor=PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    bare(axes)
    return figure, axes


def bare(axes: Axes) -> None:
    """Take frame, ticks and ground away."""
    axes.set_axis_off()
    axes.patch.set_alpha(0)


def box(x: float, y: float, width: float, height: float, colour: str, pattern: str) -> Rectangle:
    """Return a filled box; one in the paper's colour gets a dashed edge."""
    empty = colour == PAPER
    return Rectangle(
        (x, y), width, height, facecolor=colour, hatch=pattern, edgecolor=INK if empty else PAPER,
        linewidth=1.0 if empty else 0.5, linestyle=(0, (3, 2)) if empty else "solid", zorder=3,
    )  # fmt: skip


def say(
    axes: Axes,
    x: float,
    y: float,
    words: str,
    points: float,
    colour: str,
    *,
    ha: str = "left",
    gap: float = 0,
    bold: bool = False,
    behind: bool = False,
) -> None:
    """Write words, ``gap`` points above; they are never read as mathematics.

    ``behind`` puts paper behind them, so that no line runs through.
    """
    ground = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5} if behind else None
    axes.annotate(
        words, (x, y), (0, gap), textcoords="offset points", ha=ha, va="center", color=colour, zorder=6,
        fontproperties=font(points, bold), parse_math=False, annotation_clip=False, bbox=ground,
    )  # fmt: skip


@cache
def _signs() -> frozenset[int]:
    """The signs our font can draw."""
    return frozenset(get_font(findfont(font(10))).get_charmap())


def fitted(words: str, points: float, most: float) -> str:
    """Cut words at a word until they are at most ``most`` points wide; what cannot be drawn is a box."""
    known = "".join(sign if ord(sign) in _signs() else "□" for sign in cut(words, 150))
    room = len(known)
    while room > 1 and wide(cut(known, room), points) > most:
        room -= 1
    return cut(known, room)


def wide(words: str, points: float) -> float:
    """Say how many points wide words are."""
    shapes = get_font(findfont(font(10)))
    shapes.set_size(points, 72)
    shapes.set_text(words, 0.0)
    return float(shapes.get_width_height()[0]) / 64


def font(points: float, bold: bool = False) -> FontProperties:
    """Return our font in a size."""
    return FontProperties(family=FONT, size=points, weight="bold" if bold else "normal")


def png(figure: Figure) -> bytes:
    """Return a picture as PNG; the same picture is the same bytes."""
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()
