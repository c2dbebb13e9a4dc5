"""What only shows when records are held against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from knowledge_base.areas import AreaTree
from knowledge_base.checks.finding import Finding
from knowledge_base.faults import shown
from knowledge_base.hubs import Hub
from knowledge_base.records import Offer
from knowledge_base.windows import usable
from knowledge_base.words import NEEDS


def name_findings(offers: Mapping[str, Offer], files: Mapping[str, str]) -> Iterator[Finding]:
    """Yield names and aliases that more than one offer answers to."""
    named: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for offer in offers.values():
        for field, name in (
            ("name", offer.name),
            *((f"aliases[{i}]", a) for i, a in enumerate(offer.aliases)),
        ):
            named[" ".join(name.casefold().split())].append((offer.id, field))
    for claims in named.values():
        ids = list(dict.fromkeys(id for id, _ in claims))
        if len(ids) < 2 or _one_series([offers[id] for id in ids]):
            continue
        both_names = sum(field == "name" for _, field in claims) > 1
        for id, field in claims[1:]:
            other = next(i for i in ids if i != id)
            value = offers[id].name if field == "name" else offers[id].aliases[int(field[8:-1])]
            what = f"{shown(value)} is also a name of {other}"
            why = "Who asks for it by name may be shown the other."
            remedy = (
                "add the place or the year to the name" if both_names else "leave it with the one people mean"
            )
            yield Finding(files[id], field, what, why, remedy, "warning")


def _one_series(offers: list[Offer]) -> bool:
    return offers[0].series is not None and len({offer.series for offer in offers}) == 1


def coverage_findings(
    offers: Iterable[Offer], tree: AreaTree, hubs: Mapping[str, Hub], on: date
) -> Iterator[Finding]:
    """Yield each need for which a hub's areas have no offer that is open or may be."""
    live = [o for o in offers if o.status == "published" and not usable(o.window, on).closed]
    for file, hub in hubs.items():
        served = {need for offer in live if _reaches(offer, hub, tree) for need in offer.needs}
        for need in NEEDS:
            if need not in served:
                why = "A business there that asks for it is told that there is nothing."
                remedy = "look for an offer, or for a person the hub can hand it to"
                yield Finding(file, "areas", f"no open offer for {need} in {hub.name}", why, remedy, "info")


def _reaches(offer: Offer, hub: Hub, tree: AreaTree) -> bool:
    return not offer.areas or any(
        tree.overlap(a, b) for a in offer.areas for b in hub.areas if a in tree and b in tree
    )
