"""What an owner is told when something behind the door fails, and how a conversation ends."""

from __future__ import annotations

import json
import logging

import pytest
from fastapi.testclient import TestClient

from tests.web.asking import error_of, say
from tests.web.fakes import House


def test_before_rasa_is_up_an_owner_hears_that_it_is_waking(client: TestClient, house: House):
    house.rasa.refusing = True

    response = say(client, "Hello")

    assert error_of(response) == (503, "waking")
    assert "retry-after" in response.headers


def test_when_rasa_goes_down_nothing_is_lost(client: TestClient, house: House):
    session = say(client, "Hello").json()["session"]
    house.rasa.refusing = True

    response = say(client, "I want a grant", session, message_id="m-1")

    assert error_of(response) == (502, "not_reached")
    assert response.json()["message"] == "That did not reach us; nothing was lost. Try again."
    house.rasa.refusing = False
    assert say(client, "I want a grant", session, message_id="m-1").status_code == 200


@pytest.mark.parametrize("answer", [[], {}, None, "words", [{}], [{"image": "x"}], [5]])
def test_an_answer_without_words_is_a_failure(client: TestClient, house: House, answer: object):
    house.rasa.answer = lambda body: answer

    assert error_of(say(client, "Hello")) == (502, "not_reached")


def test_a_failing_rasa_is_a_failure(client: TestClient, house: House):
    house.rasa.status = 500

    assert error_of(say(client, "Hello")) == (502, "not_reached")


def test_a_slow_rasa_is_told_as_slow(client: TestClient, house: House):
    house.rasa.timing_out = True

    assert error_of(say(client, "Hello")) == (504, "too_slow")


def test_a_failed_first_message_leaves_no_session_behind(client: TestClient, house: House):
    house.rasa.status = 500

    say(client, "Hello")

    assert house.chats.answers == {}


def test_a_failing_database_is_told_and_its_words_are_not_logged(client, house, caplog):
    house.chats.failing = True

    with caplog.at_level(logging.DEBUG):
        response = say(client, "my secret plan")

    assert error_of(response) == (503, "not_kept")
    assert "secret" not in response.text + caplog.text


def test_an_answer_that_cannot_be_kept_is_not_given(client: TestClient, house: House):
    house.chats.failing_to_keep = True

    assert error_of(say(client, "my secret plan")) == (503, "not_kept")


def test_an_unexpected_failure_is_a_plain_500_without_words(client, house, caplog):
    def broken(body):
        raise RuntimeError(f"broken by {body['message']}")

    house.rasa.answer = broken

    with caplog.at_level(logging.DEBUG):
        response = say(client, "my secret plan")

    assert error_of(response) == (500, "internal")
    assert response.headers["content-security-policy"]
    assert "secret" not in response.text + caplog.text
    assert "RuntimeError" in caplog.text


def test_a_conversation_is_deleted_when_asked(client: TestClient, house: House):
    session = say(client, "Hello").json()["session"]

    assert client.post("/api/forget", json={"session": session}).json() == {"forgotten": True}
    assert error_of(say(client, "Hello", session)) == (404, "unknown_session")
    assert house.forgotten == [session]


def test_a_conversation_is_deleted_when_rasa_says_so(client: TestClient, house: House):
    session = say(client, "Hello").json()["session"]
    house.rasa.answer = lambda body: [{"text": "It is gone."}, {"custom": {"forgotten": True}}]

    answer = say(client, "delete my data", session).json()

    assert answer == {"session": None, "replies": [{"text": "It is gone."}]}
    assert house.chats.answers == {}
    assert house.forgotten == [session]


def test_there_are_no_cookies(client: TestClient):
    assert "set-cookie" not in say(client, "Hello").headers


def test_the_errors_of_the_framework_have_the_same_shape(client: TestClient):
    assert error_of(client.get("/api/nowhere")) == (404, "not_found")
    assert error_of(client.get("/api/chat")) == (405, "wrong_method")
    assert error_of(client.delete("/healthz")) == (405, "wrong_method")
    assert error_of(client.get("/static/none.js")) == (404, "not_found")


def test_the_contract_is_described(client: TestClient):
    described = client.get("/api/openapi.json").json()

    assert {"/api/chat", "/api/forget", "/api/roadmaps", "/api/roadmaps/{id}", "/healthz"} <= set(
        described["paths"]
    )
    assert "4,000" in json.dumps(described)
    assert client.get("/docs").status_code == 404
