"""Roadmaps over HTTP: made by POST, read back by GET."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, BeforeValidator, Field
from starlette.concurrency import run_in_threadpool

from bot.web.conversation import kept
from bot.web.problems import Problem
from bot.web.services import SavedRoadmap, Services
from bot.web.settings import Settings
from bot.web.text import cleaned_tree
from knowledge_base.profile import BadProfile
from knowledge_base.words import NEEDS

LONGEST_ID = 128


class Asked(BaseModel):
    """What to advise on."""

    needs: Annotated[list[str], BeforeValidator(cleaned_tree)] = Field(
        description=f"From: {', '.join(NEEDS)}."
    )
    profile: Annotated[dict[str, Any], BeforeValidator(cleaned_tree)] = Field(
        default_factory=dict, description="The facts told; leave out what is unknown."
    )
    on: date | None = Field(None, description="The day to advise for; today when left out.")
    cost: Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=2)] | None = Field(
        None, description="What the project costs, to work out its funding."
    )


class Made(BaseModel):
    id: str
    url: str
    roadmap: dict[str, Any]


def router(settings: Settings, services: Services) -> APIRouter:
    """Return the routes that make a roadmap and read one back."""
    routes = APIRouter(prefix="/api/roadmaps", tags=["roadmaps"])

    @routes.post("", status_code=201)
    async def make(asked: Asked) -> Made:
        """Make a roadmap, save it, and say where it is."""
        needs = _needs(asked.needs)
        on = asked.on or services.clock().date()
        try:
            id, document = await run_in_threadpool(
                services.advice.advise, needs, asked.profile, on, services.clock(), asked.cost
            )
        except BadProfile as error:
            raise Problem("bad_profile", str(error)) from None
        return Made(id=id, url=f"{settings.address}/roadmap/{id}", roadmap=dict(document))

    @routes.get("/{id}")
    async def read(id: str) -> Made:
        """Return a saved roadmap as it was on its day."""
        saved = await find(services, id)
        return Made(id=saved.id, url=f"{settings.address}/roadmap/{saved.id}", roadmap=dict(saved.document))

    return routes


async def find(services: Services, id: str) -> SavedRoadmap:
    """Return a saved roadmap.

    Raises:
        Problem: ``unknown_roadmap`` when there is none, or its time is up.
    """
    saved = None
    if id.isascii() and id.isprintable() and len(id) <= LONGEST_ID:
        saved = await kept(lambda: services.roadmaps.get(id, services.clock()))
    if saved is None:
        raise Problem("unknown_roadmap")
    return saved


def _needs(told: list[str]) -> tuple[str, ...]:
    unknown = sorted(set(told) - set(NEEDS))
    if unknown or not told:
        wrong = f"{unknown[0][:60]!r} is not a need. " if unknown else ""
        raise Problem("bad_needs", f"{wrong}Name at least one of: {', '.join(NEEDS)}.")
    return tuple(dict.fromkeys(told))
