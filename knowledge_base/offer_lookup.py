"""Find an offer by its id or a name of its own; where there is none, say which come closest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rapidfuzz import fuzz, process

from knowledge_base.place_names import key_of
from knowledge_base.records import Catalogue, Offer

MOST_SHOWN = 60  # characters of what was asked for
MOST_CLOSE = 3
CLOSE = 60  # of 100, below which a name is no help
LONGEST = 300


class NoSuchOffer(LookupError):
    """No offer, or no single one, is called so; the message names the closest, ``close`` holds their ids."""

    def __init__(self, words: str, close: tuple[str, ...]) -> None:
        super().__init__(words)
        self.close = close


def find_offer(catalogue: Catalogue, text: str, audience: str = "broker") -> Offer:
    """Return the offer with this id, name, local name or alias; case, accents and hyphens do not count.

    An owner is told of no offer that only advisers can use, not even as one that comes close.

    Raises:
        NoSuchOffer: none is called so, or several are.
    """
    wanted = text.strip()
    offers = {
        id: each for id, each in catalogue.offers.items() if audience != "owner" or each.audience == "owner"
    }
    offer = offers.get(wanted)
    if offer is not None:
        return offer
    key = key_of(wanted[:LONGEST])
    called = [each for each in offers.values() if key and key in map(key_of, (each.id, *_names(each)))]
    if len(called) == 1:
        return called[0]
    shown = repr(wanted[:MOST_SHOWN])
    if called:
        raise NoSuchOffer(f"{shown} may be several offers; use the id: {_listed(called)}", _ids(called))
    close = _closest(offers, key)
    hint = f"; the closest are {_listed(close)}" if close else ""
    raise NoSuchOffer(f"{shown} is not an offer we know; use its id or its name{hint}", _ids(close))


def _closest(known: Mapping[str, Offer], key: str) -> list[Offer]:
    names = [(offer, key_of(name)) for offer in known.values() for name in (offer.id, *_names(offer))]
    spelt = [name for _, name in names]
    found = process.extract(key, spelt, scorer=_alike, score_cutoff=CLOSE, limit=8 * MOST_CLOSE)
    offers = {names[place][0].id: names[place][0] for _, _, place in found}
    return list(offers.values())[:MOST_CLOSE]


def _alike(one: str, other: str, **_: Any) -> float:
    """Weigh the words two names share against the words they do not."""
    return (fuzz.token_set_ratio(one, other) + fuzz.token_sort_ratio(one, other)) / 2


def _names(offer: Offer) -> Iterable[str]:
    return filter(None, (offer.name, offer.local_name, *offer.aliases))


def _listed(offers: list[Offer]) -> str:
    more = f" and {len(offers) - MOST_CLOSE} more" if len(offers) > MOST_CLOSE else ""
    return ", ".join(f"{each.id} ({each.name})" for each in offers[:MOST_CLOSE]) + more


def _ids(offers: list[Offer]) -> tuple[str, ...]:
    return tuple(each.id for each in offers[:MOST_CLOSE])
