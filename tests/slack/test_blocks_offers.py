"""Offers as an adviser sees them in Slack: explained, compared, and nearly fitting."""

from __future__ import annotations

import html
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings

from bot.slack import verbs
from bot.slack.blocks.comparing import compare, nearly
from bot.slack.blocks.explaining import explain
from bot.slack.blocks.offers import for_adviser, offer_card
from knowledge_base import explain as core
from knowledge_base.asked import Asked
from knowledge_base.catalogue import Catalogue
from knowledge_base.nearly import nearly as nearly_fitting
from knowledge_base.view import View
from knowledge_base.words import NEEDS
from tests.core.builders import AREAS, TODAY, business, closed, employs, in_words, is_within, offer
from tests.core.full import examples
from tests.core.test_roadmap_starter_pack import some_business
from tests.core.worlds import world
from tests.slack.block_kit_schema import elements, message_faults
from tests.slack.made_up import client, hostile_words, starter_view


@cache
def nothing_seen():
    return View.of(Catalogue.of(AREAS, []))


def seen(*offers):
    return View.of(Catalogue.of(AREAS, offers), before=nothing_seen())


def asks(*needs, **facts):
    return Asked(needs or ("finance",), business(**{"place": "Dudley", **facts}), TODAY)


def said(message):
    return html.unescape(message.text)


def shown(message):
    return html.unescape(str(message.blocks))


def faults(message):
    return message_faults(message.text, message.blocks)


def test_why_not_shows_each_condition_with_what_it_came_to_and_what_would_change_it():
    grant = offer(
        "example-grant",
        needs=("finance",),
        criteria=(employs(5, 249), is_within("black-country"), in_words("The project has not started")),
    )
    found = core.explain(seen(grant), asks(employees=4), "example-grant")

    message = explain(found, client())

    assert "✗ " in shown(message)
    assert "_not met_" in shown(message)
    assert "✓ " in shown(message)
    assert "☐ The project has not started: _check with the provider_" in shown(message)
    assert "What would make it a step" in shown(message)
    assert "• you employed one more person, 5 in all" in shown(message)
    assert "If you employed one more person, 5 in all." in said(message)
    assert faults(message) == []


def test_why_this_one_names_which_step_it_is():
    found = core.explain(seen(offer("example-advice", needs=("finance",))), asks(), "example-advice")

    message = explain(found, client())

    assert "step 1" in shown(message)
    assert "Example advice is step 1 of your roadmap." in said(message)
    assert faults(message) == []


@pytest.mark.parametrize("seed", range(examples(200, 40)))
def test_every_offer_of_a_made_up_world_can_be_explained(seed):
    made = world(seed)
    view = View.of(made.catalogue())
    asked = Asked(tuple(made.needs), made.profile, TODAY)
    messages = [explain(core.explain(view, asked, each.id), client()) for each in made.offers]

    assert [faults(each) for each in messages] == [[] for _ in made.offers]


@pytest.mark.parametrize("seed", range(examples(60, 6)))
def test_offers_of_the_starter_pack_can_be_explained_shown_and_compared(seed):
    chance, view = Random(f"offers {seed}"), starter_view()
    asked = Asked(tuple(chance.sample(NEEDS, 2)), some_business(chance), TODAY)
    ids = chance.sample(sorted(view.catalogue.offers), 4)
    cards = [view.card(id, asked.profile, TODAY, "broker") for id in ids]
    made = [
        *(explain(core.explain(view, asked, id), client()) for id in ids),
        *(offer_card(card, client()) for card in cards),
        compare(cards, client()),
        compare(cards[:2], client()),
        for_adviser(cards),
    ]

    assert [faults(each) for each in made] == [[] for _ in made]
    for card in cards:
        assert " ".join(card.name.split()) in said(made[-3])


