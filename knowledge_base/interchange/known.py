"""The records that are there already, as far as rows have to be matched with them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rapidfuzz import fuzz, process

from knowledge_base.catalogue import dump_offer, dump_provider
from knowledge_base.fields import is_id
from knowledge_base.interchange.closed_lists import alike, plain
from knowledge_base.records import Catalogue

SAME_NAME = 60.0  # how alike two names on one page must be, of 100, to be one record


@dataclass(frozen=True, slots=True)
class Existing:
    """One record as it is: published at ``version`` (0: not), in work at ``draft_version`` (0: not).

    ``held_by`` names whoever is at work on it, where an import may not write over that. ``overtaken`` says
    that it was published anew since its draft was begun: what the draft holds would take that back.
    """

    document: dict[str, Any]
    version: int = 0
    draft_version: int = 0
    held_by: str = ""
    overtaken: bool = False


Load = Callable[[str, str], Existing | None]


class Known:
    """Finds the record that a row is about: by id, by name and provider, by the page it is told on."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self.ids: dict[str, set[str]] = {"offer": set(), "provider": set()}
        self._names: dict[str, dict[str, set[str]]] = {
            "offer": defaultdict(set),
            "provider": defaultdict(set),
        }
        self._spelt: dict[str, str] = {}
        self._provider: dict[str, str] = {}
        self._name: dict[str, str] = {}
        self._links: dict[str, set[str]] = defaultdict(set)

    @classmethod
    def of(cls, catalogue: Catalogue) -> Known:
        """Return the records of a catalogue, none of them in work."""

        def load(record_type: str, id: str) -> Existing | None:
            if record_type == "provider":
                provider = catalogue.providers.get(id)
                return Existing(dump_provider(provider), 1) if provider else None
            offer = catalogue.offers.get(id)
            return Existing(dump_offer(offer), 1) if offer else None

        made = cls(load)
        for provider in catalogue.providers.values():
            made.add("provider", provider.id, dump_provider(provider))
        for offer in catalogue.offers.values():
            made.add("offer", offer.id, dump_offer(offer))
        return made

    def add(self, record_type: str, id: str, document: dict[str, Any]) -> None:
        """Know a record by its names and its page."""
        self.ids[record_type].add(id)
        for name in (document.get("name"), *(document.get("aliases") or ())):
            if name:
                self._names[record_type][plain(name)].add(id)
                if record_type == "provider":
                    self._spelt[plain(name)] = name
        if record_type == "offer":
            self._provider[id], self._name[id] = document.get("provider") or "", document.get("name") or ""
            link = plain_link((document.get("source") or {}).get("url") or "")
            if link:
                self._links[link].add(id)

    def drop(self, record_type: str, id: str, document: dict[str, Any]) -> None:
        """Forget a record that was added and is not made after all."""
        self.ids[record_type].discard(id)
        self._names[record_type][plain(str(document.get("name") or ""))].discard(id)

    def find(self, record_type: str, id: str) -> Existing | None:
        """Return a record as it is, None where there is none of this id."""
        return self._load(record_type, id) if id in self.ids[record_type] else None

    def by_name(self, record_type: str, name: str, provider: str = "") -> str:
        """Return the one record of this name and provider; without a provider, the only one of the name."""
        named = self._names[record_type].get(plain(name), set())
        if record_type == "offer" and provider:
            named = {id for id in named if self._provider.get(id) in (provider, "")}
        return next(iter(named)) if len(named) == 1 else ""

    def by_link(self, url: str, name: str) -> str:
        """Return the one offer told on a page, where its name is not another one altogether."""
        there = self._links.get(plain_link(url), set())
        if len(there) != 1:
            return ""
        id = next(iter(there))
        alike = fuzz.token_set_ratio(plain(name), plain(self._name.get(id, ""))) >= SAME_NAME
        return id if alike else ""

    def provider(self, told: str) -> str:
        """Return the provider's id that an id or a name stands for."""
        return told if told in self.ids["provider"] else self.by_name("provider", told)

    def nearest_provider(self, told: str) -> str:
        """Return the name of the provider that looks most like a name, to be suggested."""
        found = process.extractOne(plain(told), self._names["provider"].keys(), scorer=alike, score_cutoff=80)
        return self._spelt.get(str(found[0]), str(found[0])) if found else ""


def plain_link(url: str) -> str:
    """Return an address as two are compared: without scheme, www., last slash and fragment."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    host = (parts.netloc or "").casefold().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}" if host else ""


def slug(text: str) -> str:
    """Return an id made of a name; empty where it has no letter of ours."""
    return "-".join(re.findall(r"[a-z0-9]+", plain(text)))[:80].strip("-")


def as_id(text: str) -> str:
    """Return the id that another system's stands for here: itself where it can be one, else made of it."""
    return text if is_id(text) else slug(text) or text


def free_id(base: str, others: Sequence[str | int], taken: Container[str]) -> str:
    """Return the first id that is free: the base, or the base with one of the others."""
    tried = (base, *(f"{base}-{other}"[:95] for other in others if other))
    return next((id for id in tried if id not in taken), f"{tried[-1]}-again")
