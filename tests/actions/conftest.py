"""The real advice on a few example records, and a hand-made tracker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from knowledge_base.advice import Advice
from knowledge_base.hubs import read_hub
from knowledge_base.store.database import open_database

PACK = Path(__file__).resolve().parents[1] / "pack"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="session")
def advice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Advice]:
    folder = tmp_path_factory.mktemp("records")
    database = open_database(f"sqlite:///{folder / 'example.sqlite'}")
    database.migrate()
    made = Advice(database, read_hub("default"), "http://hub.example.org")
    made.records.load_pack(PACK, now=NOW)
    yield made
    database.close()


class Talk:
    """A conversation as an action sees it: what was said last, the slots, and the open question."""

    def __init__(self, **told: Any) -> None:
        self.session = "owner-1"
        self.metadata: dict[str, Any] = {"today": "2026-11-21"}
        self.slots: dict[str, Any] = told
        self.loop: str | None = None
        self.events: list[dict[str, Any]] = []
        self.latest: dict[str, Any] = {}

    def hears(self, text: str, act: str, *needs: str, entities: dict[str, str] | None = None) -> Talk:
        self.latest = {
            "text": text,
            "intent": {"name": act, "confidence": 0.9},
            "needs": [{"need": need, "confidence": 0.9} for need in needs],
            "entities": [{"entity": k, "value": v} for k, v in (entities or {}).items()],
            "metadata": dict(self.metadata),
        }
        self.events.append({"event": "user", "text": text})
        return self

    def for_a_client(self, **client: Any) -> Talk:
        """Have a broker say what comes next, of a client with this record."""
        self.metadata |= {"role": "broker", "door": "slack", "client": client}
        return self

    def asking(self, fact: str, form: str = "profile_form") -> Talk:
        self.loop = form
        self.slots["requested_slot"] = fact
        return self

    def does(self, action: Any) -> Outcome:
        tracker = Tracker(
            self.session,
            dict(self.slots),
            self.latest,
            list(self.events),
            False,
            None,
            {"name": self.loop} if self.loop else {},
            "action_listen",
        )
        dispatcher = CollectingDispatcher()
        events = action.run(dispatcher, tracker, {})
        for event in events:
            if event.get("event") == "slot":
                self.slots[event["name"]] = event["value"]
                self.events.append(event)
        # Rasa records neither the reading of slots nor a form's validation as an action of its own.
        if action.name() != "action_read_message" and not action.name().startswith("validate_"):
            self.events.append({"event": "action", "name": action.name()})
        return Outcome(dispatcher.messages, events)


class Outcome:
    """What an action said and changed."""

    def __init__(self, messages: list[dict[str, Any]], events: list[dict[str, Any]]) -> None:
        self.messages = messages
        self.events = events

    @property
    def replies(self) -> list[str]:
        return [m["response"] for m in self.messages if m.get("response")]

    @property
    def words(self) -> str:
        return " ".join(str(value) for message in self.messages for value in message.values())

    def custom(self, part: str) -> Any:
        return next(m["custom"][part] for m in self.messages if part in (m.get("custom") or {}))

    def slot(self, name: str) -> Any:
        return next(e["value"] for e in reversed(self.events) if e.get("name") == name)
