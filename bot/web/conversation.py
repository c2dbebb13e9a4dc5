"""One message of one session: claimed, answered once, kept; or released so that it can be tried again."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool

from bot.web.limits import Buckets, Turns
from bot.web.openings import Openings
from bot.web.problems import Problem
from bot.web.rasa import Rasa
from bot.web.replies import read_replies
from bot.web.services import Services
from bot.web.settings import Rate, Settings
from bot.web.text import as_words, cleaned
from knowledge_base.profile import BadProfile
from knowledge_base.replanning import BadProgress
from knowledge_base.store.chats import UnknownSession

logger = logging.getLogger(__name__)

T = TypeVar("T")

SESSION = re.compile(r"[A-Za-z0-9_.:-]{8,128}")
MOST_PAYLOADS = 300
# A chat that is looked at asks twenty times a minute.
NEWS_RATE, NEWS_ADDRESS_RATE = Rate(20, 60), Rate(200, 1200)


class Conversation:
    """Answers owners' messages through Rasa, keeping the promises Rasa's own channel does not."""

    def __init__(self, settings: Settings, services: Services, rasa: Rasa) -> None:
        self.settings = settings
        self.services = services
        self.rasa = rasa
        self.turns = Turns(settings.most_waiting)
        self.rates = Buckets(settings.session_rate)
        self.news_rates, self.news_addresses = Buckets(NEWS_RATE), Buckets(NEWS_ADDRESS_RATE)
        self.openings = Openings()

    async def turn(
        self, session: str | None, message: str, message_id: str | None, after: int | None = None
    ) -> dict[str, Any]:
        """Answer one message and return ``{"session", "replies"}``; ``session`` is None once forgotten.

        Where the owner asked for a person, ``person`` says who has that. While a person has the chat, the bot
        keeps quiet: ``replies`` are what they wrote after the line ``after``, and may be none.

        Raises:
            Problem: with nothing kept, so that the same message may be sent again.
        """
        words = self._readable(message)
        key, started = await self._open(session, message, message_id)
        if wait := self.rates.take(key, time.monotonic()):
            raise Problem("too_many", retry_after=wait)
        try:
            async with self.turns.of(key):
                id = message_id or secrets.token_urlsafe(16)
                return await self._with_person(await self._answer(key, message, words, id, after))
        except BaseException:
            if started:
                await self._quietly(lambda: self._forget(key))
            raise

    async def forget(self, session: str) -> None:
        """Delete what is kept of a session, once any answer under way is done."""
        if SESSION.fullmatch(session):
            async with self.turns.of(session):
                await kept(lambda: self._forget(session))

    def _readable(self, message: str) -> str:
        words = cleaned(message)
        if not as_words(words):
            raise Problem("empty_message")
        if len(words) > self.settings.most_characters:
            most = f"{self.settings.most_characters:,}"
            raise Problem("too_long", f"That is longer than the {most} characters we can read at once.")
        return words

    async def _open(self, session: str | None, message: str, message_id: str | None) -> tuple[str, bool]:
        chats, now = self.services.chats, self.services.clock()
        if session is None:
            return await self.openings.session(
                message_id, message, lambda: kept(lambda: chats.new_session(now))
            )
        if not SESSION.fullmatch(session) or not await kept(lambda: chats.known(session, now)):
            raise Problem("unknown_session")
        return session, False

    async def news(self, session: str, after: int, address: str) -> dict[str, Any]:
        """Return what a person wrote to an owner after a line, and who has the chat.

        Raises:
            Problem: the session is not known, or it is asked for too often.
        """
        at = time.monotonic()
        if wait := max(self.news_rates.take(session[:128], at), self.news_addresses.take(address, at)):
            raise Problem("too_many", "That is asked for too often. Wait a moment.", retry_after=wait)
        people, now = self.services.people, self.services.clock()
        if not SESSION.fullmatch(session) or not await kept(lambda: self.services.chats.known(session, now)):
            raise Problem("unknown_session")
        if people is None:
            return {"lines": [], "person": None}
        return await kept(lambda: people.news(session, after, now))

    async def _with_person(self, answered: dict[str, Any]) -> dict[str, Any]:
        people, session = self.services.people, answered["session"]
        if people is None or session is None:
            return answered
        person = await kept(lambda: people.person(session, self.services.clock()))
        return {**answered, "person": person} if person else answered

    async def _heard_by_person(
        self, session: str, words: str, message_id: str, after: int | None
    ) -> list[dict[str, Any]] | None:
        people = self.services.people
        if people is None:
            return None
        return await kept(lambda: people.hear(session, words, message_id, after, self.services.clock()))

    async def _answer(
        self, session: str, message: str, words: str, message_id: str, after: int | None
    ) -> dict[str, Any]:
        chats = self.services.chats
        claim = await kept(lambda: chats.claim(session, message_id, self.services.clock()))
        if isinstance(claim, list):
            return {"session": session, "replies": claim}
        if claim == "pending":
            raise Problem("still_answering", retry_after=2)
        try:
            issued = await kept(lambda: chats.issued(session))
            button = next((text for text in (message, words) if text in issued), None)
            # A button is the bot's own, and its payload no words for a person.
            if button is None:
                heard = await self._heard_by_person(session, words, message_id, after)
                if heard is not None:
                    await kept(lambda: self._keep(session, message_id, heard, issued, set()))
                    return {"session": session, "replies": heard}
            sent = as_words(words) if button is None else button
            said = read_replies(await self.rasa.say(session, sent, self._metadata()), self.settings.address)
            if not said.replies:
                raise Problem("not_reached", retry_after=1)
            if said.forget:
                await kept(lambda: self._forget(session))
                return {"session": None, "replies": said.replies}
            await kept(lambda: self._keep(session, message_id, said.replies, issued, said.payloads))
        except BaseException:
            await self._quietly(lambda: chats.release(session, message_id))
            raise
        return {"session": session, "replies": said.replies}

    def _forget(self, session: str) -> None:
        self.openings.drop(session)
        if self.services.forget_elsewhere:
            self.services.forget_elsewhere(session)
        self.services.chats.forget(session)
        if self.services.forget_rest:
            self.services.forget_rest()

    def _keep(
        self, session: str, message_id: str, replies: list[dict[str, Any]], issued: set[str], new: set[str]
    ) -> None:
        if not new <= issued:
            both = issued | new
            self.services.chats.set_issued(session, both if len(both) <= MOST_PAYLOADS else new)
        self.services.chats.keep_answer(session, message_id, replies, self.services.clock())

    def _metadata(self) -> dict[str, Any]:
        return {
            "role": "owner",
            "door": "web",
            "hub": self.settings.hub,
            "today": self.services.clock().date().isoformat(),
        }

    async def _quietly(self, call: Callable[[], None]) -> None:
        try:
            await kept(call)
        except Problem:
            logger.warning("a message could not be released; it frees itself in time")


async def kept(call: Callable[[], T]) -> T:
    """Run one call of the store off the event loop; any failure of it is ``not_kept``.

    What was told wrongly is no failure of the store, and is raised as it is.

    Only the kind of error is logged: a database error quotes the words it was given.
    """
    try:
        return await run_in_threadpool(call)
    except UnknownSession:
        raise Problem("unknown_session") from None
    except (BadProfile, BadProgress):
        raise
    except Exception as error:
        logger.error("the store failed: %s", type(error).__name__)
        raise Problem("not_kept", retry_after=5) from None