def test_two_offers_stand_side_by_side_aspect_by_aspect():
    view = seen(
        offer("example-advice", needs=("finance",)),
        offer("example-grant", kind="grant", needs=("finance",), criteria=(employs(5, 249),)),
    )
    cards = [view.card(id, business(place="Dudley"), TODAY) for id in ("example-advice", "example-grant")]

    message = compare(cards, client())
    fields = [each["text"] for block in message.blocks if "fields" in block for each in block["fields"]]

    assert len(fields) % 2 == 0
    assert "Example advice" in fields[0]
    assert "Example grant" in fields[1]
    assert fields[2] == "_Fit_\n✓ Likely a fit"
    assert fields[3] == "_Fit_\n? Not sure yet"
    assert [each["action_id"] for each in elements(message.blocks, "action_id")] == [
        "why:example-advice",
        "why:example-grant",
    ]


def test_one_offer_alone_cannot_be_compared_and_that_is_said():
    card = seen(offer("example-advice")).card("example-advice", business(), TODAY)

    assert "nothing to compare" in compare([card], client()).text
    assert "nothing to compare" in compare([], client()).text


def test_an_offer_that_ended_says_so_with_a_sign_and_in_words():
    view = seen(offer("example-grant", kind="grant", window=closed("2023-04")))
    message = offer_card(view.card("example-grant", business(), TODAY), client())

    assert "✗ Ended" in shown(message)
    assert "ended April 2023" in said(message)
    assert "No successor is known" in shown(message)


def test_what_nearly_fits_is_listed_with_what_is_missing_and_asks_why():
    view = seen(offer("example-grant", needs=("finance",), criteria=(employs(5, 249),)))
    near = nearly_fitting(view, asks(employees=4), 10)

    message = nearly(near, client())
    [why] = elements(message.blocks, "action_id")

    assert "It would fit if you employed one more person, 5 in all." in shown(message)
    assert verbs.pressed(why["action_id"], why["value"]) == verbs.Pressed("why", "example-grant", client().id)
    assert faults(message) == []


def test_that_nothing_nearly_fits_is_said():
    assert "Nothing else nearly fits" in nearly([], client()).text


@pytest.mark.parametrize("count", [1, 12, 13, 40, 130])
def test_all_that_nearly_fits_is_shown_once_however_many_pages_it_takes(count):
    view = seen(
        *(
            offer(f"example-grant-{number:03}", needs=("finance",), criteria=(employs(5, 249),))
            for number in range(count)
        )
    )
    near = nearly_fitting(view, asks(employees=4), 1000)

    ids, page = [], 1
    while True:
        message = nearly(near, client(), page=page)
        ids += [
            each["action_id"].removeprefix("why:")
            for each in elements(message.blocks, "action_id")
            if each["action_id"].startswith("why:")
        ]
        assert faults(message) == []
        if f"nearly:{page + 1}" not in str(message.blocks):
            break
        page += 1

    assert ids == [each.offer.id for each in near]
    assert len(ids) == count


@settings(deadline=None, max_examples=examples(150, 30))
@given(words=hostile_words, other=hostile_words, name=hostile_words)
def test_hostile_words_of_a_record_are_shown_as_words(words, other, name):
    hostile = offer(
        "example-grant",
        kind="grant",
        needs=("finance",),
        name=words,
        summary=other,
        provider=words,
        prepare=(words, other),
        criteria=(employs(5, 249), in_words(other)),
    )
    view, asked = seen(hostile, offer("example-advice", needs=("finance",), name=other)), asks(employees=4)
    cards = [view.card(id, asked.profile, TODAY) for id in ("example-grant", "example-advice")]
    made = [
        explain(core.explain(view, asked, "example-grant"), client(name)),
        offer_card(cards[0], client(name)),
        compare(cards, client(name)),
        compare(cards[::-1], client(name)),
        nearly(nearly_fitting(view, asked, 5), client(name)),
        for_adviser(cards * 4),
    ]

    assert [faults(each) for each in made] == [[] for _ in made]
