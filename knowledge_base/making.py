"""Make a roadmap from what is kept of the asking: the same asking gives the same roadmap."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from knowledge_base.asked import Asked
from knowledge_base.labels import joined
from knowledge_base.roadmap.shapes import REFUSED_KINDS, Gap, Roadmap
from knowledge_base.view import View


def make(view: View, asked: Asked, kept: Collection[str] = ()) -> Roadmap:
    """Make the roadmap for what was asked, told, turned down and skipped.

    ``kept`` are the offers of the saved roadmap that this one goes on from.

    Raises:
        UnknownNeed: a need is not in the closed list.
    """
    roadmap = view.roadmap(
        asked.needs,
        asked.profile,
        asked.on,
        cost=asked.cost,
        turned_down=asked.out,
        prefer=asked.prefer,
        audience=asked.audience,
        near=asked.near,
        kept=kept,
    )
    return with_skipped(view, roadmap, asked.turned_down, asked.skipped)


def with_skipped(
    view: View, roadmap: Roadmap, turned_down: Collection[str], skipped: Collection[str]
) -> Roadmap:
    """Say of gaps that what there was would rather not be done: nobody was turned down by it.

    A gap of offers that are out names those alone; see `knowledge_base.roadmap.gaps`.
    """
    if not skipped:
        return roadmap
    out = {*turned_down, *skipped}
    gaps = [
        _gap(view, gap, turned_down, skipped) if gap.offers and out.issuperset(gap.offers) else gap
        for gap in roadmap.gaps
    ]
    return replace(roadmap, gaps=tuple(gaps))


def _gap(view: View, gap: Gap, turned_down: Collection[str], skipped: Collection[str]) -> Gap:
    named = view.catalogue.offers
    declined = [named[id].name for id in gap.offers if id in skipped]
    refused = [named[id].name for id in gap.offers if id in turned_down and id not in skipped]
    if not declined:
        return gap
    words = f"You would rather not do what there is for this: {joined(declined)}"
    if refused:
        return replace(gap, words=f"{words}; and you were turned down by {joined(refused)}")
    return replace(gap, reason=REFUSED_KINDS, words=words)
