"""The console's other pages in a real browser: nobody is kept out, nothing is cut off, all goes by keyboard.

What `test_browser_records` and `test_life_browser` walk through is left out here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from bot.console.desk import SECTIONS, Desk
from bot.console.pages import unheard as unheard_pages
from knowledge_base.gap_groups import GapSeen
from knowledge_base.records import Edition, Window
from knowledge_base.store.gaps import Gaps
from knowledge_base.store.life import Life
from knowledge_base.store.unheard import NEW, NotUnderstood, UnheardRows
from tests.console.test_browser_records import at
from tests.console.test_duplicates import records as look_alikes  # the fixture
from tests.console.test_gaps import OCTOBER, SEPTEMBER
from tests.console.test_import import SCHEMES
from tests.console.test_life_browser import WIDE, look_at, sign_in_by_keyboard, tab_to
from tests.console.test_life_browser import served as served  # the fixture
from tests.console.test_life_browser import sits_down as sits_down  # the fixture
from tests.console.test_sources import finding as finding  # the fixture
from tests.console.test_sources import store as store  # the fixture
from tests.console.test_unheard import BOOTH, WORKSHOP, ByWord
from tests.core.builders import offer
from tests.store.conftest import NOW
from tests.web.test_widget_browser import browser as browser  # the fixture

__all__ = ["look_alikes"]

ZOOMED = {"width": 320, "height": 256}  # a window of 1280 by 1024 at 400 %
SOON = NOW.date() + timedelta(days=20)
PAGES = (
    "/console/",
    "/console/me",
    "/console/staff",
    "/console/audit",
    "/console/due?show=all",
    "/console/sources",
    "/console/duplicates",
    "/console/duplicates/pair?one=example-grant&other=example-grant-again",
    "/console/events",
    "/console/import",
    "/console/gaps",
    "/console/gaps/brief?need=premises&area=black-country",
    "/console/usage",
    "/console/unheard",
    "/console/help",
    "/console/review",
    "/console/nothing-at-this-address",
)
# What shows nothing yet says what will come here.
EMPTY = {
    "/console/sources": "A finding appears here when",
    "/console/duplicates": "A pair comes here when",
    "/console/events": "each event in it becomes a draft",
    "/console/import": "A good first one is",
    "/console/gaps": "When one has none, it is counted here",
    "/console/usage": "An offer is counted when",
    "/console/unheard": "the message comes here",
    "/console/review": "Nothing waits for review",
    "/console/due": "Records come up here",
}
CUT_OFF = """() => [...document.querySelectorAll('body *')].filter((each) => {
  const style = getComputedStyle(each), box = each.getBoundingClientRect();
  if (!each.innerText || !each.innerText.trim() || box.width < 2 || box.right < 1) return false;
  if (each.closest('.scrolls, .command, select, option, svg, .unseen, .aside')) return false;
  return (style.overflowX !== 'visible' && each.scrollWidth > each.clientWidth + 1)
    || box.right > innerWidth + 1 || style.textOverflow === 'ellipsis';
}).map((each) => `${each.tagName}.${each.className}: ${each.innerText.slice(0, 50)}`)"""
NUMBERED = """() => {
  const every = document.querySelectorAll('a[href], button, input, select, textarea, summary');
  const found = [...every].filter((each) =>
    each.type !== 'hidden' && each.checkVisibility({ visibilityProperty: true }));
  found.forEach((each, n) => { each.dataset.n = n; });
  const named = (each) => (each.innerText || each.name || each.id).trim().slice(0, 40);
  // Of a group of radio buttons the Tab key reaches one: the chosen, or the first.
  const group = (each) => [...document.querySelectorAll(`input[type=radio][name="${each.name}"]`)];
  const chosen = (each) => each.type !== 'radio'
    || each === (group(each).find((other) => other.checked) ?? group(each)[0]);
  return Object.fromEntries(found.filter(chosen).map((each) => [each.dataset.n, named(each)]));
}"""
# Of a date's parts the browser itself marks the one in focus.
FOCUSED = """() => {
  const at = document.activeElement, parts = ['date', 'month', 'time'].includes(at.type);
  return [at.dataset.n ?? '', parts || getComputedStyle(at).outlineStyle !== 'none'];
}"""


@pytest.fixture
def busy(desk: Desk, look_alikes: Any, finding: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub at work: something stands on every page."""
    monkeypatch.setattr(unheard_pages, "_ENCODER", ByWord())
    database = desk.advice.database
    seen = GapSeen("premises", "nothing open", "black-country", "1 to 9", "care")
    elsewhere = GapSeen("finance", "refused", "wales", "10 to 49", "food")
    Gaps(database).record([seen] * 43 + [elsewhere] * 14, OCTOBER)
    Gaps(database).record([elsewhere] * 12, SEPTEMBER)
    for what in ("shown", "opened", "followed"):
        desk.advice.used.note(what, ["example-grant", "example-check-up"], OCTOBER)
    unheard = UnheardRows(database)
    for n, words in enumerate((BOOTH, WORKSHOP, "a" * 300)):
        unheard.keep(NotUnderstood(f"s{n}", words, "unsure", "out_of_scope", 0.3, NOW.date()))
    held = (
        Edition("past", NOW.date() - timedelta(days=40), place="Example Barn"),
        Edition("next", SOON, place="Example Hall", booking="https://example.org/book"),
    )
    evening = offer("example-evening", "event", name="Example evening", window=Window("dated", editions=held))
    desk.advice.records.save_offer(evening, "C", "new", NOW)
    life = Life(desk.advice.records)
    record = {"name": "Example " + "verylongword" * 9, "kind": "grant"}
    life.save("offer", "example-draft", record, by="editor@hub.example.org", why="", now=NOW, version=0)
    life.send("offer", "example-draft", "editor@hub.example.org", NOW, 1)


