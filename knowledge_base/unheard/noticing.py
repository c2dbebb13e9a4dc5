"""When a message counts as not understood, and what an owner says about that being kept."""

from __future__ import annotations

import re

OUT_OF_SCOPE, UNSURE, NOT_ANSWERED, ASIDE, MISUNDERSTOOD = (
    "out_of_scope", "unsure", "not_answered", "did_you_mean", "misunderstood",
)  # fmt: skip
WHYS = {
    OUT_OF_SCOPE: "taken for nothing of ours",
    UNSURE: "read without being sure",
    NOT_ANSWERED: "no need was found in it",
    ASIDE: "asked what was meant",
    MISUNDERSTOOD: "the owner said it was misunderstood",
}
# A chance is honest: of the acts named below this one, fewer than half are right.
SURE = 0.5
# Acts that are about ourselves, or about what is kept: they are never kept.
NEVER = frozenset({"privacy_request", "talk_to_human"})

_SAID = r"what (?:i|we) (?:\w+ )?(?:asked|said|meant|wanted|typed)"
_COMPLAINS = re.compile(
    r"\b(?:mis(?:understood|read|heard|taken)"
    r"|(?:did|do|does|have|has|had|are|were|was|is)(?:n't| not|nt) (?:even )?"
    rf"(?:{_SAID}|understand|understood|get (?:it|me|what)|listen\w*|read\w*)"
    rf"|(?:not|nothing like) {_SAID}|never (?:asked|said|meant)"
    r"|(?:said|asked|meant|wrote) (?:some|any)thing else|wrong (?:end|question|idea)"
    r"|answer(?:ed|ing)? an(?:other)? |answer(?:ed|ing)? a different"
    r"|you(?:'ve| have)? (?:got|have) (?:it|me|that) wrong|missed the point|beside the point)",
    re.IGNORECASE,
)
_KEEPING = r"(?:keep|store|save|record|use|learn|train|hold on|log|read)\w*"
_WORDS = r"(?:my|our|these|the) (?:messages?|words?|text|questions?|chat)"
_REFUSES = re.compile(
    rf"\b(?:don't|dont|do not|not want you to|never|stop|without|no) (?:you |ever |to |be )*{_KEEPING}\b"
    rf"[^.;!?]*\b(?:what (?:i|we) (?:say|said|type|typed|write|wrote|tell|told)|{_WORDS}"
    r"|learn\w*|train\w*|from (?:me|us|this|my|our))\b"
    r"|\bopt(?:ing|ed)?[ -]?out\b",
    re.IGNORECASE,
)


def why_unheard(act: str, confidence: float, answered: bool) -> str | None:
    """Say why a message was not understood, or None where it was.

    ``answered`` is set where it told what was asked, or nothing but facts: then its act does not matter.
    """
    if answered or act in NEVER:
        return None
    if act == OUT_OF_SCOPE:
        return OUT_OF_SCOPE
    return UNSURE if confidence < SURE else None


def complains_of_us(text: str) -> bool:
    """Say whether a complaint is that we misunderstood."""
    return bool(_COMPLAINS.search(_squeezed(text)))


def refuses_keeping(text: str) -> bool:
    """Say whether somebody does not want their words kept or learned from."""
    return bool(_REFUSES.search(_squeezed(text)))


def _squeezed(text: str) -> str:
    return " ".join(text[:500].replace("’", "'").split())
