"""What differs between two versions of a record, in words that somebody who writes records reads at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from knowledge_base.difference_words import condition_words, value_words
from knowledge_base.field_labels import in_order, label_of
from knowledge_base.records import Catalogue

PARTS = ("amount", "window", "source", "assured")
"""The fields that are made of fields."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs; ``path`` is as `BadRecord.field` writes it.

    ``before`` and ``after`` are fit to be read, "" for nothing. Of a list, ``added`` and ``removed`` are the
    members that came and went: none where only their order changed.
    """

    path: str
    label: str
    before: str
    after: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """The field of the record that this lies in, such as amount."""
        return self.path.split(".")[0].split("[")[0]


def difference(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, catalogue: Catalogue | None = None
) -> list[Change]:
    """Return what differs between two documents of one record, in the order the fields are shown.

    None stands for no record. ``catalogue`` gives areas, providers and offers their names. Any two JSON
    objects can be compared: what no record may hold is shown as it stands.
    """
    old, new = _flat(before or {}), _flat(after or {})
    changes: list[Change] = []
    for path in in_order({*old, *new}):
        was, now = old.get(path), new.get(path)
        if was == now:
            continue
        if path == "criteria" and _records(was) and _records(now):
            changes += _conditions(was or [], now or [], catalogue)
        elif path == "editions" and _records(was) and _records(now):
            changes += _editions(was or [], now or [])
        else:
            changes += _one(path, was, now, old, new, catalogue)
    return changes


def _flat(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a document by their path, without those that say nothing."""
    flat: dict[str, Any] = {}
    for name, value in document.items():
        if name in PARTS and isinstance(value, Mapping):
            flat |= {f"{name}.{part}": each for part, each in value.items()}
        elif name != "id":
            flat[str(name)] = value
    return {path: value for path, value in flat.items() if value not in (None, "", [], {})}


def _one(
    path: str,
    was: Any,
    now: Any,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    catalogue: Catalogue | None,
) -> Iterator[Change]:
    before = value_words(path, was, catalogue, old.get("amount.currency"))
    after = value_words(path, now, catalogue, new.get("amount.currency"))
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    if isinstance(was, list) or isinstance(now, list):
        olds, news = _members(was), _members(now)
        added = tuple(value_words(path, each, catalogue) for key, each in news.items() if key not in olds)
        removed = tuple(value_words(path, each, catalogue) for key, each in olds.items() if key not in news)
    yield Change(path, label_of(path), before, after, added, removed)


def _members(value: Any) -> dict[str, Any]:
    listed = value if isinstance(value, list) else [] if value is None else [value]
    return {key_of(each): each for each in listed}


def key_of(value: Any) -> str:
    """Return a text that is the same for equal JSON values, and for no others."""
    return json.dumps(value, sort_keys=True, default=str)


def _records(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(each, Mapping) for each in value))


def _conditions(
    was: list[Mapping[str, Any]], now: list[Mapping[str, Any]], catalogue: Catalogue | None
) -> Iterator[Change]:
    """Pair conditions that are equal, then by their words, then by what they test; the rest came or went."""
    old, new = dict(enumerate(was)), dict(enumerate(now))
    same = _pairs(old, new, key_of)
    by_words = _pairs(old, new, lambda each: _words(each))
    by_test = _pairs(old, new, _test)
    for i, one, other in by_words:
        label = f"Condition “{_words(other)}”"
        yield Change(
            f"criteria[{i}]", label, condition_words(one, catalogue), condition_words(other, catalogue)
        )
    for i, one, other in by_test:
        yield Change(f"criteria[{i}].words", "Condition in plain words", _words(one), _words(other))
    added = tuple(_named(each, catalogue) for each in new.values())
    removed = tuple(_named(each, catalogue) for each in old.values())
    if added or removed:
        label = label_of("criteria")
        yield Change("criteria", label, "; ".join(removed), "; ".join(added), added, removed)
    elif not by_words and not by_test and same:
        before, after = ("; ".join(_named(each, catalogue) for each in listed) for listed in (was, now))
        yield Change("criteria", "Order of the conditions", before, after)


def _pairs(
    old: dict[int, Mapping[str, Any]], new: dict[int, Mapping[str, Any]], key: Any
) -> list[tuple[int, Mapping[str, Any], Mapping[str, Any]]]:
    """Take out of both those that have the same key, which is not ""; with their place in the new list."""
    waiting: dict[str, list[int]] = {}
    for i, each in old.items():
        waiting.setdefault(key(each), []).append(i)
    found = []
    for i, each in list(new.items()):
        told = key(each)
        if told and waiting.get(told):
            found.append((i, old.pop(waiting[told].pop(0)), new.pop(i)))
    return found


def _words(raw: Mapping[str, Any]) -> str:
    words = raw.get("words")
    return words if isinstance(words, str) else ""


def _test(raw: Mapping[str, Any]) -> str:
    """Return what a condition tests, "" for one in words only."""
    tested = {name: value for name, value in raw.items() if name not in ("words", "source")}
    return key_of(tested) if tested else ""


def _named(raw: Mapping[str, Any], catalogue: Catalogue | None) -> str:
    return _words(raw) or condition_words(raw, catalogue)


def _editions(was: list[Mapping[str, Any]], now: list[Mapping[str, Any]]) -> Iterator[Change]:
    old, new = ({str(each.get("uid")): each for each in listed} for listed in (was, now))
    for uid in new:
        if uid in old and old[uid] != new[uid]:
            for name in sorted({*old[uid], *new[uid]}):
                before, after = (value_words(name, each[uid].get(name)) for each in (old, new))
                if before != after:
                    label = f"{_held(new[uid])}: {name.replace('_', ' ')}"
                    yield Change(f"editions[{[*new].index(uid)}].{name}", label, before, after)
    added = tuple(_held(each) for uid, each in new.items() if uid not in old)
    removed = tuple(_held(each) for uid, each in old.items() if uid not in new)
    if added or removed:
        yield Change("editions", label_of("editions"), "; ".join(removed), "; ".join(added), added, removed)


def _held(edition: Mapping[str, Any]) -> str:
    day = value_words("starts", str(edition.get("starts") or "")[:10])
    return ", ".join(filter(None, (value_words("name", edition.get("name")), day))) or "an edition"


def fields_of(changes: Iterable[Change]) -> set[str]:
    """Return the fields of the record that changes lie in."""
    return {change.field for change in changes}
