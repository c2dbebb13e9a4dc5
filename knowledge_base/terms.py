"""The words owners ask about: what they mean, and the work that says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "content" / "terms.yml"


@dataclass(frozen=True)
class Term:
    """One word, its meaning in our words, and its source."""

    id: str
    name: str
    aliases: tuple[str, ...]
    meaning: str
    source_title: str
    source_url: str | None

    @property
    def source_words(self) -> str:
        return f"{self.source_title} ({self.source_url})" if self.source_url else self.source_title


class Terms:
    """Every term, found by the longest of its names that stands in a message."""

    def __init__(self, terms: tuple[Term, ...]) -> None:
        self.all = terms
        named = {name.casefold(): term for term in terms for name in (term.name, *term.aliases)}
        longest_first = sorted(named, key=lambda name: (-len(name), name))
        self._named = named
        self._pattern = re.compile(
            r"(?<![\w-])(" + "|".join(re.escape(name) for name in longest_first) + r")(?![\w-])"
        )

    @classmethod
    def read(cls, file: Path = FILE) -> Terms:
        """Read the terms from their YAML file."""
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))["terms"]
        return cls(
            tuple(
                Term(
                    t["id"],
                    t["name"],
                    tuple(t.get("aliases", ())),
                    t["meaning"].strip(),
                    t["source"]["title"],
                    t["source"].get("url"),
                )
                for t in raw
            )
        )

    def find(self, text: str) -> Term | None:
        """The term a message asks about: the longest name in it, the first among equals."""
        found = self._pattern.findall(text[:4000].casefold())
        return self._named[max(found, key=len)] if found else None
