"""In and out: a curator takes a stranger's table in by steps, sees first what it would do, and undoes it."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest

from bot.console.desk import Desk
from bot.console.pages import import_
from bot.web.wiring import open_services
from knowledge_base.store.import_undo import undo
from knowledge_base.store.imports import Imports
from knowledge_base.store.life import Life
from tests.console.conftest import AtTheConsole, Clock
from tests.store.conftest import NOW

SCHEMES = (
    "Title,What you get,Run by,Where,Type,Closing date,Maximum,Link\r\n"
    "Example kiln grant,Half the cost of a new kiln,Example council,Wales,Grant,31 March 2027,£5000,https://example.org/kiln\r\n"
    "Example yarn loan,A small loan for spinners,Example council,Wales,Loans,ongoing,10k,https://example.org/yarn\r\n"
    "Example mystery,Something,Example council,Atlantis,Grant,,,https://example.org/mystery\r\n"
)


def uploaded(client: AtTheConsole, content: str | bytes, name: str = "schemes.csv") -> str:
    answer = client.submit("/console/import", files={"file": (name, content)})
    assert answer.status_code == 303, answer.text
    where: str = answer.headers["location"]
    return where


def chosen(page: str) -> dict[str, str]:
    """What a page's form would send if its button were pressed now."""
    fields = dict(re.findall(r'<input type="text" id="[^"]+" name="([^"]+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', page, re.S):
        picked = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = picked[1] if picked else ""
    return fields


def looked_at(client: AtTheConsole, where: str, **other: str) -> str:
    """Accept the suggested mapping but for what is told, and return the preview."""
    fields = chosen(client.get(where).text) | other
    answer = client.submit(f"{where}/mapping", fields, do="look")
    assert answer.status_code == 303, answer.text
    page: str = client.get(where).text
    return page


def drafts(desk: Desk) -> dict[str, Any]:
    return {copy.id: copy.document for copy in Life(desk.advice.records).working_all()}


def test_a_table_from_outside_is_mapped_looked_at_taken_in_and_undone(
    curator: AtTheConsole, desk: Desk
) -> None:
    where = uploaded(curator, SCHEMES)
    page = curator.get(where).text
    assert "What do the columns mean?" in page
    assert chosen(page)["to_0"] == "name"

    preview = looked_at(curator, where)
    assert "Take in the 2 good ones" in preview
    assert "Atlantis" in preview
    assert not drafts(desk), "looking writes nothing"

    assert curator.submit(f"{where}/apply", how="good").status_code == 303
    report = curator.get(where).text
    assert "schemes.csv was taken in" in report
    made = drafts(desk)
    assert {*made} == {"example-kiln-grant", "example-yarn-loan"}
    assert made["example-kiln-grant"]["window"] == {"status": "dated", "closes": "2027-03-31"}
    assert made["example-kiln-grant"]["amount"] == {"currency": "GBP", "max": 5000}
    assert made["example-yarn-loan"]["window"] == {"status": "rolling"}
    assert "example-kiln-grant" not in desk.advice.records.catalogue(published_only=False).offers

    assert curator.submit(f"{where}/undo").status_code == 303
    assert "was undone" in curator.get(where).text
    assert drafts(desk) == {}


def test_who_changes_an_imports_draft_by_hand_is_not_handed_the_imports_reason(
    curator: AtTheConsole, desk: Desk
) -> None:
    where = uploaded(curator, SCHEMES)
    looked_at(curator, where)
    curator.submit(f"{where}/apply", how="good")
    imported = curator.get("/console/offers/example-kiln-grant/edit")
    life = Life(desk.advice.records)
    copy = life.working("offer", "example-kiln-grant")
    assert copy is not None
    life.save("offer", copy.id, copy.document, by=copy.by, why="I rang them", now=NOW, version=copy.version)

    assert imported.status_code == 200
    assert f"import {where.rpartition('/')[2]}" not in imported.text
    assert "I rang them" in curator.get("/console/offers/example-kiln-grant/edit").text


def test_an_import_can_be_undone_until_the_day_its_page_says_and_is_let_go_of_then(
    curator: AtTheConsole, desk: Desk, clock: Clock
) -> None:
    where = uploaded(curator, SCHEMES)
    looked_at(curator, where)
    curator.submit(f"{where}/apply", how="good")
    id, imports = where.rpartition("/")[2], Imports(desk.advice.records)
    assert "can be undone until 21 November 2027" in curator.get(where).text
    services = open_services({}, desk.advice)
    assert services.purge is not None
    services.purge(NOW + timedelta(days=364))
    assert [row.document is not None for row in imports.rows(id, "make")] == [True, True]

    clock.now = NOW + timedelta(days=365)
    curator.sign_in_as(desk, curator.member.email if curator.member else "")
    refused = curator.submit(f"{where}/undo")
    assert (refused.status_code, "too long ago" in refused.text) == (409, True)
    services.purge(clock.now)

    assert [(row.document, row.before, row.wrote) for row in imports.rows(id, "make")] == [
        (None, None, None)
    ] * 2
    page = curator.get(where).text
    assert "kept for 365 days" in page
    assert "Undo the whole import" not in page
    assert "Example kiln grant" in page
    assert "Atlantis" in curator.get(f"{where}/faults.csv").text
    assert curator.submit(f"{where}/undo").status_code == 409
    assert undo(imports, id, "kim@hub.example.org", clock) == {"removed": 0, "restored": 0, "left": 0}
    assert {*drafts(desk)} == {"example-kiln-grant", "example-yarn-loan"}


def test_an_unknown_value_is_asked_about_once_and_then_its_rows_are_good(
    curator: AtTheConsole, desk: Desk
) -> None:
    where = uploaded(curator, SCHEMES)
    preview = looked_at(curator, where)
    assert "Where: “Atlantis”" in preview

    assert curator.submit(f"{where}/values", value_0="Nowhere at all").status_code == 422
    assert curator.submit(f"{where}/values", value_0="wales").status_code == 303

    assert "Take in all 3" in curator.get(where).text


def test_a_value_no_list_knows_may_be_kept_as_a_condition_in_words(curator: AtTheConsole, desk: Desk) -> None:
    where = uploaded(curator, SCHEMES)
    assert "= keeps it in words" in looked_at(curator, where)

    assert curator.submit(f"{where}/values", value_0="=").status_code == 303
    assert "Take in all 3" in curator.get(where).text
    curator.submit(f"{where}/apply", how="all")

    assert drafts(desk)["example-mystery"]["criteria"] == [{"words": "Your business is in Atlantis"}]


def test_a_kind_cannot_be_kept_in_words_and_the_form_says_so(curator: AtTheConsole) -> None:
    where = uploaded(curator, SCHEMES.replace(",Loans,", ",Kite,"))
    page = looked_at(curator, where)
    number = re.search(r'for="value_(\d)">Type', page)
    assert number is not None

    answer = curator.submit(f"{where}/values", {f"value_{number[1]}": "="})

    assert (answer.status_code, "is not known either" in answer.text) == (422, True)


def test_amounts_that_are_not_plain_are_kept_in_words_where_the_curator_says_so(
    curator: AtTheConsole, desk: Desk
) -> None:
    where = uploaded(curator, SCHEMES.replace("£5000", "£300 a month"))
    looked_at(curator, where, unknown="words")

    curator.submit(f"{where}/apply", how="good")

    assert drafts(desk)["example-kiln-grant"]["amount"] == {"note": "Maximum: £300 a month"}


def test_what_is_wrong_is_told_by_row_and_column_as_a_file(curator: AtTheConsole) -> None:
    where = uploaded(curator, SCHEMES)
    looked_at(curator, where)

    answer = curator.get(f"{where}/faults.csv")

    rows = [*csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))]
    assert [(row["row"], row["column"], row["value"]) for row in rows] == [("4", "Where", "Atlantis")]
    assert "choose in the mapping" in rows[0]["remedy"]


