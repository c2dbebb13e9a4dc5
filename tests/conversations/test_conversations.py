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
        assert disappointments(turn, heard, owner) == [], heard.text


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


def disappointments(turn: dict[str, Any], heard: Heard, owner: Owner) -> list[str]:
    """What the turn expects and was not heard."""
    roadmap = heard.roadmap or {"profile": {}, "needs": []}
    missing = [f"should say {words!r}" for words in turn.get("hears", ()) if words not in heard.text]
    missing += [f"should not say {words!r}" for words in turn.get("never", ()) if words in heard.text]
    if turn.get("roadmap") and not heard.roadmap:
        missing.append("should show a roadmap")
    for fact, value in turn.get("profile", {}).items():
        if roadmap["profile"].get(fact) != value:
            missing.append(f"{fact} should be {value}")
    if roadmap["needs"] != turn.get("needs", roadmap["needs"]):
        missing.append(f"needs should be {turn['needs']}")
    if "without_kind" in turn and any(step["kind"] == turn["without_kind"] for step in heard.steps):
        missing.append(f"no step should be a {turn['without_kind']}")
    if "session" in turn and (owner.session is None) != (turn["session"] == "gone"):
        missing.append(f"the session should be {turn['session']}")
    return missing
