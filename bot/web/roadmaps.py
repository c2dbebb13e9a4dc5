"""Roadmaps over HTTP: made by POST, read back by GET, planned again when something happened."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from bot.web.conversation import kept
from bot.web.problems import Problem
from bot.web.services import SavedRoadmap, Services
from bot.web.settings import Settings
from bot.web.text import cleaned_tree
from knowledge_base.change_words import NOTHING
from knowledge_base.profile import BadProfile
from knowledge_base.replanning import BadProgress, Happened
from knowledge_base.words import FACTS, KINDS, NEEDS

LONGEST_ID = 128
MOST_TOLD = 50
LONGEST_WORDS = 2000


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
    words: Annotated[str, BeforeValidator(cleaned_tree), Field(max_length=LONGEST_WORDS)] | None = Field(
        None,
        description="What the owner said: offers close to it go first. The words themselves are not kept.",
    )


class Made(BaseModel):
    id: str
    url: str
    roadmap: dict[str, Any]


Id = Annotated[str, BeforeValidator(cleaned_tree), Field(max_length=LONGEST_ID)]
Ids = Annotated[list[Id], Field(max_length=MOST_TOLD)]


class Told(BaseModel):
    """What happened since the roadmap was made; leave out what did not. What is told once stays told."""

    model_config = ConfigDict(extra="forbid")

    done: Ids = Field(default_factory=list, description="Offers that were done, by id: they stay done.")
    turned_down: Ids = Field(default_factory=list, description="Offers that said no.")
    skipped: Ids = Field(default_factory=list, description="Offers the business would rather not do.")
    refuses: Ids = Field(
        default_factory=list, description=f"Kinds of help not wanted. From: {', '.join(KINDS)}."
    )
    facts: Annotated[dict[str, Any], BeforeValidator(cleaned_tree)] = Field(
        default_factory=dict, description="Facts told or changed, as in a profile; the others stay."
    )
    withdrawn_facts: Ids = Field(
        default_factory=list, description=f"Facts that hold no longer. From: {', '.join(FACTS)}."
    )

    def happened(self) -> Happened:
        """The same in the core's words."""
        return Happened(
            done=tuple(self.done),
            turned_down=tuple(self.turned_down),
            skipped=tuple(self.skipped),
            refuses=tuple(self.refuses),
            facts=self.facts,
            withdrawn_facts=tuple(self.withdrawn_facts),
        )


class ChangeMade(BaseModel):
    """One thing that changed: a sentence with its reason, and the reason as a code."""

    kind: str
    offer: str | None
    words: str
    because: str


class PlannedAgain(Made):
    """The roadmap as it is now; ``said`` gives the changes as sentences, or says that there are none."""

    changes: list[ChangeMade]
    said: list[str]


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
                services.advice.advise, needs, asked.profile, on, services.clock(), asked.cost, asked.words
            )
        except BadProfile as error:
            raise Problem("bad_profile", str(error)) from None
        return Made(id=id, url=f"{settings.address}/roadmap/{id}", roadmap=dict(document))

    @routes.get("/{id}")
    async def read(id: str) -> Made:
        """Return a saved roadmap, planned again first where its records changed or a step is out of reach.

        Its ``changes`` say what changed then, and why; reading it again changes nothing.
        """
        saved = await find(services, id)
        return Made(id=saved.id, url=f"{settings.address}/roadmap/{saved.id}", roadmap=dict(saved.document))

    @routes.post("/{id}/progress")
    async def progress(id: str, told: Told) -> PlannedAgain:
        """Plan a saved roadmap again, under its address, after what happened; say what changed and why.

        Telling the same twice changes nothing the second time, and ``changes`` is empty then.
        """
        now = services.clock()
        try:
            made = await kept(
                lambda: _known(id) and services.advice.progress(id, told.happened(), on=now.date(), now=now)
            )
        except BadProgress as error:
            raise Problem("bad_progress", f"{error}.") from None
        except BadProfile as error:
            raise Problem("bad_profile", f"{error}.") from None
        if not made:
            raise Problem("unknown_roadmap")
        document = dict(made.document)
        return PlannedAgain(
            id=id,
            url=f"{settings.address}/roadmap/{id}",
            roadmap=document,
            changes=[ChangeMade(**change) for change in document["changes"]],
            said=[change["words"] for change in document["changes"]] or [NOTHING],
        )

    return routes


async def find(services: Services, id: str) -> SavedRoadmap:
    """Return a saved roadmap, planned again first where that is due.

    Raises:
        Problem: ``unknown_roadmap`` when there is none, or its time is up.
    """
    now = services.clock()
    saved = await kept(
        lambda: services.advice.open_roadmap(id, on=now.date(), now=now) if _known(id) else None
    )
    if saved is None:
        raise Problem("unknown_roadmap")
    return saved


def _known(id: str) -> bool:
    """Say whether this could be the id of a roadmap at all."""
    return id.isascii() and id.isprintable() and len(id) <= LONGEST_ID


def _needs(told: list[str]) -> tuple[str, ...]:
    unknown = sorted(set(told) - set(NEEDS))
    if unknown or not told:
        wrong = f"{unknown[0][:60]!r} is not a need. " if unknown else ""
        raise Problem("bad_needs", f"{wrong}Name at least one of: {', '.join(NEEDS)}.")
    return tuple(dict.fromkeys(told))
