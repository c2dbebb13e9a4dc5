"""An event is told by the next time it is held, and what is over is never offered as coming."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from knowledge_base.events.edition_format import MOST_EDITIONS
from knowledge_base.events.next_one import ahead, edition_words, last_day, next_edition, next_in_series
from knowledge_base.faults import BadCatalogue
from knowledge_base.offer_dump import dump_offer
from knowledge_base.offer_format import parse_offer
from knowledge_base.offer_readback import ReadBack
from knowledge_base.records import Edition, Window
from knowledge_base.schemas import offer_schema
from knowledge_base.view import View
from knowledge_base.windows import usable
from knowledge_base.words import WINDOW_STATUSES
from tests.core.builders import business, catalogue, closed, offer
from tests.events.builders import ON, evening, held, read

DAY = timedelta(days=1)


def test_an_event_is_told_by_its_next_day_place_and_hour():
    event = evening(
        "e", held("2026-10-01"), held("2027-03-04T10:00:00+00:00", place="Town Hall", online=True)
    )

    state = usable(event.window, ON)

    assert state.words == "next on 4 March 2027 at 10:00, Town Hall and online"
    assert (state.starts, state.apply_by) == (date(2027, 3, 4), date(2027, 3, 4))
    assert (state.open_now, state.closed) == (False, False)


def test_a_fair_of_three_days_is_still_on_on_its_last_day_and_over_on_the_morrow():
    fair = evening("fair", held("2027-06-03", ends=date(2027, 6, 5)))

    assert usable(fair.window, date(2027, 6, 2)).words == "next from 3 June 2027 to 5 June 2027"
    assert usable(fair.window, date(2027, 6, 5)).words == "on until 5 June 2027"
    assert usable(fair.window, date(2027, 6, 6)).words == "ended 5 June 2027"
    assert usable(fair.window, date(2027, 6, 6)).closed


def test_a_called_off_evening_is_not_the_next_one():
    event = evening("e", held("2026-12-01", status="cancelled"), held("2026-12-08"))

    assert usable(event.window, ON).starts == date(2026, 12, 8)


def test_an_event_whose_only_evening_was_called_off_says_so():
    event = evening("e", held("2026-12-01", status="cancelled"))

    assert usable(event.window, ON).words == "was cancelled; no next date is known"
    assert usable(event.window, ON).closed


def test_a_network_without_a_next_meeting_can_still_be_joined_and_says_that_no_date_is_known():
    network = evening("n", held("2026-10-01"), kind="network", status="rolling")

    state = usable(network.window, ON)

    assert (state.open_now, state.closed) == (True, False)
    assert state.words == "no next date is known; the last was on 1 October 2026"


def test_a_network_with_a_next_meeting_can_be_joined_today():
    state = usable(evening("n", held("2026-12-01"), kind="network", status="rolling").window, ON)

    assert (state.starts, state.apply_by) == (ON, None)
    assert "next on 1 December 2026" in state.words


def test_a_yearly_event_held_earlier_this_month_is_not_expected_again_this_month():
    fair = evening("fair", held("2026-11-10"), status="annual", window={"usual_month": 11})

    state = usable(fair.window, ON)

    assert state.starts == date(2027, 11, 1)
    assert state.words.startswith("usually in November; check the date with the provider")


def test_an_event_of_unknown_dates_with_a_past_one_is_not_dated_and_not_over():
    state = usable(evening("e", held("2026-10-01"), status="unknown").window, ON)

    assert (state.starts, state.closed) == (None, False)
    assert "no next date is known" in state.words


def test_a_new_date_opens_an_event_whose_old_closing_day_is_past():
    event = evening("e", held("2027-05-02"), window={"closes": date(2026, 5, 3)})

    assert usable(event.window, ON).starts == date(2027, 5, 2)


def test_booking_that_closes_before_the_day_is_what_to_keep_to():
    event = evening("e", held("2027-05-02"), window={"closes": date(2027, 4, 1)})

    assert usable(event.window, ON).apply_by == date(2027, 4, 1)
    assert usable(event.window, ON).words.endswith("book by 1 April 2027")


def test_a_closed_record_stays_closed_whatever_dates_it_holds():
    window = replace(closed(), editions=(held("2027-05-02"),))

    assert usable(window, ON).closed


def test_an_evening_that_ends_at_midnight_ends_that_day():
    party = held("2027-05-02T20:00:00+01:00", ends=held("2027-05-03T00:00:00+01:00").starts)

    assert last_day(party) == date(2027, 5, 2)


def test_the_next_of_a_series_is_found_on_another_record():
    old = evening("fair-2026", held("2026-06-01"), series="fair")
    late, soon = (
        evening("fair-2028", held("2028-06-01"), series="fair"),
        evening("fair-2027", held("2027-06-01"), series="fair"),
    )
    other = evening("other", held("2026-12-01"), series="another")

    assert next_in_series(old, [old, late, soon, other], ON) == (soon, soon.editions[0])
    assert next_in_series(evening("alone", held("2026-06-01")), [soon], ON) is None


def test_an_owner_who_asks_what_is_on_hears_the_dated_first_and_of_a_series_only_what_is_ahead():
    view = View.of(
        catalogue(
            evening("fair", status="annual", window={"usual_month": 6}, series="fair"),
            evening("fair-2027", held("2027-06-01"), series="fair"),
            evening("gone", held("2026-06-01")),
            evening("undated", status="unknown"),
            evening("week", held("2026-12-01", place="Town Hall", booking="https://example.org/book")),
        )
    )

    cards = view.meetings([], business(), ON)

    assert [card.id for card in cards] == ["week", "fair-2027", "undated"]
    assert cards[0].when_words == "next on 1 December 2026, Town Hall; book at https://example.org/book"
    assert cards[0].document["edition"]["starts"] == "2026-12-01"


def test_an_ended_fair_names_the_one_that_follows_in_its_series():
    view = View.of(
        catalogue(
            evening("fair-2026", held("2026-06-01"), series="fair"),
            evening("fair-2027", held("2027-06-01"), series="fair"),
        )
    )

    card = view.card("fair-2026", business(), ON)

    assert card is not None
    assert card.ended
    assert [each.id for each in card.instead] == ["fair-2027"]


def test_a_roadmap_takes_the_edition_that_can_still_be_reached():
    course = offer("course", duration_weeks=4)
    event = evening(
        "event",
        held("2026-12-01"),
        held("2027-02-01", place="Town Hall", booking="https://example.org/book"),
        requires=("course",),
    )
    view = View.of(catalogue(course, event))

    document = view.roadmap_document(["process_improvement"], business(), ON)

    steps = {step["offer"]: step for phase in document["phases"] for step in phase["steps"]}
    if "event" in steps:
        assert steps["event"]["edition"]["starts"] == "2027-02-01"
    alone = View.of(catalogue(replace(event, requires=())))
    step = alone.roadmap_document(["process_improvement"], business(), ON)["phases"][0]["steps"][0]
    assert step["edition"]["starts"] == "2026-12-01"
    assert step["starts"] == "2026-12-01"


@pytest.mark.parametrize(
    ("edition", "field", "what"),
    [
        ({}, "starts", "missing"),
        ({"starts": "2027-02-30"}, "starts", "not a day"),
        ({"starts": "2027-03-04T10:00:00"}, "starts", "not a day"),
        ({"starts": "0001-01-01T00:00:00+14:00"}, "starts", "not a day"),
        ({"starts": 5}, "starts", "not a day"),
        ({"starts": "2027-03-04", "ends": "2027-03-01"}, "ends", "before"),
        ({"starts": "2027-03-04", "ends": "2027-03-04T10:00:00Z"}, "ends", "a day and the other a moment"),
        ({"starts": "2027-03-04", "ends": "2029-03-04"}, "ends", "over a year"),
        ({"starts": "2027-03-04", "booking": "javascript:alert(1)"}, "booking", "not a web address"),
        ({"starts": "2027-03-04", "online": "perhaps"}, "online", "not true or false"),
        ({"starts": "2027-03-04", "status": "maybe"}, "status", "not in the list"),
        ({"starts": "2027-03-04", "when": "later"}, "when", "not a field"),
        ("tomorrow", "", "not a mapping"),
    ],
)
def test_an_edition_that_cannot_be_is_refused_by_name(edition: Any, field: str, what: str):
    with pytest.raises(BadCatalogue) as bad:
        read(editions=[{"starts": "2027-01-01"}, edition])

    assert any(
        f.field == (f"editions[1].{field}" if field else "editions[1]") and what in f.what
        for f in bad.value.faults
    )


@pytest.mark.parametrize("editions", ["soon", {}, [{"starts": "2027-01-01"}] * (MOST_EDITIONS + 1)])
def test_editions_that_are_no_list_or_too_long_are_refused(editions: Any):
    with pytest.raises(BadCatalogue, match="editions"):
        read(editions=editions)


def test_a_uid_stands_once_and_a_grant_is_not_held_on_days():
    with pytest.raises(BadCatalogue, match="stands twice"):
        read(editions=[{"starts": "2027-01-01", "uid": "a"}, {"starts": "2027-01-02", "uid": "a"}])
    with pytest.raises(BadCatalogue, match="not held on days"):
        read(kind="grant", editions=[{"starts": "2027-01-01"}])


days = st.dates(date(2020, 1, 1), date(2035, 1, 1))
moments = st.one_of(
    days.map(str),
    st.builds(
        lambda d, h, m, z: f"{d}T{h:02d}:{m:02d}:00{z}",
        days, st.integers(0, 23), st.integers(0, 59), st.sampled_from(("Z", "+00:00", "+05:30", "-11:00")),
    ),
)  # fmt: skip
texts = st.none() | st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20
)


@st.composite
def raw_editions(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Editions as a curator could write them, each with a uid of its own."""
    found = []
    for number in range(draw(st.integers(0, 6))):
        raw = {
            "uid": f"u{number}",
            "starts": draw(moments),
            "name": draw(texts),
            "place": draw(texts),
            "online": draw(st.none() | st.booleans()),
            "booking": draw(st.none() | st.just("https://example.org/b")),
            "status": draw(st.sampled_from((None, "planned", "cancelled", "moved"))),
            "sequence": draw(st.none() | st.integers(0, 9)),
            "source": draw(texts),
        }
        found.append({name: value for name, value in raw.items() if value is not None})
    return found


