"""The whole life of a record in a real browser: written, reviewed, published, advised, checked, closed.

The gateway, the console and the engine are the real ones, on one database; nothing is trained for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from bot.console.app import create_console
from bot.console.desk import Desk
from bot.web.app import create_app
from bot.web.services import Services
from bot.web.settings import Rate, Settings
from knowledge_base.records import Window
from knowledge_base.store.chats import Chats
from tests.console.conftest import PASSWORD, Clock
from tests.core.builders import offer
from tests.store.conftest import NOW
from tests.web.test_widget_browser import browser as browser  # the fixture
from tests.web.test_widget_browser import free_port, listening

GRANT = "example-workshop-grant"
SUCCESSOR = offer(
    "example-space-voucher",
    "voucher",
    needs=("premises",),
    stages=("fund",),
    window=Window("dated", opens=date(2027, 1, 11), closes=date(2027, 12, 31)),
)
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 800}
FITS = {"employees": 14, "place": "Dudley", "legal_form": "limited_company"}
OTHERS = {
    "a sole trader": {**FITS, "legal_form": "sole_trader"},
    "a large firm": {**FITS, "employees": 400},
    "a firm in Cardiff": {**FITS, "place": "Cardiff"},
}


@pytest.fixture
def served(desk: Desk, clock: Clock) -> Iterator[str]:
    """The address of a gateway with the console, on the desk's database; two people have passwords."""
    for role in ("curator", "administrator"):
        person = desk.staff.by_email(f"{role}@hub.example.org")
        assert person is not None
        desk.staff.change(person.id, password=PASSWORD, now=NOW)
    desk.advice.records.save_offer(SUCCESSOR, "C", "new", NOW)
    port, roomy = free_port(), Rate(1000, 60_000)
    address = f"http://127.0.0.1:{port}"
    desk.address = desk.advice.public_url = address
    advice = desk.advice
    services = Services(
        chats=Chats(advice.database),
        roadmaps=advice.roadmaps,
        advice=advice,
        clock=clock,
        records=advice.view,
    )
    settings = Settings(port=port, public_url=address, session_rate=roomy, address_rate=roomy)
    with listening(create_app(settings, services, {"/console": create_console(desk)}), port) as at:
        yield at


@pytest.fixture
def sits_down(browser: Browser, served: str) -> Iterator[Callable[..., Page]]:
    """Open a browser of one's own; what breaks the content policy or a script on any page fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def sit_down(viewport: dict[str, int] | None = None) -> Page:
        context = browser.new_context(base_url=served, viewport=viewport or WIDE)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        return page

    yield sit_down
    for context in contexts:
        context.close()
    assert faults == []


def look_at(page: Page) -> None:
    """Nobody is kept out of the page on show, and it has one heading and no sideways scrolling."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
        page.url
    )


def tab_to(page: Page, wanted: Locator) -> None:
    """Reach something with the Tab key alone."""
    for _ in range(120):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} cannot be reached with the Tab key")


def sign_in_by_keyboard(page: Page, email: str) -> None:
    tab_to(page, page.get_by_label("E-mail"))
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def write_the_grant(page: Page) -> None:
    """Fill the form of a new offer: a grant for a workshop, with three conditions."""
    page.get_by_label("Name needed").fill("Example workshop grant")
    page.get_by_label("Kind needed").select_option("grant")
    page.get_by_label("Provider needed").fill("Example council")
    page.get_by_label("Summary needed").fill("Half the cost of fitting out a workshop.")
    page.locator("#f-needs-first").select_option("premises")
    page.get_by_role("group", name="Stages needed").get_by_label("Fund").check()
    page.get_by_label("Areas, 1").fill("West Midlands")
    page.get_by_label("Currency", exact=True).first.select_option("GBP")
    page.get_by_label("The most").first.fill("8,000")
    page.get_by_label("Share of the cost, per cent").fill("50")
    page.get_by_label("When it is open").select_option("rolling")
    page.get_by_label("Page needed").fill("https://example.org/workshop-grant")
    page.get_by_label("Last looked at").fill("2026-11-20")
    for fact in ("employees", "legal_form", "words"):
        page.get_by_label("Add a condition on").last.select_option(fact)
        page.get_by_role("button", name="Add", exact=True).last.click()
    people, form, words = (page.locator("fieldset.condition").nth(at) for at in range(3))
    people.get_by_label("At least").fill("5")
    people.get_by_label("At most").fill("249")
    people.get_by_label("In plain words").fill("You employ between 5 and 249 people")
    form.get_by_label("In plain words").fill("You are not a sole trader")
    form.get_by_label("sole trader", exact=False).first.check()
    form.locator("select").first.select_option("none_of")
    words.get_by_label("In plain words").fill("The work has not begun")


