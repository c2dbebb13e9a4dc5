"""What a roadmap is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from knowledge_base.funding import Funding
from knowledge_base.profile import Profile
from knowledge_base.records import Assurance, Edition, Money, Source

NOTHING_OPEN = "nothing open"
NOTHING_LIKELY = "nothing you are likely to fit"
REFUSED_KINDS = "refused"
NO_ROOM = "no room"


@dataclass(frozen=True, slots=True)
class Payment:
    """The money an offer brings, exactly as its record gives it; ``None`` is not known."""

    words: str
    min: Money | None
    max: Money | None
    rate_percent: Decimal | None
    paid: str | None
    meaning: str


@dataclass(frozen=True, slots=True)
class Step:
    """Do this offer, for these needs, because.

    ``starts`` is the earliest day that works, as far as is known: where ``start_known`` is False its window
    has no day; ``ends`` follows from the record's duration, and equals ``starts`` where the duration is not
    known. ``unsure_facts`` names the facts behind ``unsure``, and ``reserve`` another offer to turn to, where
    the step can fall through and one exists.
    """

    offer: str
    name: str
    provider: str
    kind: str
    summary: str
    needs: tuple[str, ...]
    phase: str
    verdict: str
    why: tuple[str, ...]
    unsure: tuple[str, ...]
    unsure_facts: tuple[str, ...]
    to_check: tuple[str, ...]
    prepare: tuple[str, ...]
    starts: date
    ends: date
    apply_by: date | None
    start_known: bool
    dated: bool
    window_words: str
    cost: str
    cost_to_business: Money | None
    hours: Decimal | None
    funding: Payment | None
    requires: tuple[str, ...]
    reserve: str | None
    evidence: str | None
    source: Source
    source_checked: date | None
    assured: Assurance | None
    edition: Edition | None = None

    @property
    def source_date(self) -> str | None:
        """The date its page gives for itself, as written."""
        return self.source.date


@dataclass(frozen=True, slots=True)
class Phase:
    """The steps of one phase, in order."""

    phase: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A need without a step: the reason, in words, and the offers those words name."""

    need: str
    reason: str
    words: str
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """The fact to ask next: how many undecided criteria it settles, and of which offers.

    ``sharper`` asks again, once, for a fact that was told too coarsely to decide.
    """

    fact: str
    settles: int
    offers: tuple[str, ...]
    sharper: bool = False


@dataclass(frozen=True, slots=True)
class Roadmap:
    """Steps in phases for one profile and its needs on one date.

    ``proven`` says that no better roadmap exists; it is False where the search ended at its limit of work.
    """

    needs: tuple[str, ...]
    on: date
    profile: Profile
    phases: tuple[Phase, ...]
    gaps: tuple[Gap, ...]
    funding: Funding
    next_question: Question | None
    proven: bool = True

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step, in the order to take them."""
        return tuple(step for phase in self.phases for step in phase.steps)
