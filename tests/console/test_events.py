"""Curators look after events: their dates, the feeds they are told in, and the feeds they are taken from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.console.desk import Desk
from bot.console.held_files import MOST, HeldFile, HeldFiles
from knowledge_base.events import keeping
from knowledge_base.offer_format import parse_offer
from knowledge_base.records import Edition, Window
from knowledge_base.store.database import StoreUnavailable
from knowledge_base.store.life import Life
from tests.console.conftest import AtTheConsole, Clock
from tests.core.builders import offer
from tests.store.conftest import NOW

TODAY = NOW.date()
SOON = TODAY + timedelta(days=20)
FEED = f"""BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:talk@example.org
DTSTART;VALUE=DATE:{SOON:%Y%m%d}
SUMMARY:Example <b>talk</b>
LOCATION:Example Hall
END:VEVENT
END:VCALENDAR
""".encode()


@pytest.fixture(autouse=True)
def evenings(desk: Desk) -> None:
    """An example evening with one date over and one ahead."""
    held = (
        Edition("past", TODAY - timedelta(days=40), place="Example Barn"),
        Edition("next", SOON, place="Example Hall", booking="https://example.org/book"),
    )
    evening = offer(
        "example-evening",
        "event",
        name="Example evening",
        provider="",
        window=Window("dated", editions=held),
        series="example-evenings",
    )
    desk.advice.records.save_offer(evening, "a test", "to begin with", NOW)


def draft(desk: Desk, id: str = "example-evening") -> Any:
    working = Life(desk.advice.records).working("offer", id)
    return parse_offer(id, working.document) if working else None


def test_the_page_names_the_next_date_and_keeps_what_is_over_apart(curator: AtTheConsole) -> None:
    page = curator.get("/console/events").text

    assert f"Next on {SOON.day} {SOON:%B %Y}, Example Hall." in page
    assert "1 over" in page
    assert "Example Barn" in page
    assert "http://testserver/events.ics" in page


def test_a_date_that_is_added_waits_in_a_draft_and_keeps_the_others(
    curator: AtTheConsole, desk: Desk
) -> None:
    added = curator.submit(
        "/console/events/example-evening/add",
        day="2027-03-04",
        at="10:00",
        until="12:00",
        zone="Europe/London",
        place="Town Hall",
        online="1",
        booking="https://example.org/b",
    )

    assert added.status_code == 303
    new = draft(desk).editions[-1]
    assert (new.starts.isoformat(), new.ends.isoformat()) == (
        "2027-03-04T10:00:00+00:00",
        "2027-03-04T12:00:00+00:00",
    )
    assert (new.place, new.online, len(draft(desk).editions)) == ("Town Hall", True, 3)
    published = desk.advice.records.offer("example-evening")
    assert published is not None
    assert len(published[0].editions) == 2
    assert "Publish the draft" in curator.get(added.headers["location"]).text


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"day": "tomorrow"},
        {"day": "2027-02-30"},
        {"day": "2027-03-04", "booking": "javascript:alert(1)"},
        {"day": "2027-03-04", "last_day": "2027-03-01"},
        {"day": "2027-03-04", "at": "25:99"},
        {"day": "99999-01-01"},
    ],
)
def test_a_date_that_cannot_be_is_refused_in_words(
    curator: AtTheConsole, desk: Desk, fields: dict[str, str]
) -> None:
    answer = curator.submit("/console/events/example-evening/add", fields)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert draft(desk) is None


def test_calling_a_date_off_raises_its_sequence_so_that_calendars_strike_it(
    curator: AtTheConsole, desk: Desk
) -> None:
    curator.submit("/console/events/example-evening/call-off", uid="next")
    again = curator.submit("/console/events/example-evening/call-off", uid="nothing")

    off = draft(desk).editions[-1]
    assert (off.uid, off.status, off.sequence) == ("next", "cancelled", 1)
    assert again.status_code == 409
    assert "no such date" in again.text


def test_a_feed_is_looked_at_before_it_is_taken_in_and_the_second_time_it_tells_nothing_new(
    curator: AtTheConsole, desk: Desk
) -> None:
    def look() -> Any:
        return curator.submit("/console/events/import", files={"file": ("feed.ics", FEED)}, offer="")

    first = look()
    assert first.status_code == 200
    assert "new draft" in first.text
    assert "<b>talk" not in first.text
    assert not Life(desk.advice.records).working_all()
    taken = curator.submit("/console/events/take-in", key=_key(first.text))

    assert taken.status_code == 303
    assert "1 new draft." in curator.get(taken.headers["location"]).text
    made = Life(desk.advice.records).working_all()
    assert [each.document["editions"][0]["place"] for each in made] == ["Example Hall"]
    assert "Nothing would change" in look().text


def test_a_feed_is_taken_in_whole_or_not_at_all_and_can_be_tried_again(
    curator: AtTheConsole, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = FEED + FEED.replace(b"talk", b"walk")
    life, made, real = Life(desk.advice.records), [], keeping.draft_of

    def while_a_colleague_saves_the_second(event: Any, editions: Any) -> Any:
        made.append(real(event, editions))
        if len(made) == 2:
            id = keeping._id(event.name, event.series)
            life.save("offer", id, made[1], by="kim@hub.example.org", why="", now=NOW, version=0)
        return made[-1]

    seen = curator.submit("/console/events/import", files={"file": ("feed.ics", two)}, offer="")
    monkeypatch.setattr(keeping, "draft_of", while_a_colleague_saves_the_second)
    refused = curator.submit("/console/events/take-in", key=_key(seen.text))

    assert refused.status_code == 409
    assert "Nothing was taken in" in refused.text
    assert [copy.by for copy in life.working_all()] == ["kim@hub.example.org"]
    again = curator.submit("/console/events/take-in", key=_key(refused.text))
    assert "1 new draft" in curator.get(again.headers["location"]).text
    assert len(life.working_all()) == 2


def test_a_file_that_could_not_be_kept_is_still_held(
    curator: AtTheConsole, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any, **__: Any) -> None:
        raise StoreUnavailable("the store is down")

    key = _key(curator.submit("/console/events/import", files={"file": ("feed.ics", FEED)}).text)
    with monkeypatch.context() as patched:
        patched.setattr(Life, "save_all", down)
        assert curator.submit("/console/events/take-in", key=key).status_code == 503

    assert curator.submit("/console/events/take-in", key=key).status_code == 303
    assert len(Life(desk.advice.records).working_all()) == 1


def test_an_editor_is_not_offered_to_take_a_feed_in_and_may_not(editor: AtTheConsole, desk: Desk) -> None:
    page = editor.get("/console/events").text
    assert "Call off" in page
    assert "/console/events/import" not in page

    for path, sent in (("import", {"file": ("feed.ics", FEED)}), ("take-in", None)):
        refused = editor.submit(f"/console/events/{path}", files=sent, key="x")
        assert refused.status_code == 403
        assert "take in files and feeds" in refused.text


def test_a_feed_can_be_taken_into_one_record(curator: AtTheConsole, desk: Desk) -> None:
    seen = curator.submit(
        "/console/events/import", files={"file": ("feed.ics", FEED)}, offer="example-evening"
    )
    curator.submit("/console/events/take-in", key=_key(seen.text))

    assert [e.uid for e in draft(desk).editions] == ["past", "next", "talk@example.org"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.ics", b"", "empty"),
        ("x.ics", b"\x00\xff" * 1000, "no calendar"),
        ("x.json", b'{"events": 5}', "no list of events"),
        ("x.ics", b"BEGIN:VCALENDAR\n" + b"X" * (5 * 1024 * 1024), "over 5 MB"),
    ],
)
def test_a_file_that_is_no_feed_is_refused_in_words(
    curator: AtTheConsole, name: str, data: bytes, words: str
) -> None:
    answer = curator.submit("/console/events/import", files={"file": (name, data)})

    assert answer.status_code == 422
    assert words in answer.text


def test_neither_a_file_nor_an_address_is_asked_for_in_words(curator: AtTheConsole) -> None:
    assert "Give an address, or choose a file" in curator.submit("/console/events/import").text


def test_who_may_only_look_finds_no_button_and_no_way_round(viewer: AtTheConsole, desk: Desk) -> None:
    page = viewer.get("/console/events").text
    tried = viewer.submit("/console/events/example-evening/add", day="2027-03-04")

    assert "Example evening" in page
    assert "Call off" not in page
    assert "Look first" not in page
    assert tried.status_code == 403
    assert draft(desk) is None


def test_an_offer_that_is_not_held_on_days_gets_no_date(curator: AtTheConsole, desk: Desk) -> None:
    known = next(iter(desk.advice.records.catalogue().offers.values()))
    other = (
        next(o.id for o in desk.advice.records.catalogue().offers.values() if o.kind != "event") or known.id
    )

    answer = curator.submit(f"/console/events/{other}/add", day="2027-03-04")

    assert answer.status_code == 409
    assert "not held on days" in answer.text


def test_a_record_of_a_series_without_a_day_ahead_names_the_one_that_has(
    curator: AtTheConsole, desk: Desk
) -> None:
    old = offer("example-evening-2020", "event", name="Example evening 2020", provider="",
                window=Window("unknown"), series="example-evenings")  # fmt: skip
    desk.advice.records.save_offer(old, "a test", "to begin with", NOW)

    page = curator.get("/console/events").text

    assert "Series: example-evenings" in page
    assert "The next of the series is told by Example evening." in page


def test_a_held_file_goes_back_to_its_sender_alone_once_and_for_a_quarter_of_an_hour() -> None:
    files = HeldFiles()
    file = HeldFile("a.ics", b"x", "", "Europe/London", "a@example.org", NOW)
    keys = [files.hold(file) for _ in range(MOST + 1)]

    assert files.take(keys[0], "a@example.org", NOW) is None
    assert files.take(keys[1], "b@example.org", NOW) is None
    assert files.take(keys[1], "a@example.org", NOW) == file
    assert files.take(keys[1], "a@example.org", NOW) is None
    assert files.take(keys[2], "a@example.org", NOW + timedelta(minutes=16)) is None


def test_a_date_over_by_the_clock_moves_to_what_is_over(
    curator: AtTheConsole, desk: Desk, clock: Clock
) -> None:
    clock.now = NOW + timedelta(days=30)
    curator.sign_in_as(desk, "curator@hub.example.org")

    page = curator.get("/console/events").text

    assert "2 over" in page
    assert "Call off" not in page


def _key(page: str) -> str:
    return page.split('name="key" value="')[1].split('"')[0]