def roadmap_of(served: str, profile: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    asked = {"needs": ["premises"], "profile": profile}
    made = httpx.post(f"{served}/api/roadmaps", json=asked, timeout=30)
    assert made.status_code == 201, made.text
    document = made.json()["roadmap"]
    return made.json()["url"], [step for phase in document["phases"] for step in phase["steps"]]


def offered(served: str, profile: dict[str, Any]) -> list[str]:
    return [step["offer"] for step in roadmap_of(served, profile)[1]]


def test_a_grant_lives_from_its_first_draft_to_its_successor(
    sits_down: Callable[..., Page], served: str, desk: Desk, clock: Clock
) -> None:
    writer = sits_down()
    writer.goto("/console/offers/new")
    look_at(writer)
    sign_in_by_keyboard(writer, "curator@hub.example.org")
    expect(writer.get_by_role("heading", level=1)).to_have_text("A new offer")
    write_the_grant(writer)
    look_at(writer)
    writer.get_by_label("In a sentence, for the record’s history").fill("New in the council's paper")
    writer.get_by_role("button", name="Save and send to review").click()

    expect(writer.get_by_role("heading", level=1)).to_have_text("Example workshop grant")
    expect(writer.locator("main")).to_contain_text("In review")
    look_at(writer)
    assert offered(served, FITS) == [SUCCESSOR.id]
    writer.get_by_text("Publish…").click()
    writer.get_by_role("button", name="Publish", exact=True).click()
    expect(writer.get_by_role("alert")).to_contain_text("somebody else has to publish it")
    assert offered(served, FITS) == [SUCCESSOR.id]

    publisher = sits_down(NARROW)
    publisher.goto("/console/review")
    sign_in_by_keyboard(publisher, "administrator@hub.example.org")
    expect(publisher.get_by_role("heading", level=1)).to_have_text("Review")
    look_at(publisher)
    tab_to(publisher, publisher.get_by_role("link", name="Example workshop grant", exact=True))
    publisher.keyboard.press("Enter")
    expect(publisher.locator("main")).to_contain_text("You employ between 5 and 249 people")
    look_at(publisher)
    tab_to(publisher, publisher.locator("summary", has_text="Publish…"))
    publisher.keyboard.press("Enter")
    tab_to(publisher, publisher.get_by_role("button", name="Publish", exact=True))
    publisher.keyboard.press("Enter")
    expect(publisher.get_by_role("status")).to_contain_text("It is published")
    look_at(publisher)

    url, steps = roadmap_of(served, FITS)
    (grant,) = [step for step in steps if step["offer"] == GRANT]
    assert grant["verdict"] == "likely"
    assert grant["to_check"] == ["The work has not begun"]
    assert grant["checked"] == "not yet checked by the hub"
    for who, profile in OTHERS.items():
        assert GRANT not in offered(served, profile), who

    vouched_for(publisher, served)
    told_that_it_is_due(sits_down(NARROW), url, desk, clock)
    clock.now = NOW
    publisher.goto(f"/console/offers/{GRANT}")
    publisher.get_by_text("Close it…").click()
    publisher.locator("#why-close").fill("The council's page says that it has ended")
    publisher.get_by_label("What follows it, by name").fill(SUCCESSOR.name)
    look_at(publisher)
    publisher.get_by_role("button", name="Close it", exact=True).click()
    expect(publisher.get_by_role("status")).to_be_visible()
    look_at(publisher)

    assert offered(served, FITS) == [SUCCESSOR.id]
    owner = sits_down()
    owner.goto(url)
    expect(owner.locator("main")).to_contain_text(
        "Example workshop grant is left out: it has ended; when is not known; "
        "Example space voucher followed it."
    )
    assert owner.locator(".step h3").all_inner_texts() == [SUCCESSOR.name]
    look_at(owner)
    publisher.goto(f"/console/offers/{GRANT}/history")
    for why in ("New in the council's paper", "The council's page says that it has ended"):
        expect(publisher.locator("main")).to_contain_text(why)
    look_at(publisher)


def vouched_for(page: Page, served: str) -> None:
    """Vouch for the grant on the page of what is due, by keyboard."""
    page.goto("/console/due?show=all")
    look_at(page)
    until = (NOW.date() + timedelta(days=30)).isoformat()
    page.get_by_label("Until", exact=True).fill(until)
    tab_to(page, page.get_by_label("Choose Example workshop grant"))
    page.keyboard.press("Space")
    page.get_by_role("button", name="Vouch for the chosen").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("You vouched for one record.")
    look_at(page)
    (grant,) = [step for step in roadmap_of(served, FITS)[1] if step["offer"] == GRANT]
    assert grant["checked"] == "checked by the hub on 21 November 2026"


def told_that_it_is_due(page: Page, url: str, desk: Desk, clock: Clock) -> None:
    """After the day has passed the saved roadmap says so; after the grace a new one leaves the grant out."""
    clock.now = NOW + timedelta(days=40)
    page.goto(url)
    badge = page.locator(".step", has_text="Example workshop grant").locator(".overdue")
    words = "Last checked by the hub on 21 November 2026, due again since 21 December 2026"
    expect(badge).to_have_text(words)
    look_at(page)
    served = url.partition("/roadmap/")[0]
    assert GRANT in offered(served, FITS)

    clock.now = NOW + timedelta(days=30 + desk.advice.hub.grace_days + 1)
    assert GRANT not in offered(served, FITS)
    page.reload()
    expect(badge).to_have_text(words)


def test_a_record_whose_source_nobody_knows_can_still_be_vouched_for_on_a_phone(
    sits_down: Callable[..., Page], desk: Desk
) -> None:
    bare = offer(
        "example-bare", name="Example " + "verylongword" * 12, source=replace(SUCCESSOR.source, url=None)
    )
    desk.advice.records.save_offer(bare, "C", "new", NOW)
    page = sits_down(NARROW)
    page.goto("/console/due?show=all")
    sign_in_by_keyboard(page, "curator@hub.example.org")

    expect(page.locator("main")).to_contain_text("It has no page as a source.")
    look_at(page)
    page.get_by_role("button", name=f"Vouch for {bare.name}").click()

    expect(page.get_by_role("status")).to_have_text("You vouched for one record.")
    found = desk.advice.records.offer(bare.id)
    assert found is not None
    assert found[0].assured is not None
    assert found[0].assured.by == "Example curator"
