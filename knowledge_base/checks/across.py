"""What only shows when records are held against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import lru_cache

from knowledge_base.areas import AreaTree
from knowledge_base.checks.finding import Finding
from knowledge_base.checks.held import Held
from knowledge_base.faults import shown
from knowledge_base.records import Offer
from knowledge_base.words import NEEDS


def alias_findings(held: Held, of: Offer | None = None) -> Iterator[Finding]:
    """Yield aliases that are a name of another offer too. Of two names `duplicates` has more to say.

    With ``of``, only names of that offer are looked at.
    """
    wanted = {_plain(name) for name in (of.name, *of.aliases)} if of else None
    named: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for offer in held.offers.values():
        for i, name in enumerate((offer.name, *offer.aliases)):
            plain = _plain(name)
            if wanted is None or plain in wanted:
                named[plain].append((offer.id, f"aliases[{i - 1}]" if i else "name"))
    for claims in named.values():
        ids = list(dict.fromkeys(id for id, _ in claims))
        if len(ids) < 2 or _one_series([held.offers[id] for id in ids]):
            continue
        named_first = sorted(claims, key=lambda claim: claim[1] != "name")
        for id, field in named_first[1:]:
            if field == "name":
                continue
            other = next(i for i in (named_first[0][0], *ids) if i != id)
            heading = f"{shown(held.offers[id].aliases[int(field[8:-1])])} is also a name of {other}"
            why = "Who asks for it by name may be shown the other."
            remedy = "leave it with the one people mean"
            yield held.finding(id, field, heading, why, remedy, "warning")


@lru_cache(maxsize=50_000)
def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _one_series(offers: list[Offer]) -> bool:
    return offers[0].series is not None and len({offer.series for offer in offers}) == 1


def coverage_findings(held: Held, unreachable: Collection[str]) -> Iterator[Finding]:
    """Yield each need for which a hub, or one of the several regions of a hub, has no offer to be had."""
    if held.tree is None:
        return
    live = [held.offers[id] for id in held.live if id not in unreachable]
    live = [offer for offer in live if offer.audience == "owner"]
    said: set[str] = set()
    for file, hub in held.hubs.items():
        lacking = _lacking(live, hub.areas, held.tree)
        for need in lacking:
            yield _gap(file, "areas", need, hub.name)
        for i, area in enumerate(hub.areas):
            if area in said or area not in held.tree or len(hub.areas) < 2:
                continue
            said.add(area)
            for need in _lacking(live, (area,), held.tree):
                if need not in lacking:
                    yield _gap(file, f"areas[{i}]", need, held.areas[area].name)


def _gap(file: str, field: str, need: str, where: str) -> Finding:
    why = "A business there that asks for it is told that there is nothing."
    remedy = "look for an offer, or for a person the hub can hand it to"
    return Finding(file, field, f"no open offer for {need} in {where}", why, remedy, "info")


def _lacking(live: list[Offer], areas: Collection[str], tree: AreaTree) -> list[str]:
    served = {need for offer in live if _reaches(offer, areas, tree) for need in offer.needs}
    return [need for need in NEEDS if need not in served]


def _reaches(offer: Offer, areas: Collection[str], tree: AreaTree) -> bool:
    return not offer.areas or any(
        tree.overlap(a, b) for a in offer.areas for b in areas if a in tree and b in tree
    )