@pytest.fixture
def administrators_page(sits_down: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    """An administrator's browser, as wide as the test says."""
    page = sits_down(getattr(request, "param", WIDE))
    page.goto("/console/me")
    sign_in_by_keyboard(page, "administrator@hub.example.org")
    expect(page.get_by_role("heading", level=1)).to_have_text("Example administrator")
    return page


def press(page: Page, name: str, role: Any = "button", exact: bool = False) -> None:
    """Reach a button or link with the Tab key, and press Enter on it."""
    wanted = page.get_by_role(role, name=name, exact=exact).first
    tab_to(page, wanted)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("administrators_page", [WIDE, ZOOMED], indirect=True, ids=["wide", "at 400 %"])
def test_no_page_keeps_anybody_out_or_cuts_anything_off(busy: None, administrators_page: Page) -> None:
    page = administrators_page
    for path in PAGES:
        page.goto(path)

        look_at(page)
        assert page.evaluate(CUT_OFF) == [], path


@pytest.mark.parametrize("administrators_page", [WIDE, ZOOMED], indirect=True, ids=["wide", "at 400 %"])
def test_a_page_with_nothing_on_it_yet_says_what_will_come(administrators_page: Page) -> None:
    page = administrators_page
    for path, words in EMPTY.items():
        page.goto(path)

        expect(page.locator(".empty", has_text=words).first).to_be_visible()
        look_at(page)


def test_everything_on_a_page_is_reached_with_the_tab_key_and_seen_to_be(
    busy: None, administrators_page: Page
) -> None:
    page = administrators_page
    for path in PAGES:
        page.goto(path)
        wanted = page.evaluate(NUMBERED)
        reached: set[str] = set()
        for _ in range(len(wanted) * 3 + 40):
            page.keyboard.press("Tab")
            number, seen = page.evaluate(FOCUSED)
            assert seen or not number, f"{path}: nothing shows that {wanted.get(number)} is in focus"
            if number and number in reached and len(reached) >= len(wanted):
                break
            reached.add(number)

        missed = [words for number, words in wanted.items() if number not in reached]
        assert missed == [], path


@pytest.mark.parametrize("viewport", [WIDE, ZOOMED], ids=["wide", "at 400 %"])
def test_somebody_signs_in_after_a_slip_by_keyboard(
    sits_down: Callable[..., Page], viewport: dict[str, int]
) -> None:
    page = sits_down(viewport)
    page.goto("/console/usage")
    look_at(page)
    assert page.evaluate(CUT_OFF) == []
    tab_to(page, page.get_by_label("E-mail"))
    page.keyboard.type("curator@hub.example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_be_visible()
    look_at(page)
    tab_to(page, page.get_by_label("Password"))
    page.keyboard.type("three owls on a fence")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Offers in use")


def test_the_menu_is_one_line_at_a_desk_and_leads_everywhere_by_keyboard(administrators_page: Page) -> None:
    page = administrators_page
    line = page.locator("nav.sections > *")
    boxes = [line.nth(n).bounding_box() for n in range(line.count())]
    assert len({round(box["y"]) for box in boxes if box}) == 1
    assert page.locator(".menu").is_hidden()

    for path, words, _, group in SECTIONS:
        page.goto("/console/help")
        if group:
            summary = page.locator("nav.sections summary", has_text=group)
            tab_to(page, summary)
            page.keyboard.press("Enter")
            look_at(page)
        tab_to(page, page.locator("nav.sections").get_by_role("link", name=words, exact=True))
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{path}*")
        here = page.locator(f'nav.sections a[href="{path}"]')
        expect(here).to_have_attribute("aria-current", "page")
        if group:
            expect(page.locator("nav.sections details.here summary")).to_have_text(group)


def test_a_group_of_the_menu_that_is_left_covers_nothing(administrators_page: Page) -> None:
    page = administrators_page
    summary = page.locator("nav.sections summary", has_text="Checks")
    tab_to(page, summary)
    page.keyboard.press("Enter")
    expect(page.locator("nav.sections").get_by_role("link", name="Sources")).to_be_visible()

    tab_to(page, page.locator("nav.sections").get_by_role("link", name="Help", exact=True))

    expect(page.locator("nav.sections").get_by_role("link", name="Sources")).to_be_hidden()


def test_the_menu_of_a_phone_is_one_word_and_opens_without_scripts(
    browser: Browser, served: str, desk: Desk
) -> None:
    context = at(
        browser, served, desk, "viewer", viewport={"width": 320, "height": 800}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/console/")
    expect(page.locator("nav.sections")).to_be_hidden()
    link = page.locator(".menu").get_by_role("link", name="Offers in use")
    expect(link).to_be_hidden()

    summary = page.locator(".menu summary")
    expect(summary).to_have_text("Menu")
    summary.focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    for group in ("Checks", "What is asked", "The hub"):
        expect(page.locator(".menu").get_by_role("list", name=group)).to_be_visible()
    expect(page.locator(".menu").get_by_role("link", name="Today")).to_have_attribute("aria-current", "page")
    expect(page.locator(".menu").get_by_role("link", name="People")).to_have_count(0)
    link.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Offers in use")
    context.close()


@pytest.mark.parametrize("administrators_page", [WIDE, ZOOMED], indirect=True, ids=["wide", "at 400 %"])
def test_a_table_is_taken_in_and_undone_by_keyboard_alone(administrators_page: Page, desk: Desk) -> None:
    page, life = administrators_page, Life(desk.advice.records)
    page.goto("/console/import")
    look_at(page)
    tab_to(page, page.get_by_label("A table of offers or providers"))
    table = FilePayload(name="schemes.csv", mimeType="text/csv", buffer=SCHEMES.encode())
    page.get_by_label("A table of offers or providers").set_input_files(table)  # the system's own window
    press(page, "Take in this file")

    expect(page.get_by_role("heading", level=1)).to_have_text("What do the columns mean?")
    look_at(page)
    assert page.evaluate(CUT_OFF) == []
    link = page.get_by_label("Link", exact=True)
    tab_to(page, link)
    page.keyboard.press("Home")
    expect(link).to_have_value("")
    press(page, "Look at what it would do")

    expect(page.get_by_role("heading", level=1)).to_have_text("What this file would do")
    look_at(page)
    assert page.evaluate(CUT_OFF) == []
    tab_to(page, page.get_by_label("Where: “Atlantis”"))
    page.keyboard.type("wales")
    press(page, "Look again with these")
    expect(page.get_by_role("button", name="Take in all 3")).to_be_visible()
    assert life.working_all() == []
    press(page, "Take in all 3")

    expect(page.get_by_role("heading", level=1)).to_have_text("schemes.csv was taken in")
    look_at(page)
    assert page.evaluate(CUT_OFF) == []
    assert {copy.id for copy in life.working_all()} == {
        "example-kiln-grant", "example-yarn-loan", "example-mystery",
    }  # fmt: skip
    press(page, "Undo the whole import")

    expect(page.get_by_role("heading", level=1)).to_have_text("schemes.csv was undone")
    look_at(page)
    assert life.working_all() == []


def test_a_morning_at_the_desk_goes_by_keyboard_alone(
    busy: None, administrators_page: Page, desk: Desk
) -> None:
    page = administrators_page
    page.goto("/console/staff")
    tab_to(page, page.get_by_label("E-mail"))
    page.keyboard.type("new@hub.example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("Example newcomer")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_label("First password"))
    page.keyboard.type("seven larks over a mill")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Example newcomer")).to_be_visible()
    newcomer = desk.staff.by_email("new@hub.example.org")
    assert newcomer is not None
    page.goto(f"/console/staff/{newcomer.id}")
    look_at(page)
    press(page, "Shut Example newcomer out")
    expect(page.get_by_role("button", name="Let Example newcomer in again")).to_be_visible()
    shut_out = desk.staff.by_email("new@hub.example.org")
    assert shut_out is not None
    assert not shut_out.active

    page.goto("/console/duplicates")
    press(page, "These are two")
    expect(page.get_by_role("status")).to_contain_text("They are two")

    page.goto("/console/sources")
    press(page, "Mark as seen")
    expect(page.get_by_role("status")).to_have_text("Marked as seen.")

    page.goto("/console/events")
    press(page, "Call off")
    expect(page.get_by_role("status")).to_contain_text("called off in a draft")
    look_at(page)

    page.goto("/console/unheard")
    press(page, "Teaches nothing: set aside")
    expect(page.locator(".cluster")).to_have_count(1)
    assert len(UnheardRows(desk.advice.database).all([NEW])) == 1

    page.goto("/console/gaps")
    press(page, "space to work in, Black Country: 43. Draft a brief", "link")
    page.wait_for_url("**/console/gaps/brief?*")
    expect(page.locator("main")).to_contain_text("43")
    look_at(page)
