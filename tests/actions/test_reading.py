"""Every message is read for facts, needs and offers, whatever was asked."""

from __future__ import annotations

from actions.reading import ReadMessage
from knowledge_base.advice import Advice
from tests.actions.conftest import Talk


def test_facts_told_with_the_first_need_are_not_asked_again(advice: Advice) -> None:
    talk = Talk().hears("14 of us in Dudley, orders are always late", "describe_need", "process_improvement")

    talk.does(ReadMessage(advice))

    assert talk.slots["employees"] == 14
    assert talk.slots["place"] == "Dudley"
    assert talk.slots["needs"] == ["process_improvement"]


def test_reading_the_same_message_twice_changes_nothing(advice: Advice) -> None:
    talk = Talk().hears("no loans, and we have done the Example check-up", "refine")

    talk.does(ReadMessage(advice))
    first = dict(talk.slots)
    talk.does(ReadMessage(advice))

    assert talk.slots == first
    assert first["refuses"] == ["loan"]


def test_a_corrected_headcount_replaces_the_old_one(advice: Advice) -> None:
    talk = Talk(employees=14).hears("sorry, 41 staff", "change_profile")

    talk.does(ReadMessage(advice))

    assert talk.slots["employees"] == 41


def test_a_fact_once_refused_and_then_told_is_no_longer_refused(advice: Advice) -> None:
    talk = Talk(refused=["employees"]).hears("alright, there are 12 of us", "give_profile")

    talk.does(ReadMessage(advice))

    assert talk.slots["employees"] == 12
    assert talk.slots["refused"] == []


def test_a_short_answer_to_an_open_question_is_not_a_new_need(advice: Advice) -> None:
    talk = Talk(needs=["finance"]).asking("place").hears("Dudley", "describe_need", "premises")

    talk.does(ReadMessage(advice))

    assert talk.slots["needs"] == ["finance"]


def test_a_second_need_joins_while_questions_are_open(advice: Advice) -> None:
    talk = Talk(needs=["finance"]).asking("place")
    talk.hears(
        "oh and honestly the lads need training on the new press as well",
        "describe_need",
        "skills_leadership",
    )

    talk.does(ReadMessage(advice))

    assert talk.slots["needs"] == ["finance", "skills_leadership"]


def test_after_a_roadmap_a_new_need_starts_afresh_unless_it_comes_on_top(advice: Advice) -> None:
    shown = {"needs": ["finance"], "shown": ["example-loan"]}
    instead = Talk(**shown).hears("what about selling abroad", "describe_need", "export_markets")
    on_top = Talk(**shown).hears("we also want to sell abroad", "describe_need", "export_markets")

    instead.does(ReadMessage(advice))
    on_top.does(ReadMessage(advice))

    assert instead.slots["needs"] == ["export_markets"]
    assert on_top.slots["needs"] == ["finance", "export_markets"]


def test_a_button_names_its_need_and_its_words_are_not_read(advice: Advice) -> None:
    talk = Talk().hears('/describe_need{"need": "finance"}', "describe_need", entities={"need": "finance"})

    talk.does(ReadMessage(advice))

    assert talk.slots["needs"] == ["finance"]


def test_the_second_one_is_the_second_offer_shown(advice: Advice) -> None:
    talk = Talk(shown=["example-check-up", "example-lean-course"])
    talk.hears("tell me more about the second one", "ask_offer_details")

    talk.does(ReadMessage(advice))

    assert talk.slots["mentioned"] == ["example-lean-course"]


def test_hostile_text_is_read_as_nothing(advice: Advice) -> None:
    for text in ("\x00\x00", "💥" * 3000, "'; DROP TABLE offers; --", "", "<script>alert(1)</script>"):
        talk = Talk().hears(text, "out_of_scope")

        talk.does(ReadMessage(advice))

        assert talk.slots.get("employees") is None
        assert talk.slots["needs"] == []


def test_who_and_where_somebody_is_names_no_need(advice: Advice) -> None:
    talk = Talk().hears("we're a garage in Dudley with 6 people", "describe_need", "premises")

    talk.does(ReadMessage(advice))

    assert talk.slots["needs"] == []
    assert talk.slots["employees"] == 6


def test_the_button_for_no_loans_refuses_them_and_says_so(advice: Advice) -> None:
    talk = Talk(shown=["example-loan"], wishes={"prefer": "cheaper"})
    talk.hears('/refine{"refuses": "loan"}', "refine", entities={"refuses": "loan"})

    talk.does(ReadMessage(advice))

    assert talk.slots["refuses"] == ["loan"]
    assert talk.slots["wishes"] == {"prefer": "cheaper", "refuses_now": ["loan"]}


def test_years_stand_in_for_a_stage_nobody_named(advice: Advice) -> None:
    talk = Talk().hears("trading 14 months", "give_profile")
    talk.does(ReadMessage(advice))
    assert talk.slots["stage"] == "start_up"

    talk.hears("sorry, trading for 5 years", "change_profile")
    talk.does(ReadMessage(advice))
    assert talk.slots["stage"] == "established"


def test_a_stage_named_or_kept_back_outlasts_what_years_imply(advice: Advice) -> None:
    named = Talk(stage="scale_up").hears("trading since 2009", "give_profile")
    kept_back = Talk(refused=["stage"]).hears("trading since 2009", "give_profile")

    named.does(ReadMessage(advice))
    kept_back.does(ReadMessage(advice))

    assert named.slots["stage"] == "scale_up"
    assert kept_back.slots.get("stage") is None


def test_years_answer_the_question_about_the_stage(advice: Advice) -> None:
    talk = (
        Talk(needs=["finance"]).asking("stage").hears("twelve years in business", "give_profile", "premises")
    )

    talk.does(ReadMessage(advice))

    assert talk.slots["stage"] == "established"
    assert talk.slots["needs"] == ["finance"]
