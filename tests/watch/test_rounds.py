"""Rounds, the command and the chore: each visit is kept at once, whatever ends the round."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.chores.__main__ import chores
from bot.chores.chore import Chore, Rota, off
from bot.chores.watching import watching
from bot.command_line import watch as command
from bot.command_line.main import main, parser
from bot.run.__main__ import commands
from bot.watch.rounds import go_round
from bot.watch.visiting import Stopped
from knowledge_base.records import Catalogue, Source
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.database import Database, StoreUnavailable, open_database
from knowledge_base.store.record_rows import write_area
from knowledge_base.store.sources import Sources
from knowledge_base.watch.quoted import sources_of
from knowledge_base.watch.visits import Check, Visit
from tests.core.builders import AREAS, offer
from tests.store.conftest import NOW

OFFERS = [
    replace(offer(f"example-{n}", "grant"), source=Source(url=f"https://site{n % 3}.example.org/{n}#part"))
    for n in range(9)
]
CATALOGUE = Catalogue.of(AREAS, OFFERS)
URLS = list(sources_of(CATALOGUE))


class Visits:
    """Answers every visit with one page; ``then`` is called with how many there were."""

    def __init__(self, then: Any = lambda count: None, body: str = "<p>Apply at any time.</p>") -> None:
        self.stop, self.urls, self.then, self.body = threading.Event(), list[str](), then, body

    def visit(self, url: str, before: Check | None = None) -> Visit:
        self.urls.append(url)
        self.then(len(self.urls))
        return Visit(url, "read", 200, url, body=self.body)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'fingerpost.sqlite'}")
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def records(database: Database) -> CatalogueStore:
    store = CatalogueStore(database)
    with database.writing() as session:
        for area in AREAS:
            write_area(session, area)
    from knowledge_base.records import Provider

    store.save_provider(Provider("example-council", "Example council", "public"), "C", "new", NOW)
    for each in OFFERS:
        store.save_offer(each, "C", "new", NOW)
    return store


def test_each_address_is_visited_once_however_many_records_name_it() -> None:
    twins = [replace(OFFERS[0], id="example-twin"), *OFFERS]

    uses = sources_of(Catalogue.of(AREAS, twins))

    assert len(uses) == len(OFFERS)
    assert {use.record_id for use in uses["https://site0.example.org/0"]} == {"example-0", "example-twin"}


def test_a_round_that_is_stopped_keeps_what_was_done(database: Database) -> None:
    sources = Sources(database)

    def interrupt(count: int) -> None:
        if count == 4:
            raise Stopped

    tally = go_round(URLS, CATALOGUE, sources, Visits(interrupt), clock=lambda: NOW, at_once=1)  # type: ignore[arg-type]

    assert tally.done == 3
    assert len(sources.last_visits()) == 3


def test_ctrl_c_keeps_what_was_done_and_says_so(database: Database) -> None:
    sources = Sources(database)

    def press(tally: Any, check: Any, found: Any) -> None:
        if tally.done == 2:
            raise KeyboardInterrupt

    tally = go_round(URLS, CATALOGUE, sources, Visits(), clock=lambda: NOW, at_once=1, progress=press)  # type: ignore[arg-type]

    assert tally.stopped
    assert len(sources.last_visits()) >= 2


def test_a_page_nobody_foresaw_spoils_its_own_visit_and_no_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    import knowledge_base.watch.visits as visits

    whole = visits.facts_of

    def hard(page: Any) -> Any:
        if "hard" in page.main:
            raise ValueError("nobody foresaw this")
        return whole(page)

    monkeypatch.setattr(visits, "facts_of", hard)
    one = Visits(then=lambda count: setattr(one, "body", "<p>hard</p>" if count == 3 else "<p>Hello</p>"))
    tally = go_round(URLS, CATALOGUE, Sources(database), one, clock=lambda: NOW, at_once=1)  # type: ignore[arg-type]

    assert (tally.answers["valid"], tally.answers["uncertain"]) == (8, 1)


def test_a_database_that_goes_away_ends_the_round_with_its_words(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: Sources, *given: Any) -> None:
        raise StoreUnavailable("the database cannot be used")

    monkeypatch.setattr(Sources, "keep", away)
    one = Visits()
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        go_round(URLS, CATALOGUE, Sources(database), one, clock=lambda: NOW)  # type: ignore[arg-type]
    assert one.stop.is_set()


class Nowhere(Visits):
    """Visits for which some names lead nowhere."""

    def __init__(self, *gone: str) -> None:
        super().__init__()
        self.gone = gone

    def visit(self, url: str, before: Check | None = None) -> Visit:
        if any(name in url for name in self.gone):
            return Visit(url, "missing", reason="it leads nowhere")
        return super().visit(url, before)


def test_a_hub_without_its_network_does_not_call_every_page_gone(database: Database) -> None:
    sources = Sources(database)
    for day in range(3):
        now = NOW + timedelta(days=day)
        tally = go_round(URLS, CATALOGUE, sources, Nowhere("example.org"), clock=lambda now=now: now)  # type: ignore[arg-type, misc]

        assert tally.answers == {"uncertain": 9}
    assert sources.findings() == []


def test_a_name_that_leads_nowhere_while_others_answer_is_gone_on_the_second_day(database: Database) -> None:
    sources = Sources(database)
    answers = []
    for day in (0, 7):
        now = NOW + timedelta(days=day)
        tally = go_round(URLS, CATALOGUE, sources, Nowhere("site1"), clock=lambda now=now: now)  # type: ignore[arg-type, misc]
        answers.append(dict(tally.answers))

    assert answers == [{"valid": 6, "uncertain": 3}, {"valid": 6, "broken": 3}]


def test_what_was_never_visited_is_due_first_then_the_oldest(database: Database) -> None:
    sources = Sources(database)
    go_round(URLS[2:4], CATALOGUE, sources, Visits(), clock=lambda: NOW)  # type: ignore[arg-type]
    go_round(URLS[:1], CATALOGUE, sources, Visits(), clock=lambda: NOW - timedelta(days=3))  # type: ignore[arg-type]

    assert sources.due(URLS[:5], NOW) == sorted([URLS[1], URLS[4]])
    assert sources.due(URLS[:4], NOW + timedelta(days=7)) == [URLS[1], URLS[0], *sorted(URLS[2:4])]
    assert sources.due(URLS[:4], NOW + timedelta(days=5)) == [URLS[1], URLS[0]]


def test_the_findings_of_an_address_nobody_names_any_more_are_closed(database: Database) -> None:
    sources = Sources(database)
    go_round(
        URLS[:2], CATALOGUE, sources, Visits(body="<p>This scheme is now closed.</p>"), clock=lambda: NOW
    )  # type: ignore[arg-type]
    assert len(sources.findings()) == 2

    assert sources.close_unnamed(URLS[:1], NOW) == 1
    assert [each.url for each in sources.findings()] == URLS[:1]


def watch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, visits: Visits, *arguments: str) -> int:
    """Run `fingerpost watch` on the test's database with a stand-in for the visits."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'fingerpost.sqlite'}")
    return command.run_watch(parser().parse_args(["watch", *arguments]), visits)  # type: ignore[arg-type]


