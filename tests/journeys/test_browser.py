"""An owner with a browser: the real widget and pages on the real house."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator

import httpx
import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.browsing import open_and_say
from tests.journeys.house import House
from tests.journeys.parts import require

pytestmark = pytest.mark.journey

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DUDLEY = "14 of us, metal fabrication in Dudley, lead times are all over the place"
PATIENCE = 20_000  # milliseconds


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    require(CHROMIUM is not None, "no chromium to test with; install it with apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, the_house: House) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1200, "height": 860}, base_url=the_house.url)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """The hub's page; a script error or a broken content policy on it fails the test."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/")
    yield page
    assert faults == []


def roadmap_card(page: Page) -> Locator:
    """Say the first message, answer what is asked, and return the card of the roadmap."""
    open_and_say(page, DUDLEY)
    log = page.get_by_role("log")
    for answer in ("limited company", "I'd rather not say", "I'd rather not say"):
        expect(log.locator(".dots")).to_have_count(0, timeout=PATIENCE)
        if log.locator(".card").count():
            break
        open_and_say(page, answer)
    expect(log.locator(".card")).to_have_count(1, timeout=PATIENCE)
    return log.locator(".card")


def test_a_metal_firm_types_reads_its_steps_and_refuses_loans(page: Page, the_house: House) -> None:
    card = roadmap_card(page)
    steps = card.locator("ol > li")

    assert 1 <= steps.count() <= 7
    for i in range(steps.count()):
        expect(steps.nth(i).locator("b")).not_to_be_empty()
        expect(steps.nth(i)).to_contain_text("Source: ")
        expect(steps.nth(i).get_by_role("link").last).to_have_attribute("href", re.compile(r"^https?://"))
        expect(steps.nth(i)).to_contain_text("Cost: ")

    page.get_by_role("button", name="No loans").click()

    log = page.get_by_role("log")
    expect(log.locator(".you").last).to_have_text("No loans")
    expect(log.locator(".dots")).to_have_count(0, timeout=PATIENCE)
    expect(log).to_contain_text(re.compile("loan", re.IGNORECASE))
    expect(log).not_to_contain_text("/refine")


def test_the_link_of_the_card_opens_the_roadmap_s_own_page(page: Page, context: BrowserContext) -> None:
    card = roadmap_card(page)
    names = card.locator("ol > li > b").all_inner_texts()

    with context.expect_page() as opened:
        card.get_by_role("link", name="Open it, keep it or share it").click()
    roadmap = opened.value
    roadmap.wait_for_load_state()

    assert roadmap.locator(".step h3").all_inner_texts() == names
    expect(roadmap.get_by_role("heading", level=1)).not_to_be_empty()
    expect(roadmap.locator(".told")).to_contain_text("Dudley")
    source = roadmap.locator(".step .source a").first
    expect(source).to_have_attribute("href", re.compile(r"^(https?://|/source/)"))
    expect(source).to_have_attribute("data-address", re.compile(r"^https?://"))


def test_a_conversation_is_still_there_after_a_reload_and_goes_on(page: Page) -> None:
    roadmap_card(page)
    before = page.get_by_role("log").inner_text()

    page.reload()

    expect(page.get_by_role("log").locator(".card")).to_have_count(1)
    assert page.get_by_role("log").inner_text() == before
    with page.expect_response("**/api/chat") as answered:
        open_and_say(page, "thanks")
    assert answered.value.ok
    assert answered.value.request.post_data_json["session"] == answered.value.json()["session"]


def test_delete_and_start_again_leaves_nothing_here_or_there(page: Page) -> None:
    card = roadmap_card(page)
    url = card.get_by_role("link", name="Open it, keep it or share it").get_attribute("href")
    assert url
    assert httpx.get(url).status_code == 200

    with page.expect_response("**/api/forget") as forgotten:
        page.get_by_role("button", name="Delete and start again").click()

    assert forgotten.value.ok
    expect(page.get_by_role("log")).not_to_contain_text("Dudley")
    assert "Dudley" not in page.evaluate("JSON.stringify(sessionStorage)")
    assert httpx.get(url).status_code == 404
    open_and_say(page, "hello")
    expect(page.get_by_role("log").locator(".dots")).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_role("log")).to_contain_text("Tell me what you want")


def test_a_script_typed_into_the_widget_is_only_text(page: Page) -> None:
    script = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
    open_and_say(page, script)
    log = page.get_by_role("log")
    expect(log.locator(".you").last).to_have_text(script)
    expect(log.locator(".dots")).to_have_count(0, timeout=PATIENCE)

    assert log.locator("img, script").count() == 0
    assert page.title() != "taken"


@pytest.fixture
def dated_roadmap(the_house: House) -> str:
    """The address of a roadmap for several needs, with at least one day in it."""
    asked = {
        "needs": ["research_collaboration", "finance", "peer_networks", "product_development"],
        "profile": {
            "employees": 14,
            "place": "Dudley",
            "sector": "manufacturing",
            "legal_form": "limited_company",
            "amount": {"amount": 40000, "currency": "GBP"},
        },
        "cost": 40000,
    }
    made = httpx.post(f"{the_house.url}/api/roadmaps", json=asked, timeout=60)
    assert made.status_code == 201, made.text
    url: str = made.json()["url"]
    return url


@pytest.mark.parametrize("path", ["roadmap", "/", "/about-your-data", "/roadmap/none"])
def test_on_a_phone_no_page_is_wider_than_the_screen(
    browser: Browser, the_house: House, dated_roadmap: str, path: str
) -> None:
    phone = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = phone.new_page()
    page.goto(dated_roadmap if path == "roadmap" else the_house.url + path)

    assert page.evaluate("document.documentElement.scrollWidth") == 360
    if path == "roadmap":
        assert page.locator(".step").count() >= 2
        page.mouse.wheel(500, 0)
        assert page.evaluate("window.scrollX") == 0
    phone.close()


def test_the_calendar_holds_a_day_for_each_step_that_has_one(dated_roadmap: str) -> None:
    document = httpx.get(dated_roadmap.replace("/roadmap/", "/api/roadmaps/")).json()["roadmap"]
    steps = [step for phase in document["phases"] for step in phase["steps"]]

    answer = httpx.get(f"{dated_roadmap}.ics")

    assert answer.headers["content-type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    days = [step.get("apply_by") or step.get("starts") for step in steps]
    assert [event.decoded("dtstart").isoformat() for event in events] == [day for day in days if day]
    assert events
    for event in events:
        assert str(event["url"]) == dated_roadmap
        assert any(step["name"] in str(event["summary"]) for step in steps)
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_without_a_browser_the_tests_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FINGERPOST_FULL_TESTS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no browser"):
        require(False, "no browser")

    monkeypatch.setitem(os.environ, "FINGERPOST_FULL_TESTS", "1")
    with pytest.raises(pytest.fail.Exception, match="no browser"):
        require(False, "no browser")
