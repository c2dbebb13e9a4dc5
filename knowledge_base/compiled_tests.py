"""The distinct tests of a catalogue: however many offers share one, a business is held against it once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from knowledge_base.eligibility import Situation, any_holds, weight_of
from knowledge_base.fact_tests import LEFT_TO_CHECK, Held, hold
from knowledge_base.records import Criterion, Test

Outcome = bool | str
"""What a test comes to, in one value: True, False, or the reason why nobody can say."""

IN_WORDS = 0
"""The number of what has no test: it is always left to check."""

MOST_TOLD = 128  # answers remembered for each fact; businesses tell the same few again and again


class Part(NamedTuple):
    """What all tests of one fact come to for one answer, in their order."""

    outcomes: list[Outcome]
    weights: np.ndarray


class Tests:
    """The tests that criteria make, numbered, those of one fact beside each other. Keep it with the criteria.

    What a test comes to depends on the test and on what was told of its fact, and on nothing else: so it is
    remembered by the answer, and the next business in Dudley is not held against every area again.
    """

    def __init__(self, criteria: Iterable[Criterion], places: Iterable[Test]) -> None:
        by_fact: dict[str | None, dict[Test, None]] = {"place": dict.fromkeys(places)}
        tested = [leaf for criterion in criteria for leaf in leaves(criterion) if leaf.test is not None]
        for leaf in tested:
            assert leaf.test is not None
            by_fact.setdefault(leaf.fact, {})[leaf.test] = None
        self._facts = {
            fact: tuple(Criterion("", fact, test) for test in tests) for fact, tests in by_fact.items()
        }
        each = (test for tests in self._facts.values() for test in tests)
        self._numbers = {(test.fact, test.test): number for number, test in enumerate(each, IN_WORDS + 1)}
        self._same = {id(leaf): self._numbers[leaf.fact, leaf.test] for leaf in tested}
        self._groups: dict[tuple[int, ...], int] = {}
        self._parts: dict[str | None, dict[Any, Part]] = {fact: {} for fact in self._facts}

    def __len__(self) -> int:
        return 1 + len(self._numbers) + len(self._groups)

    def number(self, criterion: Criterion) -> int:
        """Return the number of a criterion; equal tests, and groups of equal tests, have the same.

        Raises:
            KeyError: no criterion with this test was given.
        """
        if criterion.any_of:
            members = tuple(self.number(member) for member in criterion.any_of)
            return self._groups.setdefault(members, len(self))
        if criterion.test is None:
            return IN_WORDS
        known = self._same.get(id(criterion))  # comparing tests costs more than holding them
        return self._numbers[criterion.fact, criterion.test] if known is None else known

    def hold(self, situation: Situation) -> list[Outcome]:
        """Return what every test comes to for one business, by number."""
        outcomes: list[Outcome] = [LEFT_TO_CHECK]
        for fact in self._facts:
            outcomes += self._part(fact, situation).outcomes
        for members in self._groups:
            outcomes.append(as_outcome(any_holds([as_held(outcomes[member]) for member in members])))
        return outcomes

    def weigh(self, situation: Situation, outcomes: Sequence[Outcome]) -> np.ndarray:
        """Return the verdict each test leads to alone, by number, as places in `VERDICTS`."""
        words = [weight_of(as_held(outcomes[IN_WORDS]))]
        groups = [weight_of(as_held(outcomes[number])) for number in self._groups.values()]
        parts = [self._part(fact, situation).weights for fact in self._facts]
        return np.concatenate([np.array(words, np.uint8), *parts, np.array(groups, np.uint8)])

    def _part(self, fact: str | None, situation: Situation) -> Part:
        answer, kept = _answer(fact, situation), self._parts[fact]
        try:
            found = kept.get(answer)
        except TypeError:  # an answer of no known kind, made by hand
            return self._held(fact, situation)
        if found is None:
            found = self._held(fact, situation)
            if len(kept) >= MOST_TOLD:
                kept.clear()
            kept[answer] = found
        return found

    def _held(self, fact: str | None, situation: Situation) -> Part:
        held = [hold(test, situation) for test in self._facts[fact]]
        weights = np.array([weight_of(each) for each in held], np.uint8)
        return Part([as_outcome(each) for each in held], weights)


def _answer(fact: str | None, situation: Situation) -> Any:
    """Return all that `hold` looks at when it tests a fact: what was told, or whether it was refused."""
    told = situation.facts.get(fact) if fact is not None else None
    if told is None:
        return fact in situation.profile.refused
    if fact == "place" and situation.place is not None:
        return situation.place.status, frozenset(situation.place.areas)
    return type(told), told


def leaves(criterion: Criterion) -> Iterator[Criterion]:
    """Yield a criterion, or in its place the members of its groups, however deep."""
    if not criterion.any_of:
        yield criterion
    for member in criterion.any_of:
        yield from leaves(member)


def as_outcome(held: Held) -> Outcome:
    value, note = held
    return value if value is not None else note or ""


def as_held(outcome: Outcome) -> Held:
    return (None, outcome) if isinstance(outcome, str) else (outcome, None)
