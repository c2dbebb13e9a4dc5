"""Two businesses in one conversation, or a broker's second client: each with its own facts and roadmap."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker

from actions import slots
from knowledge_base.labels import joined
from knowledge_base.profile import BadProfile, parse_profile
from knowledge_base.recap import said_back
from knowledge_base.words import FACTS

FIRM = r"(?:business|company|firm|venture)"
ANOTHER = re.compile(
    rf"\b(?:my|our) (?:other|second) (?:{FIRM}|one)\b"
    rf"|\banother {FIRM} (?:of (?:mine|ours)|i (?:own|run|have)|we (?:own|run|have))\b"
    rf"|\b(?:i|we)(?:'ve| have|'ve got| have got| own| run)?(?: also)?(?: have| own| run)?"
    rf" (?:another|a second|two) {FIRM}(?:es)?\b"
    r"|\b(?:my|our) (?:other|second|next) client\b"
    r"|\banother client of (?:mine|ours)\b"
    r"|^(?:now |ok |okay |and |so |right |also )*(?:it's |this is )?(?:for |about )?"
    r"(?:another|a second|a different|the next|a new) client\b",
    re.IGNORECASE,
)
BACK = re.compile(
    r"\b(?:(?:back|switch|return)(?: back)? to|(?:carry|go) on with|continue with) (?:the|my|our) "
    r"(?:[\w' -]{1,40}? )??"
    rf"(?:(?:first|other|second|previous|earlier) )?(?:one|{FIRM}|client)\b",
    re.IGNORECASE,
)
APART = re.compile(
    r"\b(?:start|keep|begin|do)\b.{0,20}\bapart\b|\bapart\b|\bseparate(?:ly)?\b", re.IGNORECASE
)
SAME = re.compile(r"\bsame (?:business|one|company|firm|client)\b", re.IGNORECASE)
# What belongs to one business, and goes with it.
ITS_OWN = (
    *FACTS, slots.REFUSED, slots.NEEDS_SLOT, slots.TURNED_DOWN, slots.SKIPPED, slots.NEAR, slots.ROADMAP,
    slots.SHOWN, slots.PLANNED, slots.LAST_OFFERS, slots.QUESTIONS, slots.RECAP,
)  # fmt: skip
MOST = 6  # businesses kept beside the one spoken of; the one kept longest goes first


def found(tracker: Tracker, text: str) -> tuple[str, str] | None:
    """The words about this business and those about another one; None where no other one is spoken of.

    Where nothing is known yet and nothing stands before, the “other” business is the only one.
    """
    said = ANOTHER.search(text.replace("’", "'"))
    if said is None:
        return None
    before, after = text[: said.start()].strip(" ,.;–-"), text[said.end() :]
    if len(before.split()) < 3 and not slots.needs(tracker) and not said_back(slots.profile(tracker)):
        return None
    told = re.sub(r"^[ ,:;–-]*(?:(?:is|has|which is|that is|it's|'s)\b)?", "", after).strip()
    return before, f"we're {told}" if told else ""


def name_of(told: Mapping[str, Any]) -> str:
    """What to call a business by what is known of it: “hotels, food service and tourism, in Leicester”."""
    try:
        facts = {fact: told[fact] for fact in FACTS if told.get(fact) not in (None, [], "")}
        words = said_back(parse_profile(facts))
    except BadProfile:
        words = {}
    named = [words[fact] for fact in ("sector", "place") if fact in words] or list(words.values())[:2]
    return ", ".join(named)


def held(tracker: Tracker) -> dict[str, Any]:
    """Everything that belongs to the business spoken of."""
    return {name: tracker.get_slot(name) for name in ITS_OWN if tracker.get_slot(name) not in (None, [], "")}


def kept(tracker: Tracker) -> list[dict[str, Any]]:
    """The businesses kept apart from the one spoken of, the latest last."""
    return [one for one in tracker.get_slot(slots.APART) or () if isinstance(one, dict)]


def started(tracker: Tracker, facts: Mapping[str, Any], needs: list[str]) -> dict[str, Any]:
    """The slots after this business was put aside and another begun with what was told of it."""
    fresh: dict[str, Any] = dict.fromkeys(ITS_OWN)
    fresh |= {fact: value for fact, value in facts.items() if fact in FACTS}
    fresh[slots.NEEDS_SLOT] = needs or None
    fresh[slots.APART] = [*kept(tracker), held(tracker)][-MOST:]
    return fresh


def returned(tracker: Tracker, text: str) -> dict[str, Any] | None:
    """The slots after going back to a business kept apart, by a word of its name or else the latest."""
    others = kept(tracker)
    if not others:
        return None
    words = set(re.findall(r"\w{4,}", text.casefold()))
    named = [
        at for at, one in enumerate(others) if words & set(re.findall(r"\w{4,}", name_of(one).casefold()))
    ]
    at = named[-1] if named else 0 if "first" in words else len(others) - 1
    chosen = others.pop(at)
    fresh: dict[str, Any] = dict.fromkeys(ITS_OWN)
    fresh |= {name: value for name, value in chosen.items() if name in ITS_OWN}
    fresh[slots.APART] = [*others, held(tracker)]
    return fresh


def told_of_others(tracker: Tracker) -> str:
    """The businesses kept apart, by name."""
    return joined(name_of(one) or "one of which little is known" for one in kept(tracker))
