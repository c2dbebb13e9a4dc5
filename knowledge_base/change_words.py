"""The sentences that tell what changed in a roadmap: from records and told facts alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from knowledge_base import labels
from knowledge_base.windows import day_words

NOTHING = "Nothing has changed: the steps stay as they were."

Step = Mapping[str, Any]


def listed(names: Iterable[str]) -> str:
    return labels.joined(dict.fromkeys(names))


def done(name: str) -> str:
    return f"{name} is done, and counts for what comes after it."


def noted_done(name: str) -> str:
    return f"{name} is noted as done; it was no step here, and counts wherever it is asked for first."


def noted_out(name: str, because: str) -> str:
    why = "they turned you down" if because == "turned_down" else "you would rather not do it"
    return f"{name} was no step here; it stays out, as {why}."


def left(name: str, reason: str) -> str:
    return f"{name} is left out: {reason}."


def if_done(reason: str) -> str:
    return f"{reason}; if you did it in time, tell us and it counts as done"


def only_for(names: Sequence[str]) -> str:
    one = len(set(names)) == 1
    return f"it was there only for {listed(names)}, which {'is' if one else 'are'} no step any more"


def new(name: str, reason: str) -> str:
    return f"{name} is new: {reason}."


def takes_place(name: str, before: str) -> str:
    return f"The reserve {name} takes the place of {before}."


def comes_first(names: Sequence[str]) -> str:
    return f"{listed(names)} {'asks' if len(set(names)) == 1 else 'ask'} for it first"


def asked_too(needs: Iterable[str]) -> str:
    return f"you ask about {labels.joined(labels.needs(needs))} as well"


def allowed_again(kind: str) -> str:
    return f"you no longer rule out {labels.joined(labels.plural([kind]))}"


def opened_by(names: Sequence[str]) -> str:
    return f"you have done {listed(names)}, which it asks for first"


def fills_gap(needs: Iterable[str]) -> str:
    return f"it is for {labels.joined(labels.needs(needs))}, which nothing covered before"


def records_changed(since: date) -> str:
    return f"the records have changed since {day_words(since)}"


def as_of(on: date) -> str:
    return f"that is how things stand on {day_words(on)}"


def starts_now(starts: date, was: date, reason: str) -> str:
    sooner = "already" if starts < was else "only"
    return f"can start {sooner} on {day_words(starts)}, not on {day_words(was)}: {reason}"


def other_phase(step: Step, starts: date | None) -> str:
    phase = f"stands under “{labels.phase(str(step['phase']))}” now, beside the other steps"
    return f"{phase}, and can start on {day_words(starts)}" if starts else phase


def moved(name: str, reason: str) -> str:
    return f"{name} {reason}."


def differences(old: Step, new: Step) -> list[str]:
    """What a step says otherwise than before: its cost, money, days, and what to have or to check."""
    found = []
    if old.get("name") != new["name"]:
        found.append(f"it was called {old.get('name')}")
    if old.get("cost") != new["cost"]:
        found.append(f"it costs: {new['cost']} (before: {old.get('cost')})")
    paid, was = _paid(new.get("funding")), _paid(old.get("funding"))
    if paid != was:
        found.append(f"it brings: {paid or 'no sum that is recorded'} (before: {was or 'none recorded'})")
    if old.get("apply_by") != new["apply_by"]:
        found.append(_apply_by(old.get("apply_by"), new["apply_by"]))
    for field, label in (("to_check", "to check with them"), ("prepare", "to have ready")):
        found += _listed(label, old.get(field) or (), new.get(field) or ())
    return found


def verdict(step: Step) -> str:
    if step["verdict"] == "likely":
        return "you are likely to fit it now"
    return f"it is not sure that you fit: {'; '.join(step['unsure'][:2])}"


def open_now(step: Step) -> str:
    return f"still open about it: {'; '.join(step['unsure'][:3])}"


def altered(name: str, parts: Sequence[str], because: str) -> str:
    why = "its record changed" if because == "record" else "after what you told us"
    return f"{name} stays, but {why}: {'; '.join(parts)}."


def reserve(step: str, name: str | None, reason: str) -> str:
    if name is None:
        return f"There is no reserve for {step} any more: {reason}."
    return f"Should {step} fall through, turn to {name}: {reason}."


def gap_opened(gap: Mapping[str, Any], asked: bool) -> str:
    need = labels.need(str(gap["need"]))
    return f"There is no step for {need}{'' if asked else ' any more'}: {_inner(gap)}."


def gap_changed(gap: Mapping[str, Any]) -> str:
    return f"There is still no step for {labels.need(str(gap['need']))}, for another reason: {_inner(gap)}."


def gap_closed(need: str, by: Sequence[str]) -> str:
    steps = f" by {listed(by[:2])}" if by else ""
    return f"{_sentence(labels.need(need))}: covered now{steps}, where nothing was before."


def funding(told: Mapping[str, Any], because: str) -> str:
    words = str(told.get("words") or "who pays is not known").rstrip(".")
    known = {"steps": "with these steps", "cost": "for what it costs now"}
    why = known.get(because, "as the records changed")
    return f"The money adds up otherwise {why}: {words}."


def _paid(payment: Any) -> str:
    return str(payment.get("words") or "") if isinstance(payment, Mapping) else ""


def _apply_by(old: Any, new: Any) -> str:
    if new is None:
        return f"no last day is known (before: {_day(old)})"
    return f"apply by {_day(new)}" + (f" (before: {_day(old)})" if old else " (no day was known)")


def _listed(label: str, old: Sequence[str], new: Sequence[str]) -> list[str]:
    added, gone = [each for each in new if each not in old], [each for each in old if each not in new]
    found = [f"{label}: {'; '.join(added)}"] if added else []
    return [*found, f"not {label} any more: {'; '.join(gone)}"] if gone else found


def _day(value: Any) -> str:
    try:
        return day_words(date.fromisoformat(str(value)))
    except ValueError:
        return "not known"


def _inner(gap: Mapping[str, Any]) -> str:
    words = str(gap.get("words") or gap.get("reason") or "nothing is known").rstrip(".")
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
