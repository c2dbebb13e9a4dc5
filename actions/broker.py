"""A broker asks for a client: the client's record comes with the message, and is the truth.

What a broker presses in Slack changes that record without a word said here. So the slots are filled from it
before a message is read, no question is asked, and what is learned goes back to the door that keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from knowledge_base.advice import Advice
from knowledge_base.asked import steps_of
from knowledge_base.known import Known, read_known
from knowledge_base.profile import dump_profile
from knowledge_base.words import FACTS

BROKER = "broker"
WORTH_ASKING = "needs"  # the only thing a broker is asked for, and once

Events = list[dict[str, Any]]


def asks(tracker: Tracker) -> bool:
    """Say whether the last message came from a broker; the door says so, never the message."""
    return slots.metadata(tracker).get("role") == BROKER


def audience(tracker: Tracker) -> str:
    """For whom offers are told of: what only advisers can use is told to brokers alone."""
    return BROKER if asks(tracker) else "owner"


def take(advice: Advice, tracker: Tracker) -> Events:
    """Fill the slots from the client's record, in the tracker at hand too, and return what changed.

    The last event names the role: what stands before it was not said in this message. A door that gives
    no record leaves the slots as they were.
    """
    client = slots.metadata(tracker).get("client")
    state = state_of(advice, client) if isinstance(client, Mapping) else {}
    changed = {name: value for name, value in state.items() if not same(tracker.get_slot(name), value)}
    changed[slots.ROLE] = BROKER
    tracker.slots.update(changed)
    return [SlotSet(name, value) for name, value in changed.items()]


def state_of(advice: Advice, client: Mapping[str, Any]) -> dict[str, Any]:
    """The slots of one client; what its record does not say is as its saved roadmap has it."""
    profile = client.get("profile")
    profile = profile if isinstance(profile, Mapping) else {}
    roadmap = client.get("roadmap") or None
    saved = advice.roadmaps.get(roadmap, datetime.now(timezone.utc)) if isinstance(roadmap, str) else None
    asked = saved.asked if saved else None
    prefer = client.get("prefer", asked.prefer if asked else None)
    shown = client.get("shown")
    if shown is None and saved:
        shown = [step["offer"] for step in steps_of(saved.document)]
    return {
        **{fact: profile.get(fact) for fact in FACTS},
        slots.REFUSED: listed(profile.get("refused")),
        slots.NEEDS_SLOT: listed(client.get("needs")),
        slots.TURNED_DOWN: listed(client.get("turned_down", asked.turned_down if asked else None)),
        slots.SKIPPED: listed(client.get("skipped", asked.skipped if asked else None)),
        slots.WISHES: {"prefer": prefer} if isinstance(prefer, str) else None,
        slots.NEAR: client.get("near", asked.near if asked else None),
        slots.ROADMAP: roadmap if saved else None,
        slots.SHOWN: listed(shown),
    }


def known(tracker: Tracker) -> Known | None:
    """What the client's saved roadmap held when the door read its record; None where the door did not say."""
    client = slots.metadata(tracker).get("client")
    return read_known(client.get("planned")) if isinstance(client, Mapping) else None


def listed(value: Any) -> list[str] | None:
    """A list of words as a slot holds it: None for none."""
    return [str(each) for each in value] or None if isinstance(value, list | tuple) else None


def same(one: Any, other: Any) -> bool:
    """Say whether two values of a slot come to the same; an empty one is as good as none."""
    return one == other or (one in (None, [], {}, "") and other in (None, [], {}, ""))


class HandsBack(Action):
    """An action that also gives a broker's door what the message changed in the client's record.

    What reads a message cannot do it: Rasa drops what is said there.
    """

    def __init__(self, action: Action) -> None:
        self.action = action

    def name(self) -> str:
        return str(self.action.name())

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        events: Events = self.action.run(dispatcher, tracker, domain)
        if asks(tracker) and slots.came_back_from(tracker) is None:
            hand_back(dispatcher, tracker)
        return events


