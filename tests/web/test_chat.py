"""An owner's messages over HTTP: what is answered, how often, and what is refused."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from bot.web.settings import Rate, Settings
from tests.web.asking import error_of, say
from tests.web.conftest import ROOMY
from tests.web.fakes import House


def test_an_owner_is_answered_and_given_a_session(client: TestClient, house: House):
    response = say(client, "I want to cut waste")

    assert response.status_code == 200
    assert response.json() == {
        "session": "session-00001",
        "replies": [{"text": "You said: I want to cut waste"}],
    }
    assert house.rasa.sent == [
        {
            "sender": "session-00001",
            "message": "I want to cut waste",
            "metadata": {"role": "owner", "door": "web", "hub": "default", "today": "2026-11-21"},
        }
    ]


def test_the_next_message_belongs_to_the_same_conversation(client: TestClient, house: House):
    session = say(client, "Hello").json()["session"]

    say(client, "We are 14 people", session)

    assert {sent["sender"] for sent in house.rasa.sent} == {session}


def test_a_roadmap_and_offers_join_the_words_they_came_with(client: TestClient, house: House):
    house.rasa.answer = lambda body: [
        {"recipient_id": "x", "text": "Here it is."},
        {"recipient_id": "x", "custom": {"roadmap": {"id": "abc"}}},
        {"recipient_id": "x", "custom": {"offers": [{"name": "Example grant"}]}},
        {"recipient_id": "x", "text": "Shall I go on?", "buttons": [{"title": "Yes", "payload": "/affirm"}]},
    ]

    replies = say(client, "Show me").json()["replies"]

    assert replies == [
        {
            "text": "Here it is.",
            "roadmap": {"id": "abc", "url": "http://testserver/roadmap/abc"},
            "offers": [{"name": "Example grant"}],
        },
        {"text": "Shall I go on?", "buttons": [{"title": "Yes", "payload": "/affirm"}]},
    ]


@pytest.mark.parametrize("message", ["", "   ", "\x00\x01", "/", " // ", None])
def test_a_message_without_words_is_named_as_such(client: TestClient, message: object):
    assert error_of(say(client, message)) == (400, "empty_message")


def test_a_message_of_the_longest_length_passes_and_one_more_does_not(client: TestClient):
    assert say(client, "a" * 4000).status_code == 200
    assert error_of(say(client, "a" * 4001)) == (400, "too_long")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"hello"', b"null", b"\xff\xfe", b'{"message": ' + b"[" * 30_000, b"9" * 20_000],
)
def test_what_is_not_a_json_object_is_refused(client: TestClient, body: bytes):
    response = client.post("/api/chat", content=body, headers={"content-type": "application/json"})

    assert error_of(response) == (400, "bad_json")


@pytest.mark.parametrize(
    "fields",
    [
        {"message": 5},
        {"message": ["a"]},
        {"message": "a", "session": 5},
        {"message": "a", "message_id": "a b"},
    ],
)
def test_a_field_of_the_wrong_kind_is_named(client: TestClient, fields: dict[str, object]):
    response = client.post("/api/chat", json=fields)

    assert error_of(response) == (400, "bad_request")
    assert list(fields)[-1] in response.json()["message"]


def test_control_characters_are_dropped_and_line_breaks_stay(client: TestClient, house: House):
    say(client, "one\x00\x07\x1b[31m\r\ntwo\u0085\tthree")

    assert house.rasa.sent[0]["message"] == "one[31m\ntwo\tthree"


def test_letters_are_composed_and_lone_surrogates_replaced(client: TestClient, house: House):
    client.post(
        "/api/chat",
        content=b'{"message": "cafe\\u0301 \\ud800"}',
        headers={"content-type": "application/json"},
    )

    assert house.rasa.sent[0]["message"] == "caf\u00e9 \ufffd"


def test_html_is_handed_on_as_the_words_it_is(client: TestClient, house: House):
    response = say(client, "<script>alert(1)</script>")

    assert house.rasa.sent[0]["message"] == "<script>alert(1)</script>"
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/restart", "restart"),
        ("  /restart", "restart"),
        ("// /intent{}", "intent{}"),
        ("\x00/restart", "restart"),
        ('/give_profile{"employees": 5}', 'give_profile{"employees": 5}'),
        ("either/or", "either/or"),
    ],
)
def test_a_typed_command_is_only_words(client: TestClient, house: House, typed: str, heard: str):
    say(client, typed)

    assert house.rasa.sent[0]["message"] == heard


def test_a_button_may_be_pressed_by_whom_it_was_given_to(client: TestClient, house: House):
    house.rasa.answer = lambda body: [{"text": "Sure?", "buttons": [{"title": "Yes", "payload": "/affirm"}]}]
    session = say(client, "Hello").json()["session"]

    say(client, "/affirm", session)
    say(client, "/affirm")

    assert [sent["message"] for sent in house.rasa.sent] == ["Hello", "/affirm", "affirm"]


def test_a_foreign_session_is_unknown(client: TestClient, house: House):
    for session in ("someone-elses", "x", "../../etc", "s" * 500, "\x00" * 20):
        assert error_of(say(client, "Hello", session)) == (404, "unknown_session")
    assert house.rasa.sent == []


def test_what_the_client_says_of_itself_is_not_believed(client: TestClient, house: House):
    say(client, "Hello", metadata={"role": "curator"}, sender="someone", input_channel="slack")

    assert house.rasa.sent[0]["metadata"]["role"] == "owner"
    assert "input_channel" not in house.rasa.sent[0]


def test_the_same_message_id_is_answered_once(client: TestClient, house: House):
    session = say(client, "Hello").json()["session"]

    first = say(client, "I want a grant", session, message_id="m-1")
    again = say(client, "I want a grant", session, message_id="m-1")

    assert first.json() == again.json()
    assert len(house.rasa.sent) == 2


def test_a_first_message_sent_again_comes_back_to_the_same_conversation(client: TestClient, house: House):
    first = say(client, "I want a grant", message_id="a-long-unguessable-id-1")
    again = say(client, "I want a grant", message_id="a-long-unguessable-id-1")

    assert again.json() == first.json()
    assert len(house.rasa.sent) == 1


def test_a_short_id_or_other_words_never_open_somebody_elses_conversation(client: TestClient, house: House):
    first = say(client, "I want a grant", message_id="1").json()["session"]
    stranger = say(client, "I want a grant", message_id="1").json()["session"]
    long = say(client, "I want a grant", message_id="a-long-unguessable-id-2").json()["session"]
    other = say(client, "Who are you", message_id="a-long-unguessable-id-2").json()["session"]

    assert len({first, stranger, long, other}) == 4


def test_the_same_message_id_is_answered_once_after_a_restart(client: TestClient, house: House):
    session = say(client, "Hello").json()["session"]
    first = say(client, "I want a grant", session, message_id="m-1")

    with TestClient(create_app(ROOMY, house.services)) as restarted:
        again = say(restarted, "I want a grant", session, message_id="m-1")

    assert again.json() == first.json()
    assert len(house.rasa.sent) == 2


def test_a_message_another_process_is_answering_is_still_being_answered(client: TestClient, house: House):
    session = say(client, "Hello").json()["session"]
    house.chats.answers[session]["m-1"] = "pending"

    response = say(client, "I want a grant", session, message_id="m-1")

    assert error_of(response) == (409, "still_answering")
    assert response.headers["retry-after"] == "2"


def at_once(house: House, settings: Settings, posts: list[dict[str, object]]) -> list[httpx.Response]:
    """Post bodies to one gateway in one breath; the first without a session opens one."""

    async def run() -> list[httpx.Response]:
        transport = httpx.ASGITransport(create_app(settings, house.services))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            opened = await client.post("/api/chat", json={"message": "Hello"})
            session = opened.json()["session"]
            return list(
                await asyncio.gather(
                    *(client.post("/api/chat", json={"session": session, **post}) for post in posts)
                )
            )

    return asyncio.run(run())


def test_the_same_message_id_sent_twice_in_one_breath_is_answered_once(house: House):
    house.rasa.seconds = 0.05

    answers = at_once(house, ROOMY, [{"message": "grant", "message_id": "m-1"}] * 3)

    assert {answer.status_code for answer in answers} == {200}
    assert [sent["message"] for sent in house.rasa.sent] == ["Hello", "grant"]


def test_two_messages_of_one_session_are_answered_one_after_the_other(house: House):
    house.rasa.seconds = 0.05

    answers = at_once(house, ROOMY, [{"message": "one"}, {"message": "two"}])

    assert [answer.status_code for answer in answers] == [200, 200]
    assert house.rasa.most_at_once == 1


def test_a_queue_of_messages_in_one_session_is_bounded(house: House):
    house.rasa.seconds = 0.05

    answers = at_once(house, ROOMY, [{"message": str(n)} for n in range(20)])

    codes = [answer.status_code for answer in answers]
    assert codes.count(200) == 1 + ROOMY.most_waiting
    assert error_of(answers[codes.index(429)]) == (429, "too_many")


def test_two_hundred_messages_a_second_are_too_many(house: House):
    with TestClient(create_app(Settings(), house.services)) as client:
        session = say(client, "Hello").json()["session"]
        answers = [say(client, "Hello", session) for _ in range(200)]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) > 150
    assert error_of(refused[0]) == (429, "too_many")
    assert int(refused[0].headers["retry-after"]) >= 1


def test_new_sessions_cannot_be_had_without_end(house: House):
    settings = Settings(address_rate=Rate(20, 60))
    with TestClient(create_app(settings, house.services)) as client:
        codes = [say(client, "Hello").status_code for _ in range(60)]

    assert codes.count(200) < 25


def test_a_body_of_fifty_megabytes_is_refused(client: TestClient, house: House):
    response = client.post("/api/chat", content=b'{"message": "' + b"a" * 50_000_000)

    assert error_of(response) == (413, "too_large")
    assert house.rasa.sent == []


def test_a_long_body_without_a_length_is_refused_before_it_has_all_arrived(house: House):
    refused_after = 0
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        nonlocal refused_after
        refused_after += 0 if sent else 1
        arrived = len(sent) > 0
        return {"type": "http.request", "body": b"a" * 10_000, "more_body": not arrived}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/api/chat", "headers": [], "query_string": b""}
    asyncio.run(create_app(ROOMY, house.services)(scope, receive, send))

    assert sent[0]["status"] == 413
    assert refused_after == 7
