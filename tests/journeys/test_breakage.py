"""What an owner meets when a part of the house is down, stuck or gone: words, and nothing lost or doubled."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.journeys.house import Owner, house
from tests.journeys.parts import Parts, parts, require_bot, stand_in_rasa

pytestmark = pytest.mark.journey

DUDLEY = "14 of us, metal fabrication in Dudley, lead times are all over the place"
BOUND = 20  # seconds until an owner is told, at most


def told(answer: httpx.Response, *codes: str) -> None:
    """Check that a failure is told in words, with when to try again."""
    assert answer.status_code in (502, 503, 504), answer.text
    assert set(answer.json()) == {"error", "message"}
    assert answer.json()["error"] in codes, answer.text
    assert len(answer.json()["message"].split()) > 3
    assert answer.headers["retry-after"].isdigit()


def in_time(owner: Owner, message: str, **more: Any) -> httpx.Response:
    began = time.monotonic()
    answer = owner.post(message, **more)
    assert time.monotonic() - began < BOUND
    return answer


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Another program that keeps a database to itself."""
    with closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def count(file: Path, table: str) -> int:
    with closing(sqlite3.connect(file, timeout=20)) as database:
        return int(database.execute(f"select count(*) from {table}").fetchone()[0])


@pytest.fixture(scope="module")
def the_parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """All three processes without a supervisor; each test leaves all of them answering."""
    require_bot()
    with parts(tmp_path_factory.mktemp("parts"), "rasa", "actions", "gateway") as running:
        running.wait()
        yield running


@pytest.fixture
def owner(the_parts: Parts) -> Owner:
    owner = the_parts.owner()
    owner.says("hello")
    return owner


def test_when_one_process_dies_everything_stops_with_one_line(tmp_path: Path) -> None:
    require_bot()
    with house(tmp_path) as running:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://127.0.0.1:{running.actions_port}/health").raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        everything = running.processes()
        assert all(running.the_process(module) for module in ("bot.rasa.serve", "actions", "bot.web"))

        running.the_process("actions").kill()

        assert running.process.wait(timeout=30) != 0
        assert psutil.wait_procs(everything, timeout=5)[1] == []
        last = running.said().strip().splitlines()[-1]
        assert last == "actions stopped by itself (exit code -9), so everything was stopped."


def test_before_rasa_answers_the_owner_is_told_that_we_wake(tmp_path: Path) -> None:
    with parts(tmp_path, "gateway") as door:
        door.wait(down=("rasa", "actions"))
        owner = door.owner()

        told(in_time(owner, "hello"), "waking")

        assert httpx.get(f"{door.url}/healthz").status_code == 503
        assert "Rasa" in httpx.get(f"{door.url}/healthz").json()["message"]
        assert count(door.database, "chat_sessions") == 0
        assert httpx.get(door.url).status_code == 200


def test_an_empty_answer_of_rasa_is_an_error_and_the_message_can_be_sent_again(tmp_path: Path) -> None:
    answers: list[Any] = [[{"text": "Hello."}], [], {}, None, [{"recipient_id": "x"}], [{"text": "Here."}]]
    heard: list[str] = []

    def answer(message: dict[str, Any]) -> Any:
        heard.append(message["message"])
        return answers[len(heard) - 1]

    with stand_in_rasa(answer) as rasa, parts(tmp_path, "gateway", rasa_url=rasa) as door:
        door.wait(down=("actions",))
        owner = door.owner()
        owner.says("hello")

        for _ in answers[1:-1]:
            told(in_time(owner, "and then?", message_id="the-same"), "not_reached")
        answered = [in_time(owner, "and then?", message_id="the-same") for _ in range(2)]

        assert [a.json()["replies"] for a in answered] == [[{"text": "Here."}]] * 2
        assert heard == ["hello"] + ["and then?"] * 5


