"""Everything a hostile or careless client may send at the doors of a running house."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.house import Heard, House, Owner
from tests.journeys.parts import parts

pytestmark = pytest.mark.journey

DUDLEY = "14 of us, metal fabrication in Dudley, lead times are all over the place"
MEGABYTE = b"x" * 1_000_000
DEEP = b'{"message":' + b"[" * 20_000 + b"]" * 20_000 + b"}"
AS_JSON = {"content-type": "application/json"}


def refused(answer: httpx.Response, status: int, code: str) -> str:
    """Check that an error is what the contract promises; return its words."""
    assert (answer.status_code, answer.json()["error"]) == (status, code), answer.text
    assert set(answer.json()) == {"error", "message"}
    words: str = answer.json()["message"]
    assert len(words.split()) > 2, words
    assert words.isprintable(), words
    assert "Traceback" not in words
    return words


def send(house: House, content: Any) -> httpx.Response:
    return httpx.post(f"{house.url}/api/chat", content=content, headers=AS_JSON, timeout=60)


def rows(house: House, statement: str, *values: str) -> list[Any]:
    with closing(sqlite3.connect(house.folder / "fingerpost.sqlite", timeout=20)) as database:
        return database.execute(statement, values).fetchall()


def reached_rasa(house: House, owner: Owner) -> list[str]:
    """The messages of a conversation as Rasa took them: one that begins with a stroke was a command."""
    with closing(sqlite3.connect(house.folder / "conversations.sqlite", timeout=20)) as database:
        kept = "select events from rasa_conversation where sender_id = ?"
        events = json.loads(database.execute(kept, [owner.session]).fetchone()[0])
    return [event["text"] for event in events if event["event"] == "user"]


def said(heard: Heard) -> list[tuple[str, list[Any]]]:
    return [(reply["text"], reply.get("buttons") or []) for reply in heard.replies]


@pytest.mark.parametrize("body", [{}, {"message": ""}, {"message": None}, {"message": " \n\t "}])
def test_a_message_without_words_is_told_so(the_house: House, body: dict[str, Any]) -> None:
    assert refused(send(the_house, json.dumps(body)), 400, "empty_message")


@pytest.mark.parametrize("message", ["\x00\x01\x1b", "/", "///", " / / ", "\r\n"])
def test_nothing_but_control_characters_or_strokes_is_no_message(the_house: House, message: str) -> None:
    assert refused(send(the_house, json.dumps({"message": message})), 400, "empty_message")


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"{", b"[]", b"null", b"3", b'"hello"', b'{"message":"\xff\xfe"}', DEEP]
)
def test_what_is_not_a_json_object_is_told_how_to_write_one(the_house: House, body: bytes) -> None:
    assert refused(send(the_house, body), 400, "bad_json")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("message", wrong) for wrong in (1, True, ["a"], {"a": 1})),
        *(("session", wrong) for wrong in (1, [], {})),
        *(("message_id", wrong) for wrong in (1, "", "x" * 101, "a b", "ä", "a\n")),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(the_house: House, field: str, value: Any) -> None:
    words = refused(send(the_house, json.dumps({"message": "hello", field: value})), 400, "bad_request")

    assert words.startswith(field)


def test_fifty_megabytes_are_refused_before_they_are_read(the_house: House) -> None:
    def streamed() -> Iterator[bytes]:
        for _ in range(50):
            yield MEGABYTE

    for body in (MEGABYTE * 50, streamed()):
        began = time.monotonic()
        assert refused(send(the_house, body), 413, "too_large")
        assert time.monotonic() - began < 10


def test_four_thousand_characters_are_read_and_one_more_is_not(owner: Owner, the_house: House) -> None:
    message = ("we would like to export more " * 200)[:3999] + "x"

    assert owner.says(message).replies
    words = refused(send(the_house, json.dumps({"message": message + "x"})), 400, "too_long")
    assert "4,000" in words


@pytest.mark.parametrize(
    "message",
    [
        "hello \\u0000\\u0007\\u001b[31m there",
        "hello \\ud800 there \\udfff",
        "👩‍🔧🏭 hello 😀",
        "\\u202eolleh\\u202c \\u200b\\ufeff hello",
        "h̶̛̗e̵l̸l̷o̵ " + "\u0301" * 300,
        "'; DROP TABLE roadmaps; -- {{7*7}} ${jndi:x} %s %n AND NEAR net-zero \\\"",
    ],
)
def test_odd_characters_are_read_past(the_house: House, message: str) -> None:
    answer = send(the_house, f'{{"message": "{message}"}}'.encode())

    assert answer.status_code == 200, answer.text
    assert any(reply["text"] for reply in answer.json()["replies"])
    assert "\x00" not in answer.text


def test_a_script_told_as_a_place_comes_back_as_text_only(the_house: House) -> None:
    script = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    asked = {"needs": ["finance"], "profile": {"place": script}}
    made = httpx.post(f"{the_house.url}/api/roadmaps", json=asked, timeout=60)
    assert made.status_code == 201, made.text
    assert made.headers["content-type"] == "application/json"

    page = httpx.get(made.json()["url"])

    assert "&lt;script&gt;" in page.text
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "typed", ["/affirm", "//affirm", " / /affirm", '/describe_need{"need":"finance"}', "/intent{}", "/greet"]
)
def test_a_command_typed_by_hand_counts_as_its_words(the_house: House, typed: str) -> None:
    by_hand, in_words = the_house.owner(), the_house.owner()

    assert said(by_hand.says(typed)) == said(in_words.says(typed.replace("/", "").strip()))
    assert not any(text.startswith("/") for text in reached_rasa(the_house, by_hand))


def test_a_typed_restart_keeps_the_session_and_its_roadmap(owner: Owner) -> None:
    first = owner.says(DUDLEY)
    assert first.roadmap, first.text
    session = owner.session

    for typed in ("/restart", "/session_start", "/back", '/inform{"forget_me": true}'):
        owner.says(typed)

    assert owner.session == session
    assert httpx.get(first.roadmap["url"]).status_code == 200


@pytest.mark.parametrize("typed", ["/AFFIRM", "/affirm{}", "//affirm", '/affirm{"forget_me": true}'])
def test_only_the_button_confirms_a_deletion(the_house: House, typed: str) -> None:
    owner = the_house.owner()
    owner.says("hello")
    assert "delete all of it" in owner.says("delete my data").text
    session = owner.session

    owner.says(typed)

    assert owner.session == session
    assert rows(the_house, "select id from chat_sessions where id = ?", str(session))


def test_a_session_nobody_was_given_is_not_found(the_house: House) -> None:
    for unknown in (
        "a-session-never-issued",
        "",
        "../../etc/passwd",
        "a\x00b" * 4,
        "x" * 10_000,
        "' or 1=1 --",
    ):
        assert refused(
            send(the_house, json.dumps({"session": unknown, "message": "hello"})), 404, "unknown_session"
        )


def test_another_session_s_button_is_only_words(the_house: House) -> None:
    theirs, mine = the_house.owner(), the_house.owner()
    theirs.says(DUDLEY)
    offered = '/refine{"refuses": "loan"}'
    payloads = [b["payload"] for r in theirs.heard[-1]["replies"] for b in r.get("buttons") or ()]
    assert offered in payloads, theirs.heard

    pressed, typed = theirs.says(offered), mine.says(offered)

    assert "Left out from now on: loans" in pressed.text
    assert "Left out from now on" not in typed.text
    assert reached_rasa(the_house, theirs)[-1] == offered
    assert reached_rasa(the_house, mine) == [offered.lstrip("/")]


def test_the_same_message_sent_ten_times_at_once_is_answered_once(the_house: House) -> None:
    owner = the_house.owner()
    owner.says("hello")
    body = {"session": owner.session, "message": DUDLEY, "message_id": str(uuid.uuid4())}

    def once(_: int) -> httpx.Response:
        return httpx.post(f"{the_house.url}/api/chat", json=body, timeout=60)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(once, range(10)))
    answers.append(once(11))

    answered = [answer.text for answer in answers if answer.status_code == 200]
    for answer in answers:
        if answer.status_code != 200:
            assert answer.status_code in (409, 429)
            assert answer.headers["retry-after"].isdigit()
            assert refused(answer, answer.status_code, answer.json()["error"])
    assert len(answered) >= 2
    assert len(set(answered)) == 1
    assert len(rows(the_house, "select id from roadmaps where session = ?", str(owner.session))) == 1


def test_the_first_message_sent_twice_opens_one_session(the_house: House) -> None:
    body = {"session": None, "message": DUDLEY, "message_id": str(uuid.uuid4())}

    first, again = (httpx.post(f"{the_house.url}/api/chat", json=body, timeout=60) for _ in range(2))

    assert first.json() == again.json()
    assert len(rows(the_house, "select id from roadmaps where session = ?", first.json()["session"])) == 1


def test_two_hundred_messages_in_a_second_are_slowed_with_words(the_house: House, tmp_path: Path) -> None:
    """At the usual rates: a second gateway in front of the same Rasa, for the shared one has none."""
    usual = {"FINGERPOST_SESSION_RATE": "", "FINGERPOST_ADDRESS_RATE": ""}
    with parts(tmp_path, "gateway", rasa_url=f"http://127.0.0.1:{the_house.rasa_port}", **usual) as door:
        door.wait(down=("actions",))
        owner = door.owner()
        owner.says("hello")

        def shout(_: int) -> httpx.Response:
            return owner.post("hello")

        with ThreadPoolExecutor(40) as pool:
            answers = list(pool.map(shout, range(200)))
        told = Counter(answer.status_code for answer in answers)

        assert set(told) == {200, 429}, told
        assert told[429] > 100
        for answer in answers:
            if answer.status_code == 429:
                assert refused(answer, 429, "too_many")
                assert 1 <= int(answer.headers["retry-after"]) <= 60
        time.sleep(3)
        assert owner.says("hello").replies


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_the_chat_takes_messages_by_post_only(the_house: House, method: str) -> None:
    assert refused(httpx.request(method, f"{the_house.url}/api/chat"), 405, "wrong_method")


def test_another_site_s_page_may_not_speak_for_an_owner(the_house: House) -> None:
    headers = {"origin": "https://elsewhere.example.org"}

    answer = httpx.post(f"{the_house.url}/api/chat", json={"message": "hello"}, headers=headers)

    assert refused(answer, 403, "other_site")
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/api/roadmaps/none",
        "/api/roadmaps/%00",
        "/api/roadmaps/" + "x" * 3000,
        "/roadmap/none",
        "/roadmap/none.ics",
    ],
)
def test_a_roadmap_nobody_made_is_not_found(the_house: House, path: str) -> None:
    assert refused(httpx.get(the_house.url + path), 404, "unknown_roadmap")


@pytest.mark.parametrize(
    "path",
    [
        "/api/nothing",
        "/static/..%2fapp.py",
        "/static/%2e%2e/%2e%2e/%2e%2e/pyproject.toml",
        "/static//etc/passwd",
        "/api/roadmaps/..%2f..%2f..%2fetc%2fpasswd",
        "/webhooks/rest/webhook",
        "/conversations/x/tracker",
        "/docs",
    ],
)
def test_no_path_leads_out_of_the_house(the_house: House, path: str) -> None:
    with httpx.Client(base_url=the_house.url) as client:
        # As it stands: a client would tidy the path before it sends it.
        request = client.build_request("GET", "/")
        request.url = request.url.copy_with(raw_path=path.encode())
        answer = client.send(request)

    assert refused(answer, 404, "not_found")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "bad_request"),
        ({"needs": "finance"}, "bad_request"),
        ({"needs": []}, "bad_needs"),
        ({"needs": ["gold"]}, "bad_needs"),
        ({"needs": ["finance"], "profile": []}, "bad_request"),
        ({"needs": ["finance"], "profile": {"employees": -1}}, "bad_profile"),
        ({"needs": ["finance"], "profile": {"employees": True}}, "bad_profile"),
        ({"needs": ["finance"], "profile": {"employees": 10**400}}, "bad_profile"),
        ({"needs": ["finance"], "profile": {"employees": {"from": 10, "to": 2}}}, "bad_profile"),
        ({"needs": ["finance"], "profile": {"wings": 2}}, "bad_profile"),
        ({"needs": ["finance"], "profile": {"deadline": "2027-02-30"}}, "bad_profile"),
        ({"needs": ["finance"], "on": "tomorrow"}, "bad_request"),
        ({"needs": ["finance"], "cost": -5}, "bad_request"),
        ({"needs": ["finance"], "cost": "NaN"}, "bad_request"),
    ],
)
def test_a_roadmap_for_what_cannot_be_says_why(the_house: House, asked: dict[str, Any], code: str) -> None:
    before = rows(the_house, "select count(*) from roadmaps")

    assert refused(httpx.post(f"{the_house.url}/api/roadmaps", json=asked, timeout=60), 400, code)

    assert rows(the_house, "select count(*) from roadmaps") == before


def test_the_house_stays_quiet_about_what_owners_say(the_house: House) -> None:
    secret = "our turnover with Zebulon Widgets fell"
    the_house.owner().says(secret)
    assert refused(
        send(the_house, json.dumps({"session": "not-issued", "message": secret})), 404, "unknown_session"
    )

    assert "Zebulon" not in the_house.said()
    assert "Traceback" not in the_house.said()
