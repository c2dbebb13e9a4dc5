"""Hand over to a person with consent, once, and say what became of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from actions import broker, replies, slots
from knowledge_base.advice import Advice
from knowledge_base.brokers.records import Referral
from knowledge_base.recap import said_back, wanted

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
CODE_ONLY = "code_only"  # in place of a way to reach the business
# Said in place of a name and an address; a plain no is still a no.
JUST_A_CODE = re.compile(
    r"\b(?:just|only) (?:a|the) code\b|\bcode only\b|\bno contact\b|\b(?:no|not my) (?:name|details)\b"
    r"|\b(?:rather|prefer|want)(?: to)? (?:call|ring|phone|contact) (?:them|you|myself)\b"
    r"|\b(?:i'll|i will|let me|i'd rather) (?:call|ring|phone|contact) (?:them|you|in)\b",
    re.IGNORECASE,
)
# A question about a request made before.
ASKS_ABOUT = re.compile(
    r"\b(?:what(?:'s| is| has)? (?:happen(?:ed|ing)|become|going on)"
    r"|any (?:news|update|word|progress|answer)|status|still waiting"
    r"|heard (?:anything|back|nothing|from)|where is"
    r"|(?:did|has|have) (?:anybody|anyone|someone|somebody|they)"
    r"|who (?:has|got|is dealing with|is looking after))\b.{0,60}?"
    r"\b(?:request|referral|call(?: me)? back|call|enquiry|inquiry|adviser|advisor|broker|reference)\b",
    re.IGNORECASE | re.DOTALL,
)


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
            return self.begin(dispatcher, tracker)
        if slots.came_back_from(tracker) is not None:
            return [SlotSet(slots.REQUESTED, asked)]
        if wants_code_only(tracker):
            return [SlotSet(slots.CONSENT, True), SlotSet(slots.CONTACT, {CODE_ONLY: True}), done()]
        if self.is_digression(tracker, asked):
            raise ActionExecutionRejection("person_form")
        return (
            self.consent(dispatcher, tracker) if asked == slots.CONSENT else self.contact(dispatcher, tracker)
        )

    def begin(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Say how to reach somebody, and ask for consent; a request still open is told of instead."""
        before = None if broker.asks(tracker) else self.advice.referrals.of_session(tracker.sender_id)
        if before and before.open:
            say_state(dispatcher, self.advice, before)
            return [*cleared(), done()]
        if before is None and asks_about(tracker) and not broker.asks(tracker):
            dispatcher.utter_message(response="utter_no_referral_yet")
        replies.say_contact(dispatcher, self.advice)
        if broker.asks(tracker):
            return [*cleared(), done()]
        return [
            SlotSet(slots.CONSENT, None),
            SlotSet(slots.CONTACT, None),
            SlotSet(slots.REQUESTED, slots.CONSENT),
        ]

    def consent(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        found, act = self.way_to_reach(tracker), slots.act(tracker)
        known = found or tracker.get_slot(slots.CONTACT)
        if act == "affirm":
            if isinstance(known, dict):
                return [SlotSet(slots.CONSENT, True), SlotSet(slots.CONTACT, known), done()]
            return [SlotSet(slots.CONSENT, True), SlotSet(slots.REQUESTED, slots.CONTACT)]
        if found:
            dispatcher.utter_message(response="utter_yes_needed")
            return [SlotSet(slots.CONTACT, found), SlotSet(slots.REQUESTED, slots.CONSENT)]
        return [SlotSet(slots.CONSENT, False if act == "deny" else None), done()]

    def contact(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        found = self.way_to_reach(tracker)
        if found:
            return [SlotSet(slots.CONTACT, found), done()]
        declined = slots.act(tracker) in ("deny", "goodbye", "restart")
        if declined or tracker.get_slot(slots.PENDING) == "contact":
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


class RecordReferral(Action):
    """Record what was agreed; without a yes nothing is recorded, and of an open request no second is made."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_record_referral"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if broker.asks(tracker):
            return cleared()
        consent, contact = tracker.get_slot(slots.CONSENT), tracker.get_slot(slots.CONTACT)
        before = self.advice.referrals.of_session(tracker.sender_id)
        if before and before.open:
            if consent:
                say_state(dispatcher, self.advice, before)
            return cleared()
        if consent and isinstance(contact, dict):
            self.record(dispatcher, tracker, None if contact.get(CODE_ONLY) else contact)
            return cleared()
        if consent is None and slots.act(tracker) in OF_THE_BUSINESS:
            return [*cleared(), FollowupAction("profile_form")]
        dispatcher.utter_message(response="utter_referral_declined")
        replies.say_contact(dispatcher, self.advice)
        return cleared()

    def record(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, contact: dict[str, str] | None
    ) -> None:
        code = self.advice.refer(
            session=tracker.sender_id,
            contact=contact or {},
            needs=slots.needs(tracker),
            profile=slots.profile(tracker),
            roadmap=tracker.get_slot(slots.ROADMAP),
            recap=recap(tracker),
            code_only=contact is None,
            now=datetime.now(timezone.utc),
        )
        referral = self.advice.referrals.get(code)
        dispatcher.utter_message(
            response="utter_referral_recorded" if contact else "utter_referral_code_only",
            who=who_has(self.advice, referral),
            code=code,
            days=self.advice.hub.retention_days["referrals"],
        )
        say_by_when(dispatcher, self.advice, referral)
        if contact is None:
            replies.say_contact(dispatcher, self.advice)


def cleared() -> list[dict[str, Any]]:
    """The events after which nothing of an arrangement is open."""
    return [SlotSet(slots.CONSENT, None), SlotSet(slots.CONTACT, None), SlotSet(slots.PENDING, None)]


def done() -> dict[str, Any]:
    """The event that ends the form."""
    event: dict[str, Any] = SlotSet(slots.REQUESTED, None)
    return event


def wants_code_only(tracker: Tracker) -> bool:
    """Say whether the business agrees to be handed on, and keeps how to reach it to itself."""
    button = slots.pressed(tracker)
    if button is not None:
        return button.get("referral") == "code"
    agreed = slots.asked(tracker, "person_form") == slots.CONTACT
    return agreed and JUST_A_CODE.search(slots.text(tracker).replace("’", "'")) is not None


def asks_about(tracker: Tracker) -> bool:
    """Say whether the last message asks what became of a request."""
    return ASKS_ABOUT.search(slots.text(tracker)[:400].replace("’", "'")) is not None


def recap(tracker: Tracker) -> tuple[str, ...]:
    """What the business told and wants, each in few words, for whoever takes over."""
    wants = replies.of_it(wanted(slots.needs(tracker)))
    return (*said_back(slots.profile(tracker)).values(), *([f"wants {wants}"] if wants else []))


def say_state(dispatcher: CollectingDispatcher, advice: Advice, referral: Referral) -> None:
    """Say who has a request and what was done about it, and by when something more is."""
    dispatcher.utter_message(
        response=f"utter_referral_{referral.state}",
        who=who_has(advice, referral),
        code=referral.code,
        day=replies.spoken(referral.consent_at.date().isoformat()),
    )
    if referral.state == "new":
        say_by_when(dispatcher, advice, referral)
    replies.say_contact(dispatcher, advice)


def who_has(advice: Advice, referral: Referral | None) -> str:
    """Who holds a request: its team, or the hub where there is none."""
    team = advice.teams.get(referral.team) if referral and referral.team else None
    return team.name if team else advice.hub.name


def say_by_when(dispatcher: CollectingDispatcher, advice: Advice, referral: Referral | None) -> None:
    """Say from when on the hub's lead is told that nobody answered, where a team has it and says so."""
    team = advice.teams.get(referral.team) if referral and referral.team else None
    if team is None or referral is None or referral.due_at is None:
        return
    since = referral.since or referral.consent_at
    last = since.date() + timedelta(days=team.lead_after_days)
    day = replies.spoken(last.isoformat())
    dispatcher.utter_message(response="utter_referral_by", day=day, hub=advice.hub.name)
