"""The pages people see, and the calendar they take away."""

from __future__ import annotations

from datetime import date, timedelta

import icalendar
import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from tests.web.conftest import ROOMY
from tests.web.example import small_factory, step
from tests.web.fakes import TODAY, House, Saved

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def page(client: TestClient, house: House) -> str:
    house.roadmaps.held["example"] = Saved("example", small_factory())
    return client.get("/roadmap/example").text


def test_a_roadmap_page_shows_each_step_in_its_phase(page: str):
    order = [
        "Get clear",
        "Example productivity review",
        "Get ready",
        "Example lean manufacturing course",
        "Get funded",
        "Example growth grant",
        "Get going",
    ]
    way = page[page.index('class="way"') :]

    assert [way.index(words) for words in order] == sorted(way.index(words) for words in order)


@pytest.mark.parametrize(
    "words",
    [
        "A better way of working and money for your plans",
        "as things stood on 21 November 2026",
        "Likely a fit",
        "Not sure yet",
        "Whether you have traded for a year: you have not told us",
        "The project must not have started",
        "Last two years&#39; accounts",
        "50 % of the cost, £5,000 to £20,000, paid after you have spent it",
        "31 January 2027",
        "About 4 weeks",
        "Example online",
        "£24,000",
        "What you have to carry meanwhile",
        "Nothing for premises is open just now.",
        "how long you have been trading",
        "Dudley",
        "Your yearly sales",
    ],
)
def test_a_roadmap_page_says(page: str, words: str):
    assert words in page


def test_a_source_says_its_age_and_whether_the_hub_checked_it(page: str):
    assert "Seen 21 November 2026; not yet checked by the hub." in page
    assert "Seen 21 November 2026; checked by A. Curator on 1 November 2026." in page
    assert "no page is recorded. When it was last seen is not known; not yet checked by the hub." in page


def test_days_gone_by_are_named_as_such(house: House):
    late = {**vars_of(house), "clock": lambda: TODAY + timedelta(days=100)}
    house.roadmaps.held["example"] = Saved("example", small_factory())
    with TestClient(create_app(ROOMY, type(house.services)(**late))) as client:
        page = client.get("/roadmap/example").text

    assert "31 January 2027 (this day has passed)" in page
    assert "100 days ago" in page
    assert "Last checked by the hub on 1 November 2026, due again since 1 February 2027" in page


def vars_of(house: House) -> dict[str, object]:
    services = house.services
    return {name: getattr(services, name) for name in services.__dataclass_fields__}


def test_the_timeline_can_be_read_as_words(page: str):
    assert "<desc" in page
    assert "Example growth grant: apply by 31 January 2027, start from 22 December 2026" in page
    assert "Example makers&#39; network: any time" in page


def test_what_a_record_holds_cannot_become_markup_or_a_script_link(client: TestClient, house: House):
    hostile = step(
        SCRIPT,
        SCRIPT,
        why=[SCRIPT],
        summary=SCRIPT,
        provider=SCRIPT,
        cost=SCRIPT,
        source={"url": "javascript:alert(1)", "title": SCRIPT, "seen": SCRIPT},
    )
    document = {**small_factory(), "phases": [{"phase": "get_clear", "steps": [hostile]}]}
    document["profile"] = {"place": SCRIPT}
    house.roadmaps.held["hostile"] = Saved("hostile", document)

    page = client.get("/roadmap/hostile").text

    assert SCRIPT not in page
    assert "javascript:" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("cut", ["phases", "gaps", "funding", "profile", "next_question", "needs"])
def test_a_roadmap_without_a_part_still_has_a_page(client: TestClient, house: House, cut: str):
    document = small_factory()
    document[cut] = None
    house.roadmaps.held["cut"] = Saved("cut", document)

    assert client.get("/roadmap/cut").status_code == 200


def test_a_roadmap_of_no_steps_says_so_and_why(client: TestClient, house: House):
    house.roadmaps.held["bare"] = Saved("bare", {**small_factory(), "phases": [], "funding": None})

    page = client.get("/roadmap/bare").text

    assert "Nothing we hold fits" in page
    assert "Nothing for premises is open just now." in page
    assert "Add to calendar" not in page


def test_a_roadmap_page_is_private(client: TestClient, house: House):
    house.roadmaps.held["example"] = Saved("example", small_factory())

    headers = client.get("/roadmap/example").headers

    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers["cache-control"] == "private, no-store"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/about-your-data", "/roadmap/example", "/nowhere"])
def test_every_page_keeps_a_strict_content_policy(client: TestClient, house: House, path: str):
    house.roadmaps.held["example"] = Saved("example", small_factory())

    response = client.get(path, headers={"accept": "text/html"})

    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert " style=" not in response.text
    assert " onclick=" not in response.text
    assert "<style" not in response.text


def test_a_person_meets_a_page_where_a_program_meets_json(client: TestClient):
    person = client.get("/roadmap/none", headers={"accept": "text/html"})
    program = client.get("/roadmap/none")

    assert person.status_code == program.status_code == 404
    assert "<h1>No such road</h1>" in person.text
    assert program.json()["error"] == "unknown_roadmap"


def test_the_hub_page_says_that_it_is_a_demonstration(client: TestClient):
    page = client.get("/").text

    assert "This is a demonstration." in page
    assert '<script src="/widget.js" defer data-name="Example Growth Hub"' in page


def test_the_data_page_states_the_times_the_hub_set(client: TestClient):
    page = client.get("/about-your-data").text

    assert "Kept for 30 days after your last message." in page
    assert "Kept for 365 days." in page
    assert "Delete and start again" in page


