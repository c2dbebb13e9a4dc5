"""Where characters alone show something personal: addresses of all sorts, numbers, codes and sums."""

from __future__ import annotations

import re
from collections.abc import Iterator

_STREETS = (
    r"street|str|road|rd|lane|avenue|ave|close|drive|crescent|terrace|court|square|gardens|grove|row|mews|way"
    r"|place|hill|walk|parade|wharf|quay|strasse|straße|gatan|gata|vägen|vej|gade|utca|ulica"
)
_ENDS = r"com|org|net|io|uk|co|eu|se|de|dk|pl|hu|cymru|wales|biz|info|shop|me|ai|app|dev"
_SITES = r"insta(?:gram)?|facebook|fb|twitter|tiktok|snap(?:chat)?|linkedin|skype|telegram|whatsapp"
_COUNT = r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|twenty"
_MORE = rf"{_COUNT}|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_TENS = r"hundred|thousand|million|billion|grand|mil|mio"
_MONEY = r"pounds?|quid|euros?|kronor|kr|sek|zł|zloty|huf|gbp|eur|dkk|pln"
_UNITS = r"st|nd|rd|th|s|am|pm|kg|m|mm|cm|km|kw|kwh|g|x"

# In the order in which they are looked for: what an earlier one took, a later one leaves alone.
_PATTERNS = (
    ("contact", r"<[@#!][^>\s]*>?"),  # as Slack writes people and channels
    ("contact", r"\S*@\S+"),
    ("contact", r"(?:https?|ftp|mailto|tel)\s*:\s*\S+|\bwww\.\S+"),
    ("contact", rf"\b[\w-]+(?:\.[\w-]+)*\.(?:{_ENDS})\b\S*"),
    ("contact", rf"\b(?:{_SITES})\s*(?:is|:|=)\s*\S+"),
    ("contact", r"(?<!\w)#\w+|\b\w+_\w+\b"),
    ("code", r"\b(?=\w*\d)(?=\w*[^\W\d_])[\w-]{6,}\b"),  # VAT and company numbers, IBANs, plates
    ("address", rf"\b(?:\d+\w?|{_COUNT})[\s,]+(?:[^\W\d_][\w'’-]*\s+){{1,3}}(?:{_STREETS})\b\.?"),
    ("address", rf"\b(?:on|at|in|off)\s+(?!the\b|a\b|our\b)(?:[^\W\d_][\w'’-]*\s+){{1,2}}(?:{_STREETS})\b"),
    ("address", r"\b(?:unit|flat|suite|plot|po box|p\.o\. box)\s+\w*\d\w*"),
    ("place", r"\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b|\b[a-z]{1,2}\d{1,2}[a-z]?\b"),  # postcodes, and halves
    ("sum", rf"[£€$¥]\s*\d[\d.,\s]*(?:k|m|bn|{_TENS})?\b"),
    ("sum", rf"\b\d[\d.,]*\s*(?:k|m|bn|{_TENS})\b(?:\s*(?:{_MONEY})\b)?"),
    ("sum", rf"\b\d[\d.,\s]*(?:{_MONEY}|p)\b"),
    ("sum", r"\ba (?:hundred|thousand|million|billion)\b"),
    (
        "sum",
        rf"\b(?:(?:{_MORE}|half a|couple of)[\s-]+)+(?:{_TENS})\b"
        rf"(?:[\s-]+(?:and\s+)?(?:{_TENS}|{_MORE})\b)*(?:\s+(?:{_MONEY})\b)?",
    ),
    ("number", rf"[+(]?\d(?:[\d\s().,/:%+-]*[\d%])?(?:{_UNITS})?\b|\w*\d\w*"),
)
PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)


def found(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the characters of everything these patterns find, as start, end and kind; some may overlap."""
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            yield match.start(), match.end(), kind
