"""Hand on what was not understood, so that it can be learned; the core takes out what is personal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker

from actions import slots
from knowledge_base.advice import Advice
from knowledge_base.store.unheard import NotUnderstood
from knowledge_base.unheard import noticing
from knowledge_base.words import FACTS

NO_LEARNING = "learning"  # what a button refuses by which nothing is kept to learn from
# Kinds of aside: what is never kept, and what says that the message before was misunderstood.
NEVER = ("trouble", "language")
MISTAKEN = ("wrong", "neither")
DOUBTED = "maybe"
ANSWERING = ("give_profile", "change_profile", "inform_progress")
FALLBACK = "action_default_fallback"
BRIEF = 6  # words: so short a message that tells a fact tells nothing else


def notice(advice: Advice, tracker: Tracker, filled: Mapping[str, Any]) -> None:
    """Look at a message and the slots it filled, and have the core keep what was not understood.

    Only what was typed in the open or in answer to a question about the business: never a button, never the
    talk about whom to call, never a check-up.
    """
    text, act = slots.text(tracker), slots.act(tracker)
    if slots.pressed(tracker) is not None or not text.strip():
        return
    if noticing.refuses_keeping(text):
        advice.unheard.refuse(tracker.sender_id, slots.today(tracker))
        return
    if (tracker.active_loop or {}).get("name") not in (None, "profile_form"):
        return
    kind = (filled.get(slots.ASIDE_ABOUT) or {}).get("kind") if filled.get(slots.ASIDE) else None
    if kind in NEVER:
        return
    complains = act == "complaint_feedback" and noticing.complains_of_us(text)
    if kind in MISTAKEN or complains or fell_back(tracker):
        why = noticing.MISUNDERSTOOD if kind in MISTAKEN or complains else noticing.NOT_ANSWERED
        keep(advice, tracker, said_before(tracker), why)
        if kind in MISTAKEN or complains:
            return
    why_now = noticing.ASIDE if kind == DOUBTED else why_not(tracker, filled)
    if why_now:
        keep(advice, tracker, tracker.latest_message, why_now)


def why_not(tracker: Tracker, filled: Mapping[str, Any]) -> str | None:
    """Say why the last message was not understood, if it was not."""
    act, asked = slots.act(tracker), slots.asked(tracker)
    told = [fact for fact in FACTS if filled.get(fact) not in (None, [])]
    brief = len(slots.text(tracker).split()) <= BRIEF
    answered = bool(told) and (asked in told or act in ANSWERING or brief)
    found = noticing.why_unheard(act, confidence(tracker.latest_message), answered)
    needless = not (filled.get(slots.NEEDS_SLOT) or slots.needs(tracker))
    if found is None and needless and not answered and act == "describe_need":
        return noticing.NOT_ANSWERED
    return found


def keep(advice: Advice, tracker: Tracker, message: Mapping[str, Any] | None, why: str) -> None:
    """Have one message kept, as the model read it."""
    if message is None:
        return
    needs = [str(each.get("need")) for each in message.get("needs") or () if isinstance(each, Mapping)]
    heard = NotUnderstood(
        session=tracker.sender_id,
        text=str(message.get("text") or ""),
        why=why,
        act=str((message.get("intent") or {}).get("name") or ""),
        confidence=confidence(message),
        on=slots.today(tracker),
        needs=tuple(needs),
    )
    advice.unheard.keep(heard)


def confidence(message: Mapping[str, Any]) -> float:
    """The chance of the act that the model gave; a message without one is taken as sure."""
    value = (message.get("intent") or {}).get("confidence")
    return float(value) if isinstance(value, int | float) else 1.0


def said_before(tracker: Tracker) -> dict[str, Any] | None:
    """The message before the last, as the model read it; None for a button, or one in another talk."""
    messages = 0
    for event in reversed(tracker.events):
        if event.get("event") == "active_loop" and event.get("name") not in (None, "profile_form"):
            return None
        if event.get("event") == "user":
            messages += 1
            if messages == 2:
                text = str(event.get("text") or "")
                read = event.get("parse_data") or {}
                return None if text.startswith("/") or not text else {**read, "text": text}
    return None


def fell_back(tracker: Tracker) -> bool:
    """Say whether no rule knew what to do with the message before the last one."""
    messages = 0
    for event in reversed(tracker.events):
        messages += event.get("event") == "user"
        if messages == 2:
            return False
        if event.get("event") == "action" and event.get("name") == FALLBACK:
            return True
    return False
