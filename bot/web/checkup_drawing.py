"""The picture of a check-up as coordinates: a fingerpost whose arms reach as far as each answer goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

REACH = {"strong": 1.0, "some": 0.56, "none": 0.16}
POINT = 13  # how far the tip of an arm runs out
HALF = 13  # half an arm's thickness


@dataclass(frozen=True)
class Arm:
    """One aspect: an arm from ``x1`` to its tip at ``x2``; no arm where it was left open (``x2`` is None)."""

    name: str
    words: str
    look: str
    y: float
    x1: float
    x2: float | None
    name_x: float
    name_y: float
    words_x: float
    words_y: float


@dataclass(frozen=True)
class Stone:
    """One thing in the way, lying beside the foot of the post."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class CheckupDrawing:
    width: int
    height: int
    post: float
    top: float
    foot: float
    names_before: bool
    arms: tuple[Arm, ...]
    stones: tuple[Stone, ...]


def checkup_drawings(
    placed: Sequence[Mapping[str, Any]], barriers: Sequence[str]
) -> tuple[CheckupDrawing, CheckupDrawing]:
    """Draw what was told for a wide page and for a phone."""
    return (
        _drawing(placed, barriers, width=760, post=272, row=44, lift=0),
        _drawing(placed, barriers, width=330, post=14, row=58, lift=22),
    )


def _drawing(
    placed: Sequence[Mapping[str, Any]],
    barriers: Sequence[str],
    *,
    width: int,
    post: int,
    row: int,
    lift: int,
) -> CheckupDrawing:
    """With a ``lift`` the names stand above the arms, else before the post."""
    start, longest = post + 8, (width - post - 8) * (0.7 if not lift else 0.66)
    arms = []
    for i, each in enumerate(placed):
        level = each.get("level")
        y = 40 + lift + i * row
        x2 = round(start + longest * REACH[level], 1) if level in REACH else None
        listening = " listening" if each.get("type") == "listening" else ""
        arms.append(
            Arm(
                name=str(each["name"]),
                words=str(each["level_words"]),
                look=f"{level if level in REACH else 'unknown'}{listening}",
                y=y,
                x1=start - 16 if not lift else start - 8,
                x2=x2,
                name_x=post - 26 if not lift else start + 6,
                name_y=y + 5 if not lift else y - HALF - 6,
                words_x=round((x2 or start + 4) + 10, 1),
                words_y=y + 5,
            )
        )
    foot = arms[-1].y + 48 if arms else 60
    stones = tuple(
        Stone(name, *spot)
        for name, spot in zip(barriers, _spots(barriers, start + 26, foot, width), strict=True)
    )
    ground = max((stone.y for stone in stones), default=foot) + 4
    return CheckupDrawing(width, round(ground) + 12, post, 22, ground, not lift, tuple(arms), stones)


def _spots(names: Sequence[str], left: float, y: float, width: int) -> list[tuple[float, float]]:
    """Lay the stones side by side, with room for their names, on as many lines as that takes."""
    found, x = [], left
    for name in names:
        room = 52 + 8.6 * len(name)
        if x > left and x + room > width:
            x, y = left, y + 34
        found.append((round(x, 1), round(y, 1)))
        x += room
    return found
