"""What an owner asks to be put first: the cheaper, or the sooner. It never outranks fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from knowledge_base.records import Offer
from knowledge_base.windows import usable

REPAID_OR_SHARED = frozenset({"loan", "guarantee", "equity"})


def first(wish: str, offers: Iterable[Offer], on: date) -> Mapping[str, float]:
    """Give each offer from 0 to 1 how well it answers a wish; an unknown wish weighs nothing."""
    weigh = WISHES.get(wish)
    return {offer.id: weigh(offer, on) for offer in offers} if weigh else {}


def cheap(offer: Offer, on: date) -> float:
    """Nothing to repay and recorded as free is best; a cost nobody recorded lies between."""
    if offer.kind in REPAID_OR_SHARED:
        return 0.0
    if offer.amount.cost_to_business is not None:
        return 1.0 if offer.amount.cost_to_business == 0 else 0.3
    return 0.2 if offer.amount.cost_words or offer.amount.meaning == "price" else 0.6


def soon(offer: Offer, on: date) -> float:
    """Open now is best, then what opens on a known day; what nobody dated comes after."""
    window = usable(offer.window, on)
    if window.open_now:
        return 1.0
    if window.starts is None:
        return 0.3
    return 1.0 / (1.0 + max((window.starts - on).days, 0) / 30)


WISHES: Mapping[str, Callable[[Offer, date], float]] = {"cheaper": cheap, "sooner": soon}
