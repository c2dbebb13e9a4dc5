"""Answer what was noticed aside: care first, the right door, one plain line; then back to what was open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, Restarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import apart, asides, broker, checkup, referral, replies, slots
from knowledge_base import labels
from knowledge_base.advice import Advice
from knowledge_base.recap import said_back

MOST_WRONG = 8  # buttons
GRAVEST = ("life", "mind", "money")
Events = list[dict[str, Any]]


class AnswerAside(Action):
    """Say what an aside calls for, and ask its small question where it has one."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_answer_aside"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        about = tracker.get_slot(slots.ASIDE_ABOUT) or {}
        answer = getattr(self, f"say_{about.get('kind')}", None)
        events: Events = answer(dispatcher, tracker, about) if answer else []
        if tracker.get_slot(slots.ASIDE) == asides.RETURNING and not (tracker.active_loop or {}).get("name"):
            return [*events, FollowupAction("profile_form")]
        return events

    def say_trouble(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, about: Mapping[str, Any]
    ) -> Events:
        """Care first, then real doors where the business is, then a person; no question is pressed."""
        troubles = [each for each in GRAVEST if each in (about.get("troubles") or ())]
        again = "_again" if f"care_{troubles[0]}" in slots.listed(tracker, slots.SAID) else ""
        dispatcher.utter_message(response=f"utter_care_{troubles[0]}{again}")
        doors = self.advice.doors_in_trouble(troubles, slots.profile(tracker))
        if doors:
            dispatcher.utter_message(response="utter_care_doors", doors=replies.door_lines(doors))
        else:
            dispatcher.utter_message(response="utter_care_no_doors")
            replies.say_contact(dispatcher, self.advice)
        events = said(tracker, f"care_{troubles[0]}")
        if broker.asks(tracker):
            return events
        if troubles[0] == "life":
            dispatcher.utter_message(response="utter_care_person")
            return events
        if (tracker.active_loop or {}).get("name") == checkup.FORM:
            dispatcher.utter_message(response="utter_care_checkup_waits")
            return [*events, SlotSet(slots.WAITING, {"kind": checkup.PENDING})]
        wanted = slots.needs(tracker)
        dispatcher.utter_message(response="utter_care_go_on" if wanted else "utter_care_listening")
        return [*events, SlotSet(slots.WAITING, {"kind": "go_on"} if wanted else None)]

    def say_language(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, about: Mapping[str, Any]
    ) -> Events:
        dispatcher.utter_message(response=f"utter_language_{about.get('language')}")
        return []

    def say_wrong(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, about: Mapping[str, Any]
    ) -> Events:
        """Ask which of the things taken down is wrong, each with a button."""
        told = said_back(slots.profile(tracker))
        needs = slots.needs(tracker)
        if not told and not needs:
            dispatcher.utter_message(response="utter_wrong_nothing")
            return []
        if broker.asks(tracker):
            dispatcher.utter_message(response="utter_which_wrong_of_client", told=replies.understood(tracker))
            return [SlotSet(slots.WAITING, {"kind": "wrong"})]
        buttons = [
            {"title": words[:60], "payload": f'/change_profile{{"wrong": "{fact}"}}'}
            for fact, words in [*told.items()][:MOST_WRONG]
        ]
        if needs:
            buttons.append({"title": "What you want", "payload": '/change_profile{"wrong": "needs"}'})
        dispatcher.utter_message(response="utter_which_wrong", buttons=buttons)
        return [SlotSet(slots.WAITING, {"kind": "wrong"})]

    def say_ask(self, dispatcher: CollectingDispatcher, tracker: Tracker, about: Mapping[str, Any]) -> Events:
        dispatcher.utter_message(response="utter_taken_back")
        return []

    def say_maybe(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, about: Mapping[str, Any]
    ) -> Events:
        """Ask between the needs a message may mean, in plain words."""
        needs = list(about.get("needs") or ())
        buttons = [
            {"title": capital(labels.need(need)), "payload": f'/describe_need{{"need": "{need}"}}'}
            for need in needs
        ]
        buttons.append({"title": "Something else", "payload": "/deny"})
        dispatcher.utter_message(
            response="utter_did_you_mean", needs=either(labels.needs(needs)), buttons=buttons
        )
        return [SlotSet(slots.WAITING, {"kind": "maybe", "needs": needs})]

    def say_neither(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, about: Mapping[str, Any]
    ) -> Events:
        dispatcher.utter_message(response="utter_neither")
        return []

    def say_apart(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, about: Mapping[str, Any]
    ) -> Events:
        """Offer to keep another business apart from this one."""
        waiting = {name: about.get(name) for name in ("facts", "needs")}
        other = apart.name_of(waiting["facts"] or {})
        this = apart.name_of(apart.held(tracker))
        dispatcher.utter_message(
            response="utter_another_business",
            other=f" ({other})" if other else "",
            this=f" ({this})" if this else "",
        )
        return [SlotSet(slots.WAITING, {"kind": "apart", **waiting})]

    def say_started(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, about: Mapping[str, Any]
    ) -> Events:
        dispatcher.utter_message(response="utter_kept_apart", before=about.get("before") or "the first one")
        return []

    def say_same(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, about: Mapping[str, Any]
    ) -> Events:
        dispatcher.utter_message(response="utter_same_business")
        return []

    def say_back(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, about: Mapping[str, Any]
    ) -> Events:
        dispatcher.utter_message(response="utter_back_to", now=about.get("now") or "the first one")
        return []

    def say_referral(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, about: Mapping[str, Any]
    ) -> Events:
        """Say what became of the request to talk to somebody."""
        found = self.advice.referrals.of_session(tracker.sender_id)
        if found is None:
            dispatcher.utter_message(response="utter_no_referral_yet")
        else:
            referral.say_state(dispatcher, self.advice, found)
        return []

    def say_other_client(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, about: Mapping[str, Any]
    ) -> Events:
        dispatcher.utter_message(response="utter_another_client")
        return []

    def say_checkup_link(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, about: Mapping[str, Any]
    ) -> Events:
        dispatcher.utter_message(response="utter_checkup_link", url=self.advice.public_url)
        return []

    def say_progress(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, about: Mapping[str, Any]
    ) -> Events:
        replies.say_progress(dispatcher, self.advice, str(about.get("slot")), list(about.get("offers") or ()))
        return []


class StartAgain(AnswerAside):
    """Forget what was told here and begin anew; what is answered aside comes first and forgets nothing.

    It stands in for Rasa's own action of that name, which any message taken for `restart` leads to.
    """

    def name(self) -> str:
        return "action_restart"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        aside = tracker.get_slot(slots.ASIDE)
        if aside is None and broker.asks(tracker):
            dispatcher.utter_message(response="utter_client_stays")
            return [FollowupAction("action_listen")]
        if aside is None:
            dispatcher.utter_message(response="utter_restart")
            return [Restarted()]
        events = [
            each for each in super().run(dispatcher, tracker, domain) if each.get("event") != "followup"
        ]
        if aside == asides.RETURNING:
            return [*events, FollowupAction("profile_form")]
        return [*events, ActiveLoop(None), SlotSet(slots.REQUESTED, None), FollowupAction("action_listen")]


def said(tracker: Tracker, what: str) -> Events:
    """Remember that something was said that is said once."""
    before = slots.listed(tracker, slots.SAID)
    return [] if what in before else [SlotSet(slots.SAID, [*before, what])]


def either(words: list[str]) -> str:
    """“a”, “a or b”, “a, b or c”."""
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]
