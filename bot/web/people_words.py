"""The two wishes an owner may say while a person has the chat, which are the bot's to answer.

Each must be the whole message: whatever says more, or says it is not wanted, is the person's to read.
"""

from __future__ import annotations

import re

BUTTON = "Back to Fingerpost"
LONGEST = 120  # characters; more is more than a plain wish

_BEFORE = (
    r"(?:(?:ok|okay|thanks|thank you|hi|hello|yes|so|now|please|sorry|right|well) )*"
    r"(?:(?:can|could|may|might) (?:i|we|you) (?:please )?"
    r"|(?:i|we) (?:now )?(?:want|wish|need|like)(?: you)? to "
    r"|(?:i|we)(?:d| would) (?:rather|prefer to|like to|like you to|love to) |id like (?:you )?to "
    r"|let (?:me|us) |just |please )*"
)
_AFTER = r"(?: (?:again|now|please|instead|thanks|thank you|for now|then))*"
_BOT = re.compile(
    _BEFORE + r"(?:(?:go|get|talk|speak|chat|switch|change|come|take me|put me|bring me|hand me|send me) )*"
    r"(?:back |again )*(?:to|with) (?:the )?(?:chat ?bot|bot|fingerpost|robot)" + _AFTER
)
_MINE = (
    r"(?:all (?:of )?)?(?:my|our) (?:personal )?"
    r"(?:data|details|information|info|chat|chats|conversation|messages|history|records?|roadmaps?)"
    r"(?: and (?:all )?(?:my |our )?(?:data|details|information|messages|roadmaps?|chat|conversation))?"
)
_WHOLE = (
    r"(?:me|us|all of it|it all|this (?:chat|conversation)"
    r"|(?:everything|all|what|whatever|all data|the data|any data)"
    r"(?: (?:that )?(?:you|we|i) (?:have|hold|keep|kept|know|stored?|saved?|told you|wrote))?"
    r"(?: (?:about|on|of|from) (?:me|us))?)"
)
_FROM = r"(?: from (?:your|the) (?:system|systems|records|database|files|servers?))?"
_DELETE = re.compile(
    _BEFORE
    + r"(?:(?:delete|erase|remove|forget|wipe) (?:"
    + _MINE
    + "|"
    + _WHOLE
    + r")"
    + r"|(?:i|we) (?:want|need|wish|would like|d like) (?:(?:all (?:of )?)?(?:my|our) (?:personal )?"
    r"(?:data|details|information)|everything) (?:to be )?(?:deleted|erased|removed|forgotten|wiped)"
    + r"|have (?:my|our) (?:data|details) (?:deleted|erased|removed))"
    + _FROM
    + _AFTER
)


def wants_bot(words: str) -> bool:
    """Say whether a message is nothing but the wish to have the bot answer again."""
    return _is(_BOT, words)


def wants_deletion(words: str) -> bool:
    """Say whether a message is nothing but the wish to have one's data deleted."""
    return _is(_DELETE, words)


def _is(wish: re.Pattern[str], words: str) -> bool:
    if len(words) > LONGEST:
        return False
    plain = re.sub(r"['’‘`]", "", words.casefold())
    plain = " ".join(re.sub(r"[^\w]+", " ", plain).split())
    return wish.fullmatch(plain) is not None
