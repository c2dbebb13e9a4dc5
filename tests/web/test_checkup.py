"""The check-up over HTTP, and the page with its picture."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from bot.web.checkup_drawing import checkup_drawings
from bot.web.replies import read_replies
from knowledge_base.areas import AreaTree, starter_areas
from knowledge_base.checkup import place, read_checkup
from knowledge_base.checkup.documents import result_document
from knowledge_base.checkup.saved import figures_for
from knowledge_base.store.checkups import CheckupRows, SavedCheckup
from knowledge_base.store.database import open_database
from tests.web.asking import error_of
from tests.web.conftest import ROOMY
from tests.web.example import small_factory
from tests.web.fakes import TODAY, House, Saved

ANSWERS = {
    "sells": "thing",
    "works": "some",
    "organised": "no",
    "holds": ["time", "money"],
    "listens": "hears",
}


class CheckupsOnFile:
    """The real rows, with Wales for every place that is told."""

    def __init__(self, folder: Path) -> None:
        self.database = open_database(f"sqlite:///{folder / 'example.sqlite'}")
        self.database.migrate()
        self.rows = CheckupRows(self.database)
        self.checkup = read_checkup()
        self.failing = False

    def make(
        self, answers: Any, *, told_place: str | None, on: date, session: str | None, now: datetime
    ) -> SavedCheckup:
        if self.failing:
            raise RuntimeError("disk full")
        figures = figures_for(self.checkup, AreaTree(starter_areas()), ["wales"] if told_place else [])
        document = result_document(self.checkup, answers, place(self.checkup, answers), on, figures)
        return self.rows.save(document, session=session, now=now, keep_days=365)

    def open(self, id: str, now: datetime) -> SavedCheckup | None:
        return self.rows.get(id, now)

    def follow_with(self, id: str, roadmap: str) -> None:
        self.rows.follow_with(id, roadmap)


@pytest.fixture
def checkups(tmp_path: Path) -> Iterator[CheckupsOnFile]:
    made = CheckupsOnFile(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def client(house: House, checkups: CheckupsOnFile) -> Iterator[TestClient]:
    with TestClient(create_app(ROOMY, replace(house.services, checkups=checkups))) as client:
        yield client


def made(client: TestClient, answers: Any = None, **more: Any) -> dict[str, Any]:
    response = client.post("/api/checkup", json={"answers": ANSWERS if answers is None else answers, **more})
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


def test_the_questions_are_there_with_the_answers_each_takes(client: TestClient):
    body = client.get("/api/checkup").json()

    assert 5 <= len(body["questions"]) <= 8
    assert {"id", "question", "help", "many", "options"} == set(body["questions"][0])
    assert "{" not in body["intro"]


def test_the_questions_can_be_answered_by_their_ids(client: TestClient):
    questions = client.get("/api/checkup").json()["questions"]
    body = made(client, {q["id"]: q["options"][0]["id"] for q in questions})

    assert body["answered"] == len(questions)


def test_a_result_is_saved_and_read_back_the_same(client: TestClient):
    body = made(client)

    assert body["url"] == f"http://testserver/checkup/{body['id']}"
    assert [need["need"] for need in body["needs"]] == ["process_improvement", "finance", "customer_insight"]
    assert all(need["because"] for need in body["needs"])
    assert body["roadmap"] is None
    assert client.get(f"/api/checkup/{body['id']}").json() == body


def test_two_results_have_addresses_that_cannot_be_guessed(client: TestClient):
    one, other = made(client)["id"], made(client)["id"]

    assert one != other
    assert min(len(one), len(other)) >= 16


def test_with_a_profile_the_roadmap_follows(client: TestClient, house: House):
    body = made(client, profile={"place": "Swansea", "employees": 8})

    assert house.advice.asked[0][:2] == (
        ("process_improvement", "finance", "customer_insight"),
        {"place": "Swansea", "employees": 8},
    )
    assert body["roadmap"]["url"].endswith(f"/roadmap/{body['roadmap']['id']}")
    assert client.get(f"/api/checkup/{body['id']}").json()["roadmap"] == body["roadmap"]
    assert "28%" in body["figures"][0]["words"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"answers": {"sells": "maybe"}}, "bad_answers"),
        ({"answers": {"nonsense": "yes"}}, "bad_answers"),
        ({"answers": {"works": ["yes", "no"]}}, "bad_answers"),
        ({"answers": []}, "bad_request"),
        ({}, "bad_request"),
        ({"answers": {}, "profile": {"employees": "many many"}}, "bad_profile"),
        ({"answers": {"holds": [{"time": 1}]}}, "bad_answers"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(client: TestClient, body: Any, code: str):
    assert error_of(client.post("/api/checkup", json=body)) == (400, code)


def test_nothing_answered_is_an_answer(client: TestClient):
    body = made(client, {})

    assert body["answered"] == 0
    assert client.get(f"/checkup/{body['id']}").status_code == 200


@pytest.mark.parametrize("id", ["none", "%00", "x" * 400, "%F0%9F%92%A5"])
def test_a_check_up_that_is_not_there_is_said_so(client: TestClient, id: str):
    assert error_of(client.get(f"/api/checkup/{id}")) == (404, "unknown_checkup")
    page = client.get(f"/checkup/{id}", headers={"accept": "text/html"})
    assert page.status_code == 404
    assert "That check-up is not here" in page.text


def test_a_result_is_gone_when_its_time_is_over(checkups: CheckupsOnFile):
    saved = checkups.make({}, told_place=None, on=TODAY.date(), session=None, now=TODAY)

    assert checkups.open(saved.id, TODAY + timedelta(days=364))
    assert checkups.open(saved.id, TODAY + timedelta(days=365)) is None
    assert checkups.rows.purge(TODAY + timedelta(days=365)) == 1


def test_a_failure_of_the_store_is_told_and_can_be_tried_again(client: TestClient, checkups: CheckupsOnFile):
    checkups.failing = True

    assert error_of(client.post("/api/checkup", json={"answers": ANSWERS})) == (503, "not_kept")


def test_the_page_says_where_the_business_stands_and_why_each_need_follows(client: TestClient):
    page = client.get(f"/checkup/{made(client, profile={'place': 'Swansea'})['id']}").text

    for words in (
        "You do innovate",
        "Of 4 kinds of new things you told us about, 2 are in use or tried.",
        "In the way: no time, no money.",
        "You said there is no money.",
        "28% of small and medium-sized firms in Wales",
        "the page gives no date; seen 22 November 2026",
        "Oslo Manual 2018",
        "21 November 2026",
    ):
        assert words in page, words


def test_the_picture_can_be_heard(client: TestClient):
    page = client.get(f"/checkup/{made(client)['id']}").text
    pictures = re.findall(r'<svg class="standing.*?</svg>', page, re.DOTALL)

    assert len(pictures) == 2
    for picture in pictures:
        named = re.search(r'aria-labelledby="(\S+) (\S+)"', picture)
        assert named
        assert f'<title id="{named[1]}">' in picture
        described = re.search(rf'<desc id="{named[2]}">(.*?)</desc>', picture)
        assert described
        assert "Yes, in use: new things you sell." in described[1]
        assert "Left open: ways to reach customers" in described[1]
    assert len(set(re.findall(r'id="([^"]+)"', page))) == len(re.findall(r'id="([^"]+)"', page))


def test_the_page_needs_no_script_and_keeps_to_the_policy(client: TestClient):
    answer = client.get(f"/checkup/{made(client)['id']}")

    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    assert not re.search(r"<script(?! src)", answer.text)
    assert client.get("/static/checkup.css").status_code == 200


def test_the_page_shows_the_steps_once_a_roadmap_was_made_and_goes_without_when_it_is_gone(
    client: TestClient, house: House, checkups: CheckupsOnFile
):
    id = made(client)["id"]
    assert "ask for your roadmap" in client.get(f"/checkup/{id}").text

    house.roadmaps.held["example"] = Saved("example", small_factory())
    checkups.follow_with(id, "example")
    page = client.get(f"/checkup/{id}").text
    assert "Example productivity review" in page
    assert 'href="http://testserver/roadmap/example"' in page

    del house.roadmaps.held["example"]
    assert "ask for your roadmap" in client.get(f"/checkup/{id}").text


def test_the_further_an_answer_goes_the_longer_its_arm_and_what_was_left_open_has_none():
    placed = [
        {"type": "product", "name": "Goods", "level": level, "level_words": "so far"}
        for level in ("strong", "some", "none", None)
    ]
    for drawing in checkup_drawings(placed, ["No time"]):
        strong, some, none, left_open = (arm.x2 for arm in drawing.arms)
        assert strong is not None
        assert some is not None
        assert none is not None
        assert strong > some > none
        assert left_open is None
        assert strong < drawing.width


def test_all_that_is_in_the_way_finds_room_in_the_picture():
    placed = [{"type": "product", "name": "Goods", "level": "some", "level_words": "so far"}]
    names = ["Not knowing where to start", "Not having the skills", "No time", "No money", "No people"]
    for drawing in checkup_drawings(placed, names):
        assert len({(stone.x, stone.y) for stone in drawing.stones}) == len(names)
        for stone in drawing.stones:
            assert stone.x + 20 + 7 * len(stone.name) <= drawing.width
            assert stone.y < drawing.height


def test_the_chat_hands_on_the_address_of_a_check_up_as_this_door_has_it():
    said = read_replies(
        [{"text": "Done."}, {"custom": {"checkup": {"id": "abc", "url": "http://elsewhere"}}}],
        "http://hub.example.org",
    )

    assert said.replies == [
        {"text": "Done.", "checkup": {"id": "abc", "url": "http://hub.example.org/checkup/abc"}}
    ]


@pytest.mark.parametrize("broken", [b"{", b"", b"answers: none", b"[1, 2"])
def test_broken_json_is_answered_with_an_example_that_the_check_up_takes(client: TestClient, broken: bytes):
    response = client.post("/api/checkup", content=broken, headers={"content-type": "application/json"})

    assert error_of(response) == (400, "bad_json")
    shown = re.search(r"\{.*\}", response.json()["message"])
    assert shown is not None
    assert client.post("/api/checkup", json=json.loads(shown[0])).status_code == 201
