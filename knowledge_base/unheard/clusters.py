"""See messages together that mean the same: the more there are, the more it is worth to learn it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge_base.store.unheard import Unheard

NEAR = 0.5  # cosine: every two messages of a cluster are at least so near to each other
MOST = 3000  # messages looked at, the newest; their nearness to each other takes 36 MB


@dataclass(frozen=True)
class Cluster:
    """Messages that mean much the same: the most central one, then the others, the nearest to it first."""

    members: tuple[Unheard, ...]

    @property
    def central(self) -> Unheard:
        return self.members[0]

    @property
    def acts(self) -> list[tuple[str, int]]:
        """What the model took them for, the most frequent first."""
        return _often(Counter(member.act for member in self.members))

    @property
    def needs(self) -> list[tuple[str, int]]:
        """The needs the model heard, the most frequent first."""
        return _often(Counter(need for member in self.members for need in member.needs))

    @property
    def whys(self) -> list[tuple[str, int]]:
        """Why they were kept, the most frequent first."""
        return _often(Counter(member.why for member in self.members))


def newest(messages: Sequence[Unheard], most: int = MOST) -> list[Unheard]:
    """Return the newest messages, in an order that does not depend on how they came."""
    kept = sorted(messages, key=lambda each: (each.day, each.id))[-most:] if most else []
    return sorted(kept, key=lambda each: (each.text, each.day, each.id))


def clusters(messages: Sequence[Unheard], vectors: np.ndarray, near: float = NEAR) -> list[Cluster]:
    """Put messages together, the largest cluster first; each message is in one.

    ``vectors`` are of unit length, a row for each message. The message with most others near it leads, and
    takes those that are near to all it took before (complete link). The same messages in the same order,
    as `newest` gives them, make the same clusters.
    """
    if not len(messages):
        return []
    close = vectors @ vectors.T
    np.fill_diagonal(close, 1.0)
    beside = close >= near
    left = np.ones(len(messages), dtype=bool)
    count = beside.sum(axis=1)
    made = []
    while left.any():
        leader = int(np.argmax(np.where(left, count, -1)))
        taken = [leader]
        around = np.flatnonzero(beside[leader] & left)
        for other in around[np.argsort(-close[leader, around], kind="stable")]:
            if other != leader and beside[other, taken].all():
                taken.append(int(other))
        left[taken] = False
        count -= beside[:, taken].sum(axis=1)
        made.append(_cluster(messages, close, taken))
    return sorted(made, key=lambda each: (-len(each.members), each.central.text, each.central.id))


def _cluster(messages: Sequence[Unheard], close: np.ndarray, places: list[int]) -> Cluster:
    among = close[np.ix_(places, places)].mean(axis=1)
    central = places[max(range(len(places)), key=lambda n: (round(float(among[n]), 6), -places[n]))]
    order = sorted(places, key=lambda n: (n != central, -round(float(close[central, n]), 6), n))
    return Cluster(tuple(messages[n] for n in order))


def _often(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
