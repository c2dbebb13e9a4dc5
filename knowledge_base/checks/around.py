"""Which offers say something of one: what it names, and what those lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from knowledge_base.records import Offer


def around(record: Offer, offers: Mapping[str, Offer]) -> list[str]:
    """Return an offer and those it names, now or as it was before, and so on, by id in their order.

    What it excludes or leads to is followed as well: by what those require, are part of or are succeeded by.
    Following one of these three from any of them stays among them, so a circle is there whole or not at all.
    """
    found: set[str] = set()
    waiting = [record.id, *_named(record), *_first(record)]
    if record.id in offers:
        waiting += [*_named(offers[record.id]), *_first(offers[record.id])]
    while waiting:
        id = waiting.pop()
        if id not in found and (id in offers or id == record.id):
            found.add(id)
            if id in offers:
                waiting.extend(_named(offers[id]))
    new = [] if record.id in offers else [record.id]
    return [*sorted(found - {*new}), *new]


def _named(offer: Offer) -> Iterator[str]:
    """Yield what is followed on and on."""
    yield from offer.requires
    yield from (id for id in (offer.succeeded_by, offer.part_of) if id)


def _first(offer: Offer) -> Iterator[str]:
    """Yield what else a record names, which is followed no further by the same name."""
    yield from offer.leads_to
    yield from offer.excludes
