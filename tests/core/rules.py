"""The rules a roadmap keeps, checked as plainly as they are written.

This shares no code with what makes roadmaps: it reads the records, a profile and the roadmap alone, and
asks nobody but the map of places.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from knowledge_base.profile import Profile
from knowledge_base.records import Between, Catalogue, Criterion, NoneOf, Offer, OneOf, Within

PHASES = {
    "get_clear": {"explore", "diagnose", "plan"},
    "get_ready": {"build_capability", "collaborate"},
    "get_funded": {"fund"},
    "get_going": {"implement", "sustain"},
}
ORDER = list(PHASES)
COMPETITIVE = {"grant", "award", "equity", "voucher"}
REASONS = {"nothing open", "nothing you are likely to fit", "refused", "no room"}


class Rules:
    """Holds what the business told and the records, to check any roadmap made from them.

    ``inside`` says whether the told place lies in a set of areas, or None.
    """

    def __init__(self, catalogue: Catalogue, profile: Profile, on: date, inside: Any) -> None:
        self.offers, self.profile, self.on, self.inside = catalogue.offers, profile, on, inside
        self.known: dict[str, str] = {}

    def holds(self, criterion: Criterion) -> Any:
        """True, False, None for unknown, or "words" for what only the provider can say."""
        if criterion.any_of:
            parts = [self.holds(part) for part in criterion.any_of]
            if True in parts:
                return True
            if "words" in parts:
                return "words"
            return None if None in parts else False
        if criterion.test is None:
            return "words"
        fact, test = criterion.fact, criterion.test
        told = getattr(self.profile, fact)
        if told in (None, ()) or fact in self.profile.refused:
            return None
        if isinstance(test, Within):
            return self.inside(test.areas)
        if isinstance(test, OneOf):
            return bool(test.values & (set(told) if isinstance(told, tuple) else {told}))
        if isinstance(test, NoneOf):
            return not test.values & (set(told) if isinstance(told, tuple) else {told})
        return self.between(test, told)

    def between(self, test: Between, told: Any) -> bool | None:
        if hasattr(told, "currency") and told.currency != test.currency:
            return None
        least = Decimal(0) if told.low is None else told.low
        most = Decimal("Infinity") if told.high is None else told.high
        low = Decimal("-Infinity") if test.low is None else test.low
        high = Decimal("Infinity") if test.high is None else test.high
        if most < low or least > high:
            return False
        return True if low <= least and most <= high else None

    def verdict(self, offer: Offer) -> str:
        if offer.id not in self.known:
            found = [self.holds(criterion) for criterion in offer.criteria]
            if offer.areas:
                here = None if "place" in self.profile.refused else self.inside(frozenset(offer.areas))
                found.append(here)
            self.known[offer.id] = "unlikely" if False in found else "unsure" if None in found else "likely"
        return self.known[offer.id]

    def starts_in_window(self, offer: Offer, day: date) -> bool:
        window = offer.window
        if window.status == "closed" or (window.closes and day > window.closes):
            return False
        return not (window.status == "dated" and window.opens and day < window.opens)

    def usable(self, offer: Offer, turned_down: frozenset[str] = frozenset()) -> bool:
        return (
            offer.status == "published"
            and offer.audience == "owner"
            and offer.id not in self.done
            and offer.id not in turned_down
            and offer.kind not in self.refuses
            and self.verdict(offer) != "unlikely"
            and offer.window.status != "closed"
            and not (offer.window.closes and offer.window.closes < self.on)
        )

    @property
    def done(self) -> tuple[str, ...]:
        return () if "done" in self.profile.refused else self.profile.done

    @property
    def refuses(self) -> tuple[str, ...]:
        return () if "refuses" in self.profile.refused else self.profile.refuses

    def clash(self, one: str, other: str) -> bool:
        return one != other and (other in self.offers[one].excludes or one in self.offers[other].excludes)

    def check(
        self, document: Mapping[str, Any], needs: list[str], turned_down: frozenset[str] = frozenset()
    ) -> None:
        """Fail, naming the rule, unless a roadmap document keeps all of them."""
        steps = [step for phase in document["phases"] for step in phase["steps"]]
        ids = [step["offer"] for step in steps]
        place = {id: position for position, id in enumerate(ids)}
        assert len(place) == len(ids), "an offer is a step twice"
        for step in steps:
            offer = self.offers[step["offer"]]
            assert self.usable(offer, turned_down), f"rule 1: {offer.id}"
            assert step["verdict"] == self.verdict(offer), f"rule 1: the verdict on {offer.id}"
            for required in offer.requires:
                assert required in self.done or place.get(required, 99) < place[offer.id], (
                    f"rule 2: {offer.id}"
                )
                if required not in self.done:
                    assert step["starts"] >= steps[place[required]]["ends"], (
                        f"rule 2: {offer.id} starts too soon"
                    )
            day = date.fromisoformat(step["starts"])
            assert day >= self.on, f"rule 3: {offer.id} starts in the past"
            assert self.starts_in_window(offer, day), f"rule 3: {offer.id}"
            weeks = timedelta(weeks=offer.duration_weeks or 0)
            assert step["ends"] == (day + weeks).isoformat(), f"rule 3: {offer.id} ends"
            assert not any(self.clash(offer.id, other) for other in ids), f"rule 4: {offer.id}"
        self.check_phases(document)
        assert len(steps) <= 7, "rule 5"
        self.check_needs(document, needs, steps, turned_down)
        for step in steps:
            self.check_told(step)
            self.check_reserve(step, steps, place, turned_down)

    def check_phases(self, document: Mapping[str, Any]) -> None:
        names = [phase["phase"] for phase in document["phases"]]
        assert names == [phase for phase in ORDER if phase in names], "rule 5: phases in order"
        for phase in document["phases"]:
            assert phase["steps"], "an empty phase is shown"
            for step in phase["steps"]:
                assert step["phase"] == phase["phase"]
                offer = self.offers[step["offer"]]
                if offer.stages and not offer.requires:
                    assert PHASES[phase["phase"]] & set(offer.stages), f"rule 5: the phase of {offer.id}"

    def check_needs(
        self, document: Any, needs: list[str], steps: list[Any], turned_down: frozenset[str]
    ) -> None:
        gaps = {gap["need"]: gap for gap in document["gaps"]}
        assert document["needs"] == needs
        for need in needs:
            served = any(need in self.offers[step["offer"]].needs for step in steps)
            assert served is not (need in gaps), f"rule 6: {need}"
            if need not in gaps:
                continue
            reason = gaps[need]["reason"]
            assert reason in REASONS, f"rule 6: {reason}"
            assert gaps[need]["words"]
            offers = [o for o in self.offers.values() if need in o.needs]
            free = [o for o in offers if self.usable(o, turned_down) and set(o.requires) <= set(self.done)]
            if free:
                assert reason == "no room", f"rule 6: {need} has {free[0].id}"
                ids = [step["offer"] for step in steps]
                room = [o.id for o in free if len(ids) < 7 and not any(self.clash(o.id, id) for id in ids)]
                assert not room, f"rule 6: there is room for {room}"
        for step in steps:
            own = set(self.offers[step["offer"]].needs)
            for need in step["needs"]:
                assert need in needs, "rule 7: a need nobody asked about"
                assert need in own or any(
                    step["offer"] in self.needed_by(other["offer"])
                    and need in self.offers[other["offer"]].needs
                    for other in steps
                ), "rule 7: the needs of a step"

    def needed_by(self, id: str) -> set[str]:
        """Everything an offer requires, however far back."""
        found: set[str] = set()
        waiting = [id]
        while waiting:
            for required in self.offers[waiting.pop()].requires:
                if required not in found and required in self.offers:
                    found.add(required)
                    waiting.append(required)
        return found

    def check_told(self, step: Mapping[str, Any]) -> None:
        offer = self.offers[step["offer"]]
        assert step["needs"], "rule 7: what for"
        assert step["why"], "rule 7: why"
        assert step["cost"], "rule 7: the cost"
        assert step["window"], "rule 7: by when"
        assert step["source"]["url"] == offer.source.url, "rule 7: the source"
        assert step["prepare"] == list(offer.prepare), "rule 7: what to have ready"
        assert bool(step["unsure"]) == (step["verdict"] == "unsure"), "rule 7: what is unsure"
        expected = [c.words for c in offer.criteria if self.holds(c) == "words"]
        assert step["to_check"] == expected, "rule 7: what to check"
        if offer.window.closes:
            assert step["apply_by"] == offer.window.closes.isoformat(), "rule 7: by when"

    def check_reserve(
        self, step: Any, steps: list[Any], place: dict[str, int], turned_down: frozenset[str]
    ) -> None:
        offer = self.offers[step["offer"]]
        falls = (
            step["verdict"] == "unsure"
            or offer.kind in COMPETITIVE
            or offer.window.status in ("dated", "annual")
            or offer.window.closes is not None
        )
        options = [
            other.id
            for other in self.offers.values()
            if self.could_stand_in(other, step, steps, place, turned_down)
        ]
        if step["reserve"] is None:
            assert not (falls and options), f"rule 8: {offer.id} could have {options}"
        else:
            assert step["reserve"] in options, f"rule 8: the reserve of {offer.id}"

    def could_stand_in(
        self, other: Offer, step: Any, steps: list[Any], place: dict[str, int], turned_down: frozenset[str]
    ) -> bool:
        ids = set(place)
        if (
            other.id in ids
            or not set(other.needs) & set(step["needs"])
            or not self.usable(other, turned_down)
        ):
            return False
        if any(step["offer"] in self.offers[id].requires for id in ids):
            return False
        if any(self.clash(other.id, id) for id in ids - {step["offer"]}):
            return False
        day = self.on
        for required in other.requires:
            if required in self.done:
                continue
            if place.get(required, 99) >= place[step["offer"]]:
                return False
            day = max(day, date.fromisoformat(steps[place[required]]["ends"]))
        opens = other.window.opens
        return self.starts_in_window(other, max(day, opens) if opens else day)
