"""The data for machines in a page is data: the page's policy lets it stand, and nothing of it runs."""

from __future__ import annotations

import json
from typing import Any

from fastapi.testclient import TestClient
from playwright.sync_api import Browser

from bot.web.app import create_app
from bot.web.settings import Settings
from tests.web.example import small_factory
from tests.web.fakes import House, Saved
from tests.web.test_widget_browser import browser, free_port, listening  # noqa: F401 - a fixture

HOSTILE = "</script><script>document.title='run'</script><img src=x onerror=alert(1)>"


def hostile_house() -> House:
    document = small_factory()
    document["phases"][0]["steps"][0]["name"] = HOSTILE
    house = House.with_roadmap(document)
    house.roadmaps.held["r1"] = Saved("r1", document)
    return house


def told(html: str) -> Any:
    return json.loads(html.split('<script type="application/ld+json">')[1].split("</script>")[0])


def test_the_roadmaps_page_tells_machines_what_its_steps_are(client: TestClient, house: House) -> None:
    house.roadmaps.held["r1"] = Saved("r1", small_factory())

    things = told(client.get("/roadmap/r1").text)

    assert things["@context"] == "https://schema.org"
    assert things["itemListElement"][2]["item"]["@type"] == "MonetaryGrant"


def test_a_page_without_steps_has_no_such_data(client: TestClient, house: House) -> None:
    house.roadmaps.held["r1"] = Saved("r1", {**small_factory(), "phases": []})

    assert "ld+json" not in client.get("/roadmap/r1").text


def test_the_pages_policy_does_not_complain_of_the_data_and_a_hostile_name_does_not_run(
    browser: Browser,  # noqa: F811 - the fixture
) -> None:
    port = free_port()
    app = create_app(Settings(public_url=f"http://127.0.0.1:{port}"), hostile_house().services)
    complaints: list[str] = []
    with listening(app, port) as address:
        page = browser.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.add_init_script(
            "addEventListener('securitypolicyviolation', e => console.log('policy: ' + e.violatedDirective))"
        )
        page.goto(f"{address}/roadmap/r1")

        data = page.locator('script[type="application/ld+json"]')
        assert data.count() == 1
        first = json.loads(data.inner_text())["itemListElement"][0]["item"]
        assert first["name"] == HOSTILE
        assert page.title() != "run"
        assert page.locator("img").count() == 0
        page.close()
    assert complaints == []
