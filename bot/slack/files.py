"""Pictures and documents on their way into Slack: kept in the outbox as text, found again by their name."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from knowledge_base.store.slack_outbox import Post

MOST_BYTES = 10 * 1024 * 1024


class BadFile(ValueError):
    """What was put into the outbox is no file; the message says what is wrong with it."""


def as_file(name: str, content: bytes, *, title: str, alt: str) -> dict[str, Any]:
    """Return what `SlackOutbox.put` takes as ``file``; ``alt`` says in words what a picture shows.

    Raises:
        BadFile: it is empty, or larger than 10 MB.
    """
    if not 0 < len(content) <= MOST_BYTES:
        raise BadFile(f"{name} has {len(content):,} bytes; a file for Slack has 1 to {MOST_BYTES:,}")
    return {"name": name, "title": title, "alt": alt, "data": base64.b64encode(content).decode("ascii")}


def name_of(file: Mapping[str, Any], key: str) -> str:
    """Return the name a file has in Slack: its own and a digest of the key, as uploads carry no metadata."""
    told = PurePath(str(file.get("name") or "file"))
    return f"{told.stem}-{hashlib.sha256(key.encode()).hexdigest()[:12]}{told.suffix}"


async def upload(client: AsyncWebClient, post: Post, channel: str) -> None:
    """Put a post's file into a channel or a thread.

    Raises:
        BadFile: what was put into the outbox is no file.
        SlackClientError: Slack did not take it.
    """
    file = post.file or {}
    try:
        content = base64.b64decode(str(file.get("data") or ""), validate=True)
    except binascii.Error as error:
        raise BadFile("a file in the outbox cannot be read") from error
    if not content:
        raise BadFile("a file in the outbox is empty")
    await client.files_upload_v2(
        filename=name_of(file, post.key),
        content=content,
        title=str(file.get("title") or file.get("name") or "File"),
        alt_txt=str(file.get("alt") or "") or None,
        channel=channel,
        thread_ts=post.thread_ts,
        initial_comment=post.text or None,
    )
