"""What a record quotes of its source, and whether a page still says the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from knowledge_base.records import Catalogue, Criterion, Offer
from knowledge_base.watch.amounts import same_unit
from knowledge_base.watch.cues import common_words

RecordKey = tuple[str, str]
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A value a record has at a place, as pages' facts write values: 2027-03-31, "20000 GBP", "50 %"."""

    place: str
    role: str
    value: str


@dataclass(frozen=True, slots=True)
class Use:
    """A record that names an address. ``own`` says the page is the record's own, not a condition's."""

    record_type: str
    record_id: str
    own: bool = True


def sources_of(catalogue: Catalogue) -> dict[str, list[Use]]:
    """Return every address the records name, without its fragment, with who names it."""
    found: dict[str, dict[RecordKey, Use]] = {}

    def note(url: str | None, use: Use) -> None:
        if url:
            uses = found.setdefault(address_of(url), {})
            known = uses.get((use.record_type, use.record_id))
            if known is None or use.own:
                uses[use.record_type, use.record_id] = use

    for offer in catalogue.offers.values():
        note(offer.source.url, Use("offer", offer.id))
        for criterion in _criteria(offer.criteria):
            if criterion.source and criterion.source.url:
                note(criterion.source.url, Use("offer", offer.id, own=False))
    for provider in catalogue.providers.values():
        note(provider.url, Use("provider", provider.id, own=False))
    return {url: list(uses.values()) for url, uses in sorted(found.items())}


def address_of(url: str) -> str:
    """Return an address as it is asked for: the part after # never leaves a browser."""
    return url.strip().partition("#")[0]


def _criteria(criteria: Iterable[Criterion]) -> Iterator[Criterion]:
    for criterion in criteria:
        yield criterion
        yield from _criteria(criterion.any_of)


def quoted(offer: Offer) -> list[Quoted]:
    """Return the days, sums and share that an offer's own page is held against."""
    window, amount = offer.window, offer.amount
    found: list[Quoted] = []
    for place, role, day, text in (
        ("window.closes", "closes", window.closes, window.closes_text),
        ("window.opens", "opens", window.opens, window.opens_text),
    ):
        if day is not None and (text is None or len(text) >= 7):
            found.append(Quoted(place, role, text or day.isoformat()))
    if amount.currency:
        for place, role, number in (("amount.max", "max", amount.max), ("amount.min", "min", amount.min)):
            if number is not None:
                found.append(Quoted(place, role, f"{number.normalize():f} {amount.currency}"))
    if amount.rate_percent is not None:
        found.append(Quoted("amount.rate_percent", "rate", f"{amount.rate_percent.normalize():f} %"))
    return found


def agree(one: str, other: str) -> bool:
    """Say whether two values may be the same: by the coarser of two dates, "kr" for either crown."""
    if " " in one or " " in other:
        return _same_sum(one, other)
    if one.startswith("--") and other.startswith("--"):
        return one == other
    for bare, full in ((one, other), (other, one)):
        if bare.startswith("--"):  # a day without its year
            rest = full[5:]
            return bool(rest) and bare[2:].startswith(rest)
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _same_sum(one: str, other: str) -> bool:
    (a, _, unit), (b, _, other_unit) = one.partition(" "), other.partition(" ")
    try:
        return Decimal(a) == Decimal(b) and same_unit(unit, other_unit)
    except InvalidOperation:
        return False


def speaks_of(text: str, offer: Offer) -> bool:
    """Say whether a text names an offer: most of the words of its name, or of one of its other names."""
    there = {word.lower() for word in _WORD.findall(text)}
    for name in (offer.name, offer.local_name or "", *offer.aliases):
        words = {word.lower() for word in _WORD.findall(name)} - common_words()
        if words and len(words & there) * 3 >= len(words) * 2:
            return True
    return False
