"""A brokers' door with teams, people, records and one business that asks for a person."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.slack.door import CHANGED, COMMAND, DELETED, Asked
from bot.slack.referring import Referring
from bot.slack.talk.referrals import ReferralTalk
from knowledge_base.advice import Advice
from knowledge_base.brokers.records import Place
from knowledge_base.hubs import read_hub
from knowledge_base.profile import parse_profile
from knowledge_base.store.database import Database
from knowledge_base.store.rows import insert_new
from knowledge_base.store.tables import ChatSessionRow
from tests.slack import signing
from tests.slack.gateway import Gateway, clock
from tests.slack.stand_in import StandIn
from tests.slack.workspace import TEAM, Message

PACK = Path(__file__).resolve().parents[1] / "pack"
CONTACT = {"name": "Ada Example", "email": "ada@example.org", "phone": "0121 496 0000"}
PROFILE = {"place": "Dudley", "employees": 14, "sector": "manufacturing"}


class OnlyReferrals:
    """The handlers of a door at which nothing but referrals is talked of."""

    def __init__(self, door: Any, advice: Advice) -> None:
        self.door, self.advice = door, advice
        self.talk = ReferralTalk(door, advice)
        self.handled: list[Asked] = []

    async def quick(self, asked: Asked) -> Any:
        from bot.slack.door import Quick
        from bot.slack.verbs import pressed

        what = pressed(asked.action, asked.value)
        return (await self.talk.quick(asked, what) if what else None) or Quick()

    async def handle(self, asked: Asked) -> None:
        from bot.slack.verbs import pressed

        member = await self.door.members.for_referrals(asked.user_team, asked.user, asked.team)
        self.handled.append(asked)
        if member is None:
            return
        if asked.kind == COMMAND:
            await self.talk.listing(asked, member)
        elif asked.kind in (CHANGED, DELETED):
            about = self.advice.clients.of_thread(Place(asked.team, asked.channel, asked.thread))
            if isinstance(about, str):
                await self.talk.edited(asked, about, member)
        elif asked.kind == "submission":
            await self.talk.submitted(asked, member)
        elif asked.kind == "action":
            what = pressed(asked.action, asked.value)
            assert what
            await self.talk.pressed(asked, what, member)
        else:
            about = self.advice.clients.of_thread(Place(asked.team, asked.channel, asked.thread))
            if isinstance(about, str):
                await self.talk.said(asked, about, member)

    async def sent(self, key: str, channel: str, ts: str) -> None:
        await self.talk.sent(key, channel, ts)


class ReferralHouse:
    """The door, what it leans on, and what owners and brokers do. Use it as a context manager.

    ``later`` moves the clock of the door on.
    """

    def __init__(self, slack: StandIn, database: Database) -> None:
        self.slack = slack
        self.database = database
        self.ahead = timedelta()
        self.advice = Advice(database, read_hub("default"), "http://hub.example.org")
        self.advice.records.load_pack(PACK, now=clock())
        self.gateway = Gateway(slack.environment(), database)
        self.door = self.gateway.door
        self.door.clock = self.now
        self.door.handlers = OnlyReferrals(self.door, self.advice)
        self.looking = Referring(self.door, self.advice)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> ReferralHouse:
        self.gateway.__enter__()
        self._thread.start()
        return self

    def stop_looking(self) -> None:
        """Have nothing shown but what is asked for from now on."""
        self._stop.set()
        self._thread.join(10)

    def __exit__(self, *how: object) -> None:
        self.stop_looking()
        self.gateway.__exit__(*how)

    def now(self) -> datetime:
        return clock() + self.ahead

    def later(self, **how_much: float) -> None:
        self.ahead += timedelta(**how_much)

    def team(self, name: str = "Example near team", channel: str = "C0TEAM", **more: Any) -> Any:
        told = {"areas": ["dudley"], "slack_team": TEAM, "channel": channel, **more}
        return self.advice.teams.add(name=name, now=self.now(), **told)

    def broker(self, team: Any, user: str, name: str) -> Any:
        self.slack.person(user, name)
        return self.advice.brokers.add(
            team=team.id, name=name, slack_team=TEAM, slack_user=user, now=self.now()
        )

    def asks(self, session: str = "owner-session", **more: Any) -> str:
        """Let a business ask for a person; return the code."""
        talks_of(self.database, session, self.now())
        told = {"contact": CONTACT, "needs": ["finance"], "roadmap": None, "now": self.now(), **more}
        return self.advice.refer(session=session, profile=parse_profile(PROFILE), **told)

    def card(self, code: str, channel: str = "C0TEAM") -> Message:
        """The message in a channel that a code stands on, once it is there."""
        return self.slack.wait_for(
            lambda: next((m for m in self.slack.said(channel) if code in m.text and not m.thread_ts), None)
        )

    def press(self, verb: str, code: str, user: str, **how: Any) -> Any:
        return self.gateway.post(signing.press(verb, code, user=user, **how))

    def form(self, verb: str, code: str, user: str, values: dict[str, Any], **how: Any) -> Any:
        """Press a button that opens a form, and send the form off."""
        before = len(self.slack.views)
        assert self.press(verb, code, user, **how).status_code == 200
        view = self.slack.wait_for(lambda: self.slack.views[before:])[0]
        return self.gateway.post(
            signing.submission(
                verb,
                values,
                user=user,
                view_id=view["id"],
                hash=view["hash"],
                metadata=view["private_metadata"],
            )
        )

    def writes(self, text: str, user: str, card: Message, **how: Any) -> Any:
        return self.gateway.post(
            signing.message(text, user=user, channel=card.channel, thread=card.ts, **how)
        )

    def done_again(self) -> None:
        """Do everything that was asked once more, as after a crash before it was noted as done."""
        self.quiet()
        for asked in list(self.door.handlers.handled):
            doing = asyncio.run_coroutine_threadsafe(self.door.handlers.handle(asked), self.door.loop)
            doing.result(20)
        self.quiet()

    def state(self, code: str) -> str:
        found = self.advice.referrals.get(code)
        return found.state if found else "gone"

    def becomes(self, code: str, state: str) -> None:
        self.slack.wait_for(lambda: self.state(code) == state)

    def told_alone(self, user: str) -> list[str]:
        """What a person was told ephemerally."""
        return [each["text"] for each in self.slack.ephemerals if each["user"] == user]

    def quiet(self) -> None:
        """Wait until all that was asked is done and all that waits is sent."""
        for _ in range(2):
            self.looking.look()
            self.slack.wait_for(lambda: not self._waiting())

    def _waiting(self) -> int:
        from sqlalchemy import func, select

        from knowledge_base.store.broker_tables import SlackOutboxRow, SlackWorkRow

        count = 0
        with self.database.session() as transaction:
            for row in (SlackOutboxRow, SlackWorkRow):
                count += transaction.scalar(select(func.count()).where(row.ended.is_(None))) or 0
        return count

    def _look(self) -> None:
        while not self._stop.is_set():
            self.looking.look()
            time.sleep(0.05)


def talks_of(database: Database, session: str, now: datetime) -> None:
    """Keep a conversation under an id of the test's own."""
    values = {"id": session, "created": now, "seen": now, "issued": []}
    with database.writing() as transaction:
        insert_new(transaction, ChatSessionRow, values)


def text(field: str, words: str) -> dict[str, Any]:
    return {field: {"value": {"type": "plain_text_input", "value": words}}}


def choice(field: str, value: str) -> dict[str, Any]:
    return {field: {"value": {"type": "static_select", "selected_option": {"value": value}}}}
