"""Read every message for facts, needs and offers, whatever was asked."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from spacy.lang.en.stop_words import STOP_WORDS

from actions import apart, asides, broker, checkup, meanwhile, progress, slots, unheard, vague
from knowledge_base.advice import Advice
from knowledge_base.closeness import joined
from knowledge_base.reading.stage import stage_after
from knowledge_base.recap import changed
from knowledge_base.words import FACTS, NEEDS

ADDING = re.compile(r"\b(also|as well|too|plus|and then|on top|another thing)\b", re.IGNORECASE)
FILLER = STOP_WORDS | {"s", "ve", "m", "ll", "hi", "hello", "ok", "yes", "based", "near", "mainly"}
PLAIN = 0.8  # of the needs said at this chance, four in five are right
SHORT = 6  # words: an answer of this length to an open question is an answer, not a new need


class ReadMessage(Action):
    """Fill the slots from what was just said: Rasa runs it on every message."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_read_message"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if was_read(tracker):
            return []
        if broker.asks(tracker):
            return self.for_a_client(tracker)
        before = meanwhile.take(self.advice, tracker)
        events = [*before, *checkup.noticed(self.advice, tracker)]
        filled = self.filled(tracker)
        unheard.notice(self.advice, tracker, filled)
        if filled.get(slots.ASIDE):
            # What is answered aside comes first; a check-up asked for in the same breath waits.
            events = [SlotSet(slots.CHECKUP_WANTED, False)] if checkup.wants(self.advice, tracker) else []
            events = [*before, *events]
        if forgetting_lapses(tracker, filled, events):
            events.append(SlotSet(slots.PENDING, None))
        return [*events, *(SlotSet(name, value) for name, value in filled.items())]

    def for_a_client(self, tracker: Tracker) -> list[dict[str, Any]]:
        """Read a broker's message over what the client's record says."""
        events = broker.take(self.advice, tracker)
        filled = self.filled(tracker)
        unheard.notice(self.advice, tracker, filled)
        return [*events, *(SlotSet(name, value) for name, value in filled.items())]

    def filled(self, tracker: Tracker) -> dict[str, Any]:
        """Every slot this message sets, by name."""
        button = slots.pressed(tracker)
        if button is not None:
            return {**from_button(button, tracker), **asides.of_button(button, tracker)}
        if broker.asks(tracker):
            own = asides.of_a_broker(self.advice, tracker)
            if own is not None:
                return {slots.MENTIONED: [], **own}
        elif checkup.takes(self.advice, tracker):
            return asides.grave(self.advice, tracker)
        if (tracker.active_loop or {}).get("name") == "person_form":
            return {**self.read(tracker, slots.text(tracker))[1], **asides.nothing()}
        settled = asides.before_reading(tracker)
        if settled is not None:
            prefer = (tracker.get_slot(slots.WISHES) or {}).get("prefer")
            return {slots.MENTIONED: [], slots.WISHES: {"prefer": prefer}, **settled}
        split = None if broker.asks(tracker) else apart.found(tracker, slots.text(tracker))
        if split is not None:
            return self.two_businesses(tracker, *split)
        reading, filled = self.read(tracker, progress.nth(tracker, slots.text(tracker)))
        filled |= progress.of_the_last_told(tracker, reading)
        return {**filled, **asides.noticed(self.advice, tracker, reading, filled)}

    def read(self, tracker: Tracker, text: str) -> tuple[Any, dict[str, Any]]:
        """Read a text, and the slots it fills."""
        asked = slots.asked(tracker)
        reading = self.advice.read(
            broker.as_the_client(text) if broker.asks(tracker) else text,
            asked=asked,
            on=slots.today(tracker),
            profile=slots.profile(tracker),
            shown=slots.listed(tracker, slots.SHOWN),
            audience=broker.audience(tracker),
        )
        filled = from_reading(reading, tracker)
        filled[slots.NEEDS_SLOT] = needs_now(tracker, asked, reading)
        if describes(tracker, asked, reading):
            before = None if begins_afresh(tracker, asked) else slots.near(tracker)
            filled[slots.NEAR] = joined(before, self.advice.near_of(text))
        return reading, filled

    def two_businesses(self, tracker: Tracker, before: str, after: str) -> dict[str, Any]:
        """Read what stands before as told of this business, and keep the rest for the other one."""
        other = self.advice.read(after, asked=None, on=slots.today(tracker), profile=None, shown=())
        _, filled = self.read(tracker, before)
        filled[slots.NEEDS_SLOT] = list(slots.needs(tracker))
        filled.pop(slots.NEAR, None)
        found = tracker.latest_message.get("needs") or ()
        plain = [
            str(n["need"]) for n in found if n.get("need") in NEEDS and n.get("confidence", 1.0) >= PLAIN
        ]
        return {**filled, **asides.closing("apart", facts={**other.implied, **other.facts}, needs=plain)}