def test_without_the_action_server_a_message_fails_in_words_and_works_afterwards(
    the_parts: Parts, owner: Owner
) -> None:
    the_parts.kill("actions")
    the_parts.wait(down=("actions",))

    told(in_time(owner, DUDLEY, message_id="to-be-sent-again"), "not_reached")
    assert "the action server" in the_parts.health().json()["message"]  # type: ignore[union-attr]

    the_parts.start("actions")
    the_parts.wait()
    assert owner.says(DUDLEY, message_id="to-be-sent-again").steps
    assert count(the_parts.database, "roadmaps") == 1


def test_a_conversation_goes_on_after_rasa_was_killed(the_parts: Parts, owner: Owner) -> None:
    before = owner.says("we are 12 people in Wolverhampton").text
    the_parts.kill("rasa")

    told(in_time(owner, "we want to export", message_id="while-away"), "not_reached")

    the_parts.start("rasa")
    the_parts.wait()
    heard = owner.says("we want to export", message_id="while-away")
    for _ in range(4):
        assert "how many people" not in heard.text.lower()
        if heard.roadmap:
            break
        heard = owner.says("I'd rather not say")
    assert heard.roadmap, (before, heard.text)
    assert heard.roadmap["profile"]["employees"] == 12
    assert heard.roadmap["profile"]["place"] == "Wolverhampton"


def test_a_held_database_is_told_in_words_and_nothing_is_kept_twice(the_parts: Parts, owner: Owner) -> None:
    roadmaps, answers = (count(the_parts.database, table) for table in ("roadmaps", "chat_answers"))

    with held(the_parts.database):
        told(in_time(owner, DUDLEY, message_id="held"), "not_kept")

    assert owner.says(DUDLEY, message_id="held").steps
    assert owner.says(DUDLEY, message_id="held").steps
    assert count(the_parts.database, "roadmaps") == roadmaps + 1
    assert count(the_parts.database, "chat_answers") == answers + 1


def test_held_conversations_are_told_in_words_and_the_message_can_be_sent_again(
    the_parts: Parts, owner: Owner
) -> None:
    with held(the_parts.conversations):
        told(in_time(owner, "we are 9 people in Dudley", message_id="held-too"), "not_reached")
        time.sleep(1.1)
        health = the_parts.health()
        assert health is not None
        assert health.status_code == 503
        assert health.json()["message"] == "Not answering: the database of conversations."

    owner.says("we are 9 people in Dudley", message_id="held-too")
    heard = owner.says("we want to cut waste")
    for _ in range(4):
        if heard.roadmap:
            break
        heard = owner.says("I'd rather not say")
    assert heard.roadmap, heard.text
    assert heard.roadmap["profile"]["employees"] == 9


@pytest.mark.parametrize("which", ["database", "conversations"])
def test_a_database_that_was_taken_away_is_told_and_used_again_when_it_is_back(
    the_parts: Parts, owner: Owner, which: str
) -> None:
    file: Path = getattr(the_parts, which)
    away = file.with_name("away")
    away.mkdir()
    beside = [one for end in ("", "-wal", "-shm") if (one := Path(f"{file}{end}")).exists()]
    for one in beside:
        shutil.move(one, away / one.name)

    told(in_time(owner, DUDLEY, message_id=f"{which}-away"), "not_kept", "not_reached")

    for one in file.parent.glob(f"{file.name}*"):
        one.unlink()
    for one in beside:
        shutil.move(away / one.name, one)
    away.rmdir()
    the_parts.wait(seconds=30)
    assert owner.says(DUDLEY, message_id=f"{which}-away").steps


def test_a_database_put_back_from_a_copy_is_used_at_once(the_parts: Parts, owner: Owner) -> None:
    roadmap = owner.says(DUDLEY).roadmap
    assert roadmap
    copy = the_parts.database.with_name("copy.sqlite")
    with closing(sqlite3.connect(the_parts.database)) as now, closing(sqlite3.connect(copy)) as kept:
        now.backup(kept)
    for end in ("-wal", "-shm"):
        Path(f"{the_parts.database}{end}").unlink(missing_ok=True)
    os.replace(copy, the_parts.database)

    assert httpx.get(roadmap["url"]).status_code == 200
    assert owner.says("no loans").replies
