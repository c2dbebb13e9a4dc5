"""Requests as Slack makes them: their bodies, and the signature over each."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from tests.slack.workspace import APP, BOT_USER, SECRET, TEAM

_NUMBERS = itertools.count(1)
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def signed(
    body: str | bytes, content_type: str, *, secret: str = SECRET, at: float | None = None
) -> dict[str, str]:
    """Return the headers of a request that Slack signed at a time (now, if it is not told)."""
    timestamp = str(int(time.time() if at is None else at))
    words = body if isinstance(body, str) else body.decode("utf-8")
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=words)
    assert signature
    return {
        "content-type": content_type,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature,
    }


def event(event: dict[str, Any], *, event_id: str = "", team: str = TEAM, **more: Any) -> tuple[str, str]:
    """Return the body and content type of an event."""
    body = {
        "token": "old-token",
        "team_id": team,
        "api_app_id": APP,
        "type": "event_callback",
        "event_id": event_id or f"Ev{next(_NUMBERS):08d}",
        "event_time": 1_795_000_000,
        "authorizations": [{"team_id": team, "user_id": BOT_USER, "is_bot": True}],
        "event": event,
        **more,
    }
    return json.dumps(body), JSON


def mention(
    text: str, *, user: str = "U0KIM", channel: str = "C0TEAM", ts: str = "", thread: str = ""
) -> tuple[str, str]:
    """Return the body of a mention of the bot, in a channel or in a thread of it."""
    told = {"type": "app_mention", "user": user, "text": f"<@{BOT_USER}> {text}", "channel": channel}
    return event(_in_thread({**told, "ts": ts or _ts(), "team": TEAM}, thread))


def message(
    text: str,
    *,
    user: str = "U0KIM",
    channel: str = "C0TEAM",
    channel_type: str = "channel",
    ts: str = "",
    thread: str = "",
    event_id: str = "",
    **more: Any,
) -> tuple[str, str]:
    """Return the body of a message that somebody wrote."""
    told = {"type": "message", "user": user, "text": text, "channel": channel, "channel_type": channel_type}
    return event(_in_thread({**told, "ts": ts or _ts(), "team": TEAM, **more}, thread), event_id=event_id)


def changed(
    text: str,
    *,
    before: str,
    ts: str,
    thread: str,
    user: str = "U0KIM",
    by: str | None = "",
    channel: str = "C0TEAM",
    at: str = "",
    event_id: str = "",
    message: dict[str, Any] | None = None,
    **more: Any,
) -> tuple[str, str]:
    """Return the body of a reply that its writer changed, or ``by`` another; None: a link's preview."""
    written = _in_thread({"type": "message", "user": user, "ts": ts, "team": TEAM}, thread)
    edited = {} if by is None else {"edited": {"user": by or user, "ts": "1795200000.000000"}}
    told = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": channel,
        "channel_type": "channel",
        "ts": at or _ts(),
        "message": {**written, "text": text, **edited, **(message or {})},
        "previous_message": {**written, "text": before},
        **more,
    }
    return event({name: value for name, value in told.items() if value is not None}, event_id=event_id)


def deleted(
    before: str, *, ts: str, thread: str, user: str = "U0KIM", channel: str = "C0TEAM", event_id: str = ""
) -> tuple[str, str]:
    """Return the body of a reply that was deleted; Slack does not say by whom."""
    written = _in_thread({"type": "message", "user": user, "ts": ts, "team": TEAM, "text": before}, thread)
    told = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": channel,
        "channel_type": "channel",
        "ts": _ts(),
        "deleted_ts": ts,
        "previous_message": written,
    }
    return event(told, event_id=event_id)


def command(
    text: str,
    *,
    user: str = "U0KIM",
    channel: str = "C0TEAM",
    trigger: str = "",
    team: str = TEAM,
    response_url: str = "https://hooks.slack.example.org/commands/1",
    **more: str,
) -> tuple[str, str]:
    """Return the body of ``/fingerpost``."""
    told = {
        "token": "old-token",
        "team_id": team,
        "team_domain": "example",
        "channel_id": channel,
        "channel_name": "brokers",
        "user_id": user,
        "user_name": "kim",
        "command": "/fingerpost",
        "text": text,
        "api_app_id": APP,
        "response_url": response_url,
        "trigger_id": trigger or _trigger(),
        **more,
    }
    return urlencode(told), FORM


def press(
    action_id: str,
    value: str | None = "client-1",
    *,
    user: str = "U0KIM",
    channel: str = "C0TEAM",
    ts: str = "1795000000.000100",
    thread: str = "",
    trigger: str = "",
    action: dict[str, Any] | None = None,
    response_url: str = "https://hooks.slack.example.org/actions/1",
    **more: Any,
) -> tuple[str, str]:
    """Return the body of a pressed button; ``action`` overrides what was pressed."""
    pressed = {"type": "button", "action_id": action_id, "block_id": "b", "action_ts": _ts()}
    if value is not None:
        pressed["value"] = value
    told = {"type": "message", "ts": ts, "user": BOT_USER, "bot_id": "B0FINGER"}
    return interaction(
        "block_actions",
        user=user,
        trigger_id=trigger or _trigger(),
        channel={"id": channel, "name": "brokers"},
        container={"type": "message", "message_ts": ts, "channel_id": channel, "thread_ts": thread or ts},
        message=_in_thread(told, thread),
        response_url=response_url,
        actions=[{**pressed, **(action or {})}],
        **more,
    )


def submission(
    callback_id: str,
    values: dict[str, Any] | None = None,
    *,
    user: str = "U0KIM",
    view_id: str = "V1",
    hash: str = "1.hash",
    metadata: str = "",
    type: str = "view_submission",
) -> tuple[str, str]:
    """Return the body of a modal that was sent off (or closed)."""
    view = {
        "id": view_id,
        "team_id": TEAM,
        "type": "modal",
        "callback_id": callback_id,
        "hash": hash,
        "private_metadata": metadata,
        "state": {"values": values or {}},
    }
    return interaction(type, user=user, trigger_id=_trigger(), view=view)


def interaction(type: str, *, user: str = "U0KIM", team: str = TEAM, **more: Any) -> tuple[str, str]:
    """Return the body of anything else somebody did in Slack."""
    payload = {
        "type": type,
        "token": "old-token",
        "api_app_id": APP,
        "team": {"id": team, "domain": "example"},
        "user": {"id": user, "username": "kim", "team_id": team},
        **more,
    }
    return urlencode({"payload": json.dumps(payload)}), FORM


def _in_thread(told: dict[str, Any], thread: str) -> dict[str, Any]:
    return {**told, "thread_ts": thread} if thread else told


def _ts() -> str:
    return f"{1_795_100_000 + next(_NUMBERS)}.000100"


def _trigger() -> str:
    return f"{next(_NUMBERS)}.987654.trigger"
