"""A roadmap as a document: everything its page shows, links that work, and nothing read as markup."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.web import roadmap_pdf as printing
from bot.web.changes_view import changes_view
from bot.web.problems import Problem
from bot.web.roadmap_pdf import Given, Printer, roadmap_pdf
from bot.web.roadmap_pdf_text import MOST_IN_ALL, look_of
from bot.web.roadmap_view import document_view
from knowledge_base.store.roadmap_notes import RoadmapNote
from tests.web.example import small_factory, step
from tests.web.fakes import ExampleHub, House, Saved
from tests.web.pdf_reading import Pdf, read_pdf

DAY = date(2026, 11, 22)
URL = "https://hub.example.org/roadmap/example"
NOTE = RoadmapNote(
    "Ring them first.\nThen do the course.", "Kim Example", "Example team", datetime(2026, 11, 22, tzinfo=UTC)
)
HOSTILE = (
    "<b>bold</b> & <a href='javascript:alert(1)'>here</a>",
    "</para><para>",
    "<font size=900>",
    "<img src='http://127.0.0.1/x'/>",
    "&lt;&#0;&nosuch;",
    "x" * 9000,
    "word " * 3000,
    "\u202eright to left\u202c שלום مرحبا",
    "💷👩‍👩‍👧🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "\x00\x07\ud800",
    "one\ntwo\r\n\n\nthree\u2028four",
    "",
)


def made(document: dict[str, Any], note: RoadmapNote | None = None, day: date = DAY, **hub: Any) -> bytes:
    view = document_view(document, DAY, day, lambda offer: offer.replace("-", " ").capitalize())
    return roadmap_pdf(Given(view, changes_view(document), ExampleHub(**hub), URL, day, note))


@pytest.fixture(scope="module")
def factory() -> Pdf:
    document = small_factory()
    document["changes"] = [{"kind": "new", "words": "“Example course” is new: the old one has closed"}]
    document["changed_on"] = "2026-11-21"
    document["done_steps"] = [{"offer": "example-talk", "name": "Example first talk", "on": "2026-11-20"}]
    return read_pdf(made(document, NOTE))


@pytest.mark.parametrize(
    "words",
    [
        "Example Growth Hub",
        "A better way of working and money for your plans",
        "4 steps, in the order that works, as things stood on 21 November 2026",
        "From Kim Example, Example team",
        "Then do the course.",
        "not from the records",
        "“Example course” is new: the old one has closed",
        "Example first talk. Noted on 20 November 2026",
        "Dudley",
        "An adviser walks your floor for a day",
        "Likely a fit",
        "Not sure yet",
        "A review comes before the grant below",
        "Whether you have traded for a year: you have not told us",
        "The project must not have started",
        "Last two years' accounts",
        "£150 a person",
        "50 % of the cost, £5,000 to £20,000, paid after you have spent it",
        "31 January 2027",
        "Example online",
        "https://example.org/example-grant",
        "Seen 21 November 2026; checked by A. Curator on 1 November 2026.",
        "no page is recorded. When it was last seen is not known; not yet checked by the hub.",
        "Nothing for premises is open just now.",
        "At most £24,000, in March 2027",
        "£18,000",
        "Lends £1,000 to £50,000, to be repaid: all of the £12,000 left",
        "If a grant here is given as example aid",
        "how long you have been trading",
        "hello@hub.example.org",
        URL,
        "Made on 22 November 2026",
    ],
)
def test_the_document_says_what_the_page_says(factory: Pdf, words: str):
    assert " ".join(words.split()) in factory.words


def test_a_record_due_to_be_checked_again_says_so_and_a_day_gone_by_is_named():
    read = read_pdf(made(small_factory(), day=DAY + timedelta(days=100)))

    assert "due again since 1 February 2027" in read.words
    assert "31 January 2027 (this day has passed)" in read.words


def test_the_outline_leads_to_each_phase_and_step(factory: Pdf):
    order = ["From your adviser", "Get clear", "1. Example productivity review", "Get ready", "Get funded"]

    assert [title for title in factory.outline if title in order] == order
    assert "Who pays for what" in factory.outline


def test_the_sources_and_the_page_are_links(factory: Pdf):
    assert {URL, "https://example.org/example-review", "https://example.org/example-grant"} <= set(
        factory.links
    )


def test_the_document_names_itself_its_author_its_language_and_its_day(factory: Pdf):
    assert factory.told["Title"] == "Your roadmap: A better way of working and money for your plans"
    assert factory.told["Author"] == "Example Growth Hub"
    assert factory.told["CreationDate"].startswith("D:20261122")
    assert "/Lang (en)" in factory.catalogue
    assert "/ViewerPreferences" in factory.catalogue


def test_every_page_has_its_number(factory: Pdf):
    last = len(factory.pages)

    assert last > 1
    assert all(f"Page {at} of {last}" in page for at, page in enumerate(factory.pages, 1))


def test_no_heading_stands_alone_at_the_foot_of_a_page():
    for extra in range(0, 30, 3):
        document = small_factory()
        document["phases"][0]["steps"][0]["why"] += ["You make things"] * extra
        for page in read_pdf(made(document)).pages[:-1]:
            body = [line for line in page.split("\n") if line.strip()]
            heads = re.compile(
                r"(Get (clear|ready|funded|going)|Why this one|Have ready|\d\. Example .*|Who pays.*)"
            )
            furniture = ("http", "Made on", "Page ", "Example Growth Hub")
            told = [line for line in body if not line.startswith(furniture)]
            assert not heads.fullmatch(told[-1].strip())


def test_the_same_roadmap_on_the_same_day_gives_the_same_bytes():
    assert made(small_factory(), NOTE) == made(small_factory(), NOTE)
    assert made(small_factory(), NOTE) != made(small_factory(), NOTE, DAY + timedelta(days=1))


def test_polish_hungarian_and_welsh_letters_are_there_with_their_fonts():
    words = "Zażółć gęślą jaźń; árvíztűrő tükörfúrógép; ŵy, ŷd, môr a thŷ"
    document = small_factory()
    document["phases"][0]["steps"][0]["summary"] = words

    read = read_pdf(made(document, name="Łódź Őrség Hwb Ŵ"))

    assert words in read.words
    assert "Łódź Őrség Hwb Ŵ" in read.words
    assert read.embedded >= 2


def test_what_a_record_holds_is_shown_as_it_is_written_and_links_nowhere_else():
    hostile = HOSTILE[0]
    bad = step(
        "bad",
        hostile,
        summary=hostile,
        why=[hostile],
        source={"url": "javascript:alert(1)", "title": hostile},
    )
    document = {**small_factory(), "phases": [{"phase": "get_clear", "steps": [bad]}]}
    note = RoadmapNote(hostile, hostile, hostile, NOTE.at)

    read = read_pdf(made(document, note))

    assert "<b>bold</b> & <a href='javascript:alert(1)'>here</a>" in read.words
    assert [link for link in read.links if not link.startswith("https://")] == []


@settings(max_examples=25, deadline=None)
@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=300)), st.sampled_from(HOSTILE))
def test_any_words_make_a_document_that_can_be_read(one: str, other: str):
    bad = step(
        "bad", one, provider=other, summary=one, why=[one, other], unsure=[other], prepare=[one], cost=other,
        funding={"words": one}, source={"url": f"https://example.org/{one}", "title": other, "seen": one},
    )  # fmt: skip
    document = small_factory()
    document["phases"][1]["steps"] = [bad]
    document["gaps"] = [{"need": one, "words": other}]
    document["profile"]["place"] = one
    document["funding"]["lines"][0] |= {"name": one, "words": other}
    document["changes"] = [{"kind": other, "words": one}]

    read = read_pdf(
        made(document, RoadmapNote(one[:1500], other[:200] or "Kim", one[:200], NOTE.at), name=one)
    )

    assert f"Page {len(read.pages)} of {len(read.pages)}" in read.pages[-1]


def test_a_roadmap_without_any_step_is_a_document_too():
    read = read_pdf(made({"needs": ["finance"], "phases": [], "on": "2026-11-22"}))

    assert "Nothing we hold fits, as things stood on 22 November 2026." in read.words


def test_a_roadmap_too_long_for_a_document_says_where_the_rest_is():
    document = small_factory()
    long = "long words " * 150
    document["phases"][0]["steps"] = [step(f"s{n}", f"Example {n}", why=[long] * 10) for n in range(60)]

    data = made(document)

    read = read_pdf(data)
    assert "The rest stands on its page" in read.words
    assert len(read.words) < 2 * MOST_IN_ALL
    assert len(data) < 2_000_000


def test_a_hubs_pale_colour_still_gives_words_that_can_be_read():
    look = look_of({"accent": "#ffff66"})

    assert (look.main, look.on_main) == ("#ffff66", "#000000")
    assert look.text not in ("#ffff66", "#ffffff")
    assert made(small_factory(), colours={"accent": "no colour"}).startswith(b"%PDF")


def test_the_page_leads_to_the_document_which_is_private(client: TestClient, house: House):
    house.roadmaps.held["example"] = Saved("example", small_factory())

    answer = client.get("/roadmap/example.pdf")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'inline; filename="roadmap.pdf"'
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "Example productivity review" in read_pdf(answer.content).words
    assert 'href="/roadmap/example.pdf"' in client.get("/roadmap/example").text


def test_a_roadmap_that_is_not_there_has_no_document(client: TestClient):
    assert client.get("/roadmap/nobody.pdf").status_code == 404
    assert client.get("/roadmap/%00%F0%9F%92%B7.pdf").status_code == 404


def test_too_many_documents_at_once_are_refused_until_there_is_room(monkeypatch: pytest.MonkeyPatch):
    document = small_factory()
    view = document_view(document, DAY, DAY, str)
    one = Given(view, changes_view(document), ExampleHub(), URL, DAY)
    printer = Printer()
    monkeypatch.setattr(printing, "MOST_WAITING", 0)
    with pytest.raises(Problem) as refused:
        asyncio.run(printer.print(one))
    monkeypatch.setattr(printing, "MOST_WAITING", 1)

    assert refused.value.status == 429
    assert asyncio.run(printer.print(one)).startswith(b"%PDF")
