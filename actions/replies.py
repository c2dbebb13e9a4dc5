"""Hand the core's facts to replies by name; the sentences themselves live in data/."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import broker, slots
from knowledge_base import labels
from knowledge_base.advice import Advice, OfferCard, Plan
from knowledge_base.assurance import NOT_YET
from knowledge_base.doors import Door
from knowledge_base.profile import Profile
from knowledge_base.recap import said_back, wanted
from knowledge_base.windows import as_written

MOST_LINES = 8


def say_contact(dispatcher: CollectingDispatcher, advice: Advice) -> None:
    """Say how to reach the hub, from its settings alone."""
    who = advice.hub.contact
    ways = [way for way in (who.phone, who.email, who.url) if way] if who else []
    if who and ways:
        dispatcher.utter_message(response="utter_contact_known", name=who.name, ways=", ".join(ways))
    else:
        dispatcher.utter_message(response="utter_contact_missing", name=who.name if who else advice.hub.name)


def note_changes(dispatcher: CollectingDispatcher, tracker: Tracker, advice: Advice) -> None:
    """Say back what a message changed about the way, and answer for offers named in passing."""
    wishes = tracker.get_slot(slots.WISHES) or {}
    if slots.act(tracker) == "refine":
        if wishes.get("refuses_now"):
            dispatcher.utter_message(
                response="utter_refined_refuses",
                kinds=labels.joined(labels.plural(wishes["refuses_now"])),
            )
        for wish in ("cheaper", "sooner", "online_only"):
            if wishes.get(wish):
                dispatcher.utter_message(response=f"utter_refined_{wish.removesuffix('_only')}")
    for old, new in wishes.get("corrected") or ():
        dispatcher.utter_message(response="utter_corrected", old=old, new=new)
    if wishes.get("allows"):
        dispatcher.utter_message(
            response="utter_refined_allows", kinds=labels.joined(labels.plural(wishes["allows"]))
        )
    if slots.act(tracker) in ("describe_need", "give_profile", "change_profile"):
        for offer_id in slots.listed(tracker, slots.MENTIONED)[:2]:
            card = advice.card(
                offer_id, slots.profile(tracker), on=slots.today(tracker), audience=broker.audience(tracker)
            )
            if card:
                for_offer(dispatcher, card)


def understood(tracker: Tracker) -> str:
    """What was understood so far, in one line; empty while nothing was."""
    told = said_back(slots.profile(tracker)).values()
    needs = wanted(slots.needs(tracker))
    wants = f"it wants {of_it(needs)}" if broker.asks(tracker) else f"you want {needs}"
    return "; ".join([*told, *([wants] if needs else [])])


def of_it(words: str) -> str:
    """Words for a business as they are said of one: its plans, not your plans."""
    return re.sub(r"\byour\b", "its", words)


def recap(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Say back what was understood, with a way to put it right, unless just this was said back before."""
    said, told = understood(tracker), said_back(slots.profile(tracker))
    if not told or said == tracker.get_slot(slots.RECAP):
        return []
    dispatcher.utter_message(response="utter_recap", told=said)
    return [SlotSet(slots.RECAP, said)]


def door_lines(doors: Sequence[Door]) -> str:
    """Doors, one on a line."""
    return "\n".join(f"– {door.words}" for door in doors)


def say_progress(dispatcher: CollectingDispatcher, advice: Advice, what: str, offers: Sequence[str]) -> None:
    """Say back which steps are done, said no, or are left out."""
    dispatcher.utter_message(response=f"utter_progress_{what}", names=labels.joined(advice.names(offers)))


def note_namesakes(dispatcher: CollectingDispatcher, profile: Profile, advice: Advice) -> None:
    """Say between which places of one name we cannot decide, before asking again."""
    choices = advice.namesakes(profile)
    if choices:
        dispatcher.utter_message(
            response="utter_place_ambiguous", place=profile.place, choices=" or ".join(choices)
        )


def for_offer(dispatcher: CollectingDispatcher, card: OfferCard) -> None:
    """One offer: what it is, or that it ended, who ran it, and what there is now."""
    source = {"source": card.source_words, "seen": card.age_words}
    if card.ended:
        dispatcher.utter_message(
            response="utter_offer_ended",
            name=card.name,
            provider=card.provider,
            ended=card.ended_words,
            now=card.now_words,
            json_message={"offers": [card.document]},
            buttons=[about(c.id, c.name) for c in card.instead[:2]],
            **source,
        )
        return
    dispatcher.utter_message(
        response="utter_offer",
        name=card.name,
        kind=labels.kind(card.kind),
        provider=card.provider,
        summary=card.summary,
        window=card.when_words,
        cost=card.cost_words,
        verdict=card.verdict_words,
        json_message={"offers": [card.document]},
        **source,
    )
    for reply, things in (("utter_offer_prepare", card.prepare), ("utter_offer_check", card.to_check)):
        if things:
            dispatcher.utter_message(response=reply, things="; ".join(things[:MOST_LINES]))


