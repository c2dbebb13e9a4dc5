"""The choice of steps as plain numbers: which options there are, what each covers and what each costs.

An option is one candidate in one phase. Its cost packs the merits that add up into one whole number, the ones
that count first in the highest bits, so that adding and comparing costs adds and compares the merits in their
order. Places left empty weigh more than all costs together, needs without a step more than all such places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from knowledge_base.roadmap.candidates import Pool
from knowledge_base.roadmap.order import SAME_KIND, Merits
from knowledge_base.roadmap.places import Place, Seating
from knowledge_base.roadmap.rules import MOST_STEPS

PAIRS = MOST_STEPS * (MOST_STEPS - 1) // 2
PRICE_UNITS = 10_000  # a price counts to the hundredth of a penny


class Option(NamedTuple):
    """One candidate standing in one phase. ``covers`` has a bit for each place it fills; ``first`` names what
    must be done before it, in order, and is not done yet."""

    id: str
    phase: str
    covers: int
    cost: int
    finish: int
    kind: str
    first: tuple[str, ...]


@dataclass(frozen=True)
class Problem:
    """Everything a search needs to know. ``weights`` is what leaving each place empty costs, by bit; ``main``
    gives the option of a candidate in its main phase; ``alike`` and ``clash`` what a pair of steps of one kind,
    or of two that no place could both have, adds."""

    seating: Seating
    options: tuple[Option, ...]
    main: dict[str, Option]
    weights: tuple[int, ...]
    alike: int
    clash: int

    @classmethod
    def of(cls, seating: Seating, forced: str | None = None) -> Problem:
        """State the choice for one pool; ``forced`` names a candidate that must not be set aside."""
        return _Statement(seating, forced).problem()


class _Statement:
    def __init__(self, seating: Seating, forced: str | None) -> None:
        self.seating, self.pool, self.forced = seating, seating.pool, forced
        self.bits = {place: 1 << number for number, place in enumerate(seating.places)}
        serving = dict.fromkeys(id for ids in self.pool.serving.values() for id in ids)
        bundled = dict.fromkeys(first for id in serving for first in self.pool.candidates[id].bundle[:-1])
        self.required = frozenset(bundled)
        self.ids = tuple(sorted({*serving, *bundled}))
        self._scale()

    def problem(self) -> Problem:
        options = {id: self._options(id) for id in self.ids}
        kept = self._kept(options)
        flat = [option for id in self.ids if id in kept for option in options[id] if option.covers]
        return Problem(
            self.seating,
            tuple(flat),
            {id: options[id][0] for id in self.ids},
            tuple([self._weight(place) for place in self.seating.places]),
            self.alike,
            self.apart,
        )

    def _scale(self) -> None:
        """Give every merit as many bits as seven of the largest need."""
        merits = [self.seating.ranking.merits(id) for id in self.ids]
        widest = [max(column) for column in zip(*(self._plain(each) for each in merits), strict=True)] or [0]
        slack = 400 * MOST_STEPS + SAME_KIND * PAIRS  # another phase than the main one may suit far worse
        sizes = [(most * MOST_STEPS + slack).bit_length() for most in widest]
        shifts = []
        total = 0
        for size in reversed(sizes):
            shifts.append(total)
            total += size
        self.shifts = tuple(reversed(shifts))
        self.misfit_at = self.shifts[MISFIT] if len(self.shifts) > MISFIT else 0
        self.alike = SAME_KIND << self.misfit_at
        self.place = 1 << total
        self.apart = self.place << 3
        self.lasting = self.apart << PAIRS.bit_length()
        self.need = self.lasting << len(self.seating.places).bit_length()

    def _weight(self, place: Place) -> int:
        if place.phase is not None:
            return self.place
        return self.lasting if place.lasting else self.need

    def _plain(self, merits: Merits) -> tuple[int, ...]:
        prices = tuple([int(price * PRICE_UNITS) for price in merits.to_find])
        return (merits.uncertain, merits.wish, merits.misfit, merits.repays, *prices, merits.width)

    def _options(self, id: str) -> list[Option]:
        """Return a candidate's options, the one in its main phase first."""
        ranking, candidate = self.seating.ranking, self.pool.candidates[id]
        merits = ranking.merits(id)
        cost = sum([value << shift for value, shift in zip(self._plain(merits), self.shifts, strict=True)])
        made = []
        for phase in self.seating.phases(id):
            more = (ranking.misfit_in(id, phase) - merits.misfit) << self.misfit_at
            covers = sum([self.bits[place] for place in self.seating.covers(id, phase)])
            made.append(
                Option(
                    id, phase, covers, cost + more, merits.finish, candidate.offer.kind, candidate.bundle[:-1]
                )
            )
        return made

    def _kept(self, options: dict[str, list[Option]]) -> frozenset[str]:
        """Set aside every candidate that a better one of its like makes needless.

        Candidates are alike when they could stand for each other in any roadmap: they cover the same, are of one
        kind, exclude and require the same and lie in the same areas. A step must cover something that no other
        step covers, so of those alike no more can be used than there are phases they fill, and an unused better
        one could always take the place of a worse.
        """
        alike: defaultdict[tuple[Any, ...], list[str]] = defaultdict(list)
        kept = {self.forced} & set(self.ids)
        for id in self.ids:
            if id in self.required:
                kept.add(id)
            else:
                alike[self._likeness(id, options[id])].append(id)
        for ids in alike.values():
            seats = len(options[ids[0]])
            most = max(1, seats) + (self.forced is not None)
            if len(ids) <= most:
                kept.update(ids)
                continue
            for seat in range(seats):
                ranked = sorted(ids, key=lambda id, seat=seat: _rank(options[id][seat]))
                kept.update(ranked[:most])
        return frozenset(kept)

    def _likeness(self, id: str, options: Sequence[Option]) -> tuple[Any, ...]:
        return (
            tuple([(option.phase, option.covers) for option in options]),
            options[0].kind,
            options[0].first,
            self.pool.index.excluded.get(id, _NONE),
            self.seating.unplaced(id),
        )


def _rank(option: Option) -> tuple[int, int, str]:
    return option.cost, option.finish, option.id


def by_place(options: Iterable[Option], count: int) -> list[list[Option]]:
    """Return, for each place, the options that fill it."""
    found: list[list[Option]] = [[] for _ in range(count)]
    for option in options:
        for number in bits_of(option.covers):
            found[number].append(option)
    return found


def bits_of(covers: int) -> list[int]:
    """Return the numbers of the bits that are set, from the lowest."""
    found = []
    while covers:
        low = covers & -covers
        found.append(low.bit_length() - 1)
        covers ^= low
    return found


MISFIT = 2
_NONE: Collection[str] = frozenset()
