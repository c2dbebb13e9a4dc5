"""The rules a set of steps must keep together. What one offer must keep alone is decided in `candidates`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

MOST_STEPS = 7


def fits(
    chosen: Collection[str],
    fresh: Collection[str],
    excluded: Mapping[str, frozenset[str]],
    most: int = MOST_STEPS,
) -> bool:
    """Say whether fresh steps may join those chosen: no more than seven, and none that exclude each other."""
    if len(chosen) + len(fresh) > most:
        return False
    return all(excluded.get(id, _NONE).isdisjoint(chosen) for id in fresh)


def required_by(chosen: Mapping[str, Collection[str]], id: str) -> bool:
    """Say whether another chosen step requires this one; ``chosen`` gives what each step requires."""
    return any(id in requires for other, requires in chosen.items() if other != id)


_NONE: frozenset[str] = frozenset()
