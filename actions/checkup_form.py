"""The check-up, one question at a time: answered, skipped, gone back on, stopped, and taken up again."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

from actions import slots
from actions.asides import CLOSING
from actions.checkup import FORM, PENDING, ROADMAP, State, is_aside, needs_after
from actions.replies import spoken
from knowledge_base.advice import Advice
from knowledge_base.checkup import Checkup, Heard, Question, command_in, hear

TRIES = 2
DIGRESSIONS = 3  # the open question comes back so often; then it waits until it is asked for
SHORT = 3  # words: what was taken from a longer answer is said back
SKIP, STOP, BACK = "skip", "stop", "back"


class Listen(Action):
    """Hear the answer to the open question; step aside when something else was meant."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "validate_checkup_form"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        checkup, state = self.advice.checkups.checkup, State.of(tracker)
        question = state.question(checkup)
        if slots.asked(tracker, FORM) is None or question is None:
            state = self.begin(dispatcher, tracker, state)
        elif slots.came_back_from(tracker) is not None:
            state.digressions += 1
            state.stopped = state.digressions > DIGRESSIONS
        elif told_trouble(tracker) or is_aside(self.advice, question, tracker):
            raise ActionExecutionRejection(FORM)
        else:
            state.digressions = 0
            self.settle(dispatcher, tracker, state, question)
        if state.at in state.answers and not state.stopped:
            state.at = state.next_open(checkup)
        more = state.at is not None and not state.stopped
        return [
            SlotSet(slots.CHECKUP, state.kept()),
            SlotSet(slots.REQUESTED, slots.CHECKUP_ANSWER if more else None),
        ]

    def begin(self, dispatcher: CollectingDispatcher, tracker: Tracker, state: State) -> State:
        """Begin, or go on where it was stopped; “go back” opens a finished one at its last question."""
        checkup = self.advice.checkups.checkup
        back = command_in(checkup, slots.text(tracker)) == "back"
        if state.done and not back:
            state = State(offered=True, id=state.id, needs=state.needs)
        last = checkup.questions[-1].id
        if state.answers:
            dispatcher.utter_message(response="utter_checkup_go_on")
        else:
            intro = checkup.intro.replace("{count}", str(len(checkup.questions)))
            dispatcher.utter_message(response="utter_checkup_begin", intro=intro)
        if back and state.done:
            state.answers.pop(last, None)
        state.stopped = state.done = state.fresh = False
        state.unclear = state.digressions = 0
        chosen = pressed_answer(checkup, tracker)
        if chosen:
            state.answers[chosen[0].id] = list(chosen[1].options) or None
        state.at = state.next_open(checkup)
        return state

    def settle(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, state: State, question: Question
    ) -> None:
        """Take in what was said to the open question, or what a button of another one says."""
        checkup = self.advice.checkups.checkup
        chosen = pressed_answer(checkup, tracker)
        text = slots.text(tracker)
        question, heard = chosen or (question, hear(checkup, question, text))
        if slots.pressed(tracker) is not None and chosen is None:
            return  # to begin, in the midst of it: the question is asked again
        if heard.kind == "unclear":
            state.unclear += 1
            if state.unclear >= TRIES:
                dispatcher.utter_message(response="utter_checkup_left_open")
                heard = Heard("skip")
            elif question.unclear:
                dispatcher.utter_message(response="utter_checkup_which", question=question.unclear)
                return
            else:
                dispatcher.utter_message(response="utter_checkup_unclear")
                return
        state.unclear = 0
        if heard.kind == "answer":
            state.answers[question.id] = list(heard.options)
            if chosen is None and len(text.split()) > SHORT:
                titles = [option.title for option in question.options if option.id in heard.options]
                dispatcher.utter_message(response="utter_checkup_taken", answer=" + ".join(titles))
        elif heard.kind == "skip":
            state.answers[question.id] = None
        elif heard.kind == "stop":
            state.stopped = True
        elif heard.kind == "back":
            go_back(dispatcher, checkup, state, heard.to)
        else:
            dispatcher.utter_message(response="utter_checkup_help", help=question.help)


def go_back(dispatcher: CollectingDispatcher, checkup: Checkup, state: State, to: int | None) -> None:
    """Open an earlier question again: the one before, or the one whose number was said."""
    here = checkup.number(state.at or "")
    number = to if to is not None else here - 1
    if not 1 <= number <= max(here, 1):
        dispatcher.utter_message(response="utter_checkup_first" if to is None else "utter_checkup_no_such")
        return
    state.at = checkup.questions[number - 1].id
    state.answers.pop(state.at, None)


