"""The machine a figure was measured on, and how busy it was: without both, a figure says little."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from typing import Any

import psutil

ROUNDS = 100


@dataclass(frozen=True)
class Mood:
    """How busy the machine is.

    ``load`` is over the last minute, ``loop_ms`` the best time of a fixed loop, and ``core_share`` how much
    of one core that loop was given: 1 where nobody else wants it.
    """

    load: float
    loop_ms: float
    core_share: float

    @classmethod
    def now(cls) -> Mood:
        wall, busy = time.perf_counter(), time.process_time()
        best = min(_fixed_loop_ms() for _ in range(ROUNDS))
        share = (time.process_time() - busy) / (time.perf_counter() - wall)
        return cls(round(os.getloadavg()[0], 2), round(best, 2), round(min(share, 1.0), 2))


def describe() -> dict[str, Any]:
    """Return what two machines must share for their figures to be compared as they are."""
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def _fixed_loop_ms() -> float:
    """Time a loop of plain Python that must never change: it says how fast one machine is beside another."""
    started = time.perf_counter()
    total, names = 0, {str(n): n for n in range(100)}
    for n in range(20_000):
        total += names[str(n % 100)] * n % 7
    return (time.perf_counter() - started) * 1000
