# ruff: noqa: E501  an address stays on its line
"""Visits and findings are kept, and brought in line with what the next visit sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from knowledge_base.store.database import Database
from knowledge_base.store.sources import Sources
from knowledge_base.watch.compare import Found
from knowledge_base.watch.facts import Fact
from knowledge_base.watch.visits import Check, Judged
from tests.store.conftest import NOW

URL = "https://example.org/grant?ä=1"
FOUND = Found(
    "offer", "example-grant", URL, "date", "window.closes", "The page says another day.", "1 March 2027",
    "1 April 2027", "Apply by 1 April 2027 \x00 \ud800.", (("window.closes", "2027-04-01"),), {"name": "Example"},
)  # fmt: skip
FACT = Fact(
    "closes", "2027-04-01", "apply by # .", "Apply by 1 April 2027.", "When to apply", True, ("2027-03-01",)
)


@pytest.fixture
def sources(database: Database) -> Sources:
    return Sources(database)


def keep(sources: Sources, *found: Found, days: int = 0, answer: str = "changed") -> None:
    now = NOW + timedelta(days=days)
    sources.keep(Judged(Check(URL, now, answer, 200, URL, '"1"', None, "d" * 64, (FACT,)), found), now)


def test_a_visit_is_read_back_as_it_was_kept(sources: Sources) -> None:
    assert sources.check(URL) is None
    keep(sources)

    assert sources.check(URL) == Check(URL, NOW, "changed", 200, URL, '"1"', None, "d" * 64, (FACT,))
    assert sources.answers() == {"changed": 1}


def test_a_finding_found_again_is_the_same_finding(sources: Sources) -> None:
    keep(sources, FOUND)
    keep(sources, FOUND, days=7)

    (found,) = sources.findings()
    assert found.found == NOW
    assert found.changes == [["window.closes", "2027-04-01"]]
    assert found.proposal == {"name": "Example"}
    assert sources.counts() == {"date": 1}


def test_a_finding_not_found_again_is_closed_and_cannot_be_dealt_with(sources: Sources) -> None:
    keep(sources, FOUND)
    (found,) = sources.findings()
    keep(sources, days=7, answer="valid")

    assert sources.findings() == []
    assert [each.id for each in sources.findings(states=("gone",))] == [found.id]
    for deal in (sources.mark_seen, sources.mark_taken):
        with pytest.raises(LookupError):
            deal(found.id, "curator@example.org")


def test_a_visit_that_could_not_look_closes_nothing(sources: Sources) -> None:
    keep(sources, FOUND)
    sources.keep(Judged(Check(URL, NOW, "uncertain", 503), None), NOW)

    assert len(sources.findings()) == 1


def test_what_was_seen_is_open_again_when_the_page_says_something_else(sources: Sources) -> None:
    keep(sources, FOUND)
    sources.mark_seen(sources.findings()[0].id, "curator@example.org")
    keep(sources, FOUND, days=7)
    assert sources.findings() == []

    keep(sources, replace(FOUND, after="1 May 2027", quote="Apply by 1 May 2027."), days=14)
    assert [each.after for each in sources.findings()] == ["1 May 2027"]


def test_a_silence_until_a_day_holds_whatever_the_page_says_meanwhile(sources: Sources) -> None:
    keep(sources, FOUND)
    until = date(2026, 12, 5)
    sources.silence(sources.findings()[0].id, "curator@example.org", until)
    keep(sources, replace(FOUND, quote="Apply by 1 April 2027!"), days=7)
    assert sources.findings() == []
    assert [each.until for each in sources.findings(states=("silenced",))] == [until]

    keep(sources, replace(FOUND, quote="Apply by 1 April 2027!"), days=15)
    assert len(sources.findings()) == 1


def test_what_is_too_long_to_be_kept_is_left_out_and_never_cut_in_half(sources: Sources) -> None:
    check = Check(
        URL, NOW, "valid", 200, "https://example.org/" + "x" * 3000, "e" * 600, "m" * 200, reason="r" * 900
    )
    sources.keep(Judged(check, ()), NOW)

    kept = sources.check(URL)
    assert kept is not None
    assert (kept.final_url, kept.etag, kept.last_modified) == (None, None, None)
    assert len(kept.reason) == 500


def test_findings_are_listed_by_kind_record_and_page(sources: Sources) -> None:
    keep(
        sources,
        FOUND,
        replace(FOUND, kind="amount", place="amount.max"),
        replace(FOUND, record_id="example-loan"),
    )

    assert len(sources.findings(kind="date")) == 2
    assert len(sources.findings(record=("offer", "example-loan"))) == 1
    assert len(sources.findings(limit=2)) == 2
    assert len(sources.findings(limit=2, skip=2)) == 1


def test_what_is_no_longer_so_goes_after_a_year_and_what_is_still_so_stays(sources: Sources) -> None:
    keep(sources, FOUND)
    keep(sources, replace(FOUND, place="amount"), days=1)  # the first is no longer so
    gone, still = sources.findings(states=("gone",)), sources.findings()
    year = timedelta(days=365)

    assert sources.purge(NOW + year - timedelta(seconds=1)) == 0
    assert sources.purge(NOW + 2 * year) == 1
    assert sources.finding(gone[0].id) is None
    assert sources.findings() == still
