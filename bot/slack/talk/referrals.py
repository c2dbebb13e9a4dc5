"""What brokers do with a referral in Slack: take it, answer it, pass it on, say how it ended."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from starlette.concurrency import run_in_threadpool

from bot.slack.blocks.elements import section
from bot.slack.blocks.modals import ANSWER_FIELD, BROKER, OUTCOME_FIELD, TO_FIELD, WHY_FIELD, read_to
from bot.slack.blocks.profile_form import chosen, typed
from bot.slack.blocks.text import Message, told
from bot.slack.door import MENTION, SUBMISSION, Asked, Quick
from bot.slack.members import Member, as_listed
from bot.slack.parts import SlackDoor
from bot.slack.talk.correcting import MENTIONED, Correcting, is_aside, relayed_key
from bot.slack.talk.names import list_as_broker
from bot.slack.talk.opening import open_form
from bot.slack.talk.referral_cards import Cards
from bot.slack.talk.referral_forms import FORMS, GONE, NO_CHAT, ReferralForms, state_of
from bot.slack.talk.referral_list import listed
from bot.slack.talk.saying import Room, Saying, kept_in, line, room_of
from bot.slack.talk.words import plain_words
from bot.slack.verbs import (
    ANSWER,
    CONTACTED,
    DECLINE,
    HAND_BACK,
    OUTCOME,
    PASS_ON,
    TAKE,
    Pressed,
)
from knowledge_base.advice import Advice
from knowledge_base.brokers.handing_on import decline, say_closed, spoken_to, take
from knowledge_base.brokers.records import OUTCOMES, Client, Referral
from knowledge_base.store import referral_trail as trail
from knowledge_base.store.audit import Audit
from knowledge_base.store.referrals import NoSuchReferral, WrongState

OTHER_TEAMS = "This referral is with another team, so there is nothing to do here."
TAKE_FIRST = "That went to nobody: take the referral first, then what you write here goes to the owner."
NOT_YOURS = "That stayed among colleagues: only what {who} writes here goes to the owner."
CLOSED = "That went to nobody: this referral is closed."
ASK_LATER = "Take the referral first; then ask me here about its roadmap, and only the team reads the answer."
FORMER_TEAMS = (
    "Its roadmap is with the team you were in. Pass the referral on to your team of now and take it there, "
    "and you have the roadmap too. What you write here goes to the owner meanwhile."
)
NO_CLIENT = (
    "Its client was deleted, and none is made again while the referral is yours, so nothing can be asked "
    "here. Pass it on to somebody, and whoever has it then gets one; or begin a client of your own for it."
)
LOST = "That went to nobody, since the referral changed hands meanwhile. Write it once more if it is yours."
NO_WORDS = "Only words reach the owner's chat, and there were none in that."
TOO_LONG = "That is longer than the {most:,} characters that fit into the owner's chat, so it was not sent."
TOO_LATE = "The form could not be opened in time. Press the button once more."
TO_COLLEAGUES = (
    "That stayed among colleagues, since it begins with a mention. "
    "What is for the owner goes to them when it begins otherwise."
)
FILE_STAYED = "Your words went to the owner; the file did not, since only words reach their chat."
MOST_CHARACTERS = 4000

Converse = Callable[[Asked, Member, Client], Awaitable[None]]


class ReferralTalk:
    """Does what is about referrals. ``converse`` takes what is said to us in a referral's thread."""

    def __init__(self, door: SlackDoor, advice: Advice, converse: Converse | None = None) -> None:
        self.door = door
        self.advice = advice
        self.cards = Cards(door, advice)
        self.forms = ReferralForms(advice)
        self.correcting = Correcting(door, advice, self._unsent, self._tell)
        self.converse = converse

    async def quick(self, asked: Asked, what: Pressed) -> Quick | None:
        """Open the form a button asks for, for whoever may, and say in it why it cannot be done any more.

        All else is done afterwards.
        """
        if what.verb not in FORMS:
            return None
        member = await self.door.members.for_referrals(asked.user_team, asked.user, asked.team)
        if asked.kind == SUBMISSION:
            faults = await run_in_threadpool(self.forms.faults, asked, member)
            return Quick({"response_action": "errors", "errors": faults}, keep=False) if faults else None
        if member is None:
            return None
        view = await run_in_threadpool(self.forms.form, what.verb, what.id, member, self._room(asked))
        if view is None:
            return None
        return await open_form(self.door, asked.trigger, view)

    async def pressed(self, asked: Asked, what: Pressed, member: Member) -> None:
        """Do what a button says; of a form that did not open, say why."""
        member = await self._as_holder(what.id, member)
        if what.verb == TAKE:
            member = await self._as_broker(asked, what.id, member)
        await run_in_threadpool(self._do, asked, what.verb, what.id, member, self._room(asked))

    async def submitted(self, asked: Asked, member: Member) -> None:
        """Do what a form says."""
        kept = kept_in(asked.value)
        room = Room(kept.get("channel", "") or asked.user, kept.get("thread", ""))
        member = await self._as_holder(kept.get("code", ""), member)
        if asked.action in (PASS_ON, DECLINE):
            member = await self._as_broker(asked, kept.get("code", ""), member)
        await run_in_threadpool(self._do, asked, asked.action, kept.get("code", ""), member, room)

    async def said(self, asked: Asked, code: str, member: Member) -> None:
        """Hand what was written in a referral's thread to the owner, if it is from whoever has it."""
        member = await self._as_holder(code, member)
        if not self._to_us(asked):
            await run_in_threadpool(self._said, asked, code, member)
            return
        made = await run_in_threadpool(self.advice.clients.of_referral, code)
        get = self.advice.clients.get
        client = await run_in_threadpool(get, made.id, member.team.id) if made else None
        if self.converse and client is not None and not member.lead:
            await self.converse(asked, member, client)
        else:
            referral = await run_in_threadpool(self.advice.referrals.get, code)
            mine = member.broker is not None and referral is not None and referral.broker == member.broker.id
            mine_words = NO_CLIENT if made is None else FORMER_TEAMS
            words = mine_words if mine else ASK_LATER
            await run_in_threadpool(self._tell, asked, Room(asked.channel, asked.thread), words)

    async def edited(self, asked: Asked, code: str, member: Member) -> None:
        """Correct for the owner what was changed in a referral's thread; what is deleted stays with them."""
        member = await self._as_holder(code, member)
        await run_in_threadpool(self.correcting.edited, asked, code, member)

    async def listing(self, asked: Asked, member: Member) -> None:
        """Show somebody, alone, the open referrals that are theirs and their team's."""
        await run_in_threadpool(self._listing, asked, member)

    async def sent(self, key: str, channel: str, ts: str) -> None:
        """Tie the thread under a card to its referral."""
        await run_in_threadpool(self.cards.bind, key, channel, ts)

    def _to_us(self, asked: Asked) -> bool:
        """Whether a message names us; it may come as a plain message first, and is no word for the owner."""
        event = (asked.body or {}).get("event")
        words = str(event.get("text") or "") if isinstance(event, dict) else ""
        us = self.door.identity.bot_user
        return asked.kind == MENTION or bool(us and f"<@{us}" in words)

    # Everything below blocks.

    def _do(self, asked: Asked, verb: str, code: str, member: Member, room: Room) -> None:
        try:
            self._doing(asked, verb, code, member)
        except NoSuchReferral:
            self._tell(asked, room, GONE)
        except WrongState as error:
            self._tell(asked, room, str(error))
        self.cards.bring_up_to_date(code)
        self.door.wake_deliverer()

    def _doing(self, asked: Asked, verb: str, code: str, member: Member) -> None:
        now, kept, state = self.door.clock(), self.advice.referrals, state_of(asked)
        by = member.broker.id if member.broker else member.who
        if verb in FORMS and asked.kind != SUBMISSION:
            standing, referral = self.forms.standing(code), kept.get(code)
            may = referral is not None and self.forms.may(verb, referral, member)
            raise WrongState(TOO_LATE if may else standing)
        if verb == TAKE:
            referral = take(self.advice, code, by, now)
            self.cards.bring_up_to_date(code)
            times = sum(each.what == trail.TAKEN for each in kept.trail(code))
            self.cards.in_thread(referral, f"taken-{by}-{times}", _mentioned(member.slack_user))
        elif verb == CONTACTED:
            kept.contacted(code, by, now)
        elif verb == HAND_BACK:
            self._holds(code, by)
            spoken_to(self.advice, code, now)
        elif verb == ANSWER:
            self._answer(asked, code, by, typed(state, ANSWER_FIELD, lines=True))
        elif verb == OUTCOME:
            outcome = chosen(state, OUTCOME_FIELD)
            if outcome not in OUTCOMES:
                raise WrongState(self.forms.standing(code))
            lead = self.forms.leads(member, kept.get(code))
            say_closed(self.advice, kept.close(code, outcome, by, now, as_lead=lead), now)
        elif verb == DECLINE:
            decline(self.advice, code, by, typed(state, WHY_FIELD), now)
        elif verb == PASS_ON:
            self._pass_on(asked, code, member, by)
        Audit(self.door.database).note(member.who, f"referral_{verb}", code, now)

    def _pass_on(self, asked: Asked, code: str, member: Member, by: str) -> None:
        to = read_to(chosen(state_of(asked), TO_FIELD))
        if to is None:
            raise WrongState(self.forms.standing(code))
        what, id = to
        to_team, to_broker = (None, id) if what == BROKER else (id, None)
        now = self.door.clock()
        if to_broker and self.advice.brokers.get(to_broker) is None:
            raise WrongState("That person is not in the list of brokers any more.")
        lead = self.forms.leads(member, self.advice.referrals.get(code))
        referral = self.advice.referrals.pass_on(
            code, to_team=to_team, to_broker=to_broker, by=by, now=now, as_lead=lead
        )
        if to_broker:
            take(self.advice, code, to_broker, now)
        self.cards.bring_up_to_date(code)
        why = typed(state_of(asked), WHY_FIELD)
        person = self.advice.brokers.get(to_broker) if to_broker else None
        name = member.broker.name if member.broker else "The lead" if member.lead else "A colleague"
        words = f"{told(name, 100)} passed it on{': ' + told(why, 600) if why else '.'}"
        called = f"<@{person.slack_user}> " if person and person.slack_user else ""
        self.cards.in_thread(referral, f"passed-{_short(asked.key)}", _shown(called + words))

    def _answer(self, asked: Asked, code: str, by: str, text: str) -> None:
        referral = self._holds(code, by)
        if not text:
            raise WrongState(NO_WORDS)
        if not self.forms.has_chat(referral):
            raise WrongState(NO_CHAT)
        now = self.door.clock()
        self._send(referral, by, text, asked.key, now)
        self._show_colleagues(asked, referral, by, text)

    def _show_colleagues(self, asked: Asked, referral: Referral, by: str, text: str) -> None:
        """Have a referral's thread say what was written to its owner elsewhere."""
        who = self.advice.brokers.get(by)
        words = f"{told(who.name if who else 'A colleague', 100)} wrote to the owner: {told(text, 2500)}"
        self.cards.in_thread(referral, f"answer-{_short(asked.key)}", _shown(words))

    def _said(self, asked: Asked, code: str, member: Member) -> None:
        words, room = plain_words(asked.text), Room(asked.channel, asked.thread)
        referral = self.advice.referrals.get(code)
        refused = self._unsent(referral, member, words)
        if is_aside(asked.text):
            if not refused and MENTIONED.match(asked.text):
                self._tell(asked, room, TO_COLLEAGUES, once=f"aside:{code}:{asked.user}")
            return
        if refused or referral is None:
            self._tell(asked, room, refused or GONE)
            return
        try:
            self._send(referral, str(referral.broker), words, asked.key, self.door.clock())
        except (NoSuchReferral, WrongState):  # it changed hands, or ended, meanwhile
            refused = self._unsent(self.advice.referrals.get(code), member, words)
            self._tell(asked, room, refused or LOST)
            return
        if asked.direct and self.cards.place_of(referral) is not None:
            self._show_colleagues(asked, referral, str(referral.broker), words)
        if _files(asked):
            self._tell(asked, room, FILE_STAYED)
        self.cards.bring_up_to_date(code)

    def _unsent(self, referral: Referral | None, member: Member, words: str) -> str:
        """Why a line does not go to the owner; "" where it does."""
        if referral is None:
            return GONE
        # Who has it stays the one the owner talks with, in whatever team they are by now.
        mine = member.broker is not None and member.broker.id == referral.broker
        if not mine and referral.team not in (None, member.team.id):
            return OTHER_TEAMS
        if not referral.open:
            return CLOSED
        if referral.broker is None:
            return TAKE_FIRST
        if not mine:
            holder = self.advice.brokers.get(referral.broker)
            return NOT_YOURS.format(who=holder.name if holder else "who has it")
        if not self.forms.has_chat(referral):
            return NO_CHAT
        if len(words) > MOST_CHARACTERS:
            return TOO_LONG.format(most=MOST_CHARACTERS)
        return "" if words else NO_WORDS

    def _send(self, referral: Referral, by: str, text: str, key: str, now: Any) -> None:
        """Keep a line for the owner; from now on the owner's chat is with this broker.

        Raises:
            NoSuchReferral, WrongState: it is gone, or this broker has it no more.
        """
        code = referral.code
        self.advice.relay.begin(code, now, holder=by)
        kept = self.advice.relay.say(code, "broker", by, text, relayed_key(key), now, holder=by)
        if kept is None and not self.advice.relay.versions(code, relayed_key(key)):
            raise WrongState(self.forms.standing(code))  # none is kept where it was kept before, too

    def _holds(self, code: str, by: str) -> Referral:
        referral = self.advice.referrals.get(code)
        if referral is None:
            raise NoSuchReferral
        if not referral.open or referral.broker != by:
            raise WrongState(self.forms.standing(code))
        return referral

    def _listing(self, asked: Asked, member: Member) -> None:
        listed_as = as_listed(self.advice.brokers, member).broker
        mine = self.advice.referrals.of_broker(listed_as.id) if listed_as else []
        theirs = self.advice.referrals.of_team(member.team.id)
        theirs += [each for each in self.advice.referrals.unplaced(20) if self.forms.leads(member, each)]
        names = {each.id: each.name for each in self.advice.brokers.all()}
        message = listed(mine, [each for each in theirs if each not in mine], names)
        room = room_of(asked)
        alone = room if asked.direct else Room(room.channel, room.thread, only=asked.user)
        Saying(self.door, asked).put(alone, "referrals", message)

    async def _as_holder(self, code: str, member: Member) -> Member:
        """Return who has a referral as its broker, though they are in another team's user group by now."""
        held = await run_in_threadpool(as_listed, self.advice.brokers, member)
        referral = await run_in_threadpool(self.advice.referrals.get, code)
        mine = held.broker is not None and referral is not None and referral.broker == held.broker.id
        return held if mine else member

    async def _as_broker(self, asked: Asked, code: str, member: Member) -> Member:
        """Return somebody as the broker they have to be; a lead becomes one only by taking what is theirs.

        They stay one for as long as the user group has them, or the team names them as its lead.
        """
        if member.broker is not None or (member.lead and asked.kind == SUBMISSION):
            return member
        referral = await run_in_threadpool(self.advice.referrals.get, code)
        if referral is None or not referral.open:
            return member
        if member.lead and not await run_in_threadpool(self.forms.leads, member, referral):
            return member
        await list_as_broker(self.door, self.advice, member)
        found = await self.door.members.of(asked.user_team or asked.team, asked.user)
        if found is None or not member.lead:
            return found or member
        return replace(found, lead=True)

    def _room(self, asked: Asked) -> Room:
        """Where a word about what was pressed goes: beside the card, or in the thread it was pressed in."""
        thread = asked.thread if asked.thread != asked.ts else ""
        return Room(asked.channel or asked.user, thread)

    def _tell(self, asked: Asked, room: Room, words: str, once: str = "") -> None:
        alone = asked.user if room.channel.startswith(("C", "G")) else ""
        saying, there = Saying(self.door, asked), Room(room.channel, room.thread, only=alone)
        if once:
            saying.once(once, there, line(words))
        else:
            saying.put(there, "word", line(words))


def _files(asked: Asked) -> bool:
    """Whether something was attached to a message."""
    event = (asked.body or {}).get("event")
    files = event.get("files") if isinstance(event, dict) else None
    return isinstance(files, list) and any(isinstance(each, dict) for each in files)


def _short(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def _mentioned(user: str) -> Message:
    """Say who has it, by a mention: so the person follows the thread from now on."""
    return _shown(f"<@{user}> has it. Who it is about went to them in a direct message.")


def _shown(words: str) -> Message:
    """A line that is safe already."""
    return Message(words, [section(words[:2900])])
