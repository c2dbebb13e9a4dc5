"""Conversations by what people do, written as YAML that an editor can read, held with every process up.

A turn ``says`` something or ``presses`` a button (``pressed_before``: one of an earlier answer), and names
what it ``hears``, what is ``never`` said and what the conversation ``holds`` afterwards.
"""

from __future__ import annotations

import json
import re
import sqlite3
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
# What no turn may ever show: a reply's empty place, our own names, a programmer's nothing.
NEVER = re.compile(r"\{\w*\}|\butter_|\baction_|\bNone\b|Traceback|\[\]")


@pytest.mark.parametrize("script", [pytest.param(s, id=f"{kind}: {s['name']}") for kind, s in SCRIPTS])
def test_conversation(script: dict[str, Any], the_house: House) -> None:
    owner = the_house.owner()
    for turn in script["turns"]:
        heard = taken(owner, turn)
        wrong = [*disappointments(turn, heard, owner), *unheld(turn, owner, the_house), *slips(heard)]
        assert wrong == [], f"after {turn.get('says') or turn}:\n{heard.text}"


def taken(owner: Owner, turn: dict[str, Any]) -> Heard:
    """Say or press once, or say again until there is a roadmap."""
    if "presses" in turn:
        return owner.presses(turn["presses"])
    if "pressed_before" in turn:
        return owner.says(payload_of(owner, turn["pressed_before"]))
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


def payload_of(owner: Owner, title: str) -> str:
    buttons = [b for body in owner.heard for reply in body["replies"] for b in reply.get("buttons") or ()]
    return str(next(b["payload"] for b in buttons if b["title"] == title))


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


def unheld(turn: dict[str, Any], owner: Owner, house: House) -> list[str]:
    """What the conversation should hold after the turn and does not."""
    if "holds" not in turn:
        return []
    kept = held(house, str(owner.session))
    wanted = turn["holds"].items()
    return [
        f"{name} should be {value}, and is {kept.get(name)}"
        for name, value in wanted
        if kept.get(name) != value
    ]


def held(house: House, session: str) -> dict[str, Any]:
    """The slots of a conversation as they are kept."""
    with sqlite3.connect(house.folder / "conversations.sqlite") as kept:
        row = kept.execute("SELECT events FROM rasa_conversation WHERE sender_id = ?", (session,)).fetchone()
    filled: dict[str, Any] = {}
    for event in json.loads(row[0]) if row else ():
        if event.get("event") == "slot":
            filled[event["name"]] = event.get("value")
        elif event.get("event") in ("reset_slots", "restart"):
            filled.clear()
    return filled


def slips(heard: Heard) -> list[str]:
    """What should never be heard in any turn: nothing at all, the same thing twice, our own machinery."""
    texts = [reply["text"] for reply in heard.replies if reply.get("text")]
    wrong = [] if texts else ["should say something"]
    wrong += [f"is said twice: {text[:60]!r}" for text in sorted(set(texts)) if texts.count(text) > 1]
    found = NEVER.search(heard.text)
    return [*wrong, f"shows {found[0]!r}"] if found else wrong
