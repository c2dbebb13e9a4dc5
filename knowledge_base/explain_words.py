"""The sentences that say how an offer stands to a roadmap, and what it would take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from knowledge_base import bar_words, labels
from knowledge_base.area_words import with_article
from knowledge_base.eligibility import CriterionResult
from knowledge_base.nearest_words import a_form
from knowledge_base.roadmap.candidates import Pool
from knowledge_base.roadmap.rules import MOST_STEPS
from knowledge_base.roadmap.wording import told_words

if TYPE_CHECKING:
    from knowledge_base.explain import Explanation

MOST_CLAUSES = 3
MOST_NAMED = 2

FOR_ADVISERS = "it is for advisers, not for businesses"
NOT_PUBLISHED = "its record is not published"
DONE = "you have had it already"
AS_GOOD = "it would do as well as what is there; of equals the first by name is taken"
NO_ROOM = f"it does not fit into {MOST_STEPS} steps with all it asks for first"
TOO_LATE = "it closes before what it asks for first can be done"
TOO_LONG = f"it asks for more first than the {MOST_STEPS} steps a roadmap holds"
CLASH = "what it asks for first cannot be had together"
THE_SAME = "the same stands in the way of that"
CANNOT_BE_HAD = "that cannot be had"
CIRCLE = "what it asks for first goes round in a circle"


def missing(name: str) -> str:
    return f"it asks for {name} first, which is not among the records"


def not_asked(needs: Sequence[str]) -> str:
    about = [f"for {need}" for need in labels.needs(needs)]
    others = ", among other things," if len(about) > MOST_NAMED else ","
    named = labels.joined(about[:MOST_NAMED]) or "for nothing we know"
    return f"it is {named}{others} which you did not ask about"


def unmet(pool: Pool, result: CriterionResult) -> str:
    """Say which condition is not met, and what was told."""
    words = result.words.rstrip(". ")
    place = pool.situation.place
    if result.fact == "place" and place is not None:
        where = words.removeprefix("You are in ")
        here = "you are elsewhere" if place.status == "outside" else f"you are in {with_article(place.name)}"
        if where != words:
            return bar_words.for_businesses_in(where, here)
    asked = bar_words.asks(words) if words else f"something else of {labels.fact(result.fact or '')}"
    told = pool.situation.facts.get(result.fact or "")
    said = f"you are {a_form(str(told))}" if result.fact == "legal_form" else told_words(result.fact, told)
    return f"it asks {asked}; {said}" if said else f"it asks {asked}, which you do not meet"


def with_it(consequence: str, instead: Sequence[str]) -> str:
    """Say what a roadmap with the offer would have for it."""
    if consequence == AS_GOOD:
        return f"{AS_GOOD}: {few(instead)}" if instead else AS_GOOD
    return f"with it {f'in place of {few(instead)}' if instead else 'as one more step'}, {consequence}"


def few(names: Sequence[str]) -> str:
    """Name two, and say how many more there are."""
    if len(names) <= MOST_NAMED + 1:
        return labels.joined(names)
    return labels.joined([*names[:MOST_NAMED], f"{len(names) - MOST_NAMED} more"])


def reserve_for(name: str) -> str:
    return f"it is the reserve for {name}, should that fall through"


def fell_through(name: str) -> str:
    return f"{name} fell through"


def sentences(told: Explanation) -> list[str]:
    """Say an explanation in plain sentences, the reasons first and then what would let the offer in."""
    if told.standing == "step":
        where = f"step {told.step} of" if told.step else "a step of"
        return [f"{told.name} is {where} your roadmap."]
    if told.standing == "new":
        return [f"{told.name} is not in the roadmap as it was made, but would be a step if it were made now."]
    said = []
    reasons = [each.words for each in told.reasons]
    shown = reasons if len(reasons) <= MOST_CLAUSES else reasons[:MOST_NAMED]
    for number, words in enumerate(shown):
        said.append(_begun(told.name, words) if number == 0 else f"{_capital(words)}.")
    if len(shown) < len(reasons):
        said.append(f"And {len(reasons) - len(shown)} more things stand in its way.")
    return [*said, *_what_if(told)]


def in_short(told: Explanation) -> list[str]:
    """Say an explanation in at most three sentences: the reasons that matter most, and what it would take."""
    said = sentences(told)
    return said if len(said) <= MOST_CLAUSES else [*said[:MOST_NAMED], said[-1]]


def _what_if(told: Explanation) -> list[str]:
    """Say what would let the offer in; nothing where that is out of anybody's reach."""
    if told.changes and not all(each.within_reach for each in told.changes):
        return []
    clauses = [each.words for each in told.changes]
    if not clauses and told.after_changes:
        if told.reasons and told.reasons[0].about == told.falls:
            return []  # it was named as the reserve for that step
        return [f"It would be a step if {told.after_changes}."]
    if not clauses:
        return []
    if len(clauses) > MOST_CLAUSES:
        clauses = [*clauses[:MOST_NAMED], f"{len(clauses) - MOST_NAMED} more conditions were met"]
    clauses = _without_repeats(clauses)
    ifs = labels.joined(clauses) if len(clauses) < 3 else ", ".join([*clauses[:-1], f"and {clauses[-1]}"])
    if told.lets_in:
        return [f"It would be a step if {ifs}."]
    return [f"You could use it if {ifs}, though other offers would still come before it."]


def _without_repeats(clauses: Sequence[str]) -> list[str]:
    """Say “you told us” once: “you told us that … and that …”."""
    lead = "you told us that "
    return [
        each.removeprefix("you told us ")
        if n and each.startswith(lead) and clauses[n - 1].startswith(lead)
        else each
        for n, each in enumerate(clauses)
    ]


def _begun(name: str, words: str) -> str:
    """Begin with the name: “it closed …” becomes “Name closed …”."""
    for pronoun, own in (("it ", name), ("its ", f"{name}’s"), ("with it ", f"With {name}")):
        if words.startswith(pronoun):
            return f"{own} {words[len(pronoun) :]}."
    return f"{name}: {words}."


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