def for_roadmap(
    dispatcher: CollectingDispatcher, plan: Plan, advice: Advice, of_client: bool = False
) -> None:
    """The roadmap in few lines, with its page for the rest; gaps are named, never hidden.

    ``of_client`` when a broker asked, whose door has buttons of its own.
    """
    steps = plan.steps
    needs = labels.joined(labels.needs(plan.document["needs"]))
    needs = of_it(needs) if of_client else needs
    if steps:
        opening = "utter_opening_one" if len(steps) == 1 else "utter_opening_many"
        dispatcher.utter_message(response=opening, count=len(steps), needs=needs)
        dispatcher.utter_message(
            text="\n".join(step_line(number, step) for number, step in enumerate(steps, 1)),
            json_message={"roadmap": {"id": plan.id, "url": plan.url, **plan.document}},
        )
    for gap in plan.document["gaps"]:
        dispatcher.utter_message(
            response="utter_gap", need=labels.need(gap["need"]), reason=gap.get("words") or gap["reason"]
        )
    if not steps:
        dispatcher.utter_message(response="utter_no_roadmap")
        say_contact(dispatcher, advice)
        return
    dispatcher.utter_message(
        response="utter_roadmap_after",
        url=plan.url,
        buttons=[
            {"title": "Keep or share it", "payload": "/save_or_share"},
            {"title": "No loans", "payload": '/refine{"refuses": "loan"}'},
            {"title": "Talk to a person", "payload": "/talk_to_human"},
        ]
        if not of_client
        else None,
    )


def for_changes(
    dispatcher: CollectingDispatcher, plan: Plan, but: Sequence[str] = (), of_client: bool = False
) -> None:
    """What changed in a roadmap that goes on, and why; ``but`` names kinds of change said already."""
    told = [change.words for change in plan.changes if change.kind not in but]
    told = [broker.of_client(words) for words in told] if of_client else told
    if not told:
        return
    lines = [f"– {words}" for words in told[:MOST_LINES]]
    if len(told) > MOST_LINES:
        lines.append(f"– … {plan.url}")
    dispatcher.utter_message(response="utter_what_changed", changes="\n".join(lines))


def for_the_same_roadmap(dispatcher: CollectingDispatcher, plan: Plan) -> None:
    """Say that what was told changes no step, instead of saying it all again."""
    dispatcher.utter_message(
        response="utter_same_roadmap",
        count=len(plan.steps),
        names=labels.joined(step["name"] for step in plan.steps),
        url=plan.url,
        json_message={"roadmap": {"id": plan.id, "url": plan.url, "unchanged": True, **plan.document}},
    )


def _when(step: dict[str, Any]) -> str:
    """When a step can be taken: an event by its date, place and booking page."""
    edition = step.get("edition")
    if edition:
        return f"{step['window']}; book at {edition['booking']}" if edition.get("booking") else step["window"]
    return f"apply by {spoken(step['apply_by'])}" if step.get("apply_by") else step["window"]


def step_line(number: int, step: dict[str, Any]) -> str:
    """One step of the roadmap as lines of chat: what, why, cost, by when, what is unsure, and the source."""
    when = _when(step)
    source = step["source"]["url"] or step["source"]["title"] or "no page is recorded"
    dated = f", page dated {as_written(step['source_date'])}" if step.get("source_date") else ""
    seen = f", seen {spoken(step['source_checked'])}" if step["source_checked"] else ""
    checked = step.get("checked") or ("" if step["assured"] else NOT_YET)
    lines = [
        f"{number}. {step['name']} ({labels.kind(step['kind'])}, {step['provider']})",
        f"Why: {'. '.join(step['why'][-2:])}.",
        f"Cost: {step['cost']}. When: {when}.",
        *(f"Not sure yet: {words}." for words in step["unsure"][:1]),
        f"Source: {source}{dated}{seen}{f'; {checked}' if checked else ''}.",
    ]
    return "\n   ".join(lines)


def spoken(day: str) -> str:
    """An ISO date as people say it: 3 March 2027."""
    told = date.fromisoformat(day)
    return f"{told.day} {told:%B %Y}"


def about(offer_id: str, name: str) -> dict[str, str]:
    """A button that asks about one offer."""
    return {"title": name[:60], "payload": f'/ask_offer_details{{"offer": "{offer_id}"}}'}
