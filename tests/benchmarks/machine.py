"""The machine a figure was measured on, and how busy it was: without both, a figure says little."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from typing import Any

import psutil

ROUNDS = 7


@dataclass(frozen=True)
class Mood:
    """How busy the machine is: load over the last minute, and what a fixed loop takes (best of seven, ms)."""

    load: float
    loop_ms: float

    @classmethod
    def now(cls) -> Mood:
        return cls(round(os.getloadavg()[0], 2), round(fixed_loop_ms(), 2))


def describe() -> dict[str, Any]:
    """Return what two machines must share for their figures to be compared as they are."""
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def fixed_loop_ms() -> float:
    """Time a fixed loop of plain Python: divide a figure by it to compare two machines."""
    return min(_one_loop() for _ in range(ROUNDS))


def _one_loop() -> float:
    started = time.perf_counter()
    total, names = 0, {str(n): n for n in range(100)}
    for n in range(20_000):
        total += names[str(n % 100)] * n % 7
    return (time.perf_counter() - started) * 1000
