"""What somebody knew of a roadmap when they last looked, so that what they tell next undoes nothing since.

An owner and an adviser plan the same roadmap, each with facts of their own at hand. Which of those are news
is seen against what both held before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge_base.profile import BadProfile, dump_profile, parse_profile

REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Known:
    """What a roadmap was made from: its needs in order, and its facts as `dump_profile` writes them."""

    needs: tuple[str, ...]
    profile: Mapping[str, Any]

    def dumped(self) -> dict[str, Any]:
        """Write it as plain JSON values."""
        return {"needs": list(self.needs), "profile": dict(self.profile)}


def read_known(raw: Any) -> Known | None:
    """Read what `Known.dumped` wrote, or what a roadmap's document says it was made from.

    None where that is nothing, or cannot be read.
    """
    if not isinstance(raw, Mapping):
        return None
    needs, profile = raw.get("needs"), raw.get("profile")
    if not isinstance(needs, list | tuple) or not isinstance(profile, Mapping):
        return None
    try:
        facts = dump_profile(parse_profile(profile))
    except BadProfile:
        return None
    return Known(tuple(str(need) for need in needs), facts)


def needs_onto(before: Sequence[str], told: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    """Put what changed from ``before`` to ``told`` onto the needs as they are ``there`` meanwhile."""
    if tuple(there) == tuple(before):
        return tuple(told)
    return tuple(_list_onto(before, told, there))


def facts_onto(
    before: Mapping[str, Any], told: Mapping[str, Any], there: Mapping[str, Any]
) -> dict[str, Any]:
    """Put what changed from ``before`` to ``told`` onto the facts as they are ``there`` meanwhile.

    Of a list, such as the steps done, what came goes in and what went goes out; the rest stays.
    """
    was, now = plainly(before), plainly(told)
    profile = dict(there)
    for fact in (*was, *now):
        if was.get(fact) == now.get(fact):
            continue
        mine, theirs = told.get(fact, now.get(fact)), there.get(fact)
        listed = any(isinstance(value, list) for value in (was.get(fact), now.get(fact)))
        if listed and theirs != was.get(fact):
            mine = _list_onto(was.get(fact) or (), now.get(fact) or (), theirs or ())
        profile[fact] = mine
        if mine in (None, []):
            del profile[fact]
    # What is told now is not kept back, and what either kept back is not told.
    news = {fact for fact in now if fact != REFUSED and was.get(fact) != now[fact]}
    kept_back = [fact for fact in profile.pop(REFUSED, None) or () if fact not in news]
    if kept_back:
        profile[REFUSED] = kept_back
    return {fact: value for fact, value in profile.items() if fact not in kept_back}


def plainly(profile: Mapping[str, Any]) -> dict[str, Any]:
    """A profile as every other one is written, so that two are compared by what they say."""
    try:
        return dump_profile(parse_profile(profile))
    except BadProfile:
        return dict(profile)


def _list_onto(before: Sequence[str], told: Sequence[str], there: Sequence[str]) -> list[str]:
    gone = {*before} - {*told}
    new = [each for each in told if each not in before]
    return [*dict.fromkeys((*(each for each in there if each not in gone), *new))]
