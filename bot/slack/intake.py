"""Read what Slack sends: who asked for what, where, and the one key it is answered under.

What is not meant for us is left out here and kept nowhere: other people's talk in a channel, what bots write,
links' previews, events of kinds we never asked for. What was changed or deleted in a thread may have gone to
an owner, so it is read; it is kept only where the thread is a referral's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bot.slack import door
from bot.slack.door import Asked
from bot.web.text import cleaned_tree

# A message with one of these was still written by a person, just now.
WRITTEN = {"", "file_share", "thread_broadcast", "me_message"}
INTERACTIONS = {
    "block_actions": door.ACTION,
    "view_submission": door.SUBMISSION,
    "view_closed": door.CLOSED,
    "shortcut": door.SHORTCUT,
    "message_action": door.SHORTCUT,
    "block_suggestion": door.OPTIONS,
    "interactive_message": door.OPTIONS,
}
# Edits of a message, and where each holds what it was or is.
EDIT_EVENTS = {
    "message_changed": (door.CHANGED, "message"),
    "message_deleted": (door.DELETED, "previous_message"),
}
KEPT = {
    door.MENTION, door.MESSAGE, door.CHANGED, door.DELETED,
    door.COMMAND, door.ACTION, door.SUBMISSION, door.SHORTCUT,
}  # fmt: skip
OTHER_WORKSPACE = (
    "This Fingerpost belongs to another workspace and cannot answer here. "
    "Ask whoever set it up to run one for this workspace too."
)
QUICK = {door.COMMAND, door.ACTION, door.SUBMISSION, door.SHORTCUT, door.OPTIONS}


def read(body: Mapping[str, Any], team: str, user_team: str, bot_user: str = "") -> Asked | None:
    """Return what was asked; None for what we leave alone.

    ``team`` and ``user_team`` are the workspace we are installed in and the person's own; ``bot_user`` is us.
    """
    told = cleaned_tree({name: value for name, value in body.items() if name != "token"})
    if told.get("type") == "event_callback":
        return _event(told, team, user_team, bot_user)
    if "command" in told:
        return _command(told, team, user_team)
    kind = INTERACTIONS.get(_word(told, "type"))
    if kind is None or _word(told, "user", "id") in ("", bot_user):
        return None
    return _interaction(told, kind, team, user_team)


def message_key(team: str, channel: str, ts: str) -> str:
    """Return the key that a message is asked under, whatever event told of it."""
    return _key("message", team, channel, ts)


def _event(told: dict[str, Any], team: str, user_team: str, bot_user: str) -> Asked | None:
    event = told.get("event")
    if not isinstance(event, dict):
        return None
    if _word(event, "type") == "message" and _word(event, "subtype") in EDIT_EVENTS:
        return _edit(event, team, user_team, bot_user)
    kind = {"app_mention": door.MENTION, "message": door.MESSAGE}.get(_word(event, "type"))
    user, channel, ts = _word(event, "user"), _word(event, "channel"), _word(event, "ts")
    root = _word(event, "thread_ts") or ts
    direct = _word(event, "channel_type") == "im"
    if kind == door.MESSAGE and _names(_word(event, "text"), bot_user):
        kind = door.MENTION  # Slack tells of it twice, in any order, and only the first one counts
    if kind is None or not (user and channel and ts) or user in (bot_user, "USLACKBOT"):
        return None
    if event.get("bot_id") or event.get("hidden") or _word(event, "subtype") not in WRITTEN:
        return None
    if kind == door.MESSAGE and not direct and root == ts:
        return None  # talk of others: what is meant for us names us, or stands in a thread
    return Asked(
        # A mention comes as a message too, under another event_id: both have the message's own key.
        key=message_key(team, channel, ts),
        kind=kind,
        team=team,
        user=user,
        user_team=user_team or team,
        channel=channel,
        direct=direct,
        thread=root,
        ts=ts,
        text=_without(_word(event, "text"), bot_user),
        body=told,
    )


def _edit(event: dict[str, Any], team: str, user_team: str, bot_user: str) -> Asked | None:
    """A reply of a person's that was changed by them, or deleted by anybody: Slack does not say by whom."""
    kind, where = EDIT_EVENTS[_word(event, "subtype")]
    message = event.get(where)
    user, channel, ts = _word(message, "user"), _word(event, "channel"), _word(message, "ts")
    root, at, text = _word(message, "thread_ts"), _word(event, "ts"), _word(message, "text")
    if not (isinstance(message, dict) and user and channel and ts and root and at) or root == ts:
        return None
    if user in (bot_user, "USLACKBOT") or message.get("bot_id") or _word(message, "subtype") not in WRITTEN:
        return None
    if kind == door.CHANGED and _word(message, "edited", "user") != user:
        return None  # a link's preview, or the language that Slack found it to be in
    if kind == door.CHANGED and text == _word(event, "previous_message", "text"):
        return None  # the same, of what was changed by its writer before
    return Asked(
        key=_key(kind, team, channel, ts, at),
        kind=kind,
        team=team,
        user=user,
        user_team=user_team or _word(message, "user_team") or _word(message, "team") or team,
        channel=channel,
        direct=_word(event, "channel_type") == "im",
        thread=root,
        ts=ts,
        text=text if kind == door.CHANGED else "",
        value=at,
    )


