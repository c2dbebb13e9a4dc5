"""The action server answers as Rasa expects: 404 for the unknown, 400 for stepping aside."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

from actions.server import create_app
from knowledge_base.advice import Advice


def call(name: str, **tracker: Any) -> dict[str, Any]:
    return {
        "next_action": name,
        "sender_id": "owner-1",
        "tracker": {
            "sender_id": "owner-1",
            "slots": {},
            "latest_message": {
                "text": "hello",
                "intent": {"name": "greet"},
                "metadata": {"today": "2026-11-21"},
            },
            "events": [],
            "paused": False,
            "followup_action": None,
            "active_loop": {},
            "latest_action_name": "action_listen",
            **tracker,
        },
        "domain": {},
        "version": "3.6.21",
    }


def test_a_known_action_answers_with_events_and_replies(advice: Advice) -> None:
    answer = TestClient(create_app(advice)).post("/webhook", json=call("action_say_hello"))

    assert answer.status_code == 200
    assert answer.json()["responses"][0]["response"] == "utter_greet"


def test_an_unknown_action_is_not_found(advice: Advice) -> None:
    answer = TestClient(create_app(advice)).post("/webhook", json=call("action_rob_a_bank"))

    assert answer.status_code == 404
    assert answer.json()["action_name"] == "action_rob_a_bank"


def test_a_form_that_steps_aside_is_a_rejected_execution(advice: Advice) -> None:
    aside = call(
        "validate_profile_form",
        slots={"needs": ["finance"], "requested_slot": "place"},
        latest_message={"text": "any events?", "intent": {"name": "ask_events"}, "metadata": {}},
        active_loop={"name": "profile_form"},
    )

    answer = TestClient(create_app(advice)).post("/webhook", json=aside)

    assert answer.status_code == 400
    assert answer.json()["action_name"] == "profile_form"


def test_a_broken_call_is_an_error_without_the_owners_words(advice: Advice) -> None:
    broken = call("action_read_message", latest_message={"text": "my secret", "intent": None, "needs": 7})

    answer = TestClient(create_app(advice), raise_server_exceptions=False).post("/webhook", json=broken)

    assert answer.status_code == 500
    assert "secret" not in answer.text


def test_health_is_good_while_the_database_answers(advice: Advice) -> None:
    assert TestClient(create_app(advice)).get("/health").status_code == 200