def hand_back(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Give the door what is known of the client, where its record says otherwise."""
    record = slots.metadata(tracker).get("client")
    record = record if isinstance(record, Mapping) else {}
    needs, profile = [*slots.needs(tracker)], dump_profile(slots.profile(tracker))
    if needs != [*(listed(record.get("needs")) or ())] or profile != (record.get("profile") or {}):
        dispatcher.utter_message(json_message={"client": {"needs": needs, "profile": profile}})


# What a broker says of a client, put as the client would say it: so the reader knows whose facts they are.
CLIENT = r"(?:the |my |our )?client"
DOES = r"(?:now |also |only |still |currently )?(?:employ|make|sell|turn|trade|want|need|do|run|moved)"
HAS = r"(?:turnover|sales|revenue|staff|team|headcount|premises|unit|site|base|postcode)"
THEIRS = tuple(
    (re.compile(theirs, re.IGNORECASE), own)
    for theirs, own in (
        (rf"\b(?:they|{CLIENT})(?:'re| are| is)\b", "we're"),
        (rf"\b{CLIENT}'s (?=(?:an?|in|at|now|only|just|based)\b)", "we're "),
        (rf"\b(?:they|{CLIENT})(?:'ve| have| has)(?: got)?\b", "we've"),
        (rf"\bthey (?={DOES}\b)", "we "),
        (rf"\b(?:their|{CLIENT}'s) (?={HAS}\b)", "our "),
    )
)


def as_the_client(text: str) -> str:
    """A broker's words as the client's own: “they're 22 now” as “we're 22 now”."""
    for theirs, own in THEIRS:
        text = theirs.sub(own, text.replace("’", "'"))
    return text


WHO = r"(?:the |my |our )?(?:client|owner|director|boss|md)|he|she|they"
OWN = tuple(
    (re.compile(theirs, re.IGNORECASE), own)
    for theirs, own in (
        (rf"\b(?:{WHO})(?:'s| is|'re| are)\b", "i am"),
        (rf"\b(?:{WHO})(?:'ve| has| have)\b", "i have"),
        (rf"\b(?:{WHO}) (want|feel|need|think|keep|owe)s?\b", r"i \1"),
        (rf"\b(?:{WHO}) (?=(?:can't|cannot|can not|don't|won't|might)\b)", "i "),
        (rf"\b(?:{WHO}) doesn't\b", "i don't"),
        (r"\b(?:himself|herself|themselves)\b", "myself"),
        (r"\b(?:his|her|their)\b", "my"),
    )
)


def as_the_owner(text: str) -> str:
    """A broker's words as the owner's: “he's suicidal” as “I am suicidal”."""
    for theirs, own in OWN:
        text = theirs.sub(own, text.replace("’", "'"))
    return text


# What is said to a business, put as it is said of one.
OF_CLIENT = (
    (r"\byou are\b|\byou're\b", "the client is"),
    (r"\byou have\b|\byou've\b", "the client has"),
    (r"\byou (employ|make|sell|want|need|trade|work|earn)\b", r"the client \1s"),
    (r"\byou do\b", "the client does"),
    (r"\byour\b", "the client's"),
    (r"\byou\b", "the client"),
)


def of_client(words: str) -> str:
    """Words to a business as a broker hears them: “where you are” as “where the client is”."""
    for told, of_it in OF_CLIENT:
        words = re.sub(told, of_it, words)
    return words


def say_noted(dispatcher: CollectingDispatcher, told: str, *, ask: bool) -> None:
    """Say what is known of a client whose need is not, and ask for that where it was not asked before."""
    if told:
        dispatcher.utter_message(response="utter_client_noted", told=told)
    if ask or not told:
        dispatcher.utter_message(response="utter_ask_client_needs")


def for_adviser(dispatcher: CollectingDispatcher, advice: Advice, tracker: Tracker) -> None:
    """Show the broker, beside the client's roadmap, what only advisers can use."""
    cards = advice.for_advisers(slots.needs(tracker), slots.profile(tracker), on=slots.today(tracker))
    if cards:
        dispatcher.utter_message(json_message={"for_adviser": [card.document for card in cards]})
