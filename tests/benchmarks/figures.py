"""What a benchmark reports, and the arithmetic that makes one figure of many."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Origin = Literal["measured", "quoted", "not run", "none"]
TIMES = 3
ENOUGH = 1.0  # seconds


class CannotMeasure(RuntimeError):
    """A benchmark could not be run; the message says what is missing, and the way out."""


@dataclass(frozen=True)
class Run:
    """What one run was asked for. ``folder`` goes when it ends; ``full`` allows minutes of baselines."""

    folder: Path
    full: bool = False

    def room(self, name: str) -> Path:
        """Return an empty folder of its own for one benchmark."""
        room = self.folder / name
        room.mkdir(parents=True)
        return room


@dataclass(frozen=True)
class Figure:
    """One measured figure, beside what it is compared with.

    ``baseline_from`` says whether the baseline was measured in the same run, is quoted from an earlier one,
    was left out of this run, or does not exist. ``aim`` is what we want of the figure, in the same unit.
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    how: str = ""
    baseline_from: Origin = "none"
    aim: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the baseline: below 1 is less time or memory, above 1 is more messages."""
        return self.value / self.baseline if self.baseline else None

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio}


@dataclass(frozen=True)
class Table:
    """More of a benchmark than one line a figure; ``picture`` is the name of a file beside the page."""

    title: str
    words: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    picture: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share (0 to 1) of the values do not exceed."""
    if not values:
        raise CannotMeasure("nothing was measured, so there is no percentile")
    ordered = sorted(values)
    place = -(-len(ordered) * share // 1)
    return ordered[max(0, int(place) - 1)]


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    if not values:
        raise CannotMeasure("nothing was measured, so there is no median")
    return statistics.median(values)


def best_ms(work: Callable[[], object], times: int = TIMES, enough: float = ENOUGH) -> float:
    """Return the best of a few runs, in milliseconds; none is begun after ``enough`` seconds of them."""
    best, began = float("inf"), time.perf_counter()
    for _ in range(times):
        begun = time.perf_counter()
        work()
        ended = time.perf_counter()
        best = min(best, ended - begun)
        if ended - began >= enough:
            break
    return best * 1000
