"""Say whether a business is likely to fit an offer, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple, Protocol

from knowledge_base.area_words import AreaCriteria, Areas
from knowledge_base.fact_tests import LEFT_TO_CHECK, REFUSED, UNTOLD, Held, hold, prepared_facts
from knowledge_base.profile import Profile
from knowledge_base.records import Area, Criterion, Offer, Source


class Result(str, Enum):
    """What a criterion held against a profile comes to."""

    MET = "met"
    FAILED = "failed"
    UNKNOWN = "unknown"


_OF = {True: Result.MET, False: Result.FAILED, None: Result.UNKNOWN}
_VALUE = {result: value for value, result in _OF.items()}

VERDICTS = ("likely", "unsure", "unlikely")
"""From best to worst: the verdict on an offer is the worst that one of its criteria leads to."""


class Place(Protocol):
    """Where a business is, as a gazetteer found it; ``status`` is known, ambiguous, outside or unknown."""

    @property
    def name(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def areas(self) -> Iterable[str]: ...


class CriterionResult(NamedTuple):
    """One criterion, what it came to, and in plain words why.

    ``note`` says why a result is unknown (one of the reasons in `fact_tests`), ``members`` what each
    member of an ``any_of`` group came to. A tuple, because hundreds are made for every answer.
    """

    criterion: Criterion
    fact: str | None
    result: Result
    words: str
    source: Source
    note: str | None = None
    members: tuple[CriterionResult, ...] = ()


class Assessment(NamedTuple):
    """An offer's criteria held against a profile. ``verdict`` is likely, unlikely or unsure."""

    offer_id: str
    verdict: str
    criteria: tuple[CriterionResult, ...]
    to_check: tuple[str, ...]

    @property
    def unknown(self) -> tuple[CriterionResult, ...]:
        """The testable criteria that something still untold would settle."""
        if self.verdict == "likely":
            return ()
        return tuple(c for c in self.criteria if c.result is Result.UNKNOWN and c.note != LEFT_TO_CHECK)

    @property
    def failed(self) -> tuple[CriterionResult, ...]:
        return tuple(c for c in self.criteria if c.result is Result.FAILED)


class Business(Protocol):
    """Whom an offer is assessed for: says what any criterion comes to."""

    def held(self, criterion: Criterion) -> Held:
        """Hold a criterion that is not a group."""

    def where(self, codes: tuple[str, ...]) -> tuple[Criterion, Held]:
        """Hold the areas an offer is open in; return the criterion they make, and what it comes to."""


@dataclass(frozen=True)
class Situation:
    """A profile made ready once, to be held against many offers.

    ``facts`` holds what was told and not refused, in the form the tests compare; ``place`` is the told
    place as the gazetteer found it.
    """

    profile: Profile
    facts: Mapping[str, Any]
    place: Place | None
    areas: Areas
    named: AreaCriteria
    _standings: dict[frozenset[str], bool | None] = field(default_factory=dict, compare=False, repr=False)
    _where: dict[tuple[str, ...], tuple[Criterion, Held]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(
        cls,
        profile: Profile,
        catalogue_areas: Areas,
        resolve: Callable[[str], Place],
        areas: Mapping[str, Area] | AreaCriteria | None = None,
    ) -> Situation:
        """Prepare a profile; ``areas`` (by code, or made ready) lends the criterion on place its names."""
        facts = prepared_facts(profile)
        place = resolve(profile.place) if profile.place and "place" in facts else None
        named = areas if isinstance(areas, AreaCriteria) else AreaCriteria(catalogue_areas, areas or {})
        return cls(profile, facts, place, catalogue_areas, named)

    def standing(self, wanted: frozenset[str]) -> bool | None:
        """Say whether the business is in one of the wanted areas.

        A place that may be one of several is in them only when each of the several is; a place outside
        every known area is in none.
        """
        if wanted not in self._standings:
            self._standings[wanted] = self._find_standing(wanted)
        return self._standings[wanted]

    def _find_standing(self, wanted: frozenset[str]) -> bool | None:
        if self.place is None or self.place.status == "unknown":
            return None
        if self.place.status == "outside":
            return False
        return self.areas.standing(self.place.areas, wanted)

    def held(self, criterion: Criterion) -> Held:
        return hold(criterion, self)

    def where(self, codes: tuple[str, ...]) -> tuple[Criterion, Held]:
        """Hold the areas an offer is open in against the place; each set of areas once."""
        if codes not in self._where:
            criterion = self.named.criterion(codes)
            self._where[codes] = criterion, hold(criterion, self)
        return self._where[codes]


def assess(offer: Offer, business: Business) -> Assessment:
    """Hold every criterion of an offer against a business.

    The areas an offer is open in are its first criterion; an offer with none is open anywhere. The verdict
    is *unlikely* when a testable criterion failed, else *unsure* when one is unknown, else *likely*.

    Criteria in words only never change the verdict: they are left to check. So is an ``any_of`` group with
    a member in words only, unless another member is met: nobody can say that it failed.
    """
    source = offer.source
    found: list[CriterionResult] = []
    if offer.areas:
        criterion, (value, note) = business.where(offer.areas)
        found.append(CriterionResult(criterion, "place", _OF[value], criterion.words, source, note))
    for condition in offer.criteria:
        found.append(_result(condition, business, source))
    to_check: list[str] = []
    worst = 0
    for each in found:
        if each.note == LEFT_TO_CHECK:
            to_check.append(each.words)
        elif each.result is not Result.MET:
            worst = max(worst, weight(each.result, each.note))
    return Assessment(offer.id, VERDICTS[worst], tuple(found), tuple(to_check))


def weight(result: Result, note: str | None) -> int:
    """Return the place in `VERDICTS` of the verdict that one criterion leads to."""
    if result is Result.FAILED:
        return 2
    return 1 if result is Result.UNKNOWN and note != LEFT_TO_CHECK else 0


def weight_of(held: Held) -> int:
    """Return the same for what a criterion came to when it was held."""
    return weight(_OF[held[0]], held[1])


def any_holds(members: Sequence[Held]) -> Held:
    """Say what an ``any_of`` group comes to: met by one, failed by all, else unknown for the first reason."""
    values = [value for value, _ in members]
    if True in values:
        return True, None
    if None not in values:
        return False, None
    notes = [note for value, note in members if value is None]
    return None, next((reason for reason in (LEFT_TO_CHECK, UNTOLD, REFUSED) if reason in notes), notes[0])


def _result(criterion: Criterion, business: Business, source: Source) -> CriterionResult:
    own = criterion.source or source
    if criterion.any_of:
        return _group(criterion, business, own)
    if criterion.test is None:
        return CriterionResult(criterion, criterion.fact, Result.UNKNOWN, criterion.words, own, LEFT_TO_CHECK)
    value, note = business.held(criterion)
    return CriterionResult(criterion, criterion.fact, _OF[value], criterion.words, own, note)


def _group(criterion: Criterion, business: Business, source: Source) -> CriterionResult:
    members = tuple([_result(member, business, source) for member in criterion.any_of])
    value, note = any_holds([(_VALUE[member.result], member.note) for member in members])
    facts = {member.fact for member in members}
    fact = facts.pop() if len(facts) == 1 else None
    return CriterionResult(
        criterion, criterion.fact or fact, _OF[value], criterion.words, source, note, members
    )
