"""Anybody can subscribe to the events of an area or for a need, and what is called off is struck out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bot.web.app import create_app
from bot.web.feeds import calendar as feed_of
from knowledge_base.events.public import Held
from knowledge_base.records import Catalogue, Edition, Provider
from knowledge_base.view import View
from tests.core.builders import AREAS, offer
from tests.events.builders import evening, held
from tests.web.conftest import ROOMY
from tests.web.example import small_factory, step
from tests.web.fakes import TODAY, House, Saved

ON = TODAY.date()
Feed = Callable[[str], Any]
EVENTS = (
    evening(
        "dudley-night",
        held("2026-12-01T18:00:00+00:00", "a", ends=held("2026-12-01T20:00:00+00:00").starts,
             place="Example Hall, Dudley", booking="https://example.org/book"),
        held("2026-12-08", "b", status="cancelled", sequence=2),
        held("2026-01-01", "old"),
        areas=("dudley",), needs=("finance",), summary="Talk; with, commas\nand lines",
    ),
    evening("wales-fair", held("2027-06-03", "w", ends=date(2027, 6, 4), online=True), areas=("wales",),
            needs=("export_markets",)),
    evening("everywhere", held("2026-12-24", "e")),
    evening("draft", held("2026-12-24"), status="dated", kind="event"),
    offer("grant", "grant", areas=("dudley",)),
)  # fmt: skip


@pytest.fixture
def records() -> dict[str, View]:
    shown = [replace(each, status="draft") if each.id == "draft" else each for each in EVENTS]
    provider = Provider("example-council", "Example Council", "public")
    return {"view": View.of(Catalogue.of(AREAS, shown, [provider]))}


@pytest.fixture
def client(house: House, records: dict[str, View]) -> TestClient:
    services = replace(house.services, records=lambda: records["view"])
    return TestClient(create_app(ROOMY, services))


@pytest.fixture
def ask(client: TestClient) -> Feed:
    def asked(query: str) -> Any:
        answer = client.get(f"/events.ics{query}")
        assert answer.status_code == 200
        return Calendar.from_ical(answer.content)

    return asked


def names(feed: Any) -> list[str]:
    return [str(event["UID"]) for event in feed.walk("VEVENT")]


def test_every_event_ahead_is_told_with_its_times_its_place_and_where_to_book(ask: Feed) -> None:
    feed = ask("")

    first = feed.walk("VEVENT")[0]
    assert names(feed) == [
        "dudley-night.a@fingerpost",
        "dudley-night.b@fingerpost",
        "everywhere.e@fingerpost",
        "wales-fair.w@fingerpost",
    ]
    assert first["DTSTART"].dt.isoformat() == "2026-12-01T18:00:00+00:00"
    assert first["DTEND"].dt.isoformat() == "2026-12-01T20:00:00+00:00"
    assert str(first["LOCATION"]) == "Example Hall, Dudley"
    assert "Book: https://example.org/book" in str(first["DESCRIPTION"])
    assert "Held by Example Council" in str(first["DESCRIPTION"])


def test_a_fair_of_days_ends_on_the_morrow_of_its_last_as_calendars_want_it(ask: Feed) -> None:
    fair = ask("?area=wales&need=export_markets").walk("VEVENT")[0]

    assert (fair["DTSTART"].dt, fair["DTEND"].dt) == (date(2027, 6, 3), date(2027, 6, 5))


def test_what_was_called_off_stays_in_the_feed_as_cancelled_with_its_sequence(ask: Feed) -> None:
    off = next(e for e in ask("").walk("VEVENT") if str(e["UID"]) == "dudley-night.b@fingerpost")

    assert (str(off["STATUS"]), int(off["SEQUENCE"])) == ("CANCELLED", 2)
    assert str(off["SUMMARY"]).startswith("Cancelled: ")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?area=dudley", ["dudley-night.a", "dudley-night.b", "everywhere.e"]),
        ("?area=Black%20Country", ["dudley-night.a", "dudley-night.b", "everywhere.e"]),
        ("?area=wales", ["everywhere.e", "wales-fair.w"]),
        ("?area=wales&need=finance", []),
        ("?need=finance", ["dudley-night.a", "dudley-night.b"]),
        ("?area=cardiff&area=dudley&need=finance&need=export_markets",
         ["dudley-night.a", "dudley-night.b", "wales-fair.w"]),
        ("?area=&need=", ["dudley-night.a", "dudley-night.b", "everywhere.e", "wales-fair.w"]),
    ],
)  # fmt: skip
def test_a_feed_is_narrowed_by_area_and_need(ask: Feed, query: str, found: list[str]) -> None:
    assert names(ask(query)) == [f"{each}@fingerpost" for each in found]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?area=atlantis", "'atlantis' is no area we know"),
        ("?need=fame", "'fame' is no need we know"),
        ("?area=" + "x" * 3000, "is no area we know"),
        ("?area=%0D%0ABEGIN:VEVENT", "is no area we know"),
        ("?" + "&".join(["area=wales"] * 30), ""),
    ],
)
def test_an_area_or_a_need_we_do_not_know_is_refused_in_words(
    client: TestClient, query: str, words: str
) -> None:
    answer = client.get(f"/events.ics{query}")

    assert answer.status_code == 400
    assert words in answer.json()["message"]


def test_the_same_feed_has_the_same_bytes_until_a_record_changes(
    client: TestClient, records: dict[str, View]
) -> None:
    before, again = client.get("/events.ics").content, client.get("/events.ics").content
    records["view"] = View.of(Catalogue.of(AREAS, EVENTS[:1]))

    assert again == before
    assert b"wales-fair" not in client.get("/events.ics").content


def test_the_hubs_page_links_to_the_calendar(client: TestClient) -> None:
    assert 'href="/events.ics"' in client.get("/").text


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40)


@given(
    st.lists(
        st.builds(
            Edition,
            uid=texts.map(lambda text: f"u{text}"),
            starts=st.datetimes(timezones=st.timezones()).filter(lambda d: 1950 < d.year < 2150)
            | st.dates(date(1950, 1, 1), date(2150, 1, 1)),
            place=st.none() | texts,
            name=st.none() | texts,
            booking=st.none() | texts,
            status=st.sampled_from(("planned", "cancelled", "moved")),
            sequence=st.integers(0, 10**6),
        ),
        max_size=4,
        unique_by=lambda edition: edition.uid,
    ),
    texts,
)
@settings(deadline=None, max_examples=60)
def test_whatever_a_record_holds_the_feed_can_be_read_again(editions: list[Edition], title: str) -> None:
    event = evening("example", summary=title)

    feed: Any = Calendar.from_ical(feed_of([Held(event, each, title) for each in editions], title, ON))

    assert names(feed) == [f"example.{each.uid}@fingerpost" for each in editions]
    assert all(event.get("DTSTAMP") is not None and not event.errors for event in feed.walk("VEVENT"))


def test_what_is_long_over_is_not_told_and_what_is_just_over_is(records: dict[str, View]) -> None:
    from knowledge_base.events.public import editions_for

    view = records["view"]
    later = editions_for(view.catalogue, view.tree, date(2026, 12, 20))
    much_later = editions_for(view.catalogue, view.tree, date(2026, 12, 20) + timedelta(days=60))

    assert "a" in {each.edition.uid for each in later}
    assert {each.edition.uid for each in much_later} == {"w"}


def test_a_roadmaps_page_and_calendar_tell_when_where_and_how_to_book_a_step_that_is_held(
    client: TestClient, house: House
) -> None:
    document = small_factory()
    edition = {
        "uid": "a",
        "starts": "2026-12-05T10:00:00+00:00",
        "ends": "2026-12-05T12:00:00+00:00",
        "place": "Example Hall, Dudley",
        "booking": "https://example.org/book",
    }
    morning = step("morning", "Example morning", kind="event", apply_by="2026-12-05", edition=edition)
    document["phases"][3]["steps"].append(morning)
    house.roadmaps.held["r1"] = Saved("r1", document)

    page = client.get("/roadmap/r1").text
    feed: Any = Calendar.from_ical(client.get("/roadmap/r1.ics").content)

    assert "<dt>Held</dt><dd>5 December 2026, 10:00</dd>" in page
    assert "<dt>Where</dt><dd>Example Hall, Dudley</dd>" in page
    assert '<a href="https://example.org/book" rel="noopener noreferrer">Booking page</a>' in page
    event = feed.walk("VEVENT")[-1]
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("Example morning", "Example Hall, Dudley")
    assert event["DTSTART"].dt.isoformat() == "2026-12-05T10:00:00+00:00"
