"""Conversations by what people do, written as YAML that an editor can read, held with every process up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.journeys.house import Heard, House, Owner

pytestmark = pytest.mark.journey

SCRIPTS = [
    (file.stem, script)
    for file in sorted(Path(__file__).parent.glob("*.yml"))
    for script in yaml.safe_load(file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("script", [pytest.param(s, id=f"{kind}: {s['name']}") for kind, s in SCRIPTS])
def test_conversation(script: dict[str, Any], the_house: House) -> None:
    owner = the_house.owner()
    for turn in script["turns"]:
        heard = taken(owner, turn)
        check(turn, heard, owner)


def taken(owner: Owner, turn: dict[str, Any]) -> Heard:
    """Say or press once, or say again until there is a roadmap."""
    if "presses" in turn:
        return owner.presses(turn["presses"])
    if turn.get("until") == "roadmap" and "then" not in turn and latest_has_roadmap(owner):
        return Heard(owner.heard[-1]["replies"])
    heard = owner.says(turn["says"])
    for _ in range(turn.get("tries", 1) - 1):
        if turn.get("until") != "roadmap" or heard.roadmap:
            break
        heard = owner.says(turn.get("then", turn["says"]))
    if turn.get("until") == "roadmap":
        assert heard.roadmap, heard.text
    return heard


def latest_has_roadmap(owner: Owner) -> bool:
    return bool(owner.heard) and Heard(owner.heard[-1]["replies"]).roadmap is not None


def check(turn: dict[str, Any], heard: Heard, owner: Owner) -> None:
    """Hold what was heard against everything the turn expects."""
    spoken = f"{turn.get('says') or turn.get('presses')!r} was answered: {heard.text}"
    for fragment in turn.get("hears", ()):
        assert fragment in heard.text, spoken
    for fragment in turn.get("never", ()):
        assert fragment not in heard.text, spoken
    if turn.get("roadmap"):
        assert heard.roadmap, spoken
    for fact, value in turn.get("profile", {}).items():
        assert (heard.roadmap or {})["profile"][fact] == value
    if "needs" in turn:
        assert (heard.roadmap or {})["needs"] == turn["needs"]
    if "without_kind" in turn:
        assert all(step["kind"] != turn["without_kind"] for step in heard.steps), spoken
    if turn.get("session") == "gone":
        assert owner.session is None
    if turn.get("session") == "kept":
        assert owner.session is not None
