"""Say whether a business is likely to fit an offer, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple, Protocol

from knowledge_base.area_words import AreaCriteria, Areas
from knowledge_base.fact_tests import LEFT_TO_CHECK, REFUSED, UNTOLD, hold, prepared_facts
from knowledge_base.profile import Profile
from knowledge_base.records import Area, Criterion, Offer, Source


class Result(str, Enum):
    """What a criterion held against a profile comes to."""

    MET = "met"
    FAILED = "failed"
    UNKNOWN = "unknown"


_OF = {True: Result.MET, False: Result.FAILED, None: Result.UNKNOWN}


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
    _where: dict[tuple[str, ...], tuple[Criterion, Result, str | None]] = field(
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

    def where(self, codes: tuple[str, ...]) -> tuple[Criterion, Result, str | None]:
        """Hold the areas an offer is open in against the place: the criterion, its result, and the reason."""
        if codes not in self._where:
            criterion = self.named.criterion(codes)
            value, note = hold(criterion, self)
            self._where[codes] = (criterion, _OF[value], note)
        return self._where[codes]


def assess(offer: Offer, situation: Situation) -> Assessment:
    """Hold every criterion of an offer against a business.

    The areas an offer is open in are its first criterion; an offer with none is open anywhere. The verdict
    is *unlikely* when a testable criterion failed, else *unsure* when one is unknown, else *likely*.

    Criteria in words only never change the verdict: they are left to check. So is an ``any_of`` group with
    a member in words only, unless another member is met: nobody can say that it failed.
    """
    source = offer.source
    found: list[CriterionResult] = []
    to_check: list[str] = []
    verdict = "likely"
    if offer.areas:
        criterion, result, note = situation.where(offer.areas)
        found.append(CriterionResult(criterion, "place", result, criterion.words, source, note))
        if result is not Result.MET:
            verdict = "unlikely" if result is Result.FAILED else "unsure"
    for criterion in offer.criteria:
        if criterion.test is None and not criterion.any_of:
            found.append(_in_words(criterion, source))
            to_check.append(criterion.words)
            continue
        each = _held(criterion, situation, source)
        found.append(each)
        if each.result is Result.FAILED:
            verdict = "unlikely"
        elif each.note == LEFT_TO_CHECK:
            to_check.append(each.words)
        elif each.result is Result.UNKNOWN and verdict == "likely":
            verdict = "unsure"
    return Assessment(offer.id, verdict, tuple(found), tuple(to_check))


def _in_words(criterion: Criterion, source: Source) -> CriterionResult:
    own = criterion.source or source
    return CriterionResult(criterion, criterion.fact, Result.UNKNOWN, criterion.words, own, LEFT_TO_CHECK)


def _held(criterion: Criterion, situation: Situation, source: Source) -> CriterionResult:
    if criterion.any_of:
        return _group(criterion, situation, source)
    value, note = hold(criterion, situation)
    return CriterionResult(
        criterion, criterion.fact, _OF[value], criterion.words, criterion.source or source, note
    )


def _group(criterion: Criterion, situation: Situation, source: Source) -> CriterionResult:
    members = tuple(_held(member, situation, criterion.source or source) for member in criterion.any_of)
    results = {member.result for member in members}
    note = None
    if Result.MET in results:
        result = Result.MET
    elif Result.UNKNOWN in results:
        result = Result.UNKNOWN
        notes = [member.note for member in members if member.result is Result.UNKNOWN]
        note = next((reason for reason in (LEFT_TO_CHECK, UNTOLD, REFUSED) if reason in notes), notes[0])
    else:
        result = Result.FAILED
    facts = {member.fact for member in members}
    fact = facts.pop() if len(facts) == 1 else None
    return CriterionResult(
        criterion, criterion.fact or fact, result, criterion.words, criterion.source or source, note, members
    )
