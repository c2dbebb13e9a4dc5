"""Settings, other sites' pages, health, the start, and the store that is really used."""

from __future__ import annotations

import asyncio
import socket
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from bot.web.app import create_app
from bot.web.health import Health
from bot.web.limits import Buckets, Turns, network_of
from bot.web.palette import contrast, stylesheet
from bot.web.problems import Problem
from bot.web.rasa import Rasa
from bot.web.serve import serve
from bot.web.settings import BadSettings, Rate, Settings, from_environment
from bot.web.timeline import Span, timeline
from bot.web.waking import announce
from bot.web.wiring import Trackers
from knowledge_base.store.chats import Chats
from knowledge_base.store.database import open_database
from tests.web.conftest import ROOMY
from tests.web.fakes import TODAY, House


def test_settings_have_defaults():
    assert from_environment({"FINGERPOST_PORT": " "}).address == "http://127.0.0.1:8000"


def test_every_wrong_setting_is_named_at_once():
    wrong = {
        "FINGERPOST_PORT": "70000",
        "FINGERPOST_RASA_URL": "ftp://x",
        "FINGERPOST_ORIGINS": "https://good.example.org *",
        "FINGERPOST_SESSION_RATE": "fast",
    }

    with pytest.raises(BadSettings) as caught:
        from_environment(wrong)

    assert [fault.split(":")[0] for fault in caught.value.faults] == list(wrong)


PARTNER = "https://partner.example.org"


@pytest.mark.parametrize("origin", [PARTNER, "http://testserver", None])
def test_a_listed_site_and_our_own_pages_may_talk(client: TestClient, origin: str | None):
    headers = {"origin": origin} if origin else {}

    response = client.post("/api/chat", json={"message": "Hello"}, headers=headers)

    assert response.status_code == 200
    assert response.headers.get("access-control-allow-origin") == (origin if origin == PARTNER else None)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "https://partner.example.org.evil.example",
        "http://partner.example.org",
    ],
)
def test_another_site_may_not_talk(client: TestClient, house: House, origin: str):
    response = client.post("/api/chat", json={"message": "Hello"}, headers={"origin": origin})

    assert (response.status_code, response.json()["error"]) == (403, "other_site")
    assert "access-control-allow-origin" not in response.headers
    assert house.rasa.sent == []


def test_a_preflight_is_answered_for_listed_sites_only(client: TestClient):
    asks = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}

    ours = client.options("/api/chat", headers={"origin": PARTNER, **asks})
    theirs = client.options("/api/chat", headers={"origin": "https://evil.example", **asks})

    assert ours.status_code == 204
    assert ours.headers["access-control-allow-origin"] == PARTNER
    assert ours.headers["access-control-allow-headers"] == "content-type"
    assert theirs.status_code == 403


def test_a_listed_site_can_read_why_it_was_refused(house: House):
    with TestClient(create_app(Settings(address_rate=Rate(1, 1)), house.services)) as client:
        answers = [
            client.post("/api/chat", json={"message": "Hi"}, headers={"origin": PARTNER}) for _ in range(2)
        ]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].headers["access-control-allow-origin"] == PARTNER


def test_health_is_good_only_when_every_part_answers(client: TestClient):
    assert client.get("/healthz").json()["parts"] == dict.fromkeys(
        ("database", "advice", "rasa", "actions"), "ok"
    )


@pytest.mark.parametrize("part", ["database", "advice", "rasa", "actions"])
def test_health_names_the_part_that_is_down(client: TestClient, house: House, part: str):
    house.chats.failing = part == "database"
    house.advice.well = part != "advice"
    house.rasa.refusing = part == "rasa"
    house.rasa.actions_well = part != "actions"

    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json()["error"] == "not_ready"
    assert [name for name, state in response.json()["parts"].items() if state == "down"] == [part]


def test_health_leaves_nothing_behind(client: TestClient, house: House):
    client.get("/healthz")

    assert house.chats.answers == {}


def test_the_start_is_told_line_by_line(house: House):
    house.rasa.refusing = True
    lines: list[str] = []

    def say(line: str) -> None:
        lines.append(line)
        house.rasa.refusing = False

    async def run() -> None:
        services = house.services
        rasa = Rasa("http://127.0.0.1:5005", 1, services.transport)
        await announce(
            "http://127.0.0.1:8000", Health(services, rasa, "http://127.0.0.1:5055"), say, pause=1.1
        )

    asyncio.run(run())

    assert lines == ["Rasa is waking: 0 s …", "Fingerpost is ready: http://127.0.0.1:8000/"]


def test_a_port_in_use_is_one_clear_line(house: House, capsys: pytest.CaptureFixture[str]):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = Settings(port=taken.getsockname()[1])
        code = serve(create_app(settings, house.services), settings)

    assert code == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "something else is using it" in error
    assert "FINGERPOST_PORT" in error


