"""Why an offer is not in a saved roadmap, over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bot.web.conversation import kept
from bot.web.problems import Problem
from bot.web.roadmaps import find
from bot.web.services import Advice, Services
from bot.web.text import cleaned
from knowledge_base.explain import Explanation, explanation_document
from knowledge_base.offer_lookup import NoSuchOffer


class ReasonGiven(BaseModel):
    """One thing that keeps an offer out; ``about`` is the fact, the kind or the offer it is about."""

    because: str
    about: str | None
    words: str


class ChangeThatWouldHelp(BaseModel):
    """One change; ``to`` is the value it would have. What is not within reach is nobody's advice."""

    what: str
    to: Any
    words: str
    within_reach: bool


class Explained(BaseModel):
    """How an offer stands to a roadmap: in sentences, and as what they are made of."""

    offer: str
    name: str
    standing: Literal["step", "reserve", "beaten", "barred", "new"] = Field(
        description="new: a step of a roadmap made now, though not of this one, which is older."
    )
    step: int | None = Field(description="Which step it is.")
    words: list[str] = Field(description="All of it in plain sentences.")
    reasons: list[ReasonGiven]
    beaten_by: list[str] = Field(description="The steps that stand in its place.")
    term: str | None = Field(description="The merit that decided.")
    changes: list[ChangeThatWouldHelp] = Field(
        description="The nearest changes that would let it in, none of which can be left out."
    )
    lets_in: bool = Field(description="Whether it would then be a step; else others still come before it.")
    falls_through: str | None = Field(description="The step that would have to fall through.")
    after_changes: str | None
    assessment: dict[str, Any]


def router(services: Services) -> APIRouter:
    """Return the route that explains one offer."""
    routes = APIRouter(prefix="/api/roadmaps", tags=["roadmaps"])

    @routes.get("/{id}/explain/{offer}")
    async def explain(id: str, offer: str) -> Explained:
        """Say why an offer, by its id or name, is not in a saved roadmap, and what would let it in."""
        await find(services, id)
        now = services.clock()
        found = await kept(lambda: _explained(services.advice, id, cleaned(offer), now.date(), now))
        if isinstance(found, NoSuchOffer):
            raise Problem("unknown_offer", f"{found}.")
        if found is None:
            raise Problem("unknown_roadmap")
        return Explained(**explanation_document(found))

    return routes


def _explained(
    advice: Advice, id: str, offer: str, on: date, now: datetime
) -> Explanation | NoSuchOffer | None:
    try:
        return advice.explain_saved(id, offer, on=on, now=now)
    except NoSuchOffer as unknown:
        return unknown
