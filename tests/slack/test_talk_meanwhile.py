"""What an owner tells and notes on their roadmap is in what their adviser presses, writes and fills in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.slack import verbs, worker
from bot.slack.talk.planning import Planning
from knowledge_base.asked import steps_of
from knowledge_base.brokers.records import Client
from knowledge_base.replanning import Happened
from tests.slack.signing import command, message, press
from tests.slack.talking import DUDLEY, NOW, TODAY, Talking
from tests.slack.test_talk_forms import opened, send


@pytest.fixture
def metalworks(talk: Talking) -> Client:
    talk.post(command(f"Example Metalworks Ltd: {DUDLEY}"))
    return talk.client()


def owner(talk: Talking, client: Client, **happened: Any) -> None:
    """Have the owner plan their roadmap again, on its page or in the chat."""
    made = talk.advice.progress(str(client.roadmap), Happened(**happened), on=TODAY, now=NOW)
    assert made is not None


def first_step(talk: Talking, client: Client) -> str:
    return str(steps_of(talk.document(client))[0]["offer"])


def advised(talk: Talking, client: Client) -> list[str]:
    return [str(step["offer"]) for step in steps_of(talk.document(client))]


def writes(talk: Talking, client: Client, words: str) -> None:
    channel, thread = talk.thread(client)
    talk.post(message(words, channel=channel, thread=thread))


def test_a_record_is_in_step_with_the_roadmap_that_was_just_planned(
    talk: Talking, metalworks: Client
) -> None:
    assert metalworks.planned is not None
    assert Planning(talk.door, talk.advice).caught_up(metalworks) == metalworks


def test_a_record_without_a_past_keeps_what_only_it_knows(talk: Talking, metalworks: Client) -> None:
    owner(talk, metalworks, facts={"employees": 300})
    profile = {**metalworks.profile, "sector": "food_drink", "turnover": {"amount": 5, "currency": "GBP"}}
    noted = replace(metalworks, planned=None, profile=profile)

    client = Planning(talk.door, talk.advice).caught_up(noted)

    assert client.profile["employees"] == 300
    assert client.profile["turnover"] == {"amount": 5, "currency": "GBP"}
    assert client.profile["sector"] == "manufacturing"


def test_a_form_shows_what_the_owner_told_and_keeps_what_they_ticked_off(
    talk: Talking, metalworks: Client
) -> None:
    step = first_step(talk, metalworks)
    owner(talk, metalworks, done=(step,), facts={"employees": 300})

    view = opened(talk, metalworks, verbs.EDIT)
    fields = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    send(talk, view, amount="£50,000")

    now = talk.client_now(metalworks)
    assert fields["employees"]["initial_value"] == "300"
    assert now.roadmap == metalworks.roadmap
    assert (now.profile["employees"], now.profile["done"]) == (300, [step])
    assert now.profile["amount"]["amount"] == 50000
    assert talk.document(metalworks)["profile"] == now.profile
    assert step not in advised(talk, metalworks)


def test_a_form_opened_before_the_owner_told_a_number_leaves_it_or_says_so(
    talk: Talking, metalworks: Client
) -> None:
    view = opened(talk, metalworks, verbs.EDIT)
    owner(talk, metalworks, facts={"employees": 300})

    refused = send(talk, view, employees="20")
    taken = send(talk, {**view, "hash": "another"}, amount="£50,000")

    assert refused["errors"]["employees"].startswith(
        "A colleague or the client changed this meanwhile (how many people work in the business: 300)."
    )
    assert not taken
    assert talk.client_now(metalworks).profile["employees"] == 300
    assert talk.document(metalworks)["profile"]["employees"] == 300


def test_a_need_the_owner_added_is_in_the_form_of_needs_and_stays(talk: Talking, metalworks: Client) -> None:
    owner(talk, metalworks, needs=("export_markets",))

    view = opened(talk, metalworks, verbs.NEEDS)
    send(talk, view)

    now = talk.client_now(metalworks)
    assert now.needs == (*metalworks.needs, "export_markets")
    assert now.roadmap == metalworks.roadmap


def test_an_advisers_words_leave_what_the_owner_told_and_ticked_off(
    talk: Talking, metalworks: Client
) -> None:
    step = first_step(talk, metalworks)
    owner(talk, metalworks, done=(step,), facts={"employees": 300})
    talk.rasa.sent.clear()

    writes(talk, metalworks, "they want to export too")

    now = talk.client_now(metalworks)
    assert talk.rasa.sent[0]["metadata"]["client"]["profile"]["employees"] == 300
    assert now.roadmap == metalworks.roadmap
    assert (now.profile["employees"], now.profile["done"]) == (300, [step])
    assert "export_markets" in talk.document(metalworks)["needs"]
    assert talk.document(metalworks)["profile"] == now.profile


def test_what_the_owner_tells_while_rasa_answers_is_planned_for_too(
    talk: Talking, metalworks: Client
) -> None:
    answer = talk.rasa.answer

    def while_it_reads(body: dict[str, Any]) -> Any:
        talk.rasa.answer = answer  # type: ignore[method-assign]
        owner(talk, metalworks, facts={"legal_form": "limited_company"})
        return answer(body)

    talk.rasa.answer = while_it_reads  # type: ignore[method-assign]
    writes(talk, metalworks, "25 people")

    profile = talk.client_now(metalworks).profile
    assert (profile["employees"], profile["legal_form"]) == (25, "limited_company")
    assert talk.document(metalworks)["profile"] == profile


def test_a_press_takes_what_the_owner_told_into_the_record(talk: Talking, metalworks: Client) -> None:
    step = first_step(talk, metalworks)
    owner(talk, metalworks, done=(step,), facts={"employees": 300})
    channel, thread = talk.thread(metalworks)

    talk.post(press(verbs.NO_LOANS, metalworks.id, channel=channel, thread=thread))

    profile = talk.client_now(metalworks).profile
    assert (profile["employees"], profile["done"], profile["refuses"]) == (300, [step], ["loan"])


def test_what_an_adviser_noted_before_the_owner_told_something_else_is_planned_for(
    talk: Talking, metalworks: Client
) -> None:
    talk.advice.clients.keep(
        metalworks.id,
        needs=metalworks.needs,
        profile={**metalworks.profile, "legal_form": "limited_company"},
        roadmap=metalworks.roadmap,
        version=metalworks.version,
        now=talk.clock(),
    )
    owner(talk, metalworks, facts={"employees": 300})
    channel, thread = talk.thread(metalworks)

    talk.post(press(verbs.CHEAPER, metalworks.id, channel=channel, thread=thread))

    profile = talk.client_now(metalworks).profile
    assert (profile["employees"], profile["legal_form"]) == (300, "limited_company")
    assert talk.document(metalworks)["profile"] == profile


def test_a_client_whose_roadmap_is_gone_is_planned_for_as_its_record_says(
    talk: Talking, metalworks: Client
) -> None:
    owner(talk, metalworks, facts={"employees": 300})
    talk.advice.roadmaps.delete_for_session(metalworks.session)

    planned = Planning(talk.door, talk.advice).current(metalworks)

    assert planned is not None
    assert planned.client.roadmap not in (None, metalworks.roadmap)
    assert planned.client.profile["employees"] == 14


def test_a_roadmap_nobody_changed_is_not_shown_again_because_rasa_was_away_once(
    talk: Talking, metalworks: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "wait_before", lambda tries, most: 0.02)
    said_before, answer = len(talk.told(metalworks)), talk.rasa.answer

    def unchanged(body: dict[str, Any]) -> list[dict[str, Any]]:
        said = answer(body)
        for each in said:
            if "roadmap" in each.get("custom", {}):
                each["custom"]["roadmap"]["unchanged"] = True
        return said

    talk.rasa.answer = unchanged  # type: ignore[method-assign]
    talk.rasa.failing = 1
    writes(talk, metalworks, "thanks")

    said = [each.text for each in talk.told(metalworks)[said_before:]]
    assert [each.startswith("Heard: thanks") for each in said] == [True]
