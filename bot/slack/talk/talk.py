"""Answer brokers: what comes in goes to whoever does it, once it is known who asks and about whom."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping
from typing import Protocol

from slack_sdk.webhook.async_client import AsyncWebhookClient
from starlette.concurrency import run_in_threadpool

from bot.slack import door as kinds
from bot.slack import verbs
from bot.slack.blocks.helping import help_message
from bot.slack.blocks.text import Message
from bot.slack.door import NOT_FOLLOWED, Asked, Quick
from bot.slack.members import Member, MembersUnknown
from bot.slack.parts import SlackDoor
from bot.slack.talk import words as told
from bot.slack.talk.conversing import Conversing
from bot.slack.talk.finding import AWAY, NOT_YOURS, OTHER_TEAMS, Finding, archived_words
from bot.slack.talk.forms import Forms
from bot.slack.talk.pressing import Pressing
from bot.slack.talk.referrals import ReferralTalk
from bot.slack.talk.saying import Room, Saying, client_of_root, line, room_of
from bot.slack.verbs import Pressed, pressed
from bot.web.rasa import Rasa
from bot.web.services import Services
from bot.web.settings import Settings
from knowledge_base.advice import Advice
from knowledge_base.brokers.records import Client, Place
from knowledge_base.store.clients import NoSuchClient

logger = logging.getLogger(__name__)

TOO_LONG = "That is longer than the {most:,} characters I can read at once. Please say it in fewer words."
TRY_AGAIN = "Slack does not say just now whether you may. Nothing was done; try again in a minute."
BY_MESSAGE = "I am not in this channel, so the roadmap comes to you alone. Invite me to have it here."


class Referring(Protocol):
    """Whoever does what is about referrals; see `bot.slack.talk.referrals`."""

    async def quick(self, asked: Asked, what: Pressed) -> Quick | None: ...

    async def pressed(self, asked: Asked, what: Pressed, member: Member) -> None: ...

    async def submitted(self, asked: Asked, member: Member) -> None: ...

    async def said(self, asked: Asked, code: str, member: Member) -> None: ...

    async def edited(self, asked: Asked, code: str, member: Member) -> None: ...

    async def listing(self, asked: Asked, member: Member) -> None: ...

    async def sent(self, key: str, channel: str, ts: str) -> None: ...


class Talk:
    """The `Handlers` of the brokers' door."""

    def __init__(
        self,
        door: SlackDoor,
        advice: Advice,
        settings: Settings,
        services: Services,
        referrals: Referring | None = None,
    ) -> None:
        self.door = door
        self.advice = advice
        self.settings = settings
        rasa = Rasa(settings.rasa_url, settings.rasa_seconds, services.transport)
        self.finding = Finding(door, advice)
        self.conversing = Conversing(door, advice, rasa, settings.hub, services.forget_elsewhere)
        self.pressing = Pressing(door, advice, self.finding, services.forget_elsewhere)
        self.forms = Forms(door, advice, self.finding)
        self.referrals: Referring = referrals or ReferralTalk(door, advice, self._of_a_referral)

    async def quick(self, asked: Asked) -> Quick:
        """Open a form, refuse what was filled in wrongly, list the options of a menu."""
        what = pressed(asked.action, asked.value)
        verb = what.verb if what and asked.kind == kinds.ACTION else asked.action
        if asked.kind != kinds.OPTIONS and verb not in verbs.MODALS:
            return Quick()  # at once: whether somebody may is asked afterwards
        try:
            if what and verb in verbs.REFERRAL_VERBS:
                return await self.referrals.quick(asked, what) or Quick()
            return await self.forms.quick(asked, what, await self._member(asked))
        except MembersUnknown:
            return _again(asked)

    async def handle(self, asked: Asked) -> None:
        """Do what was asked; a stranger is told whom to ask, and nothing else."""
        about = None
        if asked.kind in (kinds.CHANGED, kinds.DELETED):
            await self._edited(asked)
            return
        if asked.kind in (kinds.MESSAGE, kinds.MENTION):
            about = await run_in_threadpool(self._about, asked)
            if about is None and asked.kind == kinds.MESSAGE and not asked.direct:
                return  # others talk to each other
        member = await self._member(asked)
        if member is None and _of_referrals(asked, about):
            member = await self.door.members.lead(asked.user_team or asked.team, asked.user, asked.team)
        if member is None:
            await run_in_threadpool(self.finding.refuse, asked)
        elif asked.kind == kinds.COMMAND:
            await self._commanded(asked, member)
        elif asked.kind in (kinds.MENTION, kinds.MESSAGE):
            await self._written(asked, member)
        elif asked.kind == kinds.ACTION:
            await self._pressed(asked, member)
        elif asked.kind == kinds.SUBMISSION:
            await self._submitted(asked, member)
        elif asked.channel:
            await run_in_threadpool(self.finding.not_here, asked, NOT_FOLLOWED)

    async def sent(self, key: str, channel: str, ts: str) -> None:
        """Tie the thread under a client's root message to the client."""
        client = client_of_root(key)
        if client is not None:
            person = await run_in_threadpool(self.door.outbox.person_of, key)
            place = Place(self.door.identity.team, channel, ts, person)
            with contextlib.suppress(NoSuchClient):  # forgotten meanwhile; its message is taken down
                await run_in_threadpool(self.advice.clients.bind, place, client)
        await self.referrals.sent(key, channel, ts)

    async def _member(self, asked: Asked) -> Member | None:
        return await self.door.members.of(asked.user_team or asked.team, asked.user)

    def _about(self, asked: Asked) -> Client | str | None:
        place = Place(asked.team, asked.channel, asked.thread)
        return self.advice.clients.of_thread(place) if asked.thread else None

    async def _commanded(self, asked: Asked, member: Member) -> None:
        said = await run_in_threadpool(self.finding.meant, member, told.plain_words(asked.text))
        if await self._listed(asked, member, said):
            return
        if said.what == told.CLIENT:
            found = await run_in_threadpool(self.finding.called, member, said.words)
            if len(found) == 1:
                await self._open(asked, member, found[0])
            else:
                message = await run_in_threadpool(self.finding.listed, member, said.words)
                await self._put(asked, room_of(asked), "clients", message)
            return
        if await self._too_long(asked, said.words):
            return
        client, left = await run_in_threadpool(self.conversing.begin, asked, member, said.words)
        room = await self._begin(asked, client)
        await self.conversing.say(asked, member, client, room, left)

    async def _written(self, asked: Asked, member: Member) -> None:
        about = await run_in_threadpool(self._about, asked)
        if isinstance(about, str):
            await self.referrals.said(asked, about, member)
            return
        if about is not None and about.team != member.team.id:
            await run_in_threadpool(self.finding.not_here, asked, OTHER_TEAMS)
            return
        if about is not None and about.archived:
            await run_in_threadpool(self.finding.not_here, asked, archived_words(about))
            return
        words = told.plain_words(asked.text)
        said = await run_in_threadpool(self.finding.meant, member, words)
        words = said.words if said.what == told.WISH else words
        room = Room(asked.channel, asked.thread)
        if (said.what == told.HELP or about is None) and await self._listed(asked, member, said):
            return
        if await self._too_long(asked, words):
            return
        if about is None and await run_in_threadpool(self.finding.away, asked):
            await run_in_threadpool(self.finding.not_here, asked, AWAY)
            return
        if about is None:
            client, words = await run_in_threadpool(self.conversing.begin, asked, member, words)
            place = Place(asked.team, asked.channel, asked.thread, asked.user if asked.direct else "")
            await run_in_threadpool(self.advice.clients.bind, place, client.id)
        else:
            client = about
            if client.session == self.conversing.session_of(asked):
                words = told.named(words)[1]  # begun by these words, and cut off then
        await self.conversing.say(asked, member, client, room, words)

    async def _edited(self, asked: Asked) -> None:
        """Hand on what was changed or deleted in a referral's thread; elsewhere nobody answers an edit."""
        about = await run_in_threadpool(self._about, asked)
        member = await self._member(asked) if isinstance(about, str) else None
        if isinstance(about, str) and member is not None:
            await self.referrals.edited(asked, about, member)

    async def _of_a_referral(self, asked: Asked, member: Member, client: Client) -> None:
        """Go on with the client that a referral's holder keeps, where we are named in its thread."""
        if client.archived:
            await run_in_threadpool(self.finding.not_here, asked, archived_words(client))
            return
        words = told.plain_words(asked.text)
        said = told.told(words)
        if said.what == told.HELP:
            await self._listed(asked, member, said)
        elif not await self._too_long(asked, words):
            await self.conversing.say(asked, member, client, Room(asked.channel, asked.thread), words)

    async def _listed(self, asked: Asked, member: Member, said: told.Told) -> bool:
        """Answer what asks for help or a list; False for anything else."""
        if said.what == told.HELP:
            await self._put(asked, room_of(asked), "help", help_message())
        elif said.what == told.CLIENTS:
            message = await run_in_threadpool(self.finding.listed, member, said.words)
            await self._put(asked, self._alone(asked), "clients", message)
            await run_in_threadpool(self.finding.note, member, "clients_listed", member.team.id)
        elif said.what == told.REFERRALS:
            await self.referrals.listing(asked, member)
        else:
            return False
        return True

    def _alone(self, asked: Asked) -> Room:
        """Where a list goes: to whoever asked, since others in the channel may be of no team."""
        room = room_of(asked)
        return room if asked.direct else Room(room.channel, room.thread, only=asked.user)

    async def _pressed(self, asked: Asked, member: Member) -> None:
        what = pressed(asked.action, asked.value)
        if what is None or what.verb == verbs.LINK:
            return
        if what.verb in verbs.REFERRAL_VERBS:
            await self.referrals.pressed(asked, what, member)
            return
        if what.verb == verbs.OPEN:
            client = await run_in_threadpool(self.finding.mine, what.id, member)
            if client is None:
                await run_in_threadpool(self.finding.not_here, asked, NOT_YOURS)
            else:
                await self._open(asked, member, client)
            return
        await run_in_threadpool(self.pressing.press, asked, what, member)

    async def _submitted(self, asked: Asked, member: Member) -> None:
        if asked.action in verbs.REFERRAL_VERBS:
            await self.referrals.submitted(asked, member)
            return
        await run_in_threadpool(self.forms.submitted, asked, member)

    async def _open(self, asked: Asked, member: Member, client: Client) -> None:
        """Show a client where it is asked for: in its own thread, or in a new one."""
        if client.archived:
            await run_in_threadpool(self.finding.not_here, asked, archived_words(client))
            return
        about = await run_in_threadpool(self._about, asked)
        here = isinstance(about, Client) and about.id == client.id
        room = Room(asked.channel, asked.thread) if here else await self._begin(asked, client)
        await run_in_threadpool(self.pressing.open, asked, client, room)
        await run_in_threadpool(self.finding.note, member, "client_opened", client.id)

    async def _begin(self, asked: Asked, client: Client) -> Room:
        """Begin a client's thread where it was asked for, or in a direct message where we are not."""
        # A command may be given in the direct conversation of two people, where we are not.
        ours = asked.channel and not (asked.direct and asked.kind == kinds.COMMAND)
        joined = bool(ours) and await self.door.channels.joined(asked.channel)
        saying = Saying(self.door, asked)
        # By the person, so that whose direct conversation it is can be known afterwards.
        there = asked.channel if joined and not asked.direct else asked.user
        room = await run_in_threadpool(saying.begin, there, client)
        if not joined and not asked.direct and asked.response_url:
            await _whisper(asked.response_url, BY_MESSAGE)
        return room

    async def _too_long(self, asked: Asked, words: str) -> bool:
        most = self.settings.most_characters
        if len(words) <= most:
            return False
        await self._put(asked, room_of(asked), "too-long", line(TOO_LONG.format(most=most)))
        return True

    async def _put(self, asked: Asked, room: Room, name: str, message: Message) -> None:
        await run_in_threadpool(Saying(self.door, asked).put, room, name, message)


