"""Put blocks on pages that Slack takes whole: at most fifty blocks, and not too much text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.slack.blocks import limits
from bot.slack.blocks.text import Block, size

WORDS = ("plain_text", "mrkdwn")


def weight(value: Any) -> int:
    """Count the text of blocks with its ids, and a share for each block and element."""
    if isinstance(value, dict):
        own = limits.SHARE if value.get("type") not in (None, *WORDS) else 0
        return own + sum(weight(each) for name, each in value.items() if name != "type")
    if isinstance(value, (list, tuple)):
        return sum(weight(each) for each in value)
    return size(value) if isinstance(value, str) else 0


def pages(groups: Sequence[Sequence[Block]], around: Sequence[Block]) -> list[list[int]]:
    """Say which groups stand on which page, in order; ``around`` stands on every page and counts there.

    A group is never parted. There is always one page, which may hold nothing.
    """
    room, blocks = limits.MESSAGE - weight(list(around)), limits.BLOCKS - len(around)
    found: list[list[int]] = [[]]
    used = count = 0
    for number, group in enumerate(groups):
        heavy = weight(list(group))
        if found[-1] and (used + heavy > room or count + len(group) > blocks):
            found.append([])
            used = count = 0
        found[-1].append(number)
        used, count = used + heavy, count + len(group)
    return found


def within(page: Any, last: int) -> int:
    """Return a page that there is: what was asked for, or the nearest."""
    try:
        asked = int(page)
    except (TypeError, ValueError, OverflowError):
        return 1
    return min(max(asked, 1), max(last, 1))
