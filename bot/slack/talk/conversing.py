"""What brokers write about a client goes to Rasa, as what owners write does; the client's record leads."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.concurrency import run_in_threadpool

from bot.slack.blocks.offers import offer_card
from bot.slack.door import Asked
from bot.slack.members import Member
from bot.slack.parts import SlackDoor
from bot.slack.talk.heard import Heard, read_heard
from bot.slack.talk.planning import Planning
from bot.slack.talk.saying import Room, Saying, line
from bot.slack.talk.words import label_of, named
from bot.web.rasa import Rasa
from knowledge_base.advice import Advice
from knowledge_base.brokers.records import Client
from knowledge_base.known import read_known
from knowledge_base.profile import BadProfile, parse_profile
from knowledge_base.store.audit import Audit
from knowledge_base.store.clients import StaleClient

TRIES = 3
BROKER = "broker"  # who reads it: what only advisers can use is told of too


class Conversing:
    """Has brokers' words understood, and answers in the client's thread."""

    def __init__(
        self,
        door: SlackDoor,
        advice: Advice,
        rasa: Rasa,
        hub: str,
        forget_elsewhere: Callable[[str], object] | None = None,
    ) -> None:
        self.door = door
        self.advice = advice
        self.rasa = rasa
        self.hub = hub
        self.planning = Planning(door, advice)
        self._forget_elsewhere = forget_elsewhere

    def begin(self, asked: Asked, member: Member, words: str) -> tuple[Client, str]:
        """Keep a new client for what was asked, the same one if that is done again; and what is left to say.

        Blocks.
        """
        name, left = named(words)
        today = self.planning.today
        if not name:
            reading = self.advice.read(left, asked=None, on=today, profile=None, shown=(), audience=BROKER)
            name = label_of(reading.facts, today)
        broker = member.broker.id if member.broker else None
        client = self.advice.clients.add(
            member.team.id, broker, name, self.session_of(asked), self.planning.now
        )
        return client, left

    def session_of(self, asked: Asked) -> str:
        """The name of a new client's conversation: always the same for one thing asked, and not to guess."""
        secret = self.door.settings.signing_secret.encode()
        return f"client-{hmac.new(secret, asked.key.encode(), hashlib.sha256).hexdigest()[:40]}"

    async def say(self, asked: Asked, member: Member, client: Client, room: Room, words: str) -> None:
        """Have words about a client understood, and put the answer into a room.

        Raises:
            Problem: Rasa does not answer; nothing was said or kept.
            StaleClient: others keep changing the client.
        """
        again = asked.again
        for _ in range(TRIES):
            known, unsaid = await run_in_threadpool(self._before, client, again)
            heard = read_heard(await self.rasa.say(client.session, words, self.metadata(known)))
            found = await run_in_threadpool(self.advice.clients.get, client.id, client.team)
            if found is None:
                await run_in_threadpool(self._forget, client)
                return
            if _state(found) == _state(client):
                await run_in_threadpool(self._answer, asked, member, known, room, heard, unsaid)
                return
            # Somebody pressed something meanwhile: understood anew, over what is true now.
            client, again = found, True
        raise StaleClient("Others keep changing this client; try again in a moment.")

    def _before(self, client: Client, again: bool) -> tuple[Client, bool]:
        """A client with what its roadmap learned meanwhile; and whether work that was begun before may have
        left something unsaid.

        Cut off after planning, it finds nothing changed, and the broker has seen none of it. Cut off before
        that, there is nothing to show.
        """
        return self.planning.caught_up(client), again and self.planning.unsaid(client)

    def _forget(self, client: Client) -> None:
        """Delete again what Rasa kept of a client that was forgotten while it answered."""
        if self.advice.clients.there(client.id):
            return  # another team's now
        self.advice.roadmaps.delete_for_session(client.session)
        if self._forget_elsewhere:
            self._forget_elsewhere(client.session)

    def metadata(self, client: Client) -> dict[str, Any]:
        """What goes to Rasa along with the words. What is not in the record, its saved roadmap says."""
        return {
            "role": "broker",
            "door": "slack",
            "hub": self.hub,
            "today": self.planning.today.isoformat(),
            "client": {
                "needs": list(client.needs),
                "profile": client.profile,
                "roadmap": client.roadmap,
                "planned": client.planned.dumped() if client.planned else None,
            },
        }

    def _answer(
        self, asked: Asked, member: Member, client: Client, room: Room, heard: Heard, unsaid: bool
    ) -> None:
        """Say what was heard, then keep it: cut off in between, the same is heard and said again, once."""
        saying = Saying(self.door, asked)
        after = self._with(client, heard)
        if heard.words:
            saying.put(room, "words", line(heard.words), client=client.id)
        for number, offer in enumerate(heard.offers, 1):
            card = self.advice.card(
                offer,
                parse_profile(after.profile),
                on=self.planning.today,
                audience=BROKER,
            )
            if card:
                saying.put(room, f"offer:{number}", offer_card(card, after), client=client.id)
        if heard.roadmap is not None and (unsaid or not heard.unchanged):
            saying.put(room, "roadmap", self.planning.shown(after, heard.roadmap), client=client.id)
        if heard.roadmap is not None:
            self.planning.heard(after, heard.roadmap)
        self.planning.note(client, after.needs, after.profile, after.roadmap, after.planned)
        Audit(self.door.database).note(member.who, "client_message", client.id, self.planning.now)

    def _with(self, client: Client, heard: Heard) -> Client:
        """The client as the answer leaves it; what cannot be read in it changes nothing."""
        told = heard.client or {}
        needs, profile = told.get("needs", client.needs), told.get("profile", client.profile)
        try:
            parse_profile(profile)
        except BadProfile:
            profile = client.profile
        needs = tuple(str(each) for each in needs) if isinstance(needs, list | tuple) else client.needs
        return replace(
            client,
            needs=needs,
            profile=dict(profile),
            roadmap=heard.roadmap_id or client.roadmap,
            planned=read_known(heard.roadmap) or client.planned,
        )


def _state(client: Client) -> tuple[Any, ...]:
    return client.needs, client.profile, client.roadmap
