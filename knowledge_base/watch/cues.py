"""The words that say what a date or a sum on a page is: the tables of ``cues.yml``, read once."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "cues.yml"


@cache
def _tables() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


@cache
def cue(name: str) -> re.Pattern[str]:
    """Return what one table looks for, from the beginning of a word on."""
    # One look behind for all of them: inside a word no entry is tried.
    return re.compile(rf"(?<!\w)(?:{'|'.join(_tables()[name])})", re.I)


@cache
def beside(name: str) -> re.Pattern[str]:
    """Return the small words that stand right before or after a date or a sum."""
    tables = _tables()
    return re.compile(tables[name].replace("ARTICLE", tables["article"]), re.I)


@cache
def closed() -> tuple[re.Pattern[str], ...]:
    """Return the sentences that say that something is closed."""
    tables = _tables()
    return tuple(re.compile(each.replace("SUBJECT", tables["subject"]), re.I) for each in tables["closed"])


@cache
def missing() -> re.Pattern[str]:
    """Return what a page says that is not there, though its server says it is."""
    return re.compile("|".join(_tables()["missing"]), re.I)


@cache
def whole(name: str) -> re.Pattern[str]:
    """Return a table whose entries must be all there is, but for marks around them."""
    return re.compile(rf"^\W*(?:{'|'.join(_tables()[name])})\W*$", re.I)


@cache
def common_words() -> frozenset[str]:
    """Return the words that tell no offer from another."""
    return frozenset(_tables()["common"].split())
