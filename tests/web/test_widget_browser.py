"""The widget and the pages in a real browser, on a gateway that listens."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.web.app import create_app
from bot.web.settings import Rate, Settings
from tests.browsing import open_and_say
from tests.web.example import small_factory
from tests.web.fakes import House, Saved

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
DESK, PHONE = {"width": 1200, "height": 860}, {"width": 360, "height": 740}
SCRIPT = "<img src=x onerror=alert(1)><script>alert(1)</script>"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def listening(app: ASGIApp, port: int) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("FINGERPOST_FULL_TESTS") == "1":
            pytest.fail("no chromium to test with; install it with apt-get install chromium")
        pytest.skip("no chromium to test with")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def elsewhere() -> str:
    """The address of another site's page that carries the widget."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture
def house() -> House:
    house = House.with_roadmap(small_factory())
    house.roadmaps.held["example"] = Saved("example", small_factory())
    house.rasa.answer = answer
    return house


def answer(body: dict[str, Any]) -> list[dict[str, Any]]:
    if "roadmap" in body["message"]:
        return [
            {"text": "Here it is."},
            {"custom": {"roadmap": {"id": "example"}}},
            {"custom": {"offers": [{"name": "Bad", "source": {"url": "javascript:alert(1)"}}]}},
            {"text": "Shall I go on?", "buttons": [{"title": "Yes, go on", "payload": "/affirm"}]},
        ]
    return [{"text": f"You said: {body['message']} See https://example.org/x, and {SCRIPT}"}]


@pytest.fixture
def site(house: House, elsewhere: str) -> Iterator[str]:
    port = free_port()
    roomy = Rate(1000, 60_000)
    settings = Settings(port=port, origins=(elsewhere,), session_rate=roomy, address_rate=roomy)
    with listening(create_app(settings, house.services), port) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESK)
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, site: str) -> Iterator[Page]:
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    page.on("dialog", lambda dialog: faults.append("a dialog opened") or dialog.dismiss())
    page.goto(f"{site}/")
    yield page
    assert faults == []


def violations(page: Page) -> str:
    found = Axe().run(page)
    return "" if found.violations_count == 0 else found.generate_report()


def test_an_owner_types_and_is_answered(page: Page):
    open_and_say(page, "We want to export")

    log = page.get_by_role("log")
    expect(log).to_contain_text("You said: We want to export")
    expect(log.get_by_role("link", name="https://example.org/x", exact=True)).to_have_attribute(
        "rel", "noopener noreferrer"
    )


def test_markup_is_shown_as_the_text_it_is(page: Page):
    open_and_say(page, SCRIPT)

    expect(page.get_by_role("log")).to_contain_text(f"You said: {SCRIPT}")
    assert (
        page.evaluate("document.querySelector('body > div').shadowRoot.querySelectorAll('img,script').length")
        == 0
    )


