"""Show the roadmap, keep it, share it, and plan again when something happened."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import broker, checkup, meanwhile, progress, replies, slots
from actions.profile_form import Questions
from knowledge_base import labels
from knowledge_base.advice import Advice
from knowledge_base.words import NEEDS

NOTE_PROGRESS = "action_note_progress"
SAID_BACK = ("done", "noted")  # what that action has just said itself


class ShowRoadmap(Action):
    """Advise on the needs and facts told so far; the roadmap shown before goes on, where it can."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_show_roadmap"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        needs, profile, on = slots.needs(tracker), slots.profile(tracker), slots.today(tracker)
        questions = Questions.of(tracker)
        questions.count = questions.digressions = 0
        if not needs and broker.asks(tracker):
            return self.without_a_need(dispatcher, tracker, questions)
        if not needs:
            questions.tries.pop("needs", None)
            dispatcher.utter_message(
                response="utter_needs_menu", needs="\n".join(f"– {n}" for n in labels.needs(NEEDS))
            )
            return [SlotSet(slots.QUESTIONS, questions.kept())]
        plan = self.advice.plan(
            needs,
            profile,
            on=on,
            turned_down=slots.listed(tracker, slots.TURNED_DOWN),
            skipped=slots.listed(tracker, slots.SKIPPED),
            prefer=(tracker.get_slot(slots.WISHES) or {}).get("prefer"),
            near=slots.near(tracker),
            session=tracker.sender_id,
            before=tracker.get_slot(slots.ROADMAP),
            since=broker.known(tracker) if broker.asks(tracker) else meanwhile.known(tracker),
            now=datetime.now(timezone.utc),
        )
        for_a_broker = broker.asks(tracker)
        settled = [] if for_a_broker else checkup.follow_with(self.advice, tracker, plan)
        offers = [step["offer"] for step in plan.steps]
        settled += replies.recap(dispatcher, tracker) if offers else []
        said_back = slots.did(tracker, NOTE_PROGRESS) or slots.did(tracker, "action_answer_aside")
        replies.for_changes(dispatcher, plan, but=SAID_BACK if said_back else (), of_client=for_a_broker)
        same = bool(offers) and tuple(offers) == slots.listed(tracker, slots.SHOWN)
        if same:
            replies.for_the_same_roadmap(dispatcher, plan)
        else:
            replies.for_roadmap(dispatcher, plan, self.advice, of_client=for_a_broker)
        if for_a_broker:
            self.beside(dispatcher, tracker)
        skip = (*slots.listed(tracker, slots.REFUSED), *questions.tries)
        question = self.advice.next_question(needs, profile, on=on, never=skip, near=slots.near(tracker))
        # A roadmap shown to a broker asks its question itself.
        if question and plan.steps and (same or not for_a_broker):
            one, fact = "_one" if question.settles == 1 else "", labels.fact(question.fact)
            dispatcher.utter_message(
                response=f"utter_could_sharpen{one}",
                fact=broker.of_client(fact) if for_a_broker else fact,
                settles=question.settles,
            )
        return [
            *settled,
            SlotSet(slots.ROADMAP, plan.id),
            *meanwhile.after(tracker, plan),
            SlotSet(slots.SHOWN, offers),
            SlotSet(slots.QUESTIONS, questions.kept()),
        ]

    def beside(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        """Say to a broker what stands beside a client's roadmap."""
        profile = slots.profile(tracker)
        if not any(letter.isdigit() for letter in profile.place or ""):
            replies.note_namesakes(dispatcher, profile, self.advice)
        if "understand_innovation" in slots.needs(tracker):
            dispatcher.utter_message(response="utter_checkup_link", url=self.advice.public_url)
        broker.for_adviser(dispatcher, self.advice, tracker)

    def without_a_need(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, questions: Questions
    ) -> list[dict[str, Any]]:
        """Say what is known of a broker's client, and ask once what it wants."""
        first = not questions.tries.get(broker.WORTH_ASKING)
        broker.say_noted(dispatcher, replies.understood(tracker), ask=first)
        questions.tries[broker.WORTH_ASKING] = 1
        return [SlotSet(slots.QUESTIONS, questions.kept())]


class ShareRoadmap(Action):
    """Give the link and the calendar of the last roadmap."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_share_roadmap"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        roadmap = tracker.get_slot(slots.ROADMAP)
        if not roadmap:
            dispatcher.utter_message(response="utter_nothing_to_share")
            return []
        url = self.advice.url_of(roadmap)
        dispatcher.utter_message(
            response="utter_share",
            url=url,
            calendar=f"{url}.ics",
            days=self.advice.hub.retention_days["roadmaps"],
            json_message={"roadmap": {"id": roadmap, "url": url}},
        )
        return []


class NoteProgress(Action):
    """Say back which steps are done or fell through, before planning again."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return NOTE_PROGRESS

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        fresh = slots.set_since_spoken(tracker)
        told = {name: fresh.get(name) or [] for name in ("done", slots.TURNED_DOWN, slots.SKIPPED)}
        if not any(told.values()):
            if not slots.listed(tracker, slots.SHOWN):
                dispatcher.utter_message(response="utter_progress_of_what")
                return [FollowupAction("action_listen")]
            dispatcher.utter_message(response="utter_progress_unclear")
            waiting = {"kind": "step", "how": progress.how(slots.text(tracker))}
            return [SlotSet(slots.WAITING, waiting), FollowupAction("action_listen")]
        for name, offers in told.items():
            if offers:
                replies.say_progress(dispatcher, self.advice, name, offers)
        return []
