"""The words that decide what may be kept: those that name nobody, and those that show where a name stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge_base.safe_files import read_document

FOLDER = Path(__file__).parent / "tables"
_ENDINGS = ("'s", "s'", "n't", "'ve", "'re", "'ll", "'d", "'m", "'")


@dataclass(frozen=True)
class Tables:
    """Sets of words in lower case; ``ordinary`` are those of no name, from a dictionary and our own data."""

    ordinary: frozenset[str]
    proper: frozenset[str]
    first_names: frozenset[str]
    surnames: frozenset[str]
    relations: frozenset[str]
    breaks: frozenset[str]
    courtesies: frozenset[str]
    company_forms: frozenset[str]
    sensitive: frozenset[str]
    being: frozenset[str]
    signing: frozenset[str]
    titles: frozenset[str]
    met: frozenset[str]
    determined: frozenset[str]
    firms: frozenset[str]

    def plain(self, word: str) -> bool:
        """Say whether a word names nobody, whatever its ending; the parts of a joined one must not either."""
        low = word.casefold().replace("’", "'")
        if low in self.proper or low in self.ordinary:
            return True
        for ending in _ENDINGS:
            if low.endswith(ending) and self.plain(low.removesuffix(ending)):
                return True
        parts = low.split("-")
        return len(parts) > 1 and all(part == "" or self.plain(part) for part in parts)


@cache
def tables() -> Tables:
    """Read the tables, once."""
    raw = read_document(FOLDER / "words.yml", "words.yml")
    ordinary = frozenset((FOLDER / "ordinary.txt").read_text(encoding="utf-8").split())
    return Tables(ordinary, **{name: frozenset(words.split()) for name, words in raw.items()})
