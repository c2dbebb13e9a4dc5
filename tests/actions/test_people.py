"""Handing over with consent, and forgetting when asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.aside_answers import AnswerAside
from actions.people import ExplainPrivacy, SayNo, SayYes
from actions.reading import ReadMessage
from actions.referral import AskForConsent, RecordReferral
from actions.roadmap import ShowRoadmap
from knowledge_base.advice import Advice
from knowledge_base.brokers.records import Team
from tests.actions.conftest import NOW, Outcome, Talk


@pytest.fixture(autouse=True)
def nothing_asked_yet(advice: Advice) -> None:
    advice.referrals.delete_for_session("owner-1")


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


def asks_for_a_person(advice: Advice, **told: Any) -> Talk:
    talk = Talk(**told).hears("I want to talk to somebody", "talk_to_human")
    talk.does(AskForConsent(advice))
    return talk.asking("consent", "person_form")


def agrees(advice: Advice, talk: Talk) -> Outcome:
    talk.hears("yes", "affirm").does(AskForConsent(advice))
    talk.asking("contact", "person_form").hears("Sam Example, sam@example.org", "give_profile")
    talk.does(AskForConsent(advice))
    return talk.does(RecordReferral(advice))


@pytest.fixture
def dudley_team(advice: Advice) -> Iterator[Team]:
    team = advice.teams.add(now=NOW, name="Example Dudley advisers", areas=["dudley"], lead_after_days=4)
    yield team
    advice.teams.change(team.id, now=NOW, active=False, name=f"Former {team.id}")


@pytest.mark.parametrize(
    "says", [("/talk_to_human", {"referral": "code"}), ("just a code, I'll call them", {})]
)
def test_a_business_may_keep_its_name_and_quote_a_code(advice: Advice, says: Any) -> None:
    talk = asks_for_a_person(advice, needs=["finance"], employees=14, place="Dudley", sector="manufacturing")
    talk.hears("yes", "affirm").does(AskForConsent(advice))
    talk.asking("contact", "person_form").hears(says[0], "talk_to_human", entities=says[1])
    talk.does(AskForConsent(advice))

    outcome = talk.does(RecordReferral(advice))

    kept = advice.referrals.of_session("owner-1")
    assert kept is not None
    assert (kept.name, kept.contact, kept.sector) == ("", "", "manufacturing")
    assert kept.recap == ("14 people", "in Dudley", "manufacturing", "wants money for its plans")
    assert outcome.replies[0] == "utter_referral_code_only"
    assert kept.code in outcome.words
    assert any(reply.startswith("utter_contact") for reply in outcome.replies)


def test_the_answer_names_the_team_and_by_when_its_lead_is_told(advice: Advice, dudley_team: Team) -> None:
    outcome = agrees(advice, asks_for_a_person(advice, needs=["finance"], place="Dudley"))

    assert "Example Dudley advisers" in outcome.words
    assert "utter_referral_by" in outcome.replies


def test_without_a_team_the_hub_has_it_and_no_day_is_promised(advice: Advice) -> None:
    outcome = agrees(advice, asks_for_a_person(advice, needs=["finance"], place="Dudley"))

    assert advice.hub.name in outcome.words
    assert "utter_referral_by" not in outcome.replies


def test_who_asks_again_while_a_request_is_open_hears_its_state_and_makes_no_second(advice: Advice) -> None:
    agrees(advice, asks_for_a_person(advice, needs=["finance"], place="Dudley"))
    before = len(advice.referrals.list())
    talk = Talk().hears("can somebody call me", "talk_to_human")

    asked = talk.does(AskForConsent(advice))
    outcome = talk.does(RecordReferral(advice))

    assert asked.replies[0] == "utter_referral_new"
    assert asked.slot("requested_slot") is None
    assert outcome.replies == []
    assert len(advice.referrals.list()) == before


def test_a_yes_that_comes_twice_makes_one_request(advice: Advice) -> None:
    talk = asks_for_a_person(advice, needs=["finance"])
    agrees(advice, talk)
    talk.slots |= {"consent": True, "contact": {"email": "sam@example.org"}}

    outcome = talk.does(RecordReferral(advice))

    assert outcome.replies[0] == "utter_referral_new"
    assert len([r for r in advice.referrals.list() if r.session == "owner-1"]) == 1


@pytest.mark.parametrize("act", ["inform_progress", "ask_how_it_works", "describe_need"])
@pytest.mark.parametrize("text", ["what happened with my request?", "any news about the call back?"])
def test_what_became_of_it_is_told_whatever_act_the_words_are_taken_for(
    advice: Advice, act: str, text: str
) -> None:
    agrees(advice, asks_for_a_person(advice, needs=["finance"]))
    talk = Talk().hears(text, act)
    talk.does(ReadMessage(advice))

    outcome = talk.does(AnswerAside(advice))

    assert outcome.replies[0] == "utter_referral_new"


def test_what_became_of_nothing_is_said_so_and_a_person_offered(advice: Advice) -> None:
    talk = Talk().hears("what happened with my request?", "talk_to_human")
    talk.does(ReadMessage(advice))

    outcome = talk.does(AskForConsent(advice))

    assert talk.slots.get("aside") is None
    assert outcome.replies[0] == "utter_no_referral_yet"
    assert outcome.slot("requested_slot") == "consent"


def test_a_request_taken_on_and_closed_says_so_and_another_can_be_made(
    advice: Advice, dudley_team: Team
) -> None:
    agrees(advice, asks_for_a_person(advice, needs=["finance"], place="Dudley"))
    referral = advice.referrals.of_session("owner-1")
    assert referral is not None
    who = advice.brokers.add(now=NOW, team=dudley_team.id, name="Alex Example")
    advice.referrals.take(referral.code, who.id, NOW)
    taken = Talk().hears("I want to talk to somebody", "talk_to_human").does(AskForConsent(advice))
    advice.referrals.close(referral.code, "helped", who.id, NOW)

    after = Talk().hears("I want to talk to somebody", "talk_to_human").does(AskForConsent(advice))

    assert taken.replies[0] == "utter_referral_taken"
    assert "Example Dudley advisers" in taken.words
    assert after.slot("requested_slot") == "consent"
