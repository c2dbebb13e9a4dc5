"""What a file made is undone as a whole; what somebody touched since is left and named. On both databases."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest

from knowledge_base.catalogue import parse_offer
from knowledge_base.interchange.faults import BadTable
from knowledge_base.store.catalogue_store import StaleRecord
from knowledge_base.store.import_undo import undo
from knowledge_base.store.import_work import look, take_in
from knowledge_base.store.imports import STOPPED_AFTER, Imports, NoSuchImport, WrongState
from knowledge_base.store.life import Life
from tests.store.conftest import NOW

KIM, ALEX = "kim@hub.example.org", "alex@hub.example.org"
KILN, YARN = "Kiln grant,Grant,ExC,Wales,Half of a kiln", "Yarn loan,Loan,ExC,Wales,A loan for yarn"
COMPLETE = (
    "id,name,kind,provider,areas,needs,stages,summary,amount.currency,amount.max,window.status,source.url,"
    "source.title,source.seen\r\nkiln,Example kiln grant,grant,example-council,wales,finance,fund,"
    "Get half the cost of a kiln.,GBP,5000,rolling,https://example.org/kiln,Kilns,2026-11-20\r\n"
)


def now() -> Any:
    return NOW


def looked(
    imports: Imports, *lines: str, head: str = "Title,Type,Funder,Region,Description", **other: Any
) -> str:
    content = "\r\n".join((head, *lines)) if lines else head
    id = imports.take("schemes.csv", io.BytesIO(content.encode()), KIM, NOW)
    if other:
        imports.map(id, replace(imports.one(id).mapping, **other), NOW)
    look(imports, id, now)
    return id


def drafts(imports: Imports) -> dict[str, dict[str, Any]]:
    return {copy.id: copy.document for copy in Life(imports.store).working_all()}


def save(imports: Imports, id: str, **fields: Any) -> None:
    """Somebody changes a draft by hand."""
    life = Life(imports.store)
    copy = life.working("offer", id)
    assert copy is not None
    life.save("offer", id, copy.document | fields, by=ALEX, why="better", now=NOW, version=copy.version)


def test_rows_become_drafts_that_no_business_sees(imports: Imports) -> None:
    id = looked(imports, KILN, YARN)
    take_in(imports, id, "all", KIM, now)

    assert {*drafts(imports)} == {"kiln-grant", "yarn-loan"}
    assert not imports.store.catalogue(published_only=False).offers
    entry = Life(imports.store).history("offer", "kiln-grant")[0]
    assert (entry.by, entry.why) == (KIM, f"import {id}: schemes.csv")


def test_all_rows_are_taken_in_or_none(imports: Imports) -> None:
    id = looked(imports, KILN, "Riddle,Riddle,ExC,Wales,What is it")

    with pytest.raises(WrongState, match="1 row is refused"):
        take_in(imports, id, "all", KIM, now)
    assert drafts(imports) == {}

    take_in(imports, id, "good", KIM, now)
    assert {*drafts(imports)} == {"kiln-grant"}


def test_an_import_is_undone_as_if_it_had_never_been(imports: Imports) -> None:
    first = looked(imports, KILN)
    take_in(imports, first, "all", KIM, now)
    before = drafts(imports)
    second = looked(imports, KILN.replace("Half", "A third"), YARN)
    take_in(imports, second, "all", KIM, now)
    assert drafts(imports)["kiln-grant"]["summary"] == "A third of a kiln"

    counts = undo(imports, second, KIM, now)

    assert counts == {"removed": 1, "restored": 1, "left": 0}
    assert drafts(imports) == before
    with pytest.raises(WrongState):
        undo(imports, second, KIM, now)


def test_what_somebody_changed_since_is_left_and_named(imports: Imports) -> None:
    id = looked(imports, KILN, YARN)
    take_in(imports, id, "all", KIM, now)
    save(imports, "kiln-grant", summary="Better said.")

    counts = undo(imports, id, KIM, now)

    assert counts == {"removed": 1, "restored": 0, "left": 1}
    assert {*drafts(imports)} == {"kiln-grant"}
    left = {row.record_id: row.left_because for row in imports.rows(id)}
    assert left == {"kiln-grant": f"{ALEX} changed it since", "yarn-loan": None}


def test_what_another_record_names_since_is_left_with_all_that_it_names(imports: Imports) -> None:
    id = looked(imports, KILN.replace("ExC", "Kiln Trust"), YARN, new_providers="charity")
    take_in(imports, id, "all", KIM, now)
    Life(imports.store).save(
        "offer", "other", {"name": "Other", "kind": "grant", "requires": ["kiln-grant"]},
        by=ALEX, why="new", now=NOW, version=0,
    )  # fmt: skip

    counts = undo(imports, id, KIM, now)

    assert counts["left"] == 2
    assert {*drafts(imports)} == {"kiln-grant", "kiln-trust", "other"}
    left = {row.record_id: row.left_because for row in imports.rows(id) if row.left_because}
    assert left == {"kiln-grant": "other names it", "kiln-trust": "kiln-grant names it"}


def test_a_provider_that_only_changed_offers_of_the_same_file_named_goes_too(imports: Imports) -> None:
    kiln = {"name": "Kiln grant", "kind": "grant", "provider": "example-council", "areas": ["wales"]}
    imports.store.save_offer(parse_offer("kiln", kiln), KIM, "new", NOW)
    id = looked(imports, "kiln,Kiln grant,Kiln Trust", head="id,Title,Funder", new_providers="charity")
    take_in(imports, id, "all", KIM, now)

    assert undo(imports, id, KIM, now) == {"removed": 1, "restored": 1, "left": 0}
    assert drafts(imports) == {}


def test_a_record_somebody_is_at_work_on_is_not_written_over(imports: Imports) -> None:
    take_in(imports, looked(imports, KILN), "all", KIM, now)
    save(imports, "kiln-grant", summary="Alex is at it.")

    id = looked(imports, KILN)

    assert imports.counts(id) == {"refuse": 1}
    assert f"{ALEX} is changing this record" in next(imports.faults(id))["what"]


def test_a_record_that_changed_since_the_look_stops_all_and_is_left_out_of_the_good(imports: Imports) -> None:
    take_in(imports, looked(imports, KILN), "all", KIM, now)
    all_, good = (looked(imports, KILN.replace("Half", "A third"), YARN) for _ in range(2))
    save(imports, "kiln-grant", summary="Alex was faster.")

    with pytest.raises(StaleRecord, match="kiln-grant"):
        take_in(imports, all_, "all", KIM, now)
    assert {*drafts(imports)} == {"kiln-grant"}

    take_in(imports, good, "good", KIM, now)
    assert drafts(imports)["kiln-grant"]["summary"] == "Alex was faster."
    assert "yarn-loan" in drafts(imports)
    assert imports.counts(good) == {"make": 1, "refuse": 1}


def test_only_what_passes_the_full_checks_is_published(imports: Imports) -> None:
    bare = "bare,Example bare grant,grant,,,,,,,,,,,\r\n"
    id = looked(imports, head=COMPLETE + bare)
    take_in(imports, id, "all", KIM, now, publish=True, own_drafts=True)

    assert {*imports.store.catalogue().offers} == {"kiln"}
    assert {*drafts(imports)} == {"bare"}
    assert imports.one(id).report["wrote"] == {"made": 2, "changed": 0, "published": 1}

    assert undo(imports, id, KIM, now) == {"removed": 2, "restored": 0, "left": 0}
    assert not imports.store.catalogue(published_only=False).offers
    assert drafts(imports) == {}


def test_a_published_record_gets_its_former_words_back(imports: Imports) -> None:
    take_in(imports, looked(imports, head=COMPLETE), "all", KIM, now, publish=True, own_drafts=True)
    before = imports.store.catalogue().offers["kiln"]
    id = looked(imports, head=COMPLETE.replace("5000", "9000"))
    take_in(imports, id, "all", KIM, now, publish=True, own_drafts=True)
    assert imports.store.catalogue().offers["kiln"] != before

    undo(imports, id, KIM, now)

    assert imports.store.catalogue().offers["kiln"] == before


def test_nothing_is_published_where_the_hub_wants_a_second_pair_of_eyes(imports: Imports) -> None:
    id = looked(imports, head=COMPLETE)

    with pytest.raises(WrongState, match="second pair of eyes"):
        take_in(imports, id, "all", KIM, now, publish=True)
    assert imports.one(id).state == "seen"


def test_two_never_take_the_same_file_in(imports: Imports) -> None:
    id = looked(imports, KILN)
    imports.begin(id, "applying", ("seen",), NOW)

    with pytest.raises(WrongState, match="being taken in"):
        take_in(imports, id, "all", KIM, now)
    assert drafts(imports) == {}


def test_work_that_was_cut_off_may_be_begun_again(imports: Imports) -> None:
    id = looked(imports, KILN)
    imports.begin(id, "looking", ("seen",), NOW)
    assert not imports.one(id).stopped(NOW)

    later = NOW + STOPPED_AFTER * 2
    assert imports.one(id).stopped(later)
    look(imports, id, lambda: later)

    assert imports.one(id).state == "seen"
    assert imports.counts(id) == {"make": 1}


def test_a_file_is_not_kept_once_it_is_taken_in(imports: Imports) -> None:
    id = looked(imports, KILN)
    take_in(imports, id, "all", KIM, now)

    with pytest.raises(BadTable, match="not kept"), imports.table(id):
        pass


def test_a_file_that_is_thrown_away_leaves_nothing(imports: Imports) -> None:
    id = looked(imports, KILN)
    imports.forget(id, KIM, NOW)

    with pytest.raises(NoSuchImport):
        imports.one(id)
    assert imports.rows(id) == []
