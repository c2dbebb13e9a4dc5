"""Turn what Rasa says into the replies our contract promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

PARTS = ("roadmap", "offers", "checkup")
PAGES = ("roadmap", "checkup")


@dataclass(frozen=True)
class Said:
    """Replies in order; ``forget`` when the conversation has been deleted as asked."""

    replies: list[dict[str, Any]]
    forget: bool = False

    @property
    def payloads(self) -> set[str]:
        return {b["payload"] for reply in self.replies for b in reply.get("buttons", ())}


def read_replies(messages: Iterable[Mapping[str, Any]], address: str) -> Said:
    """Read Rasa's messages. ``address`` is where roadmap pages live.

    A message that carries only ``custom`` belongs to the text before it: Rasa sends the two apart.
    """
    replies: list[dict[str, Any]] = []
    forget = False
    for message in messages:
        custom = message.get("custom")
        custom = custom if isinstance(custom, Mapping) else {}
        forget = forget or custom.get("forgotten") is True
        parts = {name: custom[name] for name in PARTS if custom.get(name)}
        for page in PAGES:
            if isinstance(parts.get(page), Mapping):
                parts[page] = _linked(parts[page], f"{address}/{page}")
        text, buttons = message.get("text"), _buttons(message.get("buttons"))
        text = text if isinstance(text, str) else ""
        if text or buttons:
            replies.append({"text": text, "buttons": buttons} if buttons else {"text": text})
        if not parts:
            continue
        if not replies or any(name in replies[-1] for name in parts):
            replies.append({"text": ""})
        replies[-1].update(parts)
    return Said(replies, forget)


def _buttons(raw: Any) -> list[dict[str, str]]:
    if not isinstance(raw, list):
        return []
    return [
        {"title": str(b["title"]), "payload": str(b.get("payload") or b["title"])}
        for b in raw
        if isinstance(b, Mapping) and b.get("title")
    ]


def _linked(part: Mapping[str, Any], address: str) -> dict[str, Any]:
    return {**part, "url": f"{address}/{part['id']}"} if part.get("id") else dict(part)
