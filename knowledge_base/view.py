"""One version of the records made ready to answer from: no database, no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from knowledge_base.areas import AreaTree
from knowledge_base.cards import OfferCard, card_of
from knowledge_base.documents import assessment_document, roadmap_document
from knowledge_base.eligibility import Situation, assess
from knowledge_base.funding import Threshold, read_thresholds
from knowledge_base.places import Gazetteer
from knowledge_base.preferences import first
from knowledge_base.profile import MoneySpan, Profile
from knowledge_base.reading import Reader
from knowledge_base.records import Catalogue, Money, Offer
from knowledge_base.roadmap import CatalogueIndex, Question, Roadmap, make_roadmap
from knowledge_base.windows import usable

MEETING_KINDS = ("event", "network")


@dataclass(frozen=True)
class View:
    """Everything one answer needs: records, the places people type, and the reader of facts."""

    catalogue: Catalogue
    index: CatalogueIndex
    gazetteer: Gazetteer
    thresholds: tuple[Threshold, ...] = ()
    near: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        catalogue: Catalogue,
        near: Sequence[str] = (),
        thresholds: Sequence[Mapping[str, Any]] = (),
    ) -> View:
        """Make a catalogue ready; ``near`` are the areas a hub covers, preferred among namesakes."""
        return cls(
            catalogue,
            CatalogueIndex.of(catalogue),
            Gazetteer.load(catalogue.areas),
            read_thresholds(thresholds),
            tuple(near),
        )

    @cached_property
    def reader(self) -> Reader:
        """The reader of facts, with the names of these offers; made when first asked for."""
        return Reader(self.catalogue, self.gazetteer)

    @cached_property
    def tree(self) -> AreaTree:
        return AreaTree(self.catalogue.areas)

    @cached_property
    def resolve(self) -> Any:
        """Resolve a told place; the last few hundred are remembered."""
        return lru_cache(maxsize=512)(lambda place: self.gazetteer.resolve(place, self.near))

    def situation(self, profile: Profile) -> Situation:
        return Situation.of(profile, self.index.tree, self.resolve, self.catalogue.areas)

    def assessments(self, profile: Profile, on: date) -> list[dict[str, Any]]:
        """Hold every offer against a profile, in the contract's shape, in order of id."""
        situation = self.situation(profile)
        return [
            assessment_document(assess(offer, situation), usable(offer.window, on))
            for offer in self.catalogue.offers.values()
            if offer.status == "published"
        ]

    def roadmap(
        self,
        needs: Collection[str],
        profile: Profile,
        on: date,
        *,
        cost: Decimal | Money | MoneySpan | None = None,
        turned_down: Collection[str] = (),
        prefer: str | None = None,
        audience: str = "owner",
    ) -> Roadmap:
        """Make the roadmap.

        A bare ``cost`` is in the currency of the country the business is in; ``prefer`` is cheaper or sooner.
        """
        if isinstance(cost, Decimal):
            cost = Money(cost, self.currency(profile))
        return make_roadmap(
            self.index,
            needs,
            profile,
            on,
            resolve=self.resolve,
            cost=cost,
            wish=first(prefer, self.catalogue.offers.values(), on) if prefer else None,
            turned_down=turned_down,
            thresholds=self.thresholds,
            audience=audience,
        )

    def roadmap_document(
        self, needs: Collection[str], profile: Profile, on: date, *, cost: Decimal | None = None
    ) -> dict[str, Any]:
        """The roadmap in the contract's shape."""
        return roadmap_document(self.roadmap(needs, profile, on, cost=cost))

    def next_question(
        self, needs: Collection[str], profile: Profile, on: date, never: Collection[str] = ()
    ) -> Question | None:
        """The fact that settles most, among those not in ``never``; None when none changes the roadmap."""
        asked = replace(profile, refused=tuple(dict.fromkeys((*profile.refused, *never))))
        return self.roadmap(needs, asked, on).next_question

    def card(self, offer_id: str, profile: Profile, on: date) -> OfferCard | None:
        """One offer as told to somebody who asked about it; None when there is no such record."""
        offer = self.catalogue.offers.get(offer_id)
        return card_of(offer, self.catalogue, self.situation(profile), on) if offer else None

    def meetings(self, needs: Sequence[str], profile: Profile, on: date) -> list[OfferCard]:
        """Events and networks a business may go to: nearest area first, the dated before the undated."""
        situation = self.situation(profile)
        found: list[tuple[tuple[Any, ...], Offer]] = []
        for offer in self.catalogue.offers.values():
            if offer.kind not in MEETING_KINDS or offer.status != "published" or offer.audience != "owner":
                continue
            if needs and not set(needs) & set(offer.needs):
                continue
            window, assessment = usable(offer.window, on), assess(offer, situation)
            if window.closed or assessment.verdict == "unlikely":
                continue
            rank = (offer.kind != "event", assessment.verdict != "likely", self.breadth(offer), offer.id)
            found.append((rank, offer))
        return [
            card_of(offer, self.catalogue, situation, on) for _, offer in sorted(found, key=lambda f: f[0])
        ]

    def breadth(self, offer: Offer) -> int:
        """How many areas an offer is open in, counted over the tree: fewer is nearer."""
        return sum(len(self.tree.descendants(code)) for code in offer.areas) or len(self.catalogue.areas)

    def currency(self, profile: Profile) -> str:
        """The currency of a told sum: the profile's own, else that of the country it is in, else pounds."""
        for told in (profile.amount, profile.turnover, profile.subsidy_received):
            if told is not None:
                return told.currency
        place = self.resolve(profile.place) if profile.place else None
        around = {code for area in (place.areas if place else ()) for code in self.index.tree.ancestors(area)}
        return next((currency for country, currency in CURRENCIES.items() if country in around), "GBP")


CURRENCIES = {
    "uk": "GBP",
    "sweden": "SEK",
    "denmark": "DKK",
    "poland": "PLN",
    "hungary": "HUF",
    "eu": "EUR",
}
