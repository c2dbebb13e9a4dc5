"""The hub's colours, made safe to read: text keeps a contrast of 4.5 whatever a hub chooses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

HEX = re.compile(r"#[0-9a-fA-F]{6}")
PAPER, INK, WHITE, NIGHT, MOON = "#fbfaf6", "#1d2a26", "#ffffff", "#141d1a", "#eceee8"
MAIN, MARK = "#14513f", "#b4690e"
LEAST_CONTRAST = 4.5


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2 contrast ratio of two colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, on: str) -> str:
    """Return the colour, moved towards black or white until it can be read on ``on``."""
    goal = "#000000" if _luminance(on) > 0.18 else WHITE
    for share in range(0, 101, 5):
        mixed = _mixed(colour, goal, share / 100)
        if contrast(mixed, on) >= LEAST_CONTRAST:
            return mixed
    return goal


def stylesheet(colours: Mapping[str, Any]) -> str:
    """Return custom properties for light and dark from ``accent``, ``background`` and ``text``.

    What is not #rrggbb falls back to ours; text that could not be read is moved until it can.
    """
    main = main_colour(colours)
    paper = _hex(colours.get("background"), PAPER)
    ink = readable(_hex(colours.get("text"), INK), paper)
    light, dark = _properties(main, paper, ink), _properties(main, NIGHT, MOON)
    return f":root{{{light}}}\n@media (prefers-color-scheme: dark){{:root{{{dark}}}}}\n"


def main_colour(colours: Mapping[str, Any]) -> str:
    """Return the hub's own colour."""
    return _hex(colours.get("accent"), MAIN)


def ink_on(colour: str) -> str:
    """Return white or black, whichever can be read on a colour."""
    return WHITE if contrast(WHITE, colour) >= LEAST_CONTRAST else "#000000"


def _properties(main: str, paper: str, ink: str) -> str:
    tint = _mixed(paper, ink, 0.05)
    properties = {
        "paper": paper,
        "ink": ink,
        "tint": tint,
        "rule": _mixed(paper, ink, 0.18),
        "dim": readable(_mixed(ink, paper, 0.3), tint),
        "main": main,
        "on-main": ink_on(main),
        "main-text": readable(main, tint),
        "mark": MARK,
        "mark-text": readable(MARK, tint),
    }
    return ";".join(f"--{name}:{value}" for name, value in properties.items())


def _hex(value: Any, default: str) -> str:
    return value.lower() if isinstance(value, str) and HEX.fullmatch(value) else default


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mixed(colour: str, goal: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(goal), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    shares = [value / 255 for value in _channels(colour)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
