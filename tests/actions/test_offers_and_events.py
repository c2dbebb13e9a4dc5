"""Questions about offers, events and words, from the records alone."""

from __future__ import annotations

from typing import Any

from actions.events import ShowEvents
from actions.learn import Define, ExplainOurselves
from actions.offers import CompareOffers, ExplainEligibility, ShowOffer
from knowledge_base.advice import Advice
from tests.actions.conftest import Talk


def test_an_offer_is_told_with_its_source_and_the_day_it_was_seen(advice: Advice) -> None:
    talk = Talk(mentioned=["example-machine-grant"]).hears("the machine grant?", "ask_offer_details")

    outcome = talk.does(ShowOffer(advice))

    assert outcome.replies == ["utter_offer", "utter_offer_check"]
    assert "https://example.org/example-machine-grant" in outcome.words
    assert "seen 1 November 2026; not yet checked by the hub" in outcome.words


def test_an_ended_offer_says_when_who_ran_it_and_what_there_is_now(advice: Advice) -> None:
    talk = Talk(mentioned=["example-ended-scheme"]).hears("the ended scheme?", "ask_offer_details")

    outcome = talk.does(ShowOffer(advice))

    assert outcome.replies == ["utter_offer_ended"]
    assert "in April 2023" in outcome.words
    assert "Example council" in outcome.words
    assert "followed by Example machine grant" in outcome.words


def test_an_offer_without_a_record_is_not_described(advice: Advice) -> None:
    outcome = (
        Talk(mentioned=[])
        .hears("tell me about the Moonshine Fund", "ask_offer_details")
        .does(ShowOffer(advice))
    )

    assert outcome.replies == ["utter_offer_unknown"]


def test_eligibility_names_the_condition_that_decided_it(advice: Advice) -> None:
    talk = Talk(mentioned=["example-lean-course"], employees=2, place="Dudley")

    outcome = talk.hears("would we get on the lean course", "ask_eligibility").does(
        ExplainEligibility(advice)
    )

    assert "unlikely to fit" in outcome.words
    assert "You employ between 5 and 249 people: no" in outcome.words


def test_what_only_the_provider_can_settle_is_said_to_be_so(advice: Advice) -> None:
    talk = Talk(mentioned=["example-machine-grant"], place="Dudley", legal_form="limited_company")

    outcome = talk.hears("could we get it", "ask_eligibility").does(ExplainEligibility(advice))

    assert "The project must not have started: check with the provider" in outcome.words


def test_two_named_offers_are_put_side_by_side(advice: Advice) -> None:
    talk = Talk(mentioned=["example-loan", "example-machine-grant"])

    outcome = talk.hears("loan or grant?", "compare_options").does(CompareOffers(advice))

    assert [offer["offer"] for offer in outcome.custom("offers")] == ["example-loan", "example-machine-grant"]


def test_one_named_offer_is_compared_with_the_first_step_shown(advice: Advice) -> None:
    talk = Talk(mentioned=["example-loan"], shown=["example-check-up"])

    outcome = talk.hears("is the loan better", "compare_options").does(CompareOffers(advice))

    assert len(outcome.custom("offers")) == 2


def test_nothing_to_compare_asks_what(advice: Advice) -> None:
    outcome = Talk(mentioned=[]).hears("which is better", "compare_options").does(CompareOffers(advice))

    assert outcome.replies == ["utter_compare_what"]


def test_an_evening_in_dudley_is_offered_to_dudley_and_not_to_cardiff(advice: Advice) -> None:
    near = Talk(place="Dudley").hears("anything on?", "ask_events").does(ShowEvents(advice))
    far = Talk(place="Cardiff").hears("anything on?", "ask_events").does(ShowEvents(advice))

    assert "Example makers evening" in near.words
    assert "usually in March" in near.words
    assert far.replies == ["utter_no_events"]


def test_a_word_is_explained_with_the_work_it_comes_from(advice: Advice) -> None:
    outcome = Talk().hears("what on earth is process innovation", "ask_definition").does(Define(advice))

    assert outcome.replies == ["utter_definition"]
    assert "Oslo Manual 2018" in outcome.words


def test_a_word_without_a_sourced_meaning_is_not_made_up(advice: Advice) -> None:
    outcome = Talk(mentioned=[]).hears("what is blorptech", "ask_definition").does(Define(advice))

    assert outcome.replies == ["utter_no_definition"]


