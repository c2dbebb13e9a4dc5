"""Ask only what changes the answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date

from knowledge_base.eligibility import Place
from knowledge_base.profile import Profile
from knowledge_base.records import Catalogue
from knowledge_base.roadmap.index import CatalogueIndex
from knowledge_base.roadmap.make import make_roadmap
from knowledge_base.roadmap.shapes import Question

__all__ = ["Question", "next_question"]


def next_question(
    catalogue: Catalogue | CatalogueIndex,
    needs: Collection[str],
    profile: Profile,
    on: date,
    *,
    resolve: Callable[[str], Place],
    closeness: Mapping[str, float] | None = None,
    wish: Mapping[str, float] | None = None,
    turned_down: Collection[str] = (),
    audience: str = "owner",
    sharpened: Collection[str] = (),
) -> Question | None:
    """Return the fact whose answer would settle most, or None when no answer could change the roadmap.

    It is the question of the roadmap for the same business: see `knowledge_base.roadmap.asking`. A fact
    told too coarsely may be asked again (``sharper``) unless ``sharpened`` says that it was; a refused
    one never is.
    """
    roadmap = make_roadmap(
        catalogue,
        needs,
        profile,
        on,
        resolve=resolve,
        closeness=closeness,
        wish=wish,
        turned_down=turned_down,
        audience=audience,
        sharpened=sharpened,
    )
    return roadmap.next_question
