"""Read the legal form a business says it has, not one it asks about, deals with or is not.

Two forms in one message, neither taken back, are a question more often than a fact: nothing is read.
"""

from __future__ import annotations

from knowledge_base.reading.heard import Finding, Heard, last_word
from knowledge_base.reading.lists import listed
from knowledge_base.reading.segments import closes
from knowledge_base.reading.trades import mentions
from knowledge_base.words import LEGAL_FORMS

_SURE = frozenset({"limited_company", "llp", "plc", "not_yet_formed", "unincorporated_association"})


_SUFFIXES = {"AB": "limited_company", "AG": "plc", "KG": "partnership"}
_ASKS = frozenset({"does", "can", "is", "do", "should", "could", "how", "would", "what"})
_NAMED = frozenset({"community_interest_company", "charity", "co_operative"})
_GO_ON = frozenset({",", ".", ";", "in", "#", "with", "wants", "looking"})
_CONSIDERS = frozenset({"?", "become", "becoming", "convert", "into", "considering", "should", "not", "vs"})
_SOLE = (["sole", "trader"], ["sole", "-", "trader"], ["sole", "tr"])
_NOT_YET = (["not", "yet"], ["none", "yet"], ["nothing", "yet"])


def legal_form(heard: Heard) -> Finding | None:
    """Return the one legal form said of the business itself."""
    found = []
    for form in LEGAL_FORMS:
        for start, end in heard.at(f"legal_form.{form}"):
            if _ours(heard, form, start, end):
                found.append(Finding(form, start, end))
    found += [*_company_ab(heard), *_of_many(heard), *_one_of_those(heard)]
    # "Public limited company" holds "limited company", and "community interest company limited" two forms.
    found = _outermost(found)
    forms = {f.value for f in found}
    if "llp" in forms:
        found = [f for f in found if f.value != "partnership"]
    if not found and heard.asked == "legal_form" and heard.message.lows[:2] in _NOT_YET:
        found.append(Finding("not_yet_formed", 0, 2))
    one, _ = last_word(heard.message, found)
    return one


def _outermost(found: list[Finding]) -> list[Finding]:
    """Drop what starts within another that starts earlier, or there too and is longer."""
    within: set[tuple[int, int]] = set()
    reached = 0
    for start, end in sorted({(one.start, one.end) for one in found}, key=lambda span: (span[0], -span[1])):
        if start < reached:
            within.add((start, end))
        reached = max(reached, end)
    return [one for one in found if (one.start, one.end) not in within]


def _ours(heard: Heard, form: str, start: int, end: int) -> bool:
    message = heard.message
    before = message.before(start, 4)
    if {"started", "began"} & set(before) and heard.asked != "legal_form":
        return False  # "started off as a sole trader"
    if form in _NAMED and before[:1] == ["the"] and heard.at("legal_form.of_ours"):
        return message.low(end) not in {
            "shop",
            "next",
            "opposite",
            "or",
        }  # "our trustees want the charity to"
    if heard.asked == "legal_form" and heard.short and not {"not", "isn't", "or", "vs"} & set(message.lows):
        return True
    if before[:1] in (["to"], ["as"]) and before[1:3] == ["form", "legal"]:
        return True
    own = before[: before.index(",")] if "," in before and form in _NAMED else before
    if listed("legal_form.not") & set(own[:3]) or message.low(end) in {
        "or",
        "vs",
        "versus",
        "shop",
        "shops",
        "next",
        "opposite",
        "-",
        "?",
    }:
        return False
    ours = before[:1] in (["a"], ["an"]) and before[1:2] in (["we're"], ["are"], ["i'm"], ["am"], ["as"])
    if (
        message.low(end) == "with"
        and not ours
        and form not in _SURE
        and "registered" not in message.lows[max(0, start - 1) : end]
    ):
        return False
    if ours and message.low(end) == "for":  # "we are a charity for the deaf"
        return True
    if form == "partnership" and message.low(end - 1) == "agreement":
        return bool({"we're", "are", "we", "our", "a"} & set(before))
    if form == "sole_trader" and message.lows[end : end + 2] == ["for", "#"]:
        return not {"he", "she", "they", "he's", "she's", "they're"} & set(before)
    if {"landlord", "customer", "supplier", "neighbour", "client's", "behind"} & set(own):
        return False
    if heard.of_client and form == "community_interest_company" and _goes_by_it(heard, start, end):
        return True
    if {"were", "was"} & set(before[:2]) and heard.asked != "legal_form":
        return False
    clause = message.before(start, 30)
    if clause and clause[-1] in _ASKS and not {"we're", "i'm", "am", "are", "our"} & set(clause[:-1]):
        return False  # "does an LLP qualify"
    if form == "not_yet_formed":
        return "vat" not in message.after(end, 4) and not {"they", "patent", "trade"} & set(before)
    sure = form in _SURE or message.lows[start:end] in _SOLE
    if sure:
        return message.low(end) not in {"company", "companies"} and "their" not in before
    if message.low(end) in {
        "people",
        "claims",
        "says",
        "wants",
        "work",
        "contractor",
        "that",
        "partner",
        "funding",
        "sector",
        "for",
    }:
        return False
    if form == "charity" and _described(heard, start, end):
        return True
    said_before = set(message.lows[message.segment_start(start) : start])
    fragment = said_before - {"#", "in"} <= listed("legal_form.whole")
    if fragment and before[:1] in (["a"], ["an"]) and len(before) == 1 and not closes(heard, end):
        return False  # "a charity asked us to make ramps"
    return fragment or (
        bool(before)
        and (
            before[0] in listed("legal_form.cues") - {"a", "an"}
            or (
                before[0] in {"a", "an"}
                and bool(before[1:2])
                and before[1] in listed("legal_form.cues") | {"run"}
            )
        )
    )


