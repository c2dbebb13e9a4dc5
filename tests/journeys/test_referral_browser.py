"""An owner in a browser and a broker in Slack: the request, the talk between them, and how it ends."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.slack.app import PATH
from knowledge_base.advice import Advice
from knowledge_base.hubs import read_hub
from knowledge_base.store.database import open_database
from tests.browsing import open_and_say
from tests.journeys.house import House, house
from tests.journeys.parts import require, require_bot
from tests.journeys.test_browser import CHROMIUM, DUDLEY, FLAGS
from tests.slack import gateway, signing
from tests.slack.block_kit_schema import message_faults
from tests.slack.referral_house import choice
from tests.slack.stand_in import StandIn
from tests.slack.workspace import TEAM, Message

pytestmark = pytest.mark.journey

PATIENCE = 30_000  # milliseconds
PICTURES = os.environ.get("FINGERPOST_PICTURES")


@dataclass
class Hub:
    """A house whose brokers are in a stand-in for Slack."""

    house: House
    slack: StandIn
    advice: Advice

    def slack_says(self, request: tuple[str, str]) -> None:
        answer = gateway.post(f"{self.house.url}{PATH}", request)
        assert answer.status_code == 200, answer.text

    def referral(self) -> Any:
        return self.slack.wait_for(self.advice.referrals.list)[0]

    def card(self, code: str) -> Message:
        return self.slack.wait_for(
            lambda: next((m for m in self.slack.said("C0TEAM") if code in m.text and not m.thread_ts), None)
        )


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    require(CHROMIUM is not None, "no chromium to test with; install it with apt-get install chromium")
    require_bot()
    folder = tmp_path_factory.mktemp("brokers")
    with StandIn() as slack:
        slack.channel("C0TEAM", "brokers")
        slack.person("U0KIM", "Kim Example")
        with house(folder, **slack.environment()) as running:
            running.wait_until_awake()
            database = open_database(f"sqlite:///{folder / 'fingerpost.sqlite'}")
            advice = Advice(database, read_hub("default"), running.url)
            now = datetime.now(UTC)
            team = advice.teams.add(name="Example advisers", slack_team=TEAM, channel="C0TEAM", now=now)
            advice.brokers.add(team=team.id, name="Kim Example", slack_team=TEAM, slack_user="U0KIM", now=now)
            yield Hub(running, slack, advice)
            database.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(hub: Hub, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, base_url=hub.house.url)
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
    page.goto("/")
    yield page
    assert faults == []


def violations(page: Page, name: str) -> str:
    """What axe finds at both widths, with a picture of each where they are asked for."""
    report = ""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 860})
        time.sleep(0.2)
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}_{width}.png", full_page=name != "widget")
        found = Axe().run(page)
        report += "" if found.violations_count == 0 else found.generate_report()
    page.set_viewport_size({"width": 1280, "height": 860})
    return report


def test_an_owner_asks_for_a_person_and_a_broker_answers_in_slack(hub: Hub, page: Page) -> None:
    log = page.get_by_role("log")
    open_and_say(page, DUDLEY)
    for answer in ("limited company", "I'd rather not say", "I'd rather not say"):
        expect(log.locator(".dots")).to_have_count(0, timeout=PATIENCE)
        if log.locator(".card").count():
            break
        open_and_say(page, answer)
    expect(log.locator(".card")).to_have_count(1, timeout=PATIENCE)
    roadmap = log.locator(".card").get_by_role("link", name=re.compile("Open it")).get_attribute("href")

    for words in ("Can I talk to a person?", "yes please", "Ada Example, ada@example.org"):
        open_and_say(page, words)
        expect(log.locator(".dots")).to_have_count(0, timeout=PATIENCE)
    referral = hub.referral()
    expect(log).to_contain_text(referral.code)
    expect(page.get_by_text("Your request is with Example advisers.")).to_be_visible()

    card = hub.card(referral.code)
    assert message_faults(card.text, card.blocks) == []
    assert "Ada" not in card.text + str(card.blocks)

    hub.slack_says(signing.press("take", referral.code, user="U0KIM", ts=card.ts))
    slip = hub.slack.wait_for(lambda: [m for m in hub.slack.said() if "ada@example.org" in m.text])[0]
    assert slip.channel.startswith("D")
    assert message_faults(slip.text, slip.blocks) == []
    hub.slack_says(
        signing.message("Good morning, Kim here. Shall we *talk* tomorrow?", user="U0KIM", thread=card.ts)
    )
    expect(log).to_contain_text("Good morning, Kim here.", timeout=PATIENCE)
    expect(log.locator(".who", has_text="Kim Example")).to_have_count(1)
    expect(page.get_by_text("Kim Example (Example advisers) answers here.")).to_be_visible()

    open_and_say(page, "Yes, at ten please")
    said = hub.slack.wait_for(lambda: [m for m in hub.slack.said("C0TEAM", card.ts) if "at ten" in m.text])
    assert len(said) == 1
    assert message_faults(said[0].text, said[0].blocks) == []
    assert violations(page, "widget") == ""

    before = len(hub.slack.said("C0TEAM", card.ts))
    hub.slack_says(signing.mention("what about exporting?", thread=card.ts))
    hub.slack.wait_for(lambda: len(hub.slack.said("C0TEAM", card.ts)) > before, seconds=30)
    expect(log).not_to_contain_text("exporting")

    hub.slack_says(signing.press("outcome", referral.code, user="U0KIM", ts=card.ts))
    view = hub.slack.wait_for(lambda: hub.slack.views)[-1]
    told = {"view_id": view["id"], "hash": view["hash"], "metadata": view["private_metadata"]}
    hub.slack_says(signing.submission("outcome", choice("outcome", "helped"), user="U0KIM", **told))
    expect(log).to_contain_text("is closed", timeout=PATIENCE)

    open_and_say(page, "thank you")
    expect(log.locator(".dots")).to_have_count(0, timeout=PATIENCE)
    assert len([m for m in hub.slack.said("C0TEAM", card.ts) if "thank you" in m.text]) == 0

    page.goto(str(roadmap))
    panel = page.get_by_role("region", name="Your request for a person")
    expect(panel).to_contain_text("Closed: you were helped")
    expect(panel).to_contain_text(referral.code)
    expect(page.locator("body")).not_to_contain_text("ada@example.org")
    assert violations(page, "roadmap") == ""

    assert "Good morning" not in hub.house.said()
    assert "ada@example.org" not in hub.house.said()