def test_a_further_door_shares_the_address_and_the_headers(house: House):
    async def door(scope, receive, send):
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"SAMEORIGIN")]}
        )
        await send({"type": "http.response.body", "body": b"door"})

    with TestClient(create_app(ROOMY, house.services, {"/slack": door})) as client:
        response = client.post("/slack/events", content=b"a" * 100_000)

    assert response.text == "door"
    assert response.headers["x-frame-options"] == "SAMEORIGIN"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_bucket_fills_again_with_time():
    buckets = Buckets(Rate(2, 60))

    assert [buckets.take("a", 0.0) for _ in range(3)] == [0, 0, 1.0]
    assert buckets.take("b", 0.0) == 0
    assert buckets.take("a", 1.0) == 0


def test_buckets_hold_no_more_keys_than_they_may():
    buckets = Buckets(Rate(1, 1), most=100)

    for n in range(1000):
        buckets.take(str(n), float(n))

    assert len(buckets) == 100


def test_turns_leave_nothing_behind():
    turns = Turns(1)

    async def run() -> None:
        for _ in range(3):
            async with turns.of("a"):
                assert len(turns) == 1
        with pytest.raises(Problem):
            async with turns.of("a"), turns.of("b"):
                raise Problem("internal")

    asyncio.run(run())
    assert len(turns) == 0


def test_addresses_of_one_household_count_as_one():
    assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2:bbbb::9")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")


@pytest.mark.parametrize("accent", ["#ffff00", "#000000", "#ffffff", "#777777", "#1d4f91", "red; } body {"])
def test_whatever_colour_a_hub_chooses_text_can_be_read(accent: str):
    sheet = stylesheet({"accent": accent})

    for scheme in sheet.splitlines():
        colours = dict(
            pair.split(":") for pair in scheme[scheme.rindex("{") + 1 : scheme.index("}")].split(";")
        )
        assert contrast(colours["--main-text"], colours["--tint"]) >= 4.5
        assert contrast(colours["--main-text"], colours["--paper"]) >= 4.5
        assert contrast(colours["--on-main"], colours["--main"]) >= 4.5
        assert contrast(colours["--dim"], colours["--tint"]) >= 4.5
        assert contrast(colours["--mark-text"], colours["--tint"]) >= 4.5
    assert "body" not in sheet


def test_a_timeline_keeps_every_mark_inside_its_frame():
    spans = [
        Span("Passed", date(2025, 1, 1), None),
        Span("Far", date(2031, 1, 1), date(2032, 6, 30), date(2040, 1, 1)),
        Span("Any time", None, None),
    ]

    drawn = timeline(spans, date(2026, 11, 21))

    assert drawn is not None
    for drawing in (drawn.wide, drawn.narrow):
        marks = [x for row in drawing.rows for x in (row.x1, row.x2, row.by) if x is not None]
        marks += [tick.x for tick in drawing.ticks]
        assert all(0 <= x <= drawing.width for x in marks)
        assert 2 <= len(drawing.ticks) <= 12


def test_a_roadmap_without_days_has_no_timeline():
    assert timeline([Span("Any time", None, None)], date(2026, 11, 21)) is None


@pytest.fixture
def real_chats(tmp_path: Path) -> Chats:
    database = open_database(f"sqlite:///{tmp_path / 'kept.sqlite'}")
    database.migrate()
    return Chats(database)


def test_the_real_store_answers_once_and_forgets(house: House, real_chats: Chats, tmp_path: Path):
    trackers = f"sqlite:///{tmp_path / 'trackers.sqlite'}"
    services = {**{n: getattr(house.services, n) for n in house.services.__dataclass_fields__}}
    services |= {"chats": real_chats, "forget_elsewhere": Trackers(trackers).forget}
    with TestClient(create_app(ROOMY, type(house.services)(**services))) as client:
        session = client.post("/api/chat", json={"message": "Hello"}).json()["session"]
        body = {"session": session, "message": "A grant", "message_id": "m-1"}
        first, again = (client.post("/api/chat", json=body) for _ in range(2))
        engine = sa.create_engine(trackers)
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE rasa_conversation (sender_id TEXT)"))
            connection.execute(
                sa.text("INSERT INTO rasa_conversation VALUES (:s), ('other')"), {"s": session}
            )
        gone = client.post("/api/forget", json={"session": session})
        unknown = client.post("/api/chat", json=body)

    assert first.json() == again.json()
    assert len(house.rasa.sent) == 2
    assert gone.status_code == 200
    assert unknown.status_code == 404
    with engine.begin() as connection:
        assert connection.execute(sa.text("SELECT sender_id FROM rasa_conversation")).scalars().all() == [
            "other"
        ]
    assert real_chats.known(session, TODAY) is False