def _again(asked: Asked) -> Quick:
    """Ask whoever sends a form to try again: it stays open, with all that is in it. A press is kept instead,
    and answered once it is known whether they may."""
    if asked.kind == kinds.OPTIONS:
        return Quick({"options": []}, keep=False)
    view = (asked.body or {}).get("view")
    state = view.get("state") if isinstance(view, Mapping) else None
    values = state.get("values") if isinstance(state, Mapping) else None
    if asked.kind != kinds.SUBMISSION or not isinstance(values, Mapping) or not values:
        return Quick()
    return Quick({"response_action": "errors", "errors": {next(iter(values)): TRY_AGAIN}}, keep=False)


def _of_referrals(asked: Asked, about: Client | str | None) -> bool:
    """Whether something is about referrals alone, where a team's lead has a say who is no broker."""
    if asked.kind == kinds.ACTION:
        what = pressed(asked.action, asked.value)
        return what is not None and what.verb in verbs.REFERRAL_VERBS
    if asked.kind == kinds.SUBMISSION:
        return asked.action in verbs.REFERRAL_VERBS
    if asked.kind == kinds.COMMAND:
        return told.told(told.plain_words(asked.text)).what == told.REFERRALS
    return isinstance(about, str)


async def _whisper(url: str, words: str) -> None:
    """Tell somebody something through the address Slack gave with what they did; it may be lost."""
    try:
        await AsyncWebhookClient(url, timeout=3).send(text=words, response_type="ephemeral")
    except Exception as error:
        logger.warning("a word through response_url was lost (%s)", type(error).__name__)
