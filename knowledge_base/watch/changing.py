"""Put proposed values into a record's document; nothing else in it changes."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Any


def changed(document: dict[str, Any], changes: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """Return a copy of a document with values put at places.

    A place is a path such as ``window.closes``; ``address`` takes ``[old, new]`` and puts the new address
    wherever the old one stands as a record's or a condition's own.
    """
    after = copy.deepcopy(document)
    for place, value in changes:
        if place == "address":
            _readdress(after, str(value[0]), str(value[1]))
            continue
        *path, last = str(place).split(".")
        part = after
        for name in path:
            if not isinstance(part.get(name), dict):
                part[name] = {}
            part = part[name]
        part[last] = value
    return after


def _readdress(part: Any, old: str, new: str) -> None:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "url" and isinstance(value, str) and value.strip().partition("#")[0] == old:
                part[name] = new
            else:
                _readdress(value, old, new)
    elif isinstance(part, list):
        for each in part:
            _readdress(each, old, new)
