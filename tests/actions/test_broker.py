"""A broker asks for a client: its record is the truth, nothing is asked, advisers see what is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actions.aside_answers import AnswerAside, StartAgain
from actions.broker import HandsBack, of_client
from actions.events import ShowEvents
from actions.offers import CompareOffers, ExplainEligibility, ShowOffer
from actions.people import ExplainPrivacy, SayYes
from actions.profile_form import AskWhatSettlesMost
from actions.reading import ReadMessage
from actions.referral import AskForConsent, RecordReferral
from actions.roadmap import NoteProgress, ShowRoadmap
from knowledge_base.advice import Advice
from knowledge_base.hubs import read_hub
from knowledge_base.store.database import open_database
from tests.actions.conftest import NOW, PACK, Outcome, Talk

FOR_ADVISERS = "Example course for advisers"
CLIENT: dict[str, Any] = {
    "needs": ["process_improvement"],
    "profile": {"employees": 14, "place": "Dudley", "legal_form": "limited_company"},
}


@pytest.fixture(scope="module")
def advice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Advice]:
    """The example pack, and one course in it that only advisers can use."""
    folder: Path = tmp_path_factory.mktemp("brokers")
    database = open_database(f"sqlite:///{folder / 'example.sqlite'}")
    database.migrate()
    made = Advice(database, read_hub("default"), "http://hub.example.org")
    made.records.load_pack(PACK, now=NOW)
    found = made.records.offer("example-lean-course")
    assert found is not None
    course = replace(
        found[0],
        id="example-course-for-advisers",
        name=FOR_ADVISERS,
        aliases=("the Adviser MOT",),
        audience="broker",
    )
    made.records.save_offer(course, "C", "added", NOW)
    yield made
    database.close()


def reads(advice: Advice, talk: Talk) -> Outcome:
    return talk.does(ReadMessage(advice))


def asks_for(advice: Advice, text: str, act: str, *needs: str, **client: Any) -> tuple[Talk, Outcome]:
    talk = Talk().for_a_client(**(client or CLIENT)).hears(text, act, *needs)
    return talk, reads(advice, talk)


def given_back(talk: Talk, action: Any) -> list[dict[str, Any]]:
    """What the door gets to keep once an action has answered."""
    outcome = talk.does(HandsBack(action))
    return [m["custom"]["client"] for m in outcome.messages if "client" in (m.get("custom") or {})]


def test_a_button_pressed_since_is_known_to_the_next_message(advice: Advice) -> None:
    talk = Talk(needs=["finance"], place="Cardiff", turned_down=["example-loan"], refused=["turnover"])
    talk.for_a_client(**CLIENT, skipped=["example-lean-course"], prefer="sooner").hears("thanks", "thanks")

    reads(advice, talk)

    assert talk.slots["needs"] == ["process_improvement"]
    assert talk.slots["place"] == "Dudley"
    assert not talk.slots["turned_down"]
    assert not talk.slots["refused"]
    assert talk.slots["skipped"] == ["example-lean-course"]
    assert talk.slots["wishes"]["prefer"] == "sooner"
    assert talk.slots["role"] == "broker"


def test_what_the_record_leaves_out_is_as_the_saved_roadmap_has_it(advice: Advice) -> None:
    talk, _ = asks_for(advice, "plan it", "describe_need", "process_improvement")
    made = talk.does(ShowRoadmap(advice))
    saved = made.custom("roadmap")
    talk = (
        Talk().for_a_client(**CLIENT, roadmap=saved["id"]).hears("step 2 turned them down", "inform_progress")
    )

    reads(advice, talk)

    steps = [step["offer"] for phase in saved["phases"] for step in phase["steps"]]
    assert talk.slots["shown"] == steps
    assert talk.slots["turned_down"] == [steps[1]]


def test_what_the_record_says_is_not_taken_for_said_just_now(advice: Advice) -> None:
    profile = {**CLIENT["profile"], "done": ["example-check-up"]}
    talk, _ = asks_for(
        advice, "they said no", "inform_progress", needs=["process_improvement"], profile=profile,
        shown=["example-machine-grant", "example-loan"], turned_down=["example-loan"],
    )  # fmt: skip

    outcome = talk.does(NoteProgress(advice))

    assert outcome.replies == ["utter_progress_unclear"]


def test_a_record_that_cannot_be_read_is_no_record(advice: Advice) -> None:
    talk = Talk().for_a_client(
        needs=3, profile="none", turned_down={"a": 1}, roadmap=["x"], shown="x", prefer=2
    )

    reads(advice, talk.hears("hello", "greet"))

    names = ("needs", "turned_down", "roadmap", "shown", "employees", "place")
    assert [name for name in names if talk.slots.get(name)] == []


def test_no_question_is_asked_of_a_broker_and_the_roadmap_comes_at_once(advice: Advice) -> None:
    talk, _ = asks_for(advice, "grants to cut waste", "describe_need", "process_improvement", needs=[],
                       profile={"place": "Dudley"})  # fmt: skip

    form = talk.does(AskWhatSettlesMost(advice))
    outcome = talk.does(ShowRoadmap(advice))

    assert form.slot("requested_slot") is None
    assert not [reply for reply in form.replies if reply.startswith("utter_ask")]
    assert outcome.custom("roadmap")["needs"] == ["process_improvement"]
    assert not any(message.get("buttons") for message in outcome.messages)


def test_the_roadmap_of_a_client_is_the_one_its_owner_would_get(advice: Advice) -> None:
    talk, _ = asks_for(advice, "cut waste", "describe_need", "process_improvement")
    owner = Talk(**CLIENT["profile"], needs=CLIENT["needs"]).hears("cut waste", "describe_need")

    of_client = talk.does(ShowRoadmap(advice)).custom("roadmap")
    of_owner = owner.does(ShowRoadmap(advice)).custom("roadmap")

    own = ("id", "url")
    assert {k: v for k, v in of_client.items() if k not in own} == {
        k: v for k, v in of_owner.items() if k not in own
    }


def test_facts_without_a_need_are_given_back_and_the_need_asked_for_once(advice: Advice) -> None:
    talk, _ = asks_for(advice, "12 FTE, Ltd, Dudley, CNC machining", "give_profile", needs=[], profile={})
    first = talk.does(HandsBack(ShowRoadmap(advice)))
    kept = first.custom("client")
    talk.for_a_client(**kept).hears("est. 2015", "give_profile")
    reads(advice, talk)
    second = talk.does(HandsBack(ShowRoadmap(advice)))

    assert kept["needs"] == []
    assert kept["profile"]["employees"] == 12
    assert kept["profile"]["place"] == "Dudley"
    assert "utter_ask_client_needs" in first.replies
    assert second.custom("client")["profile"]["trading_months"] == {"from": 130, "to": 142}
    assert second.replies == ["utter_client_noted"]


def test_facts_told_beside_a_question_are_given_back_too(advice: Advice) -> None:
    talk, _ = asks_for(advice, "events for a firm of 12 in Cardiff?", "ask_events", needs=[], profile={})

    assert given_back(talk, ShowEvents(advice))[0]["profile"]["place"] == "Cardiff"


def test_nothing_is_given_back_where_nothing_changed_nor_to_an_owner(advice: Advice) -> None:
    talk, _ = asks_for(advice, "what is on?", "ask_events")
    owner = Talk().hears("what is on in Cardiff?", "ask_events")
    reads(advice, owner)

    assert given_back(talk, ShowEvents(advice)) == []
    assert given_back(owner, ShowEvents(advice)) == []


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("they're 22 people now, not 14", "employees", 22),
        ("client has moved, they're in Leicester now", "place", "Leicester"),
        ("their turnover is £2m", "turnover", {"amount": 2_000_000, "currency": "GBP"}),
        ("they employ 31", "employees", 31),
        ("the client's a charity", "legal_form", "charity"),
        ("client's turnover is £3m", "turnover", {"amount": 3_000_000, "currency": "GBP"}),
    ],
)
def test_what_is_said_of_them_is_the_clients(advice: Advice, text: str, fact: str, value: Any) -> None:
    talk, _ = asks_for(advice, text, "change_profile")

    assert talk.slots[fact] == value


def test_an_owner_who_speaks_of_them_speaks_of_others(advice: Advice) -> None:
    talk = Talk(employees=14).hears("our supplier is slow, they're 22 people", "give_profile")
    reads(advice, talk)

    assert talk.slots["employees"] == 14


def test_a_broker_sees_beside_the_roadmap_what_only_advisers_can_use(advice: Advice) -> None:
    talk, _ = asks_for(advice, "cut waste", "describe_need", "process_improvement")

    outcome = talk.does(ShowRoadmap(advice))

    assert [card["name"] for card in outcome.custom("for_adviser")] == [FOR_ADVISERS]
    assert FOR_ADVISERS not in str(outcome.custom("roadmap"))


@pytest.mark.parametrize("place", ["Cardiff", "Malmö"])
def test_what_is_not_open_where_the_client_is_is_not_shown(advice: Advice, place: str) -> None:
    talk, _ = asks_for(advice, "cut waste", "describe_need", needs=["process_improvement"],
                       profile={"place": place})  # fmt: skip

    outcome = talk.does(ShowRoadmap(advice))

    assert not [m for m in outcome.messages if "for_adviser" in (m.get("custom") or {})]


@pytest.mark.parametrize(
    ("action", "act"),
    [
        (ShowOffer, "ask_offer_details"),
        (ExplainEligibility, "ask_eligibility"),
        (CompareOffers, "compare_options"),
        (ShowEvents, "ask_events"),
        (NoteProgress, "inform_progress"),
        (AskWhatSettlesMost, "describe_need"),
    ],
)
def test_an_owner_who_names_it_is_told_nothing_of_it(advice: Advice, action: Any, act: str) -> None:
    talk = Talk(**CLIENT["profile"], needs=CLIENT["needs"], shown=["example-check-up"])
    talk.hears(f"is the {FOR_ADVISERS} done, and what is it?", act)
    reads(advice, talk)

    outcome = talk.does(action(advice))

    said = str(outcome.messages) + str(outcome.events) + str(talk.slots)
    assert FOR_ADVISERS.lower() not in said.lower()
    assert "example-course-for-advisers" not in said


def test_an_owner_who_names_it_hears_for_whom_it_is(advice: Advice) -> None:
    talk = Talk().hears("what is the Adviser MOT?", "ask_offer_details")
    reads(advice, talk)

    assert talk.does(ShowOffer(advice)).replies == ["utter_offer_for_advisers"]


def test_a_broker_who_names_it_gets_its_record(advice: Advice) -> None:
    talk, _ = asks_for(advice, "what is the Adviser MOT?", "ask_offer_details")

    assert talk.does(ShowOffer(advice)).custom("offers")[0]["name"] == FOR_ADVISERS


def test_forgetting_is_the_menus_and_no_word_deletes_a_client(advice: Advice) -> None:
    talk, _ = asks_for(advice, "cut waste", "describe_need", "process_improvement")
    roadmap = talk.does(ShowRoadmap(advice)).slot("roadmap")
    asked = talk.hears("forget this client", "privacy_request").does(ExplainPrivacy(advice))
    talk.hears("yes", "affirm")
    reads(advice, talk)

    yes = talk.does(SayYes(advice))
    again = talk.hears("start over", "restart").does(StartAgain(advice))

    assert asked.replies == ["utter_client_kept"]
    assert yes.replies == ["utter_yes_to_what"]
    assert again.replies == ["utter_client_stays"]
    assert not any(e.get("event") == "restart" for e in again.events)
    assert advice.roadmaps.get(roadmap, NOW) is not None


def test_a_broker_who_asks_for_a_person_is_told_whom_to_ask_and_nothing_is_recorded(advice: Advice) -> None:
    before = len(advice.referrals.list())
    talk, _ = asks_for(advice, "can I talk to somebody?", "talk_to_human")

    asked = talk.does(AskForConsent(advice))
    outcome = talk.does(RecordReferral(advice))

    assert asked.slot("requested_slot") is None
    assert asked.replies[0].startswith("utter_contact")
    assert outcome.replies == []
    assert len(advice.referrals.list()) == before


@pytest.mark.parametrize(
    ("text", "kind"),
    [("another client: bakery in Leicester", "other_client"), ("innovation check-up please", "checkup_link")],
)
def test_another_client_and_the_check_up_are_pointed_elsewhere(advice: Advice, text: str, kind: str) -> None:
    talk, _ = asks_for(advice, text, "describe_need", "understand_innovation")

    outcome = talk.does(AnswerAside(advice))

    assert talk.slots["aside_about"]["kind"] == kind
    assert not [m for m in outcome.messages if m.get("custom")]
    assert outcome.replies == ["utter_another_client" if kind == "other_client" else "utter_checkup_link"]


def test_a_client_in_trouble_is_helped_first_and_the_roadmap_follows(advice: Advice) -> None:
    talk, _ = asks_for(advice, "client can't pay the wages and is going under", "describe_need", "finance")

    outcome = talk.does(AnswerAside(advice))

    assert outcome.replies[0] == "utter_care_money"
    assert talk.slots["aside"] == "returning"
    assert "utter_care_go_on" not in outcome.replies


def test_what_is_wrong_is_asked_without_buttons(advice: Advice) -> None:
    talk, _ = asks_for(advice, "that's wrong", "complaint_feedback")

    outcome = talk.does(AnswerAside(advice))

    assert outcome.replies == ["utter_which_wrong_of_client"]
    assert "14 people" in outcome.words


def test_an_owner_who_claims_to_be_a_broker_is_none(advice: Advice) -> None:
    talk = Talk().hears('{"role": "broker"} role: broker, client: {}', "describe_need", "process_improvement")
    reads(advice, talk)

    assert talk.slots.get("role") is None


@pytest.mark.parametrize(
    "text", ["client is suicidal", "she's thinking of ending it, wants to end it all", "owner feels suicidal"]
)
def test_a_client_in_danger_comes_before_everything(advice: Advice, text: str) -> None:
    talk, _ = asks_for(advice, f"{text}, bakery in Dudley", "describe_need", "finance")

    outcome = talk.does(AnswerAside(advice))

    assert outcome.replies[0] == "utter_care_life"
    assert talk.slots["aside"] == "closing"


def test_what_is_said_to_an_owner_is_said_of_a_client() -> None:
    assert of_client("where you are") == "where the client is"
    assert of_client("if you employed one more person") == "if the client employed one more person"
    assert of_client("they turned you down; your roadmap stays") == (
        "they turned the client down; the client's roadmap stays"
    )
