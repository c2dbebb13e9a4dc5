"""Bring together what two people made of one record, where they did not both change the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge_base.differences import key_of


@dataclass(frozen=True, slots=True)
class Merged:
    """A document with the changes of both. ``clashes`` are the fields both changed: mine stand in it."""

    document: dict[str, Any]
    taken: tuple[str, ...]
    clashes: tuple[str, ...]


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """Return my document with what others changed since ``base``, field by field.

    Money, dates, source and assurance are each taken whole: half of one and half of another would be a
    third that nobody wrote. Of lists, members that came and went are taken over one by one.
    """
    document: dict[str, Any] = {}
    taken, clashes = [], []
    names = dict.fromkeys((*theirs, *mine))
    for name in names:
        was, my, their = base.get(name), mine.get(name), theirs.get(name)
        value = my
        if my != their and their != was:
            if my == was:
                value = their
                taken.append(name)
            else:
                joined = _joined(was, my, their)
                value = my if joined is None else joined
                if joined is None:
                    clashes.append(name)
                elif joined != my:
                    taken.append(name)
        if value is not None:
            document[name] = value
    return Merged(document, tuple(taken), tuple(clashes))


def _joined(was: Any, my: Any, their: Any) -> list[Any] | None:
    """Return a list with the changes of both, None where it is no list or both changed the same member."""
    if not all(each is None or isinstance(each, list) for each in (was, my, their)):
        return None
    old, mine, theirs = ({key_of(each): each for each in listed or ()} for listed in (was, my, their))
    if any(len(one) != len(listed or ()) for one, listed in ((old, was), (mine, my), (theirs, their))):
        return None  # the same twice: which of them went cannot be told
    gone, went = old.keys() - mine.keys(), old.keys() - theirs.keys()
    came, new = mine.keys() - old.keys(), theirs.keys() - old.keys()
    if gone & went and came != new:
        return None  # a member that both changed, each in their own way
    kept = [each for key, each in mine.items() if key not in went]
    kept += [each for key, each in theirs.items() if key in new and key not in mine]
    led = [next(iter(each), None) for each in (old, mine, theirs)]
    if len({*led}) == 3:
        return None  # the first counts for more in some lists, and each put another there
    if led[1] == led[0] and led[2] is not None and led[2] != led[0]:
        kept.sort(key=lambda each: key_of(each) != led[2])
    return kept
