"""The Sources page: a finding is shown with what stood there and stands now, and something is done."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.console.desk import Desk
from knowledge_base.records import Source
from knowledge_base.store.audit import Audit
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.life import Life
from knowledge_base.store.sources import Finding, Sources
from knowledge_base.watch.quoted import sources_of
from knowledge_base.watch.visits import Check, Visit, judge
from tests.console.conftest import AtTheConsole, Clock
from tests.store.conftest import NOW

URL = "https://example.org/grant"
PAGE = "<main><h1>Example grant</h1><p>Applications close on {day}.</p><p>We pay 50% of costs.</p></main>"


@pytest.fixture
def store(desk: Desk) -> CatalogueStore:
    """The records, the grant with a page of its own."""
    records = desk.advice.records
    found = records.offer("example-grant")
    assert found is not None
    records.save_offer(replace(found[0], source=Source(url=URL)), "C", "its own page", NOW)
    return records


def visited(store: CatalogueStore, body: str, now: Any = NOW, **given: Any) -> None:
    """Let somebody visit the grant's page and keep what it said."""
    catalogue, sources = store.catalogue(), Sources(store.database)
    visit = Visit(URL, "read", 200, URL, body=body, **given)
    sources.keep(judge(visit, sources.check(URL), sources_of(catalogue)[URL], catalogue, now), now)


@pytest.fixture
def finding(store: CatalogueStore) -> Finding:
    """The grant's closing date is another on its page."""
    visited(store, PAGE.format(day="28 February 2027"))
    (found,) = Sources(store.database).findings()
    return found


def test_an_empty_page_says_what_will_appear_and_how_to_begin(viewer: AtTheConsole) -> None:
    page = viewer.get("/console/sources")

    assert page.status_code == 200
    assert "no page was visited yet" in page.text
    assert "fingerpost watch" in page.text


def test_a_finding_shows_what_the_record_says_and_what_the_page_says(
    viewer: AtTheConsole, finding: Finding
) -> None:
    page = viewer.get("/console/sources").text

    assert "31 January 2027" in page
    assert "28 February 2027" in page
    assert "Applications close on 28 February 2027." in page
    assert f'href="{URL}"' in page
    assert 'href="/console/offers/example-grant"' in page


def test_who_may_only_look_has_no_buttons_and_cannot_press_them(
    viewer: AtTheConsole, finding: Finding
) -> None:
    assert "Take as a draft" not in viewer.get("/console/sources").text

    for action in ("take", "silence", "seen"):
        assert viewer.submit(f"/console/sources/{finding.id}/{action}", how="text").status_code == 403
    assert viewer.submit("/console/sources/visit", record="example-grant").status_code == 403


def test_a_proposal_becomes_a_draft_and_nothing_is_published(
    editor: AtTheConsole, store: CatalogueStore, finding: Finding
) -> None:
    answer = editor.submit(f"/console/sources/{finding.id}/take")

    assert (answer.status_code, answer.headers["location"]) == (303, "/console/offers/example-grant")
    copy = Life(store).working("offer", "example-grant")
    assert copy is not None
    assert copy.document["window"]["closes"] == "2027-02-28"
    assert copy.by == "editor@hub.example.org"
    assert URL in copy.why
    published = store.offer("example-grant")
    assert published is not None
    assert published[0].window.closes == date(2027, 1, 31)
    assert Sources(store.database).findings() == []


def test_taking_a_proposal_keeps_what_somebody_else_has_in_the_draft(
    editor: AtTheConsole, store: CatalogueStore, finding: Finding
) -> None:
    life = Life(store)
    published = life.published("offer", "example-grant")
    assert published is not None
    life.save(
        "offer", "example-grant", {**published[0], "summary": "Somebody else's better words."},
        by="other@hub.example.org", why="clearer", now=NOW, version=0,
    )  # fmt: skip

    editor.submit(f"/console/sources/{finding.id}/take")

    copy = life.working("offer", "example-grant")
    assert copy is not None
    assert copy.document["summary"] == "Somebody else's better words."
    assert copy.document["window"]["closes"] == "2027-02-28"


