"""Say what is kept, forget when asked, and the small courtesies."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import apart, broker, checkup, replies, slots, unheard
from knowledge_base import labels
from knowledge_base.advice import Advice
from knowledge_base.profile import dump_profile
from knowledge_base.unheard.noticing import refuses_keeping


class ExplainPrivacy(Action):
    """Say what is kept and for how long, and offer to delete it."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_explain_privacy"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        refused = (slots.pressed(tracker) or {}).get("refuses") == unheard.NO_LEARNING
        if refused or refuses_keeping(slots.text(tracker)):
            self.advice.unheard.refuse(tracker.sender_id, slots.today(tracker))
            dispatcher.utter_message(response="utter_not_learned_from")
            return [SlotSet(slots.PENDING, None)]
        if broker.asks(tracker):
            dispatcher.utter_message(
                response="utter_client_kept", told=replies.understood(tracker) or "nothing yet"
            )
            return []
        days = self.advice.hub.retention_days
        told = labels.told(dump_profile(slots.profile(tracker)))
        if told:
            dispatcher.utter_message(response="utter_told", told="; ".join(told))
        if apart.kept(tracker):
            dispatcher.utter_message(response="utter_told_apart", others=apart.told_of_others(tracker))
        if days["unheard"]:
            dispatcher.utter_message(response="utter_unheard_kept", days=days["unheard"])
        dispatcher.utter_message(response="utter_privacy", **days)
        return [SlotSet(slots.PENDING, slots.FORGET)]


class SayYes(Action):
    """A yes outside a form: to deleting everything, or to nothing in particular."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_say_yes"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if tracker.get_slot(slots.PENDING) == checkup.PENDING:
            return checkup.roadmap_wanted(tracker)
        if tracker.get_slot(slots.PENDING) != slots.FORGET or broker.asks(tracker):
            dispatcher.utter_message(response="utter_yes_to_what")
            return []
        self.advice.forget(tracker.sender_id)
        dispatcher.utter_message(response="utter_forgotten", json_message={"forgotten": True})
        return [AllSlotsReset(), SlotSet(slots.FORGET_ME, True)]


class SayNo(Action):
    """A no outside a form: to deleting everything, or to nothing in particular."""

    def name(self) -> str:
        return "action_say_no"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if tracker.get_slot(slots.PENDING) == checkup.PENDING:
            return checkup.roadmap_declined(dispatcher, tracker)
        forget = tracker.get_slot(slots.PENDING) == slots.FORGET
        dispatcher.utter_message(response="utter_kept" if forget else "utter_no_to_what")
        return [SlotSet(slots.PENDING, None)]


class SayHello(Action):
    """Greet; in the middle of questions only briefly."""

    def name(self) -> str:
        return "action_say_hello"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(
            response="utter_greet_again" if slots.in_questions(tracker) else "utter_greet"
        )
        return []


class TakeFeedback(Action):
    """Thank, and name the people who can act on it."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_take_feedback"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(response="utter_feedback")
        replies.say_contact(dispatcher, self.advice)
        return []
