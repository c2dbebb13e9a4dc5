"""What people do between two imports stays, and two presses do one thing. On both databases."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier, Event
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete

from knowledge_base.catalogue import parse_offer
from knowledge_base.store import import_work
from knowledge_base.store.catalogue_store import StaleRecord
from knowledge_base.store.database import StoreUnavailable
from knowledge_base.store.import_undo import UNDO, undo
from knowledge_base.store.import_work import LOOK, TAKE_IN, look, take_in
from knowledge_base.store.imports import STOPPED_AFTER, Import, Imports, WrongState
from knowledge_base.store.life import Life
from knowledge_base.store.tables import AreaRow, RoadmapOfferRow, RoadmapRow
from tests.store.conftest import NOW

KIM, ALEX = "kim@hub.example.org", "alex@hub.example.org"
COUNCIL = "example-council"


def now() -> datetime:
    return NOW


def there(imports: Imports, id: str = "kiln", **fields: Any) -> None:
    """Publish an example offer, or change it."""
    document: dict[str, Any] = {"name": f"Example {id}", "kind": "grant", "provider": COUNCIL}
    document |= {"areas": ["wales"], "needs": ["finance"], "stages": ["fund"], "summary": "Half the cost."}
    document |= {"window": {"status": "rolling"}, "amount": {"currency": "GBP", "max": 5000}}
    document |= {"source": {"url": f"https://example.org/{id}", "title": id, "seen": "2026-11-20"}} | fields
    imports.store.save_offer(parse_offer(id, document), ALEX, "the page says so", NOW)


def told(imports: Imports, content: str, name: str = "offers.csv") -> str:
    """Look at a file whose columns are named as the fields are."""
    id = imports.take(name, io.BytesIO(content.encode()), KIM, NOW)
    imports.map(id, replace(imports.one(id).mapping, new_providers="charity", empty="clear"), NOW)
    look(imports, id, now)
    return id


def summary(words: str, id: str = "kiln") -> str:
    return f"id,name,summary\r\n{id},Example {id},{words}\r\n"


def drafted(imports: Imports, words: str = "From the first file.") -> str:
    id = told(imports, summary(words))
    take_in(imports, id, "all", KIM, now)
    return id


def closed(imports: Imports) -> None:
    Life(imports.store).close("kiln", by=ALEX, why="it is over", now=NOW, closes=date(2026, 11, 20))


def everything_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every row be published: what is checked before is tested elsewhere."""
    passed = lambda _, records, __: frozenset((kind, id) for kind, id, _ in records)  # noqa: E731
    monkeypatch.setattr(import_work, "passing", passed)


def published(imports: Imports, content: str) -> str:
    id = told(imports, content)
    take_in(imports, id, "all", KIM, now, publish=True, own_drafts=True)
    return id


def left(imports: Imports, id: str) -> dict[str, str]:
    return {row.record_id: row.left_because for row in imports.rows(id) if row.left_because}


def test_an_offer_a_curator_closed_between_two_imports_is_not_opened_again_by_the_second(
    imports: Imports,
) -> None:
    there(imports)
    drafted(imports)
    ready = told(imports, summary("Looked at before it was closed."))
    closed(imports)

    second = told(imports, summary("From the second file."))

    assert imports.counts(second) == {"refuse": 1}
    assert "take over what changed first" in next(imports.faults(second))["remedy"]
    with pytest.raises(StaleRecord):
        take_in(imports, ready, "all", KIM, now)
    life = Life(imports.store, own_drafts=True)
    copy = life.working("offer", "kiln")
    assert copy is not None
    with pytest.raises(StaleRecord, match="published record changed"):
        life.publish("offer", "kiln", KIM, NOW, copy.version, "the file says so")


def test_a_draft_that_took_over_what_was_published_is_taken_in_over_again(imports: Imports) -> None:
    there(imports)
    drafted(imports)
    closed(imports)
    life = Life(imports.store, own_drafts=True)
    life.rebase("offer", "kiln", KIM, NOW)

    take_in(imports, told(imports, summary("From the second file.")), "all", KIM, now)

    copy = life.working("offer", "kiln")
    assert copy is not None
    assert (copy.document["summary"], copy.base_version) == ("From the second file.", 2)
    assert copy.document["window"]["status"] == "closed"


def test_an_undone_import_gives_back_a_draft_that_still_knows_it_was_overtaken(imports: Imports) -> None:
    there(imports)
    drafted(imports)
    second = told(imports, summary("From the second file."))
    take_in(imports, second, "all", KIM, now)
    closed(imports)

    undo(imports, second, KIM, now)

    life = Life(imports.store, own_drafts=True)
    copy, found = life.working("offer", "kiln"), life.overtaken("offer", "kiln")
    assert copy is not None
    assert copy.document["summary"] == "From the first file."
    assert found is not None
    assert (found.base_version, found.published_version) == (1, 2)


