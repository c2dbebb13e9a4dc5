"""The brokers' door with the real talk behind it: the engine on the starter pack, and a stand-in for Rasa.

The stand-in reads facts with the core's reader and needs by a few words, and plans as the actions do, over
the client's record; what it was sent is in `sent`. Rasa itself is behind the door in the journeys.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx

import knowledge_base
from bot.slack.wiring import open_slack
from bot.web.services import Services
from bot.web.settings import Settings
from knowledge_base.advice import Advice
from knowledge_base.brokers.records import Broker, Client, Team
from knowledge_base.hubs import read_hub
from knowledge_base.known import read_known
from knowledge_base.profile import dump_profile, parse_profile
from knowledge_base.store.chats import Chats
from knowledge_base.store.database import Database, open_database
from tests.slack.gateway import Served, post
from tests.slack.kept import posts, work
from tests.slack.stand_in import StandIn
from tests.slack.workspace import TEAM, Message

PACK = Path(knowledge_base.__file__).parent / "content"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)
TODAY = date(2026, 11, 22)
NEEDS = {"erp": "digital_adoption", "funding": "finance", "grant": "finance", "lean": "process_improvement",
         "export": "export_markets", "energy": "sustainability"}  # fmt: skip
DUDLEY = "14-person metal fabricator, DY1, wants ERP and funding"


def filled_database(folder: Path) -> Path:
    """A database with the starter pack in it, to be copied."""
    file = folder / "filled.db"
    database = open_database(f"sqlite:///{file}")
    database.migrate()
    Advice(database, read_hub("default"), "http://hub.example.org").records.load_pack(PACK, now=NOW)
    database.close()
    return file


@dataclass
class RasaStandIn:
    """Answers a broker's message with the engine, as the actions behind Rasa do."""

    advice: Advice
    sent: list[dict[str, Any]] = field(default_factory=list)
    down: bool = False
    failing: int = 0
    before_answering: Callable[[], None] = lambda: None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.down or self.failing:
            self.failing = max(0, self.failing - 1)
            raise httpx.ConnectError("refused")
        body = json.loads(request.content)
        self.sent.append(body)
        answer = await asyncio.to_thread(self.answer, body)
        self.before_answering()
        return httpx.Response(200, json=answer)

    def answer(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Say what Rasa would: each text and each custom part apart."""
        client, text = body["metadata"]["client"], body["message"]
        before = parse_profile(client["profile"])
        reading = self.advice.read(text, asked=None, on=TODAY, profile=before, shown=(), audience="broker")
        profile = parse_profile({**client["profile"], **reading.facts})
        found = [need for word, need in NEEDS.items() if word in text.casefold()]
        needs = [*dict.fromkeys([*client["needs"], *found])]
        said: list[dict[str, Any]] = []
        if (needs, profile) != (client["needs"], before):
            said.append({"custom": {"client": {"needs": needs, "profile": dump_profile(profile)}}})
        if not needs:
            return [*said, {"text": "What does the client want to get done? A few words will do."}]
        plan = self.advice.plan(
            needs, profile, on=TODAY, now=NOW, session=body["sender"], before=client["roadmap"],
            since=read_known(client["planned"]),
        )  # fmt: skip
        lines = "\n".join(f"{number}. {step['name']}" for number, step in enumerate(plan.steps, 1))
        custom = {"roadmap": {"id": plan.id, "url": plan.url, **plan.document}}
        return [*said, {"text": f"Heard: {text}"}, {"text": "Steps for the client:"}, {"text": lines},
                {"custom": custom}, {"text": f"The whole roadmap is at {plan.url}"}]  # fmt: skip


class Talking(Served):
    """A gateway with the talk, two teams, and brokers; what is pressed is taken from what was shown."""

    def __init__(self, slack: StandIn, database: Database, **how: Any) -> None:
        self.slack = slack
        self.database = database
        self.advice = Advice(database, read_hub("default"), "http://hub.example.org")
        self.rasa = RasaStandIn(self.advice)
        self.forgotten: list[str] = []
        self._began = time.monotonic()
        services = Services(
            chats=Chats(database),
            roadmaps=self.advice.roadmaps,
            advice=self.advice,
            forget_elsewhere=self.forgotten.append,
            clock=self.clock,
            transport=httpx.MockTransport(self.rasa),
        )
        door = open_slack(slack.environment(), self.advice, Settings(), services)
        assert door
        super().__init__(door, **how)
        self.team = self.advice.teams.add(
            now=NOW, name="Black Country advisers", slack_team=TEAM, channel="C0TEAM"
        )
        self.other = self.advice.teams.add(now=NOW, name="Other advisers", slack_team=TEAM, channel="C0TEAM")
        self.kim = self.broker(self.team, "Kim Example", "U0KIM")
        self.lee = self.broker(self.other, "Lee Example", "U0LEE")
        slack.person("U0SAM", "Sam Example")

    def clock(self) -> datetime:
        """The time of the test's day, which goes on as real time does."""
        return NOW + timedelta(seconds=time.monotonic() - self._began)

    def broker(self, team: Team, name: str, slack_user: str) -> Broker:
        return self.advice.brokers.add(
            now=NOW, team=team.id, name=name, slack_team=TEAM, slack_user=slack_user
        )

    def post(self, request: tuple[str, str]) -> httpx.Response:
        """Send what `tests.slack.signing` made, and wait until all of it is done and posted."""
        answer = post(self.url, request)
        self.quiet()
        return answer

    def quiet(self, seconds: float = 30.0) -> None:
        """Wait until nothing is left to be done or sent."""

        def still() -> bool:
            waiting = {"waiting", "held"}
            states = [*work(self.database).values(), *(state for state, _ in posts(self.database).values())]
            return not waiting & set(states)

        self.slack.wait_for(still, seconds)

    def client(self, name: str = "", team: Team | None = None) -> Client:
        """The team's client whose name holds these words."""
        found = self.advice.clients.list((team or self.team).id, search=name)
        assert len(found) == 1, [each.name for each in found]
        return found[0]

    def thread(self, client: Client) -> tuple[str, str]:
        """Where a client's newest thread is: the channel, and the ts of its root."""
        place = self.advice.clients.threads_of(client.id)[0]
        return place.channel, place.thread

    def told(self, client: Client) -> list[Message]:
        """What was said in a client's newest thread, oldest first, without its root."""
        return self.slack.said(*self.thread(client))

    def document(self, client: Client) -> dict[str, Any]:
        """A client's saved roadmap as it is now."""
        found = self.advice.roadmaps.get(str(self.client_now(client).roadmap), NOW)
        assert found
        return found.document

    def client_now(self, client: Client) -> Client:
        found = self.advice.clients.get(client.id, client.team)
        assert found
        return found


@contextmanager
def talking(slack: StandIn, filled: Path, folder: Path, **how: Any) -> Iterator[Talking]:
    """Open the door over a copy of a filled database."""
    shutil.copy(filled, folder / "talk.db")
    database = open_database(f"sqlite:///{folder / 'talk.db'}")
    try:
        with Talking(slack, database, **how) as running:
            yield running
    finally:
        database.close()
