"""The lists of offers and providers: searched, filtered, sorted and cut into pages.

All of it happens on records in memory, so that SQLite and PostgreSQL give the same and any text is only text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from knowledge_base.areas import AreaTree
from knowledge_base.place_names import words_of
from knowledge_base.records import Catalogue, Offer, Provider
from knowledge_base.store.working_copies import WorkingCopy
from knowledge_base.windows import usable

PAGE = 50
LONGEST_SEARCH = 200
STATES = {
    "published": "Published",
    "draft": "Draft",
    "in_review": "In review",
    "closed": "Closed",
    "withdrawn": "Withdrawn",
    "overdue": "Overdue for a check",
}
SORTS = {"name": "Name", "closes": "Closes first", "seen": "Looked at longest ago", "until": "Due first"}
LATE = date.max


@dataclass(frozen=True)
class Listed:
    """One line of a list; ``words`` is what is searched, ``areas`` those in or around which it is open."""

    id: str
    name: str
    kind: str
    provider: str = ""
    provider_name: str = ""
    needs: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    words: str = ""
    closes: date | None = None
    seen: date | None = None
    until: date | None = None
    ended: Callable[[date], bool] = lambda on: False
    status: str = "published"  # published, draft, withdrawn; "" where only a working copy is there
    working: str = ""  # draft, in_review, or ""
    offers: int = 0

    def states(self, on: date) -> tuple[str, ...]:
        """Return the states a record is in on a day, for badges and filters."""
        found = [self.status, self.working]
        if self.ended(on) and self.status == "published":
            found.append("closed")
        elif self.status == "published" and self.until is not None and self.until < on:
            found.append("overdue")
        return tuple(dict.fromkeys(each for each in found if each))


@dataclass(frozen=True)
class Asked:
    """What a list was asked for, as its address has it."""

    q: str = ""
    state: str = ""
    kind: str = ""
    need: str = ""
    area: str = ""
    provider: str = ""
    sort: str = "name"
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """Read an address; what no list knows is left out."""
        told = {name: query.get(name, "").strip()[:LONGEST_SEARCH] for name in _NAMES}
        page = query.get("page", "")
        return cls(
            **told | {"sort": told["sort"] if told["sort"] in SORTS else "name"},
            page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 6 else 1,
        )

    def address(self, path: str, **other: str | int) -> str:
        """Return the address of this list, with something else asked for."""
        asked = replace(self, **{"page": 1, **other})  # type: ignore[arg-type]
        told = {name: getattr(asked, name) for name in (*_NAMES, "page")}
        kept = {
            n: v for n, v in told.items() if v and not (n == "sort" and v == "name") and (n, v) != ("page", 1)
        }
        return f"{path}?{urlencode(kept)}" if kept else path


_NAMES = ("q", "state", "kind", "need", "area", "provider", "sort")


@dataclass(frozen=True)
class Page:
    """One page of a list; ``counts`` says how many are in each state, whatever state is asked for."""

    rows: tuple[Listed, ...]
    total: int
    number: int
    pages: int
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * PAGE, self.total)


def listed_records(catalogue: Catalogue, record_type: str) -> dict[str, Listed]:
    """Return a line for every record of a catalogue, by id; make it once for each version of the records."""
    if record_type == "offer":
        return {offer.id: of_offer(offer, catalogue) for offer in catalogue.offers.values()}
    counts = Counter(offer.provider for offer in catalogue.offers.values())
    return {each.id: of_provider(each, counts[each.id]) for each in catalogue.providers.values()}


def of_offer(offer: Offer, catalogue: Catalogue) -> Listed:
    provider = catalogue.providers.get(offer.provider)
    who = provider.name if provider else offer.provider
    said = (offer.id, offer.name, offer.local_name or "", *offer.aliases, who, offer.provider, offer.summary)
    return Listed(
        offer.id,
        offer.name,
        offer.kind,
        offer.provider,
        who,
        offer.needs,
        offer.areas,
        _searched(said),
        offer.window.closes,
        offer.source.seen,
        offer.assured.until if offer.assured else None,
        lambda on: usable(offer.window, on).closed,
        offer.status,
    )


def of_provider(provider: Provider, offers: int = 0) -> Listed:
    said = (provider.id, provider.name, *provider.aliases)
    return Listed(
        provider.id, provider.name, provider.type, areas=provider.areas, words=_searched(said), offers=offers
    )


def with_working(
    listed: Mapping[str, Listed], copies: Iterable[WorkingCopy], new: Callable[[WorkingCopy], Listed]
) -> list[Listed]:
    """Add the working copies: to the lines of their records, or as ``new`` lines of their own."""
    found = dict(listed)
    for copy in copies:
        there = found.get(copy.id)
        line = there if there is not None else replace(new(copy), status="")
        found[copy.id] = replace(line, working=copy.state)
    return list(found.values())


def page_of(lines: Iterable[Listed], asked: Asked, on: date, tree: AreaTree) -> Page:
    """Return the page that was asked for; the last there is where it asks for more."""
    wanted = words_of(asked.q)
    around = tree.ancestors(asked.area) | tree.descendants(asked.area) if asked.area in tree else {asked.area}
    fit = [
        line
        for line in lines
        if (not asked.kind or line.kind == asked.kind)
        and (not asked.need or asked.need in line.needs)
        and (not asked.provider or line.provider == asked.provider)
        and (not asked.area or not around.isdisjoint(line.areas))
        and all(word in line.words for word in wanted)
    ]
    states = [line.states(on) for line in fit]
    counts = Counter(state for found in states for state in found)
    if asked.state:
        fit = [line for line, found in zip(fit, states, strict=True) if asked.state in found]
    fit.sort(key=_ORDERS[asked.sort])
    pages = max(1, -(-len(fit) // PAGE))
    number = min(asked.page, pages)
    return Page(tuple(fit[(number - 1) * PAGE : number * PAGE]), len(fit), number, pages, counts)


def _searched(texts: Iterable[str]) -> str:
    return " ".join(word for text in texts for word in words_of(text))


def _name(line: Listed) -> tuple[str, str]:
    return line.name.casefold(), line.id


_ORDERS: Mapping[str, Callable[[Listed], tuple[date | str, ...]]] = {
    "name": _name,
    "closes": lambda line: (line.closes or LATE, *_name(line)),
    "seen": lambda line: (line.seen or date.min, *_name(line)),
    "until": lambda line: (line.until or LATE, *_name(line)),
}
