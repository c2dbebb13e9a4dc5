"""The conversation over HTTP: POST /api/chat, and POST /api/forget to have it deleted."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, BeforeValidator, Field

from bot.web.conversation import Conversation
from bot.web.limits import network_of
from bot.web.text import mended

LAST_LINE = 2**53
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

    after: Annotated[int, Field(ge=0, le=LAST_LINE)] | None = Field(
        None, description="The id of a person's last line that was shown; see /api/chat/news."
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
    who: str | None = Field(None, description="The person who wrote it; left out when it is the bot.")
    line: int | None = Field(None, description="The id of a person's line.")


class Person(BaseModel):
    """Who has the owner's request for a person."""

    name: str
    state: str = Field(description="new, taken, in_contact, helped, not_for_us or unreachable.")
    live: bool = Field(description="The person has the chat: messages go to them, and the bot keeps quiet.")


class Line(BaseModel):
    id: int = Field(description="Send the last one as `after` to hear what came since.")
    who: str
    text: str
    at: str


class News(BaseModel):
    """What was written to an owner since a line, the oldest first."""

    lines: list[Line]
    person: Person | None


class Answered(BaseModel):
    session: str | None = Field(description="Send it with the next message; null once it has been deleted.")
    replies: list[Reply] = Field(description="None, where a person has the chat and wrote nothing yet.")
    person: Person | None = Field(None, description="There once the owner asked for a person.")


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
        return await conversation.turn(said.session, said.message, said.message_id, said.after)

    @routes.get("/chat/news")
    async def news(
        request: Request, session: str, after: Annotated[int, Query(ge=0, le=LAST_LINE)] = 0
    ) -> News:
        """Tell what a person wrote to an owner. Ask while a person has the chat, every few seconds."""
        address = network_of(request.client.host if request.client else None)
        return News(**await conversation.news(session, after, address))

    @routes.post("/forget")
    async def forget(session: Session) -> Forgotten:
        """Delete what is kept of a session now, its roadmaps with it."""
        await conversation.forget(session.session)
        return Forgotten(forgotten=True)

    return routes
