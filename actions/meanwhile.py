"""What an adviser or the roadmap's page told of a business meanwhile; the owner's words undo none of it.

The saved roadmap leads, but for what the owner told since it was planned here last.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions import broker, slots
from knowledge_base.advice import Advice
from knowledge_base.known import Known, facts_onto, needs_onto, read_known
from knowledge_base.plans import Plan
from knowledge_base.profile import dump_profile
from knowledge_base.words import FACTS

Events = list[dict[str, Any]]


def known(tracker: Tracker) -> Known | None:
    """What the roadmap held when it was planned here last; None where there is none."""
    return read_known(tracker.get_slot(slots.PLANNED))


def take(advice: Advice, tracker: Tracker) -> Events:
    """Fill the slots with what others told since, in the tracker at hand too, and return what changed.

    The last event names the role: what stands before it was not said in this message.
    """
    before, roadmap = known(tracker), tracker.get_slot(slots.ROADMAP)
    if before is None or not isinstance(roadmap, str):
        return []
    saved = advice.roadmaps.get(roadmap, datetime.now(timezone.utc))
    if saved is None or before == (now := Known(saved.needs, saved.profile)):
        return []
    mine = Known(slots.needs(tracker), dump_profile(slots.profile(tracker)))
    both = Known(
        needs_onto(before.needs, mine.needs, now.needs),
        facts_onto(before.profile, mine.profile, now.profile),
    )
    changed = {**_changed(mine, both), slots.PLANNED: now.dumped(), slots.ROLE: tracker.get_slot(slots.ROLE)}
    tracker.slots.update(changed)
    return [SlotSet(name, value) for name, value in changed.items()]


def after(tracker: Tracker, plan: Plan) -> Events:
    """Note what a roadmap holds now, and take from it what was told while it was planned."""
    if broker.asks(tracker):
        return []  # the client's record leads
    now, before = read_known(plan.document), known(tracker)
    if now is None:
        return []
    changed: dict[str, Any] = {slots.PLANNED: now.dumped()}
    if before is not None and plan.before is not None:
        changed |= _changed(Known(slots.needs(tracker), dump_profile(slots.profile(tracker))), now)
    return [SlotSet(name, value) for name, value in changed.items()]


def _changed(mine: Known, both: Known) -> Mapping[str, Any]:
    """The slots that differ; an order of needs is the owner's own."""
    facts = (*FACTS, slots.REFUSED)
    changed = {
        fact: both.profile.get(fact) for fact in facts if both.profile.get(fact) != mine.profile.get(fact)
    }
    same = {*mine.needs} == {*both.needs}
    return changed if same else {**changed, slots.NEEDS_SLOT: list(both.needs)}
