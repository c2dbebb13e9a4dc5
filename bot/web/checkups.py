"""The innovation check-up over HTTP: its questions, a result made by POST and read back by GET."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, BeforeValidator, Field
from starlette.concurrency import run_in_threadpool

from bot.web.conversation import kept
from bot.web.problems import Problem
from bot.web.roadmaps import LONGEST_ID
from bot.web.services import Checkups, SavedCheckup, Services
from bot.web.settings import Settings
from bot.web.text import cleaned_tree
from knowledge_base.checkup import BadAnswers, read_answers
from knowledge_base.checkup.documents import questions_document
from knowledge_base.profile import BadProfile

Level = Literal["none", "some", "strong"]


class Answered(BaseModel):
    """The answers of one business."""

    answers: Annotated[dict[str, Any], BeforeValidator(cleaned_tree)] = Field(
        description="By question: an option's id, a list of them where several may be named, or null to skip."
    )
    profile: Annotated[dict[str, Any] | None, BeforeValidator(cleaned_tree)] = Field(
        None, description="The facts told, as for a roadmap: then the roadmap that follows is made as well."
    )


class Questions(BaseModel):
    """What is asked, each with the answers it takes; any may be skipped."""

    title: str
    intro: str
    questions: list[dict[str, Any]]
    sources: list[dict[str, Any]]


class Place(BaseModel):
    """How far one type goes; ``level`` is null where it was left open."""

    type: str
    name: str
    meaning: str
    level: Level | None
    level_words: str


class Need(BaseModel):
    need: str
    name: str
    because: str


class RoadmapMade(BaseModel):
    id: str
    url: str


class Result(BaseModel):
    """Where the business stands, and the needs that follow, in order, each with its reason."""

    id: str
    url: str
    title: str
    on: str
    headline: str
    about: str
    answers: dict[str, list[str] | None]
    questions: int
    answered: int
    under_way: int = Field(description="How many types are in use or being tried.")
    types: list[Place]
    listening: Place
    barriers: list[dict[str, str]]
    needs: list[Need]
    words: list[str] = Field(description="All of the picture in sentences.")
    figures: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    roadmap: RoadmapMade | None = Field(description="The roadmap made from it, once there is one.")


def router(settings: Settings, services: Services, checkups: Checkups) -> APIRouter:
    """Return the routes of the check-up."""
    routes = APIRouter(prefix="/api/checkup", tags=["check-up"])

    @routes.get("")
    async def questions() -> Questions:
        """Return the questions and the answers each takes."""
        return Questions(**questions_document(checkups.checkup))

    @routes.post("", status_code=201)
    async def make(answered: Answered) -> Result:
        """Place a business by its answers, save the result, and say where it is."""
        now = services.clock()
        try:
            answers = read_answers(checkups.checkup, answered.answers)
        except BadAnswers as error:
            raise Problem("bad_answers", f"{error}.") from None
        profile = answered.profile
        place = profile.get("place") if profile else None
        told = place if isinstance(place, str) else None
        found = await kept(
            lambda: checkups.make(answers, told_place=told, on=now.date(), session=None, now=now)
        )
        if profile is None:
            return _result(settings, found)
        needs = [each["need"] for each in found.document["needs"]]
        try:
            roadmap, _ = await run_in_threadpool(services.advice.advise, needs, profile, now.date(), now)
        except BadProfile as error:
            raise Problem("bad_profile", f"{error}.") from None
        await kept(lambda: checkups.follow_with(found.id, roadmap))
        return _result(settings, found, roadmap)

    @routes.get("/{id}")
    async def read(id: str) -> Result:
        """Return a saved result."""
        return _result(settings, await find(services, checkups, id))

    return routes


async def find(services: Services, checkups: Checkups, id: str) -> SavedCheckup:
    """Return a saved check-up.

    Raises:
        Problem: ``unknown_checkup`` when there is none, or its time is up.
    """
    known = id.isascii() and id.isprintable() and len(id) <= LONGEST_ID
    saved = await kept(lambda: checkups.open(id, services.clock()) if known else None)
    if saved is None:
        raise Problem("unknown_checkup")
    return saved


def _result(settings: Settings, saved: SavedCheckup, roadmap: str | None = None) -> Result:
    made = roadmap or saved.roadmap
    return Result(
        id=saved.id,
        url=f"{settings.address}/checkup/{saved.id}",
        roadmap=RoadmapMade(id=made, url=f"{settings.address}/roadmap/{made}") if made else None,
        **saved.document,
    )
