"""Words made safe for Slack: never a mention, never a command, never longer than it takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.slack.blocks import limits
from bot.web.formats import web_address

Block = dict[str, Any]
ELLIPSIS = "…"
JOINER = "\u2060"  # no width, no break
_MENTION = re.compile(r"@(?=(?:here|channel|everyone)\b)", re.IGNORECASE)
_ENTITY = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# Slack has no way to escape these: signs that look the same and mean nothing take their place.
_ALIKE = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
_EDGE_LINE = re.compile(r"(?<!\w)_|_(?!\w)")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NOT_IN_LINK = str.maketrans(
    {"<": "%3C", ">": "%3E", "|": "%7C", '"': "%22", " ": "%20", "\\": "%5C", "`": "%60"}
)


@dataclass(frozen=True)
class Message:
    """One message: its blocks, and ``text``, all of it in plain words for notices and screen readers."""

    text: str
    blocks: list[Block] = field(default_factory=list)


def size(text: str) -> int:
    """Count a text as Slack may, in UTF-16 code units."""
    return len(text) + sum(1 for sign in text if sign > "\uffff")


def plain(value: Any, lines: bool = False) -> str:
    """Return a told text on one line, without control characters; ``lines`` keeps its line breaks."""
    text = str("" if value is None else value)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept = "".join(
        sign
        for sign in text
        if sign not in _BIDI and (sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    )
    if lines:
        parts = [" ".join(line.split()) for line in kept.split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).strip()
    return " ".join(kept.split())


def cut(text: str, most: int) -> str:
    """Cut a text at a word, with an ellipsis, where it is longer than ``most``."""
    if size(text) <= most:
        return text
    room = most - 1
    used, end = 0, 0
    for sign in text:
        used += 2 if sign > "\uffff" else 1
        if used > room:
            break
        end += 1
    kept = text[:end]
    at = max(kept.rfind(" "), kept.rfind("\n"))
    if at > len(kept) // 2:
        kept = kept[:at]
    return kept.rstrip(" \n,;:.") + ELLIPSIS


def unmentioned(text: str) -> str:
    """Take the power of @here, @channel and @everyone away."""
    return _MENTION.sub(f"@{JOINER}", text)


def escaped(text: str) -> str:
    """Escape what Slack reads as markup or a mention."""
    return unmentioned("".join(_ENTITY.get(sign, sign) for sign in text))


def told(value: Any, most: int = limits.SECTION, lines: bool = False) -> str:
    """Return words of a user or a record for mrkdwn: escaped, unformatted, at most ``most`` long as sent."""
    text = _EDGE_LINE.sub("ˍ", plain(value, lines).translate(_ALIKE))
    safe = escaped(text)
    room = most
    while size(safe) > most and room > 1:
        room = max(1, min(room - 1, room * most // size(safe)))
        safe = escaped(cut(text, room))
    return safe


def label(value: Any, most: int) -> str:
    """Return words for a plain text element, which takes no markup; never empty."""
    return cut(plain(value), most) or ELLIPSIS


def bold(value: Any, most: int = 300) -> str:
    """Return told words in bold."""
    words = told(value, most)
    return f"*{words}*" if words else ""


def link(url: Any, value: Any, most: int = 300) -> str:
    """Return told words in bold that open a page, or only the words where it is no web address.

    Never empty: what has no name still has its place in a list.
    """
    address = safe_url(url)
    words = told(plain(value).replace("|", "¦"), most) or ELLIPSIS
    return f"*<{address.replace('&', '&amp;')}|{words}>*" if address else f"*{words}*"


def safe_url(url: Any, most: int = 1000) -> str | None:
    """Return an http(s) address that can stand in a link or a button, or None."""
    address = web_address(plain(url)) if isinstance(url, str) else None
    if address is None:
        return None
    address = address.translate(_NOT_IN_LINK)
    return address if size(address) <= most else None


def whole(lines: Iterable[str]) -> str:
    """Join the plain lines of a message: escaped, at most what Slack keeps of a text; never empty."""
    text = escaped("\n".join(plain(line, lines=True) for line in lines if line).strip())
    return _cut_escaped(text, limits.TEXT) or ELLIPSIS


def sections(lines: Iterable[str], most: int = limits.SECTION) -> list[str]:
    """Pack lines that are safe already into as few texts as Slack's limit asks for; no line is broken."""
    packed: list[str] = []
    for line in lines:
        line = _cut_escaped(line, most)
        if packed and size(packed[-1]) + 1 + size(line) <= most:
            packed[-1] += f"\n{line}"
        elif line:
            packed.append(line)
    return packed


def _cut_escaped(text: str, most: int) -> str:
    """Cut text that is escaped already, never inside of an entity."""
    if size(text) <= most:
        return text
    kept = cut(text, most)
    return re.sub(r"&[a-z]{0,4}…$", ELLIPSIS, kept)
