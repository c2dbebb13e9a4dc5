"""Plain words for the closed lists, from content/labels.yml, where an editor can rewrite them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "content" / "labels.yml"


@cache
def read(file: Path = FILE) -> Mapping[str, Mapping[str, str]]:
    """Every label, by list and code; read once."""
    labels: Mapping[str, Mapping[str, str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return labels


def need(code: str) -> str:
    return read()["needs"].get(code, code)


def kind(code: str) -> str:
    return read()["kinds"].get(code, code)


def fact(code: str) -> str:
    return read()["facts"].get(code, code)


def reason_to_ask(code: str) -> str:
    """Why a fact is asked for, in a few plain words."""
    return read()["why_asked"].get(code, "it decides what you may use")


def phase(code: str) -> str:
    return read()["phases"].get(code, code)


def verdict(code: str) -> str:
    return read()["verdicts"].get(code, code)


def code_told(fact: str, code: str) -> str:
    """The value of a fact that is told as a code: the sector, the stage, the legal form or a language."""
    lists = {
        "sector": "sectors",
        "stage": "stages",
        "legal_form": "legal_forms",
        "languages": "languages",
    }
    return read().get(lists.get(fact, ""), {}).get(code, code.replace("_", " "))


def needs(codes: Iterable[str]) -> list[str]:
    return [need(code) for code in codes]


def kinds(codes: Iterable[str]) -> list[str]:
    return [kind(code) for code in codes]


def plural(codes: Iterable[str]) -> list[str]:
    """Kinds as they are spoken of in general: loans, shares in the business."""
    return [read()["kinds_in_general"].get(code, code) for code in codes]


def told(facts: Mapping[str, Any]) -> list[str]:
    """The facts of a profile, as `dump_profile` writes it, each with what it is about."""
    return [f"{fact(name)}: {_value(value)}" for name, value in facts.items() if name in read()["facts"]]


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        ends = [str(value[end]) for end in ("amount", "from", "to") if value.get(end) is not None]
        return " ".join(filter(None, (" to ".join(ends), str(value.get("currency") or ""))))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).replace("_", " ")


def joined(words: Iterable[str]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    listed = [*words]
    return " and ".join(filter(None, (", ".join(listed[:-1]), *listed[-1:])))
