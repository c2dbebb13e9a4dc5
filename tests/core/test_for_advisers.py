"""What only advisers can use: shown to brokers beside a roadmap, and to no owner in any answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

import knowledge_base
from knowledge_base.asked import Asked, offers_in
from knowledge_base.catalogue import read_starter_pack
from knowledge_base.documents import roadmap_document
from knowledge_base.explain import explain, explanation_document
from knowledge_base.nearly import nearly
from knowledge_base.offer_lookup import NoSuchOffer, find_offer
from knowledge_base.profile import Profile
from knowledge_base.reading import without
from knowledge_base.records import Offer, Window
from knowledge_base.view import View
from knowledge_base.words import NEEDS
from tests.core.builders import TODAY
from tests.core.test_roadmap_starter_pack import PLACES, some_business

CONTENT = Path(knowledge_base.__file__).parent / "content"
BUSINESSES = 1000


@pytest.fixture(scope="module")
def view() -> View:
    return View.of(read_starter_pack(CONTENT), ("west-midlands", "east-midlands", "wales"))


def for_brokers(view: View) -> list[Offer]:
    return [view.catalogue.offers[id] for id in sorted(view.index.for_brokers)]


def named_in(said: str, offers: Iterable[Offer]) -> list[str]:
    """The offers that what was said names, or gives the id of; a page's address may hold either."""
    heard = re.sub(r"https?://[^\s\"]+", "", said).casefold()
    return [
        each.id
        for each in offers
        if f'"{each.id}"' in heard
        or each.name.casefold() in heard
        or (each.local_name or each.name).casefold() in heard
    ]


def answers_to(view: View, asked: Asked, chance: Random, closely: bool) -> str:
    """Everything an owner may be told of one business, as the doors would say it."""
    needs, profile, on = asked.needs, asked.profile, asked.on
    document = roadmap_document(view.roadmap(needs, profile, on))
    own = [each.id for each in view.catalogue.offers.values() if each.audience == "owner"]
    told = [*offers_in(document), *chance.sample(own, 3)]
    said: list[Any] = [document]
    said += [card.document for card in view.meetings(needs, profile, on)]
    for offer in told:
        card = view.card(offer, profile, on)
        assert card is not None
        said.append([card.document, card.when_words, card.now_words])
    if closely:
        said += [explanation_document(explain(view, asked, offer)) for offer in told[:3]]
        said += [
            [near.offer.name, near.failed, [c.words for c in near.missing]] for near in nearly(view, asked, 5)
        ]
    return json.dumps(said, ensure_ascii=False, default=str)


def test_no_answer_to_an_owner_names_what_only_advisers_can_use(view: View) -> None:
    chance, brokers = Random(6), for_brokers(view)
    found: dict[str, Any] = {}
    for turn in range(BUSINESSES):
        needs = tuple(chance.sample(NEEDS, chance.randint(1, 4)))
        asked = Asked(needs, some_business(chance), TODAY)
        named = named_in(answers_to(view, asked, chance, closely=turn % 20 == 0), brokers)
        if named:
            found[", ".join(named)] = asked
    assert len(brokers) >= 10
    assert found == {}


@pytest.mark.parametrize("closed", [False, True])
def test_it_is_named_to_no_owner_who_names_it(view: View, closed: bool) -> None:
    window = Window(status="closed") if closed else Window(status="rolling")
    for offer in for_brokers(view):
        known = {**view.catalogue.offers, offer.id: replace(offer, window=window)}
        catalogue = replace(view.catalogue, offers=known)
        at_hand = replace(view, catalogue=catalogue)
        assert at_hand.card(offer.id, Profile(), TODAY) is None
        for name in (offer.id, offer.name, *offer.aliases):
            with pytest.raises(NoSuchOffer) as said:
                find_offer(catalogue, name, "owner")
            assert not set(said.value.close) & view.index.for_brokers
            assert offer.name not in str(said.value).replace(repr(name[:60]), "")


def test_an_owner_who_names_it_leaves_no_trace_of_it_in_what_was_read(view: View) -> None:
    for offer in for_brokers(view):
        heard = view.reader.read(f"We did {offer.name}, and what is it?", on=TODAY)

        read = without(heard, view.index.for_brokers)

        assert offer.id in heard.offers or not heard.offers
        assert read.for_advisers is bool(heard.offers or heard.facts.get("done"))
        assert offer.id not in (*read.offers, *read.turned_down, *read.skipped, *read.facts.get("done", ()))


def test_what_ended_leads_no_owner_to_it(view: View) -> None:
    offer = next(iter(view.catalogue.offers.values()))
    course = for_brokers(view)[0]
    ended = replace(offer, window=Window(status="closed"), succeeded_by=course.id, leads_to=(course.id,),
                    part_of=course.id)  # fmt: skip
    opened = replace(course, window=Window(status="rolling"))
    known = {**view.catalogue.offers, ended.id: ended, course.id: opened}
    at_hand = replace(view, catalogue=replace(view.catalogue, offers=known))

    card = at_hand.card(ended.id, Profile(), TODAY)

    assert card is not None
    assert course.name not in json.dumps(card.document) + card.now_words


def test_a_broker_sees_at_most_three_open_for_the_needs_where_the_client_is(view: View) -> None:
    chance = Random(7)
    seen = set()
    for _ in range(200):
        needs = tuple(chance.sample(NEEDS, chance.randint(1, 4)))
        place = chance.choice(PLACES)
        shown = view.for_advisers(needs, replace(some_business(chance), place=place), TODAY)
        offers = [view.catalogue.offers[card.id] for card in shown]
        seen |= {offer.id for offer in offers}
        assert len(offers) <= 3
        assert all(offer.audience == "broker" and set(offer.needs) & set(needs) for offer in offers)
        assert not [card for card in shown if card.ended or card.verdict == "unlikely"]
    assert seen


def test_what_is_for_another_area_is_not_shown_to_a_broker(view: View) -> None:
    west = {c.id for c in view.for_advisers(["understand_innovation"], Profile(place="Dudley"), TODAY)}
    east = {c.id for c in view.for_advisers(["understand_innovation"], Profile(place="Leicester"), TODAY)}

    assert "iawm-end-to-end-roadmaps" in west - east
    assert "leicestershire-innovation-advocates" in east - west
