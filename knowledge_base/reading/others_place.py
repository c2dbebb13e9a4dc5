"""Say whether a place is somebody else's: a supplier's, a nephew's employer's, what a thesis is about."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge_base.reading.heard import Heard
from knowledge_base.reading.lists import listed

_NEAR = frozenset({"in", "at", "near", "nr", "around", "round", "from"})
_WHOSE = frozenset({"our", "my", "the", "their", "his", "her", "your", "those", "other"})
_SELF = frozenset({"we're", "i'm", "am", "are", "as", "we", "i"})
_DEALT = frozenset({"we", "i", "you", "they"})
_ANY = frozenset({"a", "an", "the", "one", "another", "some", "somebody", "someone", "any"})
_OPENING = frozenset({"a", "an", "the", "one", "another", "some", "two", "#"})
_NEAR_KIN = frozenset({"wife", "husband", "dad", "mum", "mam", "father", "mother", "son", "daughter"})
_BUILDINGS = frozenset({"building", "house", "land", "field", "barn", "garage", "site", "place", "plot"})
_FORMER = frozenset({"old", "former", "previous", "last", "ex"})
_AKIN = frozenset({"parent", "sister", "mother", "holding", "other"})
_WE = frozenset({"we", "i", "we're", "i'm", "me", "us"})
_ABOUT = frozenset({"about", "on", "into", "regarding", "of"})


def of_others(heard: Heard, start: int, end: int) -> bool:
    """Say whether the words that lead to a place, or follow it, put somebody else there."""
    before = heard.message.before(start, 24)
    if not before:
        return False
    return (
        _party(before)
        or _dealt_with(before)
        or _relative(before)
        or _studied(before)
        or _left(before)
        or _acts_on_us(heard, before, end)
    )


def _party(before: Sequence[str]) -> bool:
    """Read "our wholesaler in Poznań", "the auditor's in London", "their suppliers, based in Dudley"."""
    at = next((i for i, word in enumerate(before[:7]) if word not in listed("place.beside")), 0)
    party = before[at].removesuffix("'s")
    akin = party in {"company", "firm", "group"} and bool(_AKIN & set(before[at + 1 : at + 2]))
    if not at or not (akin or party in listed("place.parties")):
        return False
    whose = next((i for i in range(at + 1, min(at + 5, len(before))) if before[i] in _WHOSE), None)
    if whose is None or "," in before[at + 1 : whose]:
        return False
    return not (before[whose] == "the" and before[whose + 1 : whose + 2] and before[whose + 1] in _SELF)


def _dealt_with(before: Sequence[str]) -> bool:
    """Read "a charity we donate to in Brecon"; "the unit we bought in Tipton" is the firm's own."""
    if before[0] not in _NEAR:
        return False
    who = next((i for i in range(2, min(6, len(before))) if before[i] in _DEALT), None)
    if who is None or not listed("place.dealing") & set(before[1:who]):
        return False
    named = before[who + 1 : who + 5]
    owned = "from" not in before[1:who] and (_BUILDINGS | listed("place.seats")) & set(named[:1])
    return bool(named) and not owned and bool(_ANY & set(named[1:] or named))


def _relative(before: Sequence[str]) -> bool:
    """Read "my nephew earns more at a company in Leamington"; not "my wife and I have a shop in Rugby"."""
    for at, word in enumerate(before):
        if word in _WE:
            return False
        if word not in listed("place.relatives") or not {"my", "our", "a"} & set(before[at + 1 : at + 3]):
            continue
        doing = set(before[:at])
        if {"my", "our"} & doing:
            return False
        works = (
            listed("place.earning") if word in _NEAR_KIN else listed("place.earning") | listed("place.having")
        )
        return bool(works & doing)
    return False


def _studied(before: Sequence[str]) -> bool:
    """Read "a dissertation about small firms in Jönköping"."""
    at = next((i for i, word in enumerate(before) if word in listed("place.studies")), None)
    return at is not None and bool(_ABOUT & set(before[:at])) and not {"our", "my", "we"} & set(before[:at])


def _left(before: Sequence[str]) -> bool:
    """Read "my old firm in Redditch closed" and "their last depot in Goole"."""
    at = next(
        (i for i, word in enumerate(before[:5]) if word in {"old", "former", "previous", "last", "ex"}), None
    )
    if at is None or at == 0 or before[0] not in _NEAR:
        return False
    once = {"firm", "job", "employer", "boss", "company", "work", "landlord", "workplace"}
    return bool(set(before[1:at]) & (once if before[at] == "old" else once | listed("place.seats")))


def _acts_on_us(heard: Heard, before: Sequence[str], end: int) -> bool:
    """Read "a mill in Halifax sells us cloth" and "two people in Leeds asked me"."""
    if (
        before[-1] not in _OPENING
        or len(before) > 8
        or listed("place.mine") & set(before[:-1]) - {"near", "for"}
    ):
        return False
    after = heard.message.after(end, 4)
    return bool({"us", "me", "our"} & set(after)) and bool(listed("place.acting") & set(after[:2]))
