"""Plan again when something happened, and tell what changed and why.

Steps done stay done: they are kept by name, never advised again, and count for what requires them. The same
happenings told twice change nothing the second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from knowledge_base.asked import Asked, dump_done, offers_in, steps_of
from knowledge_base.barred import Bars
from knowledge_base.change_words import NOTHING
from knowledge_base.changes import Change, changes
from knowledge_base.documents import roadmap_document
from knowledge_base.for_owners import asked_by_owner, not_for_reader, told_by_owner
from knowledge_base.happened import BadProgress, Happened, asked_after, told_since
from knowledge_base.making import make
from knowledge_base.roadmap.shapes import Roadmap
from knowledge_base.view import View
from knowledge_base.windows import usable

__all__ = ["BadProgress", "Change", "Happened", "Replanned", "names", "overdue", "replan", "told_since"]


@dataclass(frozen=True)
class Replanned:
    """The new roadmap, what it was made from, and each thing that changed; none when nothing did."""

    roadmap: Roadmap
    asked: Asked
    changes: tuple[Change, ...]
    stays: tuple[str, ...]
    document: dict[str, Any]

    @property
    def said(self) -> tuple[str, ...]:
        """What changed as sentences; one that says so when nothing did."""
        return tuple(change.words for change in self.changes) or (NOTHING,)


def replan(view: View, saved: Mapping[str, Any], asked: Asked, happened: Happened, on: date) -> Replanned:
    """Plan a saved roadmap again on a day, after what happened; records may have changed meanwhile.

    Args:
        view: the records of now.
        saved: the document of the roadmap, as it was shown last.
        asked: what it was made from.
        on: the day; one before the roadmap's own counts as that.

    Returns:
        Its ``document`` has the shape of a roadmap's, with ``done_steps``, ``turned_down``, ``skipped``,
        ``changes`` and ``changed_on``, the day of these changes.

    Raises:
        BadProgress: an offer, a kind or a need that is told of is not one we know.
        BadProfile: a fact that is told cannot be read.
    """
    out = not_for_reader(view, asked, saved)
    asked, happened = asked_by_owner(asked, out), told_by_owner(happened, out)
    now = asked_after(asked, happened, on, names(view, saved, asked))
    roadmap = make(view, now, kept=offers_in(saved))
    document = roadmap_document(roadmap)
    found = changes(saved, document, Bars(view, asked, now, frozenset(offers_in(saved))))
    steps = {step.offer for step in roadmap.steps}
    return Replanned(
        roadmap,
        now,
        found,
        tuple(str(step["offer"]) for step in steps_of(saved) if step["offer"] in steps),
        {
            **document,
            "done_steps": dump_done(now.done_steps),
            "turned_down": list(now.turned_down),
            "skipped": list(now.skipped),
            "changes": [dump_change(change) for change in found],
            "changed_on": now.on.isoformat(),
        },
    )


def dump_change(change: Change) -> dict[str, Any]:
    """Write one change as plain JSON values."""
    return {
        "kind": change.kind,
        "offer": change.offer,
        "words": change.words,
        "because": change.because,
    }


def names(view: View, saved: Mapping[str, Any], asked: Asked) -> dict[str, str]:
    """Name every offer that may be told of: those there are for its reader, and those it has known."""
    known = dict.fromkeys([*asked.profile.done, *asked.out])
    known |= {str(step["reserve"]): None for step in steps_of(saved) if step.get("reserve")}
    found = {id: id for id in known}
    found |= {step.offer: step.name for step in asked.done_steps}
    found |= {offer.id: offer.name for offer in view.catalogue.offers.values()}
    found |= {str(step["offer"]): str(step["name"]) for step in steps_of(saved)}
    out = not_for_reader(view, asked, saved)
    return {id: name for id, name in found.items() if id not in out}


def overdue(view: View, saved: Mapping[str, Any], on: date) -> bool:
    """Say whether a step of a saved roadmap can no longer be reached on a day, or a reserve has closed."""
    ends: dict[str, date] = {}
    for step in steps_of(saved):
        starts, until = _day(step.get("starts")), _day(step.get("ends"))
        if starts is None or until is None:
            continue
        first = [ends[str(each)] for each in step.get("requires") or () if str(each) in ends]
        begins = max([on, starts, *first])
        apply_by = _day(step.get("apply_by"))
        if apply_by is not None and begins > apply_by:
            return True
        ends[str(step["offer"])] = _later(begins, until - starts)
        reserve = view.catalogue.offers.get(str(step.get("reserve")))
        if reserve is not None and usable(reserve.window, on).closed:
            return True
    return False


def _later(day: date, time: timedelta) -> date:
    try:
        return day + time
    except OverflowError:
        return date.max


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
