"""The check-up as a conversation: begun, answered, corrected, left, and followed by a roadmap."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.aside_answers import AnswerAside
from actions.checkup import FORM, PENDING, State
from actions.checkup_form import AskNext, Listen, ShowCheckup
from actions.learn import Decline
from actions.people import SayHello, SayNo, SayYes
from actions.profile_form import AskWhatSettlesMost
from actions.reading import ReadMessage
from actions.roadmap import ShowRoadmap
from knowledge_base.advice import Advice
from tests.actions.conftest import NOW, Outcome, Talk

LAST = {"sells": ["thing"], **{q: ["no"] for q in ("works", "organised", "reaches", "earns", "community")}}


def in_checkup(at: str = "works", **answers: Any) -> Talk:
    return Talk(checkup=State(answers=answers, at=at).kept()).asking("checkup_answer", FORM)


def says(talk: Talk, advice: Advice, text: str, act: str = "give_profile", *needs: str) -> Outcome:
    """Say something in the check-up, as Rasa would run it."""
    talk.hears(text, act, *needs).does(ReadMessage(advice))
    return talk.does(Listen(advice))


def presses(talk: Talk, advice: Advice, carried: str, act: str = "give_profile") -> Outcome:
    talk.hears(f"/{act}", act, entities={"checkup": carried}).does(ReadMessage(advice))
    return talk.does(Listen(advice))


def state(talk: Talk) -> State:
    return State(**talk.slots["checkup"])


def wanted(advice: Advice, text: str, act: str = "describe_need", **slots: Any) -> bool:
    talk = Talk(**slots).hears(text, act)
    talk.does(ReadMessage(advice))
    return talk.slots.get("checkup_wanted") is True


@pytest.mark.parametrize(
    "text",
    [
        "check-up",
        "Checkup please",
        "let's do the check up",
        "innovation check-up",
        "can we do that health check?",
        "how innovative are we?",
        "carry on with the check-up",
    ],
)
def test_a_phrase_begins_the_check_up_whatever_act_it_was_taken_for(advice: Advice, text: str) -> None:
    assert wanted(advice, text, "ask_offer_details")
    assert wanted(advice, text, "out_of_scope")


@pytest.mark.parametrize(
    "text",
    [
        "is there an energy check-up for shops?",
        "our van needs a check-up",
        "we are innovative",
        "digital health check",
    ],
)
def test_other_check_ups_do_not_begin_it(advice: Advice, text: str) -> None:
    assert not wanted(advice, text)


def test_the_button_begins_it_and_reads_nothing_else(advice: Advice) -> None:
    talk = Talk().hears("/describe_need", "describe_need", entities={"checkup": "start"})
    talk.does(ReadMessage(advice))

    assert talk.slots["checkup_wanted"] is True
    assert not talk.slots.get("needs")


def test_who_says_they_do_no_innovation_is_offered_the_check_up_once(advice: Advice) -> None:
    talk = Talk()
    talk.hears("we don't do innovation", "describe_need", "understand_innovation").does(ReadMessage(advice))
    first = talk.does(AskWhatSettlesMost(advice))
    talk.asking("place").hears("Dudley", "give_profile").does(ReadMessage(advice))
    second = talk.does(AskWhatSettlesMost(advice))

    assert "utter_checkup_offer" in first.replies
    assert first.slot("requested_slot") == "place"
    assert "utter_checkup_offer" not in second.replies


def test_other_needs_are_not_offered_it(advice: Advice) -> None:
    talk = Talk()
    talk.hears("we need a grant", "describe_need", "finance").does(ReadMessage(advice))

    assert "utter_checkup_offer" not in talk.does(AskWhatSettlesMost(advice)).replies


def test_yes_to_the_offer_begins_it_and_a_later_yes_does_not(advice: Advice) -> None:
    offered = State(offered=True, fresh=True).kept()

    assert wanted(advice, "yes please", "affirm", checkup=offered)
    talk = Talk(checkup=offered).asking("place").hears("Dudley", "give_profile")
    talk.does(ReadMessage(advice))
    talk.hears("yes", "affirm").does(ReadMessage(advice))
    assert not talk.slots.get("checkup_wanted")


def test_the_profile_form_steps_aside_for_it(advice: Advice) -> None:
    talk = Talk(needs=["finance"]).asking("place").hears("check-up", "give_profile")
    talk.does(ReadMessage(advice))

    with pytest.raises(ActionExecutionRejection):
        talk.does(AskWhatSettlesMost(advice))


def test_it_begins_with_what_it_is_and_the_first_question(advice: Advice) -> None:
    talk = Talk().hears("check-up", "describe_need")
    talk.does(ReadMessage(advice))
    begun = talk.does(Listen(advice))
    asked = talk.does(AskNext(advice))

    assert begun.replies == ["utter_checkup_begin"]
    assert begun.slot("requested_slot") == "checkup_answer"
    (question,) = asked.messages
    assert (question["number"], question["count"]) == (1, 8)
    assert [b["title"] for b in question["buttons"]][-2:] == ["Skip", "Stop here"]


@pytest.mark.parametrize(
    ("text", "act", "kept"),
    [
        ("yes", "affirm", ["yes"]),
        ("nope", "deny", ["no"]),
        ("2", "give_profile", ["some"]),
        ("sort of", "out_of_scope", ["some"]),
        ("skip", "deny", None),
        ("we put in a new oven", "describe_need", ["yes"]),
    ],
)
def test_an_answer_is_kept_whatever_act_it_was_taken_for(
    advice: Advice, text: str, act: str, kept: Any
) -> None:
    talk = in_checkup("works")
    says(talk, advice, text, act, "process_improvement")

    assert state(talk).answers == {"works": kept}
    assert state(talk).at == "sells"  # the first that is open
    assert not talk.slots.get("needs")


def test_a_button_answers_its_own_question_and_several_may_be_named_in_words(advice: Advice) -> None:
    talk = in_checkup("works")
    presses(talk, advice, "works:some")
    talk.slots["checkup"]["at"] = "holds"
    says(talk, advice, "no time and no money")

    assert state(talk).answers == {"works": ["some"], "holds": ["time", "money"]}


def test_a_longer_answer_is_said_back(advice: Advice) -> None:
    said = says(in_checkup("works"), advice, "yes we did last year")

    assert "utter_checkup_taken" in said.replies
    assert "Yes" in said.words


def test_what_is_unclear_is_asked_again_once_and_then_left_open(advice: Advice) -> None:
    talk = in_checkup("works")
    first = says(talk, advice, "purple monkeys")
    assert first.replies == ["utter_checkup_unclear"]
    assert state(talk).at == "works"

    second = says(talk, advice, "purple dishwashers")
    assert second.replies == ["utter_checkup_left_open"]
    assert state(talk).answers == {"works": None}


def test_yes_to_a_question_between_things_is_asked_which(advice: Advice) -> None:
    talk = in_checkup("sells")
    said = says(talk, advice, "yes", "affirm")

    assert said.replies == ["utter_checkup_which"]
    assert state(talk).at == "sells"


def test_help_gives_an_example_and_counts_for_nothing(advice: Advice) -> None:
    talk = in_checkup("works")

    assert says(talk, advice, "what do you mean?", "ask_definition").replies == ["utter_checkup_help"]
    assert state(talk).unclear == 0


def test_going_back_opens_the_one_before_and_the_first_has_none(advice: Advice) -> None:
    talk = in_checkup("works", sells=["thing"])
    says(talk, advice, "go back", "deny")
    assert state(talk).at == "sells"
    assert state(talk).answers == {}

    assert says(talk, advice, "go back", "deny").replies == ["utter_checkup_first"]
    says(talk, advice, "both", "give_profile")
    assert state(talk).answers == {"sells": ["both"]}
    assert state(talk).at == "works"


def test_going_back_to_a_number_keeps_the_others(advice: Advice) -> None:
    talk = in_checkup("earns", **LAST | {"earns": None, "community": None})
    del talk.slots["checkup"]["answers"]["earns"]
    says(talk, advice, "go back to 2")
    assert state(talk).at == "works"
    says(talk, advice, "yes", "affirm")
    assert state(talk).at == "earns"

    assert says(talk, advice, "back to 8").replies == ["utter_checkup_no_such"]


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("what events are on?", "ask_events"),
        ("I'd like to talk to one of your people", "talk_to_human"),
        ("we need a grant for an oven", "describe_need"),
        ("what's the weather tomorrow?", "out_of_scope"),
        ("bye", "goodbye"),
    ],
)
def test_it_steps_aside_for_something_else(advice: Advice, text: str, act: str) -> None:
    with pytest.raises(ActionExecutionRejection):
        says(in_checkup("holds"), advice, text, act)


def test_after_something_else_the_same_question_comes_back_but_not_for_ever(advice: Advice) -> None:
    talk = in_checkup("works", sells=["thing"])
    for _ in range(3):
        talk.hears("hello", "greet").does(ReadMessage(advice))
        talk.does(SayHello())
        back = talk.does(Listen(advice))
        assert state(talk).at == "works"
        assert back.slot("requested_slot") == "checkup_answer"
    talk.hears("hello", "greet").does(ReadMessage(advice))
    talk.does(SayHello())

    assert talk.does(Listen(advice)).slot("requested_slot") is None


def test_facts_told_in_its_midst_are_noted_and_needs_are_not(advice: Advice) -> None:
    talk = in_checkup("works")
    says(talk, advice, "there are 12 people here in Dudley", "give_profile", "finance")

    assert talk.slots["employees"] == 12
    assert talk.slots["place"] == "Dudley"
    assert not talk.slots.get("needs")
    assert state(talk).at == "works"


def test_small_talk_and_what_we_do_not_do_are_short_in_its_midst(advice: Advice) -> None:
    talk = in_checkup("works").hears("hello", "greet")

    assert talk.does(SayHello()).replies == ["utter_greet_again"]
    assert talk.does(Decline(advice)).replies == ["utter_out_of_scope_in_question"]


def test_stopping_shows_what_came_out_so_far_and_asking_goes_on(advice: Advice) -> None:
    talk = in_checkup("works", sells=["service"])
    assert says(talk, advice, "stop", "deny").slot("requested_slot") is None
    talk.loop = None
    shown = talk.does(ShowCheckup(advice))
    assert shown.replies[0] == "utter_checkup_stopped"
    assert "utter_checkup_result" in shown.replies

    talk.hears("check-up", "describe_need").does(ReadMessage(advice))
    again = talk.does(Listen(advice))
    assert again.replies == ["utter_checkup_go_on"]
    assert state(talk).at == "works"
    assert state(talk).answers == {"sells": ["service"]}


def test_stopping_at_once_places_nothing_and_goes_on_with_what_was_asked_before(advice: Advice) -> None:
    talk = in_checkup("sells")
    talk.slots["needs"] = ["finance"]
    says(talk, advice, "no thanks", "deny")
    shown = talk.does(ShowCheckup(advice))

    assert shown.replies == ["utter_checkup_nothing"]
    assert any(event.get("name") == "profile_form" for event in shown.events)
    assert not any(message.get("custom") for message in shown.messages)


def finished(advice: Advice, **slots: Any) -> tuple[Talk, Outcome]:
    talk = in_checkup("holds", **LAST, listens=["acts"])
    talk.slots |= slots
    says(talk, advice, "no money")
    talk.loop = None
    return talk, talk.does(ShowCheckup(advice))


def test_the_end_says_where_they_stand_what_fits_and_why_with_a_page(advice: Advice) -> None:
    talk, shown = finished(advice)

    assert "You do innovate" in shown.words
    assert "You said there is no money" in shown.words
    made = shown.custom("checkup")
    assert made["url"] == f"http://hub.example.org/checkup/{made['id']}"
    assert advice.checkups.open(made["id"], NOW).document["answers"]["holds"] == ["money"]
    assert talk.slots["needs"] == ["finance"]
    assert "28%" not in shown.words


def test_in_wales_the_share_is_told_with_its_source(advice: Advice) -> None:
    _, shown = finished(advice, place="Swansea")

    assert "28%" in shown.words
    assert "businessnewswales.com" in shown.words
    assert "the page gives no date" in shown.words


def test_yes_makes_the_roadmap_and_it_is_noted_on_the_page(advice: Advice) -> None:
    talk, shown = finished(advice, place="Dudley")
    yes = talk.hears("yes", "affirm").does(SayYes(advice))
    assert any(event.get("name") == "profile_form" for event in yes.events)
    plan = talk.does(ShowRoadmap(advice))

    assert talk.slots["needs"] == ["finance"]
    kept = advice.checkups.open(shown.custom("checkup")["id"], NOW)
    assert kept.roadmap == plan.slot("roadmap")
    assert talk.slots["pending"] is None


def test_the_button_for_the_roadmap_asks_for_the_needs_of_the_check_up(advice: Advice) -> None:
    talk, _ = finished(advice)
    talk.slots["needs"] = []
    talk.hears("/describe_need", "describe_need", entities={"checkup": "roadmap"}).does(ReadMessage(advice))

    assert talk.slots["needs"] == ["finance"]
    assert not talk.slots.get("checkup_wanted")


def test_what_was_wanted_before_comes_after_what_the_check_up_found(advice: Advice) -> None:
    talk, _ = finished(advice, needs=["premises"])
    assert talk.slots["needs"] == ["finance", "premises"]

    said = talk.hears("no", "deny").does(SayNo())
    assert said.replies == ["utter_checkup_no_roadmap"]
    assert talk.slots["needs"] == ["premises"]


def test_go_back_after_the_end_opens_the_last_question_again(advice: Advice) -> None:
    talk, _ = finished(advice)
    talk.hears("go back", "deny").does(ReadMessage(advice))
    assert talk.slots["checkup_wanted"] is True
    talk.does(Listen(advice))

    assert talk.slots["pending"] == PENDING
    assert state(talk).at == "holds"
    assert state(talk).answers["sells"] == ["thing"]


def test_asking_again_after_the_end_begins_anew(advice: Advice) -> None:
    talk, _ = finished(advice)
    talk.hears("check-up", "describe_need").does(ReadMessage(advice))
    begun = talk.does(Listen(advice))

    assert begun.replies == ["utter_checkup_begin"]
    assert state(talk).answers == {}


@pytest.mark.parametrize("carried", ["works:nonsense", "nonsense", "", ":", "works", "holds:time:money"])
def test_a_button_that_carries_nonsense_changes_nothing(advice: Advice, carried: str) -> None:
    talk = in_checkup("works")
    presses(talk, advice, carried)

    assert state(talk).answers == {}
    assert state(talk).at == "works"


@pytest.mark.parametrize("text", ["", "💥" * 100, "no " * 2000, "{ask} {count}", "/" * 50])
def test_hostile_answers_are_asked_again_or_taken_as_they_stand(advice: Advice, text: str) -> None:
    talk = in_checkup("works")
    said = says(talk, advice, text, "out_of_scope")

    assert said.slot("requested_slot") == "checkup_answer"
    assert set(state(talk).answers) <= {"works"}


def test_forgetting_a_conversation_forgets_its_check_up(advice: Advice) -> None:
    _, shown = finished(advice)
    made = shown.custom("checkup")["id"]
    assert advice.checkups.open(made, NOW)

    advice.forget("owner-1")
    assert advice.checkups.open(made, NOW) is None


@pytest.mark.parametrize(
    "said", ["we can't pay the wages", "I can't cope, I'm closing down", "no money, the bailiffs came"]
)
def test_trouble_told_in_the_check_up_is_met_with_care_and_the_check_up_waits(
    advice: Advice, said: str
) -> None:
    talk = in_checkup("holds", works=["some"]).hears(said, "give_profile")
    talk.does(ReadMessage(advice))
    cared = talk.does(AnswerAside(advice))

    assert talk.slots["aside"] == "closing"
    assert cared.replies[0].startswith("utter_care_")
    assert cared.replies[-1] == "utter_care_checkup_waits"
    assert state(talk).answers == {"works": ["some"]}


def test_a_yes_after_the_care_goes_on_with_the_check_up(advice: Advice) -> None:
    talk = in_checkup("holds", works=["some"]).hears("we can't pay the wages", "give_profile")
    talk.does(ReadMessage(advice))
    talk.does(AnswerAside(advice))
    talk.slots["requested_slot"] = None
    talk.loop = None
    talk.hears("yes please", "affirm").does(ReadMessage(advice))

    assert talk.slots["checkup_wanted"] is True
    assert state(talk).at == "holds"
    assert talk.slots["aside"] is None


def test_no_money_alone_stays_an_answer(advice: Advice) -> None:
    talk = in_checkup("holds")
    says(talk, advice, "no money, cash flow is tight")

    assert talk.slots["aside"] is None
    assert state(talk).answers == {"holds": ["money"]}
