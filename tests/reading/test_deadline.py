"""The day by which something is wanted: always ahead of the day given, or nothing."""

from datetime import date

import pytest

from knowledge_base.reading.days import easter, months_later


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("we need it by Easter", "2027-03-28"),
        ("by the end of March", "2027-03-31"),
        ("by end of March 2028", "2028-03-31"),
        ("before Christmas", "2026-12-24"),
        ("by Christmas if we can", "2026-12-25"),
        ("by June 2027", "2027-06-30"),
        ("before the end of January", "2027-01-31"),
        ("before Q3", "2027-06-30"),
        ("before June", "2027-05-31"),
        ("we need it in six weeks", "2027-01-02"),
        ("it has to start within 3 months, we need the room", "2027-02-21"),
        ("by the end of the financial year", "2027-03-31"),
        ("by the end of the tax year", "2027-04-05"),
        ("by the summer", "2027-06-01"),
        ("by spring 2028", "2028-03-01"),
        ("by Q2", "2027-06-30"),
        ("by the end of the year", "2026-12-31"),
        ("by 31/03/2027", "2027-03-31"),
        ("by 31.3.2027", "2027-03-31"),
        ("by 2027-03-31", "2027-03-31"),
        ("by 31st March", "2027-03-31"),
        ("by March 31st, 2027", "2027-03-31"),
        ("deadline is 5 January", "2027-01-05"),
        ("the landlord wants it signed by Friday", "2026-11-27"),
        ("by the 28th", "2026-11-28"),
        ("by the 9th", "2026-12-09"),
        ("by next month", "2026-12-31"),
        ("by mid January", "2027-01-15"),
        ("no later than 1 May", "2027-05-01"),
        ("payroll's 4 december and it has to be met by then", "2026-12-04"),
        ("by the first of July 2027", "2027-07-01"),
        ("by the fifteenth of January", "2027-01-15"),
        ("Deadline's 31 August 2027 now, you can forget April", "2027-08-31"),
        ("the deadline has moved to 1 February 2027", "2027-02-01"),
        ("out of the unit by 30 June", "2027-06-30"),
        ("we need it in time for Easter", "2027-03-28"),
        ("31 March at the latest", "2027-03-31"),
        ("we have until 14 February to answer", "2027-02-14"),
        ("we're opening on 3 May", "2027-05-03"),
        ("the new line has to start on 1 June", "2027-06-01"),
        ("it must be done within six weeks", "2027-01-02"),
        ("over the next three months we need to train six people", "2027-02-21"),
        ("by next spring", "2027-03-01"),
        ("we need it before the show on 12 March", "2027-03-11"),
        ("we've six weeks to find a new supplier", "2027-01-02"),
    ],
)
def test_a_day_is_read(read, said, day):
    assert read(said).facts.get("deadline") == day


@pytest.mark.parametrize(
    "said",
    [
        "by 31/03/2020",
        "by 31/02/2027",
        "we grew to 26 in eighteen months",
        "the lottery money ends in March",
        "we started in March",
        "twice a day by hand",
        "net zero by 2027",
        "sold by the dozen",
        "made by 14 people",
        "sooner, have you nothing that starts before the new year",
        "is there anything on by 5 March?",
        "any course beginning before Easter?",
        "is the deadline for the grant 31 March",
        "does the fund stay open until 5 April",
        "a loan of 40k over five years",
        "the first of our bakers left",
        "my daughter starts school by September",
        "we were due to finish by June 2025",
        "the course starts on 3 March, can I get on it",
    ],
)
def test_other_days_are_left_alone(read, said):
    assert "deadline" not in read(said).facts


@pytest.mark.parametrize(
    ("answer", "day"),
    [
        ("end of March", "2027-03-31"),
        ("Easter", "2027-03-28"),
        ("31/03/2027", "2027-03-31"),
        ("in 2 weeks", "2026-12-05"),
    ],
)
def test_a_bare_day_answers_the_question(read, answer, day):
    assert read(answer, asked="deadline").facts["deadline"] == day


def test_easter_already_past_is_next_years(read):
    assert read("by Easter", on=date(2026, 6, 1)).facts["deadline"] == "2027-03-28"
    assert read("by Easter", on=date(2026, 3, 1)).facts["deadline"] == "2026-04-05"


def test_easter_falls_where_the_almanac_puts_it():
    assert [easter(year) for year in (2024, 2025, 2026, 2027, 2038)] == [
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),
    ]


def test_a_month_on_from_the_last_of_january_is_the_last_of_february():
    assert months_later(date(2027, 1, 31), 1) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("before the season starts in May", "2027-04-30"),
        ("lease ends 31 March and we must be out", "2027-03-31"),
        ("must be done until end of 2027", "2027-12-31"),
        ("The rules change on 1 October and we have to be ready", "2027-10-01"),
        ("trade show is 9 February, need a stand before that", "2027-02-08"),
        ("needs sorting for Easter", "2027-03-28"),
        ("in the next 3 months we need a van", "2027-02-21"),
        ("last year we moved by June", None),
        ("the grant closes on 3 December, can I still apply", None),
    ],
)
def test_a_day_set_by_a_lease_a_law_or_a_season_is_a_deadline(read, said, day):
    assert read(said).facts.get("deadline") == day
