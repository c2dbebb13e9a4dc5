"""Hand over to a person with consent, forget when asked, and the small courtesies."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from actions import apart, checkup, replies, slots, unheard
from knowledge_base import labels
from knowledge_base.advice import Advice
from knowledge_base.profile import dump_profile
from knowledge_base.unheard.noticing import refuses_keeping

SURE = 0.7  # below it, a name or half an address may be taken for any act
QUESTIONS = (
    "ask_events",
    "ask_offer_details",
    "ask_eligibility",
    "compare_options",
    "ask_definition",
    "ask_how_it_works",
    "save_or_share",
    "privacy_request",
    "complaint_feedback",
)
COURTESIES = ("thanks", "goodbye")
OF_THE_BUSINESS = (
    "describe_need",
    "give_profile",
    "change_profile",
    "refine",
)  # what profile_form goes on with


class AskForConsent(Action):
    """Ask whether to pass the conversation on, then how to reach the business."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "validate_person_form"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        asked = slots.asked(tracker, "person_form")
        if asked is None:
            replies.say_contact(dispatcher, self.advice)
            return [
                SlotSet(slots.CONSENT, None),
                SlotSet(slots.CONTACT, None),
                SlotSet(slots.REQUESTED, slots.CONSENT),
            ]
        if slots.came_back_from(tracker) is not None:
            return [SlotSet(slots.REQUESTED, asked)]
        if self.is_digression(tracker, asked):
            raise ActionExecutionRejection("person_form")
        act = slots.act(tracker)
        if asked == slots.CONSENT:
            found = self.way_to_reach(tracker)
            known = found or tracker.get_slot(slots.CONTACT)
            if act == "affirm":
                if isinstance(known, dict):
                    return [SlotSet(slots.CONSENT, True), SlotSet(slots.CONTACT, known), done()]
                return [SlotSet(slots.CONSENT, True), SlotSet(slots.REQUESTED, slots.CONTACT)]
            if found:
                dispatcher.utter_message(response="utter_yes_needed")
                return [SlotSet(slots.CONTACT, found), SlotSet(slots.REQUESTED, slots.CONSENT)]
            return [SlotSet(slots.CONSENT, False if act == "deny" else None), done()]
        found = self.way_to_reach(tracker)
        if found:
            return [SlotSet(slots.CONTACT, found), done()]
        if act in ("deny", "goodbye", "restart") or tracker.get_slot(slots.PENDING) == "contact":
            return [SlotSet(slots.CONSENT, False), SlotSet(slots.PENDING, None), done()]
        dispatcher.utter_message(response="utter_contact_unreadable")
        return [SlotSet(slots.PENDING, "contact"), SlotSet(slots.REQUESTED, slots.CONTACT)]

    def is_digression(self, tracker: Tracker, asked: str) -> bool:
        """Say whether something else is asked in place of a yes or of a way to reach somebody."""
        acts = (*QUESTIONS, *COURTESIES) if asked == slots.CONSENT else QUESTIONS
        sure = float((tracker.latest_message.get("intent") or {}).get("confidence") or 0.0) >= SURE
        return sure and slots.act(tracker) in acts and self.way_to_reach(tracker) is None

    def way_to_reach(self, tracker: Tracker) -> dict[str, str] | None:
        """A name and a way to reach somebody in the last message; a name alone is no way."""
        found = self.advice.contact_in(slots.text(tracker))
        return found if found and (found.get("email") or found.get("phone")) else None


def done() -> dict[str, Any]:
    """The event that ends the form."""
    event: dict[str, Any] = SlotSet(slots.REQUESTED, None)
    return event


class RecordReferral(Action):
    """Record what was agreed; without a yes nothing is recorded."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_record_referral"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        consent, contact = tracker.get_slot(slots.CONSENT), tracker.get_slot(slots.CONTACT)
        clear = [SlotSet(slots.CONSENT, None), SlotSet(slots.CONTACT, None), SlotSet(slots.PENDING, None)]
        if consent and isinstance(contact, dict):
            code = self.advice.refer(
                session=tracker.sender_id,
                contact=contact,
                needs=slots.needs(tracker),
                profile=slots.profile(tracker),
                roadmap=tracker.get_slot(slots.ROADMAP),
                now=datetime.now(timezone.utc),
            )
            dispatcher.utter_message(
                response="utter_referral_recorded",
                hub=self.advice.hub.name,
                code=code,
                days=self.advice.hub.retention_days["referrals"],
            )
            return clear
        if consent is None and slots.act(tracker) in OF_THE_BUSINESS:
            return [*clear, FollowupAction("profile_form")]
        dispatcher.utter_message(response="utter_referral_declined")
        replies.say_contact(dispatcher, self.advice)
        return clear


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
        if tracker.get_slot(slots.PENDING) != slots.FORGET:
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
