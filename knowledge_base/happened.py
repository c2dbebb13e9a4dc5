"""What happened since a roadmap was made, and what is asked after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from knowledge_base.asked import Asked, DoneStep
from knowledge_base.profile import BadProfile, code, dump_profile, parse_profile
from knowledge_base.words import FACTS, KINDS, NEEDS


class BadProgress(ValueError):
    """Something that cannot have happened; the message names it and says what to give instead."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What a business told since its roadmap was made; each part may be empty, and may be told again.

    ``done``, ``turned_down`` (they said no) and ``skipped`` (the business would rather not) hold ids of
    offers, ``refuses`` kinds of help. ``facts`` are facts told or changed, in the JSON shape of a profile;
    ``withdrawn_facts`` names facts no longer told. ``needs`` are asked for as well, after those before;
    ``prefer`` and ``near`` replace what was said before, unless they are None.
    """

    done: tuple[str, ...] = ()
    turned_down: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    withdrawn_facts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    prefer: str | None = None
    near: str | None = None

    @property
    def offers(self) -> tuple[str, ...]:
        """Every offer named, once."""
        return tuple(dict.fromkeys((*self.done, *self.turned_down, *self.skipped)))


def told_since(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Compare two profiles, as `dump_profile` writes them: facts told or changed, and facts withdrawn."""
    changed = {fact: value for fact, value in now.items() if before.get(fact) != value}
    return changed, tuple(fact for fact in before if fact not in now)


def asked_after(asked: Asked, happened: Happened, on: date, names: Mapping[str, str]) -> Asked:
    """Return what is asked on a day, after what happened; a day before the roadmap's own counts as that.

    What is done stays done, whatever else is said of it. ``names`` gives the offers we know of.

    Raises:
        BadProgress: an offer, a kind, a need or a fact is not one we know.
        BadProfile: a fact cannot be read.
    """
    _refuse_unknown(happened, names)
    on = max(on, asked.on)
    raw = dump_profile(asked.profile)
    before = (*asked.profile.done, *(step.offer for step in asked.done_steps))
    for fact in happened.withdrawn_facts:
        raw.pop(fact, None)
    raw |= happened.facts
    told = parse_profile(raw)
    done = _merged(before, told.done, happened.done)
    refuses = _merged(told.refuses, (code(kind) for kind in happened.refuses))
    # What is told is not refused any more, unless both are said at once.
    heard = {fact for fact, value in happened.facts.items() if value not in (None, "", [])}
    events = {fact for fact, value in (("done", done), ("refuses", happened.refuses)) if value}
    out = events if happened.facts.get("refused") else events | heard
    kept = tuple(fact for fact in told.refused if fact not in out)
    noted = {*asked.profile.done, *(step.offer for step in asked.done_steps)}
    heard_of = [offer for offer in done if offer in names and offer not in noted]
    fresh = [DoneStep(offer, names[offer], on) for offer in heard_of]
    return replace(
        asked,
        needs=_merged(asked.needs, happened.needs),
        profile=replace(told, done=done, refuses=refuses, refused=kept),
        on=on,
        turned_down=_without(done, asked.turned_down, happened.turned_down),
        skipped=_without((*done, *asked.turned_down, *happened.turned_down), asked.skipped, happened.skipped),
        prefer=happened.prefer or asked.prefer,
        near=happened.near or asked.near,
        done_steps=(*asked.done_steps, *fresh),
    )


def _refuse_unknown(happened: Happened, names: Mapping[str, str]) -> None:
    for offer in happened.offers:
        if offer not in names:
            raise BadProgress(f"{offer[:60]!r} is not an offer we know; use the id a step of the roadmap has")
    for kind in happened.refuses:
        if code(kind) not in KINDS:
            raise BadProgress(f"{kind[:60]!r} is not a kind of help; use one of {', '.join(KINDS)}")
    for need in happened.needs:
        if need not in NEEDS:
            raise BadProgress(f"{need[:60]!r} is not a need; use one of {', '.join(NEEDS)}")
    for fact in happened.withdrawn_facts:
        if fact not in (*FACTS, "refused"):
            raise BadProfile(f"{fact[:60]}: not a fact we know; use one of {', '.join(FACTS)}, refused")


def _merged(*parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for part in parts for value in part))


def _without(out: Iterable[str], *parts: Iterable[str]) -> tuple[str, ...]:
    gone = frozenset(out)
    return tuple(value for value in _merged(*parts) if value not in gone)
