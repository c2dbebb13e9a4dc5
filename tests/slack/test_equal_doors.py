"""Every door gives one roadmap for the same facts: Slack's form, the API, the command line, the engine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.slack import verbs
from bot.slack.blocks.profile_form import profile_modal
from bot.slack.door import SUBMISSION, Asked
from bot.slack.members import Member
from bot.slack.talk.finding import Finding
from bot.slack.talk.forms import Forms
from bot.slack.talk.saying import Room, keep_of
from bot.web.app import create_app
from bot.web.services import Services
from bot.web.settings import Rate, Settings
from knowledge_base.advice import Advice
from knowledge_base.brokers.records import Client
from knowledge_base.hubs import read_hub
from knowledge_base.profile import dump_profile, parse_profile
from knowledge_base.store.chats import Chats
from knowledge_base.store.database import open_database
from knowledge_base.words import KINDS, NEEDS
from tests.core.test_roadmap_starter_pack import some_business
from tests.journeys.calling import answer
from tests.slack.talking import NOW, TODAY, Talking
from tests.slack.test_talk_forms import filled_in
from tests.slack.workspace import TEAM

BUSINESSES = 200
ROOMY = Settings(session_rate=Rate(10_000, 600_000), address_rate=Rate(10_000, 600_000))


Told = tuple[tuple[str, ...], dict[str, Any]]
# The command line takes the needs once for a list of profiles, so that there are a few choices of them.
WANTED = [tuple(Random(f"wanted {number}").sample(NEEDS, number)) for number in (1, 2, 3, 5)]


def businesses() -> list[Told]:
    """Needs and facts of made-up businesses, as a profile of the contract holds them."""
    chance = Random("equal doors")
    told = []
    for number in range(BUSINESSES):
        facts = {
            "amount": {"amount": chance.choice([5_000, 40_000]), "currency": "GBP"},
            "deadline": "2027-06-30",
            "languages": ["en", "cy"],
            "subsidy_received": {"from": 0, "to": 15_000, "currency": "GBP"},
        }
        more = {fact: value for fact, value in facts.items() if chance.random() < 0.3}
        profile = {**dump_profile(some_business(chance)), **more}
        # A menu gives what is chosen back in its own order, which counts for nothing but is written down.
        profile["refuses"] = sorted(profile.get("refuses") or (), key=KINDS.index)
        told.append((WANTED[number % len(WANTED)], dump_profile(parse_profile(profile))))
    return told


def as_bytes(document: Any) -> bytes:
    return json.dumps(document, sort_keys=False, ensure_ascii=False).encode()


@pytest.fixture
def advice(filled: Path) -> Advice:
    return Advice(open_database(f"sqlite:///{filled}"), read_hub("default"), "http://hub.example.org")


class SlackForm:
    """The form of facts, as it is sent off; what it leaves is what is saved."""

    def __init__(self, talk: Talking) -> None:
        self.talk = talk
        self.forms = Forms(talk.door, talk.advice, Finding(talk.door, talk.advice))
        self.member = Member(talk.team, TEAM, "U0KIM", talk.kim)

    def plan(self, number: int, needs: tuple[str, ...], profile: dict[str, Any]) -> dict[str, Any]:
        """Keep a client that wants something, fill in its facts, and return the document saved for it."""
        clients = self.talk.advice.clients
        client = clients.add(
            self.talk.team.id, self.talk.kim.id, f"Example {number}", f"equal-{number}", NOW, needs
        )
        shown = profile_modal(_with(client, profile), keep=keep_of(client.id, Room("C0TEAM", "1.1")))
        view = {**shown, "id": f"V{number}", "state": {"values": filled_in(shown)}}
        asked = Asked(
            key=f"view:{number}",
            kind=SUBMISSION,
            team=TEAM,
            user="U0KIM",
            action=verbs.EDIT,
            value=shown["private_metadata"],
            body={"view": view},
        )
        self.forms.submitted(asked, self.member)
        kept = clients.get(client.id, client.team)
        assert kept
        assert kept.profile == profile, "the form gives back what it was filled with"
        saved = self.talk.advice.roadmaps.get(str(kept.roadmap), NOW)
        assert saved
        return saved.document


def _with(client: Client, profile: dict[str, Any]) -> Client:
    return replace(client, profile=profile)


def test_slack_the_api_the_command_line_and_the_engine_give_one_document(
    talk: Talking, advice: Advice, filled: Path, tmp_path: Path
) -> None:
    told = businesses()
    form = SlackForm(talk)
    by_form = [form.plan(number, *each) for number, each in enumerate(told)]
    by_engine = [
        advice.plan(needs, parse_profile(profile), on=TODAY, now=NOW).document for needs, profile in told
    ]
    services = Services(
        Chats(advice.database), advice.roadmaps, advice, clock=lambda: NOW, records=advice.view
    )
    with TestClient(create_app(ROOMY, services)) as web:
        asked = [
            web.post("/api/roadmaps", json={"needs": needs, "profile": profile, "on": TODAY.isoformat()})
            for needs, profile in told
        ]
    by_command = commanded(told, tmp_path, filled)

    unlike = [
        number
        for number in range(len(told))
        if len(
            {
                as_bytes(by_form[number]),
                as_bytes(by_engine[number]),
                as_bytes(asked[number].json()["roadmap"]),
                as_bytes(by_command[number]),
            }
        )
        > 1
    ]
    assert len(told) == BUSINESSES
    assert sum(bool(document["phases"]) for document in by_form) > BUSINESSES // 2
    assert unlike == []


def commanded(told: Sequence[Told], folder: Path, database: Path) -> list[dict[str, Any]]:
    """What `fingerpost roadmap` writes: one call for each choice of needs, with its profiles in a list."""
    written: dict[int, dict[str, Any]] = {}
    for needs in WANTED:
        mine = [number for number, (wanted, _) in enumerate(told) if wanted == needs]
        file = folder / "profiles.json"
        file.write_text(json.dumps([told[number][1] for number in mine]), encoding="utf-8")
        wanted = ("--needs", ",".join(needs), "--profile", file, "--on", TODAY)
        documents = answer("roadmap", *wanted, DATABASE_URL=f"sqlite:///{database}")
        written |= dict(zip(mine, documents, strict=True))
    return [written[number] for number in range(len(told))]