def _goes_by_it(heard: Heard, start: int, end: int) -> bool:
    """Say whether an adviser puts the form after the trade: "bakery CIC, 4 staff"."""
    message = heard.message
    goes_on = end == len(message) or message.low(end) in _GO_ON
    named = any(trade.end == start for trade in mentions(message.lows))
    return goes_on and named and not _CONSIDERS & set(message.lows)


def _of_many(heard: Heard) -> list[Finding]:
    """Read "do charities count? We're one"."""
    ones = [start for start, _ in heard.at("legal_form.we_are_one")]
    return [
        Finding(form, start, end)
        for form in LEGAL_FORMS
        for start, end in heard.at(f"legal_form.many_{form}")
        if any(0 <= one - end <= 14 for one in ones)
    ]


def _one_of_those(heard: Heard) -> list[Finding]:
    """Read "can a sole trader get tax credits? asking because I am one"."""
    ones = [start for start, _ in heard.at("legal_form.we_are_one")]
    told = [
        Finding(form, start, end)
        for form in LEGAL_FORMS
        for start, end in heard.at(f"legal_form.{form}")
        if heard.message.low(start - 1) in {"a", "an", "any"}
        and any(0 <= one - end <= 20 for one in ones)
        and not {"not", "other"} & set(heard.message.before(start, 3))
    ]
    return told if len(told) == 1 else []


def _described(heard: Heard, start: int, end: int) -> bool:
    """Read "debt advice charity, so we're tight": a charity named by what it does, and nothing more.

    The words must open what is said: after "the", "a" or a verb it is somebody's, and told of elsewhere.
    """
    message = heard.message
    at = message.segment_start(start)
    opening = at == 0 or message.ends_clause(at - 1) or message.low(at - 1) == "("
    words = message.lows[at:start]
    if (
        not opening
        or not 0 < len(words) <= 4
        or not all(word.isalpha() or word in {"-", "&"} for word in words)
    ):
        return False
    if listed("legal_form.no_description") & set(words) or message.lows[end : end + 1] == ["?"]:
        return False
    return (
        end >= len(message)
        or message.ends_segment(end)
        or message.low(end) in {"in", "near", "based", "with"}
    )


def _company_ab(heard: Heard) -> list[Finding]:
    """Read the suffix in "Nordform AB", and "we're an AG"."""
    words = heard.message.words
    return [
        Finding(_SUFFIXES[word.text], at, at + 1)
        for at, word in enumerate(words)
        if word.text in _SUFFIXES
        and at
        and (
            (words[at - 1].text[:1].isupper() and words[at - 1].text[1:].islower())
            or (words[at - 1].low in {"a", "an"} and {"we're", "are"} & set(heard.message.before(at, 3)))
        )
    ]
