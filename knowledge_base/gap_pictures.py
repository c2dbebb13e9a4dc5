"""Make figures that may be shown of what is missing: each is ten or more, and so is every difference.

The counts of one need are cut twice, and what is cut is never cut anew, so that looking again later, or at
other months, tells no more than looking once.

1. In time: months are added up until there are `FEWEST_SHOWN`. The running month is left out.
2. By area, size, sector and reason, each by itself: such stretches are added up until most of what they
   count is in groups of `FEWEST_SHOWN` or more, or a year is over. Smaller groups are kept back. Were all
   that is kept back fewer than `FEWEST_SHOWN`, whoever subtracts would know it: the smallest group shown is
   then kept back with it.

What the four ways of grouping share is the total of each stretch, which is shown: so none tells about
another, and no group is crossed with a second. That a group is empty may come out; it is about no business.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge_base.gap_groups import GapSeen

FEWEST_SHOWN = 10
LONGEST = 12  # months that groups wait for each other
MOST_TOLD = (2, 3)  # of a stretch, the part that is in groups large enough, for it to be shown
WAYS: Mapping[str, Callable[[GapSeen], str]] = {
    "area": lambda gap: gap.area,
    "size_band": lambda gap: gap.size_band,
    "sector": lambda gap: gap.sector,
    "reason": lambda gap: gap.reason,
}
TOTAL = "all"


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a need had no step in one month (2026-11), for businesses of one kind."""

    month: str
    gap: GapSeen
    count: int


@dataclass(frozen=True, slots=True)
class Figure:
    """How often a need had no step from one month until another, both included: ten times or more.

    ``by`` is ``all``, or the way of grouping that ``which`` is a group of; "" is not known.
    """

    need: str
    since: str
    until: str
    by: str
    which: str
    count: int


def figures(counts: Iterable[Counted], before: str) -> list[Figure]:
    """Return all that may be shown of the months before one (2026-11), by need and time."""
    kept = [each for each in counts if each.month < before and each.count > 0]
    if not kept:
        return []
    first = min(each.month for each in kept)
    by_need: dict[str, dict[str, list[Counted]]] = defaultdict(lambda: defaultdict(list))
    for each in kept:
        by_need[each.gap.need][each.month].append(each)
    found: list[Figure] = []
    for need, months in sorted(by_need.items()):
        stretches = _stretches(months, first)
        found += [Figure(need, s.since, s.until, TOTAL, "", s.count) for s in stretches]
        for by in WAYS:
            found += _grouped(need, by, stretches)
    return found


@dataclass(frozen=True)
class _Stretch:
    since: str
    until: str
    counts: tuple[Counted, ...]

    @property
    def count(self) -> int:
        return sum(each.count for each in self.counts)

    def groups(self, by: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for each in self.counts:
            found[WAYS[by](each.gap)] += each.count
        return found


def _stretches(months: Mapping[str, Sequence[Counted]], first: str) -> list[_Stretch]:
    """Add up months until there are enough; what is left at the end waits for more."""
    found: list[_Stretch] = []
    waiting: list[Counted] = []
    since = first
    for month in sorted(months):
        waiting += months[month]
        if sum(each.count for each in waiting) >= FEWEST_SHOWN:
            found.append(_Stretch(since, month, tuple(waiting)))
            since, waiting = after(month), []
    return found


def _grouped(need: str, by: str, stretches: Iterable[_Stretch]) -> list[Figure]:
    """Add up stretches until most of what they count may be told apart, or they are a year long."""
    found: list[Figure] = []
    waiting: list[_Stretch] = []
    for each in stretches:
        waiting.append(each)
        whole = _Stretch(waiting[0].since, each.until, tuple(c for one in waiting for c in one.counts))
        shown = open_groups(whole.groups(by))
        told, enough = sum(shown.values()) * MOST_TOLD[1], whole.count * MOST_TOLD[0]
        if told >= enough or months_between(whole.since, whole.until) >= LONGEST:
            found += [Figure(need, whole.since, whole.until, by, g, n) for g, n in sorted(shown.items())]
            waiting = []
    return found


def open_groups(groups: Mapping[str, int]) -> dict[str, int]:
    """Return the groups to show beside their total: what is kept back is nothing, or enough."""
    shown = {group: count for group, count in groups.items() if count >= FEWEST_SHOWN}
    kept_back = sum(groups.values()) - sum(shown.values())
    if 0 < kept_back < FEWEST_SHOWN and shown:
        del shown[min(shown, key=lambda group: (shown[group], group))]
    return shown


def after(month: str) -> str:
    """Return the month after one."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"


def months_between(since: str, until: str) -> int:
    """Count months, both included."""
    return (int(until[:4]) - int(since[:4])) * 12 + int(until[5:]) - int(since[5:]) + 1


def within(shown: Iterable[Figure], since: str | None = None, until: str | None = None) -> list[Figure]:
    """Return the figures that lie wholly within some months: none is cut, or the cut would tell of few."""
    return [
        each
        for each in shown
        if (since is None or each.since >= since) and (until is None or each.until <= until)
    ]


@dataclass(frozen=True)
class GapMap:
    """Figures added up for pictures. Every sum is of figures that are shown: it is “at least” so many."""

    figures: tuple[Figure, ...]

    def totals(self) -> dict[str, int]:
        """How often each need had no step, the most often first."""
        found: Counter[str] = Counter()
        for each in self.figures:
            if each.by == TOTAL:
                found[each.need] += each.count
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    def cells(self, by: str, need: str | None = None) -> dict[tuple[str, str], int]:
        """How often by need and group; what is not in it is fewer than ten, or kept back."""
        found: Counter[tuple[str, str]] = Counter()
        for each in self.figures:
            if each.by == by and (need is None or each.need == need):
                found[each.need, each.which] += each.count
        return dict(found)

    def groups(self, by: str, need: str | None = None) -> dict[str, int]:
        """How often in each group over all needs, or for one, the most often first."""
        found: Counter[str] = Counter()
        for (_, which), count in self.cells(by, need).items():
            found[which] += count
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    def stretches(self, need: str) -> list[Figure]:
        """The totals of one need in time."""
        return [each for each in self.figures if each.need == need and each.by == TOTAL]
