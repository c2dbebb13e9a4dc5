"""A chore and the order of chores: each at its time, none ever in the way of another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Chore:
    """Something done every so many seconds. ``run`` takes the moment, and must bear being done twice."""

    name: str
    every_seconds: float
    run: Callable[[datetime], object]


@dataclass(slots=True)
class Rota:
    """Which chores are due. What a chore raises is told by its kind, and the chore comes round again."""

    chores: Sequence[Chore]
    say: Say = print
    _next: dict[str, datetime] = field(default_factory=dict)

    def do_due(self, now: datetime, stop: threading.Event | None = None) -> list[str]:
        """Do every chore that is due at a moment, in order; return their names."""
        done = []
        for chore in self.chores:
            if stop is not None and stop.is_set():
                break
            if self._next.get(chore.name, now) > now:
                continue
            self._next[chore.name] = now + timedelta(seconds=chore.every_seconds)
            done.append(chore.name)
            try:
                chore.run(now)
            except Exception as error:
                # Only its kind: the words of an error may hold an address or what somebody wrote.
                self.say(f"the chore “{chore.name}” could not be done ({type(error).__name__})")
        return done

    def seconds_to_next(self, now: datetime, most: float = 60.0) -> float:
        """Return how long nothing will be due, at most a minute so that a stop is heard."""
        waits = [(self._next.get(chore.name, now) - now).total_seconds() for chore in self.chores]
        return max(0.0, min([*waits, most]))


def off(env: Mapping[str, str]) -> bool:
    """Say whether FINGERPOST_CHORES turns the chores off."""
    return turned_off(env, "FINGERPOST_CHORES")


def turned_off(env: Mapping[str, str], name: str) -> bool:
    """Say whether a setting that is on by itself was turned off."""
    return env.get(name, "").strip().lower() in ("0", "no", "false", "off")
