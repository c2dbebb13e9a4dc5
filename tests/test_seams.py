"""Where two lists must agree, a test holds them together."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.server import all_actions
from knowledge_base.words import ACTS, FACTS, NEEDS

ROOT = Path(__file__).resolve().parents[1]
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
BUILT_IN = {"action_deactivate_loop", "action_listen"}


@cache
def loaded(folder: Path) -> dict[Path, Any]:
    return {
        f: yaml.load(f.read_text(encoding="utf-8"), yaml.CSafeLoader) for f in sorted(folder.rglob("*.yml"))
    }


def data(key: str) -> Iterator[Any]:
    for content in loaded(ROOT / "data").values():
        yield from content.get(key) or ()


def replies() -> set[str]:
    contents = loaded(ROOT / "data").values()
    return {name for content in contents for name in content.get("responses") or ()}


def test_every_action_of_the_domain_is_served_and_no_other() -> None:
    advice: Any = None
    served = {action.name() for action in all_actions(advice)}

    assert served == set(DOMAIN["actions"])


def test_the_slots_are_the_profile_and_the_domain_knows_every_act() -> None:
    assert set(FACTS) <= set(DOMAIN["slots"])
    assert tuple(DOMAIN["intents"]) == ACTS
    assert DOMAIN["forms"]["profile_form"]["required_slots"] == ["needs", *FACTS]


def test_every_question_has_its_words() -> None:
    assert {f"utter_ask_{fact}" for fact in ("needs", *FACTS)} <= replies()


def test_the_fallback_of_rasa_has_its_words() -> None:
    policies = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["policies"]
    fallbacks = {each.get("core_fallback_action_name") for each in policies} - {None}

    assert fallbacks == {"action_default_fallback"}
    assert "utter_default" in replies()


def test_every_reply_an_action_names_has_its_words() -> None:
    named = set()
    for file in (ROOT / "actions").glob("*.py"):
        named |= set(re.findall(r'"(utter_[a-z_]+)"', file.read_text(encoding="utf-8")))

    assert named - replies() == set()


def test_every_rule_uses_actions_and_acts_that_exist() -> None:
    known = set(DOMAIN["actions"]) | set(DOMAIN["forms"]) | replies() | BUILT_IN
    for rule in data("rules"):
        for step in rule["steps"]:
            assert step.get("action", "profile_form") in known, rule["rule"]
            assert step.get("intent", "greet") in ACTS, rule["rule"]


def test_training_knows_every_need_and_act_and_no_other() -> None:
    needs, acts = set(), set()
    for block in data("nlu"):
        acts.add(block["intent"])
        for example in block["examples"]:
            needs.update((example.get("metadata") or {}).get("needs", ()))

    assert needs == set(NEEDS)
    assert acts == set(ACTS)


def test_every_act_has_at_least_twenty_five_examples_and_every_need_a_hundred() -> None:
    acts, needs = dict.fromkeys(ACTS, 0), dict.fromkeys(NEEDS, 0)
    for block in data("nlu"):
        acts[block["intent"]] += len(block["examples"])
        for example in block["examples"]:
            for need in (example.get("metadata") or {}).get("needs", ())[:1]:
                needs[need] += 1

    assert min(acts.values()) >= 25, acts
    assert min(needs.values()) >= 100, needs


def test_no_message_of_the_yardstick_is_in_the_training_data() -> None:
    yardsticks = [ROOT / "tests" / "understanding" / name for name in ("messages.jsonl", "brokers.jsonl")]
    measured = {
        squeezed(json.loads(line)["text"])
        for yardstick in yardsticks
        for line in yardstick.read_text(encoding="utf-8").splitlines()
    }
    trained = {squeezed(e["text"]) for block in data("nlu") for e in block["examples"] if isinstance(e, dict)}

    # A greeting of two words will always be in both; nobody learns anything from that.
    assert {text for text in measured & trained if len(text.split()) > 4} == set()


def squeezed(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize(
    ("folder", "never"),
    [
        (
            "knowledge_base",
            ("bot", "actions", "rasa", "rasa_sdk", "fastapi", "starlette", "slack_sdk", "slack_bolt"),
        ),
        ("actions", ("bot", "rasa")),
        ("bot/rasa", ("actions", "bot.web", "bot.run", "bot.command_line", "fastapi")),
    ],
)
def test_imports_go_one_way(folder: str, never: tuple[str, ...]) -> None:
    for file in (ROOT / folder).rglob("*.py"):
        if ".venv" in file.parts:
            continue
        for name in imports(file):
            assert not any(name == n or name.startswith(f"{n}.") for n in never), f"{file}: {name}"


def test_the_sealed_side_loads_nothing_of_ours_but_the_encoder() -> None:
    for file in (ROOT / "bot" / "rasa").glob("*.py"):
        ours = {name for name in imports(file) if name.startswith("knowledge_base")}
        assert ours <= {"knowledge_base.encoder"}, file


def test_the_core_never_asks_the_clock() -> None:
    asking = re.compile(r"\b(date\.today|datetime\.now|datetime\.utcnow|time\.time)\(")
    for file in (ROOT / "knowledge_base").rglob("*.py"):
        assert not asking.search(file.read_text(encoding="utf-8")), file


def test_every_record_names_its_source() -> None:
    for file, offer in loaded(ROOT / "knowledge_base" / "content" / "offers").items():
        published = offer["status"] == "published"
        assert not published or (offer["source"].get("url") and offer["source"].get("seen")), file.name


def test_what_a_button_carries_is_known_to_the_domain() -> None:
    """Rasa drops what a payload carries under any other name."""
    told = [*(ROOT / "actions").glob("*.py"), *(ROOT / "data").rglob("replies.yml")]
    payloads = re.findall(
        r"/([a-z_]+)\{+\"([a-z_]+)\"", " ".join(f.read_text(encoding="utf-8") for f in told)
    )

    assert payloads
    for act, name in payloads:
        assert act in ACTS
        assert name in DOMAIN["entities"]
