"""The hub's colours, made safe to read: text keeps a contrast of 4.5 whatever a hub chooses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

HEX = re.compile(r"#[0-9a-fA-F]{6}")
PAPER, INK, WHITE, NIGHT = "#fbfaf6", "#1d2a26", "#ffffff", "#141d1a"
DEFAULT_MAIN, DEFAULT_ACCENT = "#14513f", "#b4690e"
LEAST_CONTRAST = 4.5


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2 contrast ratio of two colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, on: str) -> str:
    """Return the colour, moved towards black or white until it can be read on ``on``."""
    goal = INK if _luminance(on) > 0.18 else WHITE
    for share in range(0, 101, 5):
        mixed = _mixed(colour, goal, share / 100)
        if contrast(mixed, on) >= LEAST_CONTRAST:
            return mixed
    return goal


def stylesheet(colours: Any) -> str:
    """Return custom properties for light and dark; colours that are not #rrggbb fall back to ours."""
    told: Mapping[str, Any] = colours if isinstance(colours, Mapping) else {}
    main = _hex(told.get("main") or told.get("primary"), DEFAULT_MAIN)
    accent = _hex(told.get("accent"), DEFAULT_ACCENT)
    light = _properties(main, accent, PAPER)
    dark = _properties(main, accent, NIGHT)
    return f":root{{{light}}}\n@media (prefers-color-scheme: dark){{:root{{{dark}}}}}\n"


def main_colour(colours: Any) -> str:
    """Return the colour the widget wears."""
    told: Mapping[str, Any] = colours if isinstance(colours, Mapping) else {}
    return _hex(told.get("main") or told.get("primary"), DEFAULT_MAIN)


def _properties(main: str, accent: str, paper: str) -> str:
    text_on_main = WHITE if contrast(WHITE, main) >= LEAST_CONTRAST else INK
    return (
        f"--main:{main};--on-main:{text_on_main};--main-text:{readable(main, paper)};"
        f"--accent:{accent};--accent-text:{readable(accent, paper)}"
    )


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
