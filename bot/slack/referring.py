"""What goes on about referrals without anybody pressing anything: cards, owners' lines, reminders, leads."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial

from starlette.concurrency import run_in_threadpool

from bot.slack.beside import beside
from bot.slack.blocks.referrals import thread_line
from bot.slack.parts import SlackDoor
from bot.slack.talk.referral_cards import Cards
from knowledge_base.advice import Advice
from knowledge_base.brokers.handing_on import client_for, move_due, say_closed, say_taken
from knowledge_base.brokers.records import Line, Referral
from knowledge_base.store.columns import in_utc

logger = logging.getLogger(__name__)

SECONDS = 1.0  # an owner who writes waits for it
ALL_SECONDS = 3.0
NOT_SHOWN = -1
AT_ONCE = 500
# How long ago something may have been closed that is looked at when the gateway starts.
LATELY = timedelta(days=3)
MOST_WAIT = timedelta(days=3)


class Referring:
    """Looks at what is open, and has Slack say how it stands. Several at once do no harm."""

    def __init__(self, door: SlackDoor, advice: Advice) -> None:
        self.door = door
        self.advice = advice
        self.cards = Cards(door, advice)
        self._shown: dict[str, int] | None = None

    def look(self) -> None:
        """Do once all that is due now. What fails for one referral does not keep the others waiting."""
        now = self.door.clock()
        move_due(self.advice, now)
        found = {each.code: each for each in self._to_show()}
        before = self._shown or {}
        for code in before.keys() - found.keys():
            gone = self.advice.referrals.get(code)
            if gone is not None:
                found[code] = gone
        shown: dict[str, int] = {}
        for code, referral in found.items():
            done = before.get(code) == referral.version or _done(partial(self._show, code))
            shown[code] = referral.version if done else NOT_SHOWN
        self._shown = {c: version for c, version in shown.items() if found[c].open or version == NOT_SHOWN}
        self.hand_over_lines()

    def hand_over_lines(self) -> None:
        """Put what owners wrote into their brokers' threads."""
        for line in self.advice.relay.unsent("owner", AT_ONCE):
            _done(partial(self._hand_over, line))

    def _to_show(self) -> list[Referral]:
        """What is open; at the start, what was closed lately too, as its card may still say otherwise."""
        now = self.door.clock()
        if self._shown is not None:
            return self.advice.referrals.open_ones(now)
        return [
            each
            for each in self.advice.referrals.list()
            if each.open or (each.closed_at is not None and each.closed_at >= now - LATELY)
        ]

    def _show(self, code: str) -> None:
        now = self.door.clock()
        # Read again: it may have gone to somebody else since all of them were, and must not go back.
        referral = self.advice.referrals.get(code)
        if referral is None:
            return
        if referral.open:
            client_for(self.advice, referral, now)  # given to somebody in the console, it has none yet
            say_taken(self.advice, referral, now)
        else:
            say_closed(self.advice, referral, now)
        kept = self.cards.bring_up_to_date(referral.code)
        if kept is not None and kept.open:
            self.cards.notices(kept)

    def _hand_over(self, line: Line) -> None:
        referral = self.advice.referrals.get(line.code)
        if referral is None:
            return
        there = self.cards.in_thread(referral, f"line-{line.id}", thread_line(line))
        # What nobody could be given of a closed referral is of no use to anybody any more.
        if there or (not referral.open and self._later_than(line, MOST_WAIT)):
            self.advice.relay.sent(line.id)

    def _later_than(self, line: Line, wait: timedelta) -> bool:
        return self.door.clock() - in_utc(line.at) > wait


def _done(step: Callable[[], object]) -> bool:
    try:
        step()
    except Exception as error:
        # Only its kind: the words may quote what somebody wrote.
        logger.error("a referral could not be shown in Slack (%s)", type(error).__name__)
        return False
    return True


@contextlib.asynccontextmanager
async def referring(door: SlackDoor, advice: Advice, seconds: float = SECONDS) -> AsyncIterator[None]:
    """Keep looking while the block lasts; a database that is away is tried again."""
    looking = Referring(door, advice)

    async def look() -> None:
        await door.identity.known()
        due = 0.0
        while True:
            try:
                now = asyncio.get_running_loop().time()
                if now >= due:
                    due = now + ALL_SECONDS
                    await run_in_threadpool(looking.look)
                else:
                    await run_in_threadpool(looking.hand_over_lines)
            except Exception as error:
                logger.error("referrals could not be looked at (%s)", type(error).__name__)
            await asyncio.sleep(seconds)

    async with beside(look()):
        yield
