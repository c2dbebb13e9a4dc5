"""Choose which grants pay, and how much of each: the choice that leaves the least to find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from knowledge_base.funding.claims import Claim
from knowledge_base.funding.sums import ZERO, share

MOST_CLAIMS = 12  # 4,095 choices; a roadmap has seven steps at most


def best_allocation(
    claims: Sequence[Claim], cost: Decimal, aid_left: Decimal | None
) -> Mapping[str, Decimal]:
    """Return what each claim is paid, by offer id; those that are paid nothing are left out.

    The rule, over every choice of claims no two of which exclude each other: each chosen one is paid between
    its least and its most, and all together no more than the highest rate among them gives of the cost, nor
    than ``aid_left``. Of the choices that pay the most in all, the one of fewest claims, then the one that
    comes first in the order given. Within it each in turn is paid as much as leaves the later ones their
    least. More than `MOST_CLAIMS` are not weighed: the caller lists the rest.
    """
    best: tuple[tuple[Decimal, int, tuple[int, ...]], tuple[Claim, ...], Decimal] | None = None
    for size in range(1, len(claims[:MOST_CLAIMS]) + 1):
        for chosen in combinations(claims[:MOST_CLAIMS], size):
            room = room_for(chosen, cost, aid_left)
            if sum(each.low for each in chosen) > room or _clash(chosen):
                continue
            total = min(room, sum((each.cap for each in chosen), ZERO))
            key = (-total, size, tuple(each.place for each in chosen))
            if best is None or key < best[0]:
                best = key, chosen, room
    return _filled(best[1], best[2]) if best else {}


def room_for(chosen: Sequence[Claim], cost: Decimal, aid_left: Decimal | None) -> Decimal:
    """Return the most that these may pay together."""
    room = share(cost, max(each.rate for each in chosen))
    return room if aid_left is None else min(room, aid_left)


def _clash(chosen: Sequence[Claim]) -> bool:
    return any(one.clashes(other) for one, other in combinations(chosen, 2))


def _filled(chosen: Sequence[Claim], room: Decimal) -> dict[str, Decimal]:
    kept = sum((each.low for each in chosen), ZERO)
    paid = {}
    for each in chosen:
        kept -= each.low
        paid[each.offer.id] = min(each.cap, room - kept)
        room -= paid[each.offer.id]
    return paid