def test_a_button_sends_its_payload_and_shows_its_title(page: Page, house: House):
    open_and_say(page, "Show me a roadmap")
    page.get_by_role("button", name="Yes, go on").click()

    expect(page.get_by_role("log")).to_contain_text("You said: /affirm")
    expect(page.get_by_text("Yes, go on", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Yes, go on")).to_have_count(0)
    assert house.rasa.sent[-1]["message"] == "/affirm"


def test_the_roadmap_is_a_link_and_a_script_address_is_not(page: Page, site: str):
    open_and_say(page, "Show me a roadmap")

    card = page.get_by_role("link", name="Open it, keep it or share it")
    expect(card).to_have_attribute("href", f"{site}/roadmap/example")
    expect(page.get_by_text("Bad", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Bad")).to_have_count(0)


def test_a_providers_page_is_opened_by_way_of_the_count_and_the_site_is_told(
    page: Page, site: str, house: House
):
    card = {
        "offer": "example-grant",
        "name": "Example grant",
        "source": {"url": "https://www.example.org/grant"},
    }
    lesser = {"offer": "example-loan", "name": "Example loan", "source": {"url": "javascript:alert(1)"}}
    house.rasa.answer = lambda body: [
        {"text": "Example grant. Source: https://www.example.org/grant. Not https://example.net/other."},
        {"custom": {"offers": [card, lesser], "roadmap": {"id": "example", **small_factory()}}},
        {"text": "Of example-grant: https://www.example.org/grant", "custom": {"offers": [card]}},
    ]
    open_and_say(page, "Tell me of the grant")

    log = page.get_by_role("log")
    expect(log.get_by_role("link", name="Example grant", exact=True).first).to_have_attribute(
        "href", f"{site}/source/example-grant"
    )
    expect(log.get_by_text("Example grant (example.org)").first).to_be_visible()
    expect(log.get_by_role("link", name="https://www.example.org/grant", exact=True)).to_have_attribute(
        "href", f"{site}/source/example-grant"
    )
    expect(log.get_by_role("link", name="Example loan")).to_have_count(0)
    expect(log.get_by_role("link", name="example.org", exact=True).first).to_have_attribute(
        "href", f"{site}/source/example-review"
    )
    assert page.evaluate(
        "[...document.querySelector('body > div').shadowRoot.querySelectorAll('a')]"
        ".every((a) => /^https?:/.test(a.href))"
    )


def test_a_conversation_survives_a_reload(page: Page, house: House):
    open_and_say(page, "Show me a roadmap")
    expect(page.get_by_role("log")).to_contain_text("Here it is.")

    page.reload()

    expect(page.get_by_role("log")).to_contain_text("Show me a roadmap")
    page.get_by_role("button", name="Yes, go on").click()
    expect(page.get_by_role("log")).to_contain_text("You said: /affirm")
    assert len({sent["sender"] for sent in house.rasa.sent}) == 1


def test_a_message_that_failed_is_tried_again_under_the_same_id(page: Page, house: House):
    open_and_say(page, "Hello")
    expect(page.get_by_role("log")).to_contain_text("You said: Hello")
    house.rasa.status = 500
    open_and_say(page, "A grant please")
    expect(page.get_by_role("log")).to_contain_text("That did not reach us; nothing was lost. Try again.")

    house.rasa.status = 200
    with page.expect_request("**/api/chat") as first:
        page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("log")).to_contain_text("You said: A grant please")
    assert first.value.post_data_json["message_id"] in house.chats.answers["session-00001"]
    assert page.get_by_text("A grant please", exact=True).count() == 1


def test_a_message_not_yet_answered_is_sent_again_after_a_reload(page: Page, house: House):
    open_and_say(page, "Hello")
    expect(page.get_by_role("log")).to_contain_text("You said: Hello")
    house.rasa.status = 500
    open_and_say(page, "A grant please")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    house.rasa.status = 200

    page.reload()

    expect(page.get_by_role("log")).to_contain_text("You said: A grant please")


def test_while_the_bot_wakes_the_widget_waits_and_then_answers(page: Page, house: House):
    house.rasa.refusing = True
    open_and_say(page, "Hello")
    expect(page.get_by_role("log")).to_contain_text("We are just waking up.")

    house.rasa.refusing = False

    expect(page.get_by_role("log")).to_contain_text("You said: Hello")


def test_a_conversation_the_gateway_no_longer_has_starts_anew(page: Page, house: House):
    open_and_say(page, "Hello")
    expect(page.get_by_role("log")).to_contain_text("You said: Hello")
    house.chats.answers.clear()

    open_and_say(page, "Still there?")

    expect(page.get_by_role("log")).to_contain_text("You said: Still there?")
    assert house.rasa.sent[-1]["sender"] == "session-00002"


def test_starting_again_deletes_the_conversation_here_and_there(
    context: BrowserContext, site: str, house: House
):
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(site)
    open_and_say(page, "My secret plan")
    expect(page.get_by_role("log")).to_contain_text("You said: My secret plan")

    page.get_by_role("button", name="Delete and start again").click()

    expect(page.get_by_role("log")).not_to_contain_text("secret")
    assert house.chats.answers == {}
    assert "secret" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_when_the_bot_deleted_everything_the_page_forgets_too(page: Page, house: House):
    open_and_say(page, "My secret plan")
    expect(page.get_by_role("log")).to_contain_text("You said: My secret plan")
    house.rasa.answer = lambda body: [{"text": "It is gone."}, {"custom": {"forgotten": True}}]

    open_and_say(page, "delete my data")

    expect(page.get_by_role("log")).to_contain_text("It is gone.")
    expect(page.get_by_role("log")).not_to_contain_text("secret")
    assert "secret" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_the_keyboard_is_enough(page: Page):
    launcher = page.get_by_role("button", name="Find support")
    launcher.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your message")).to_be_focused()
    page.keyboard.type("Show me a roadmap")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Yes, go on")).to_be_visible()

    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Yes, go on")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("You said: /affirm")
    expect(page.get_by_label("Your message")).to_be_focused()
    page.keyboard.press("Escape")
    expect(launcher).to_be_focused()
    expect(page.get_by_role("log")).not_to_be_visible()


def test_answers_are_announced(page: Page):
    page.get_by_role("button", name="Find support").click()

    expect(page.get_by_role("log", name="Conversation")).to_have_attribute("aria-live", "polite")


def test_a_question_on_the_page_begins_the_conversation(page: Page):
    page.get_by_role("button", name="Is there a grant for new software?").click()

    expect(page.get_by_role("log")).to_contain_text("You said: Is there a grant for new software?")


def test_on_a_phone_the_widget_fills_the_screen(browser: Browser, site: str):
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(site)
    page.get_by_role("button", name="Find support").tap()

    assert page.get_by_role("dialog").bounding_box() == {"x": 0, "y": 0, **PHONE}
    context.close()


CARRYING = (
    "<!doctype html><html lang='en'><title>Partner</title><main><h1>A partner's page</h1></main>"
    '<script src="{site}/widget.js" defer data-name="Example hub" data-colour="#5a1d6b"></script></html>'
)


def test_another_sites_page_carries_it_with_one_line_under_its_own_policy(
    context: BrowserContext, site: str, elsewhere: str
):
    policy = f"default-src 'none'; script-src {site}; connect-src {site}"

    async def partner(request: object) -> HTMLResponse:
        return HTMLResponse(CARRYING.format(site=site), headers={"content-security-policy": policy})

    with listening(Starlette(routes=[Route("/", partner)]), int(elsewhere.rpartition(":")[2])):
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda said: faults.append(said.text))
        page.goto(elsewhere)
        open_and_say(page, "Hello")
        expect(page.get_by_role("log")).to_contain_text("You said: Hello")
        colour = page.get_by_role("button", name="Send").evaluate(
            "node => getComputedStyle(node).backgroundColor"
        )

    assert colour == "rgb(90, 29, 107)"
    assert [fault for fault in faults if "favicon" not in fault] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", ["/", "/about-your-data", "/roadmap/example", "/roadmap/none"])
def test_pages_have_no_accessibility_faults_and_do_not_scroll_sideways(
    browser: Browser, site: str, path: str, viewport: Any, scheme: Any
):
    context = browser.new_context(
        viewport=viewport, color_scheme=scheme, extra_http_headers={"accept": "text/html"}
    )
    page = context.new_page()
    page.goto(site + path)

    assert violations(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_widget_has_no_accessibility_faults(browser: Browser, site: str, house: House, scheme: Any):
    context = browser.new_context(viewport=DESK, color_scheme=scheme)
    page = context.new_page()
    page.goto(site)
    open_and_say(page, "Show me a roadmap")
    expect(page.get_by_role("button", name="Yes, go on")).to_be_visible()
    house.rasa.status = 500
    open_and_say(page, "And now?")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()

    assert violations(page) == ""
    context.close()


def test_a_roadmap_page_needs_no_script(browser: Browser, site: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/roadmap/example")

    expect(page.get_by_role("heading", name="Example growth grant")).to_be_visible()
    expect(page.get_by_role("img", name="The steps in time")).to_be_visible()
    expect(page.get_by_role("link", name="Add to calendar")).to_be_visible()
    expect(page.get_by_role("button", name="Copy link")).to_be_hidden()
    context.close()


def test_the_link_of_a_roadmap_can_be_copied(context: BrowserContext, site: str):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/roadmap/example")

    page.get_by_role("button", name="Copy link").click()

    expect(page.get_by_role("status")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}/roadmap/example"


@dataclass
class Asked:
    """Requests for a person, by their conversations, and what an adviser wrote there."""

    of: dict[str, str] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)

    def hear(self, *_: Any) -> None:
        return None

    def person(self, session: str, now: datetime) -> dict[str, Any] | None:
        name = self.of.get(session)
        return {"name": name, "state": "taken", "live": False} if name else None

    def news(self, session: str, after: int, now: datetime) -> dict[str, Any]:
        there = self.lines if session in self.of else []
        return {
            "lines": [line for line in there if line["id"] > after],
            "person": self.person(session, now),
        }


@pytest.fixture
def asked(house: House, elsewhere: str) -> Iterator[tuple[str, Asked]]:
    """A gateway on which people ask for a person; its address, and who asked."""
    port, people, roomy = free_port(), Asked(), Rate(1000, 60_000)
    settings = Settings(port=port, origins=(elsewhere,), session_rate=roomy, address_rate=roomy)
    app = create_app(settings, replace(house.services, people=people))
    with listening(app, port) as address:
        yield address, people


def kept_of(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(localStorage)"))


def ask_for_a_person(context: BrowserContext, address: str, people: Asked) -> None:
    """Ask in a tab that is closed again."""
    page = context.new_page()
    page.goto(address)
    open_and_say(page, "My secret plan")
    expect(page.get_by_role("log")).to_contain_text("You said: My secret plan")
    assert kept_of(page) == "{}"
    people.of["session-00001"] = "Kim Example"
    people.lines.append({"id": 3, "who": "Kim Example", "text": "Kim has it.", "at": "2026-11-21T09:00"})
    open_and_say(page, "A person please")
    expect(page.get_by_text("Kim Example has your request.")).to_be_visible()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # looked at again: news is asked
    expect(page.get_by_role("log")).to_contain_text("Kim has it.")
    assert "session-00001" in kept_of(page)
    assert "secret" not in kept_of(page)
    page.close()


def test_who_asked_for_a_person_finds_the_conversation_again_in_a_new_tab(
    context: BrowserContext, asked: tuple[str, Asked], house: House
):
    address, people = asked
    ask_for_a_person(context, address, people)
    people.lines.append({"id": 4, "who": "Kim Example", "text": "When suits?", "at": "2026-12-30T09:00"})

    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Find support").click()

    expect(page.get_by_role("log")).to_contain_text("When suits?")
    expect(page.get_by_role("log")).not_to_contain_text("Kim has it.")
    expect(page.get_by_role("log")).not_to_contain_text("secret")
    expect(page.get_by_text("Kim Example has your request.")).to_be_visible()
    assert violations(page) == ""
    open_and_say(page, "delete my data")
    expect(page.get_by_role("log")).to_contain_text("You said: delete my data")
    assert house.rasa.sent[-1]["sender"] == "session-00001"
    expect(page.get_by_role("button", name="That was not me")).to_have_count(0)


def test_somebody_else_at_the_same_computer_starts_afresh(
    context: BrowserContext, asked: tuple[str, Asked], house: House
):
    address, people = asked
    ask_for_a_person(context, address, people)

    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Find support").click()
    page.get_by_role("button", name="That was not me").click()

    expect(page.get_by_text("has your request")).to_have_count(0)
    assert kept_of(page) == "{}"
    open_and_say(page, "Hello")
    expect(page.get_by_role("log")).to_contain_text("You said: Hello")
    assert house.rasa.sent[-1]["sender"] == "session-00002"
    assert "session-00001" in house.chats.answers, "nothing of the other's was deleted"


@pytest.mark.parametrize("how", ["button", "words"])
def test_what_is_deleted_is_no_longer_remembered_by_the_browser(
    context: BrowserContext, asked: tuple[str, Asked], house: House, how: str
):
    address, people = asked
    ask_for_a_person(context, address, people)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    page.get_by_role("button", name="Find support").click()
    expect(page.get_by_text("Kim Example has your request.")).to_be_visible()
    people.of.clear()

    if how == "button":
        page.get_by_role("button", name="Delete and start again").click()
    else:
        house.rasa.answer = lambda body: [{"text": "It is gone."}, {"custom": {"forgotten": True}}]
        open_and_say(page, "delete my data")
        expect(page.get_by_role("log")).to_contain_text("It is gone.")

    expect(page.get_by_text("has your request")).to_have_count(0)
    assert house.chats.answers == {}
    assert kept_of(page) == "{}"


def test_a_conversation_that_staff_deleted_is_let_go_of_and_another_begins(
    context: BrowserContext, asked: tuple[str, Asked], house: House
):
    address, people = asked
    ask_for_a_person(context, address, people)
    house.chats.answers.clear()
    people.of.clear()

    page = context.new_page()
    page.goto(address)
    open_and_say(page, "Still there?")

    expect(page.get_by_role("log")).to_contain_text("You said: Still there?")
    assert house.rasa.sent[-1]["sender"] == "session-00002"
    expect(page.get_by_role("button", name="That was not me")).to_have_count(0)
    assert kept_of(page) == "{}"


@pytest.mark.parametrize(
    "stored", ["", "{", "null", "7", '"x"', "[]", '{"session": 7}', '{"session": "", "after": "<img>"}']
)
def test_whatever_stands_in_the_browsers_memory_the_widget_opens(
    context: BrowserContext, asked: tuple[str, Asked], stored: str
):
    address, _ = asked
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address)
    page.evaluate("(told) => localStorage.setItem('fingerpost:' + location.origin, told)", stored)
    page.reload()

    open_and_say(page, "Hello")

    expect(page.get_by_role("log")).to_contain_text("You said: Hello")
    assert faults == []
