"""What a workspace of Slack holds, and what its methods do and refuse; `tests.slack.stand_in` serves it."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.slack.block_checks import faults_of, faults_of_view

TEAM, BOT_USER, BOT_ID, APP = "T0EXAMPLE", "U0FINGER", "B0FINGER", "A0FINGER"
TOKEN, SECRET, APP_TOKEN = "xoxb-example-token", "example-signing-secret", "xapp-example-token"


@dataclass
class Channel:
    """A channel, or a direct message with ``person``."""

    id: str
    name: str
    joined: bool = True
    archived: bool = False
    person: str = ""


@dataclass
class Message:
    """One message as Slack keeps it. ``by`` is the user who wrote it."""

    channel: str
    ts: str
    text: str
    blocks: list[dict[str, Any]]
    thread_ts: str | None
    metadata: dict[str, Any] | None
    by: str = BOT_USER
    files: list[dict[str, Any]] = field(default_factory=list)
    edited: int = 0

    @property
    def key(self) -> str | None:
        """The key our metadata carries."""
        return (self.metadata or {}).get("event_payload", {}).get("key")

    def as_slack(self, with_metadata: bool) -> dict[str, Any]:
        told: dict[str, Any] = {"type": "message", "ts": self.ts, "text": self.text, "user": self.by}
        if self.by == BOT_USER:
            told |= {"bot_id": BOT_ID, "app_id": APP}
        if self.thread_ts:
            told["thread_ts"] = self.thread_ts
        if self.blocks:
            told["blocks"] = self.blocks
        if self.files:
            told["files"] = self.files
        if with_metadata and self.metadata:
            told["metadata"] = self.metadata
        return told


class Refusal(Exception):
    """A method answers ``ok: false``."""

    def __init__(self, error: str, details: list[str] | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.details = details or []


class Workspace:
    """The channels, people and messages of one workspace, and the methods that change them."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self.people: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, list[str]] = {}
        self.messages: list[Message] = []
        self.ephemerals: list[dict[str, Any]] = []
        self.views: list[dict[str, Any]] = []
        self.files: list[dict[str, Any]] = []
        self.team = TEAM
        self.port = 0
        self._triggers: set[str] = set()
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()

    def _ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def _place(self, asked: dict[str, Any], name: str = "channel") -> Channel:
        channel = self.channels.get(asked.get(name, ""))
        if channel is None and asked.get(name, "") in self.people:
            channel = self._direct(asked[name])
        if channel is None:
            raise Refusal("channel_not_found")
        if channel.archived:
            raise Refusal("is_archived")
        if not channel.joined:
            raise Refusal("not_in_channel")
        return channel

    def _direct(self, person: str) -> Channel:
        if person not in self.people:
            raise Refusal("user_not_found")
        id = f"D{person[1:]}"
        return self.channels.setdefault(id, Channel(id, "direct", person=person))

    def _checked(self, asked: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
        text, blocks = asked.get("text") or "", asked.get("blocks") or []
        if not text and not blocks:
            raise Refusal("no_text")
        if len(text) > 40_000:
            raise Refusal("msg_too_long")
        if faults := faults_of(blocks):
            raise Refusal("invalid_blocks", faults)
        metadata = asked.get("metadata")
        if metadata is not None:
            if not isinstance(metadata, dict) or not {"event_type", "event_payload"} <= set(metadata):
                raise Refusal("invalid_metadata_format")
            if len(json.dumps(metadata)) > 8_000:
                raise Refusal("metadata_too_large")
        return text, blocks

    def _post(self, asked: dict[str, Any]) -> dict[str, Any]:
        channel = self._place(asked)
        text, blocks = self._checked(asked)
        thread = asked.get("thread_ts")
        if thread and not self._at(channel.id, thread):
            raise Refusal("thread_not_found")
        message = Message(channel.id, self._ts(), text, blocks, thread, asked.get("metadata"))
        self.messages.append(message)
        return {"channel": channel.id, "ts": message.ts, "message": message.as_slack(False)}

    def _update(self, asked: dict[str, Any]) -> dict[str, Any]:
        channel = self._place(asked)
        message = self._at(channel.id, asked.get("ts", ""))
        if message is None:
            raise Refusal("message_not_found")
        if message.by != BOT_USER:
            raise Refusal("cant_update_message")
        message.text, message.blocks = self._checked(asked)
        if "metadata" in asked:
            message.metadata = asked["metadata"]
        message.edited += 1
        return {"channel": channel.id, "ts": message.ts, "text": message.text}

    def _delete(self, asked: dict[str, Any]) -> dict[str, Any]:
        channel = self._place(asked)
        message = self._at(channel.id, asked.get("ts", ""))
        if message is None:
            raise Refusal("message_not_found")
        if message.by != BOT_USER:
            raise Refusal("cant_delete_message")
        self.messages.remove(message)
        return {"channel": channel.id, "ts": message.ts}

    def _ephemeral(self, asked: dict[str, Any]) -> dict[str, Any]:
        channel = self._place(asked)
        text, blocks = self._checked(asked)
        if asked.get("user") not in self.people:
            raise Refusal("user_not_in_channel")
        told = {"channel": channel.id, "user": asked["user"], "text": text, "blocks": blocks}
        self.ephemerals.append({**told, "thread_ts": asked.get("thread_ts")})
        return {"message_ts": self._ts()}

    def _replies(self, asked: dict[str, Any]) -> dict[str, Any]:
        channel = self._place(asked)
        root = asked.get("ts", "")
        oldest = float(asked.get("oldest") or 0)
        thread = [m for m in self.messages if m.channel == channel.id and root in (m.ts, m.thread_ts)]
        found = [m for m in thread if m.ts == root or float(m.ts) >= oldest]
        if not found:
            raise Refusal("thread_not_found")
        return self._page(found, asked)

    def _history(self, asked: dict[str, Any]) -> dict[str, Any]:
        channel = self._place(asked)
        oldest, latest = float(asked.get("oldest") or 0), float(asked.get("latest") or 1e12)
        found = [
            m
            for m in reversed(self.messages)
            if m.channel == channel.id and not m.thread_ts and oldest <= float(m.ts) <= latest
        ]
        return self._page(found, asked)

    def _page(self, found: list[Message], asked: dict[str, Any]) -> dict[str, Any]:
        most, start = int(asked.get("limit") or 100), int(asked.get("cursor") or 0)
        with_metadata = str(asked.get("include_all_metadata", "")).lower() in ("1", "true")
        more = start + most < len(found)
        return {
            "messages": [message.as_slack(with_metadata) for message in found[start : start + most]],
            "has_more": more,
            "response_metadata": {"next_cursor": str(start + most) if more else ""},
        }

    def _open_conversation(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": self._direct(asked.get("users", "")).id}}

    def _view(self, asked: dict[str, Any]) -> dict[str, Any]:
        view: dict[str, Any] = asked.get("view") or {}
        if faults := faults_of_view(view):
            raise Refusal("invalid_arguments", faults)
        number = next(self._numbers)
        return {"id": f"V{number}", "hash": f"{number}.hash", "team_id": TEAM, **view}

    def _open_view(self, asked: dict[str, Any]) -> dict[str, Any]:
        trigger = asked.get("trigger_id")
        if not trigger:
            raise Refusal("invalid_arguments")
        if trigger in self._triggers:
            raise Refusal("exchanged_trigger_id")
        view = self._view(asked)
        self._triggers.add(trigger)
        self.views.append(view)
        return {"view": view}

    def _update_view(self, asked: dict[str, Any]) -> dict[str, Any]:
        held = next((v for v in self.views if v["id"] == asked.get("view_id")), None)
        if held is None:
            raise Refusal("not_found")
        if asked.get("hash") not in (None, held["hash"]):
            raise Refusal("hash_conflict")
        held |= {**self._view(asked), "id": held["id"]}
        return {"view": held}

    def _publish_view(self, asked: dict[str, Any]) -> dict[str, Any]:
        view = self._view(asked)
        self.views.append({**view, "user": asked.get("user_id")})
        return {"view": view}

    def _upload_url(self, asked: dict[str, Any]) -> dict[str, Any]:
        if not asked.get("filename") or not int(asked.get("length") or 0):
            raise Refusal("invalid_arguments")
        id = f"F{next(self._numbers):08d}"
        self.files.append({"id": id, "name": asked["filename"], "alt_txt": asked.get("alt_txt"), "data": b""})
        return {"upload_url": f"http://127.0.0.1:{self.port}/upload/{id}", "file_id": id}

    def _complete_upload(self, asked: dict[str, Any]) -> dict[str, Any]:
        held = {file["id"]: file for file in self.files if file["data"]}
        given = asked.get("files") or []
        if not given or not all(each["id"] in held for each in given):
            raise Refusal("file_not_found")
        told = [(each, held[each["id"]]) for each in given]
        shown = [
            {"id": f["id"], "name": f["name"], "title": each.get("title", f["name"])} for each, f in told
        ]
        if asked.get("channel_id"):
            channel, thread = self._place(asked, "channel_id"), asked.get("thread_ts")
            if thread and not self._at(channel.id, thread):
                raise Refusal("invalid_thread_ts")
            message = Message(channel.id, self._ts(), asked.get("initial_comment") or "", [], thread, None)
            message.files = shown
            self.messages.append(message)
        return {"files": shown}

    def _at(self, channel: str, ts: str) -> Message | None:
        return next((m for m in self.messages if m.channel == channel and m.ts == ts), None)

    def _group(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked.get("usergroup") not in self.groups:
            raise Refusal("no_such_subteam")
        return {"users": list(self.groups[asked["usergroup"]])}

    def _info(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked.get("user") not in self.people:
            raise Refusal("user_not_found")
        return {"user": self.people[asked["user"]]}

    def _identity(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"team_id": self.team, "team": "Example", "user_id": BOT_USER, "bot_id": BOT_ID}

    def _connections(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"url": f"ws://127.0.0.1:{self.port}/socket"}


METHODS: dict[str, Callable[[Workspace, dict[str, Any]], dict[str, Any]]] = {
    "auth.test": Workspace._identity,
    "chat.postMessage": Workspace._post,
    "chat.update": Workspace._update,
    "chat.delete": Workspace._delete,
    "chat.postEphemeral": Workspace._ephemeral,
    "conversations.replies": Workspace._replies,
    "conversations.history": Workspace._history,
    "conversations.open": Workspace._open_conversation,
    "views.open": Workspace._open_view,
    "views.push": Workspace._open_view,
    "views.update": Workspace._update_view,
    "views.publish": Workspace._publish_view,
    "files.getUploadURLExternal": Workspace._upload_url,
    "files.completeUploadExternal": Workspace._complete_upload,
    "usergroups.users.list": Workspace._group,
    "users.info": Workspace._info,
    "apps.connections.open": Workspace._connections,
}
