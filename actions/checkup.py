"""What a conversation knows of its check-up, and how other parts begin one, read beside it and follow it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from knowledge_base.advice import Advice, Plan
from knowledge_base.checkup import Checkup, Question, command_in, hear, is_question

FORM = "checkup_form"
PENDING = "checkup"  # the question whether to make a roadmap of it is open
ROADMAP = "roadmap"  # what a button carries, besides an answer or “start”
# Acts about something else, each with a rule that answers it and comes back.
DIGRESSIONS = (
    "ask_events", "ask_offer_details", "ask_eligibility", "compare_options", "ask_definition",
    "ask_how_it_works", "save_or_share", "complaint_feedback", "greet", "thanks", "goodbye",
    "privacy_request", "talk_to_human",
)  # fmt: skip
OUTRIGHT = ("privacy_request", "talk_to_human")  # meant as said, whatever words of an answer are in them
FEW = 3  # words
WANTING = re.compile(r"\b(need|want|looking for|look for|help with|find|get us|get me)\b", re.IGNORECASE)
CALLED = re.compile(r"\b(innovation )?(?:check ?-?up|health ?-?check|self-?assessment)\b")
HOW_INNOVATIVE = re.compile(r"\bhow innovative (?:are we|am i|we are|i am|is (?:my|our))\b")
# What may stand around its name when nothing but the check-up is asked for.
AROUND = frozenset(
    {
        *(
            "a",
            "about",
            "again",
            "alright",
            "an",
            "and",
            "back",
            "begin",
            "can",
            "carry",
            "continue",
            "could",
        ),
        *("do", "finish", "first", "go", "i", "i'd", "let's", "like", "me", "my", "now", "ok", "okay", "on"),
        *("our", "please", "resume", "right", "run", "shall", "so", "start", "take", "thanks", "that", "the"),
        *("then", "this", "through", "to", "try", "us", "want", "we", "we'd", "well", "with", "would", "yes"),
        *("yep", "you", "your"),
    }
)


@dataclass
class State:
    """A check-up under way: the answers so far, the question that is open, and what came of it.

    ``at`` is the open question; ``fresh`` says that the check-up was offered in our last words.
    """

    answers: dict[str, list[str] | None] = field(default_factory=dict)
    at: str | None = None
    unclear: int = 0
    digressions: int = 0
    stopped: bool = False
    done: bool = False
    offered: bool = False
    fresh: bool = False
    id: str | None = None
    needs: list[str] = field(default_factory=list)
    needs_before: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, tracker: Tracker) -> State:
        kept = tracker.get_slot(slots.CHECKUP)
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in kept.items() if name in known} if kept else {})

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    def question(self, checkup: Checkup) -> Question | None:
        """The open question; None when there is none."""
        return checkup.question(self.at) if self.at else None

    def next_open(self, checkup: Checkup) -> str | None:
        """The first question that was neither answered nor skipped."""
        return next((question.id for question in checkup.questions if question.id not in self.answers), None)


def is_wanted(tracker: Tracker) -> bool:
    """Say whether the last message asks for the check-up, as `noticed` found."""
    return tracker.get_slot(slots.CHECKUP_WANTED) is True


def noticed(advice: Advice, tracker: Tracker) -> list[dict[str, Any]]:
    """The slots that say whether this message asks for the check-up; an offer holds for one message."""
    state, wanted = State.of(tracker), wants(advice, tracker)
    events = [SlotSet(slots.CHECKUP_WANTED, wanted)] if wanted != is_wanted(tracker) else []
    if state.fresh and not wanted:
        state.fresh = False
        events.append(SlotSet(slots.CHECKUP, state.kept()))
    return events


def wants(advice: Advice, tracker: Tracker) -> bool:
    """Say whether a message begins the check-up, or goes on with it; in its midst it is only answered."""
    if slots.asked(tracker, FORM) is not None or (tracker.active_loop or {}).get("name") == "person_form":
        return False
    button = slots.pressed(tracker)
    if button is not None:
        return button.get("checkup", ROADMAP) != ROADMAP
    state = State.of(tracker)
    waits = slots.waiting(tracker).get("kind") == PENDING
    if (state.fresh or waits) and slots.act(tracker) == "affirm":
        return True
    if tracker.get_slot(slots.PENDING) == PENDING and state.id:
        return command_in(advice.checkups.checkup, slots.text(tracker)) == "back" or is_named(tracker)
    return is_named(tracker)


def is_named(tracker: Tracker) -> bool:
    """Say whether the last message asks for the check-up by its name."""
    said = slots.text(tracker)[:400].casefold().replace("’", "'")
    named = CALLED.search(said)
    if named is None or named[1]:
        return named is not None or HOW_INNOVATIVE.search(said) is not None
    return set(re.findall(r"[\w']+", CALLED.sub(" ", said))) <= AROUND


def takes(advice: Advice, tracker: Tracker) -> bool:
    """Say whether a message belongs to the check-up alone, so that no fact or need is read in it."""
    if wants(advice, tracker):
        return True
    question = State.of(tracker).question(advice.checkups.checkup)
    if slots.asked(tracker, FORM) is None or question is None or is_aside(advice, question, tracker):
        return False
    unclear = hear(advice.checkups.checkup, question, slots.text(tracker)).kind == "unclear"
    return not (unclear and slots.act(tracker) in ("give_profile", "change_profile"))


def is_aside(advice: Advice, question: Question, tracker: Tracker) -> bool:
    """Say whether a message in the midst of the check-up is about something else."""
    act, text, button = slots.act(tracker), slots.text(tracker), slots.pressed(tracker)
    if button is not None:
        return "checkup" not in button and act in (*DIGRESSIONS, "describe_need")
    if act in OUTRIGHT and len(text.split()) > FEW:
        return True
    if hear(advice.checkups.checkup, question, text).kind != "unclear":
        return False
    if act == "describe_need":
        return is_question(text) or WANTING.search(text) is not None
    return act in DIGRESSIONS or (act == "out_of_scope" and is_question(text))


def offered(dispatcher: CollectingDispatcher, tracker: Tracker, needs: Sequence[str]) -> list[dict[str, Any]]:
    """Offer the check-up, once, to who wants to understand innovation or says they do none."""
    state = State.of(tracker)
    if "understand_innovation" not in needs or state.offered or state.id:
        return []
    dispatcher.utter_message(response="utter_checkup_offer")
    state.offered = state.fresh = True
    return [SlotSet(slots.CHECKUP, state.kept())]


def needs_after(tracker: Tracker) -> list[str]:
    """The needs of the check-up, and those told before it for which no roadmap was shown."""
    told = () if slots.listed(tracker, slots.SHOWN) else slots.needs(tracker)
    return [*dict.fromkeys([*State.of(tracker).needs, *told])]


def roadmap_wanted(tracker: Tracker) -> list[dict[str, Any]]:
    """Go on to the roadmap that the check-up calls for."""
    return [
        SlotSet(slots.NEEDS_SLOT, needs_after(tracker)),
        SlotSet(slots.PENDING, None),
        FollowupAction("profile_form"),
    ]


def roadmap_declined(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Leave the roadmap, and want what was wanted before the check-up."""
    dispatcher.utter_message(response="utter_checkup_no_roadmap")
    return [SlotSet(slots.PENDING, None), SlotSet(slots.NEEDS_SLOT, State.of(tracker).needs_before)]


def follow_with(advice: Advice, tracker: Tracker, plan: Plan) -> list[dict[str, Any]]:
    """Note the roadmap on the page of the check-up that called for it; the question about it is settled."""
    state = State.of(tracker)
    if state.id and state.needs and set(state.needs) <= set(plan.document["needs"]):
        advice.checkups.follow_with(state.id, plan.id)
    return [SlotSet(slots.PENDING, None)] if tracker.get_slot(slots.PENDING) == PENDING else []
