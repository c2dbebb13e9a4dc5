"""The review queue, today and help: what waits, for whom, and how a record lives."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest

from bot.console.desk import SECTIONS, Desk
from bot.console.forms.fields import fields_of
from knowledge_base.hubs import Hub
from knowledge_base.records import Assurance
from knowledge_base.store.life import Life
from tests.console.conftest import AtTheConsole, Clock
from tests.console.test_offers import CURATOR, EDITOR, LOAN, loan_in_review, version_of
from tests.console.test_offers import life as life  # the fixture
from tests.core.builders import dated, offer
from tests.store.conftest import NOW


def card(client: AtTheConsole, title: str) -> str:
    """The words of one card of today; "" where it is not there."""
    html = client.get("/console/").text
    found = re.search(
        rf'<section class="card[^>]*>\s*<h2[^>]*><a [^>]*>{title}</a></h2>(.*?)</section>', html, re.S
    )
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def test_an_empty_queue_says_how_things_get_there(viewer: AtTheConsole):
    page = viewer.get("/console/review").text

    assert "Nothing waits for review" in page
    assert "sends it here" in page


def test_the_queue_says_what_waits_since_when_by_whom_and_what_it_changes(
    editor: AtTheConsole, curator: AtTheConsole, desk: Desk, clock: Clock
):
    loan_in_review(editor)
    clock.now = NOW + timedelta(days=3)
    curator.sign_in_as(desk, CURATOR)

    page = unescape(curator.get("/console/review").text)

    assert f'<a href="{LOAN}">Example loan anew</a>' in page
    assert "(3 days)" in page
    assert EDITOR in page
    assert "The page names a new limit" in page
    assert "before: </span>Example loan<" in page
    assert "after: </span>Example loan anew<" in page


def test_the_one_that_waits_longest_stands_first(life: Life, curator: AtTheConsole):
    for i, id in enumerate(("second", "first")):
        at = NOW - timedelta(hours=i)
        version = life.save("offer", id, {"name": id, "kind": "grant"}, by=EDITOR, why="", now=at, version=0)
        life.send("offer", id, EDITOR, at, version)

    page = curator.get("/console/review").text

    assert page.index('/console/offers/first"') < page.index('/console/offers/second"')


def test_who_wrote_it_is_told_that_somebody_else_publishes(
    curator: AtTheConsole, administrator: AtTheConsole
):
    loan_in_review(curator)

    assert "You wrote it" in curator.get("/console/review").text
    assert "You wrote it" not in administrator.get("/console/review").text
    assert card(curator, "To review") == "Nothing waits for your review."
    assert card(administrator, "To review").startswith("1")


def test_today_shows_what_waits_for_whoever_looks(
    viewer: AtTheConsole, editor: AtTheConsole, curator: AtTheConsole, life: Life
):
    loan_in_review(editor)

    waiting = {
        who: card(client, "To review") for who, client in (("v", viewer), ("e", editor), ("c", curator))
    }
    life.send_back("offer", "example-loan", CURATOR, "Name the limit", NOW, version_of(life))

    assert waiting["v"] == waiting["e"] == ""
    assert waiting["c"] == "1 wait for you to publish them or send them back Example loan anew"
    assert card(editor, "Sent back to you").startswith("1")
    assert card(curator, "Sent back to you") == ""
    assert card(viewer, "Drafts") == ""


def test_today_counts_what_closes_soon_and_what_is_overdue(desk: Desk, viewer: AtTheConsole):
    today, save = NOW.date(), desk.advice.records.save_offer
    late = Assurance("C", date(2026, 1, 1), today - timedelta(days=1))
    save(offer("late", assured=late), "C", "new", NOW)
    save(offer("in-time", assured=Assurance("C", date(2026, 1, 1), today)), "C", "new", NOW)
    save(offer("soon", window=dated(None, today + timedelta(days=30))), "C", "new", NOW)
    save(offer("later", window=dated(None, today + timedelta(days=31))), "C", "new", NOW)
    save(offer("gone", window=dated(None, today - timedelta(days=1))), "C", "new", NOW)

    assert card(viewer, "Overdue for a check").startswith("1 ")
    assert card(viewer, "Closing soon").startswith("1 ")
    assert card(viewer, "Offers").startswith("8 ")


def test_every_link_of_today_leads_somewhere(editor: AtTheConsole, administrator: AtTheConsole):
    loan_in_review(editor)
    main = administrator.get("/console/").text.partition("<main")[2]

    links = set(re.findall(r'href="([^"]+)"', main))

    assert len(links) > 4
    assert {administrator.get(unescape(link)).status_code for link in links} == {200}


def test_help_says_of_every_field_what_the_schema_says(viewer: AtTheConsole):
    page = unescape(viewer.get("/console/help").text)

    for kind in ("offer", "provider"):
        for field in fields_of(kind):
            assert field.hint in page
            assert field.label in page


@pytest.mark.parametrize("own", [False, True])
def test_help_says_whether_people_may_publish_their_own(viewer: AtTheConsole, desk: Desk, own: bool):
    assert isinstance(desk.advice.hub, Hub)
    object.__setattr__(desk.advice.hub, "own_drafts", own)
    try:
        page = viewer.get("/console/help").text
    finally:
        object.__setattr__(desk.advice.hub, "own_drafts", False)

    assert ("may publish what they wrote" in page) is own
    assert ("Nobody publishes what they wrote" in page) is not own


def test_every_page_of_records_names_its_place_in_the_sections(administrator: AtTheConsole):
    mine = [
        href for href, *_ in SECTIONS if href.rpartition("/")[2] in ("offers", "providers", "review", "help")
    ]

    for href in mine:
        assert f'<a href="{href}" aria-current="page">' in administrator.get(href).text
    assert len(mine) == 4
