"""Which times of which events a calendar of an area or a need shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge_base.areas import AreaTree
from knowledge_base.events.edition_format import MEETING_KINDS, day_of
from knowledge_base.events.next_one import last_day
from knowledge_base.records import Catalogue, Edition, Offer

DAYS_BACK = 31  # how long what is over, or was called off, stays for calendars that look in rarely
MOST = 1_000


@dataclass(frozen=True)
class Held:
    """One edition of one record, and the name of who holds it."""

    offer: Offer
    edition: Edition
    provider: str


def editions_for(
    catalogue: Catalogue, tree: AreaTree, on: date, areas: Collection[str] = (), needs: Collection[str] = ()
) -> list[Held]:
    """Return the editions from a month ago on, the earliest first, at most `MOST`.

    An event belongs to an area when it is open there or in a part of it; one without areas belongs to all.
    Editions that were called off are in it, so that a calendar that has them can take them out.
    """
    around = {code for area in areas for code in (*tree.ancestors(area), *tree.descendants(area))}
    found = [
        Held(offer, edition, _name(catalogue, offer))
        for offer in catalogue.offers.values()
        if offer.kind in MEETING_KINDS and offer.status == "published" and offer.audience == "owner"
        and offer.window.status != "closed"
        and (not areas or not offer.areas or not around.isdisjoint(offer.areas))
        and (not needs or not set(needs).isdisjoint(offer.needs))
        for edition in offer.editions
        if last_day(edition) >= on - timedelta(days=DAYS_BACK)
    ]  # fmt: skip
    found.sort(key=lambda held: (day_of(held.edition.starts), held.offer.id, held.edition.uid))
    return found[:MOST]


def _name(catalogue: Catalogue, offer: Offer) -> str:
    provider = catalogue.providers.get(offer.provider)
    return provider.name if provider else offer.provider
