"""The whole house with Slack's door open: signed requests, Slack's own client, and Rasa behind it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import httpx
import pytest

from bot.slack import verbs
from bot.slack.app import PATH
from knowledge_base.advice import Advice
from knowledge_base.asked import steps_of
from knowledge_base.brokers.records import Client
from knowledge_base.hubs import read_hub
from knowledge_base.store.database import Database, open_database
from tests.journeys.house import MODEL, House, house
from tests.slack.gateway import post
from tests.slack.kept import posts, work
from tests.slack.signing import command, message, press
from tests.slack.stand_in import StandIn
from tests.slack.workspace import TEAM, Message

pytestmark = pytest.mark.journey

# What an owner says at once, with all that a question would ask for; a broker says the same of a client.
SPOKEN = (
    "14-person metal fabricator in Dudley, limited company, 20 years old, turnover £2m, wants ERP, cost £40k",
    "6 staff, food maker in Leicester, limited company, trading 3 years, turnover £400k, wants to export",
    "12 employees, software company in Cardiff, limited company, trading 5 years, turnover £1m, wants a KTP",
)
WAITING = {"waiting", "held"}


@dataclass
class Brokers:
    """Brokers at work in Slack, and the house behind it."""

    house: House
    slack: StandIn
    database: Database
    advice: Advice
    team: str

    def post(self, request: tuple[str, str]) -> httpx.Response:
        """Send what Slack sends, signed; wait until it is done and posted."""
        answer = post(f"{self.house.url}{PATH}", request)
        self.slack.wait_for(self._still, 90)
        return answer

    def _still(self) -> bool:
        states = {*work(self.database).values(), *(state for state, _ in posts(self.database).values())}
        return not states & WAITING

    def client(self, name: str) -> Client:
        (found,) = self.advice.clients.list(self.team, search=name)
        return found

    def thread(self, client: Client) -> tuple[str, str]:
        place = self.advice.clients.threads_of(client.id)[0]
        return place.channel, place.thread

    def told(self, client: Client) -> list[Message]:
        return self.slack.said(*self.thread(client))


@pytest.fixture(scope="module")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brokers]:
    if not MODEL.exists():
        if os.environ.get("FINGERPOST_FULL_TESTS"):
            pytest.fail("no trained bot in models/; `make train` makes it")
        pytest.skip("no trained bot in models/; `make train` makes it")
    folder: Path = tmp_path_factory.mktemp("slack-house")
    with StandIn() as slack:
        slack.channel("C0TEAM", "brokers")
        slack.person("U0KIM", "Kim Example")
        with house(folder, **slack.environment()) as running:
            running.wait_until_awake()
            database = open_database(f"sqlite:///{folder / 'fingerpost.sqlite'}")
            advice = Advice(database, read_hub("default"), running.url)
            now = _now()
            team = advice.teams.add(now=now, name="Example advisers", slack_team=TEAM, channel="C0TEAM")
            advice.brokers.add(now=now, team=team.id, name="Kim", slack_team=TEAM, slack_user="U0KIM")
            yield Brokers(running, slack, database, advice, team.id)
            database.close()


def _now() -> datetime:
    return datetime.now(timezone.utc)


def test_a_client_in_one_line_gets_a_roadmap_and_is_worked_on_in_its_thread(brokers: Brokers) -> None:
    answer = brokers.post(
        command("Example Metalworks Ltd: 14-person metal fabricator, DY1, wants ERP and funding")
    )
    client = brokers.client("Example Metalworks")
    channel, thread = brokers.thread(client)
    first = brokers.told(client)[-1].text

    brokers.post(message("no loans", channel=channel, thread=thread))
    after_words = brokers.client("Example Metalworks")
    saved = brokers.advice.roadmaps.get(str(client.roadmap), _now())
    assert saved
    step = steps_of(saved.document)[0]
    brokers.post(press(verbs.action_id(verbs.SKIP, step["offer"]), client.id, channel=channel, thread=thread))
    page = httpx.get(f"{brokers.house.url}/roadmap/{client.roadmap}")

    assert answer.status_code == 200
    assert set(client.needs) == {"digital_adoption", "finance"}
    assert first.startswith("Roadmap for Example Metalworks Ltd")
    assert after_words.profile["refuses"] == ["loan"]
    assert after_words.roadmap == client.roadmap
    assert brokers.told(client)[-1].text.startswith("Roadmap for Example Metalworks Ltd")
    assert step["name"] in brokers.told(client)[-2].text
    assert page.status_code == 200
    assert "For you as adviser" not in page.text
    assert set(work(brokers.database).values()) == {"done"}


@pytest.mark.parametrize("spoken", SPOKEN)
def test_the_web_chat_and_slack_give_the_same_document_for_the_same_words(
    brokers: Brokers, spoken: str
) -> None:
    owner = brokers.house.owner()
    heard = owner.says(spoken)
    name = f"Example {SPOKEN.index(spoken)} Ltd"
    brokers.post(command(f"{name}: {spoken}"))

    client = brokers.client(name)
    kept = brokers.advice.roadmaps.get(str(client.roadmap), _now())
    assert heard.roadmap
    assert kept
    owners = brokers.advice.roadmaps.get(heard.roadmap["id"], _now())
    assert owners
    assert json.dumps(owners.document) == json.dumps(kept.document)


def test_what_was_said_is_in_no_log_of_the_house(brokers: Brokers) -> None:
    brokers.post(command("Example Quiet Ltd: 11-person cider maker in Ludlow, wants lean"))

    logged = brokers.house.said()
    assert "Quiet" not in logged
    assert "Ludlow" not in logged
    assert "xoxb-" not in logged
