"""Read cells as people write them for people: marks of a web page, a date within words, a share and a sum."""

from __future__ import annotations

import re
from html import unescape

from knowledge_base.interchange import values
from knowledge_base.interchange.values import Unread

_BLOCKS = "p|br|div|ul|ol|li|h[1-6]|table|tr|td|th|hr|blockquote|section|article"
_TAG = re.compile(
    rf"<(?P<close>/?)(?P<name>{_BLOCKS}|span|strong|em|b|i|u|a|font|sup|sub|small)\b[^<>]{{0,2000}}>", re.I
)
_BLOCK = re.compile(rf"(?:{_BLOCKS})\Z", re.I)
_ENTITY = re.compile(
    r"&(?:amp|nbsp|lt|gt|quot|apos|pound|euro|[nm]dash|[lr][sd]quo|hellip|bull|#\d{2,5}|#x[0-9a-f]{2,5});",
    re.I,
)
_LINK = re.compile(r"""\bhref\s{0,9}=\s{0,9}["']?([^"'<>\s]{1,2000})""", re.I)
_FREE = frozenset(("free", "free of charge", "no cost", "no charge", "at no cost", "nil", "gratis"))
_LEADS = re.compile(
    r"(?:(?:open(?:s|ed|ing)?|clos(?:es?|ed|ing)|deadline|dates?|end(?:s|ing)?|start(?:s|ing)?|expir(?:es|y|ing)|valid|"
    r"available|applications?|apply|submissions?|submit|until|till|by|from|on|to|is|are|in|due)\b[:;,]?\s+)+",
    re.I,
)
_HOUR = re.compile(
    r"[,;]?\s+(?:at\s+|by\s+)?(?:\d{1,2}(?:[:.]\d\d){1,2}(?:\s?[ap]\.?m\.?)?|\d{1,2}\s?[ap]\.?m\.?|(?:12\s)?noon|midday|"
    r"midnight)(?:\s\(?(?:gmt|bst|cet|cest|utc|uk time|local time)\)?)?\Z",
    re.I,
)
_HOUR_FIRST = re.compile(
    r"(?:\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\.?)?|(?:12\s)?noon|midday|midnight) on (.+)\Z", re.I
)
_PARTED = re.compile(r"\s+(?:to|until|till|-|–|—)\s+", re.I)
_SHARE = re.compile(
    r"(?P<share>(?:up to |max(?:imum)?\.?(?: of)? )?\d{1,3}(?:[.,]\d{1,3})?\s?(?:%|per ?cent))"
    r"(?: (?:of|match|grant|funding|funded|intervention|contribution)\b[a-z \-]{0,60})?(?P<rest>.*)\Z",
    re.I | re.S,
)


def without_marks(text: str) -> str:
    """Return text of a web page as plain lines; text that has no marks of one stays as it is."""
    marked = _TAG.search(text) is not None
    if not marked and _ENTITY.search(text) is None:
        return text
    if marked:
        text = _without_scripts(text)
        text = re.sub(r"\s+", " ", text)
        text = _TAG.sub(lambda tag: "\n" if _BLOCK.match(tag["name"]) else "", text)
    text = unescape(text).replace("\xa0", " ")
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _without_scripts(text: str) -> str:
    for name in ("script", "style"):
        kept, at, lower = [], 0, text.lower()
        while (start := lower.find(f"<{name}", at)) >= 0 and (end := lower.find(f"</{name}>", start)) >= 0:
            kept.append(text[at:start])
            at = end + len(name) + 3
        text = "".join(kept) + text[at:]
    return text


def in_pieces(text: str, longest: int = 2000) -> list[str]:
    """Return a text as pieces no longer than a condition should be, parted at the ends of sentences."""
    found = []
    while len(text) > longest:
        at = max(text.rfind(mark, 0, longest) for mark in (". ", "; ", ": ", "? ", "! "))
        at = at + 1 if at > 0 else text.rfind(" ", 0, longest)
        at = at if at > 0 else longest
        found.append(text[:at].strip())
        text = text[at:].strip()
    return [*found, text] if text else found


def link_in(text: str) -> str:
    """Return the address that a mark of a web page leads to, the text itself where there is none."""
    found = _LINK.search(text) if "<" in text else None
    return unescape(found[1]) if found else text


def free(text: str) -> bool:
    """Say whether words tell that something costs nothing."""
    return " ".join(text.casefold().split()).rstrip(".!") in _FREE


def day_in(text: str, month_first: bool = False) -> str:
    """Return the day that stands among words such as “until 31 March 2027, noon”.

    Raises:
        Unread: there is other text around it, or it is no day.
    """
    words = " ".join(text.split()).strip(" .:;")
    leads = _LEADS.match(words)
    words = words[leads.end() :] if leads else words
    inner = _HOUR_FIRST.match(words)
    words = _HOUR.sub("", inner[1] if inner else words)
    return values.day_of(words, month_first)


def days_in(text: str, month_first: bool = False) -> tuple[str, str]:
    """Return the first and the last day that a cell tells; the first is empty where it tells one alone.

    Raises:
        Unread: it tells neither.
    """
    parts = _PARTED.split(" ".join(text.split()))
    if len(parts) == 2:
        try:
            return day_in(parts[0], month_first), day_in(parts[1], month_first)
        except Unread:
            pass
    return "", day_in(text, month_first)


def share_in(text: str) -> tuple[str, str]:
    """Return the share that a cell begins with, and what is said after it; the share is empty without one."""
    found = _SHARE.match(" ".join(text.split()))
    if found is None:
        return "", text
    return found["share"], re.sub(r"\A(?:and|with|,|;|:|\(|\s|-|–)+|[)\s.]+\Z", "", found["rest"])


def sums_in(
    cell: object, comma: bool = False
) -> tuple[int | float | None, int | float | None, int | float | None, str]:
    """Return the share, the least, the most and the currency of a cell such as “50%, up to £10,000”.

    Raises:
        Unread: it is none of these, or could be two things.
    """
    told, rest = share_in(values.text_of(cell)) if isinstance(cell, str) else ("", "")
    if not told:
        return None, *values.range_of(cell, comma)
    digits = re.search(r"\d[\d.,]*", told)
    share = values.number_of(digits[0] if digits else told, comma)
    return (share, *values.range_of(rest, comma)) if rest else (share, None, None, "")


def percent_in(cell: object, comma: bool = False) -> int | float:
    """Return the share of a cell such as “50% of eligible costs”.

    Raises:
        Unread: it is no share, or a sum stands beside it.
    """
    told, rest = share_in(values.text_of(cell)) if isinstance(cell, str) else ("", "")
    return values.percent_of(told if told and not rest else cell, comma)
