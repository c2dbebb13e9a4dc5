"""The choice of steps as plain numbers: which options there are, what each covers and what each costs.

An option is one candidate in one phase. Its cost packs the merits that add up into one whole number, the ones
that count first in the highest bits, so that adding and comparing costs adds and compares the merits in their
order. Places left empty weigh more than all costs together, needs without a step more than all such places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

from knowledge_base.roadmap.order import SAME_KIND, WEIGHED, Merits, weight_of
from knowledge_base.roadmap.places import ANY, Place, Seating
from knowledge_base.roadmap.rules import MOST_STEPS
from knowledge_base.words import PHASES

PAIRS = MOST_STEPS * (MOST_STEPS - 1) // 2
PRICE_UNITS = 10_000  # a price counts to the hundredth of a penny


class Option(NamedTuple):
    """One candidate standing in one phase.

    ``covers`` has a bit for each place it fills, ``places`` their numbers; ``first`` names what must be done
    before it, in order, and is not done yet. ``seat`` is a number of its own, ``group`` that of the areas
    it may turn out to be open in.
    """

    seat: int
    group: int
    id: str
    phase: str
    covers: int
    places: tuple[int, ...]
    cost: int
    kind: str
    first: tuple[str, ...]


@dataclass(frozen=True)
class Problem:
    """Everything a search needs to know.

    ``weights`` is what leaving each place empty costs, by bit; ``main`` gives the option of a candidate in
    its main phase; ``alike`` and ``clash`` what a pair of steps of one kind, or of two that no place could
    both have, adds; the merits below the misfit lie in the lowest ``fine`` bits. ``groups`` has, for each
    group of options, a bit for every area within those it may turn out to be open in.
    """

    seating: Seating
    options: tuple[Option, ...]
    main: dict[str, Option]
    weights: tuple[int, ...]
    alike: int
    clash: int
    fine: int
    groups: tuple[int, ...]

    def apart(self, group: int) -> frozenset[int]:
        """Return the groups of options that no place could have beside one of this group."""
        own = self.groups[group]
        return frozenset([n for n, areas in enumerate(self.groups) if own and areas and not own & areas])

    def seats_of(self, id: str) -> list[Option]:
        """Return every option of one candidate, the one in its main phase first."""
        main = self.main[id]
        return [main, *(each for each in self.options if each.id == id and each.phase != main.phase)]

    @classmethod
    def of(cls, seating: Seating, forced: str | None = None) -> Problem:
        """State the choice for one pool; ``forced`` names a candidate that must not be set aside."""
        return _Statement(seating, forced).problem()


class _Statement:
    def __init__(self, seating: Seating, forced: str | None) -> None:
        self.seating, self.pool, self.forced = seating, seating.pool, forced
        self.bits = {place: 1 << number for number, place in enumerate(seating.places)}
        serving = dict.fromkeys(id for ids in self.pool.serving.values() for id in ids)
        serving.update(dict.fromkeys([forced] if forced is not None else []))
        bundled = dict.fromkeys(first for id in serving for first in self.pool.candidates[id].bundle[:-1])
        self.required = frozenset(bundled)
        self.ids = tuple(sorted({*serving, *bundled}))
        self.groups: dict[frozenset[str], int] = {}
        self.seats = count()
        self._scale()

    def problem(self) -> Problem:
        options = {id: self._options(id) for id in self.ids}
        kept = self._kept(options)
        flat = self._undominated(
            [each for id in self.ids if id in kept for each in options[id] if each.covers]
        )
        numbered = _Numbered({option.id for option in flat} | self.required | self._forced())
        return Problem(
            self.seating,
            tuple([numbered.option(option) for option in flat]),
            {id: numbered.option(options[id][0]) for id in numbered.ranks},
            tuple([self._weight(place) << numbered.bits for place in self.seating.places]),
            self.alike << numbered.bits,
            self.apart << numbered.bits,
            self.misfit_at + numbered.bits,
            self._areas_of_groups(),
        )

    def _forced(self) -> frozenset[str]:
        return frozenset() if self.forced is None else frozenset([self.forced])

    def _scale(self) -> None:
        """Give every merit as many bits as seven of the largest need."""
        merits = [self.seating.ranking.merits(id) for id in self.ids]
        plain = [self._plain(each) for each in merits] or [
            (0,) * (FIELDS + len(self.seating.ranking.currencies))
        ]
        widest = [max(column) for column in zip(*plain, strict=True)]
        widest[WAY] = len(PHASES)
        widest[MISFIT] += 100 + SAME_KIND * PAIRS  # another phase than the main one may suit far worse
        sizes = [(most * MOST_STEPS).bit_length() for most in widest]
        shifts = []
        total = 0
        for size in reversed(sizes):
            shifts.append(total)
            total += size
        self.shifts = tuple(reversed(shifts))
        self.misfit_at = self.shifts[MISFIT]
        self.alike = SAME_KIND << self.misfit_at
        self.way = 1 << self.shifts[WAY]
        self.place = 1 << total
        self.apart = self.place << 3
        self.lasting = self.apart << PAIRS.bit_length()
        self.named = self.lasting << len(self.seating.places).bit_length()
        self.need = self.named << WEIGHED

    def _weight(self, place: Place) -> int:
        if place.need == ANY:
            return self.way
        if place.phase is not None:
            return self.place
        if place.lasting:
            return self.lasting
        return self.need + self.named * weight_of(self.pool.needs.index(place.need))

    def _plain(self, merits: Merits) -> tuple[int, ...]:
        prices = tuple([int(price * PRICE_UNITS) for price in merits.to_find])
        first = (merits.uncertain, 0, merits.wish, merits.misfit, merits.repays)
        return (*first, *prices, merits.width, merits.finish, 1)

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
                    *(
                        next(self.seats),
                        self._group(id),
                        id,
                        phase,
                        covers,
                        tuple(bits_of(covers)),
                        cost + more,
                    ),
                    *(candidate.offer.kind, candidate.bundle[:-1]),
                )
            )
        return made

    def _group(self, id: str) -> int:
        return self.groups.setdefault(self.seating.unplaced(id), len(self.groups))

    def _areas_of_groups(self) -> tuple[int, ...]:
        numbers: dict[str, int] = {}
        descendants = self.pool.index.tree.descendants
        within = [{code for area in areas for code in descendants(area)} for areas in self.groups]
        return tuple(
            [sum({1 << numbers.setdefault(code, len(numbers)) for code in codes}) for codes in within]
        )

    def _kept(self, options: dict[str, list[Option]]) -> frozenset[str]:
        """Set aside every candidate that a better one of its like makes needless.

        Candidates are alike when they could stand for each other in any roadmap: they cover the same, are of
        one kind, exclude and require the same and lie in the same areas. A step must cover something that no
        other step covers, so of those alike no more can be used than there are phases they fill, and an
        unused better one could always take the place of a worse.
        """
        alike: defaultdict[tuple[Any, ...], list[str]] = defaultdict(list)
        kept = set(self._forced())
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
                ranked = sorted([options[id][seat] for id in ids], key=_rank)
                kept.update([option.id for option in ranked[:most]])
        return frozenset(kept)

    def _undominated(self, options: Sequence[Option]) -> list[Option]:
        """Set aside every option that another could always stand for.

        The other fills as much, costs no more whatever is chosen beside it, and is bound to nothing the
        first is not bound to. It must have one phase only; one of several might be needed in another.
        """
        kept: list[Option] = []
        better: defaultdict[str, list[tuple[int, int, str, int, str]]] = defaultdict(list)
        areas, excluded = self._areas_of_groups(), self.pool.index.excluded
        dearer = (MOST_STEPS - 1) * self.alike  # what a step may cost at most for being of a kind with others
        for option in sorted(options, key=_rank):
            if option.id in self.required or option.id == self.forced:
                kept.append(option)
                continue
            own, covers, kind, cost = areas[option.group], option.covers, option.kind, option.cost
            against = excluded.get(option.id, _NONE) | {option.id}
            for covered, within, other_kind, most, id in better[option.phase]:
                if covers & ~covered or (kind != other_kind and most >= cost):
                    continue
                if within and (not own or own & ~within):
                    continue
                if excluded.get(id, _NONE) <= against:
                    break
            else:
                kept.append(option)
                if not option.first and len(self.seating.phases(option.id)) == 1:
                    better[option.phase].append((covers, own, kind, cost + dearer, option.id))
        return kept

    def _likeness(self, id: str, options: Sequence[Option]) -> tuple[Any, ...]:
        return (
            tuple([(option.phase, option.covers) for option in options]),
            options[0].kind,
            options[0].first,
            self.pool.index.excluded.get(id, _NONE),
            self.seating.unplaced(id),
        )


class _Numbered:
    """Adds the ids to the costs, in the lowest bits, so that no two choices of steps cost the same.

    Of two choices of as many steps the one with the smaller ids costs less: each id has a bit of its own, the
    smaller the id the higher, and costs what is missing to all bits.
    """

    def __init__(self, ids: Iterable[str]) -> None:
        self.ranks = {id: rank for rank, id in enumerate(sorted(ids))}
        self.bits = len(self.ranks) + MOST_STEPS.bit_length()

    def option(self, option: Option) -> Option:
        count = len(self.ranks)
        own = (1 << count) - (1 << count - 1 - self.ranks[option.id])
        return option._replace(cost=(option.cost << self.bits) + own)


def _rank(option: Option) -> tuple[int, str]:
    return option.cost, option.id


def bits_of(covers: int) -> list[int]:
    """Return the numbers of the bits that are set, from the lowest."""
    found = []
    while covers:
        low = covers & -covers
        found.append(low.bit_length() - 1)
        covers ^= low
    return found


WAY, MISFIT, FIELDS = 1, 3, 8
_NONE: frozenset[str] = frozenset()
