"""Tell what differs between a roadmap and the one planned after it, and why: each difference once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from knowledge_base import change_words as words
from knowledge_base.asked import offers_in, steps_of
from knowledge_base.barred import Bars
from knowledge_base.making import make
from knowledge_base.windows import usable

Document = Mapping[str, Any]
Steps = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs.

    ``kind`` is done, noted (told of an offer that was no step), left, new, reserve (it takes the place of a
    step that left), moved, altered, reserve_changed, gap_opened, gap_closed, gap_changed or funding;
    ``offer`` the offer it is about, None for a gap and for funding; ``words`` a sentence that says it with
    its reason, and ``because`` that reason as a code.
    """

    kind: str
    offer: str | None
    words: str
    because: str


def changes(before: Document, after: Document, bars: Bars) -> tuple[Change, ...]:
    """List what changed from one roadmap document to the next, in the order an owner wants to hear it."""
    return tuple(_Comparison(before, after, bars).all())


class _Comparison:
    def __init__(self, before: Document, after: Document, bars: Bars) -> None:
        self.before, self.after, self.bars = before, after, bars
        self.old: Steps = {str(step["offer"]): step for step in steps_of(before)}
        self.new: Steps = {str(step["offer"]): step for step in steps_of(after)}
        self.left = [id for id in self.old if id not in self.new]
        self.fresh = [id for id in self.new if id not in self.old]

    def all(self) -> Iterator[Change]:
        yield from self.told()
        yield from (self.step_left(id) for id in self.left if not self.is_done(id))
        yield from (self.step_new(id) for id in self.fresh)
        for id in self.new:
            if id in self.old:
                yield from self.step_stays(self.old[id], self.new[id])
        yield from self.gaps()
        yield from self.funding()

    def name(self, id: str) -> str:
        known = self.old.get(id) or self.new.get(id)
        return str(known["name"]) if known else self.bars.name(id)

    def is_done(self, id: str) -> bool:
        return id in self.bars.now.profile.done

    def told(self) -> Iterator[Change]:
        """Steps done, and what was told of offers that were no steps."""
        before, now = self.bars.before, self.bars.now
        for id in self.old:
            if self.is_done(id) and id not in self.new:
                yield Change("done", id, words.done(self.name(id)), "done")
        for id in now.profile.done:
            if id not in before.profile.done and id not in self.old and id in self.bars.view.catalogue.offers:
                yield Change("noted", id, words.noted_done(self.name(id)), "done")
        for because, old, new in (
            ("turned_down", before.turned_down, now.turned_down),
            ("skipped", before.skipped, now.skipped),
        ):
            for id in new:
                if id not in old and id not in self.old:
                    yield Change("noted", id, words.noted_out(self.name(id), because), because)

    def step_left(self, id: str) -> Change:
        because, reason = self.why_left(id)
        return Change("left", id, words.left(self.name(id), reason), because)

    def why_left(self, id: str) -> tuple[str, str]:
        bar = self.bars.bar(id)
        if bar is not None:
            missed = bar.because == "closed" and not self.was_closed(id)
            return bar.because, words.if_done(bar.words) if missed else bar.words
        offer = self.bars.view.catalogue.offers[id]
        clash = next((each for each in self.new if self.exclude(id, each)), None)
        if clash is not None:
            return "excluded", f"it cannot go together with {self.name(clash)}"
        old = self.old[id]
        own = [need for need in self.bars.now.needs if need in offer.needs]
        if not own:
            led = [str(each["offer"]) for each in self.old.values() if id in (each.get("requires") or ())]
            gone = [self.name(each) for each in led if each not in self.new]
            if gone:
                return "not_needed", words.only_for(gone)
            return "record", "its record no longer names what you asked about"
        needs = {*own, *(old.get("needs") or ())}
        better = self.serving(self.fresh, needs, str(old.get("phase")))
        if better:
            return "better", f"{self.name(better[0])} serves better now"
        others = self.serving(list(self.new), needs, str(old.get("phase")))
        if others:
            return "covered", f"{self.name(others[0])} covers what it was for"
        return "no_room", "there is no room for it beside the other steps"

    def was_closed(self, id: str) -> bool:
        """Say whether the record of an offer has it closed already on the day the roadmap was made for."""
        offer = self.bars.record(id)
        return offer is not None and usable(offer.window, self.bars.before.on).closed

    def exclude(self, one: str, other: str) -> bool:
        offers = self.bars.view.catalogue.offers
        return any(a in offers and b in offers[a].excludes for a, b in ((one, other), (other, one)))

    def serving(self, ids: Sequence[str], needs: set[str], phase: str) -> list[str]:
        """Steps for some of these needs; those of the same phase first."""
        found = [id for id in ids if needs & set(self.new[id]["needs"])]
        return sorted(found, key=lambda id: self.new[id]["phase"] != phase)

    def step_new(self, id: str) -> Change:
        stood_by = [old for old in self.left if self.old[old].get("reserve") == id and not self.is_done(old)]
        if stood_by:
            return Change("reserve", id, words.takes_place(self.name(id), self.name(stood_by[0])), "reserve")
        because, reason = self.why_new(id)
        return Change("new", id, words.new(self.name(id), reason), because)

    def why_new(self, id: str) -> tuple[str, str]:
        before, now = self.bars.before, self.bars.now
        step = self.new[id]
        needs = [str(need) for need in step["needs"]]
        leads = [self.name(each) for each, other in self.new.items() if id in (other.get("requires") or ())]
        if leads:
            return "required", words.comes_first(leads)
        added = [need for need in needs if need not in before.needs]
        if added:
            return "asked", words.asked_too(added)
        was = self.bars.barred_before(id)
        if was is not None and was.because == "refused_kind":
            return "allowed", words.allowed_again(str(step["kind"]))
        if was is not None and was.because in ("record", "facts"):
            return "facts", "you fit it after what you told us"
        done = [each for each in step.get("requires") or () if each not in before.profile.done]
        if any(each in now.profile.done for each in done):
            return "opened", words.opened_by([self.name(each) for each in done])
        gaps = {str(gap["need"]) for gap in self.before.get("gaps") or ()}
        if gaps & set(needs):
            return "gap", words.fills_gap([need for need in needs if need in gaps])
        place = self.stands_for(step)
        if place is not None and self.is_done(place):
            return "opened", f"it comes next, now that {self.name(place)} is done"
        if place is not None:
            return "instead", f"it comes instead of {self.name(place)}"
        if id in self.on_new_records:
            return "record", words.records_changed(before.on)
        return self.trigger()

    def stands_for(self, step: Mapping[str, Any]) -> str | None:
        """The step that left whose place a new one most likely takes: of its needs, kind and phase."""
        needs = set(step["needs"])

        def unlike(id: str) -> tuple[int, int, int]:
            old = self.old[id]
            shared = len(needs & set(old.get("needs") or ()))
            return int(old.get("kind") != step["kind"]), int(old.get("phase") != step["phase"]), -shared

        served = [id for id in self.left if needs & set(self.old[id].get("needs") or ())]
        return min(served, key=unlike, default=None)

    @cached_property
    def on_new_records(self) -> frozenset[str]:
        """The steps that the records of now give for what was asked before: what comes of records alone."""
        made = make(self.bars.view, self.bars.before, kept=offers_in(self.before))
        return frozenset(step.offer for step in made.steps)

    def trigger(self) -> tuple[str, str]:
        """The first thing that differs in what the roadmap is made from."""
        before, now = self.bars.before, self.bars.now
        if set(before.profile.done) != set(now.profile.done):
            return "opened", "it is next after what you have done"
        if before.out != now.out or before.profile.refuses != now.profile.refuses:
            return "instead", "it fits better among what is left"
        if before.profile != now.profile:
            return "facts", "it fits better after what you told us"
        if before.prefer != now.prefer or before.near != now.near:
            return "asked", "it is nearer to what you asked for"
        if before.on != now.on:
            return "date", words.as_of(now.on)
        return "better", "it fits best as things stand now"

    def step_stays(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
        """What differs about a step that is still one: its time or phase, its record, its reserve."""
        id, name = str(new["offer"]), str(new["name"])
        moved = self.moved(old, new)
        if moved:
            yield Change("moved", id, words.moved(name, moved[1]), moved[0])
        facts: list[str] = []
        record = words.differences(old, new)
        if old.get("verdict") != new["verdict"]:
            known = self.bars.assessed(id, self.bars.then)
            same = known is not None and known.verdict == old.get("verdict")
            (facts if same else record).append(words.verdict(new))
        elif list(old.get("unsure") or ()) != list(new["unsure"]):
            known = self.bars.assessed(id, self.bars.then)
            same = known is not None and len(known.unknown) == len(old.get("unsure") or ())
            (facts if same else record).append(words.open_now(new))
        if record:
            yield Change("altered", id, words.altered(name, record, "record"), "record")
        if facts:
            yield Change("altered", id, words.altered(name, facts, "facts"), "facts")
        if old.get("reserve") != new["reserve"]:
            yield self.reserve(id, old.get("reserve"), new["reserve"])

    def moved(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, str] | None:
        """How a step moved in time or phase, beyond what every day that passes moves."""
        starts, was = _day(new.get("starts")), _day(old.get("starts"))
        days = self.bars.now.on.toordinal() - self.bars.before.on.toordinal()
        shift = starts.toordinal() - was.toordinal() if starts and was else 0
        if old.get("phase") and old["phase"] != new["phase"]:
            return "steps", words.other_phase(new, starts if shift not in (0, days) else None)
        if starts is None or was is None or shift in (0, days):
            return None
        offer = self.bars.record(str(new["offer"]))
        if offer is not None and usable(offer.window, starts).words != old.get("window") and shift != 0:
            window = usable(offer.window, self.bars.before.on)
            if window.starts is not None and window.starts != was and window.starts == starts:
                return "record", words.starts_now(starts, was, "its record has other days")
        first = [str(each) for each in new.get("requires") or ()]
        done = [self.name(each) for each in first if self.is_done(each) and each in self.old]
        if done and starts < was:
            return "opened", words.starts_now(starts, was, words.opened_by(done))
        wait = [each for each in first if each in self.new and _day(self.new[each]["ends"]) == starts]
        if wait:
            return "required", words.starts_now(
                starts, was, f"{words.listed(map(self.name, wait))} comes first"
            )
        return "date", words.starts_now(starts, was, words.as_of(self.bars.now.on))

    def reserve(self, id: str, old: Any, new: Any) -> Change:
        old, new = str(old) if old else None, str(new) if new else None
        bar = self.bars.bar(old) if old else None
        if old and old in self.new:
            because, reason = "step", f"{self.name(old)} is a step itself now"
        elif bar is not None:
            because, reason = bar.because, f"{self.name(str(old))} is out: {bar.words}"
        else:
            because, reason = "steps", "the steps around it changed" if self.left or self.fresh else ""
            if not reason:
                because, reason = "better", "that suits better now" if new and old else "as things stand now"
        sentence = words.reserve(self.name(id), self.name(new) if new else None, reason)
        return Change("reserve_changed", id, sentence, because)

    def gaps(self) -> Iterator[Change]:
        old = {str(gap["need"]): gap for gap in self.before.get("gaps") or ()}
        new = {str(gap["need"]): gap for gap in self.after["gaps"]}
        for need, gap in new.items():
            if need not in old:
                asked = need not in self.bars.before.needs
                yield Change(
                    "gap_opened", None, words.gap_opened(gap, asked), "asked" if asked else gap["reason"]
                )
            elif old[need].get("reason") != gap["reason"]:
                yield Change("gap_changed", None, words.gap_changed(gap), gap["reason"])
        for need in old:
            if need not in new:
                by = [step["name"] for step in self.new.values() if need in self.own_needs(step)]
                yield Change("gap_closed", None, words.gap_closed(need, by), "step")

    def own_needs(self, step: Mapping[str, Any]) -> tuple[str, ...]:
        offer = self.bars.record(str(step["offer"]))
        return offer.needs if offer else ()

    def funding(self) -> Iterator[Change]:
        old, new = self.before.get("funding") or {}, self.after.get("funding") or {}
        parts = ("cost", "own_money", "to_carry")
        if all(old.get(part) == new.get(part) for part in parts) and old.get("words") == new.get("words"):
            return
        because = "steps" if self.left or self.fresh else "record"
        if old.get("cost") != new.get("cost"):
            because = "cost"
        yield Change("funding", None, words.funding(new, because), because)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
