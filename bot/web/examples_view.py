"""The gallery as its pages show it: each example's card and page, everything in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from markupsafe import Markup

from bot.web.formats import amount, day, joined, sentence
from bot.web.linked_data import linked_data
from bot.web.roadmap_view import RoadmapView, roadmap_view
from knowledge_base import labels
from knowledge_base.assurance import OVERDUE, standing
from knowledge_base.documents import roadmap_document
from knowledge_base.examples import Example, Gallery, advise
from knowledge_base.roadmap import Roadmap
from knowledge_base.view import View
from knowledge_base.words import FACTS, PROVIDER_TYPES

# Wishes and what was done before: that nobody spoke of them is no gap in what is known.
_WISHES = ("refuses", "done", "languages", "deadline")


@dataclass(frozen=True)
class Made:
    """A roadmap in the shape of a saved one, though nobody saved it."""

    id: str
    document: dict[str, Any]
    created: datetime
    on: date


@dataclass(frozen=True)
class Card:
    """An example at a glance. ``providers`` counts its steps by the type of who delivers them."""

    id: str
    business: str
    needs: tuple[str, ...]
    phases: tuple[tuple[str, int], ...]
    steps: int
    first: str
    providers: tuple[tuple[str, int], ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class ExampleView:
    """One example's page."""

    card: Card
    region: str
    said: str
    needs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    unknown: str
    shows: tuple[str, ...]
    why: str
    roadmap: RoadmapView
    linked: Markup


@dataclass(frozen=True)
class RegionView:
    code: str
    name: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class GalleryView:
    """The whole gallery on one day; ``pages`` has each example's page by its id."""

    title: str
    intro: str
    on: str
    regions: tuple[RegionView, ...]
    pages: dict[str, ExampleView]
    summary: tuple[str, ...]


def gallery_view(
    gallery: Gallery, view: View, on: date, told: Callable[[Card], None] = lambda card: None
) -> GalleryView:
    """Make every example's roadmap on one day; ``told`` hears of each as it is made."""
    names = {region.code: region.name for region in gallery.regions}
    pages: dict[str, ExampleView] = {}
    roadmaps = []
    for example in gallery.examples:
        roadmap = advise(example, view, on)
        roadmaps.append(roadmap)
        pages[example.id] = _page(example, roadmap, view, gallery, names[example.region])
        told(pages[example.id].card)
    regions = tuple(
        RegionView(region.code, region.name, tuple(pages[example.id].card for example in gallery.of(region)))
        for region in gallery.regions
        if gallery.of(region)
    )
    summary = tuple(_summary(roadmaps, view, on))
    return GalleryView(gallery.title, gallery.intro, day(on), regions, pages, summary)


def _page(example: Example, roadmap: Roadmap, view: View, gallery: Gallery, region: str) -> ExampleView:
    document = roadmap_document(roadmap)
    saved = Made(example.id, document, datetime.combine(roadmap.on, time(), UTC), roadmap.on)
    offers = view.catalogue.offers

    def name_of(offer: str) -> str:
        return offers[offer].name if offer in offers else offer

    shown = roadmap_view(saved, roadmap.on, name_of)
    told, cost = example.profile, example.cost
    skipped = {*told.refused, *_WISHES}
    untold = [fact for fact in FACTS if not told.told(fact) and fact not in skipped]
    project = amount({"amount": cost.amount, "currency": cost.currency}) if cost else None
    return ExampleView(
        card=_card(example, roadmap, view),
        region=region,
        said=example.said,
        needs=tuple(sentence(need) for need in labels.needs(example.needs)),
        facts=(*shown.facts, *((("What the project costs", project),) if project else ())),
        unknown=joined([labels.fact(fact) for fact in untold]),
        shows=tuple(gallery.shows[code] for code in example.shows),
        why=example.why,
        roadmap=shown,
        linked=linked_data(document, view),
    )


def _card(example: Example, roadmap: Roadmap, view: View) -> Card:
    steps = roadmap.steps
    return Card(
        id=example.id,
        business=example.business,
        needs=tuple(labels.needs(example.needs)),
        phases=tuple((labels.phase(phase.phase), len(phase.steps)) for phase in roadmap.phases),
        steps=len(steps),
        first=steps[0].name if steps else "",
        providers=_providers([roadmap], view),
        gaps=tuple(labels.needs(gap.need for gap in roadmap.gaps)),
    )


def _providers(roadmaps: list[Roadmap], view: View) -> tuple[tuple[str, int], ...]:
    """Return the types of provider the steps come from, and of how many steps, most first."""
    catalogue, words = view.catalogue, labels.read()["provider_types"]
    kinds = [
        catalogue.providers[provider].type if provider in catalogue.providers else ""
        for roadmap in roadmaps
        for provider in (catalogue.offers[step.offer].provider for step in roadmap.steps)
    ]
    counted = Counter(kinds)
    order = sorted(counted, key=lambda kind: (-counted[kind], (*PROVIDER_TYPES, "", kind).index(kind)))
    return tuple((words.get(kind, "not known"), counted[kind]) for kind in order)


def _summary(roadmaps: list[Roadmap], view: View, on: date) -> Iterator[str]:
    """Say what the gallery rests on, the weak sides too."""
    offers = [offer for offer in view.catalogue.offers.values() if offer.status == "published"]
    seen = sorted(offer.source.seen for offer in offers if offer.source.seen)
    assured = sum(1 for offer in offers if offer.assured is not None)
    looked = f", last looked at between {day(seen[0])} and {day(seen[-1])}" if seen else ""
    if seen and seen[0] == seen[-1]:
        looked = f", last looked at on {day(seen[0])}"
    yield f"{len(offers)} records of offers, as they stood on {day(on)}{looked}."
    none = "None of the records has been checked by a hub yet."
    again = sum(1 for offer in offers if standing(offer.assured, on) == OVERDUE)
    due = f"; {again} of these {'is' if again == 1 else 'are'} due again" if again else ""
    yield f"{assured} of the records have been checked by a hub{due}." if assured else none
    steps, gaps = sum(len(r.steps) for r in roadmaps), sum(len(r.gaps) for r in roadmaps)
    unsure = sum(step.verdict == "unsure" for roadmap in roadmaps for step in roadmap.steps)
    by = joined([f"{kind} {count}" for kind, count in _providers(roadmaps, view)])
    yield f"{len(roadmaps)} examples, {steps} steps in all{f', by who delivers them: {by}' if by else ''}."
    yield f"Steps that are not sure yet: {unsure}. Needs without a step: {gaps}. Each page says why."
