"""What is answered before, or in place of, what a message would otherwise lead to.

Trouble, another language, another business, something taken down wrongly, and the answers to small questions
that stand outside the forms. `action_read_message` notices it; `action_answer_aside` answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Tracker

from actions import apart, broker, checkup, referral, slots
from knowledge_base import labels
from knowledge_base.advice import Advice
from knowledge_base.recap import said_back
from knowledge_base.tongues import other_language
from knowledge_base.words import FACTS, NEEDS

CLOSING = "closing"  # the open question waits until the owner goes on
RETURNING = "returning"  # the open question comes back at once
MOST_MAYBE = 3
SHORT = 8  # words: an answer to a small question is not longer
BRIEF = ("affirm", "deny", "out_of_scope", "complaint_feedback", "thanks", "greet")

WRONG = re.compile(
    r"\b(?:that|this|it)(?:'s| is|s)(?: all)? (?:wrong|incorrect)\b"
    r"|\b(?:that|this|it)(?:'s| is|s) not (?:quite |really )?(?:right|correct|true)\b"
    r"|\b(?:that|this|it) (?:isn't|isnt|is not) (?:quite |really )?(?:right|correct|true)\b"
    r"|\byou(?:'ve| have)? (?:got|heard|understood|read|have) (?:that|it|me|this|us|something) wrong\b"
    r"|\byou(?:'ve| have)? misunderstood\b|\bnot what i said\b",
    re.IGNORECASE,
)
JUST_WRONG = re.compile(r"\W*(?:no\W+)?(?:wrong|not right|incorrect)\W*\Z", re.IGNORECASE)
# What people call a fact when they say which one is wrong.
CALLED = {
    "employees": r"how many|number of people|people|staff|headcount|employees|team|size",
    "place": r"where|place|town|city|location|postcode|address",
    "sector": r"what we (?:do|make)|trade|sector|industry|line of work|kind of business",
    "legal_form": r"legal form|limited|sole trader|structure|type of company",
    "stage": r"stage|how far",
    "trading_months": r"how long|trading|age|years",
    "turnover": r"turnover|sales|revenue|takings",
    "amount": r"how much|amount|sum|cost|budget",
    "subsidy_received": r"public money|subsid|grants we have had",
    "deadline": r"date|deadline|when",
    "languages": r"language",
    "refuses": r"loans?|kinds? of support|would not want",
    "needs": r"what (?:i|we) (?:want|need|asked)|the needs?|the aim|what it is for",
}
NEITHER = re.compile(
    r"\W*(?:no|nope|neither|none|not (?:those|these|that|either|any)|something else|other)\b", re.IGNORECASE
)
ORDER = (
    re.compile(r"\b(?:first|former|1st|number one)\b|\A\W*(?:1|one|a)\W*\Z", re.IGNORECASE),
    re.compile(r"\b(?:second|2nd|middle|number two)\b|\A\W*(?:2|two|b)\W*\Z", re.IGNORECASE),
    re.compile(r"\b(?:third|3rd|number three)\b|\A\W*(?:3|three|c)\W*\Z", re.IGNORECASE),
)
LAST = re.compile(r"\b(?:last|latter)\b", re.IGNORECASE)
BOTH = re.compile(r"\b(?:both|all (?:of them|three)|all)\b", re.IGNORECASE)


def nothing() -> dict[str, Any]:
    """The slots of a message that is no aside; a small question is open for one message only."""
    return {slots.ASIDE: None, slots.ASIDE_ABOUT: None, slots.WAITING: None}


def closing(kind: str, **about: Any) -> dict[str, Any]:
    return {slots.ASIDE: CLOSING, slots.ASIDE_ABOUT: {"kind": kind, **about}, slots.WAITING: None}


def returning(kind: str, **about: Any) -> dict[str, Any]:
    return {slots.ASIDE: RETURNING, slots.ASIDE_ABOUT: {"kind": kind, **about}, slots.WAITING: None}


def of_button(button: Mapping[str, str], tracker: Tracker) -> dict[str, Any]:
    """The aside that a pressed button asks for, with the slots it sets."""
    if wrong := button.get("wrong"):
        return which_is_wrong(tracker) if wrong == "ask" else put_right(tracker, wrong)
    waiting = slots.waiting(tracker)
    match button.get("business"):
        case "start" if waiting.get("kind") == "apart":
            return start_apart(tracker, waiting)
        case "same" if waiting.get("kind") == "apart":
            return same_business(tracker, waiting)
        case "back":
            return go_back(tracker, "")
        case "start" | "same":
            return nothing()  # an old button: what it was about is over
    if waiting.get("kind") == "go_on" and slots.act(tracker) == "affirm":
        return returning("go_on")
    return nothing()


def of_a_broker(advice: Advice, tracker: Tracker) -> dict[str, Any] | None:
    """What a broker's words alone settle: another client has its own thread, a check-up is the owner's."""
    if apart.found(tracker, slots.text(tracker)) is not None:
        return closing("other_client")
    return closing("checkup_link") if checkup.is_named(tracker) else None


def before_reading(tracker: Tracker) -> dict[str, Any] | None:
    """An aside that is settled by the words alone; None where facts are to be read as ever."""
    text, waiting = slots.text(tracker), slots.waiting(tracker)
    if waiting.get("kind") == "apart" and len(text.split()) <= SHORT:
        if apart.SAME.search(text) or slots.act(tracker) == "deny":
            return same_business(tracker, waiting)
        if apart.APART.search(text) or slots.act(tracker) == "affirm":
            return start_apart(tracker, waiting)
    if apart.kept(tracker) and apart.BACK.search(text.replace("’", "'")):
        return go_back(tracker, text)
    if waiting.get("kind") == "maybe" and len(text.split()) <= SHORT:
        return chosen(tracker, waiting, text)
    return None


def grave(advice: Advice, tracker: Tracker) -> dict[str, Any]:
    """The trouble told in the midst of the check-up, which then waits; "no money" alone is an answer."""
    troubles = advice.troubles_in(slots.text(tracker))
    return closing("trouble", troubles=list(troubles)) if troubles else nothing()


def noticed(advice: Advice, tracker: Tracker, reading: Any, filled: Mapping[str, Any]) -> dict[str, Any]:
    """The aside in a message that was read, with the slots it changes; `nothing` for most."""
    text, told = slots.text(tracker), {**reading.implied, **reading.facts}
    troubles = advice.troubles_in(broker.as_the_owner(text) if broker.asks(tracker) else text)
    if troubles:
        # A broker hears who helps, and the client's roadmap with it; an owner's needs wait.
        goes_on = broker.asks(tracker) and "life" not in troubles and filled.get(slots.NEEDS_SLOT)
        return (returning if goes_on else closing)("trouble", troubles=list(troubles))
    waiting = slots.waiting(tracker)
    if waiting.get("kind") == "go_on" and slots.act(tracker) == "affirm":
        return returning("go_on")
    if waiting.get("kind") == "wrong" and not told and (fact := called(tracker, text)):
        return put_right(tracker, fact)
    if waiting.get("kind") == "step" and reading.offers:
        return progressed(tracker, str(waiting.get("how")), list(reading.offers))
    language = other_language(text)
    if language:
        return returning("language", language=language)
    if not told and (WRONG.search(text.replace("’", "'")) or JUST_WRONG.match(text)):
        return which_is_wrong(tracker)
    if maybe := in_doubt(tracker, told, filled):
        return closing("maybe", needs=maybe)
    if not broker.asks(tracker) and asks_about_referral(advice, tracker):
        return (returning if slots.in_questions(tracker) else closing)("referral")
    if told and slots.act(tracker) in BRIEF and (broker.asks(tracker) or tells(tracker, told)):
        return returning("go_on")
    return nothing()


def asks_about_referral(advice: Advice, tracker: Tracker) -> bool:
    """Say whether a message asks what became of a request that was made here."""
    return referral.asks_about(tracker) and advice.referrals.of_session(tracker.sender_id) is not None


def tells(tracker: Tracker, told: Mapping[str, Any]) -> bool:
    """Say whether a message put something right, or answers with facts in few words."""
    again = any(tracker.get_slot(fact) not in (None, [], told[fact]) for fact in told)
    return again or len(slots.text(tracker).split()) <= SHORT


def in_doubt(tracker: Tracker, told: Mapping[str, Any], filled: Mapping[str, Any]) -> list[str]:
    """The needs a message may mean, best first, where none is sure and it tells nothing else."""
    latest = tracker.latest_message
    named = [str(each.get("need")) for each in latest.get("maybe") or () if isinstance(each, Mapping)]
    maybe = [need for need in dict.fromkeys(named) if need in NEEDS][:MOST_MAYBE]
    if (
        not maybe
        or latest.get("needs")
        or slots.act(tracker) not in ("describe_need", "out_of_scope", "refine")
    ):
        return []
    asked = slots.asked(tracker)
    if (asked in FACTS and asked in told) or (latest.get("family") or {}).get("confidence", 0) >= 0.8:
        return []
    before = [*slots.needs(tracker)]
    return [need for need in maybe if need not in before] if filled.get(slots.NEEDS_SLOT) == before else []


def chosen(tracker: Tracker, waiting: Mapping[str, Any], text: str) -> dict[str, Any] | None:
    """The needs meant by “yes”, “the second” or “both”; None where something else is said."""
    offered = [str(need) for need in waiting.get("needs") or ()]
    picked = picked_of(offered, text)
    if not picked and slots.act(tracker) == "affirm":
        picked = offered[:1]
    if picked:
        needs = [*dict.fromkeys([*slots.needs(tracker), *picked])]
        return {**returning("go_on"), slots.NEEDS_SLOT: needs}
    neither = NEITHER.match(text) or slots.act(tracker) == "deny"
    if neither and not tracker.latest_message.get("needs"):
        return closing("neither")
    return None


def picked_of(offered: Sequence[str], text: str) -> list[str]:
    if BOTH.search(text) and not NEITHER.match(text):
        return [*offered]
    if LAST.search(text):
        return [offered[-1]] if offered else []
    for place, said in enumerate(ORDER):
        if place < len(offered) and said.search(text):
            return [offered[place]]
    said_text = text.casefold()
    return [need for need in offered if labels.need(need) in said_text][:1]


def which_is_wrong(tracker: Tracker) -> dict[str, Any]:
    """Ask which of the things understood is wrong."""
    return closing("wrong")


def put_right(tracker: Tracker, fact: str) -> dict[str, Any]:
    """Take one thing back and ask for it anew; asked so, it may be asked although it was asked before."""
    if fact == "needs":
        return {**returning("ask", fact="needs"), slots.NEEDS_SLOT: [], slots.NEAR: None}
    if fact not in FACTS:
        return nothing()
    refused = [each for each in slots.listed(tracker, slots.REFUSED) if each != fact]
    return {**returning("ask", fact=fact), fact: None, slots.REFUSED: refused}


def called(tracker: Tracker, text: str) -> str | None:
    """The fact that somebody names as wrong, among those told; None where it is not clear."""
    known = [*said_back(slots.profile(tracker)), *(["needs"] if slots.needs(tracker) else [])]
    named = [fact for fact in known if re.search(rf"\b(?:{CALLED.get(fact, '(?!)')})", text, re.IGNORECASE)]
    return named[0] if len(named) == 1 else None


def progressed(tracker: Tracker, how: str, offers: list[str]) -> dict[str, Any]:
    """The slots after “which step do you mean?” was answered."""
    slot = how if how in (slots.TURNED_DOWN, slots.SKIPPED) else "done"
    both = [*dict.fromkeys([*slots.listed(tracker, slot), *offers])]
    return {**returning("progress", slot=slot, offers=offers), slot: both}


def start_apart(tracker: Tracker, waiting: Mapping[str, Any]) -> dict[str, Any]:
    facts, needs = dict(waiting.get("facts") or {}), list(waiting.get("needs") or ())
    name = apart.name_of(apart.held(tracker))
    return {
        **returning("started", before=name, now=apart.name_of(facts)),
        **apart.started(tracker, facts, needs),
    }


def same_business(tracker: Tracker, waiting: Mapping[str, Any]) -> dict[str, Any]:
    """Take what was told after all as told of this business."""
    needs = [*dict.fromkeys([*slots.needs(tracker), *(waiting.get("needs") or ())])]
    return {**returning("same"), **dict(waiting.get("facts") or {}), slots.NEEDS_SLOT: needs}


def go_back(tracker: Tracker, text: str) -> dict[str, Any]:
    fresh = apart.returned(tracker, text)
    if fresh is None:
        return nothing()
    return {**returning("back", now=apart.name_of(fresh)), **fresh}
