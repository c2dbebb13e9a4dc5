"""What somebody wrote in Slack, as plain words: its markup read, a command told from a wish, a name found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.slack.blocks.text import cut, plain
from bot.web.formats import day, sentence
from bot.web.text import as_words, cleaned
from knowledge_base import labels
from knowledge_base.words import SECTORS

HELP, CLIENTS, CLIENT, REFERRALS, WISH = "help", "clients", "client", "referrals", "wish"
LONGEST_NAME, MOST_NAME_WORDS = 80, 8
MOST_NAMED = 6  # words after "client": more are a wish that begins with that word

_ANGLED = re.compile(r"<([^<>|\n]*)(?:\|([^<>\n]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
# What stands before a colon and is no name: "new client: …", "emps: 9; t/o: £400k".
_NO_NAME = re.compile(
    r"(?:(?:a |the |my |our |new |another |next |this |for )*(?:client|business|company|firm|customer|one)"
    r"|help|question|needs?|wants?|adding|also|note|nb|ps|re|fyi|hi|hello|sector|place|postcode|location"
    r"|emps?|employees|staff|heads?|headcount|fte|people|turnover|t/o|trading|legal form|stage|amount|budget"
    r"|deadline|languages?|industry|trade)",
    re.IGNORECASE,
)
# What tells a wish from a name: "client wants ERP", "clients in Dudley who need a loan".
_WANTING = re.compile(
    r"\b(?:wants?|wanted|wanting|needs?|needed|needing|looking|seeks?|seeking|wish(?:es)?|hop(?:es?|ing)"
    r"|would|asks?|asking|who|is|are|has|have|employs?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a command or a message asks for: one of the words above, and what follows it."""

    what: str
    words: str = ""


def plain_words(text: str) -> str:
    """Return what was typed: links by their words, nobody mentioned, and no command of Rasa's."""
    found = _ANGLED.sub(_shown, text)
    for entity, sign in _ENTITIES:
        found = found.replace(entity, sign)
    return as_words(cleaned(found))


def told(words: str) -> Told:
    """Tell a command from a wish; no words at all ask for help."""
    first, _, rest = words.partition(" ")
    first, rest = first.casefold(), " ".join(rest.split())
    if not words or (first in (HELP, "?") and not rest):
        return Told(HELP)
    if first == CLIENTS:
        return Told(CLIENTS, rest)
    if first == REFERRALS and not rest:
        return Told(REFERRALS)
    if first == CLIENT and rest and len(rest.split()) <= MOST_NAMED:
        return Told(CLIENT, rest)
    return Told(WISH, words)


def wish_in(said: Told, words: str) -> str:
    """Return the wish in words that look for a client, "" where they read as a name and as nothing else.

    A name with a slip in it is no wish: a client would be made of it.
    """
    if said.what not in (CLIENT, CLIENTS) or len(said.words.split()) < 2:
        return ""
    if named(said.words)[0]:
        return said.words
    return words if _WANTING.search(said.words) else ""


def named(words: str) -> tuple[str, str]:
    """Return the name before a colon, "" where there is none, and the words that are left."""
    before, colon, after = words.partition(":")
    name = plain(before)
    fits = 0 < len(name) <= LONGEST_NAME and len(name.split()) <= MOST_NAME_WORDS
    if not colon or not fits or after[:1] in ("/", "") or (before[-1:].isdigit() and after[:1].isdigit()):
        return "", words
    if _NO_NAME.fullmatch(name) or not any(sign.isalpha() for sign in name) or not after.strip():
        return "", words
    return name, after.strip()


def label_of(facts: Mapping[str, Any], today: date) -> str:
    """Name a client by its sector and its place, where they are told, else by the day."""
    sector, place = facts.get("sector"), facts.get("place")
    trade = sentence(labels.code_told("sector", sector)) if sector in SECTORS else ""
    parts = [part for part in (trade, cut(plain(place), 60)) if part]
    return ", ".join(parts) or f"Client of {day(today)}"


def _shown(found: re.Match[str]) -> str:
    target, shown = found[1], found[2]
    if target.startswith(("@", "!")):
        return " "
    if target.startswith("#"):
        return f"#{shown}" if shown else " "
    return shown or target.removeprefix("mailto:").removeprefix("tel:")
