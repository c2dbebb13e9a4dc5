"""The package's own tables, read when first asked for."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def table(name: str) -> Any:
    """Read one of the package's own tables, such as ``frames``."""
    path = files("knowledge_base.reading") / "tables" / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def listed(name: str) -> frozenset[str]:
    """Return a set of words of tables/words.yml, such as ``employees.firm``."""
    reader, _, key = name.partition(".")
    return frozenset(table("words")[reader][key].split())
