"""The brokers' pages in a real browser: on a narrow screen, by keyboard, for who hears the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.console.desk import Desk
from knowledge_base.store.slack_outbox import SlackOutbox
from tests.console.brokers_example import again, asked, days, kim, makers
from tests.console.test_browser_records import at, violations
from tests.store.conftest import NOW
from tests.web.test_widget_browser import browser as browser  # the fixture
from tests.web.test_widget_browser import free_port, listening

LONG = "Averyveryverylongnameofateamwithoutanyspacesinit" * 3


@pytest.fixture
def served(gateway: Any) -> Iterator[str]:
    with listening(gateway, free_port()) as address:
        yield address


@pytest.fixture
def page(browser: Browser, served: str, desk: Desk) -> Iterator[Page]:
    """An administrator's browser, narrow as a phone or a page at 400 %."""
    context = at(browser, served, desk, "administrator", viewport={"width": 320, "height": 800})
    yield context.new_page()
    context.close()


def furnish(desk: Desk) -> list[str]:
    """Fill the pages with what is long, late and given up, and return their addresses."""
    desk.env = {"SLACK_SIGNING_SECRET": "example-secret", "SLACK_BOT_TOKEN": "xoxb-example"}
    team = makers(desk, slack_team="T0123ABCD", channel="C0123ABCD", sectors=["manufacturing"])
    makers(desk, name=LONG, areas=[], needs=[])
    person = kim(
        desk, team, email=f"{'k' * 60}@hub.example.org", slack_team="T0123ABCD", slack_user="U0123ABCD"
    )
    first = asked(desk, NOW - days(4), team=team.id, name=LONG, contact="x" * 200, words="w" * 300)
    desk.advice.referrals.take(first.code, person.id, NOW)
    desk.advice.relay.begin(first.code, NOW)
    desk.advice.relay.say(first.code, "owner", "", "m" * 200, "example-1", NOW)
    closed = asked(desk, NOW - days(3))
    desk.advice.referrals.close(closed.code, "helped", "us", NOW, as_lead=True)
    for n in range(6):
        asked(desk, NOW - days(n), team=team.id)
    outbox = SlackOutbox(desk.advice.database)
    outbox.put("example", "C0123ABCD", text="Words", now=NOW)
    outbox.give_up("example", "we are not in its channel; invite the app there", NOW)
    return [
        "/console/brokers",
        "/console/brokers?place=Dudley&need=product_development&sector=manufacturing",
        "/console/brokers/new",
        f"/console/brokers/{team.id}",
        f"/console/brokers/person/{person.id}",
        "/console/referrals",
        "/console/referrals?code=none",
        f"/console/referrals/{first.code}?lines=1",
        f"/console/referrals/{closed.code}",
        "/console/referrals/figures",
        "/console/",
    ]


def test_no_page_of_brokers_keeps_anybody_out_or_scrolls_sideways(page: Page, desk: Desk):
    empty = ["/console/brokers", "/console/referrals", "/console/referrals/figures"]
    for path in empty:
        page.goto(path)
        assert violations(page) == ""
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    for path in furnish(desk):
        page.goto(path)

        assert violations(page) == ""
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert page.locator("h1").count() == 1


def test_a_form_with_faults_keeps_nobody_out(page: Page, desk: Desk):
    page.goto("/console/brokers/new")
    page.get_by_label("Name", exact=True).fill("Example makers")
    page.get_by_label("Area 1").fill("Blak Country")
    page.get_by_text("In Slack").click()
    page.get_by_label("Channel id").fill("#makers")
    page.get_by_label("Remind after days").fill("soon")
    page.get_by_role("button", name="Add the team").last.click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Channel id")).to_be_visible()
    assert page.locator(".fault").count() >= 2
    assert violations(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert desk.advice.teams.all() == []


def test_return_in_a_field_saves_the_team_and_adds_no_line(page: Page, desk: Desk):
    page.goto("/console/brokers/new")
    page.get_by_label("Name", exact=True).fill("Example makers")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/brokers/*?done=added")

    assert [each.name for each in desk.advice.teams.all()] == ["Example makers"]


def test_a_request_is_handed_on_by_keyboard(page: Page, desk: Desk):
    team = makers(desk)
    referral = asked(desk)
    page.goto(f"/console/referrals/{referral.code}")
    page.get_by_label("Hand it to").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**?done=assigned")

    expect(page.get_by_role("status")).to_contain_text("It is handed over.")
    assert again(desk, referral).team == team.id
