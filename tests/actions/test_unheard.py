"""What was not understood reaches the curators without what is personal, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from actions.people import ExplainPrivacy
from actions.reading import ReadMessage
from actions.unheard import fell_back, said_before
from knowledge_base.advice import Advice
from knowledge_base.services import BadSetting, hub_of
from knowledge_base.store.unheard import STATES, NotUnderstood
from knowledge_base.unheard.keeping import KeptUnheard
from tests.actions.conftest import Talk


@pytest.fixture(autouse=True)
def nothing_kept_before(advice: Advice) -> Iterator[None]:
    advice.unheard.forget("owner-1")
    yield
    advice.unheard.forget("owner-1")


def kept(advice: Advice) -> list[tuple[str, str]]:
    return [(each.text, each.why) for each in advice.unheard.rows.all(STATES)]


def hear(
    advice: Advice, talk: Talk, text: str, act: str, *needs: str, confidence: float = 0.9, **more: Any
) -> Talk:
    talk.hears(text, act, *needs)
    talk.latest["intent"]["confidence"] = confidence
    talk.latest.update(more)
    talk.events[-1]["parse_data"] = {"intent": talk.latest["intent"], "needs": talk.latest["needs"]}
    talk.does(ReadMessage(advice))
    return talk


def test_what_was_taken_for_none_of_our_business_is_kept_masked(advice: Advice) -> None:
    hear(advice, Talk(), "Dave from Cardiff here, our bottles burst, who can test the glass", "out_of_scope")

    ((text, why),) = kept(advice)
    assert why == "out_of_scope"
    assert "our bottles burst, who can test the glass" in text
    assert "Dave" not in text
    assert "Cardiff" not in text


def test_what_was_read_without_being_sure_is_kept_with_what_it_was_taken_for(advice: Advice) -> None:
    hear(
        advice, Talk(), "we want the shelves to stay full", "describe_need", "export_markets", confidence=0.41
    )

    (message,) = advice.unheard.rows.all()
    assert (message.act, message.confidence, message.needs) == ("describe_need", 0.41, ("export_markets",))
    assert message.why == "unsure"


def test_a_need_that_was_not_found_is_kept(advice: Advice) -> None:
    hear(advice, Talk(), "we want the shelves to stay full", "describe_need")

    assert kept(advice) == [("we want the shelves to stay full", "not_answered")]


def test_what_we_asked_back_about_is_kept(advice: Advice) -> None:
    maybe = [{"need": "finance", "confidence": 0.3}, {"need": "premises", "confidence": 0.3}]
    hear(advice, Talk(), "something to do with the landlord and the money", "describe_need", maybe=maybe)

    assert kept(advice) == [("something to do with the landlord and the money", "did_you_mean")]


def test_what_was_understood_is_not_kept(advice: Advice) -> None:
    talk = Talk()
    for text, act, needs in [
        ("we want to sell abroad", "describe_need", ["export_markets"]),
        ("hello", "greet", []),
        ("thanks very much", "thanks", []),
        ("there are 14 of us", "give_profile", []),
    ]:
        hear(advice, talk, text, act, *needs)

    assert kept(advice) == []


def test_the_message_that_was_misunderstood_is_kept_and_not_the_complaint(advice: Advice) -> None:
    talk = hear(advice, Talk(), "the lads need to learn the new saw", "describe_need", "finance")

    hear(advice, talk, "that is not what I asked", "complaint_feedback")

    assert kept(advice) == [("the lads need to learn the new saw", "misunderstood")]


def test_another_complaint_keeps_nothing(advice: Advice) -> None:
    talk = hear(advice, Talk(), "we want to sell abroad", "describe_need", "export_markets")

    hear(advice, talk, "your page is ugly", "complaint_feedback")

    assert kept(advice) == []


def test_a_message_that_no_rule_could_answer_is_kept_with_the_next(advice: Advice) -> None:
    talk = hear(advice, Talk(), "turn the whole thing round", "restart")
    talk.events.append({"event": "action", "name": "action_default_fallback"})

    hear(advice, talk, "hello", "greet")

    assert kept(advice) == [("turn the whole thing round", "not_answered")]


def test_the_same_message_heard_twice_is_kept_once(advice: Advice) -> None:
    for _ in range(2):
        hear(advice, Talk(), "is there a tax on kites", "out_of_scope")

    assert len(kept(advice)) == 1


@pytest.mark.parametrize("form", ["person_form", "checkup_form"])
def test_what_is_said_about_whom_to_call_or_in_a_check_up_is_never_kept(advice: Advice, form: str) -> None:
    hear(
        advice,
        Talk().asking("contact", form),
        "the usual place behind the shop",
        "out_of_scope",
        confidence=0.1,
    )

    assert kept(advice) == []


def test_a_button_is_never_kept(advice: Advice) -> None:
    talk = Talk().hears("/out_of_scope", "out_of_scope")
    talk.does(ReadMessage(advice))

    assert kept(advice) == []


def test_trouble_of_somebodys_own_is_never_kept(advice: Advice) -> None:
    hear(advice, Talk(), "I cannot go on and want to end my life", "out_of_scope")

    assert kept(advice) == []


def test_an_answer_to_our_question_is_no_riddle_however_unsure_its_act(advice: Advice) -> None:
    hear(advice, Talk(needs=["finance"]).asking("employees"), "about 14", "out_of_scope", confidence=0.3)

    assert kept(advice) == []


def test_deleting_everything_deletes_this_too(advice: Advice) -> None:
    hear(advice, Talk(), "is there a tax on kites", "out_of_scope")

    advice.forget("owner-1")

    assert kept(advice) == []


def test_who_says_not_to_learn_from_their_words_is_obeyed_at_once_and_from_then_on(advice: Advice) -> None:
    talk = hear(advice, Talk(), "is there a tax on kites", "out_of_scope")

    hear(advice, talk, "do not learn from my words", "privacy_request")
    outcome = talk.does(ExplainPrivacy(advice))
    hear(advice, talk, "is there a tax on harps", "out_of_scope")

    assert outcome.replies == ["utter_not_learned_from"]
    assert kept(advice) == []


def test_the_refusal_counts_even_where_it_is_taken_for_something_else(advice: Advice) -> None:
    talk = hear(
        advice, Talk(), "don't use my messages to train anything", "complaint_feedback", confidence=0.2
    )
    hear(advice, talk, "is there a tax on kites", "out_of_scope")

    assert kept(advice) == []


def test_a_button_refuses_too_and_fills_no_fact(advice: Advice) -> None:
    talk = Talk().hears("/privacy_request", "privacy_request", entities={"refuses": "learning"})
    read = talk.does(ReadMessage(advice))

    outcome = talk.does(ExplainPrivacy(advice))

    assert outcome.replies == ["utter_not_learned_from"]
    assert "refuses" not in {event.get("name") for event in read.events}


def test_who_asks_is_told_what_is_kept_and_for_how_long(advice: Advice) -> None:
    outcome = Talk().hears("what do you keep", "privacy_request").does(ExplainPrivacy(advice))

    assert outcome.replies == ["utter_unheard_kept", "utter_privacy"]
    assert outcome.messages[0]["days"] == 90


def test_a_hub_that_keeps_none_says_nothing_of_it_and_keeps_none(
    advice: Advice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advice, "hub", hub_of({"FINGERPOST_UNHEARD_DAYS": "0"}))
    monkeypatch.setattr(advice, "unheard", KeptUnheard(advice.unheard.rows, advice.view, 0))

    hear(advice, Talk(), "is there a tax on kites", "out_of_scope")

    assert kept(advice) == []
    outcome = Talk().hears("what do you keep", "privacy_request").does(ExplainPrivacy(advice))
    assert outcome.replies == ["utter_privacy"]


@pytest.mark.parametrize("told", ["-1", "ninety", "1.5", "99999", "１２", "9" * 5000])
def test_a_number_of_days_that_is_none_is_refused_by_name(told: str) -> None:
    with pytest.raises(BadSetting, match="FINGERPOST_UNHEARD_DAYS"):
        hub_of({"FINGERPOST_UNHEARD_DAYS": told})


def test_the_setting_takes_the_place_of_the_hubs_days() -> None:
    assert hub_of({}).retention_days["unheard"] == 90
    assert hub_of({"FINGERPOST_UNHEARD_DAYS": " 30 "}).retention_days["unheard"] == 30


def test_a_database_that_fails_costs_nobody_an_answer(
    advice: Advice, caplog: pytest.LogCaptureFixture
) -> None:
    class Gone:
        def keep(self, *args: Any, **more: Any) -> bool:
            from knowledge_base.store.database import StoreUnavailable

            raise StoreUnavailable("is there a tax on kites")

    lost = KeptUnheard(Gone(), advice.view, 90)  # type: ignore[arg-type]

    on = date(2026, 11, 21)
    assert not lost.keep(NotUnderstood("owner-1", "is there a tax on kites", "unsure", "greet", 0.1, on))
    assert "StoreUnavailable" in caplog.text
    assert "kites" not in caplog.text


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\ud800 kites and harps", "kites " * 50_000, "[name] [word]"]
)
def test_no_text_stops_the_reading_of_a_message(advice: Advice, text: str) -> None:
    hear(advice, Talk(), text, "out_of_scope", confidence=0.1)

    assert all(len(said) <= 500 for said, _ in kept(advice))


def test_looking_back_over_an_empty_or_odd_conversation_finds_nothing() -> None:
    class Bare:
        events: tuple[dict[str, Any], ...] = ({"event": "user"}, {}, {"event": "user", "text": None})

    assert said_before(Bare()) is None  # type: ignore[arg-type]
    assert not fell_back(Bare())  # type: ignore[arg-type]
