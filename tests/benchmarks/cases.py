"""What roadmaps are measured on: businesses, what they ask for, and which of them are the slow ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

from knowledge_base.profile import Profile
from knowledge_base.words import NEEDS
from tests.benchmarks.figures import TIMES, best_ms, percentile
from tests.benchmarks.report import number
from tests.benchmarks.worlds import BUSINESSES, NEEDS_ASKED


@dataclass(frozen=True)
class Case:
    """One business asking for some needs at once."""

    business: str
    profile: Profile
    needs: tuple[str, ...]

    @property
    def words(self) -> str:
        """Say who asks for how much."""
        if len(self.needs) == 1:
            return f"{self.needs[0]} for {self.business}"
        return f"{'all ' if len(self.needs) == len(NEEDS) else ''}{len(self.needs)} needs of {self.business}"


@dataclass(frozen=True)
class Timed:
    """One case, how long it took, and what came of it."""

    case: Case
    ms: float
    made: Any = None


CASES = tuple(
    Case(business, profile, needs) for (business, profile), needs in product(BUSINESSES.items(), NEEDS_ASKED)
)


def timed(work: Callable[[Case], Any], cases: Sequence[Case] = CASES, times: int = TIMES) -> list[Timed]:
    """Run the work for each case a few times, the best time counting; keep what the last run made."""
    made: dict[Case, Any] = {}

    def one(case: Case) -> None:
        made[case] = work(case)

    return [Timed(case, best_ms(partial(one, case), times), made[case]) for case in cases]


def share_of(found: Sequence[Timed], share: float) -> float:
    """Return the time that this share (0 to 1) of the cases do not exceed, in milliseconds."""
    return percentile([each.ms for each in found], share)


def slowest(found: Sequence[Timed], most: int = 3) -> str:
    """Name the slowest cases, the slowest first, with the milliseconds they took."""
    first = sorted(found, key=lambda each: -each.ms)[:most]
    return "; ".join(f"{each.case.words}, {number(each.ms)} ms" for each in first)


def asking(found: Sequence[Timed], needs: int) -> list[Timed]:
    """Return the cases that ask for this many needs at once."""
    return [each for each in found if len(each.case.needs) == needs]
