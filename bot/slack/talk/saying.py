"""Put answers where they belong: every message under a key of what was asked, so that it comes once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.blocks.elements import actions, button, context, section
from bot.slack.blocks.text import Message, bold, plain, sections, told, whole
from bot.slack.door import ACTION, COMMAND, Asked
from bot.slack.parts import SlackDoor
from bot.slack.verbs import CLIENT_MENU
from knowledge_base.brokers.records import Client, Place

ROOT = "client-root"
GO_ON = (
    "Write in this thread to go on with this client: facts, wishes, questions. "
    "What I say of its roadmap is worded as the client reads it, so “you” is the client."
)


@dataclass(frozen=True, slots=True)
class Room:
    """Where an answer goes: a thread, the thread under a message still to be sent, or one person alone."""

    channel: str
    thread: str = ""
    after: str = ""
    only: str = ""

    def place(self, slack_team: str) -> Place | None:
        """The thread as it is tied to a client; None where it is none yet."""
        return Place(slack_team, self.channel, self.thread) if self.thread else None


def room_of(asked: Asked) -> Room:
    """Return where something was asked: what only one person saw is answered to that person."""
    if asked.kind == COMMAND or (asked.kind == ACTION and _for_one(asked.body)):
        return Room(asked.channel, only=asked.user)
    return Room(asked.channel, asked.thread) if asked.thread else Room(asked.channel or asked.user)


def line(words: str) -> Message:
    """Write a few plain words as a message; nothing in them is markup or a mention."""
    lines = [told(each) for each in words.split("\n")]
    return Message(whole([words]), [section(part) for part in sections(lines)])


def root_message(client: Client) -> Message:
    """Write the message that a client's thread hangs on: its name, and nothing it told."""
    name = plain(client.name) or "A client"
    more = button("Client …", CLIENT_MENU, client.id, spoken=f"More for {name}")
    return Message(whole([f"{name}. {GO_ON}"]), [section(bold(name)), context(told(GO_ON)), actions(more)])


class Saying:
    """Writes into the outbox what is said about one thing that was asked. Its calls may block."""

    def __init__(self, door: SlackDoor, asked: Asked) -> None:
        self.door = door
        self.asked = asked

    def put(
        self,
        room: Room,
        name: str,
        message: Message,
        *,
        client: str = "",
        update_ts: str | None = None,
        file: Mapping[str, Any] | None = None,
    ) -> bool:
        """Say something in a room, once for each ``name``; False where it was said before.

        ``client`` is whom it tells of: it is taken down when that one is forgotten.
        """
        return self._put(
            f"{self.asked.key}:{name}",
            room.channel,
            text=message.text,
            blocks=message.blocks or None,
            thread_ts=room.thread or None,
            after_key=room.after or None,
            ephemeral_to=room.only or None,
            about=client,
            update_ts=update_ts,
            file=file,
        )

    def once(self, key: str, room: Room, message: Message) -> bool:
        """Say something that is said once under a key, whatever is asked."""
        return self._put(
            key,
            room.channel,
            text=message.text,
            blocks=message.blocks or None,
            thread_ts=room.thread or None,
            ephemeral_to=room.only or None,
        )

    def begin(self, channel: str, client: Client) -> Room:
        """Begin a client's thread in a channel, or with a person; return where to go on."""
        key = root_key(client.id, self.asked.key)
        message = root_message(client)
        self._put(key, channel, text=message.text, blocks=message.blocks, about=client.id)
        return Room(channel, after=key)

    def _put(self, key: str, channel: str, **what: Any) -> bool:
        new = self.door.outbox.put(key, channel, now=self.door.clock(), **what)
        self.door.wake_deliverer()
        return new


def root_key(client: str, asked: str) -> str:
    """The key of a root message, from which its client can be read again."""
    return f"{ROOT}:{client}:{hashlib.sha256(asked.encode()).hexdigest()[:32]}"


def client_of_root(key: str) -> str | None:
    """Return the client whose root message has a key; None where it is no root of ours."""
    kind, _, rest = key.partition(":")
    return rest.partition(":")[0] or None if kind == ROOT else None


def keep_of(client: str, room: Room) -> str:
    """Write what a modal carries: whose it is, and where the answer goes."""
    return json.dumps({"client": client, "channel": room.channel, "thread": room.thread})


def kept_in(metadata: str) -> dict[str, str]:
    """Read what a modal carried; whatever else stands there counts as nothing."""
    try:
        found = json.loads(metadata)
    except ValueError:
        return {}
    return {k: v for k, v in found.items() if isinstance(v, str)} if isinstance(found, dict) else {}


def _for_one(body: Mapping[str, Any] | None) -> bool:
    container = (body or {}).get("container")
    return isinstance(container, Mapping) and container.get("is_ephemeral") is True
