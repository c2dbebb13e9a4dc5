"""What comes in through the brokers' door, and who answers it.

`Handlers` is the seam between the pipes (verify, keep, work, post) and the talk: the pipes hand over each
thing that was asked once, already verified and kept; what is to be said goes into the outbox, under keys made
from the asked thing's key, so that doing it again says nothing twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

MENTION, MESSAGE, COMMAND, ACTION = "mention", "message", "command", "action"
CHANGED, DELETED = "changed", "deleted"
SUBMISSION, CLOSED, SHORTCUT, OPTIONS = "submission", "closed", "shortcut", "options"

# A client's id or a referral's code, as a button's value; a choice of a menu has its verb before it.
_ID = re.compile(r"(?:[a-z_]+:)?([0-9a-f]{10}|[2-9A-Z]{8})")

NOT_FOLLOWED = "I did not follow that. Write `/fingerpost help` to see what I can do."


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing somebody said or pressed in Slack.

    ``team`` is the workspace we are installed in, ``user_team`` the person's own, which in a channel shared
    between organisations may be another. ``thread`` is the ts of the thread's root: of a message outside any
    thread that is its own ts, and "" for commands and modals. ``ts`` is the message it was said in or pressed
    on. ``action`` is the action_id or the callback_id, ``value`` the button's or the chosen option's.
    ``body`` is what Slack sent, without its token. ``again`` says that its work was begun before, and may be
    half done. Of a reply that was changed or deleted, ``ts`` and ``text`` are its own (no text where it was
    deleted), ``value`` is when that was, and there is no body.
    """

    key: str
    kind: str
    team: str
    user: str
    user_team: str = ""
    channel: str = ""
    direct: bool = False
    thread: str = ""
    ts: str = ""
    text: str = ""
    action: str = ""
    value: str = ""
    trigger: str = ""
    response_url: str = ""
    body: Mapping[str, Any] | None = None
    again: bool = False

    @property
    def starts(self) -> bool:
        """Whether a message stands outside every thread, and so may begin one."""
        return self.kind in (MENTION, MESSAGE) and self.thread == self.ts

    @property
    def lane(self) -> str:
        """What it must be done in order with: the thread, else what the same person asks."""
        return f"{self.team}:{self.channel}:{self.thread}" if self.thread else f"{self.team}:{self.user}"

    @property
    def about(self) -> str:
        """The client or the referral that a form or a button names, where it names one by its id."""
        told: Any = self.value
        if self.kind == SUBMISSION:
            try:
                kept = json.loads(self.value)
            except ValueError:
                kept = None
            told = (kept.get("client") or kept.get("code")) if isinstance(kept, dict) else ""
        found = _ID.fullmatch(told) if isinstance(told, str) else None
        return found[1] if found else ""

    def as_document(self) -> dict[str, Any]:
        """Return what is kept of it until it is done; `read_asked` reads it again."""
        return asdict(self)


def read_asked(document: Mapping[str, Any]) -> Asked:
    """Read what `Asked.as_document` wrote."""
    return Asked(**document)


@dataclass(frozen=True, slots=True)
class Quick:
    """What the answer to the request itself says (None: nothing), and whether there is more to do."""

    answer: Mapping[str, Any] | None = None
    keep: bool = True


class Handlers(Protocol):
    """Whoever answers brokers."""

    async def quick(self, asked: Asked) -> Quick:
        """Do what must be done within three seconds: open a view, list options, refuse a modal's entries.

        It is cut off after `limits.QUICK_SECONDS`, and may be called twice for one key. What it raises is
        answered as a failure, so that Slack shows it; nothing is kept then.
        """
        ...

    async def handle(self, asked: Asked) -> None:
        """Do the work; what it raises has it tried again, so everything in it must bear being done twice."""
        ...

    async def sent(self, key: str, channel: str, ts: str) -> None:
        """Learn that the message of a key is in Slack, before that is noted; the same may be told twice.

        ``channel`` is where it really is: of a message to a person that is the direct conversation.
        """
        ...


class Outbox(Protocol):
    """The part of `SlackOutbox` that the door itself writes to."""

    def put(self, key: str, channel: str, **what: Any) -> bool: ...
