"""What would be chosen for one asking, worked out when it is looked at."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from knowledge_base.asked import Asked
from knowledge_base.preferences import first
from knowledge_base.roadmap.choose import Found, choose
from knowledge_base.roadmap.make import gather, in_order, served_by
from knowledge_base.roadmap.order import Ranking
from knowledge_base.roadmap.reserves import reserves
from knowledge_base.view import View


class Tried:
    """The candidates, the steps and the reserves for one asking, without the words of a roadmap.

    ``kept`` are the offers of a saved roadmap, where this is about one.

    Raises:
        UnknownNeed: a need is not in the closed list.
    """

    def __init__(self, view: View, asked: Asked, kept: Collection[str] = ()) -> None:
        self.view, self.asked = view, asked
        self.pool = gather(
            view.index,
            asked.needs,
            asked.profile,
            asked.on,
            resolve=view.resolve,
            turned_down=asked.out,
            audience=asked.audience,
            cost=view.priced(asked.cost, asked.profile),
            kept=kept,
        )

    @cached_property
    def ranking(self) -> Ranking:
        asked, view = self.asked, self.view
        near = view.closeness(asked.near, asked.needs, asked.profile, asked.on) if asked.near else None
        wish = first(asked.prefer, view.catalogue.offers.values(), asked.on) if asked.prefer else None
        return Ranking(self.pool, near, wish)

    @cached_property
    def found(self) -> Found:
        return choose(self.pool, self.ranking)

    def usable(self, id: str) -> bool:
        """Say whether nothing bars the offer, and it is for something asked about."""
        candidate = self.pool.consider(id)
        return candidate is not None and bool(candidate.asked)

    def lets_in(self, id: str) -> bool:
        """Say whether the offer is a step."""
        return id in self.found.seats

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The steps in the order to take them."""
        return in_order(self.pool, self.ranking, self.found.seats)

    @cached_property
    def reserves(self) -> dict[str, str]:
        """The reserve of each step that has one."""
        serves = {each: served_by(self.pool, each, self.order) for each in self.order}
        return reserves(self.pool, self.ranking, self.order, serves)
