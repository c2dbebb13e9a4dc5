"""The few questions before a roadmap: the core says which fact settles most."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from actions import broker, checkup, replies, slots
from knowledge_base.advice import Advice
from knowledge_base.words import FACTS

QUESTIONS_BEFORE_A_ROADMAP = 2
TRIES = 2
DIGRESSIONS = 2  # the open question comes back so often; then the roadmap is shown without it
# Every other act is about something else than the open question.
ANSWERS = ("describe_need", "give_profile", "change_profile", "refine", "inform_progress", "affirm", "deny")
RAMBLE = 30  # words: what was heard in so long a message is said back before the next question
AN_ANSWER = 4  # words: a message this short that fills the open question is its answer


class AskWhatSettlesMost(Action):
    """Ask the next question, or end the questions; step aside when something else was meant."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "validate_profile_form"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if broker.asks(tracker):
            replies.note_changes(dispatcher, tracker, self.advice)
            return [SlotSet(slots.REQUESTED, None)]
        asked = slots.asked(tracker)
        came_back, settled = slots.came_back_from(tracker) is not None, settled_aside(tracker)
        resumed = asked is not None and came_back and not settled
        if asked and not came_back and (is_digression(tracker, asked) or steps_aside(tracker)):
            raise ActionExecutionRejection("profile_form")
        state = Questions.of(tracker)
        events: list[dict[str, Any]] = []
        refused = list(slots.listed(tracker, slots.REFUSED))
        if not resumed:
            replies.note_changes(dispatcher, tracker, self.advice)
            if asked and not settled and not was_answered(tracker, asked):
                state.tries[asked] = state.tries.get(asked, 0) + 1
                events += self.unanswered(dispatcher, tracker, asked, state, refused)
        needs = slots.needs(tracker) or tuple(
            e["value"][0] for e in events if e.get("name") == slots.NEEDS_SLOT
        )
        if resumed:
            state.digressions += 1
        else:
            events += checkup.offered(dispatcher, tracker, needs)
        fact = to_put_right(tracker) or self.next_fact(
            tracker, needs, refused, state, repeat=asked if resumed else None
        )
        if fact and not resumed and fact != "needs":
            state.count += 1
        if fact and not resumed and len(slots.text(tracker).split()) >= RAMBLE:
            events += replies.recap(dispatcher, tracker)
        if fact == "place":
            replies.note_namesakes(dispatcher, slots.profile(tracker), self.advice)
        return [
            *events,
            SlotSet(slots.REFUSED, refused),
            SlotSet(slots.QUESTIONS, state.kept()),
            SlotSet(slots.REQUESTED, fact),
        ]

    def next_fact(
        self,
        tracker: Tracker,
        needs: tuple[str, ...],
        refused: list[str],
        state: Questions,
        repeat: str | None,
    ) -> str | None:
        if not needs:
            return "needs" if state.tries.get("needs", 0) < TRIES else None
        if repeat and repeat != "needs" and repeat not in refused:
            return repeat if state.digressions <= DIGRESSIONS else None
        if state.count >= QUESTIONS_BEFORE_A_ROADMAP or only_replanning(tracker):
            return None
        skip = (*refused, *(f for f, n in state.tries.items() if n >= TRIES))
        question = self.advice.next_question(
            needs,
            slots.profile(tracker),
            on=slots.today(tracker),
            never=tuple(skip),
            near=slots.near(tracker),
        )
        return question.fact if question else None

    def unanswered(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        asked: str,
        state: Questions,
        refused: list[str],
    ) -> list[dict[str, Any]]:
        """Say what was not understood; give up on a question after the second try, never a third."""
        said_no = declined(tracker, asked)
        unknown_place = tracker.get_slot(slots.UNKNOWN_PLACE)
        if asked == "needs":
            if said_no:
                dispatcher.utter_message(response="utter_begin_with_understanding")
                return [SlotSet(slots.NEEDS_SLOT, ["understand_innovation"])]
            dispatcher.utter_message(response="utter_not_understood")
            return []
        if set(slots.set_since_spoken(tracker)) & set(FACTS) or slots.act(tracker) in (
            "describe_need",
            "refine",
            "inform_progress",
        ):
            if state.tries[asked] >= TRIES:
                refused.append(asked)
            return []
        if said_no or state.tries[asked] >= TRIES:
            if asked not in refused:
                refused.append(asked)
            if not no_is_the_answer(asked):
                dispatcher.utter_message(response="utter_left_out")
        elif unknown_place:
            dispatcher.utter_message(response="utter_place_unknown", place=unknown_place)
        else:
            dispatcher.utter_message(response="utter_not_understood")
        if not said_no and asked not in refused:
            state.count -= 1  # the same question again is not a further one
        return []


class Questions:
    """How many questions were asked before this roadmap, and how often each went unanswered."""

    def __init__(self, count: int, tries: dict[str, int], digressions: int = 0) -> None:
        self.count = count
        self.tries = tries
        self.digressions = digressions

    @classmethod
    def of(cls, tracker: Tracker) -> Questions:
        kept = tracker.get_slot(slots.QUESTIONS) or {}
        return cls(int(kept.get("count", 0)), dict(kept.get("tries", {})), int(kept.get("digressions", 0)))

    def kept(self) -> dict[str, Any]:
        return {"count": max(self.count, 0), "tries": self.tries, "digressions": self.digressions}


def steps_aside(tracker: Tracker) -> bool:
    """Say whether another rule than the form's answers this message."""
    return checkup.is_wanted(tracker) or tracker.get_slot(slots.ASIDE) is not None


def settled_aside(tracker: Tracker) -> bool:
    """Say whether an aside changed what is known, so that the open question is chosen anew."""
    about = tracker.get_slot(slots.ASIDE_ABOUT) or {}
    return about.get("kind") in ("go_on", "started", "same", "back", "progress")


def to_put_right(tracker: Tracker) -> str | None:
    """The fact that was just taken back, to be asked anew."""
    about = tracker.get_slot(slots.ASIDE_ABOUT) or {}
    fact = about.get("fact") if about.get("kind") == "ask" else None
    return str(fact) if fact in ("needs", *FACTS) else None


def was_answered(tracker: Tracker, asked: str) -> bool:
    """Say whether the open question was settled by the last message."""
    if asked == "needs":
        return bool(slots.needs(tracker))
    return slots.set_since_spoken(tracker).get(asked) is not None


def declined(tracker: Tracker, asked: str) -> bool:
    """Say whether the last message declined to answer, or said that the answer is not known."""
    wishes = tracker.get_slot(slots.WISHES) or {}
    return bool(
        slots.act(tracker) == "deny"
        or wishes.get("does_not_know")
        or asked in (slots.set_since_spoken(tracker).get(slots.REFUSED) or ())
    )


def is_digression(tracker: Tracker, asked: str) -> bool:
    """Say whether the last message is about something other than the open question."""
    if slots.act(tracker) in ANSWERS or declined(tracker, asked):
        return False
    if asked == "needs":
        return True
    return not (was_answered(tracker, asked) and len(slots.text(tracker).split()) <= AN_ANSWER)


def only_replanning(tracker: Tracker) -> bool:
    """Say whether a roadmap was shown and the message only changes the way there: then no more questions."""
    shown = bool(slots.listed(tracker, slots.SHOWN))
    return shown and slots.asked(tracker) is None and slots.act(tracker) != "describe_need"


def no_is_the_answer(asked: str) -> bool:
    """“No” to these questions is an answer, not a refusal."""
    return asked in ("deadline", "refuses", "done", "subsidy_received")
