"""Records and areas by name: what a person chooses by name is kept by its id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from knowledge_base.place_names import key_of
from knowledge_base.records import Catalogue

MOST_OPTIONS = 3_000  # names a browser is given to choose from; beyond that they are typed
MOST_CLOSE = 3
CLOSE = 70  # of 100

_MARKED = re.compile(r"^(?P<name>.*?)\s*\[(?P<id>[^\[\]\s]{1,200})\]$", re.DOTALL)


@dataclass(frozen=True)
class Names:
    """The names of one sort of record, by id; ``others`` are further names that lead to an id."""

    what: str  # an offer, a provider, an area
    by_id: Mapping[str, str]
    others: tuple[tuple[str, str], ...] = ()

    def shown(self, id: str) -> str:
        """Write an id as it stands in a field: its name, and the id in brackets; unknown ones as they are."""
        name = self.by_id.get(id)
        return f"{' '.join(name.split())} [{id}]" if name else id

    def name(self, id: str) -> str:
        return self.by_id.get(id, id)

    def read(self, told: str) -> str:
        """Return the id that was meant; what names nothing stays as it was typed."""
        told = told.strip()
        marked = _MARKED.match(told)
        if marked:
            return marked["id"]
        if told in self.by_id:
            return told
        found = self._ids.get(key_of(told[:300]), ())
        return found[0] if len(found) == 1 else told

    def fault(self, told: str) -> tuple[str, str] | None:
        """Say what is wrong with something chosen, and the way out; None where it names one record."""
        id = self.read(told)
        if id in self.by_id:
            return None
        several = self._ids.get(key_of(told[:300]), ())
        short = told if len(told) <= 60 else f"{told[:59]}…"
        if len(several) > 1:
            listed = " or ".join(self.shown(each) for each in several[:MOST_CLOSE])
            return f"“{short}” may be several", f"choose {listed}"
        close = self._close(told)
        hint = f"choose {' or '.join(close)}" if close else "choose a name from the list"
        return f"“{short}” is not {self.what} we have", hint

    def options(self) -> list[str]:
        """Every name to choose from, in order; none where there are too many for a browser."""
        if len(self.by_id) > MOST_OPTIONS:
            return []
        return sorted((self.shown(id) for id in self.by_id), key=str.casefold)

    @cached_property
    def _ids(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for id, name in (*self.by_id.items(), *self.others):
            if key := key_of(name):
                found.setdefault(key, {})[id] = None
        return {key: tuple(ids) for key, ids in found.items()}

    def _close(self, told: str) -> list[str]:
        found = process.extract(
            key_of(told[:300]), list(self._ids), scorer=fuzz.token_set_ratio, score_cutoff=CLOSE, limit=9
        )
        ids = [self._ids[each][0] for each, _, _ in found]
        return [self.shown(id) for id in dict.fromkeys(ids)][:MOST_CLOSE]


@dataclass(frozen=True)
class AllNames:
    """The names a form chooses from."""

    offers: Names
    providers: Names
    areas: Names
    catalogue: Catalogue

    @classmethod
    def of(cls, catalogue: Catalogue) -> AllNames:
        """Gather the names of a catalogue that holds drafts and withdrawn offers too."""
        offers, providers, areas = (
            catalogue.offers.values(),
            catalogue.providers.values(),
            catalogue.areas.values(),
        )
        return cls(
            Names(
                "an offer",
                {each.id: each.name for each in offers},
                tuple((o.id, n) for o in offers for n in (o.local_name, *o.aliases) if n),
            ),
            Names(
                "a provider",
                {each.id: each.name for each in providers},
                tuple((p.id, n) for p in providers for n in p.aliases),
            ),
            Names(
                "an area",
                {each.code: each.name for each in areas},
                tuple((a.code, n) for a in areas for n in a.aliases),
            ),
            catalogue,
        )