def forgetting_lapses(tracker: Tracker, filled: dict[str, Any], events: list[dict[str, Any]]) -> bool:
    """Say whether the question "forget everything?" is over: anything but its answer ends it.

    A yes to a question asked since, in a form or aside, is no yes to forgetting.
    """
    if tracker.get_slot(slots.PENDING) != slots.FORGET:
        return False
    elsewhere = (tracker.active_loop or {}).get("name") or filled.get(slots.ASIDE)
    begins = any(each.get("name") == slots.CHECKUP_WANTED and each.get("value") for each in events)
    return bool(elsewhere or begins or slots.act(tracker) not in ("affirm", "deny"))


def was_read(tracker: Tracker) -> bool:
    """Say whether the last message was read already: Rasa reads again when a form begins."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "slot" and event.get("name") == slots.ASIDE:
            return True
    return False


def from_button(button: dict[str, str], tracker: Tracker) -> dict[str, Any]:
    """A button names its need or its offer; nothing is read from its words."""
    if button.get("refuses") == unheard.NO_LEARNING:
        return {slots.MENTIONED: []}
    filled: dict[str, Any] = {slots.MENTIONED: [button["offer"]] if "offer" in button else []}
    if button.get("need") in NEEDS:
        filled[slots.NEEDS_SLOT] = [*dict.fromkeys([*slots.needs(tracker), button["need"]])]
    if button.get("checkup") == checkup.ROADMAP:
        filled[slots.NEEDS_SLOT] = checkup.needs_after(tracker)
    prefer = (tracker.get_slot(slots.WISHES) or {}).get("prefer")
    filled[slots.WISHES] = {
        "prefer": prefer,
        "refuses_now": [button["refuses"]] if "refuses" in button else [],
    }
    if button.get("refuses"):
        filled["refuses"] = [*dict.fromkeys([*slots.listed(tracker, "refuses"), button["refuses"]])]
    return filled


def from_reading(reading: Any, tracker: Tracker) -> dict[str, Any]:
    """Slots for what the reader found: lists grow, single facts are replaced by the newer one."""
    filled: dict[str, Any] = {}
    for fact, value in (vague.widened(reading, tracker) | implied(reading, tracker)).items():
        if fact in ("refuses", "done"):
            value = [*dict.fromkeys([*slots.listed(tracker, fact), *value])]
        filled[fact] = value
    if reading.allows:
        kept = filled.get("refuses", slots.listed(tracker, "refuses"))
        filled["refuses"] = [kind for kind in kept if kind not in reading.allows]
    for slot, offers in ((slots.TURNED_DOWN, reading.turned_down), (slots.SKIPPED, reading.skipped)):
        if offers:
            filled[slot] = [*dict.fromkeys([*slots.listed(tracker, slot), *offers])]
    refused = [*dict.fromkeys([*slots.listed(tracker, slots.REFUSED), *reading.refused])]
    refused = [fact for fact in refused if fact not in filled]
    if refused != list(slots.listed(tracker, slots.REFUSED)):
        filled[slots.REFUSED] = refused
    filled[slots.MENTIONED] = list(reading.offers)
    filled[slots.UNKNOWN_PLACE] = reading.unknown_place
    before = tracker.get_slot(slots.WISHES) or {}
    filled[slots.WISHES] = {
        "prefer": asked_first(reading, tracker) or before.get("prefer"),
        "allows": list(reading.allows),
        "cheaper": reading.cheaper,
        "sooner": reading.sooner,
        "online_only": reading.online_only,
        "does_not_know": reading.does_not_know,
        "for_advisers": reading.for_advisers,
        "points_back": getattr(reading, "points_back", False),
        "refuses_now": list(reading.facts.get("refuses", ())),
        "corrected": [*changed(slots.profile(tracker), slots.profile_with(tracker, filled)).values()],
    }
    return filled


def implied(reading: Any, tracker: Tracker) -> dict[str, Any]:
    """The stage that years imply, where the owner neither names one nor keeps it back.

    A stage in the slots that the time told before implies was not named, and goes with that time.
    """
    stage, now = reading.implied.get("stage"), tracker.get_slot("stage")
    kept_back = "stage" in (*reading.refused, *slots.listed(tracker, slots.REFUSED))
    if stage is None or kept_back:
        return {}
    months = tracker.get_slot("trading_months")
    supposed = stage_after(months) if isinstance(months, int | dict) else None
    return {"stage": stage} if now in (None, supposed) else {}


def heard_needs(tracker: Tracker) -> list[str]:
    """The needs in a message: all of a described need, only the plain ones of a message that tells facts."""
    least = {"describe_need": 0.0, "refine": 0.0, "give_profile": PLAIN, "change_profile": PLAIN}
    limit = least.get(slots.act(tracker), 2.0)
    if slots.asked(tracker, checkup.FORM) and slots.act(tracker) != "describe_need":
        return []
    found = tracker.latest_message.get("needs") or ()
    return [str(n["need"]) for n in found if n.get("need") in NEEDS and n.get("confidence", 1.0) >= limit]


def tells_facts_only(reading: Any, tracker: Tracker) -> bool:
    """Say whether nothing but filler is left of a message once its facts are taken out."""
    text = slots.text(tracker)
    if not reading.spans:
        return False
    for start, end in sorted(reading.spans.values(), reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return not set(re.findall(r"\w+", text.lower())) - FILLER


def asked_first(reading: Any, tracker: Tracker) -> str | None:
    """The wish to put the cheaper or the sooner first; “free” in passing is not such a wish."""
    if slots.act(tracker) != "refine":
        return None
    return "cheaper" if reading.cheaper else "sooner" if reading.sooner else None


def needs_now(tracker: Tracker, asked: str | None, reading: Any) -> list[str]:
    """The needs after this message.

    A new need joins those still being asked about; after a roadmap it starts afresh, unless the
    words say that it comes on top.
    """
    before = list(slots.needs(tracker))
    heard = heard_needs(tracker)
    if not heard:
        return before
    if slots.act(tracker) == "refine" and before:
        return before
    if only_answers(tracker, asked, reading):
        return before
    if begins_afresh(tracker, asked):
        return heard
    return [*dict.fromkeys([*before, *heard])]


def only_answers(tracker: Tracker, asked: str | None, reading: Any) -> bool:
    """Say whether a message only answers the open question or tells facts, and describes no need."""
    told = asked in FACTS and asked in (*reading.facts, *reading.implied)
    answered = told and len(slots.text(tracker).split()) <= SHORT
    return answered or tells_facts_only(reading, tracker)


def begins_afresh(tracker: Tracker, asked: str | None) -> bool:
    """Say whether a need told now takes the place of those before: a roadmap was shown for them."""
    shown = bool(slots.listed(tracker, slots.SHOWN)) and not ADDING.search(slots.text(tracker))
    return shown and asked is None


def describes(tracker: Tracker, asked: str | None, reading: Any) -> bool:
    """Say whether a message describes a need in words of its own, whether or not we know the need."""
    described = slots.act(tracker) == "describe_need"
    told = slots.act(tracker) in ("give_profile", "change_profile") and heard_needs(tracker)
    return bool(described or told) and not only_answers(tracker, asked, reading)
