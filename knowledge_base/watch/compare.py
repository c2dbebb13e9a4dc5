"""Hold what a page says against what a record quotes of it; make findings, each with the edit it proposes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge_base.catalogue import dump_offer, dump_provider, parse_offer, parse_provider
from knowledge_base.faults import BadCatalogue
from knowledge_base.records import Catalogue, Offer
from knowledge_base.watch.amounts import same_unit
from knowledge_base.watch.changing import changed
from knowledge_base.watch.facts import DATE_ROLES, Fact
from knowledge_base.watch.quoted import Quoted, Use, agree, quoted, speaks_of

KINDS = {
    "closed": "The page says it is closed",
    "date": "A date differs",
    "amount": "A sum or share differs",
    "moved": "The page has moved",
    "broken": "The page is gone",
}
_PLACES = {
    "window.closes": "closing date",
    "window.opens": "opening date",
    "amount.max": "most that is paid",
    "amount.min": "least that is paid",
    "amount.rate_percent": "share of the cost",
    "window.status": "window",
    "source.url": "address",
}


@dataclass(frozen=True, slots=True)
class Found:
    """Something a visit found about one record. ``changes`` are values by place, for `changed`."""

    record_type: str
    record_id: str
    url: str
    kind: str
    place: str
    words: str
    before: str = ""
    after: str = ""
    quote: str = ""
    changes: tuple[tuple[str, Any], ...] = ()
    proposal: dict[str, Any] | None = None

    @property
    def digest(self) -> str:
        """Stays while the page says that very thing about this record."""
        told = "\n".join(
            (
                self.record_type,
                self.record_id,
                self.url,
                self.kind,
                self.place,
                self.before,
                self.after,
                self.quote,
            )
        )
        return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def compare(offer: Offer, url: str, facts: Sequence[Fact], sharing: Iterable[Offer], on: date) -> list[Found]:
    """Return what differs between an offer and the facts of its own page, seen on a day.

    Args:
        facts: with what stood in their place before, as `with_earlier` leaves them.
        sharing: the other offers that have this page for their source.
    """
    others = [other for other in sharing if other.id != offer.id]
    near = [fact for fact in facts if _about(fact, offer, others)]
    found = [_closed(offer, url, near, on)]
    told = quoted(offer)
    for each in told:
        found.append(_differs(offer, url, each, near, facts, bool(others), on))
    if not any(each.place == "window.closes" for each in told):
        found.append(_newly_dated(offer, url, near, bool(others), on))
    return [each for each in found if each is not None]


def _about(fact: Fact, offer: Offer, others: Sequence[Offer]) -> bool:
    """Say whether a fact may be about this offer: on a shared page not where it names only others."""
    if not others:
        return True
    around = f"{fact.under} {fact.quote}"
    return speaks_of(around, offer) or not any(speaks_of(around, other) for other in others)


def _differs(
    offer: Offer, url: str, told: Quoted, near: Sequence[Fact], facts: Sequence[Fact], shared: bool, on: date
) -> Found | None:
    roles = (
        DATE_ROLES if told.role in DATE_ROLES else ("rate",) if told.role == "rate" else ("max", "min", "sum")
    )
    there = any(fact.role in roles and agree(fact.value, told.value) for fact in facts)
    # What stood in the very place of the value the record has.
    replaced = [
        fact for fact in near
        if fact.role in roles and not agree(fact.value, told.value) and _comparable(fact.value, told.value)
        and any(agree(was, told.value) for was in fact.was)
        and (fact.role == told.role or not there)
    ]  # fmt: skip
    if replaced:
        best = next((fact for fact in replaced if fact.role == told.role), replaced[0])
        return _finding(offer, url, told, best, on)
    if there or (told.role == "closes" and offer.window.status == "closed" and not _ahead(near, on)):
        return None
    candidates = [
        fact for fact in near
        if fact.role == told.role and fact.strong and _comparable(fact.value, told.value)
        and _named_here(fact, offer, shared)
        and (told.role not in DATE_ROLES or _not_past(fact.value, on))
    ]  # fmt: skip
    values = {fact.value for fact in candidates}
    return _finding(offer, url, told, candidates[0], on) if len(values) == 1 else None


def _ahead(facts: Iterable[Fact], on: date) -> bool:
    return any(
        fact.role == "closes" and fact.value[:10] > on.isoformat()
        for fact in facts
        if fact.value[0].isdigit()
    )


def _not_past(value: str, on: date) -> bool:
    return value.startswith("--") or value >= on.isoformat()[: len(value)]


def _comparable(one: str, other: str) -> bool:
    if " " in one and " " in other:
        return same_unit(one.partition(" ")[2], other.partition(" ")[2])
    return " " not in one and " " not in other


def _newly_dated(offer: Offer, url: str, near: Sequence[Fact], shared: bool, on: date) -> Found | None:
    """Find a closing date that came to the page while the record has none."""
    if offer.window.status not in ("rolling", "unknown", "annual"):
        return None
    came = [
        fact for fact in near
        if fact.role == "closes" and fact.strong and (fact.new or fact.was) and fact.value[0].isdigit()
        and _not_past(fact.value, on) and _named_here(fact, offer, shared)
    ]  # fmt: skip
    if len({fact.value for fact in came}) != 1:
        return None
    return _finding(offer, url, Quoted("window.closes", "closes", ""), came[0], on)


def _finding(offer: Offer, url: str, told: Quoted, fact: Fact, on: date) -> Found:
    date_like = told.role in DATE_ROLES
    name = _PLACES[told.place]
    before, after = readable(told.value) if told.value else "", readable(fact.value)
    words = (
        f"The record gives {before} as the {name}; the page now says {after}."
        if before
        else f"The page now gives {after} as the {name}; the record gives none."
    )
    changes: tuple[tuple[str, Any], ...] = ()
    if not fact.value.startswith("--"):
        changes = ((told.place, _value(fact.value)),)
        if told.place == "window.closes" and fact.value > on.isoformat() and offer.window.status != "dated":
            changes = (("window.status", "dated"), *changes)
    kind = "date" if date_like else "amount"
    return _with_proposal(
        Found("offer", offer.id, url, kind, told.place, words, before, after, fact.quote, changes), offer
    )


def _closed(offer: Offer, url: str, near: Sequence[Fact], on: date) -> Found | None:
    window = offer.window
    ended = window.closes is not None and window.closes < on
    # An annual offer is closed between its rounds, and one whose day has passed says so itself.
    if window.status in ("closed", "annual") or ended:
        return None
    fact = next((each for each in near if each.role == "closed" and not _of_another(each.quote, offer)), None)
    if fact is None:
        return None
    if _ahead([each for each in near if each.new or each.was], on):
        return None  # closed until its next round, whose date is a finding of its own
    found = Found(
        "offer", offer.id, url, "closed", "window.status",
        f"The page says “{fact.quote}”; the record says it is {_OPEN_WORDS[window.status]}.",
        window.status, "closed", fact.quote, (("window.status", "closed"),),
    )  # fmt: skip
    return _with_proposal(found, offer)


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_OPEN_WORDS = {"rolling": "open all the time", "dated": "open for a time", "unknown": "of no known dates"}
_NAMED = re.compile(
    r"(?:[A-ZÅÄÖÆØŁŚŻ][\w’'-]+\s+){1,6}(?:Scheme|Fund|Programme|Program|Grants?|Loans?|Vouchers?|Award|Competition)\b"
)


def _named_here(fact: Fact, offer: Offer, shared: bool) -> bool:
    """Say whether a fact is this offer's: its sentence names no other, and on a shared page this one."""
    if _of_another(fact.quote, offer):
        return False
    return not shared or speaks_of(f"{fact.under} {fact.quote}", offer)


