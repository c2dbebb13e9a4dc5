"""The conversation over HTTP: POST /api/chat, and POST /api/forget to have it deleted."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, BeforeValidator, Field

from bot.web.conversation import Conversation
from bot.web.text import mended

Text = Annotated[str, BeforeValidator(lambda told: mended(told) if isinstance(told, str) else told)]


class Said(BaseModel):
    """One message of an owner."""

    session: Text | None = Field(None, description="As a former answer gave it, or null to start.")
    message: Annotated[Text, BeforeValidator(lambda told: "" if told is None else told)] = Field(
        "", description="What was written, or a button's payload; at most 4,000 characters."
    )
    message_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,100}$")] | None = Field(
        None, description="Yours: the same one is answered once, however often it is sent."
    )


class Button(BaseModel):
    title: str
    payload: str = Field(description="Send it as the message when the button is pressed.")


class RoadmapLink(BaseModel):
    id: str
    url: str = Field(description="The page to show or share.")


class CheckupLink(BaseModel):
    id: str
    url: str = Field(description="The page of what came out of a check-up.")


class Reply(BaseModel):
    """One thing said back; all but ``text`` are there only when they hold something."""

    text: str
    buttons: list[Button] | None = None
    roadmap: RoadmapLink | None = None
    offers: list[dict[str, Any]] | None = None
    checkup: CheckupLink | None = None


class Answered(BaseModel):
    session: str | None = Field(description="Send it with the next message; null once it has been deleted.")
    replies: list[Reply]


class Session(BaseModel):
    session: Text


class Forgotten(BaseModel):
    forgotten: bool


def router(conversation: Conversation) -> APIRouter:
    """Return the routes of the conversation."""
    routes = APIRouter(prefix="/api", tags=["conversation"])

    @routes.post("/chat", response_model=None, responses={200: {"model": Answered}})
    async def chat(said: Said) -> dict[str, Any]:
        """Answer one message. A failure keeps nothing: send the same message again."""
        return await conversation.turn(said.session, said.message, said.message_id)

    @routes.post("/forget")
    async def forget(session: Session) -> Forgotten:
        """Delete what is kept of a session now, its roadmaps with it."""
        await conversation.forget(session.session)
        return Forgotten(forgotten=True)

    return routes
