"""The address that Slack sends to: all is verified, kept and acknowledged, and worked on afterwards."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.slack import door as kinds
from bot.slack import intake
from bot.slack.door import Asked, Quick
from bot.slack.limits import ANSWER_SECONDS, MOST_BYTES, QUICK_SECONDS
from bot.slack.parts import SlackDoor
from bot.slack.quiet import quiet_logger
from bot.web.guards.bodies import BodyLimit

logger = logging.getLogger(__name__)

PATH = "/slack/events"
REMOVED = {"app_uninstalled", "tokens_revoked"}
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_DONE = BoltResponse(status=200, body="")
# Slack tries events again when it hears this; of all else the person hears that it failed.
_NOT_KEPT = BoltResponse(status=503, body={"error": "not_kept"})
TRY_AGAIN = "That could not be kept just now, so nothing was done. Try again in a minute."


def create_slack(door: SlackDoor) -> ASGIApp:
    """Return the application for `PATH`."""
    return BodyLimit(_Endpoint(create_bolt(door)), most=MOST_BYTES)


def create_bolt(door: SlackDoor) -> AsyncApp:
    """Return slack-bolt's application, which both HTTP and Socket Mode go through."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # Known already: asking Slack while Slack waits for us would tie each answer to its health.
        identity = door.identity
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=identity.bot_user or None,
            bot_id=identity.bot_id or None,
        )

    app = AsyncApp(
        name="fingerpost",
        logger=quiet_logger(),
        signing_secret=door.settings.signing_secret,
        client=AsyncWebClient(base_url=door.settings.api_url, logger=quiet_logger(), retry_handlers=[]),
        authorize=authorize,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    taking = _Taking(door)

    async def take(body: dict[str, Any], context: AsyncBoltContext) -> BoltResponse:
        return await taking.take(body, context.team_id or "", context.get("actor_team_id") or "")

    # Global, so that nothing is left unanswered: what no listener matches gets 404 from slack-bolt.
    app.middleware(take)
    return app


class _Taking:
    """Takes in what was verified."""

    def __init__(self, door: SlackDoor) -> None:
        self.door = door
        self._strangers: set[str] = set()

    async def take(self, body: dict[str, Any], team: str, user_team: str) -> BoltResponse:
        """Answer one request; nothing it raises is allowed to quote what somebody wrote."""
        try:
            return await self._take(body, team, user_team)
        except Exception as error:
            logger.error("what Slack sent could not be taken in (%s)", type(error).__name__)
            return _NOT_KEPT

    async def _take(self, body: dict[str, Any], team: str, user_team: str) -> BoltResponse:
        identity = self.door.identity
        if identity.team and team != identity.team:
            return self._stranger(body, team)
        asked = intake.read(body, team, user_team, identity.bot_user)
        if asked is None:
            self._note_removal(body)
            return _empty(body)
        return await self._answer(asked)

    async def _answer(self, asked: Asked) -> BoltResponse:
        quick, until = Quick(), asyncio.get_running_loop().time() + ANSWER_SECONDS
        if asked.kind in intake.QUICK:
            try:
                async with asyncio.timeout(QUICK_SECONDS):
                    quick = await self.door.handlers.quick(asked)
            except Exception as error:
                logger.error("a %s could not be answered at once (%s)", asked.kind, type(error).__name__)
                return _failed(asked)
        if asked.kind in intake.KEPT and quick.keep:
            try:
                async with asyncio.timeout_at(until):
                    await self.door.keep(asked)
            except Exception as error:
                logger.error("a %s could not be kept (%s)", asked.kind, type(error).__name__)
                return _failed(asked)
        if quick.answer is not None:
            return BoltResponse(status=200, body=dict(quick.answer))
        return BoltResponse(status=200, body={"options": []}) if asked.kind == kinds.OPTIONS else _DONE

    def _stranger(self, body: dict[str, Any], team: str) -> BoltResponse:
        """Answer another workspace: in words where somebody asked us, and with nothing kept."""
        if team not in self._strangers and len(self._strangers) < 1000:
            self._strangers.add(team)
            logger.warning(
                "something came from a workspace that SLACK_BOT_TOKEN does not belong to; it is left alone"
            )
        if "command" in body:
            return _told(intake.OTHER_WORKSPACE)
        return _empty(body)

    def _note_removal(self, body: dict[str, Any]) -> None:
        event = body.get("event")
        if isinstance(event, dict) and event.get("type") in REMOVED:
            logger.error("the app was removed from the workspace; install it again and copy its new token")


def _empty(body: dict[str, Any]) -> BoltResponse:
    """Acknowledge what we leave alone; a menu that waits for options gets none."""
    if body.get("type") in ("block_suggestion", "dialog_suggestion"):
        return BoltResponse(status=200, body={"options": []})
    return _DONE


def _failed(asked: Asked) -> BoltResponse:
    """Say that nothing was done: a person in words where there is a place for them, else by the status."""
    if asked.kind == kinds.COMMAND:
        return _told(TRY_AGAIN)
    if asked.kind == kinds.OPTIONS:
        return BoltResponse(status=200, body={"options": []})
    return _NOT_KEPT


def _told(words: str) -> BoltResponse:
    return BoltResponse(status=200, body={"response_type": "ephemeral", "text": words})


class _Endpoint:
    """Hands a request to slack-bolt, and refuses what slack-bolt would stumble over."""

    def __init__(self, bolt: AsyncApp) -> None:
        self.bolt = bolt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            response = await self._answer(Request(scope, receive))
            await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method in ("GET", "HEAD") and request.query_params.get("ssl_check") == "1":
            return Response(status_code=200)
        if request.method != "POST":
            return PlainTextResponse("Slack sends its requests here with POST.", 405, {"allow": "POST"})
        headers = {
            name: value for name, value in request.headers.items() if not name.startswith("x-slack-bolt")
        }
        signature = headers.get("x-slack-signature", "")
        if not _NUMBER.fullmatch(headers.get("x-slack-request-timestamp", "0")) or not signature.isascii():
            return PlainTextResponse("This is not signed as Slack signs.", 401)
        try:
            body = (await request.body()).decode("utf-8")
            asked = AsyncBoltRequest(body=body, headers=dict(headers))
            if not isinstance(asked.body, dict):
                raise ValueError("no object")
        except Exception:  # whatever its reading stumbles over, nothing of it is to be believed or logged
            return PlainTextResponse("This cannot be read as a request of Slack's.", 400)
        told = await self.bolt.async_dispatch(asked)
        return Response(told.body, told.status, dict(told.first_headers()))
