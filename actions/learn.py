"""What words mean, how this works, and what it does not do."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import replies, slots
from actions.offers import cards_meant
from knowledge_base import labels
from knowledge_base.advice import Advice

WHY = ("why", "what for", "how come", "need to know", "reason")


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
                response="utter_definition", meaning=term.meaning, source=term.source_words
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
        if asked == "needs":
            dispatcher.utter_message(response="utter_why_ask_needs")
        elif asked and any(w in words for w in WHY):
            settles = self.advice.settles(
                asked,
                slots.needs(tracker),
                slots.profile(tracker),
                on=slots.today(tracker),
                near=slots.near(tracker),
            )
            dispatcher.utter_message(response="utter_why_ask", question=labels.fact(asked), settles=settles)
        else:
            dispatcher.utter_message(
                response="utter_how_it_works",
                bot="Fingerpost",
                hub=self.advice.hub.name,
                count=self.advice.count,
            )
        return []


class Decline(Action):
    """Say what we do instead; shorter in the middle of questions."""

    def name(self) -> str:
        return "action_decline"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        in_question = slots.in_questions(tracker)
        dispatcher.utter_message(
            response="utter_out_of_scope_in_question" if in_question else "utter_out_of_scope"
        )
        return []
