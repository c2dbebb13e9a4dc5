"""Say whether the people counted work for somebody else: a brother's garage, the firm over the road."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from knowledge_base.reading.heard import Heard
from knowledge_base.reading.lists import listed

_WE = frozenset({"we", "i", "we're", "i'm", "we've", "i've", "me", "us", "our", "my", "ours", "mine"})
_NEAR_KIN = frozenset({"wife", "husband", "dad", "mum", "mam", "father", "mother", "son", "daughter"})
_EMPLOYING = frozenset({"employs", "with", "of", "runs", "has", "got", "owns", "had", "is", "are", "employ"})
_BESIDE_US = frozenset({("over", "the"), ("across", "the"), ("down", "the"), ("up", "the"), ("round", "the")})
_WAYS = frozenset({"road", "street", "yard", "way", "corner", "hill", "lane", "estate"})
_BOUGHT = frozenset({"bought", "acquired", "buying", "acquire", "acquiring", "met", "visited", "approached"})
_SAID = frozenset({"says", "say", "said", "shows", "showing", "down", "put"})
_RECORDS = frozenset({"form", "it", "us", "me", "website", "system", "profile", "page"})
_CORRECTING = frozenset({"it's", "we're", "is", "are", "but", "actually", ","})
_NOT = frozenset({"not", "aren't", "isn't", "ain't", "wasn't", "weren't"})
_HAVE = frozenset({"have", "got", "employ", "are", "we're"})
_DENIED = frozenset({"don't", "not", "haven't", "aren't", "isn't", "didn't", "never"})


def others_staff(heard: Heard, start: int) -> bool:
    """Say whether the words before a number of people make them somebody else's."""
    if heard.message.lows[start + 1 : start + 3] in (["of", "us"], ["on", "us"]):
        return False
    before = heard.message.before(start, 16)
    return _relatives(before) or _next_door(before) or _partys(before) or _firm_bought(before)


def put_wrongly(heard: Heard, start: int) -> bool:
    """Say whether the number is one that is wrong: "I don't have 12 staff", "your form says 5 staff"."""
    before = heard.message.before(start, 4)
    if before[:1] and before[0] in _NOT:
        return True
    if before[:1] and before[0] in _HAVE and set(before[1:2]) & _DENIED:
        return True
    lows = heard.message.lows[start : start + 11]
    corrected = any(word == "#" and led in _CORRECTING for led, word in pairwise(lows))
    told = _SAID & set(before) and not {"we", "i", "we're", "i'm", "we've", "i've"} & set(before)
    return corrected and bool(told) and bool(_RECORDS & set(before))


def _relatives(before: Sequence[str]) -> bool:
    """Read "my brother runs a garage with ten lads", "my sister's salon has 5"."""
    for at, word in enumerate(before):
        if word in {"we", "i", "we're", "i'm", "we've", "i've", "me", ","}:
            return False
        kin = word.removesuffix("'s")
        if kin not in listed("place.relatives") or not {"my", "our", "a"} & set(before[at + 1 : at + 3]):
            continue
        if kin in _NEAR_KIN and kin == word:
            return False
        return bool(_EMPLOYING & set(before[:at])) and not {"and", "&"} & set(before[at - 1 : at])
    return False


def _next_door(before: Sequence[str]) -> bool:
    """Read "the firm over the road with 9 staff" and "the company next door, 40 staff"."""
    if _WE & set(before):
        return False
    way = any(
        before[at] in _WAYS and tuple(before[at + 1 : at + 3][::-1]) in _BESIDE_US
        for at in range(len(before))
    )
    return way or ("door" in before and "next" in before)


def _partys(before: Sequence[str]) -> bool:
    """Read "our supplier is a firm of 200 people"."""
    at = next((i for i, word in enumerate(before) if word in listed("place.parties")), None)
    if at is None or not {"our", "my", "the", "their", "a"} & set(before[at + 1 : at + 4]):
        return False
    between = set(before[:at])
    return bool(_EMPLOYING & between) and not _WE & between and "," not in between


def _firm_bought(before: Sequence[str]) -> bool:
    """Read "we bought a firm with 12 staff"."""
    at = next((i for i, word in enumerate(before[:7]) if word in _BOUGHT), None)
    return at is not None and bool(listed("employees.firm") & set(before[:at])) and "," not in before[:at]
