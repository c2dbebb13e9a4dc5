"""Read the conversation's slots as the core's own types, and spell their names once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from rasa_sdk import Tracker

from knowledge_base.asked import Asked
from knowledge_base.profile import BadProfile, Profile, parse_profile
from knowledge_base.words import FACTS, NEEDS

NEEDS_SLOT = "needs"
REFUSED = "refused"
MENTIONED = "mentioned"
TURNED_DOWN = "turned_down"
SKIPPED = "skipped"
WISHES = "wishes"
NEAR = "near"
UNKNOWN_PLACE = "unknown_place"
ROADMAP = "roadmap"
SHOWN = "shown"
PLANNED = "planned"  # the needs and facts that roadmap held when the business heard of it last
LAST_OFFERS = "last_offers"
QUESTIONS = "questions"
PENDING = "pending"
FORGET = "forget"  # the question whether to forget everything is open
CONSENT = "consent"
CONTACT = "contact"
FORGET_ME = "forget_me"
ASIDE = "aside"
ASIDE_ABOUT = "aside_about"
WAITING = "waiting"
SAID = "said_once"
APART = "apart"
RECAP = "recap"
CHECKUP = "checkup"
CHECKUP_WANTED = "checkup_wanted"
CHECKUP_ANSWER = "checkup_answer"
REQUESTED = "requested_slot"
ROLE = "role"  # broker; unset for owners


def profile(tracker: Tracker) -> Profile:
    """The facts told so far; a slot that cannot be read counts as not told."""
    return profile_with(tracker, {})


def profile_with(tracker: Tracker, filled: Mapping[str, Any]) -> Profile:
    """The facts as they are once some slots are filled."""
    told: dict[str, Any] = {}
    for fact in (*FACTS, REFUSED):
        value = filled[fact] if fact in filled else tracker.get_slot(fact)
        if value in (None, [], ""):
            continue
        try:
            parse_profile({fact: value})
        except BadProfile:
            continue
        told[fact] = value
    return parse_profile(told)


def needs(tracker: Tracker) -> tuple[str, ...]:
    """The needs told so far, in the order they were told."""
    return tuple(n for n in tracker.get_slot(NEEDS_SLOT) or () if n in NEEDS)


def near(tracker: Tracker) -> str | None:
    """What the described needs meant, as the core wrote it; the words themselves are not kept."""
    value = tracker.get_slot(NEAR)
    return value if isinstance(value, str) else None


def listed(tracker: Tracker, slot: str) -> tuple[str, ...]:
    """A slot that holds a list, empty when unset."""
    return tuple(tracker.get_slot(slot) or ())


def asked_so_far(tracker: Tracker) -> Asked:
    """Everything a roadmap made now would be made from."""
    return Asked(
        needs(tracker),
        profile(tracker),
        today(tracker),
        turned_down=listed(tracker, TURNED_DOWN),
        skipped=listed(tracker, SKIPPED),
        prefer=(tracker.get_slot(WISHES) or {}).get("prefer"),
        near=near(tracker),
    )


def metadata(tracker: Tracker) -> Mapping[str, Any]:
    """What the door gave along with the last message."""
    given = tracker.latest_message.get("metadata")
    return given if isinstance(given, Mapping) else {}


def today(tracker: Tracker) -> date:
    """The day the door gave with the message; a door that gave none means today."""
    given = metadata(tracker).get("today")
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        return date.today()


def act(tracker: Tracker) -> str:
    """What the last message does."""
    return str((tracker.latest_message.get("intent") or {}).get("name") or "")


def text(tracker: Tracker) -> str:
    """The last message as typed."""
    return str(tracker.latest_message.get("text") or "")


def pressed(tracker: Tracker) -> dict[str, str] | None:
    """What a pressed button carries; None when the message was typed."""
    if not text(tracker).startswith("/"):
        return None
    return {
        str(e.get("entity")): str(e.get("value"))
        for e in tracker.latest_message.get("entities") or ()
        if e.get("entity")
    }


def asked(tracker: Tracker, form: str = "profile_form") -> str | None:
    """The question that is open in a form; None when the form is not the one talking."""
    if (tracker.active_loop or {}).get("name") != form:
        return None
    return tracker.get_slot(REQUESTED)


def waiting(tracker: Tracker) -> dict[str, Any]:
    """The small question that is open outside the forms, with what its answer needs; empty for none."""
    value = tracker.get_slot(WAITING)
    return value if isinstance(value, dict) else {}


def in_questions(tracker: Tracker) -> bool:
    """Say whether a form waits for an answer."""
    return any(asked(tracker, form) is not None for form in ("profile_form", "checkup_form"))


def set_since_spoken(tracker: Tracker) -> dict[str, Any]:
    """The slots that were filled by what was said last; the client's record given along was not said."""
    filled: dict[str, Any] = {}
    for event in reversed(tracker.events):
        if event.get("event") == "user" or (event.get("event") == "slot" and event.get("name") == ROLE):
            break
        if event.get("event") == "slot" and event.get("value") is not None:
            filled.setdefault(str(event.get("name")), event.get("value"))
    return filled


def did(tracker: Tracker, action: str) -> bool:
    """Say whether an action already ran for the last message."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") == action:
            return True
    return False


def came_back_from(tracker: Tracker) -> str | None:
    """The action that already answered this message, when a form resumes after a digression."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return None
        name = str(event.get("name") or "")
        if event.get("event") == "action" and name not in QUIET_ACTIONS:
            return name
    return None


# What Rasa and the forms do of themselves, and what ends one thing to begin another.
QUIET_ACTIONS = (
    "action_listen",
    "action_extract_slots",
    "profile_form",
    "person_form",
    "checkup_form",
    "action_deactivate_loop",
    "action_show_checkup",
    "action_say_yes",
)
