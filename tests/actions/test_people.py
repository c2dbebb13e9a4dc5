"""Handing over with consent, and forgetting when asked."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.people import AskForConsent, ExplainPrivacy, RecordReferral, SayNo, SayYes
from actions.reading import ReadMessage
from actions.roadmap import ShowRoadmap
from knowledge_base.advice import Advice
from tests.actions.conftest import Talk


def test_nothing_is_passed_on_without_a_yes(advice: Advice) -> None:
    before = len(advice.referrals.list())
    talk = Talk().asking("consent", "person_form").hears("no thanks", "deny")
    talk.does(AskForConsent(advice))

    outcome = talk.does(RecordReferral(advice))

    assert "utter_referral_declined" in outcome.replies
    assert len(advice.referrals.list()) == before


def test_with_a_yes_and_an_address_the_referral_is_recorded_with_a_code(advice: Advice) -> None:
    talk = (
        Talk(needs=["finance"], place="Dudley").asking("consent", "person_form").hears("yes please", "affirm")
    )
    asked = talk.does(AskForConsent(advice))
    talk.asking("contact", "person_form").hears("Sam Example, sam@example.org", "give_profile")
    talk.does(AskForConsent(advice))

    outcome = talk.does(RecordReferral(advice))

    kept = advice.referrals.list()[0]
    assert asked.slot("requested_slot") == "contact"
    assert kept.contact == "sam@example.org"
    assert kept.areas == ("dudley",)
    assert kept.code in outcome.words


def test_an_address_that_cannot_be_read_is_asked_for_once_more_and_then_let_go(advice: Advice) -> None:
    talk = (
        Talk(consent=True)
        .asking("contact", "person_form")
        .hears("just shout across the yard", "give_profile")
    )
    first = talk.does(AskForConsent(advice))
    talk.asking("contact", "person_form").hears("you know where I am", "give_profile")
    talk.does(AskForConsent(advice))

    outcome = talk.does(RecordReferral(advice))

    assert first.replies == ["utter_contact_unreadable"]
    assert "utter_referral_declined" in outcome.replies


def test_a_name_alone_is_no_way_to_reach_anybody(advice: Advice) -> None:
    before = len(advice.referrals.list())
    talk = Talk(consent=True).asking("contact", "person_form").hears("my name is Sam Example", "give_profile")
    asked_again = talk.does(AskForConsent(advice))
    talk.hears("I told you, my name is Sam Example", "give_profile").does(AskForConsent(advice))

    outcome = talk.does(RecordReferral(advice))

    assert asked_again.replies == ["utter_contact_unreadable"]
    assert "utter_referral_declined" in outcome.replies
    assert len(advice.referrals.list()) == before


def test_another_question_in_place_of_a_yes_is_left_to_be_answered_and_the_yes_is_asked_for_again(
    advice: Advice,
) -> None:
    talk = Talk().asking("consent", "person_form").hears("what events are on", "ask_events")

    with pytest.raises(ActionExecutionRejection):
        talk.does(AskForConsent(advice))

    talk.events.append({"event": "action", "name": "action_show_events"})
    assert talk.does(AskForConsent(advice)).slot("requested_slot") == "consent"


def test_an_address_is_never_taken_for_a_question(advice: Advice) -> None:
    talk = Talk(consent=True).asking("contact", "person_form")
    talk.hears("email me the roadmap, Sam Example, sam@example.org", "save_or_share")

    assert talk.does(AskForConsent(advice)).slot("contact")["email"] == "sam@example.org"


def test_what_the_business_wants_in_place_of_a_yes_is_gone_on_with_and_nothing_recorded(
    advice: Advice,
) -> None:
    before = len(advice.referrals.list())
    talk = Talk().asking("consent", "person_form").hears("I need a grant", "describe_need", "finance")
    talk.does(AskForConsent(advice))

    outcome = talk.does(RecordReferral(advice))

    assert any(e.get("name") == "profile_form" for e in outcome.events)
    assert len(advice.referrals.list()) == before


def test_a_conversation_is_gone_when_asked(advice: Advice) -> None:
    talk = Talk(needs=["process_improvement"], place="Dudley").hears("14", "give_profile")
    roadmap = talk.does(ShowRoadmap(advice)).slot("roadmap")
    talk.hears("delete my data", "privacy_request").does(ExplainPrivacy(advice))

    outcome = talk.hears("yes", "affirm").does(SayYes(advice))

    assert outcome.custom("forgotten") is True
    assert advice.roadmaps.get(roadmap, datetime(2026, 11, 22, tzinfo=timezone.utc)) is None
    assert outcome.slot("forget_me") is True


def test_a_no_keeps_everything(advice: Advice) -> None:
    talk = Talk().hears("what do you keep", "privacy_request")
    talk.does(ExplainPrivacy(advice))

    outcome = talk.hears("no, leave it", "deny").does(SayNo())

    assert outcome.replies == ["utter_kept"]


def test_a_yes_to_nothing_deletes_nothing(advice: Advice) -> None:
    outcome = Talk().hears("yes", "affirm").does(SayYes(advice))

    assert outcome.replies == ["utter_yes_to_what"]
    assert outcome.events == []


def test_an_address_without_a_yes_is_not_a_yes(advice: Advice) -> None:
    before = len(advice.referrals.list())
    talk = Talk().asking("consent", "person_form").hears("my name is Sam, sam@example.org", "give_profile")
    unsaid = talk.does(AskForConsent(advice))
    talk.asking("consent", "person_form").hears("yes", "affirm").does(AskForConsent(advice))

    outcome = talk.does(RecordReferral(advice))

    assert unsaid.replies == ["utter_yes_needed"]
    assert unsaid.slot("requested_slot") == "consent"
    assert "utter_referral_recorded" in outcome.replies
    assert len(advice.referrals.list()) == before + 1


def test_what_was_told_is_said_back_when_somebody_asks_what_is_kept(advice: Advice) -> None:
    talk = Talk(employees=14, place="Dudley").hears("what do you know about me", "privacy_request")

    outcome = talk.does(ExplainPrivacy(advice))

    assert "how many people work in the business: 14" in outcome.words
    assert "Dudley" in outcome.words


def test_the_question_of_forgetting_lapses_when_something_else_is_asked_in_between(advice: Advice) -> None:
    talk = Talk(needs=["process_improvement"]).hears("what do you keep", "privacy_request")
    talk.does(ReadMessage(advice))
    talk.does(ExplainPrivacy(advice))
    talk.hears("what events are on?", "ask_events").does(ReadMessage(advice))

    talk.hears("yes", "affirm").does(ReadMessage(advice))
    outcome = talk.does(SayYes(advice))

    assert outcome.replies == ["utter_yes_to_what"]
    assert talk.slots["needs"] == ["process_improvement"]


def test_a_yes_to_a_question_of_a_form_is_no_yes_to_forgetting(advice: Advice) -> None:
    talk = Talk(pending="forget").asking("legal_form", "profile_form").hears("yes", "affirm")
    talk.does(ReadMessage(advice))

    assert talk.slots["pending"] is None


def test_a_yes_after_care_in_between_is_no_yes_to_forgetting(advice: Advice) -> None:
    talk = Talk(pending="forget").hears("yes, and I can't cope", "affirm")
    talk.does(ReadMessage(advice))

    assert talk.slots["pending"] is None


def test_a_yes_at_once_still_forgets(advice: Advice) -> None:
    talk = Talk().hears("delete my data", "privacy_request")
    talk.does(ReadMessage(advice))
    talk.does(ExplainPrivacy(advice))
    talk.hears("yes", "affirm").does(ReadMessage(advice))

    assert talk.does(SayYes(advice)).custom("forgotten") is True
