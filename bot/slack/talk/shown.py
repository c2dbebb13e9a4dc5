"""What a form showed when it was opened: sent off later, it undoes nothing that colleagues did meanwhile."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bot.slack.blocks.modals import NEEDS_FIELD, NOTE_FIELD, read_needs
from bot.slack.blocks.profile_form import CLEARED, LISTS, REFUSED, VALUE, chosen_all, read_profile, typed
from bot.slack.blocks.text import Block, plain
from bot.slack.talk.saying import kept_in
from knowledge_base import labels
from knowledge_base.brokers.records import Client
from knowledge_base.profile import BadProfile, dump_profile, parse_profile
from knowledge_base.words import FACTS

SHOWN = "shown"
ORDERED = (NEEDS_FIELD,)  # the first is the most important
MEANWHILE = "A colleague changed this meanwhile{now}. Close the form and open it again to change that."
EITHER_MEANWHILE = MEANWHILE.replace("A colleague", "A colleague or the client")  # of what both can tell

Marks = Mapping[str, str]


def with_shown(view: Block) -> Block:
    """Return a form that carries, beside what it carries, a short mark of what each field shows."""
    marks = " ".join(f"{block}={mark}" for block, mark in marks_of(view).items())
    return {**view, "private_metadata": json.dumps({**kept_in(view["private_metadata"]), SHOWN: marks})}


def shown_before(kept: Mapping[str, str], now: Marks) -> Marks:
    """Read what a form carried; where that is nothing, it counts as opened ``now``."""
    told = dict(part.split("=", 1) for part in kept.get(SHOWN, "").split() if "=" in part)
    return {**now, **told}


def marks_of(view: Block) -> dict[str, str]:
    """Mark what each field of a form shows."""
    fields = [block for block in view["blocks"] if block.get("type") == "input"]
    return {each["block_id"]: _mark(each["block_id"], each["element"], "initial_") for each in fields}


def marks_sent(state: Mapping[str, Any]) -> dict[str, str]:
    """Mark what was sent in each field; what cannot be read as a field was not sent."""
    values = state.get("values")
    found = {}
    for block, actions in values.items() if isinstance(values, Mapping) else ():
        given = actions.get(VALUE) if isinstance(actions, Mapping) else None
        if isinstance(given, Mapping):
            found[str(block)] = _mark(str(block), given, "selected_")
    return found


def merged_facts(
    client: Client, state: Mapping[str, Any], view: Block, kept: Mapping[str, str], currency: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Take the facts that were changed in a form into those known now; faults in plain words by field.

    ``view`` is the form as it would be shown now; ``kept`` is what the one that was sent carried.
    """
    now, sent = marks_of(view), marks_sent(state)
    shown = shown_before(kept, now)
    touched = {block for block, mark in sent.items() if mark != shown.get(block, _NOTHING)}
    moved = {block for block in (*FACTS, REFUSED) if now.get(block) != shown.get(block)}
    told, faults = read_profile(state, currency)
    cleared = set(chosen_all(state, CLEARED))
    profile = {fact: value for fact, value in client.profile.items() if fact != REFUSED}
    refused = list(client.profile.get(REFUSED) or ())
    errors = {}
    if REFUSED in touched:
        wanted = list(told.get(REFUSED) or ())
        lost = [fact for fact in wanted if fact not in refused and fact in moved and fact in profile]
        if (REFUSED in moved and set(wanted) != set(refused)) or lost:
            errors[REFUSED] = EITHER_MEANWHILE.format(now=_words(profile, lost))
        refused = wanted
    for fact in FACTS:
        if fact not in cleared and fact not in touched:
            continue
        value = None if fact in cleared else told.get(fact)
        if fact in faults and fact not in cleared:
            errors[fact] = faults[fact]
        elif fact in moved and not _same(fact, value, profile.get(fact)):
            errors[fact] = EITHER_MEANWHILE.format(now=_words(profile, [fact]))
        elif value is None:
            profile.pop(fact, None)
        else:
            profile[fact] = value
    left = [fact for fact in refused if fact not in cleared]
    profile = {fact: value for fact, value in profile.items() if fact not in left}
    return {**profile, REFUSED: left} if left else profile, errors


def merged_needs(
    client: Client, state: Mapping[str, Any], view: Block, kept: Mapping[str, str]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Take the needs chosen in a form, or those there are now where none was chosen anew; and faults."""
    needs, errors = read_needs(state)
    if errors:
        return needs, errors
    touched, moved = _overtaken(NEEDS_FIELD, state, view, kept)
    if not touched:
        return client.needs or needs, {}
    if moved and needs != client.needs:
        now = f": it is {labels.joined(labels.needs(client.needs))} now"
        return client.needs, {NEEDS_FIELD: EITHER_MEANWHILE.format(now=now)}
    return needs, {}


def merged_note(
    client: Client, state: Mapping[str, Any], view: Block, kept: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """Take the note written in a form, or what stands there now where nothing was changed; and faults."""
    return merged_words(NOTE_FIELD, client.note, state, view, kept)


def merged_words(
    field: str,
    known: str,
    state: Mapping[str, Any],
    view: Block,
    kept: Mapping[str, str],
    now: str = "",
) -> tuple[str, dict[str, str]]:
    """Take what was written in a field of a form, or what is ``known`` where nothing was changed; and faults.

    ``now`` is what a fault says of the words there are now.
    """
    words = typed(state, field, lines=True)
    touched, moved = _overtaken(field, state, view, kept)
    if not touched:
        return known, {}
    if moved and words != known:
        return known, {field: MEANWHILE.format(now=now)}
    return words, {}


def _overtaken(
    field: str, state: Mapping[str, Any], view: Block, kept: Mapping[str, str]
) -> tuple[bool, bool]:
    """Whether a field was changed in the form, and whether what it showed was changed meanwhile."""
    now = marks_of(view)
    shown = shown_before(kept, now)
    sent = marks_sent(state).get(field, shown.get(field))
    return sent != shown.get(field), now.get(field) != shown.get(field)


def _same(fact: str, one: Any, other: Any) -> bool:
    if fact in LISTS:
        return set(one or ()) == set(other or ())
    return bool(_plainly(fact, one) == _plainly(fact, other))


def _plainly(fact: str, value: Any) -> Any:
    try:
        return dump_profile(parse_profile({fact: value})).get(fact) if value is not None else None
    except BadProfile:
        return value


def _words(profile: Mapping[str, Any], facts: list[str]) -> str:
    """Say what some facts are now."""
    known = {fact: profile[fact] for fact in facts if fact in profile}
    return f" ({' '.join(labels.told(known))})" if known else ""


def _mark(block: str, given: Mapping[str, Any], prefix: str) -> str:
    """Mark what a field holds: an element's beginning with ``initial_``, or its state."""
    text = given.get("initial_value" if prefix == "initial_" else "value")
    one, several = given.get(f"{prefix}option"), given.get(f"{prefix}options")
    options = [one, *(several if isinstance(several, list) else ())]
    chosen = [str(each.get("value")) for each in options if isinstance(each, Mapping)]
    held = [plain(text, lines=True), str(given.get(f"{prefix}date") or "")]
    held += chosen if block in ORDERED else sorted(chosen)
    return hashlib.sha256(json.dumps(held).encode("utf-8", "surrogatepass")).hexdigest()[:8]


_NOTHING = _mark("", {}, "initial_")
