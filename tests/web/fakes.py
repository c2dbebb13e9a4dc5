"""Stand-ins for what the gateway leans on: everything in memory, and each can be made to fail."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx

from bot.web.services import Services
from knowledge_base.hubs import Contact
from knowledge_base.profile import parse_profile
from knowledge_base.store.chats import UnknownSession

TODAY = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


class ChatsInMemory:
    """Keeps sessions in dictionaries; ``failing`` makes every call raise as a database would."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {}
        self.payloads: dict[str, set[str]] = {}
        self.failing = False
        self.failing_to_keep = False
        self._numbers = itertools.count(1)

    def _look(self) -> None:
        if self.failing:
            raise RuntimeError("(OperationalError) could not INSERT 'my secret plan'")

    def new_session(self, now: datetime) -> str:
        self._look()
        session = f"session-{next(self._numbers):05d}"
        self.answers[session] = {}
        return session

    def known(self, session: str, now: datetime) -> bool:
        self._look()
        return session in self.answers

    def claim(self, session: str, message_id: str, now: datetime) -> str | list[dict[str, Any]]:
        self._look()
        if session not in self.answers:
            raise UnknownSession("start a new one")
        if message_id in self.answers[session]:
            return self.answers[session][message_id]
        self.answers[session][message_id] = "pending"
        return "new"

    def keep_answer(
        self, session: str, message_id: str, replies: list[dict[str, Any]], now: datetime
    ) -> None:
        self._look()
        if self.failing_to_keep:
            raise RuntimeError("disk full while writing 'my secret plan'")
        self.answers[session][message_id] = replies

    def release(self, session: str, message_id: str) -> None:
        self._look()
        if self.answers[session].get(message_id) == "pending":
            del self.answers[session][message_id]

    def issued(self, session: str) -> set[str]:
        self._look()
        return set(self.payloads.get(session, ()))

    def set_issued(self, session: str, payloads: Iterable[str]) -> None:
        self._look()
        self.payloads[session] = set(payloads)

    def forget(self, session: str) -> None:
        self._look()
        self.answers.pop(session, None)
        self.payloads.pop(session, None)


@dataclass(frozen=True)
class Saved:
    id: str
    document: dict[str, Any]
    created: datetime = TODAY
    on: date = date(2026, 11, 21)


class RoadmapsInMemory:
    def __init__(self) -> None:
        self.held: dict[str, Saved] = {}

    def get(self, id: str, now: datetime) -> Saved | None:
        return self.held.get(id)


@dataclass
class ExampleHub:
    name: str = "Example Growth Hub"
    contact: Contact | None = field(
        default_factory=lambda: Contact("The example team", email="hello@hub.example.org")
    )
    colours: dict[str, str] = field(default_factory=lambda: {"accent": "#14513f"})
    intro: str = "Tell me what you want to do in your business, and I will show you what to do first."
    languages: tuple[str, ...] = ("en",)
    allowed_origins: tuple[str, ...] = ("https://partner.example.org",)
    retention_days: dict[str, int] = field(
        default_factory=lambda: {"roadmaps": 365, "sessions": 30, "referrals": 180, "clients": 365}
    )


class AdviceInMemory:
    """Saves the same example roadmap for any needs, once the profile can be read."""

    def __init__(self, roadmaps: RoadmapsInMemory, document: dict[str, Any]) -> None:
        self.hub = ExampleHub()
        self.roadmaps = roadmaps
        self.document = document
        self.well = True
        self.asked: list[tuple[Any, ...]] = []
        self.words: list[str | None] = []
        self.opened: list[tuple[str, date]] = []

    def advise(
        self,
        needs: Sequence[str],
        profile: Mapping[str, Any],
        on: date,
        now: datetime,
        cost: Decimal | None = None,
        words: str | None = None,
    ) -> tuple[str, dict[str, Any]]:
        parse_profile(profile)
        self.asked.append((tuple(needs), dict(profile), on, cost))
        self.words.append(words)
        saved = Saved(f"roadmap-{len(self.roadmaps.held) + 1}", self.document, on=on)
        self.roadmaps.held[saved.id] = saved
        return saved.id, saved.document

    def open_roadmap(self, id: str, *, on: date, now: datetime) -> Saved | None:
        self.opened.append((id, on))
        return self.roadmaps.get(id, now)

    def names(self, offers: Sequence[str]) -> list[str]:
        return [offer.replace("-", " ").capitalize() for offer in offers]

    def healthy(self) -> bool:
        return self.well


class FakeRasa:
    """Answers on the REST channel as told by ``answer``; keeps what it was sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], Any] = lambda body: [{"text": f"You said: {body['message']}"}]
        self.status = 200
        self.refusing = False
        self.timing_out = False
        self.seconds = 0.0
        self.at_once = self.most_at_once = 0
        self.actions_well = True

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.port == 5055:
            return httpx.Response(200 if self.actions_well else 500)
        if self.refusing:
            raise httpx.ConnectError("refused")
        if request.method == "GET":
            return httpx.Response(200, text="Hello from Rasa")
        if self.timing_out:
            raise httpx.ReadTimeout("slow")
        body = json.loads(request.content)
        self.sent.append(body)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.seconds)
        self.at_once -= 1
        return httpx.Response(self.status, json=self.answer(body))


@dataclass
class House:
    """The gateway's surroundings, each part within reach of a test."""

    chats: ChatsInMemory
    roadmaps: RoadmapsInMemory
    advice: AdviceInMemory
    rasa: FakeRasa
    forgotten: list[str] = field(default_factory=list)

    @classmethod
    def with_roadmap(cls, document: dict[str, Any]) -> House:
        roadmaps = RoadmapsInMemory()
        return cls(ChatsInMemory(), roadmaps, AdviceInMemory(roadmaps, document), FakeRasa())

    @property
    def services(self) -> Services:
        return Services(
            chats=self.chats,
            roadmaps=self.roadmaps,
            advice=self.advice,
            forget_elsewhere=self.forgotten.append,
            clock=lambda: TODAY,
            transport=httpx.MockTransport(self.rasa),
        )