def test_the_command_tells_what_it_found_and_how_far_it_is(
    records: CatalogueStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = watch(
        monkeypatch, tmp_path, Visits(body="<p>This scheme is now closed.</p>"), "--only", "example-1"
    )
    told = capsys.readouterr()

    assert code == 0
    assert "example-1: The page says “This scheme is now closed.”" in told.out
    assert "1 of 1 pages visited: 1 changed." in told.out
    assert "1/1 changed: https://site1.example.org/1" in told.err


def test_the_command_writes_json_and_takes_only_so_many(
    records: CatalogueStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert watch(monkeypatch, tmp_path, Visits(), "--json", "--limit", "4") == 0
    written = json.loads(capsys.readouterr().out)
    assert (written["pages"], written["visited"], written["answers"]) == (4, 4, {"valid": 4})

    again = Visits()
    watch(monkeypatch, tmp_path, again, "--due")
    assert len(again.urls) == 5


def test_a_record_that_is_not_there_is_named(
    records: CatalogueStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'fingerpost.sqlite'}")

    assert main(["watch", "--only", "no-such-offer"]) == 1
    assert json.loads(capsys.readouterr().err)["error"] == "no_such_record"


@pytest.mark.parametrize("limit", ["0", "-1", "many", "1e9", "9" * 50])
def test_a_limit_that_is_no_number_of_pages_is_refused(
    limit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        parser().parse_args(["watch", "--limit", limit])
    assert refused.value.code == 2


def test_the_chore_visits_what_is_due_and_nothing_when_it_is_off(records: CatalogueStore) -> None:
    one = Visits()
    chore = watching(records.database, {}, lambda: NOW, visitor=lambda: one)  # type: ignore[arg-type, return-value]
    quiet = watching(records.database, {"FINGERPOST_WATCH": "0"}, lambda: NOW, visitor=lambda: one)  # type: ignore[arg-type, return-value]

    assert quiet.run(NOW) == 0
    assert chore.run(NOW) == 9
    assert chore.run(NOW + timedelta(days=1)) == 0
    assert chore.run(NOW + timedelta(days=7)) == 9


def test_each_chore_comes_round_in_its_time_and_none_keeps_another_from_it() -> None:
    done: list[str] = []
    said: list[str] = []

    def break_down(now: datetime) -> None:
        raise RuntimeError("a secret address")

    rota = Rota(
        [Chore("broken", 60, break_down), Chore("daily", 86_400, lambda now: done.append("daily"))],
        said.append,
    )
    begun = datetime(2026, 11, 22, tzinfo=timezone.utc)

    assert rota.do_due(begun) == ["broken", "daily"]
    assert rota.do_due(begun + timedelta(seconds=30)) == []
    assert rota.do_due(begun + timedelta(seconds=60)) == ["broken"]
    assert rota.do_due(begun + timedelta(days=1)) == ["broken", "daily"]
    assert done == ["daily", "daily"]
    assert said == ["the chore “broken” could not be done (RuntimeError)"] * 3
    assert rota.seconds_to_next(begun + timedelta(days=1, seconds=50)) == 10


def test_nothing_is_begun_once_somebody_stopped_the_chores() -> None:
    stop = threading.Event()
    stop.set()

    assert Rota([Chore("daily", 60, lambda now: None)]).do_due(NOW, stop) == []
    assert Rota([]).seconds_to_next(NOW) == 60


def test_the_chores_are_there_unless_they_are_turned_off(database: Database) -> None:
    class Told:
        rasa_port = 5005

        def __init__(self, **environment: str) -> None:
            self.environment = environment

    assert list(commands(Told()))[-1] == "chores"  # type: ignore[arg-type]
    assert "chores" not in commands(Told(FINGERPOST_CHORES="0"))  # type: ignore[arg-type]
    assert off({"FINGERPOST_CHORES": "0"})
    assert not off({})
    assert "visits to sources" in [each.name for each in chores(database, {}, lambda: NOW, threading.Event())]
