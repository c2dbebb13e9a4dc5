"""What words mean, how this works, and what it does not do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import replies, slots
from actions.offers import cards_meant
from knowledge_base import labels
from knowledge_base.advice import Advice
from knowledge_base.doors import FAMILIES

WHY = ("why", "what for", "how come", "need to know", "reason")
SURE = 0.5  # of a family; below it the general answer is given
# Families that have a right door somewhere; for the others there is only an answer.
WITH_DOORS = FAMILIES[: FAMILIES.index("homework_and_general")]
# What a question about us is about, the first that fits.
ABOUT_US = (
    (
        "utter_am_i_a_person",
        re.compile(
            r"\b(?:robot|bot|human|(?:real|actual|a) person|machine|computer|chat ?gpt|ai|artificial)\b"
        ),
    ),
    (
        "utter_who_sees",
        re.compile(
            r"\bwho\b.*\b(?:see|sees|read|reads|gets|looks?|access)\b|\bprivate\b|\bconfidential\b"
            r"|\bshared? (?:this|it|my)\b"
        ),
    ),
    ("utter_what_it_costs", re.compile(r"\b(?:free|costs?|charge|pay|price|catch)\b")),
)


class Define(Action):
    """Explain a word from the sourced list of terms; an offer's name is answered as the offer."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_define"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        text, cards = slots.text(tracker), cards_meant(self.advice, tracker)
        term = self.advice.term(text)
        if term and self.advice.names_an_offer_more_closely(text, term, [card.id for card in cards]):
            term = None
        if term:
            dispatcher.utter_message(
                response="utter_definition",
                meaning=term.meaning,
                source=term.source_words,
                buttons=[replies.about(card.id, card.name) for card in cards[:1]],
            )
        elif cards:
            replies.for_offer(dispatcher, cards[0])
        else:
            known = labels.joined([t.name for t in self.advice.terms][:12])
            dispatcher.utter_message(response="utter_no_definition", words=known)
        return []


class ExplainOurselves(Action):
    """Answer “why do you ask?” with what the answer would settle, and the rest with what this is."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_explain_ourselves"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        asked = slots.asked(tracker)
        words = slots.text(tracker).lower()
        why = any(w in words for w in WHY)
        if asked == "needs" and why:
            dispatcher.utter_message(response="utter_why_ask_needs")
        elif asked and why:
            settles = self.advice.settles(
                asked,
                slots.needs(tracker),
                slots.profile(tracker),
                on=slots.today(tracker),
                near=slots.near(tracker),
            )
            dispatcher.utter_message(
                response="utter_why_ask",
                question=labels.fact(asked),
                reason=labels.reason_to_ask(asked),
                settles=settles,
            )
        else:
            response = next((name for name, said in ABOUT_US if said.search(words)), "utter_how_it_works")
            dispatcher.utter_message(
                response=response,
                bot="Fingerpost",
                hub=self.advice.hub.name,
                count=self.advice.count,
                days=self.advice.hub.retention_days["sessions"],
            )
        return []


class Decline(Action):
    """Say what we do not do, and which door is the right one; shorter in the middle of questions."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_decline"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        in_question = slots.in_questions(tracker)
        family = family_of(tracker)
        if family:
            return self.say_family(dispatcher, tracker, family, in_question)
        dispatcher.utter_message(
            response="utter_out_of_scope_in_question" if in_question else "utter_out_of_scope"
        )
        return []

    def say_family(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, family: str, in_question: bool
    ) -> list[dict[str, Any]]:
        """Answer what belongs to a known family of things we do not do, with the right door."""
        before = slots.listed(tracker, slots.SAID)
        if family == "abuse":
            if "abuse" not in before:
                dispatcher.utter_message(response="utter_family_abuse")
            elif not in_question:
                dispatcher.utter_message(response="utter_family_abuse_again")
            return [] if "abuse" in before else [SlotSet(slots.SAID, [*before, "abuse"])]
        doors = self.advice.doors_for(family, slots.profile(tracker))
        if family in WITH_DOORS and not doors:
            dispatcher.utter_message(response="utter_family_no_door")
            replies.say_contact(dispatcher, self.advice)
            return []
        dispatcher.utter_message(response=f"utter_family_{family}", doors=replies.door_lines(doors))
        if family == "selling":
            replies.say_contact(dispatcher, self.advice)
        return []


def family_of(tracker: Tracker) -> str | None:
    """Which family of things we do not do the understanding found in a message; None when it is not sure."""
    found = tracker.latest_message.get("family")
    if not isinstance(found, Mapping) or found.get("name") not in FAMILIES:
        return None
    return str(found["name"]) if float(found.get("confidence", 1.0)) >= SURE else None
