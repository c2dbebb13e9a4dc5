"""The app's manifest: Slack takes it, it asks for no more than is used, and all leads to one address."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.slack.app import PATH

FILE = Path(__file__).parents[2] / "bot" / "slack" / "manifest.yml"
README = FILE.parents[2] / "README.md"
# The parts of Slack's schema for manifests (docs.slack.dev/reference/app-manifest) that ours has.
WORDS = {"type": "string", "minLength": 1}
ADDRESS = {"type": "string", "pattern": r"^https://"}
SCHEMA = {
    "type": "object",
    "required": ["display_information", "features", "oauth_config", "settings"],
    "additionalProperties": False,
    "properties": {
        "_metadata": {
            "type": "object",
            "properties": {"major_version": {"const": 1}, "minor_version": {"enum": [0, 1]}},
            "additionalProperties": False,
        },
        "display_information": {
            "type": "object",
            "required": ["name"],
            "additionalProperties": False,
            "properties": {
                "name": {**WORDS, "maxLength": 35},
                "description": {**WORDS, "maxLength": 140},
                "long_description": {"type": "string", "minLength": 174, "maxLength": 4000},
                "background_color": {"type": "string", "pattern": "^#([0-9a-f]{3}|[0-9a-f]{6})$"},
            },
        },
        "features": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "app_home": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "home_tab_enabled": {"type": "boolean"},
                        "messages_tab_enabled": {"type": "boolean"},
                        "messages_tab_read_only_enabled": {"type": "boolean"},
                    },
                },
                "bot_user": {
                    "type": "object",
                    "required": ["display_name"],
                    "additionalProperties": False,
                    "properties": {
                        "display_name": {"type": "string", "pattern": "^[A-Za-z0-9._ -]{1,80}$"},
                        "always_online": {"type": "boolean"},
                    },
                },
                "slash_commands": {
                    "type": "array",
                    "maxItems": 50,
                    "items": {
                        "type": "object",
                        "required": ["command", "description"],
                        "additionalProperties": False,
                        "properties": {
                            "command": {"type": "string", "pattern": "^/[a-z0-9_-]{1,31}$"},
                            "url": ADDRESS,
                            "description": {**WORDS, "maxLength": 2000},
                            "usage_hint": {**WORDS, "maxLength": 1000},
                            "should_escape": {"type": "boolean"},
                        },
                    },
                },
            },
        },
        "oauth_config": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "scopes": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"bot": {"type": "array", "maxItems": 255, "uniqueItems": True}},
                }
            },
        },
        "settings": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "event_subscriptions": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "request_url": ADDRESS,
                        "bot_events": {"type": "array", "maxItems": 100, "uniqueItems": True},
                    },
                },
                "interactivity": {
                    "type": "object",
                    "required": ["is_enabled"],
                    "additionalProperties": False,
                    "properties": {
                        "is_enabled": {"type": "boolean"},
                        "request_url": ADDRESS,
                        "message_menu_options_url": ADDRESS,
                    },
                },
                "org_deploy_enabled": {"type": "boolean"},
                "socket_mode_enabled": {"type": "boolean"},
                "token_rotation_enabled": {"type": "boolean"},
            },
        },
    },
}
# Which permission Slack asks for with what we call and listen to, from its reference of methods and events.
NEEDED = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "conversations.history": "channels:history groups:history im:history",
    "conversations.replies": "channels:history groups:history im:history",
    "conversations.open": "im:write",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "app_uninstalled": "",
    "tokens_revoked": "",
}
METHOD = re.compile(r"client\.([a-z]+)_([A-Za-z_]+)\(")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def test_slack_takes_the_manifest(manifest: dict[str, Any]):
    assert list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(manifest)) == []


def test_everything_is_sent_to_the_one_address_of_the_door(manifest: dict[str, Any]):
    addresses = re.findall(r"https://\S+", yaml.safe_dump(manifest))

    assert set(addresses) == {f"https://FINGERPOST_ADDRESS{PATH}"}
    assert len(addresses) == 4
    assert "FINGERPOST_ADDRESS" in README.read_text(encoding="utf-8")


def test_no_permission_is_asked_for_that_nothing_uses(manifest: dict[str, Any]):
    asked = set(manifest["oauth_config"]["scopes"]["bot"])
    used = {"commands", *" ".join(NEEDED.values()).split()}

    assert asked == used


def test_every_method_that_is_called_has_its_permission(manifest: dict[str, Any]):
    asked = set(manifest["oauth_config"]["scopes"]["bot"])
    source = "\n".join(path.read_text(encoding="utf-8") for path in FILE.parent.rglob("*.py"))
    called = {f"{area}.{name.replace('_', '.')}" for area, name in METHOD.findall(source)}
    called = {"files.getUploadURLExternal" if each == "files.upload.v2" else each for each in called}
    free = {"auth.test", "views.open", "views.update", "views.push"}

    assert {"chat.postMessage", "conversations.replies"} <= called
    assert called - free <= set(NEEDED)
    assert {scope for each in called - free for scope in NEEDED[each].split()} <= asked


def test_every_event_that_is_listened_to_has_its_permission(manifest: dict[str, Any]):
    events = manifest["settings"]["event_subscriptions"]["bot_events"]

    assert {scope for each in events for scope in NEEDED[each].split()} <= set(
        manifest["oauth_config"]["scopes"]["bot"]
    )


def test_each_permission_and_event_says_what_it_is_for():
    text = FILE.read_text(encoding="utf-8")
    listed = re.findall(r"^      - ([a-z_.:]+)(.*)$", text, re.MULTILINE)

    assert len(listed) == 16
    assert all(len(reason.strip(" #")) > 5 for _, reason in listed)


def test_the_command_is_the_one_that_is_described(manifest: dict[str, Any]):
    (command,) = manifest["features"]["slash_commands"]

    assert command["command"] == "/fingerpost"
    assert f"`{command['command']}" in README.read_text(encoding="utf-8")
