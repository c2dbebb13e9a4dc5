"""Planning again and looking at what is missing, from the command line: files in, files out."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from knowledge_base.store.database import open_database
from knowledge_base.store.gaps import Gaps, GapSeen
from tests.journeys.calling import answer, failure, fingerpost, written

ON = "2026-11-21"
SOURCE = {"url": "https://example.org/offer", "title": "An example page", "seen": "2026-11-01"}
AREAS = [{"code": "uk", "name": "UK", "within": []}]


def offer(id: str, kind: str, need: str, stage: str, **more: Any) -> dict[str, Any]:
    shape = {"provider": "example-council", "areas": [], "summary": "An example.", "source": SOURCE}
    window = {"status": "rolling"}
    named = {"id": id, "name": id.replace("-", " ").capitalize(), "kind": kind, "needs": [need]}
    return {**shape, **named, "stages": [stage], "window": window, **more}


CHECK_UP = offer("example-check-up", "diagnostic", "process_improvement", "diagnose")
GRANT = offer(
    "example-grant",
    "grant",
    "finance",
    "fund",
    requires=["example-check-up"],
    amount={"currency": "GBP", "max": 7000.5, "rate_percent": 33.3, "paid": "in_arrears"},
)
LIMIT = {
    "fact": "turnover",
    "between": [None, 10_000_000],
    "currency": "GBP",
    "words": "You turn over little",
}
# Unsure as long as no turnover is told, so that the grant goes first whatever else counts.
LOAN = offer("example-loan", "loan", "finance", "fund", criteria=[LIMIT])


def catalogue(folder: Path, *offers: dict[str, Any]) -> Path:
    whole = {
        "areas": AREAS,
        "providers": [{"id": "example-council", "name": "Example council", "type": "public"}],
        "offers": list(offers),
    }
    return written(folder / "catalogue.json", whole)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    return catalogue(tmp_path, CHECK_UP, GRANT, LOAN)


@pytest.fixture
def saved(tmp_path: Path, records: Path) -> Path:
    firm = written(tmp_path / "firm.json", {"employees": 14})
    made = answer(
        *("roadmap", "--needs", "process_improvement,finance", "--profile", firm),
        *("--catalogue", records, "--on", ON, "--cost", "10000.10"),
    )
    return written(tmp_path / "saved.json", made)


def steps(document: dict[str, Any]) -> list[str]:
    return [step["offer"] for phase in document["phases"] for step in phase["steps"]]


def told(document: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    return [(change["kind"], change["offer"], change["because"]) for change in document["changes"]]


def test_nothing_happened_and_nothing_changed(saved: Path, records: Path) -> None:
    planned = answer("replan", "--saved", saved, "--catalogue", records, "--on", ON)

    assert steps(planned) == steps(json.loads(saved.read_text()))
    assert planned["changes"] == []


def test_what_it_writes_can_be_planned_again(saved: Path, records: Path, tmp_path: Path) -> None:
    done, lost = ("--done", "example-check-up"), ("--turned-down", "example-grant")
    at = ("--catalogue", records, "--on", ON)

    first = answer("replan", "--saved", saved, *at, *done)
    second = answer("replan", "--saved", written(tmp_path / "first.json", first), *at, *lost)
    third = answer("replan", "--saved", written(tmp_path / "second.json", second), *at, *done, *lost)

    assert told(first)[0] == ("done", "example-check-up", "done")
    assert first["done_steps"] == [{"offer": "example-check-up", "name": "Example check up", "on": ON}]
    assert told(second)[:2] == [
        ("left", "example-grant", "turned_down"),
        ("reserve", "example-loan", "reserve"),
    ]
    assert (steps(second), second["turned_down"]) == (["example-loan"], ["example-grant"])
    assert second["done_steps"] == first["done_steps"]
    assert third["changes"] == []


def test_facts_are_told_changed_and_taken_back(saved: Path, records: Path, tmp_path: Path) -> None:
    facts = written(tmp_path / "facts.json", {"employees": None, "stage": "established"})

    planned = answer(
        *("replan", "--saved", saved, "--catalogue", records, "--on", ON, "--profile", facts),
        *("--refuses", "grant", "--skipped", "example-loan"),
    )

    assert planned["profile"] == {"stage": "established", "refuses": ["grant"]}
    assert steps(planned) == ["example-check-up"]
    assert planned["skipped"] == ["example-loan"]
    assert "You would rather not" in planned["gaps"][0]["words"]


def test_a_record_that_changed_is_told_with_what_changed(saved: Path, tmp_path: Path) -> None:
    dearer = {**GRANT, "amount": {**GRANT["amount"], "max": 5000}}
    closed = {**LOAN, "window": {"status": "closed", "closes": "2026-11-01"}}
    changed = catalogue(tmp_path, CHECK_UP, dearer, closed)

    planned = answer("replan", "--saved", saved, "--catalogue", changed, "--on", ON)

    altered = next(change for change in planned["changes"] if change["kind"] == "altered")
    assert altered["because"] == "record"
    assert "£5,000" in altered["words"]
    assert "£7,000.50" in altered["words"]
    assert ("reserve_changed", "example-grant", "closed") in told(planned)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--done", "narnia"], "bad_progress", "'narnia' is not an offer we know"),
        (["--refuses", "lone"], "bad_progress", "'lone' is not a kind of help"),
        (["--on", "2026-11-20"], "bad_date", "before the roadmap's own day"),
    ],
)
def test_what_cannot_have_happened_is_said(saved: Path, records: Path, arguments, code, said) -> None:
    done = fingerpost("replan", "--saved", saved, "--catalogue", records, "--on", ON, *arguments)

    error, message = failure(done)
    assert error == code
    assert said in message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "not one roadmap"),
        ({}, "there is no need in it"),
        ({"needs": ["finance"]}, "on: 'None' is not a date"),
        ({"needs": ["fame"], "on": ON}, "'fame' is not a need"),
        ({"needs": ["finance"], "on": ON, "phases": 7}, "phases: this is not a list"),
        ({"needs": ["finance"], "on": ON, "phases": [{"steps": [{"offer": "x"}]}]}, "no offer or no name"),
        ({"needs": ["finance"], "on": ON, "gaps": ["x"]}, "a gap names no need"),
        ({"needs": ["finance"], "on": ON, "profile": {"employees": "many"}}, "profile: employees"),
        ({"needs": ["finance"], "on": ON, "funding": {"cost": {"amount": "much"}}}, "cost: write"),
        ({"needs": ["finance"], "on": ON, "turned_down": [7]}, "turned_down: this is not a list of words"),
        ({"needs": ["finance"], "on": ON, "done_steps": [{}]}, "done_steps: write"),
    ],
)
def test_a_file_that_is_no_roadmap_is_refused_with_the_way_out(records, tmp_path, content, said) -> None:
    file = written(tmp_path / "saved.json", content)

    done = fingerpost("replan", "--saved", file, "--catalogue", records, "--on", ON)

    error, message = failure(done)
    assert error == "bad_saved"
    assert said in message


def test_what_is_missing_is_a_table_of_nothing_below_ten(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'counts.sqlite'}"
    database = open_database(address)
    database.migrate()
    gaps, now = Gaps(database), datetime(2026, 11, 21, tzinfo=timezone.utc)
    premises = GapSeen("premises", "nothing open", "black-country", "10 to 49", "manufacturing")
    gaps.record([premises] * 12 + [GapSeen("export_markets", "refused")] * 9, now)
    gaps.record([GapSeen("finance", "refused")] * 14, now.replace(month=10))
    database.close()

    shown = fingerpost("gaps", "--on", "2026-12-01", DATABASE_URL=address)
    later = answer("gaps", "--on", "2026-12-01", "--since", "2026-11", "--json", DATABASE_URL=address)
    waiting = answer("gaps", "--on", "2026-11-30", "--json", DATABASE_URL=address)
    cut = fingerpost("gaps", "--on", "2026-12-01", "--until", "2026-09", DATABASE_URL=address)

    headings, first, *_ = shown.out.splitlines()
    assert headings.split() == ["need", "from", "until", "by", "which", "how", "often"]
    assert first.split() == ["finance", "2026-10", "2026-10", "all", "together", "14"]
    assert "export_markets" not in shown.out
    assert later["gaps"] == []
    assert {gap["need"] for gap in waiting["gaps"]} == {"finance"}
    assert waiting["gaps"][0] == {
        "need": "finance",
        "from": "2026-10",
        "until": "2026-10",
        "by": "all",
        "which": None,
        "count": 14,
    }
    assert cut.out == "Nothing may be shown of these months alone: choose more, from 2026-10 to 2026-11.\n"


def test_a_hub_that_misses_nothing_is_told_so(tmp_path: Path) -> None:
    done = fingerpost("gaps", DATABASE_URL=f"sqlite:///{tmp_path / 'counts.sqlite'}")

    assert done.out == "Nothing is missing so far: every need asked for had a step.\n"


@pytest.mark.parametrize("month", ["2026", "2026-13", "November", "2026-1"])
def test_a_month_is_written_as_one(month: str) -> None:
    assert fingerpost("gaps", "--since", month).code == 2
