"""Records in a real browser: by keyboard, without scripts, on a narrow screen, and for who hears the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.console.desk import Desk
from bot.console.gate import COOKIE
from knowledge_base.store.life import Life
from tests.console.conftest import AtTheConsole
from tests.console.test_offers import EDITOR, LOAN, loan_in_review
from tests.console.test_offers import life as life  # the fixture
from tests.store.conftest import NOW
from tests.web.test_widget_browser import browser as browser  # the fixture
from tests.web.test_widget_browser import free_port, listening

PAGES = (
    "/console/",
    "/console/offers",
    "/console/offers?q=nothing+like+it",
    "/console/offers/new",
    "/console/offers/example-check-up",
    LOAN,
    f"{LOAN}/edit",
    f"{LOAN}/history",
    "/console/providers",
    "/console/providers/new",
    "/console/providers/example-council",
    "/console/review",
    "/console/help",
)


@pytest.fixture
def served(gateway: Any) -> Iterator[str]:
    with listening(gateway, free_port()) as address:
        yield address


def at(browser: Browser, served: str, desk: Desk, role: str, **settings: Any) -> BrowserContext:
    person = desk.staff.by_email(f"{role}@hub.example.org")
    assert person is not None
    token, _ = desk.staff.begin(person.id, NOW)
    context = browser.new_context(base_url=served, **settings)
    context.add_cookies([{"name": COOKIE, "value": token, "url": f"{served}/console"}])
    return context


def violations(page: Page) -> str:
    found = Axe().run(page)
    return "" if found.violations_count == 0 else f"{page.url}\n{found.generate_report()}"


@pytest.fixture
def curators_page(browser: Browser, served: str, desk: Desk, editor: AtTheConsole) -> Iterator[Page]:
    """A curator's browser, narrow as a phone or a page at 400 %, with an editor's draft in review."""
    loan_in_review(editor)
    context = at(browser, served, desk, "curator", viewport={"width": 320, "height": 800})
    yield context.new_page()
    context.close()


def test_no_page_of_records_keeps_anybody_out_or_scrolls_sideways(curators_page: Page):
    for path in PAGES:
        curators_page.goto(path)

        assert violations(curators_page) == ""
        assert curators_page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert curators_page.locator("h1").count() == 1


def test_the_form_with_faults_and_every_kind_of_condition_keeps_nobody_out(
    browser: Browser, served: str, desk: Desk, life: Life
):
    record = {
        "name": "Example",
        "kind": "grant",
        "criteria": [
            {"fact": "turnover", "between": [1, 2], "currency": "GBP", "words": "You turn over little"},
            {"fact": "place", "within": ["wales"], "words": "You are in Wales"},
            {"fact": "done", "one_of": ["example-loan"], "words": "You have had the loan"},
            {"fact": "refuses", "none_of": ["loan"], "words": "You take loans"},
            {
                "any_of": [{"fact": "stage", "one_of": ["start_up"], "words": "You are new"}],
                "words": "You are new",
            },
        ],
    }
    life.save("offer", "example", record, by=EDITOR, why="", now=NOW, version=0)
    context = at(browser, served, desk, "editor", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto("/console/offers/example/edit")
    page.get_by_label("The most").fill("lots")
    page.get_by_role("button", name="Save and send to review").click()

    expect(page.get_by_role("alert")).to_contain_text("The reason is missing")
    assert violations(page) == ""
    page.get_by_role("alert").get_by_role("link", name="is not a number").click()
    expect(page.get_by_label("The most")).to_be_in_viewport()
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_offer_is_written_by_keyboard_with_or_without_scripts(
    browser: Browser, served: str, desk: Desk, life: Life, scripts: bool
):
    context = at(browser, served, desk, "editor", java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{LOAN}/edit")
    page.get_by_label("Summary").fill("Borrow up to ten thousand pounds")
    page.get_by_label("Add a condition on").select_option("employees")
    page.get_by_role("button", name="Add", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_label("At least").last.focus()
    page.keyboard.type("5")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("You employ at least 5 people")
    page.get_by_label("At least").last.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Your draft is saved")
    copy = life.working("offer", "example-loan")
    assert copy is not None
    assert copy.document["summary"] == "Borrow up to ten thousand pounds"
    assert copy.document["criteria"][-1] == {
        "fact": "employees",
        "between": [5, None],
        "words": "You employ at least 5 people",
    }
    context.close()


def test_the_preview_follows_what_is_typed_and_breaks_no_rule_of_content(
    browser: Browser, served: str, desk: Desk
):
    context = at(browser, served, desk, "editor", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{LOAN}/edit")
    expect(page.locator("#preview")).to_contain_text("Example loan")

    page.get_by_label("Name", exact=False).first.fill("Example loan <b>anew</b>")

    expect(page.locator("#preview h3").first).to_have_text("Example loan <b>anew</b>")
    assert said == []
    context.close()


def test_a_record_is_published_by_keyboard_alone(curators_page: Page, life: Life):
    page = curators_page
    page.goto(LOAN)
    page.get_by_text("Publish…").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("The page says so")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("It is published")
    found = life.published("offer", "example-loan")
    assert found is not None
    assert found[0]["name"] == "Example loan anew"
