"""What a roadmap was made from, besides the records: enough to make it again another day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from knowledge_base.profile import BadProfile, Profile, dump_profile, parse_profile
from knowledge_base.records import Money
from knowledge_base.words import NEEDS

Document = Mapping[str, Any]


class BadSaved(ValueError):
    """A roadmap document that cannot be planned again; the message names what is wrong and the way out."""


@dataclass(frozen=True, slots=True)
class DoneStep:
    """A step that was done: it stays done. ``on`` is the day we heard of it, None where that is not known."""

    offer: str
    name: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What one business asked and told, in the order asked.

    ``turned_down`` names offers that said no, ``skipped`` those the business would rather not do; neither
    is advised again. A bare ``cost`` is in the currency of the country the business is in. ``near`` is an
    opaque text that says what the business's words were near to. ``catalogue_version`` is the version of
    the records used, 0 where they came from a file.
    """

    needs: tuple[str, ...]
    profile: Profile
    on: date
    cost: Decimal | Money | None = None
    turned_down: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    prefer: str | None = None
    audience: str = "owner"
    near: str | None = None
    done_steps: tuple[DoneStep, ...] = ()
    catalogue_version: int = 0

    @property
    def out(self) -> tuple[str, ...]:
        """Every offer that is not to be advised again, though it was not done."""
        return (*self.turned_down, *self.skipped)


def dump_asked(asked: Asked) -> dict[str, Any]:
    """Write what a roadmap was made from as plain JSON values, for `parse_asked`."""
    return {
        "needs": list(asked.needs),
        "profile": dump_profile(asked.profile),
        "on": asked.on.isoformat(),
        "cost": _dumped_cost(asked.cost),
        "turned_down": list(asked.turned_down),
        "skipped": list(asked.skipped),
        "prefer": asked.prefer,
        "audience": asked.audience,
        "near": asked.near,
        "done_steps": dump_done(asked.done_steps),
        "catalogue_version": asked.catalogue_version,
    }


def dump_done(steps: Iterable[DoneStep]) -> list[dict[str, Any]]:
    """Write the steps done: what, its name, and the day we heard of it."""
    return [{"offer": s.offer, "name": s.name, "on": s.on.isoformat() if s.on else None} for s in steps]


def parse_asked(raw: Document) -> Asked:
    """Read what `dump_asked` wrote.

    Raises:
        BadSaved: something in it cannot be read.
    """
    needs = _words(raw, "needs")
    unknown = [need for need in needs if need not in NEEDS]
    if unknown or not needs:
        what = f"{unknown[0][:60]!r} is not a need" if unknown else "there is no need in it"
        raise BadSaved(f"needs: {what}; use one or more of {', '.join(NEEDS)}")
    profile = raw.get("profile") or {}
    try:
        facts = parse_profile(profile)
    except BadProfile as bad:
        raise BadSaved(f"profile: {bad}") from bad
    return Asked(
        needs=needs,
        profile=facts,
        on=_day(raw, "on"),
        cost=_cost(raw.get("cost")),
        turned_down=_words(raw, "turned_down"),
        skipped=_words(raw, "skipped"),
        prefer=_text(raw, "prefer"),
        audience=_text(raw, "audience") or "owner",
        near=_text(raw, "near"),
        done_steps=tuple(_done(step) for step in _list(raw, "done_steps")),
        catalogue_version=int(raw.get("catalogue_version") or 0),
    )


def asked_of_document(document: Any) -> Asked:
    """Return what a roadmap document says it was made from.

    Its steps are looked at too, so that what comes back can be planned again.

    Raises:
        BadSaved: it is no roadmap document; the message says what is missing.
    """
    if not isinstance(document, Mapping):
        raise BadSaved("this is not one roadmap; give the document that `fingerpost roadmap` writes")
    for phase in _list(document, "phases"):
        for step in _list(phase, "steps"):
            if not all(isinstance(step, Mapping) and _text(step, key) for key in ("offer", "name")):
                raise BadSaved("phases: a step has no offer or no name; give the document as it was written")
            for key in ("starts", "ends"):
                _day(step, key)
    for gap in _list(document, "gaps"):
        if not isinstance(gap, Mapping) or not _text(gap, "need"):
            raise BadSaved("gaps: a gap names no need; give the document as it was written")
    funding = document.get("funding")
    cost = funding.get("cost") if isinstance(funding, Mapping) else None
    asked = parse_asked({**document, "cost": cost, "catalogue_version": 0})
    amount = asked.profile.amount
    if amount is not None and asked.cost == Money(amount.low or Decimal(0), amount.currency):
        # The amount looked for stood in for a cost: when the one changes, so does the other.
        return replace(asked, cost=None)
    return asked


def steps_of(document: Document) -> list[dict[str, Any]]:
    """Return every step of a roadmap document, in the order to take them."""
    return [dict(step) for phase in document.get("phases") or () for step in phase.get("steps") or ()]


def offers_in(document: Document) -> tuple[str, ...]:
    """Return the ids of the offers a roadmap document uses: its steps and their reserves."""
    steps = steps_of(document)
    reserves = [str(step["reserve"]) for step in steps if step.get("reserve")]
    return tuple(dict.fromkeys([*(str(step["offer"]) for step in steps), *reserves]))


def _dumped_cost(cost: Decimal | Money | None) -> dict[str, Any] | None:
    if cost is None:
        return None
    if isinstance(cost, Money):
        return {"amount": str(cost.amount), "currency": cost.currency}
    return {"amount": str(cost), "currency": None}


def _cost(raw: Any) -> Decimal | Money | None:
    if raw is None:
        return None
    try:
        amount = Decimal(str(raw["amount"]))
        currency = raw.get("currency")
    except (TypeError, KeyError, AttributeError, InvalidOperation):
        raise BadSaved('cost: write {"amount": 40000, "currency": "GBP"}') from None
    if not amount.is_finite() or amount < 0 or not (currency is None or isinstance(currency, str)):
        raise BadSaved('cost: write {"amount": 40000, "currency": "GBP"}')
    return Money(amount, currency) if currency else amount


def _done(raw: Any) -> DoneStep:
    if not isinstance(raw, Mapping) or not _text(raw, "offer"):
        raise BadSaved('done_steps: write {"offer": an id, "name": its name, "on": a day}')
    return DoneStep(str(raw["offer"]), _text(raw, "name") or str(raw["offer"]), _maybe_day(raw.get("on")))


def _maybe_day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _day(raw: Document, key: str) -> date:
    found = _maybe_day(raw.get(key))
    if found is None:
        raise BadSaved(f"{key}: {str(raw.get(key))[:40]!r} is not a date; write it as 2026-12-01")
    return found


def _text(raw: Document, key: str) -> str | None:
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise BadSaved(f"{key}: {str(value)[:40]!r} is not text")
    return value


def _list(raw: Any, key: str) -> list[Any]:
    value = raw.get(key) if isinstance(raw, Mapping) else None
    if value is not None and not isinstance(value, (list, tuple)):
        raise BadSaved(f"{key}: this is not a list; give the document as it was written")
    return list(value or ())


def _words(raw: Document, key: str) -> tuple[str, ...]:
    values = _list(raw, key)
    if not all(isinstance(value, str) for value in values):
        raise BadSaved(f"{key}: this is not a list of words; give the document as it was written")
    return tuple(dict.fromkeys(values))
