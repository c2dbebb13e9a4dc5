"""One version of the records made ready to answer from: no database, no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import Any

from knowledge_base.areas import AreaTree
from knowledge_base.cards import OfferCard, card_of
from knowledge_base.currencies import OF_COUNTRY
from knowledge_base.documents import assessment_document, roadmap_document
from knowledge_base.eligibility import Situation
from knowledge_base.events.edition_format import MEETING_KINDS, day_of
from knowledge_base.events.next_one import next_edition
from knowledge_base.funding import Threshold, read_thresholds
from knowledge_base.meanings import Meanings
from knowledge_base.places import Gazetteer, starter_areas
from knowledge_base.preferences import first
from knowledge_base.profile import MoneySpan, Profile
from knowledge_base.reading import Reader
from knowledge_base.records import Catalogue, Money, Offer
from knowledge_base.roadmap import CatalogueIndex, Question, Roadmap, make_roadmap
from knowledge_base.sentences import sentences
from knowledge_base.uncollected import uncollected
from knowledge_base.windows import usable

# Facts whose words also say what is wanted: a brewery's waste water is not a printer's.
ABOUT_THE_TRADE = ("sector", "legal_form", "stage")
MOST_FOR_ADVISERS = 3
ANY_DAY = date(2000, 1, 1)  # for finding where facts stand in a message, whatever they come to


@dataclass(frozen=True)
class View:
    """Everything one answer needs: records, the places people type, and the reader of facts."""

    catalogue: Catalogue
    index: CatalogueIndex
    gazetteer: Gazetteer
    thresholds: tuple[Threshold, ...] = ()
    near: tuple[str, ...] = ()
    meanings: Meanings | None = None

    @classmethod
    @uncollected()
    def of(
        cls,
        catalogue: Catalogue,
        near: Sequence[str] = (),
        thresholds: Sequence[Mapping[str, Any]] = (),
        before: View | None = None,
        meanings: Meanings | None = None,
        grace_days: int | None = None,
    ) -> View:
        """Make a catalogue ready; ``near`` are the areas a hub covers, preferred among namesakes.

        ``before`` is a view of an earlier version: what has not changed since is used again. Without
        ``meanings``, no offer is closer than another to what an owner said. ``grace_days`` is the hub's: new
        roadmaps leave out what it vouched for until a day longer ago; without, nothing is left out for that.
        """
        same_areas = before is not None and before.catalogue.areas == catalogue.areas
        made = cls(
            catalogue,
            CatalogueIndex.of(catalogue, before.index if before else None, grace_days),
            before.gazetteer if before and same_areas else Gazetteer.load(catalogue.areas),
            read_thresholds(thresholds),
            tuple(near),
            meanings,
        )
        if before and "reader" in vars(before):
            # Made now, since a view keeps no view before it.
            vars(made)["reader"] = Reader(catalogue, made.gazetteer, before=before.reader)
        return made

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
        return Situation.of(profile, self.index.tree, self.resolve, self.index.named)

    def assessments(self, profile: Profile, on: date) -> list[dict[str, Any]]:
        """Hold every offer against a profile, in the contract's shape, in order of id."""
        held = self.index.compiled.assess(self.situation(profile))
        return [
            assessment_document(held.of(offer.id), usable(offer.window, on))
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
        near: str | None = None,
        kept: Collection[str] = (),
    ) -> Roadmap:
        """Make the roadmap.

        A bare ``cost`` is in the currency of the country the business is in; ``prefer`` is cheaper or sooner;
        ``near`` is what `near_of` made of the owner's words; ``kept`` are the offers a saved roadmap uses.
        """
        return make_roadmap(
            self.index,
            needs,
            profile,
            on,
            resolve=self.resolve,
            cost=self.priced(cost, profile),
            closeness=self.closeness(near, needs, profile, on) if near else None,
            wish=first(prefer, self.catalogue.offers.values(), on) if prefer else None,
            turned_down=turned_down,
            thresholds=self.thresholds,
            audience=audience,
            kept=kept,
        )

    def priced(self, cost: Decimal | Money | MoneySpan | None, profile: Profile) -> Money | MoneySpan | None:
        """Give a bare cost the currency of the country the business is in."""
        return Money(cost, self.currency(profile)) if isinstance(cost, Decimal) else cost

    def around(self, profile: Profile) -> frozenset[str]:
        """The areas a business lies in, all the way up; untold or unknown, the UK where the hub serves it."""
        place = _starter_places().resolve(profile.place, self.near) if profile.place else None
        if place is not None and place.status != "unknown":
            return _with_around(place.areas)
        served = _with_around(self.near)
        return frozenset({"uk"}) if "uk" in served or not served else served

    def near_of(self, text: str) -> str | None:
        """Return what a message means as an opaque text that holds none of its words.

        None when there is nothing particular in it, or no encoder. The facts in it are left out.
        """
        if self.meanings is None:
            return None
        spans = self.reader.read(text, on=ANY_DAY).spans
        told = [span for fact, span in spans.items() if fact not in ABOUT_THE_TRADE]
        return self.meanings.near_of(sentences(text, told))

    def closeness(
        self, near: str, needs: Collection[str], profile: Profile, on: date
    ) -> Mapping[str, float] | None:
        """Say from 0 to 1 how close the offers that could serve come to what was said; see `Landscape`.

        An offer left out is neither close nor far; None where nothing in the words parts one from another.
        """
        if self.meanings is None:
            return None
        held = self.index.compiled.assess(self.situation(profile))
        serving = {
            need: [
                offer.id
                for offer in self.index.by_need.get(need, ())
                if not usable(offer.window, on).closed and held.verdict(offer.id) != "unlikely"
            ]
            for need in needs
        }
        return self.meanings.figures(near, self.index, serving) or None

    def roadmap_document(
        self,
        needs: Collection[str],
        profile: Profile,
        on: date,
        *,
        cost: Decimal | None = None,
        near: str | None = None,
    ) -> dict[str, Any]:
        """The roadmap in the contract's shape."""
        return roadmap_document(self.roadmap(needs, profile, on, cost=cost, near=near))

    def next_question(
        self,
        needs: Collection[str],
        profile: Profile,
        on: date,
        never: Collection[str] = (),
        near: str | None = None,
    ) -> Question | None:
        """The fact that settles most, among those not in ``never``; None when none changes the roadmap."""
        asked = replace(profile, refused=tuple(dict.fromkeys((*profile.refused, *never))))
        return self.roadmap(needs, asked, on, near=near).next_question

    def card(self, offer_id: str, profile: Profile, on: date, audience: str = "owner") -> OfferCard | None:
        """One offer as told to somebody who asked about it; None when there is no such record for them."""
        offer = self.catalogue.offers.get(offer_id)
        if offer is None or (offer.audience != "owner" and audience == "owner"):
            return None
        return card_of(offer, self.catalogue, self.situation(profile), on)

    def for_advisers(self, needs: Sequence[str], profile: Profile, on: date) -> list[OfferCard]:
        """At most three offers that only advisers can use, open where the client is, for some of its needs.

        Of what was told of the client only the place is held against them: the other conditions are
        about the adviser. Those for more of the needs come first, then what is open nearer by.
        """
        there = self.situation(Profile(place=profile.place))
        held = self.index.compiled.assess(there)
        found = [
            ((-len({*needs} & {*offer.needs}), self.breadth(offer), offer.id), offer)
            for offer in (self.catalogue.offers[id] for id in self.index.for_brokers)
            if {*needs} & {*offer.needs}
            and offer.status == "published"
            and held.verdict(offer.id) != "unlikely"
            and not usable(offer.window, on).closed
            and offer.id not in self.index.lapsed(on)
        ]
        best = [offer for _, offer in sorted(found, key=lambda each: each[0])[:MOST_FOR_ADVISERS]]
        return [card_of(offer, self.catalogue, there, on) for offer in best]

    def meetings(self, needs: Sequence[str], profile: Profile, on: date) -> list[OfferCard]:
        """Events and networks a business may go to: those with a day before those without, nearest first.

        Of a series with a day ahead, the records without one are left out.
        """
        situation = self.situation(profile)
        held = self.index.compiled.assess(situation)
        found: list[tuple[tuple[Any, ...], Offer]] = []
        for offer in self.catalogue.offers.values():
            if offer.kind not in MEETING_KINDS or offer.status != "published" or offer.audience != "owner":
                continue
            if needs and not set(needs) & set(offer.needs):
                continue
            verdict = held.verdict(offer.id)
            if verdict == "unlikely" or usable(offer.window, on).closed:
                continue
            edition = next_edition(offer.window, on)
            day = day_of(edition.starts) if edition else date.max
            rank = (
                offer.kind != "event",
                verdict != "likely",
                edition is None,
                self.breadth(offer),
                day,
                offer.id,
            )
            found.append((rank, offer))
        coming = {o.series for _, o in found if o.series and next_edition(o.window, on)}
        return [
            card_of(offer, self.catalogue, situation, on)
            for _, offer in sorted(found, key=lambda f: f[0])
            if offer.series not in coming or next_edition(offer.window, on)
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
        return next((currency for country, currency in OF_COUNTRY.items() if country in around), "GBP")


@cache
def _starter_places() -> Gazetteer:
    """The places of our own map, which doors are named by, whatever areas a catalogue has."""
    return Gazetteer.load(starter_areas())


def _with_around(codes: Collection[str]) -> frozenset[str]:
    tree = AreaTree(starter_areas())
    known = starter_areas()
    return frozenset(codes).union(*(tree.ancestors(code) for code in codes if code in known))
