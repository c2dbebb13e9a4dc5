"""Events, and the networks where people meet."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from knowledge_base import labels
from knowledge_base.advice import Advice
from knowledge_base.words import NEEDS

MOST = 5


class ShowEvents(Action):
    """List events and networks open where the business is, past editions never."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_show_events"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        heard = [n["need"] for n in tracker.latest_message.get("needs") or () if n.get("need") in NEEDS]
        profile = slots.profile(tracker)
        cards = self.advice.events(heard, profile, on=slots.today(tracker))
        where = profile.place or self.advice.hub.name
        about = f" on {labels.joined(labels.needs(heard))}" if heard else ""
        if not cards:
            dispatcher.utter_message(response="utter_no_events", where=where, about=about)
            return []
        lines = "\n".join(
            f"– {c.name} ({labels.kind(c.kind)}): {c.when_words}; {c.age_words}" for c in cards[:MOST]
        )
        dispatcher.utter_message(
            response="utter_events",
            heading=f"Events and networks{about} open to {where}:",
            lines=lines,
            json_message={"offers": [c.document for c in cards[:MOST]]},
        )
        return []
