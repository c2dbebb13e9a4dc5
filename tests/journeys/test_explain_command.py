"""Asking why from the command line: sentences for a person, JSON for a program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.calling import Done, answer, failure, fingerpost, written
from tests.journeys.test_replanning_commands import CHECK_UP, GRANT, LOAN, ON, catalogue, offer

SCHEME = offer(
    "example-scheme",
    "grant",
    "finance",
    "fund",
    criteria=[{"fact": "employees", "between": [15, None], "words": "You employ at least 15 people"}],
)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    return catalogue(tmp_path, CHECK_UP, GRANT, LOAN, SCHEME)


def asked(tmp_path: Path, records: Path, name: str, *more: object, firm: object = None) -> Done:
    profile = written(tmp_path / "firm.json", {"employees": 14} if firm is None else firm)
    return fingerpost(
        *("explain", name, "--needs", "process_improvement,finance", "--profile", profile),
        *("--catalogue", records, "--on", ON, *more),
    )


def test_an_owner_reads_whole_sentences(tmp_path: Path, records: Path) -> None:
    done = asked(tmp_path, records, "Example scheme")

    assert (done.code, done.err) == (0, "")
    assert " ".join(done.out.split()).startswith(
        "Example scheme asks that you employ at least 15 people; you employ 14 people."
    )
    assert "if you employed one more person, 15 in all" in " ".join(done.out.split())
    assert max(map(len, done.out.splitlines())) <= 100


def test_a_program_reads_json_that_is_the_same_to_the_byte(tmp_path: Path, records: Path) -> None:
    first = asked(tmp_path, records, "example-scheme", "--json", "--cost", "5000").out
    again = asked(tmp_path, records, "example-scheme", "--json", "--cost", "5000").out

    told = json.loads(first)
    assert first == again
    assert (told["standing"], told["changes"][0]["to"]) == ("barred", 15)
    assert told["assessment"]["verdict"] == "unlikely"


def test_it_agrees_with_the_roadmap(tmp_path: Path, records: Path) -> None:
    firm = written(tmp_path / "firm.json", {"employees": 14})
    made = answer(
        *("roadmap", "--needs", "process_improvement,finance", "--profile", firm),
        *("--catalogue", records, "--on", ON),
    )
    steps = [step["offer"] for phase in made["phases"] for step in phase["steps"]]

    for each in (CHECK_UP, GRANT, LOAN, SCHEME):
        told = json.loads(asked(tmp_path, records, each["id"], "--json").out)
        assert (told["standing"] == "step") == (each["id"] in steps)


def test_what_cannot_be_answered_is_said_with_the_way_out(tmp_path: Path, records: Path) -> None:
    code, words = failure(asked(tmp_path, records, "exampel scheme"))
    assert code == "unknown_offer"
    assert "example-scheme (Example scheme)" in words

    assert failure(asked(tmp_path, records, "example-scheme", firm=[{"employees": 14}]))[0] == "bad_profile"
    assert failure(asked(tmp_path, records, "example-scheme", firm={"staff": 14}))[0] == "bad_profile"
    assert failure(asked(tmp_path, records, "example-scheme", "--needs", "riches"))[0] == "bad_needs"
    assert failure(asked(tmp_path, records, "example-scheme", "--needs", " , "))[0] == "bad_needs"
