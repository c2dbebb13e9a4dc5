"""What the catalogue is made of: plain frozen records, with no storage and no clock."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217). Currencies are never added."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Source:
    """The page a fact was seen on, and when somebody last looked."""

    url: str | None
    title: str | None = None
    date: str | None = None
    seen: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """Both bounds are included; ``None`` leaves that side open. Money bounds carry a currency."""

    low: Decimal | None
    high: Decimal | None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class NoneOf:
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Within:
    """Codes of areas; the place must lie in one of them."""

    areas: frozenset[str]


Test = Between | OneOf | NoneOf | Within


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition an offer puts on one fact about a business.

    With ``fact`` and ``test`` it can be tested; with ``any_of`` it holds when one of the group
    holds; with neither it has words only and is left for the provider to check.
    """

    words: str
    fact: str | None = None
    test: Test | None = None
    any_of: tuple[Criterion, ...] = ()
    source: Source | None = None

    @property
    def testable(self) -> bool:
        return self.test is not None or bool(self.any_of)


@dataclass(frozen=True, slots=True)
class Amount:
    """What the money in an offer is. ``meaning`` says whether ``max`` is paid out at all."""

    currency: str | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    rate_percent: Decimal | None = None
    cost_to_business: Decimal | None = None
    cost_words: str | None = None
    paid: str | None = None  # in_arrears | in_advance | None: not known
    meaning: str = "payment"  # payment | limit | price: a limit or a price is never money received
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """One time an event is held. ``starts`` and ``ends`` are days, or moments with their zone.

    ``ends`` is its last day, included, or None where only the beginning is known. ``uid`` stays the same
    whatever changes, and ``sequence`` counts the changes its organiser has told, as in iCalendar.
    """

    uid: str
    starts: date | datetime.datetime
    ends: date | datetime.datetime | None = None
    name: str | None = None
    place: str | None = None
    online: bool | None = None
    booking: str | None = None
    status: str = "planned"  # planned | cancelled | moved
    sequence: int = 0
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """When an offer can be used. ``opens`` and ``closes`` are days; ``*_text`` keeps month precision.

    Where there are ``editions``, what lies ahead follows from them; see `knowledge_base.windows`.
    """

    status: str = "unknown"
    opens: date | None = None
    closes: date | None = None
    opens_text: str | None = None  # as written: 2021-01 or 2021-01-15
    closes_text: str | None = None
    usual_month: int | None = None
    note: str | None = None
    editions: tuple[Edition, ...] = ()


@dataclass(frozen=True, slots=True)
class Assurance:
    """A curator's dated statement that a record is right, and until when."""

    by: str
    on: date
    until: date


@dataclass(frozen=True, slots=True)
class Area:
    """A place offers can be limited to. It may lie within several others."""

    code: str
    name: str
    within: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provider:
    """The organisation that delivers an offer."""

    id: str
    name: str
    type: str
    aliases: tuple[str, ...] = ()
    url: str | None = None
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing a business can use, join, attend or apply for."""

    id: str
    name: str
    kind: str
    provider: str
    areas: tuple[str, ...]
    needs: tuple[str, ...]
    stages: tuple[str, ...]
    summary: str = ""
    local_name: str | None = None
    aliases: tuple[str, ...] = ()
    status: str = "published"  # draft | published | withdrawn
    criteria: tuple[Criterion, ...] = ()
    amount: Amount = field(default_factory=Amount)
    duration_weeks: int | None = None
    hours: Decimal | None = None
    window: Window = field(default_factory=Window)
    requires: tuple[str, ...] = ()
    leads_to: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    succeeded_by: str | None = None
    part_of: str | None = None
    series: str | None = None
    prepare: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    audience: str = "owner"  # owner | broker
    evidence: str | None = None
    source: Source = field(default_factory=lambda: Source(url=None))
    assured: Assurance | None = None

    @property
    def editions(self) -> tuple[Edition, ...]:
        """Each time the event is held that the record knows of."""
        return self.window.editions

    def ended(self, closes: date | None = None, succeeded_by: str | None = None) -> Offer:
        """Return this offer as it reads once it is over; what is not said stays as it was."""
        window = replace(self.window, status="closed")
        if closes:
            window = replace(window, closes=closes, closes_text=None)
        return replace(self, window=window, succeeded_by=succeeded_by or self.succeeded_by)


@dataclass(frozen=True)
class Catalogue:
    """Every record one answer may use. Drafts and withdrawn offers are left out by whoever builds it."""

    areas: Mapping[str, Area]
    offers: Mapping[str, Offer]
    providers: Mapping[str, Provider] = field(default_factory=dict)

    @classmethod
    def of(
        cls, areas: Iterable[Area], offers: Iterable[Offer], providers: Iterable[Provider] = ()
    ) -> Catalogue:
        """Build a catalogue, keyed by code or id and in order of it, so that results are stable."""
        return cls(
            MappingProxyType({a.code: a for a in sorted(areas, key=lambda a: a.code)}),
            MappingProxyType({o.id: o for o in sorted(offers, key=lambda o: o.id)}),
            MappingProxyType({p.id: p for p in sorted(providers, key=lambda p: p.id)}),
        )