def told_trouble(tracker: Tracker) -> bool:
    """Say whether this message told of trouble, which is met first; a button says nothing of the kind."""
    about = tracker.get_slot(slots.ASIDE_ABOUT) or {}
    closing = tracker.get_slot(slots.ASIDE) == CLOSING and about.get("kind") == "trouble"
    return closing and slots.pressed(tracker) is None


def pressed_answer(checkup: Checkup, tracker: Tracker) -> tuple[Question, Heard] | None:
    """What a button of the check-up answers, and to which question; None for any other message."""
    carried = (slots.pressed(tracker) or {}).get("checkup", "")
    name, _, told = carried.partition(":")
    question = checkup.question(name)
    if question is None:
        return None
    if told in (SKIP, STOP, BACK):
        return question, Heard(told)  # type: ignore[arg-type]
    option = question.option(told)
    return (question, Heard("answer", (option.id,))) if option else None


class AskNext(Action):
    """Ask the open question, with how far along it is and a button for each answer."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_ask_checkup_answer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        checkup = self.advice.checkups.checkup
        question = State.of(tracker).question(checkup)
        if question is None:
            return []
        number = checkup.number(question.id)
        ways = [(option.title, option.id) for option in question.options]
        ways += [("Skip", SKIP), *([("Go back", BACK)] if number > 1 else []), ("Stop here", STOP)]
        dispatcher.utter_message(
            response="utter_checkup_question",
            number=number,
            count=len(checkup.questions),
            ask=question.ask,
            answers=" · ".join(f"{i} {option.title}" for i, option in enumerate(question.options, 1)),
            buttons=[
                {"title": title, "payload": f'/give_profile{{"checkup": "{question.id}:{told}"}}'}
                for title, told in ways
            ],
        )
        return []


class ShowCheckup(Action):
    """Say where the business stands and what fits, keep it, and offer the roadmap that follows."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def name(self) -> str:
        return "action_show_checkup"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        state, before = State.of(tracker), slots.needs(tracker)
        if not any(state.answers.values()):
            dispatcher.utter_message(response="utter_checkup_nothing")
            kept = SlotSet(slots.CHECKUP, State(offered=True, id=state.id, needs=state.needs).kept())
            waiting = before and not slots.listed(tracker, slots.SHOWN)
            return [kept, FollowupAction("profile_form")] if waiting else [kept]
        saved = self.advice.checkups.make(
            {question: tuple(told) if told else None for question, told in state.answers.items()},
            told_place=slots.profile(tracker).place,
            on=slots.today(tracker),
            session=tracker.sender_id,
            now=datetime.now(timezone.utc),
        )
        state.id, state.done = saved.id, not state.stopped
        state.needs, state.needs_before = [each["need"] for each in saved.document["needs"]], list(before)
        if state.stopped:
            dispatcher.utter_message(response="utter_checkup_stopped")
        say_result(dispatcher, saved.document, saved.id, self.advice.url_of_checkup(saved.id))
        told = tuple(dict.fromkeys([*state.needs, *needs_after(tracker)]))
        if slots.listed(tracker, slots.SHOWN):
            told = tuple(state.needs)
        return [
            SlotSet(slots.CHECKUP, state.kept()),
            SlotSet(slots.NEEDS_SLOT, list(told)),
            SlotSet(slots.PENDING, PENDING),
        ]


def say_result(dispatcher: CollectingDispatcher, document: dict[str, Any], id: str, url: str) -> None:
    """What came out in few lines, its page, and the question whether to make a roadmap of it."""
    dispatcher.utter_message(
        response="utter_checkup_result",
        headline=document["headline"],
        lines="\n".join(f"– {words}" for words in document["words"]),
    )
    for figure in document["figures"]:
        source = figure["source"]
        of = f"page dated {source['date']}" if source["date"] else "the page gives no date"
        dispatcher.utter_message(
            response="utter_checkup_figure",
            words=figure["words"],
            source=f"{source['url'] or source['title']}; {of}; seen {spoken(source['seen'])}",
        )
    dispatcher.utter_message(
        response="utter_checkup_fits",
        lines="\n".join(
            f"{i}. {need['name'][:1].upper()}{need['name'][1:]}. {need['because']}."
            for i, need in enumerate(document["needs"], 1)
        ),
        url=url,
        buttons=[
            {"title": "Make my roadmap", "payload": f'/describe_need{{"checkup": "{ROADMAP}"}}'},
            {"title": "Not now", "payload": "/deny"},
        ],
        json_message={"checkup": {"id": id, "url": url}},
    )
