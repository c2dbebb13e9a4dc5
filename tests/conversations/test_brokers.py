"""Conversations of brokers, as the brokers' door has them: with Rasa, and with the client's record each time.

The record is kept here as that door keeps it: from what a message gives back, and from the roadmap.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.conversations.test_conversations import NEVER
from tests.journeys.house import House

pytestmark = pytest.mark.journey

SCRIPTS = yaml.safe_load((Path(__file__).parent / "brokers" / "in_slack.yml").read_text(encoding="utf-8"))
OWNERS_OWN = ("Talk to a person", "May I?", "Where are you based", "delete my data")


@dataclass
class Broker:
    """Somebody who asks for one client, and the client's record as the door would keep it."""

    house: House
    client: dict[str, Any] = field(default_factory=lambda: {"needs": [], "profile": {}, "roadmap": None})
    session: str = field(default_factory=lambda: f"client-{uuid.uuid4()}")

    def says(self, message: str) -> list[dict[str, Any]]:
        metadata = {"role": "broker", "door": "slack", "hub": "default", "today": "2026-11-22"}
        answer = httpx.post(
            f"http://127.0.0.1:{self.house.rasa_port}/webhooks/rest/webhook",
            json={
                "sender": self.session,
                "message": message,
                "metadata": {**metadata, "client": self.client},
            },
            timeout=60,
        )
        assert answer.status_code == 200, answer.text
        said: list[dict[str, Any]] = answer.json()
        for custom in (each.get("custom") or {} for each in said):
            self.client |= custom.get("client") or {}
            if (custom.get("roadmap") or {}).get("phases"):
                made = custom["roadmap"]
                self.client |= {"needs": made["needs"], "profile": made["profile"], "roadmap": made["id"]}
        return said


def parts(said: list[dict[str, Any]], name: str) -> list[Any]:
    return [each["custom"][name] for each in said if name in (each.get("custom") or {})]


@pytest.mark.parametrize("script", [pytest.param(each, id=each["name"]) for each in SCRIPTS])
def test_a_broker_is_served(script: dict[str, Any], the_house: House) -> None:
    broker = Broker(the_house)
    broker.client |= script.get("client") or {}
    for turn in script["turns"]:
        broker.client |= turn.get("pressed") or {}
        said = broker.says(turn["says"])
        text = "\n".join(each.get("text") or "" for each in said)
        roadmaps = [each for each in parts(said, "roadmap") if each.get("phases")]
        wrong = [f"should say {words!r}" for words in turn.get("hears", ()) if words not in text]
        wrong += [f"should not say {words!r}" for words in turn.get("never", ()) if words in text]
        wrong += [f"should not say {words!r} to a broker" for words in OWNERS_OWN if words in text]
        wrong += [f"shows {found[0]!r}" for found in [NEVER.search(text)] if found]
        if "roadmap" in turn and bool(roadmaps) is not turn["roadmap"]:
            wrong.append(f"roadmap: {turn['roadmap']} was awaited")
        if set(turn.get("needs", broker.client["needs"])) != set(broker.client["needs"]):
            wrong.append(f"needs should be {turn['needs']}, and are {broker.client['needs']}")
        told = broker.client["profile"]
        wrong += [f"{f} should be {v}" for f, v in turn.get("profile", {}).items() if told.get(f) != v]
        if "advisers" in turn and bool(parts(said, "for_adviser")) is not turn["advisers"]:
            wrong.append("what only advisers can use should be shown beside it")
        assert wrong == [], f"after {turn['says']!r}:\n{text}"


def test_an_owner_never_gets_what_a_broker_gets(the_house: House) -> None:
    heard = the_house.owner().says("14 of us in Dudley making gates, where do we begin with innovation?")

    assert not [reply for reply in heard.replies if {"for_adviser", "client"} & set(reply)]
    assert "Example roadmaps of end-to-end" not in heard.text