def test_what_an_editor_wrote_into_an_imports_draft_stays_whatever_reason_they_gave(imports: Imports) -> None:
    there(imports)
    drafted(imports)
    life = Life(imports.store)
    copy = life.working("offer", "kiln")
    assert copy is not None
    by_hand = copy.document | {"summary": "Alex wrote this."}
    life.save("offer", "kiln", by_hand, by=ALEX, why=copy.why, now=NOW, version=copy.version)

    second = told(imports, summary("From the second file."))

    assert imports.counts(second) == {"refuse": 1}
    assert f"{ALEX} is changing this record" in next(imports.faults(second))["what"]


def test_a_draft_that_a_reviewer_sent_back_keeps_the_reviewers_word(imports: Imports) -> None:
    there(imports)
    drafted(imports)
    life = Life(imports.store)
    copy = life.working("offer", "kiln")
    assert copy is not None
    version = life.send("offer", "kiln", KIM, NOW, copy.version)
    life.send_back("offer", "kiln", ALEX, "The page says a third.", NOW, version)

    assert imports.counts(told(imports, summary("From the second file."))) == {"refuse": 1}


def test_an_undo_puts_no_two_offers_into_a_circle_and_undoes_the_rest(
    imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything_passes(monkeypatch)
    there(imports, "yarn")
    there(imports, requires=["yarn"])
    id = published(
        imports, "id,name,kind,requires\r\nkiln,Example kiln,grant,\r\nloom,Example loom,grant,\r\n"
    )
    assert not imports.store.catalogue(published_only=False).offers["kiln"].requires
    there(imports, "yarn", requires=["kiln"])

    counts = undo(imports, id, KIM, now)

    assert counts == {"removed": 1, "restored": 0, "left": 1}
    assert "it cannot be as it was before" in left(imports, id)["kiln"]
    offers = imports.store.catalogue(published_only=False).offers
    assert {*offers} == {"kiln", "yarn"}
    assert not offers["kiln"].requires


def test_two_offers_that_swapped_who_comes_first_are_both_as_before(
    imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything_passes(monkeypatch)
    there(imports, "yarn")
    there(imports, requires=["yarn"])
    take_turns = "id,name,requires\r\nkiln,Example kiln,\r\nyarn,Example yarn,kiln\r\n"
    id = published(imports, take_turns)

    assert undo(imports, id, KIM, now) == {"removed": 0, "restored": 2, "left": 0}
    offers = imports.store.catalogue(published_only=False).offers
    assert (offers["kiln"].requires, offers["yarn"].requires) == (("yarn",), ())


@pytest.mark.parametrize("gone", ["offer", "provider", "area"])
def test_an_undo_leaves_what_named_a_record_that_was_deleted_since(
    imports: Imports, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    everything_passes(monkeypatch)
    life = Life(imports.store)
    trust = replace(imports.store.catalogue(False).providers[COUNCIL], id="trust", name="Trust", aliases=())
    imports.store.save_provider(trust, ALEX, "new", NOW)
    there(imports, "yarn")
    there(imports, provider="trust", leads_to=["yarn"], areas=["scotland"])
    table = f"id,name,kind,provider,leads_to,areas\r\nkiln,Example kiln,grant,{COUNCIL},,wales\r\n"
    id = published(imports, table + f"loom,Example loom,grant,{COUNCIL},,wales\r\n")
    if gone == "area":
        with imports.database.writing() as session:
            session.execute(delete(AreaRow).where(AreaRow.code == "scotland"))
    else:
        life.delete(gone, "yarn" if gone == "offer" else "trust", by=ALEX, why="it is gone", now=NOW)

    counts = undo(imports, id, KIM, now)

    assert counts == {"removed": 1, "restored": 0, "left": 1}
    assert "it cannot be as it was before" in left(imports, id)["kiln"]
    assert imports.store.catalogue(published_only=False).offers["kiln"].provider == COUNCIL
    assert imports.one(id).state == "undone"


def test_a_provider_that_the_hubs_own_file_names_is_not_removed_by_an_undo(
    imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything_passes(monkeypatch)
    table = "Title,Type,Funder,Region\r\nExample loom,Grant,Loom Trust,Wales\r\n"
    id = published(imports, table)
    hub: Any = SimpleNamespace(id="h", name="Hub", contact=SimpleNamespace(provider="loom-trust"))

    counts = undo(imports, id, KIM, now, hub=hub)

    assert counts == {"removed": 1, "restored": 0, "left": 1}
    assert "loom-trust" in imports.store.catalogue(published_only=False).providers
    assert "hub’s own file" in left(imports, id)["loom-trust"]


def test_an_offer_that_a_saved_roadmap_uses_stays_with_the_provider_it_names(
    imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything_passes(monkeypatch)
    id = published(imports, "Title,Type,Funder,Region\r\nExample loom,Grant,Loom Trust,Wales\r\n")
    plan: dict[str, Any] = {"needs": [], "profile": {}, "document": {}}
    with imports.database.writing() as session:
        session.add(RoadmapRow(id="plan", on=NOW.date(), created=NOW, expires=NOW, **plan))
        session.flush()
        session.add(RoadmapOfferRow(roadmap_id="plan", offer_id="example-loom", version=1))

    assert undo(imports, id, KIM, now) == {"removed": 0, "restored": 0, "left": 2}
    assert "withdraw it instead" in left(imports, id)["example-loom"]
    assert left(imports, id)["loom-trust"] == "example-loom names it"


def at_once(*acts: Callable[[], object]) -> Counter[str]:
    """Let several act at one moment; count who was told that somebody else does."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        barrier.wait()
        try:
            act()
        except WrongState:
            return "told"
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(one, acts))


def test_a_file_that_two_curators_take_in_at_once_is_taken_in_once_and_can_be_undone(
    imports: Imports,
) -> None:
    there(imports)
    for round in range(4):
        id = told(imports, summary(f"From file {round}."))
        took = at_once(*[lambda id=id: take_in(imports, id, "all", KIM, now)] * 4)
        assert took == {"done": 1, "told": 3}
        assert imports.one(id).state == "applied"

        undid = at_once(*[lambda id=id: undo(imports, id, KIM, now)] * 4)

        assert undid == {"done": 1, "told": 3}
        assert imports.one(id).report["undo"] == {"removed": 0, "restored": 1, "left": 0}
        assert Life(imports.store).working("offer", "kiln") is None


Step = tuple[str, tuple[str, ...]]
STEPS: dict[str, tuple[Step, Callable[[Imports, str, Import], object], str]] = {
    "look": (LOOK, lambda i, id, begun: look(i, id, now, begun=begun), "seen"),
    "take in": (TAKE_IN, lambda i, id, begun: take_in(i, id, "all", KIM, now, begun=begun), "applied"),
    "undo": (UNDO, lambda i, id, begun: undo(i, id, KIM, now, begun=begun), "undone"),
}


@pytest.mark.parametrize("step", STEPS)
def test_work_thought_dead_that_wakes_up_writes_nothing_over_the_one_begun_anew(
    imports: Imports, step: str
) -> None:
    there(imports)
    id = told(imports, summary("From a file."))
    if step == "undo":
        take_in(imports, id, "all", KIM, now)
    begin, work, after = STEPS[step]
    late = NOW + STOPPED_AFTER * 2
    first = imports.begin(id, begin[0], (*begin[1], "seen"), NOW)
    second = imports.begin(id, begin[0], begin[1], late)
    work(imports, id, second)
    report = imports.one(id).report

    with pytest.raises(WrongState, match="begun anew"):
        work(imports, id, first)
    imports.fail(first, "It went wrong late.", late, "seen")

    assert (imports.one(id).state, imports.one(id).report) == (after, report)
    assert sum(imports.counts(id).values()) == 1


def test_work_that_writes_for_long_is_not_begun_again_while_it_writes(
    imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    there(imports)
    id = told(imports, summary("From a file."))
    writing, told_other = Event(), Event()
    slowly = import_work._write

    def write(*given: Any) -> dict[str, int]:
        writing.set()
        told_other.wait(60)
        return slowly(*given)

    monkeypatch.setattr(import_work, "_write", write)
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(take_in, imports, id, "all", KIM, now)
        assert writing.wait(60)
        try:
            # SQLite lets nobody else write meanwhile and says so; PostgreSQL shows who holds the file.
            with pytest.raises((WrongState, StoreUnavailable), match=r"worked on|being written"):
                imports.begin(id, *TAKE_IN, NOW + STOPPED_AFTER * 3)
        finally:
            told_other.set()
        work.result()
    assert imports.one(id).state == "applied"


def test_an_undo_that_was_cut_off_is_no_reason_to_take_the_file_in_again(imports: Imports) -> None:
    there(imports)
    id = drafted(imports)
    imports.begin(id, *UNDO, NOW)
    late = NOW + STOPPED_AFTER + timedelta(seconds=1)

    with pytest.raises(WrongState):
        imports.begin(id, *TAKE_IN, late)
    assert undo(imports, id, KIM, lambda: late) == {"removed": 0, "restored": 1, "left": 0}


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", ["take in", "undo"])
def test_a_process_killed_right_after_it_wrote_has_said_so(
    imports: Imports, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    there(imports)
    id = told(imports, summary("From a file."))
    if step == "undo":
        take_in(imports, id, "all", KIM, now)
    begin, work, after = STEPS[step]
    begun = imports.begin(id, begin[0], begin[1], NOW)
    whole, life = imports.database.writing, Life(imports.store)

    def only_until_written() -> Any:
        if (life.working("offer", "kiln") is not None) == (step == "take in"):
            raise Killed
        return whole()

    monkeypatch.setattr(imports.database, "writing", only_until_written)
    with suppress(Killed):
        work(imports, id, begun)
    monkeypatch.undo()

    assert (life.working("offer", "kiln") is not None) == (step == "take in")
    assert imports.one(id).state == after
    assert imports.one(id).report["wrote"] == {"made": 0, "changed": 1, "published": 0}