def _command(told: dict[str, Any], team: str, user_team: str) -> Asked | None:
    user = _word(told, "user_id")
    if not user:
        return None
    trigger, channel = _word(told, "trigger_id"), _word(told, "channel_id")
    return Asked(
        key=_key("command", trigger or _digest(told)),
        kind=door.COMMAND,
        team=team,
        user=user,
        user_team=user_team or team,
        channel=channel,
        direct=channel.startswith("D"),
        text=_word(told, "text"),
        action=_word(told, "command"),
        trigger=trigger,
        response_url=_word(told, "response_url"),
        body=told,
    )


def _interaction(told: dict[str, Any], kind: str, team: str, user_team: str) -> Asked | None:
    view = told.get("view")
    view = view if isinstance(view, dict) else {}
    pressed = _pressed(told)
    if kind == door.ACTION and not pressed:
        return None  # a link: Slack has opened it already
    trigger = _word(told, "trigger_id")
    named = {
        door.ACTION: ("action", trigger or _digest(told)),
        door.SUBMISSION: ("view", _word(view, "id"), _word(view, "hash")),
        door.CLOSED: ("closed", _word(view, "id"), _word(view, "hash")),
    }.get(kind, (kind, trigger or _digest(told)))
    channel = _word(told, "channel", "id") or _word(told, "container", "channel_id")
    ts = _word(told, "container", "message_ts") or _word(told, "message", "ts") or _word(told, "message_ts")
    root = _word(told, "message", "thread_ts") or _word(told, "container", "thread_ts") or ts
    return Asked(
        key=_key(*named),
        kind=kind,
        team=team,
        user=_word(told, "user", "id"),
        user_team=user_team or team,
        channel=channel,
        direct=channel.startswith("D"),
        thread=root if channel else "",
        ts=ts,
        text=_word(told, "value") if kind == door.OPTIONS else _word(told, "message", "text"),
        action=(
            _word(pressed, "action_id")
            or _word(view, "callback_id")
            or _word(told, "callback_id")
            or _word(told, "action_id")
        ),
        value=_word(pressed, "value")
        or _word(pressed, "selected_option", "value")
        or _word(view, "private_metadata"),
        trigger=trigger,
        response_url=_word(told, "response_url"),
        body=told,
    )


def _pressed(told: dict[str, Any]) -> dict[str, Any]:
    """The first thing pressed that is more than a link."""
    actions = told.get("actions")
    for action in actions if isinstance(actions, list) else ():
        if isinstance(action, dict) and not _is_link(action):
            return action
    return {}


def _is_link(action: dict[str, Any]) -> bool:
    return action.get("type") == "button" and (bool(action.get("url")) or "value" not in action)


def _names(text: str, bot_user: str) -> bool:
    """Whether a text mentions us."""
    return bool(bot_user) and (f"<@{bot_user}>" in text or f"<@{bot_user}|" in text)


def _without(text: str, bot_user: str) -> str:
    """The text without our own name at its beginning."""
    return text.removeprefix(f"<@{bot_user}>").strip() if bot_user else text


def _word(told: Any, *path: str) -> str:
    """The text at a path; "" where there is none, or where something else stands."""
    for name in path:
        told = told.get(name) if isinstance(told, dict) else None
    return told if isinstance(told, str) else ""


def _key(*parts: str) -> str:
    key = ":".join(parts)
    return key if len(key) <= 200 else f"{parts[0]}:{hashlib.sha256(key.encode()).hexdigest()}"


def _digest(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