@given(raw_editions())
@settings(deadline=None)
def test_whatever_editions_are_written_are_read_back_the_same_and_fit_the_schema(raw: list[dict[str, Any]]):
    event = read(editions=raw, needs=["finance"], stages=["fund"], provider="p", summary="s", areas=[],
                 window={"status": "dated"}, source={"url": None})  # fmt: skip
    written = dump_offer(event)

    assert parse_offer(event.id, written) == event
    assert ReadBack().offer(event.id, written) == event
    assert not list(Draft202012Validator(offer_schema()).iter_errors(written))


@given(
    st.lists(
        st.tuples(days, st.integers(0, 5), st.sampled_from(("planned", "cancelled", "moved"))), max_size=8
    ),
    st.sampled_from(WINDOW_STATUSES),
    st.none() | st.integers(1, 12),
    st.none() | days,
    days,
)
@settings(deadline=None)
def test_nothing_that_is_over_is_ever_offered_as_coming(told, status, month, closes, on):
    editions = tuple(
        Edition(str(n), day, day + more * DAY, status=how) for n, (day, more, how) in enumerate(told)
    )
    window = Window(status, closes=closes, usual_month=month, editions=editions)

    state = usable(window, on)
    coming = next_edition(window, on)

    assert all(last_day(e) >= on and e.status != "cancelled" for e in ahead(window, on))
    assert state.starts is None or state.starts >= on
    assert state.closed or state.apply_by is None or state.apply_by >= on
    if coming is not None and status not in ("closed", "rolling"):
        assert state.starts == max(coming.starts, on)
        assert edition_words(coming, on) in state.words
    if not state.closed and status == "dated" and editions and coming is None:
        assert closes is not None
        assert closes >= on