def test_a_mapping_that_was_kept_reads_the_next_file_of_the_same_people(
    curator: AtTheConsole, desk: Desk
) -> None:
    where = uploaded(curator, SCHEMES)
    looked_at(curator, where, keep_as="Example district", to_7="")

    later = uploaded(curator, SCHEMES, "later.csv")
    assert chosen(curator.get(later).text)["to_7"] == "source.url"
    looked_at(curator, later, use="Example district")

    mapping = Imports(desk.advice.records).one(later.rpartition("/")[2]).mapping
    assert "Link" not in {each.column for each in mapping.columns}


def test_two_columns_for_one_field_are_refused_in_words_and_nothing_is_lost(curator: AtTheConsole) -> None:
    where = uploaded(curator, SCHEMES)

    fields = chosen(curator.get(where).text) | {"to_1": "name"}
    answer = curator.submit(f"{where}/mapping", fields, do="look")

    assert answer.status_code == 422
    assert "both fill “Name”" in answer.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing in this file"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"<!doctype html><table>", "web page"),
        (b"\x00\x01\x02\x03" * 50, "zero bytes"),
        (b"PK\x03\x04 not really", "damaged"),
        (",".join(f"c{n}" for n in range(10_000)).encode(), "10,000 columns"),
    ],
    ids=["empty", "pdf", "html", "binary", "zip", "wide"],
)
def test_a_file_that_is_no_table_is_refused_with_the_way_out(
    curator: AtTheConsole, desk: Desk, content: bytes, words: str
) -> None:
    answer = curator.submit("/console/import", files={"file": ("schemes.csv", content)})

    assert answer.status_code == 422
    assert words in answer.text
    assert Imports(desk.advice.records).all() == []


