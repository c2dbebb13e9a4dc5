"""A saved roadmap over HTTP: what happened is told, what changed comes back, and the page says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from bot.web.services import Services
from bot.web.settings import Rate
from knowledge_base.advice import Advice
from knowledge_base.store.database import open_database
from tests.store.example_records import GRANT, example_advice
from tests.web.asking import error_of
from tests.web.conftest import ROOMY
from tests.web.fakes import TODAY, ChatsInMemory

NEEDS = {"needs": ["process_improvement", "finance"], "profile": {"employees": 14}, "cost": 10_000}


@pytest.fixture
def advice(tmp_path: Path) -> Iterator[Advice]:
    database = open_database(f"sqlite:///{tmp_path / 'example.sqlite'}")
    database.migrate()
    yield example_advice(database)
    database.close()


def gateway(advice: Advice, clock: datetime = TODAY, **settings: Any) -> TestClient:
    services = Services(chats=ChatsInMemory(), roadmaps=advice.roadmaps, advice=advice, clock=lambda: clock)
    return TestClient(create_app(replace(ROOMY, **settings), services))


@pytest.fixture
def client(advice: Advice) -> Iterator[TestClient]:
    with gateway(advice) as client:
        yield client


@pytest.fixture
def id(client: TestClient) -> str:
    return client.post("/api/roadmaps", json=NEEDS).json()["id"]


def steps(body: dict[str, Any]) -> list[str]:
    return [step["offer"] for phase in body["roadmap"]["phases"] for step in phase["steps"]]


def test_progress_gives_the_new_roadmap_under_the_same_address_with_its_changes(client, id):
    told = {"done": ["example-check-up"], "turned_down": ["example-grant"]}

    answer = client.post(f"/api/roadmaps/{id}/progress", json=told)

    body = answer.json()
    assert (answer.status_code, body["id"], body["url"]) == (200, id, f"http://testserver/roadmap/{id}")
    assert steps(body) == ["example-loan"]
    assert body["roadmap"]["changes"] == body["changes"]
    assert [(c["kind"], c["offer"], c["because"]) for c in body["changes"][:3]] == [
        ("done", "example-check-up", "done"),
        ("left", "example-grant", "turned_down"),
        ("reserve", "example-loan", "reserve"),
    ]
    assert body["said"][2] == "The reserve Example loan takes the place of Example grant."
    assert client.get(f"/api/roadmaps/{id}").json()["roadmap"] == body["roadmap"]


def test_telling_the_same_again_changes_nothing_and_says_so(client, id):
    told = {"skipped": ["example-grant"], "facts": {"stage": "established"}, "withdrawn_facts": ["employees"]}
    first = client.post(f"/api/roadmaps/{id}/progress", json=told).json()

    again = client.post(f"/api/roadmaps/{id}/progress", json=told).json()

    assert first["changes"]
    assert again["changes"] == []
    assert again["said"] == ["Nothing has changed: the steps stay as they were."]
    assert steps(again) == steps(first)
    assert again["roadmap"]["profile"] == {"stage": "established"}


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"done": ["narnia"]}, "bad_progress"),
        ({"refuses": ["lone"]}, "bad_progress"),
        ({"facts": {"employees": "many"}}, "bad_profile"),
        ({"facts": {"shoe_size": 9}}, "bad_profile"),
        ({"withdrawn_facts": ["shoe_size"]}, "bad_profile"),
        ({"done": "example-grant"}, "bad_request"),
        ({"done": [7]}, "bad_request"),
        ({"done": ["x" * 1000]}, "bad_request"),
        ({"done": ["example-grant"] * 51}, "bad_request"),
        ({"facts": ["place"]}, "bad_request"),
        ({"finished": ["example-grant"]}, "bad_request"),
        ([], "bad_json"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words_and_changes_nothing(client, id, told, error):
    before = client.get(f"/api/roadmaps/{id}").json()

    assert error_of(client.post(f"/api/roadmaps/{id}/progress", json=told)) == (400, error)
    assert client.get(f"/api/roadmaps/{id}").json() == before


def test_hostile_text_is_never_said_back_at_length(client, id):
    answer = client.post(f"/api/roadmaps/{id}/progress", json={"done": ["<script>" * 15]})

    assert error_of(answer) == (400, "bad_progress")
    assert len(answer.json()["message"]) < 200


@pytest.mark.parametrize("id", ["nobody", "%00", "é", "x" * 500])
def test_progress_on_a_roadmap_that_is_not_there_says_so(client, id):
    assert error_of(client.post(f"/api/roadmaps/{id}/progress", json={})) == (404, "unknown_roadmap")


def test_another_site_may_not_tell_progress_and_neither_may_a_flood(advice):
    with gateway(advice, address_rate=Rate(2, 1)) as client:
        id = client.post("/api/roadmaps", json=NEEDS).json()["id"]
        elsewhere = client.post(
            f"/api/roadmaps/{id}/progress", json={}, headers={"origin": "https://elsewhere.example.org"}
        )
        allowed = client.post(f"/api/roadmaps/{id}/progress", json={})
        flooded = client.post(f"/api/roadmaps/{id}/progress", json={})

    assert error_of(elsewhere) == (403, "other_site")
    assert allowed.status_code == 200
    assert error_of(flooded) == (429, "too_many")


def test_a_database_that_is_down_is_said_and_no_old_roadmap_is_shown(client, id, advice):
    advice.database.close()
    advice.database._path.unlink()

    assert error_of(client.get(f"/api/roadmaps/{id}")) == (503, "not_kept")
    assert error_of(client.post(f"/api/roadmaps/{id}/progress", json={})) == (503, "not_kept")


def test_progress_is_in_the_description_of_the_interface(client):
    described = client.get("/api/openapi.json").json()

    post = described["paths"]["/api/roadmaps/{id}/progress"]["post"]
    told = described["components"]["schemas"]["Told"]["properties"]
    assert "after what happened" in post["description"]
    assert set(told) == {"done", "turned_down", "skipped", "refuses", "facts", "withdrawn_facts"}
    assert all(field["description"] for field in told.values())


def test_the_page_tells_what_a_curator_changed_since_and_why(client, id, advice):
    advice.records.close_offer("example-grant", "C", "over", TODAY, closes=date(2026, 11, 20))

    page = client.get(f"/roadmap/{id}").text

    assert "What changed since you last looked" in page
    assert "We planned again on 21 November 2026" in page
    assert "Example grant is left out: it closed on 20 November 2026." in page
    assert "The reserve Example loan takes the place of Example grant." in page
    assert page == client.get(f"/roadmap/{id}").text
    assert page.index("What changed") < page.index('class="way"')


def test_the_page_ticks_the_steps_done(client, id):
    client.post(f"/api/roadmaps/{id}/progress", json={"done": ["example-check-up"]})

    page = client.get(f"/roadmap/{id}").text

    done = page[page.index('class="done"') : page.index('class="told"')]
    assert 'aria-label="Done"' in done
    assert "Example check up" in done
    assert "Noted on 21 November 2026" in done
    assert 'id="step-2"' not in page
    assert "example-check-up" not in page


def test_a_page_nothing_happened_to_speaks_of_no_changes(client, id):
    page = client.get(f"/roadmap/{id}").text

    assert "What changed" not in page
    assert "Done so far" not in page


def test_what_a_record_is_called_cannot_break_the_page(client, id, advice):
    advice.records.save_offer(replace(GRANT, name="<script>alert(1)</script>"), "C", "odd", TODAY)

    page = client.get(f"/roadmap/{id}").text

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_calendar_follows_the_roadmap(client, id, advice):
    before = client.get(f"/roadmap/{id}.ics").text
    advice.records.close_offer("example-grant", "C", "over", TODAY)

    after = client.get(f"/roadmap/{id}.ics").text

    assert "Last day to apply: Example grant" in before
    assert "Example grant" not in after


def test_a_page_opened_when_a_step_is_out_of_reach_is_planned_for_that_day(advice, client, id):
    with gateway(advice, TODAY + timedelta(days=60)) as later:
        body = later.get(f"/api/roadmaps/{id}").json()

    assert body["roadmap"]["on"] == "2027-01-20"
    assert steps(body) == ["example-check-up", "example-loan"]
