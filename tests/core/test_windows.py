"""When an offer can be used."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.records import Window
from knowledge_base.windows import usable
from knowledge_base.words import WINDOW_STATUSES
from tests.core.builders import TODAY, annual, closed, dated, rolling

OCTOBER, JANUARY = date(2026, 10, 1), date(2027, 1, 31)


def test_a_rolling_offer_can_start_today():
    found = usable(rolling(), TODAY)

    assert (found.open_now, found.starts, found.apply_by, found.closed) == (True, TODAY, None, False)


def test_an_open_call_can_start_today_and_says_when_it_closes():
    found = usable(dated(OCTOBER, JANUARY), TODAY)

    assert (found.open_now, found.starts, found.apply_by) == (True, TODAY, JANUARY)
    assert found.words == "closes 31 January 2027"


def test_a_call_still_to_open_starts_when_it_opens():
    found = usable(dated(JANUARY, date(2027, 3, 1)), TODAY)

    assert (found.open_now, found.starts, found.apply_by) == (False, JANUARY, date(2027, 3, 1))
    assert found.words == "opens 31 January 2027, closes 1 March 2027"


def test_a_call_is_open_on_its_last_day_and_closed_the_day_after():
    assert not usable(dated(OCTOBER, TODAY), TODAY).closed
    assert usable(dated(OCTOBER, TODAY - timedelta(days=1)), TODAY).closed
    assert usable(dated(OCTOBER, TODAY - timedelta(days=1)), TODAY).words == "ended 20 November 2026"


def test_a_call_with_no_dates_written_yet_is_not_called_closed():
    assert usable(dated(None, None), TODAY) == (None, None, None, False, "not dated; check with the provider")


def test_a_call_with_only_an_opening_day_stays_open():
    assert usable(dated(OCTOBER, None), TODAY).words == "open since 1 October 2026"


@pytest.mark.parametrize(
    ("month", "starts"),
    [(12, date(2026, 12, 1)), (10, date(2027, 10, 1)), (1, date(2027, 1, 1)), (11, TODAY)],
)
def test_a_yearly_event_is_expected_in_its_usual_month_without_a_promise(month, starts):
    found = usable(annual(month), TODAY)

    assert (found.starts, found.apply_by, found.closed) == (starts, None, False)
    assert found.words.startswith("usually in ")
    assert "check the date" in found.words


def test_a_yearly_event_this_month_may_be_open_or_over():
    assert usable(annual(11), TODAY).open_now is None


def test_a_yearly_event_with_this_years_days_uses_them():
    found = usable(Window("annual", date(2027, 2, 3), date(2027, 2, 5), usual_month=2), TODAY)

    assert (found.starts, found.apply_by) == (date(2027, 2, 3), date(2027, 2, 5))


def test_a_yearly_event_whose_month_nobody_knows_is_not_dated():
    assert usable(Window("annual"), TODAY).starts is None


def test_an_unknown_window_is_usable_but_not_dated():
    assert usable(Window(), TODAY) == (None, None, None, False, "not dated; check with the provider")


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (closed("2023-04"), "ended April 2023"),
        (closed("2023"), "ended 2023"),
        (closed("2023-04-05"), "ended 5 April 2023"),
        (closed("spring 2023"), "ended spring 2023"),
        (closed("2023-13"), "ended 2023-13"),
        (Window("closed", closes=date(2023, 4, 30)), "ended 30 April 2023"),
        (closed(), "has ended; when is not known"),
    ],
)
def test_an_ended_scheme_says_when_as_exactly_as_is_known(window, words):
    found = usable(window, TODAY)

    assert found.closed
    assert found.words == words


def test_a_record_that_says_closed_is_closed_even_before_its_closing_day():
    assert usable(Window("closed", closes=JANUARY), TODAY).closed


def test_a_closing_day_in_the_past_closes_an_offer_nobody_marked_closed():
    assert usable(Window("unknown", closes=OCTOBER), TODAY).closed


@given(
    st.sampled_from(WINDOW_STATUSES),
    st.none() | st.dates(date(2020, 1, 1), date(2032, 1, 1)),
    st.none() | st.dates(date(2020, 1, 1), date(2032, 1, 1)),
    st.none() | st.integers(1, 12),
    st.dates(date(2020, 1, 1), date(2032, 1, 1)),
)
def test_an_offer_never_starts_before_the_day_asked_nor_after_its_close(status, opens, closes, month, on):
    if opens and closes and opens > closes:
        opens, closes = closes, opens
    found = usable(Window(status, opens, closes, usual_month=month), on)

    if found.closed:
        assert (found.open_now, found.starts, found.apply_by) == (False, None, None)
    elif found.starts:
        assert found.starts >= on
        assert not found.apply_by or found.starts <= found.apply_by
        assert not opens or found.starts >= opens