def test_a_name_full_of_markup_is_only_text(curator: AtTheConsole) -> None:
    where = uploaded(curator, 'Title,"<script>alert(1)</script>"\r\n<b>x</b>,y\r\n', "<img src=x>.csv")

    page = curator.get(where).text + curator.get("/console/import").text

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_an_editor_may_look_and_take_out_but_not_take_in(editor: AtTheConsole, curator: AtTheConsole) -> None:
    where = uploaded(curator, SCHEMES)

    assert editor.get(where).status_code == 200
    assert editor.get("/console/import/export/offers.csv").status_code == 200
    assert 'type="file"' not in editor.get("/console/import").text
    assert editor.submit("/console/import", files={"file": ("x.csv", SCHEMES)}).status_code == 403
    for step in ("mapping", "values", "apply", "undo", "forget"):
        assert editor.submit(f"{where}/{step}").status_code == 403


def test_a_form_without_its_token_takes_nothing_in(curator: AtTheConsole, desk: Desk) -> None:
    answer = curator.post("/console/import", data={"csrf": "guessed"}, files={"file": ("x.csv", SCHEMES)})

    assert answer.status_code == 403
    assert Imports(desk.advice.records).all() == []


def test_pressing_take_in_twice_takes_in_once(curator: AtTheConsole, desk: Desk) -> None:
    where = uploaded(curator, SCHEMES)
    looked_at(curator, where)

    first, second = (curator.submit(f"{where}/apply", how="good").status_code for _ in range(2))

    assert (first, second) == (303, 303)
    assert len(drafts(desk)) == 2
    assert Imports(desk.advice.records).one(where.rpartition("/")[2]).report["wrote"]["made"] == 2


def test_before_a_very_large_file_is_written_a_curator_is_told_that_everybody_waits(
    curator: AtTheConsole, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = uploaded(curator, SCHEMES)
    assert "Choose a quiet hour" not in looked_at(curator, where)

    monkeypatch.setattr(import_, "MANY", 1)
    assert "Choose a quiet hour" in curator.get(where).text
    curator.submit(f"{where}/apply", how="good")
    assert "Choose a quiet hour" in curator.get(where).text, "undoing is one piece too"


def test_nothing_is_published_at_once_where_the_hub_wants_a_second_pair_of_eyes(
    curator: AtTheConsole, desk: Desk
) -> None:
    where = uploaded(curator, SCHEMES)
    assert "Publish at once" not in looked_at(curator, where)

    assert curator.submit(f"{where}/apply", how="good", publish="yes").status_code == 422
    assert drafts(desk) == {}


@pytest.mark.parametrize("name", ["offers.csv", "providers.csv", "records.xlsx", "records.json"])
def test_what_is_written_out_comes_back_as_it_was(curator: AtTheConsole, name: str) -> None:
    written = curator.get(f"/console/import/export/{name}").content

    where = uploaded(curator, written, name)
    preview = looked_at(curator, where)

    assert "There is nothing to take in" in preview
    assert re.search(r"<dt>refused</dt><dd>0</dd>", preview)
    assert not re.search(r"<dt>as they are</dt><dd>0</dd>", preview)


def test_the_list_teaches_while_nothing_was_taken_in(viewer: AtTheConsole) -> None:
    assert "A good first one is a list that somebody near you keeps" in viewer.get("/console/import").text


def test_an_import_that_is_not_there_is_told_plainly(curator: AtTheConsole) -> None:
    for path in ("", "/faults.csv"):
        assert curator.get(f"/console/import/nosuchone{path}").status_code == 404
    for step in ("mapping", "values", "apply", "undo", "forget"):
        assert curator.submit(f"/console/import/nosuchone/{step}", how="all").status_code == 404


def test_work_that_is_still_going_on_shows_a_page_that_looks_again_by_itself(
    curator: AtTheConsole, desk: Desk
) -> None:
    where = uploaded(curator, SCHEMES)
    Imports(desk.advice.records).begin(where.rpartition("/")[2], "looking", ("taken",), desk.clock())

    page = curator.get(where).text

    assert '<meta http-equiv="refresh"' in page
    assert "is being looked at" in page