def test_the_data_page_says_what_advisers_see_and_keep(house: House, client: TestClient):
    house.advice.hub.retention_days |= {"referrals": 44, "clients": 222}
    page = client.get("/about-your-data").text

    assert "or only a code if you preferred that" in page
    assert "Kept for 44 days, then taken down in Slack as well." in page
    assert "Kept until 222 days after it was last worked on" in page
    assert "and the record an adviser made from it" in page


def test_the_data_page_says_what_is_kept_of_messages_that_were_not_understood(
    house: House, client: TestClient
):
    assert "What was not understood" not in client.get("/about-your-data").text

    house.advice.hub.retention_days["unheard"] = 77
    page = client.get("/about-your-data").text

    assert "What was not understood" in page
    assert "Kept for 77 days; what a person has chosen as an example" in page
    assert "do not learn from my words" in page


def test_the_widget_may_be_carried_by_other_sites_and_stays_small(client: TestClient):
    response = client.get("/widget.js")

    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "innerHTML" not in response.text
    assert "insertAdjacentHTML" not in response.text


def test_the_calendar_has_one_event_for_each_step_with_a_day(client: TestClient, house: House):
    house.roadmaps.held["example"] = Saved("example", small_factory())

    response = client.get("/roadmap/example.ics")

    assert response.headers["content-type"].startswith("text/calendar")
    events = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert [(str(e["summary"]), e["dtstart"].dt) for e in events] == [
        ("You can start: Example productivity review", date(2026, 11, 23)),
        (
            "You can start: Example lean manufacturing course for supervisors and team leaders",
            date(2027, 1, 11),
        ),
        ("Last day to apply: Example growth grant", date(2027, 1, 31)),
    ]
    assert client.get("/roadmap/example.ics").content == response.content


def test_the_calendar_says_which_record_is_due_to_be_checked_again(house: House):
    house.roadmaps.held["example"] = Saved("example", small_factory())

    def said(days: int) -> list[str]:
        late = {**vars_of(house), "clock": lambda: TODAY + timedelta(days=days)}
        with TestClient(create_app(ROOMY, type(house.services)(**late))) as client:
            events = icalendar.Calendar.from_ical(client.get("/roadmap/example.ics").content).walk("VEVENT")
        return [str(event["description"]) for event in events if "due again" in str(event["description"])]

    assert said(0) == []
    (review,) = said(100)
    assert "Last checked by the hub on 1 November 2026, due again since 1 February 2027" in review


def test_the_calendar_escapes_what_names_hold(client: TestClient, house: House):
    tricky = step("tricky", "Grants; loans, and\nBEGIN:VALARM", apply_by="2027-01-31")
    house.roadmaps.held["x"] = Saved("x", {"phases": [{"phase": "get_clear", "steps": [tricky]}]})

    calendar = icalendar.Calendar.from_ical(client.get("/roadmap/x.ics").content)

    assert [str(e["summary"]) for e in calendar.walk("VEVENT")] == [
        "Last day to apply: Grants; loans, and\nBEGIN:VALARM"
    ]
    assert len(calendar.walk("VALARM")) == 1


def test_a_roadmap_is_made_and_read_back(client: TestClient, house: House):
    asked = {"needs": ["finance"], "profile": {"employees": 14}, "on": "2026-12-01", "cost": 24000}

    made = client.post("/api/roadmaps", json=asked)

    assert made.status_code == 201
    assert made.json()["url"] == "http://testserver/roadmap/roadmap-1"
    assert client.get("/api/roadmaps/roadmap-1").json() == made.json()
    needs, profile, on, cost = house.advice.asked[0]
    assert (needs, profile, on, cost) == (("finance",), {"employees": 14}, date(2026, 12, 1), 24000)


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        ({"needs": []}, "bad_needs", "at least one"),
        ({"needs": ["gold"]}, "bad_needs", "'gold' is not a need"),
        ({"needs": "finance"}, "bad_request", "needs"),
        ({}, "bad_request", "needs"),
        ({"needs": ["finance"], "profile": {"shoes": 44}}, "bad_profile", "shoes"),
        ({"needs": ["finance"], "profile": {"employees": "many"}}, "bad_profile", "employees"),
        ({"needs": ["finance"], "profile": []}, "bad_request", "profile"),
        ({"needs": ["finance"], "on": "tomorrow"}, "bad_request", "on"),
        ({"needs": ["finance"], "cost": -5}, "bad_request", "cost"),
        ({"needs": ["finance"], "words": "w" * 2001}, "bad_request", "words"),
        ({"needs": ["finance"], "words": ["brewing"]}, "bad_request", "words"),
    ],
)
def test_a_roadmap_that_cannot_be_made_names_what_is_wrong(
    client: TestClient, asked: dict[str, object], code: str, words: str
):
    response = client.post("/api/roadmaps", json=asked)

    assert (response.status_code, response.json()["error"]) == (400, code)
    assert words in response.json()["message"]


def test_the_owners_words_are_handed_on_cleaned_and_never_said_back(client: TestClient, house: House):
    words = "less water\u0000 in brewing"

    made = client.post("/api/roadmaps", json={"needs": ["sustainability"], "words": words})
    refused = client.post("/api/roadmaps", json={"needs": ["finance"], "words": "brewing" * 1000})

    assert house.advice.words == ["less water in brewing"]
    assert "brewing" not in made.text + refused.text


@pytest.mark.parametrize("id", ["none", "a" * 500, "%00", "caf%C3%A9"])
def test_a_roadmap_that_is_not_there_is_unknown(client: TestClient, id: str):
    for path in (f"/api/roadmaps/{id}", f"/roadmap/{id}", f"/roadmap/{id}.ics"):
        response = client.get(path)
        assert (response.status_code, response.json()["error"]) == (404, "unknown_roadmap")
