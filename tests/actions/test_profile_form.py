"""The few questions before a roadmap."""

from __future__ import annotations

from datetime import date

import pytest
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.profile_form import AskWhatSettlesMost
from actions.reading import ReadMessage
from knowledge_base.advice import Advice
from knowledge_base.profile import Profile
from tests.actions.conftest import Outcome, Talk


def said(talk: Talk, advice: Advice, text: str, act: str, *needs: str) -> Outcome:
    talk.hears(text, act, *needs)
    talk.does(ReadMessage(advice))
    return talk.does(AskWhatSettlesMost(advice))


def test_the_need_is_asked_first_when_it_is_not_known(advice: Advice) -> None:
    outcome = said(Talk(), advice, "there are 14 of us in Dudley", "give_profile")

    assert outcome.slot("requested_slot") == "needs"


def test_the_question_is_the_fact_that_settles_most(advice: Advice) -> None:
    talk = Talk()

    outcome = said(talk, advice, "orders are always late", "describe_need", "process_improvement")

    expected = advice.next_question(("process_improvement",), Profile(), on=date(2026, 11, 21))
    assert expected is not None
    assert outcome.slot("requested_slot") == expected.fact == "place"


def test_a_refused_fact_is_not_asked_again(advice: Advice) -> None:
    talk = Talk(needs=["process_improvement"]).asking("place")

    outcome = said(talk, advice, "I'd rather not say", "complaint_feedback")

    assert "place" in outcome.slot("refused")
    assert outcome.slot("requested_slot") != "place"
    assert "utter_left_out" in outcome.replies


def test_a_question_is_never_asked_a_third_time(advice: Advice) -> None:
    talk = Talk(needs=["process_improvement"]).asking("place")

    first = said(talk, advice, "well it depends who you talk to", "give_profile")
    second = said(talk, advice, "like I said, it depends", "give_profile")

    assert first.slot("requested_slot") == "place"
    assert first.replies == ["utter_not_understood"]
    assert second.slot("requested_slot") != "place"


def test_a_place_nobody_knows_is_said_to_be_unknown(advice: Advice) -> None:
    talk = Talk(needs=["process_improvement"]).asking("place")

    outcome = said(talk, advice, "we are based in Xyzzyville", "give_profile")

    assert "utter_place_unknown" in outcome.replies
    assert talk.slots.get("place") is None


def test_at_most_two_questions_come_before_a_roadmap(advice: Advice) -> None:
    talk = Talk(needs=["process_improvement"], questions={"count": 2, "tries": {}}).asking("employees")

    outcome = said(talk, advice, "14", "give_profile")

    assert outcome.slot("requested_slot") is None


def test_a_question_about_events_in_the_middle_is_let_through(advice: Advice) -> None:
    talk = Talk(needs=["process_improvement"]).asking("place")
    talk.hears("are there any evenings where makers meet near here at all", "ask_events")
    talk.does(ReadMessage(advice))

    with pytest.raises(ActionExecutionRejection):
        talk.does(AskWhatSettlesMost(advice))


def test_after_a_digression_the_same_question_stays_open_and_is_not_counted(advice: Advice) -> None:
    talk = Talk(needs=["process_improvement"], questions={"count": 1, "tries": {}}).asking("place")
    talk.hears("any events?", "ask_events")
    talk.events.append({"event": "action", "name": "action_show_events"})

    outcome = talk.does(AskWhatSettlesMost(advice))

    assert outcome.slot("requested_slot") == "place"
    assert outcome.slot("questions")["count"] == 1


def test_no_loans_after_a_roadmap_asks_nothing_more(advice: Advice) -> None:
    talk = Talk(needs=["finance"], shown=["example-loan"])

    outcome = said(talk, advice, "no loans", "refine")

    assert outcome.slot("requested_slot") is None
    assert "utter_refined_refuses" in outcome.replies


def test_somebody_who_cannot_name_a_need_is_led_to_understanding(advice: Advice) -> None:
    talk = Talk().asking("needs")

    outcome = said(talk, advice, "not a clue", "deny")

    assert outcome.slot("needs") == ["understand_innovation"]


def test_after_two_digressions_the_roadmap_comes_without_the_answer(advice: Advice) -> None:
    talk = Talk(needs=["process_improvement"], questions={"count": 1, "tries": {}}).asking("place")
    talk.hears("any events?", "ask_events")
    talk.events.append({"event": "action", "name": "action_show_events"})

    asked = [talk.does(AskWhatSettlesMost(advice)).slot("requested_slot") for _ in range(3)]

    assert asked == ["place", "place", None]


def test_a_need_nobody_understood_is_not_made_up(advice: Advice) -> None:
    talk = Talk().asking("needs")

    said(talk, advice, "gaming", "give_profile")
    outcome = said(talk, advice, "like I said, gaming", "give_profile")

    assert outcome.slot("requested_slot") is None
    assert talk.slots["needs"] == []