def test_a_publication_between_reading_and_saving_is_said_and_no_draft_undoes_it(
    editor: AtTheConsole, store: CatalogueStore, finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Life.published

    def overtaken(life: Life, record_type: str, id: str) -> Any:
        found = read(life, record_type, id)
        offer = store.offer(id)
        assert offer is not None
        store.save_offer(replace(offer[0], summary="Published meanwhile."), "C", "clearer", NOW, offer[1])
        return found

    monkeypatch.setattr(Life, "published", overtaken)
    answer = editor.submit(f"/console/sources/{finding.id}/take")

    assert answer.status_code == 409
    assert "published anew meanwhile" in answer.text
    assert Life(store).working("offer", "example-grant") is None
    assert [each.id for each in Sources(store.database).findings()] == [finding.id]


def test_a_finding_taken_comes_back_when_its_draft_was_thrown_away(
    editor: AtTheConsole, store: CatalogueStore, finding: Finding
) -> None:
    editor.submit(f"/console/sources/{finding.id}/take")
    Life(store).discard("offer", "example-grant", "editor@hub.example.org", "not now", NOW, 1)

    visited(store, PAGE.format(day="28 February 2027"), NOW + timedelta(days=7))

    assert [each.id for each in Sources(store.database).findings()] == [finding.id]


def test_a_finding_is_gone_once_the_record_says_what_the_page_says(
    store: CatalogueStore, finding: Finding
) -> None:
    found = store.offer("example-grant")
    assert found is not None
    window = replace(found[0].window, closes=date(2027, 2, 28))
    store.save_offer(replace(found[0], window=window), "C", "extended", NOW)

    visited(store, PAGE.format(day="28 February 2027"), NOW + timedelta(days=7))

    assert Sources(store.database).findings() == []


def test_a_false_alarm_stays_silent_as_long_as_the_page_says_the_same(
    editor: AtTheConsole, store: CatalogueStore, finding: Finding
) -> None:
    answer = editor.submit(f"/console/sources/{finding.id}/silence", how="text")

    assert answer.headers["location"] == "/console/sources?told=silenced"
    visited(store, PAGE.format(day="28 February 2027"), NOW + timedelta(days=400))
    assert Sources(store.database).findings() == []
    visited(store, PAGE.format(day="31 March 2028"), NOW + timedelta(days=401))
    assert [each.after for each in Sources(store.database).findings()] == ["31 March 2028"]
    assert Audit(store.database).list(1)[0].what == "silenced"


def test_a_silence_until_a_day_ends_the_day_after(
    editor: AtTheConsole, store: CatalogueStore, finding: Finding
) -> None:
    editor.submit(f"/console/sources/{finding.id}/silence", how="day", until="2026-11-28")

    visited(store, PAGE.format(day="28 February 2027"), NOW + timedelta(days=7))
    assert Sources(store.database).findings() == []
    visited(store, PAGE.format(day="28 February 2027"), NOW + timedelta(days=8))
    assert [each.id for each in Sources(store.database).findings()] == [finding.id]


@pytest.mark.parametrize("until", ["", "2026-11-20", "2030-01-01", "tomorrow", "9" * 5000, "2026-02-30"])
def test_a_silence_without_a_day_that_can_be_is_refused_in_words(
    editor: AtTheConsole, finding: Finding, until: str
) -> None:
    answer = editor.submit(f"/console/sources/{finding.id}/silence", how="day", until=until)

    assert answer.status_code == 400
    assert "day" in answer.text


def test_what_was_seen_leaves_the_list_and_stands_among_the_seen(
    editor: AtTheConsole, finding: Finding
) -> None:
    editor.submit(f"/console/sources/{finding.id}/seen")

    assert "28 February 2027" not in editor.get("/console/sources").text
    seen = editor.get("/console/sources?state=seen").text
    assert "28 February 2027" in seen
    assert "editor@hub.example.org" in seen


@pytest.mark.parametrize("id", ["0", "-1", "999999", "99999999999999999999"])
def test_a_finding_that_is_not_there_is_said_not_to_be(editor: AtTheConsole, id: str) -> None:
    for action in ("take", "silence", "seen"):
        assert editor.submit(f"/console/sources/{id}/{action}", how="text").status_code == 404


def test_the_same_button_pressed_twice_makes_one_draft(
    editor: AtTheConsole, store: CatalogueStore, finding: Finding
) -> None:
    for _ in range(2):
        assert editor.submit(f"/console/sources/{finding.id}/take").status_code == 303

    copy = Life(store).working("offer", "example-grant")
    assert copy is not None
    assert copy.document["window"]["closes"] == "2027-02-28"


def test_a_form_from_another_site_changes_nothing(
    editor: AtTheConsole, store: CatalogueStore, finding: Finding
) -> None:
    editor.csrf = "not-mine"

    assert editor.submit(f"/console/sources/{finding.id}/take").status_code in (400, 403)
    assert Life(store).working("offer", "example-grant") is None


def test_what_a_page_says_is_shown_as_text_and_never_as_markup(
    viewer: AtTheConsole, store: CatalogueStore
) -> None:
    visited(store, "<p>Applications close on 28 February 2027 &lt;script&gt;alert(1)&lt;/script&gt;.</p>")

    page = viewer.get("/console/sources").text

    assert "28 February 2027" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "query", ["kind=%00", "state=gone", "page=-5", "page=99999999", "answer=x", "kind=" + "a" * 3000]
)
def test_an_odd_address_shows_the_page_all_the_same(
    viewer: AtTheConsole, finding: Finding, query: str
) -> None:
    assert viewer.get(f"/console/sources?{query}").status_code == 200


class OnePage:
    """Visits, all answered with one page and counted."""

    def __init__(self, body: str) -> None:
        self.body, self.stop, self.visits = body, threading.Event(), 0

    def visit(self, url: str, before: Check | None = None) -> Visit:
        self.visits += 1
        return Visit(url, "read", 200, url, body=self.body)


def test_a_record_is_visited_now_and_not_again_within_the_minute(
    editor: AtTheConsole, store: CatalogueStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = OnePage(PAGE.format(day="28 February 2027"))
    monkeypatch.setattr("bot.console.pages.sources.visitor_of", lambda desk: visitor)

    first = editor.submit("/console/sources/visit", record="example-grant")
    second = editor.submit("/console/sources/visit", record="example-grant")

    assert first.headers["location"].endswith("told=visited")
    assert second.headers["location"].endswith("told=soon")
    assert visitor.visits == 1
    assert [each.after for each in Sources(store.database).findings()] == ["28 February 2027"]
    clock.now += timedelta(minutes=2)
    assert (
        editor.submit("/console/sources/visit", record="example-grant")
        .headers["location"]
        .endswith("visited")
    )
    assert (
        editor.submit("/console/sources/visit", record="\x00nothing").headers["location"].endswith("nothing")
    )
