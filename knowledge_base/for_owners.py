"""Leave what only advisers can use out of what an owner's roadmap is made from, so that none names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from knowledge_base.asked import Asked, steps_of
from knowledge_base.happened import Happened
from knowledge_base.view import View


def not_for_reader(view: View, asked: Asked, saved: Mapping[str, Any] | None = None) -> frozenset[str]:
    """Return the offers that the reader of a roadmap cannot use and never could.

    A step of the roadmap as it was ``saved``, or one that was done, stays known though its record is for
    advisers now.
    """
    if asked.audience != "owner":
        return frozenset()
    known = {step.offer for step in asked.done_steps} | {str(step["offer"]) for step in steps_of(saved or {})}
    return view.index.for_brokers - known


def asked_by_owner(asked: Asked, out: frozenset[str]) -> Asked:
    """Return what is asked without some offers."""
    if out.isdisjoint((*asked.profile.done, *asked.out)):
        return asked
    return replace(
        asked,
        profile=replace(asked.profile, done=_without(asked.profile.done, out)),
        turned_down=_without(asked.turned_down, out),
        skipped=_without(asked.skipped, out),
    )


def told_by_owner(happened: Happened, out: frozenset[str]) -> Happened:
    """Return what happened without some offers among the facts."""
    done = happened.facts.get("done")
    if not isinstance(done, list | tuple) or out.isdisjoint(map(str, done)):
        return happened
    return replace(
        happened, facts={**happened.facts, "done": [each for each in done if str(each) not in out]}
    )


def _without(offers: tuple[str, ...], out: frozenset[str]) -> tuple[str, ...]:
    return tuple(offer for offer in offers if offer not in out)