def test_why_do_you_ask_names_the_open_question_and_what_it_would_settle(advice: Advice) -> None:
    talk = Talk(needs=["process_improvement"]).asking("place").hears("why do you ask?", "ask_how_it_works")

    outcome = talk.does(ExplainOurselves(advice))

    assert outcome.replies == ["utter_why_ask"]
    assert "where you are" in outcome.words


def test_an_offer_with_a_known_word_in_its_name_is_told_as_the_offer(advice: Advice) -> None:
    talk = Talk(mentioned=["example-lean-course"]).hears("what is the Example lean course", "ask_definition")

    outcome = talk.does(Define(advice))

    assert outcome.replies == ["utter_offer"]


def test_it_is_the_offer_told_of_last(advice: Advice) -> None:
    talk = Talk(mentioned=["example-loan"]).hears(
        "tell me about the Example growth loan", "ask_offer_details"
    )
    talk.does(ShowOffer(advice))
    talk.slots.update(mentioned=[], wishes={"points_back": True})

    outcome = talk.hears("would we get it", "ask_eligibility").does(ExplainEligibility(advice))

    assert [offer["offer"] for offer in outcome.custom("offers")] == ["example-loan"]


def test_a_question_about_grants_in_general_leads_to_a_roadmap(advice: Advice) -> None:
    talk = Talk(mentioned=[]).hears("can I get a grant for solar", "ask_eligibility", "finance")

    outcome = talk.does(ExplainEligibility(advice))

    assert outcome.slot("needs") == ["finance"]
    assert any(e.get("name") == "profile_form" for e in outcome.events)


def with_roadmap(**told: Any) -> Talk:
    """A firm of three in Dudley that was shown a roadmap of one step."""
    facts = {"needs": ["process_improvement"], "employees": 3, "place": "Dudley", **told}
    return Talk(roadmap="roadmap-1", shown=["example-check-up"], **facts)


def test_who_has_a_roadmap_hears_why_an_offer_is_not_in_it_and_what_would_let_it_in(advice: Advice) -> None:
    talk = with_roadmap(mentioned=["example-lean-course"]).hears("why not the lean course", "ask_eligibility")

    outcome = talk.does(ExplainEligibility(advice))

    assert outcome.replies == ["utter_why_not"]
    assert "asks that you employ between 5 and 249 people; you employ 3 people." in outcome.words
    assert "if you employed two more people, 5 in all" in outcome.words
    assert outcome.custom("offers")[0]["offer"] == "example-lean-course"


def test_why_a_kind_is_left_out_that_was_refused_is_said_plainly(advice: Advice) -> None:
    talk = with_roadmap(mentioned=["example-loan"], refuses=["loan"], needs=["finance"])

    outcome = talk.hears("can I get the growth loan", "ask_eligibility").does(ExplainEligibility(advice))

    assert "Example growth loan: you would rather not use loans." in outcome.words


def test_a_step_of_the_roadmap_is_answered_with_its_conditions_as_before(advice: Advice) -> None:
    talk = with_roadmap(mentioned=["example-check-up"]).hears("do we fit the check-up", "ask_eligibility")

    assert talk.does(ExplainEligibility(advice)).replies == ["utter_eligibility"]


def test_an_offer_that_turned_them_down_is_not_called_likely(advice: Advice) -> None:
    talk = with_roadmap(mentioned=["example-machine-grant"], turned_down=["example-machine-grant"])

    outcome = talk.hears("why not the machine grant", "ask_eligibility").does(ExplainEligibility(advice))

    assert "they turned you down" in outcome.words
    assert "likely a fit" not in outcome.words


def test_without_a_roadmap_nothing_is_said_of_one(advice: Advice) -> None:
    talk = Talk(mentioned=["example-lean-course"], employees=3).hears("can I get it", "ask_eligibility")

    assert talk.does(ExplainEligibility(advice)).replies == ["utter_eligibility"]


def test_what_is_told_with_the_question_counts_though_the_roadmap_is_older(advice: Advice) -> None:
    talk = with_roadmap(mentioned=["example-lean-course"], employees=9).hears(
        "we are nine now, can we get the lean course", "ask_eligibility"
    )

    outcome = talk.does(ExplainEligibility(advice))

    assert outcome.replies == ["utter_why_not"]
    assert "asks that you employ" not in outcome.words