def _of_another(quote: str, offer: Offer) -> bool:
    """Say whether a sentence names another scheme than this offer: "The Export Voucher Scheme is closed"."""
    for match in _NAMED.finditer(quote):
        name = re.sub(r"^(?:The|This|Our|Applications?|For|to)\s+", "", match[0])
        if len(name.split()) > 1 and not speaks_of(quote, offer):
            return True
    return False


def moved(use: Use, url: str, to: str, catalogue: Catalogue, front_page: bool) -> Found | None:
    """Say that a page is at another address now; a front page in its place is told, not proposed."""
    if front_page:
        words = f"The address now leads to a front page, {to}; the page itself may be gone."
        return Found(use.record_type, use.record_id, url, "moved", "source.url", words, url, to)
    found = Found(
        use.record_type, use.record_id, url, "moved", "source.url",
        f"The page has moved for good to {to}.", url, to, "", (("address", [url, to]),),
    )  # fmt: skip
    return _with_proposal(found, _record(use, catalogue))


def broken(use: Use, url: str, reason: str) -> Found:
    """Say that a page is gone."""
    return Found(
        use.record_type, use.record_id, url, "broken", "source.url", f"The page is gone: {reason}.", url
    )


def _record(use: Use, catalogue: Catalogue) -> Any:
    return (catalogue.offers if use.record_type == "offer" else catalogue.providers).get(use.record_id)


def _with_proposal(found: Found, record: Any) -> Found:
    if record is None or not found.changes:
        return found
    document = dump_offer(record) if found.record_type == "offer" else dump_provider(record)
    proposal = proposed(found.record_type, found.record_id, document, found.changes)
    return replace(found, proposal=proposal) if proposal is not None else replace(found, changes=())


def proposed(
    record_type: str, id: str, document: dict[str, Any], changes: Iterable[Sequence[Any]]
) -> dict[str, Any] | None:
    """Return a record's document with changes put in; None where it could not be read any more."""
    after = changed(document, changes)
    try:
        if record_type == "offer":
            parse_offer(id, after)
        else:
            parse_provider(id, after)
    except BadCatalogue:
        return None
    return after


def readable(value: str) -> str:
    """Return a value as a curator reads it: 31 March 2027, £20,000, 50 %."""
    if value.endswith(" %"):
        return value.replace(" ", "")
    if " " in value:
        number, _, unit = value.partition(" ")
        amount = Decimal(number)
        shown = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
        return f"£{shown}" if unit == "GBP" else f"€{shown}" if unit == "EUR" else f"{shown} {unit}"
    year, _, rest = (value[:4], "", value[5:]) if value[0].isdigit() else ("", "", value[2:])
    month, _, day = rest.partition("-")
    if not month:
        return value
    return " ".join(part for part in (day.lstrip("0"), _MONTHS[int(month) - 1], year) if part)


def _value(value: str) -> Any:
    if " " not in value:
        return value
    number = Decimal(value.partition(" ")[0])
    return int(number) if number == number.to_integral_value() else float(number)
