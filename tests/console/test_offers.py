"""Offers and providers in the console: found, changed, sent, published, closed, taken out, brought back."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.console.desk import Desk
from bot.console.forms.fields import fields_of
from bot.console.forms.listing import PAGE, Asked, Listed, page_of
from bot.console.forms.workroom import Workroom
from knowledge_base.areas import AreaTree
from knowledge_base.hubs import Contact
from knowledge_base.records import Assurance, Provider, Window
from knowledge_base.store.database import open_database
from knowledge_base.store.life import Life
from knowledge_base.store.record_rows import write_area
from knowledge_base.store.staff import Staff
from tests.console.conftest import AtTheConsole, Clock
from tests.console.filled_form import FilledForm
from tests.core.builders import AREAS, dated, offer
from tests.store.conftest import NOW
from tests.store.conftest import address as address  # the fixture: SQLite, then PostgreSQL
from tests.store.conftest import postgresql as postgresql
from tests.store.example_records import GRANT, example_advice

SCRIPT = "<script>alert(1)</script>"
EDITOR, CURATOR = "editor@hub.example.org", "curator@hub.example.org"
LOAN = "/console/offers/example-loan"
OF_ONE = ("/scripted", "/scripted/edit", "/scripted/history")
COUNCIL = "/console/providers/example-council"
TREE = AreaTree({area.code: area for area in AREAS})


@pytest.fixture
def life(desk: Desk) -> Life:
    return Life(desk.advice.records)


def form_of(client: AtTheConsole, path: str) -> FilledForm:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return FilledForm(answer.text)


def names_in(html: str) -> list[str]:
    """The records a list shows, by their ids."""
    return re.findall(r'<td><a href="/console/(?:offers|providers)/([^"]+)">', html)


def loan_in_review(editor: AtTheConsole, why: str = "The page names a new limit", **fields: Any) -> None:
    told = {"name": "Example loan anew", "summary": "Borrow up to ten thousand pounds", **fields}
    filled = form_of(editor, f"{LOAN}/edit").having(**told)
    assert editor.submit(f"{LOAN}/edit", {**filled, "do": "send", "why": why}).status_code == 303


# The list


def test_a_list_is_searched_by_name_id_provider_and_words(viewer: AtTheConsole):
    def found(query: str) -> list[str]:
        return names_in(viewer.get(f"/console/offers?q={quote(query)}").text)

    assert found("") == ["example-check-up", "example-grant", "example-loan"]
    assert found("LOAN") == ["example-loan"]
    assert found("example-gr") == ["example-grant"]
    assert found("council grant") == ["example-grant"]
    assert found("nothing like it") == []


@pytest.mark.parametrize(
    "query",
    ["%", "_", "'", '"', "\\", "AND", "net-zero", "'; DROP TABLE offers; --", SCRIPT, "\0", "é" * 5000,
     "\ud7ff", "*", "(", "[a-z]", "%00", "🦉"],
)  # fmt: skip
def test_any_text_is_safe_to_search_for(viewer: AtTheConsole, query: str):
    for path in ("/console/offers", "/console/providers"):
        for name in ("q", "area", "provider", "kind", "state", "need", "sort", "page"):
            answer = viewer.get(path, params={name: query})

            assert answer.status_code == 200
            assert SCRIPT not in answer.text


lists_asked = st.builds(
    Asked,
    q=st.text(max_size=20),
    sort=st.sampled_from(["name", "closes", "seen", "until"]),
    state=st.sampled_from(["", "published", "draft", "overdue", "x"]),
    page=st.integers(1, 99_999),
)
days = st.none() | st.dates()
some_lines = st.lists(
    st.builds(
        Listed,
        id=st.text("abc", min_size=1, max_size=4),
        name=st.text(max_size=9),
        kind=st.just("grant"),
        closes=days,
        seen=days,
        until=days,
    ),
    max_size=80,
)


@settings(deadline=None, max_examples=100)
@given(lists_asked, some_lines)
def test_a_page_holds_what_its_numbers_say(asked: Asked, lines: list[Listed]):
    page = page_of(lines, asked, NOW.date(), TREE)

    assert len(page.rows) == (page.last - page.first + 1 if page.total else 0)
    assert 1 <= page.number <= page.pages
    assert set(page.rows) <= set(lines)


def test_the_address_of_a_list_keeps_what_was_asked(viewer: AtTheConsole):
    asked = Asked.of({"q": "a b", "state": "draft", "kind": "grant", "sort": "closes", "page": "3"})

    kept = Asked.of(dict(re.findall(r"[?&](\w+)=([^&]+)", asked.address("/x", page=4).replace("+", " "))))

    assert kept == replace(asked, page=4)
    page = viewer.get("/console/offers?state=published&kind=grant")
    assert names_in(page.text) == ["example-grant"]
    assert '<option value="grant" selected>' in page.text
    assert '<option value="published" selected>' in page.text


def test_two_hundred_offers_are_shown_fifty_to_a_page_and_none_twice(desk: Desk, viewer: AtTheConsole):
    for i in range(2 * PAGE):
        desk.advice.records.save_offer(offer(f"many-{i:03}", "grant"), "C", "new", NOW)

    first, third = viewer.get("/console/offers?q=many").text, viewer.get("/console/offers?q=many&page=2").text

    assert len(names_in(first)) == len(names_in(third)) == PAGE
    assert not set(names_in(first)) & set(names_in(third))
    assert f"of {2 * PAGE}" in first
    assert 'rel="next"' in first
    assert 'rel="next"' not in third


def test_each_state_has_its_filter(desk: Desk, viewer: AtTheConsole, life: Life):
    records = desk.advice.records
    late = Assurance("C", date(2026, 1, 1), NOW.date() - timedelta(days=1))
    records.save_offer(offer("late", assured=late), "C", "new", NOW)
    records.save_offer(offer("ended", window=Window("closed")), "C", "new", NOW)
    records.save_offer(offer("gone-by", window=dated(None, date(2026, 11, 20))), "C", "new", NOW)
    records.save_offer(replace(offer("kept-back"), status="draft"), "C", "new", NOW)
    records.save_offer(replace(offer("taken-out"), status="withdrawn"), "C", "new", NOW)
    waiting = {"name": "Waiting", "kind": "grant"}
    version = life.save("offer", "waiting", waiting, by=EDITOR, why="", now=NOW, version=0)
    life.send("offer", "waiting", EDITOR, NOW, version)

    shown = {
        state: names_in(viewer.get(f"/console/offers?state={state}").text)
        for state in ("overdue", "closed", "draft", "withdrawn", "in_review")
    }

    assert shown == {
        "overdue": ["late"],
        "closed": ["ended", "gone-by"],
        "draft": ["kept-back"],
        "withdrawn": ["taken-out"],
        "in_review": ["waiting"],
    }


def test_an_area_finds_what_is_open_in_it_or_around_it(desk: Desk, viewer: AtTheConsole):
    desk.advice.records.save_offer(offer("for-cardiff", areas=("cardiff",)), "C", "new", NOW)
    desk.advice.records.save_offer(offer("for-wales", areas=("wales",)), "C", "new", NOW)
    desk.advice.records.save_offer(offer("for-dudley", areas=("dudley",)), "C", "new", NOW)

    assert names_in(viewer.get("/console/offers?area=Cardiff").text) == ["for-cardiff", "for-wales"]
    assert names_in(viewer.get("/console/offers", params={"area": "Wales [wales]"}).text) == [
        "for-cardiff",
        "for-wales",
    ]


@pytest.mark.parametrize("query", ["example", "LOAN council", "%", "'", "net-zero AND", "zé\\"])
def test_both_databases_find_the_same(address: str, query: str):
    database = open_database(address)
    database.migrate()
    with database.writing() as session:
        for area in AREAS:
            write_area(session, area)
    advice = example_advice(database)
    room = Workroom(Desk(advice, Staff(database), {}, "", Clock()), Life(advice.records))
    room.life.save(
        "offer", "written", {"name": "Example written", "kind": "grant"}, by="E", why="", now=NOW, version=0
    )

    found = {line.id for line in page_of(room.lines("offer"), Asked(q=query), NOW.date(), TREE).rows}

    every = {"example-check-up", "example-grant", "example-loan", "written"}
    assert found == {"example": every, "LOAN council": {"example-loan"}, "%": every, "'": every}.get(
        query, set()
    )
    database.close()


# The form


def test_an_editor_changes_one_field_and_nothing_else(editor: AtTheConsole, life: Life):
    before = life.published("offer", "example-grant")
    assert before is not None
    filled = form_of(editor, "/console/offers/example-grant/edit")

    answer = editor.submit(
        "/console/offers/example-grant/edit",
        {**filled.having(summary="Get half the cost of a check-up"), "do": "save", "why": "The page says so"},
    )

    assert answer.status_code == 303
    copy = life.working("offer", "example-grant")
    assert copy is not None
    assert copy.document == {**before[0], "summary": "Get half the cost of a check-up"}
    assert (copy.by, copy.why, copy.state) == (EDITOR, "The page says so", "draft")
    assert life.published("offer", "example-grant") == before


def test_a_new_offer_is_written_with_an_id_made_of_its_name(editor: AtTheConsole, life: Life):
    filled = form_of(editor, "/console/offers/new").having(name="Café & Bar Grant: 2nd round", kind="grant")

    answer = editor.submit("/console/offers/new", {**filled, "do": "save"})

    assert answer.headers["location"] == "/console/offers/cafe-and-bar-grant-2nd-round?told=saved"
    assert life.working("offer", "cafe-and-bar-grant-2nd-round") is not None


def test_a_new_offer_does_not_take_an_id_that_is_there(editor: AtTheConsole, life: Life):
    filled = form_of(editor, "/console/offers/new").having(name="Example loan", kind="grant", summary="Mine")

    answer = editor.submit("/console/offers/new", {**filled, "do": "save"})

    assert answer.status_code == 422
    assert "Example-loan is there already" in answer.text
    assert ("summary", "Mine") in FilledForm(answer.text).pairs
    assert life.working("offer", "example-loan") is None


@pytest.mark.parametrize("id", ["new", "../x", "a b", "A" * 101, "é", SCRIPT, "a/b"])
def test_an_id_that_is_none_is_refused_and_the_form_keeps_what_was_typed(
    editor: AtTheConsole, life: Life, id: str
):
    filled = form_of(editor, "/console/offers/new").having(name="Example", kind="grant", id=id)

    answer = editor.submit("/console/offers/new", {**filled, "do": "save"})

    assert answer.status_code == 422
    assert ("name", "Example") in FilledForm(answer.text).pairs
    assert SCRIPT not in answer.text
    assert life.working_all() == []


def test_faults_are_shown_beside_their_fields_with_a_summary_and_nothing_typed_is_lost(editor: AtTheConsole):
    filled = form_of(editor, f"{LOAN}/edit")
    typed = filled.having(name="", amount__max="lots", window__closes="soon", summary="Typed with care")

    answer = editor.submit(f"{LOAN}/edit", {**typed, "do": "save"})

    kept = dict(FilledForm(answer.text).pairs)
    assert answer.status_code == 422
    assert (kept["amount.max"], kept["window.closes"], kept["summary"]) == ("lots", "soon", "Typed with care")
    for field in ("f-name", "f-amount-max", "f-window-closes"):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}-fault"' in answer.text


def test_rows_are_added_and_removed_by_buttons_and_nothing_typed_is_lost(editor: AtTheConsole, life: Life):
    filled = form_of(editor, f"{LOAN}/edit")
    typed = filled.having(summary="Half written", new="employees")

    added = editor.submit(f"{LOAN}/edit", {**typed, "do": "add"})
    again = FilledForm(added.text)
    more = editor.submit(f"{LOAN}/edit", {**again.having(**{"criteria[1].high": "49"}), "do": "more:areas"})
    removed = editor.submit(f"{LOAN}/edit", {**FilledForm(more.text).data, "do": "remove:criteria[0]"})

    assert ("criteria[1].fact", "employees") in again.pairs
    assert ("summary", "Half written") in again.pairs
    assert [name for name, _ in FilledForm(more.text).pairs].count("areas") == 2
    left = FilledForm(removed.text)
    assert ("criteria[0].high", "49") in left.pairs
    assert ("summary", "Half written") in left.pairs
    assert life.working("offer", "example-loan") is None


def test_check_shows_what_publishing_would_say_and_how_it_looks_without_saving(
    editor: AtTheConsole, life: Life
):
    filled = form_of(editor, f"{LOAN}/edit").having(name="Example loan anew", summary="")

    answer = editor.submit(f"{LOAN}/edit", {**filled, "do": "check"})

    assert answer.status_code == 200
    assert "What publishing would say" in answer.text
    assert "As a business sees it" in answer.text
    assert "<h3>Example loan anew</h3>" in answer.text
    assert life.working("offer", "example-loan") is None


def test_a_new_one_like_another_begins_without_what_is_of_that_one_alone(editor: AtTheConsole):
    begun = dict(form_of(editor, "/console/offers/new?like=example-grant").pairs)

    assert (begun["name"], begun["source.seen"]) == ("", "")
    assert begun["amount.max"] == "9000"
    assert begun["source.url"].startswith("https://")


def test_a_stale_form_shows_both_versions_and_loses_nothing(
    editor: AtTheConsole, curator: AtTheConsole, life: Life
):
    mine, theirs = form_of(editor, f"{LOAN}/edit"), form_of(curator, f"{LOAN}/edit")
    curator.submit(f"{LOAN}/edit", {**theirs.having(summary="Theirs"), "do": "save"})

    answer = editor.submit(f"{LOAN}/edit", {**mine.having(summary="Mine"), "do": "save"})

    assert answer.status_code == 409
    assert f"{CURATOR} changed this record while you wrote" in answer.text
    assert "<td>Theirs</td><td>Mine</td>" in answer.text
    copy = life.working("offer", "example-loan")
    assert copy is not None
    assert copy.document["summary"] == "Theirs"
    again = editor.submit(f"{LOAN}/edit", {**FilledForm(answer.text).data, "do": "save"})
    assert again.status_code == 303
    copy = life.working("offer", "example-loan")
    assert copy is not None
    assert copy.document["summary"] == "Mine"


def test_a_form_begun_before_a_publication_does_not_undo_it(editor: AtTheConsole, desk: Desk, life: Life):
    mine = form_of(editor, f"{LOAN}/edit")
    found = desk.advice.records.offer("example-loan")
    assert found is not None
    desk.advice.records.save_offer(replace(found[0], summary="Published anew"), "C", "new", NOW)

    answer = editor.submit(f"{LOAN}/edit", {**mine.having(summary="Mine"), "do": "save"})

    assert answer.status_code == 409
    assert "<td>Published anew</td><td>Mine</td>" in answer.text
    assert life.working("offer", "example-loan") is None


def test_an_editor_cannot_vouch_for_a_record_through_its_form(
    editor: AtTheConsole, curator: AtTheConsole, life: Life
):
    vouched = {"assured.by": "Me", "assured.on": "2026-11-21", "assured.until": "2027-11-21"}
    kept = json.dumps({"assured": {"by": "Me", "on": "2026-11-21", "until": "2027-11-21"}})
    filled = form_of(editor, f"{LOAN}/edit")

    editor.submit(f"{LOAN}/edit", {**filled.data, **vouched, "do": "save"})
    by_editor = life.working("offer", "example-loan")
    editor.submit(f"{LOAN}/edit", {**form_of(editor, f"{LOAN}/edit").data, "kept": kept, "do": "save"})
    forged = life.working("offer", "example-loan")
    again = form_of(curator, f"{LOAN}/edit")
    curator.submit(f"{LOAN}/edit", {**again.data, **vouched, "do": "save"})
    by_curator = life.working("offer", "example-loan")

    assert by_editor is not None
    assert forged is not None
    assert by_curator is not None
    assert "assured" not in by_editor.document
    assert "assured" not in forged.document
    assert by_curator.document["assured"]["by"] == "Me"


forged = st.dictionaries(
    st.sampled_from(
        [
            "name",
            "kind",
            "kept",
            "do",
            "version",
            "base",
            "why",
            "areas",
            "needs",
            "amount.max",
            "assured.on",
            "new",
            "id",
            "criteria[0].kept",
            "criteria[0].any_of[0].any_of[0].fact",
        ]
    ),
    st.text(max_size=40)
    | st.sampled_from(["add", "remove:criteria[0]", "send", "check", "up:criteria[0]", "{}", "[]", "9" * 30])
    | st.sampled_from(["{" * 500, '{"criteria": [[[1]]]}', '{"amount": 3}']),
)


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(forged)
def test_no_form_whatever_it_holds_breaks_the_console(editor: AtTheConsole, sent: dict[str, str]):
    for path in (f"{LOAN}/edit", f"{LOAN}/preview", "/console/offers/new", f"{COUNCIL}/edit"):
        assert editor.submit(path, sent).status_code in (200, 303, 409, 422)


def test_a_script_in_every_field_is_shown_as_text(editor: AtTheConsole, curator: AtTheConsole, life: Life):
    record: dict[str, Any] = {"kind": "grant", "areas": [], "needs": ["finance"], "stages": ["fund"]}
    for field in fields_of("offer"):
        if field.control.template in ("text", "long") and not field.name.startswith("assured"):
            *parts, name = field.path
            into = record
            for part in parts:
                into = into.setdefault(part, {})
            into[name] = SCRIPT
    record |= {"aliases": [SCRIPT, f"{SCRIPT}2"], "prepare": [SCRIPT], "languages": [SCRIPT]}
    record["source"]["url"] = f"https://example.org/{SCRIPT}"
    record["window"] = {"status": "unknown", "note": SCRIPT}
    record["criteria"] = [
        {"words": SCRIPT, "source": {"title": SCRIPT}},
        {"fact": "sector", "one_of": [SCRIPT], "words": SCRIPT},
        {"any_of": [{"fact": "languages", "none_of": [SCRIPT], "words": SCRIPT}], "words": SCRIPT},
    ]
    version = life.save("offer", "scripted", record, by=EDITOR, why=SCRIPT, now=NOW, version=0)
    life.send("offer", "scripted", EDITOR, NOW, version)
    life.send_back("offer", "scripted", CURATOR, SCRIPT, NOW, version + 1)

    pages = [
        client.get(f"/console{path}").text
        for client in (editor, curator)
        for path in (*(f"/offers{each}" for each in ("", *OF_ONE)), "/review", "/")
    ]

    assert [SCRIPT in page for page in pages] == [False] * 12
    assert all("alert(1)" in unescape(page) for page in pages[:5])


# What is done with records


def test_a_draft_goes_to_review_is_published_and_the_next_answer_has_it(
    editor: AtTheConsole, curator: AtTheConsole, desk: Desk
):
    loan_in_review(editor)
    version = FilledForm(
        curator.get(LOAN).text.replace('<form method="post"', '<form class="record" method="post"')
    )

    answer = curator.submit(f"{LOAN}/publish", version=dict(version.pairs)["version"])

    assert answer.headers["location"] == f"{LOAN}?told=published"
    assert desk.advice.names(["example-loan"]) == ["Example loan anew"]
    assert "It is published." in curator.get(answer.headers["location"]).text


def version_of(life: Life, id: str = "example-loan") -> int:
    copy = life.working("offer", id)
    assert copy is not None
    return copy.version


def test_nobody_publishes_what_they_wrote(curator: AtTheConsole, life: Life):
    loan_in_review(curator)

    answer = curator.submit(f"{LOAN}/publish", version=version_of(life))

    assert answer.status_code == 422
    assert "somebody else has to publish it" in answer.text


def test_a_draft_is_not_sent_without_a_reason(editor: AtTheConsole, life: Life):
    filled = form_of(editor, f"{LOAN}/edit").having(name="Example loan anew")

    answer = editor.submit(f"{LOAN}/edit", {**filled, "do": "send", "why": " "})

    assert answer.status_code == 422
    assert "The reason is missing" in answer.text
    assert life.working("offer", "example-loan") is None


def test_what_is_sent_back_comes_with_its_comment(editor: AtTheConsole, curator: AtTheConsole, life: Life):
    loan_in_review(editor)

    empty = curator.submit(f"{LOAN}/send-back", version=version_of(life), comment="")
    sent_back = curator.submit(f"{LOAN}/send-back", version=version_of(life), comment="Name the limit too")

    assert empty.status_code == 422
    assert sent_back.status_code == 303
    assert "Name the limit too" in editor.get(LOAN).text
    assert "Sent back to you" in editor.get("/console/").text


def test_a_record_with_faults_is_not_published_and_they_are_named(
    editor: AtTheConsole, curator: AtTheConsole, life: Life
):
    loan_in_review(editor, summary="")

    answer = curator.submit(f"{LOAN}/publish", version=version_of(life))

    assert answer.status_code == 422
    assert "summary" in answer.text
    assert life.working("offer", "example-loan") is not None


def test_an_offer_is_closed_with_a_successor_chosen_by_name(curator: AtTheConsole, desk: Desk):
    answer = curator.submit(
        f"{LOAN}/close", why="The page says it ended", closes="2026-11-01", succeeded_by="Example grant"
    )

    assert answer.status_code == 303
    found = desk.advice.records.offer("example-loan")
    assert found is not None
    assert (found[0].window.status, found[0].window.closes) == ("closed", date(2026, 11, 1))
    assert found[0].succeeded_by == "example-grant"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"succeeded_by": "Exampel grunt"}, "is not an offer we have"),
        ({"succeeded_by": "Example loan"}, "cannot succeed itself"),
        ({"closes": "soon"}, "is not a day"),
        ({"why": ""}, "why"),
    ],
)
def test_closing_says_what_it_cannot_use_and_keeps_what_was_typed(
    curator: AtTheConsole, desk: Desk, told: dict[str, str], said: str
):
    answer = curator.submit(f"{LOAN}/close", {"why": "The page says it ended", "closes": "", **told})

    assert answer.status_code == 422
    assert said in answer.text
    if "why" not in told:
        assert "The page says it ended" in answer.text
    found = desk.advice.records.offer("example-loan")
    assert found is not None
    assert found[0].window.status != "closed"


def test_an_offer_that_others_name_is_not_deleted_and_they_are_listed(curator: AtTheConsole, life: Life):
    answer = curator.submit("/console/offers/example-check-up/delete", why="It never was one")

    assert answer.status_code == 422
    assert GRANT.name in answer.text
    assert life.published("offer", "example-check-up") is not None


def test_the_provider_the_hubs_file_names_is_not_deleted_and_the_file_is_named(
    curator: AtTheConsole, desk: Desk, life: Life
):
    desk.advice.records.save_provider(Provider("example-team", "The example team", "public"), "C", "new", NOW)
    contact = Contact("The example team", provider="example-team")
    desk.advice.hub = replace(desk.advice.hub, id="example", name="Example hub", contact=contact)

    answer = curator.submit("/console/providers/example-team/delete", why="It moved away")

    assert answer.status_code == 422
    assert "Example hub (hubs/example.yml) in contact.provider" in answer.text
    assert life.published("provider", "example-team") is not None


def test_a_deleted_offer_is_restored_from_its_history(
    editor: AtTheConsole, curator: AtTheConsole, life: Life
):
    curator.submit(f"{LOAN}/delete", why="It never was one")
    gone = curator.get(LOAN)

    answer = curator.submit(f"{LOAN}/restore", revision="1", version="0")

    assert "no longer there" in gone.text
    assert answer.status_code == 303
    assert life.working("offer", "example-loan") is not None
    assert "It is new" in editor.get(LOAN).text


def test_a_version_is_not_restored_over_what_was_published_since_its_history_was_read(
    curator: AtTheConsole, desk: Desk, life: Life
):
    def form_shown() -> dict[str, str]:
        page = curator.get(f"{LOAN}/history").text
        return dict(re.findall(r'name="(version|base|revision)" value="(\d+)"', page))

    records = desk.advice.records
    loan, version = records.offer("example-loan") or (None, 0)
    assert loan is not None
    records.save_offer(replace(loan, summary="The second one."), "C", "new", NOW)
    read = form_shown()
    records.save_offer(replace(loan, summary="The third one."), "C", "new", NOW)

    refused = curator.submit(f"{LOAN}/restore", read)

    assert read["base"] == str(version + 1)
    assert refused.status_code == 409
    assert "published anew since its history was read" in refused.text
    assert life.working("offer", "example-loan") is None
    assert curator.submit(f"{LOAN}/restore", form_shown()).status_code == 303
    copy = life.working("offer", "example-loan")
    assert copy is not None
    assert copy.base_version == version + 2


def test_an_offer_is_withdrawn_and_a_draft_given_up(editor: AtTheConsole, curator: AtTheConsole, life: Life):
    loan_in_review(editor)

    given_up = editor.submit(f"{LOAN}/discard", version=version_of(life))
    withdrawn = curator.submit(f"{LOAN}/withdraw", why="The provider asked us to")

    assert (given_up.status_code, withdrawn.status_code) == (303, 303)
    assert life.working("offer", "example-loan") is None
    assert "Withdrawn" in curator.get(LOAN).text


def test_a_draft_that_was_overtaken_shows_both_and_takes_over(
    editor: AtTheConsole, desk: Desk, clock: Clock, life: Life
):
    loan_in_review(editor)
    found = desk.advice.records.offer("example-loan")
    assert found is not None
    desk.advice.records.save_offer(replace(found[0], evidence="Published anew"), "C", "new", clock.now)

    page = editor.get(LOAN).text
    answer = editor.submit(f"{LOAN}/rebase", version=version_of(life))

    assert "changed since this draft was begun" in page
    assert answer.status_code == 303
    copy = life.working("offer", "example-loan")
    assert copy is not None
    assert (copy.document["evidence"], copy.document["name"]) == ("Published anew", "Example loan anew")


@pytest.mark.parametrize(
    "button", ["publish", "send-back", "withdraw", "delete", "restore", "close", "send", "discard", "rebase"]
)
def test_a_viewer_has_no_buttons_and_may_not_press_them(
    viewer: AtTheConsole, editor: AtTheConsole, button: str
):
    loan_in_review(editor)

    page = viewer.get(LOAN).text
    answer = viewer.submit(f"{LOAN}/{button}", why="Because", version="2", revision="1")

    assert f"{LOAN}/{button}" not in page
    assert answer.status_code == 403
    assert viewer.get(f"{LOAN}/edit").status_code == 403


def test_an_editor_has_no_buttons_of_a_curator(editor: AtTheConsole):
    loan_in_review(editor)

    page = editor.get(LOAN).text

    for button in ("publish", "send-back", "withdraw", "delete", "close"):
        assert f'action="{LOAN}/{button}"' not in page
    assert f'action="{LOAN}/discard"' in page


def test_a_button_without_the_token_does_nothing(curator: AtTheConsole, life: Life):
    curator.csrf = "another"

    for button in ("delete", "withdraw", "close", "edit", "preview"):
        assert curator.submit(f"{LOAN}/{button}", why="Because").status_code == 403
    assert life.published("offer", "example-loan") is not None


@pytest.mark.parametrize("id", ["nothing-like-it", "%00", "..%2f..", "a" * 5000, "é", SCRIPT])
def test_a_record_that_is_not_there_is_said_to_be_missing(curator: AtTheConsole, id: str):
    for path in (f"offers/{id}", f"providers/{id}", f"offers/{id}/edit", f"offers/{id}/history"):
        answer = curator.get(f"/console/{path}")

        assert answer.status_code == 404
        assert SCRIPT not in answer.text


def test_a_provider_is_written_and_sent_to_review(editor: AtTheConsole, curator: AtTheConsole, life: Life):
    filled = form_of(editor, "/console/providers/new").having(
        name="Example bank", type="private", areas="Cardiff"
    )

    made = editor.submit("/console/providers/new", {**filled, "do": "send", "why": "It offers loans"})
    copy = life.working("provider", "example-bank")
    assert copy is not None
    published = curator.submit("/console/providers/example-bank/publish", version=copy.version)

    assert (made.status_code, published.status_code) == (303, 303)
    found = life.published("provider", "example-bank")
    assert found is not None
    assert found[0] == {"name": "Example bank", "type": "private", "areas": ["cardiff"]}
    assert "example-bank" in names_in(curator.get("/console/providers").text)


def test_the_history_says_who_changed_what(editor: AtTheConsole, curator: AtTheConsole, life: Life):
    loan_in_review(editor)
    curator.submit(f"{LOAN}/publish", version=version_of(life))

    page = curator.get(f"{LOAN}/history").text

    assert "What businesses see" in page
    assert EDITOR in page
    assert "The page names a new limit" in page
    assert "Example loan anew" in page
