"""What brokers do with a referral in Slack: take it, answer it, pass it on, say how it ended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from starlette.concurrency import run_in_threadpool

from bot.slack.blocks.elements import section
from bot.slack.blocks.modals import (
    ANSWER_FIELD,
    BROKER,
    OUTCOME_FIELD,
    TO_FIELD,
    WHY_FIELD,
    answer_modal,
    decline_modal,
    outcome_modal,
    pass_on_modal,
    read_to,
)
from bot.slack.blocks.profile_form import chosen, typed
from bot.slack.blocks.text import Message, told
from bot.slack.door import MENTION, SUBMISSION, Asked, Quick
from bot.slack.members import Member
from bot.slack.parts import SlackDoor
from bot.slack.talk.correcting import ASIDE, Correcting, relayed_key
from bot.slack.talk.names import list_as_broker
from bot.slack.talk.referral_cards import Cards, lead_of
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
from knowledge_base.brokers.records import NEW, OUTCOMES, Client, Referral
from knowledge_base.store import referral_trail as trail
from knowledge_base.store.audit import Audit
from knowledge_base.store.referrals import NoSuchReferral, WrongState

GONE = "There is no referral with this code any more; the business may have deleted it."
OTHER_TEAMS = "This referral is with another team, so there is nothing to do here."
TAKE_FIRST = "That went to nobody: take the referral first, then what you write here goes to the owner."
NOT_YOURS = "That stayed among colleagues: only what {who} writes here goes to the owner."
CLOSED = "That went to nobody: this referral is closed."
ASK_LATER = "Take the referral first; then ask me here about its roadmap, and only the team reads the answer."
NO_WORDS = "Only words reach the owner's chat, and there were none in that."
TOO_LONG = "That is longer than the {most:,} characters that fit into the owner's chat, so it was not sent."
TOO_LATE = "The form could not be opened in time. Press the button once more."
NO_CHAT = (
    "That went to nobody: this referral has no chat behind it. "
    "The direct message with who it is says how to reach them."
)
MOST_CHARACTERS = 4000
FORMS = (PASS_ON, DECLINE, ANSWER, OUTCOME)

Converse = Callable[[Asked, Member, Client], Awaitable[None]]


class ReferralTalk:
    """Does what is about referrals. ``converse`` takes what is said to us in a referral's thread."""

    def __init__(self, door: SlackDoor, advice: Advice, converse: Converse | None = None) -> None:
        self.door = door
        self.advice = advice
        self.cards = Cards(door, advice)
        self.correcting = Correcting(door, advice, self._unsent, self._tell)
        self.converse = converse

    async def quick(self, asked: Asked, what: Pressed) -> Quick | None:
        """Open the form a button asks for, for whoever may; all else is done afterwards."""
        if asked.kind == SUBMISSION:
            faults = _faults(asked)
            return Quick({"response_action": "errors", "errors": faults}, keep=False) if faults else None
        if what.verb not in FORMS:
            return None
        member = await self.door.members.for_referrals(asked.user_team, asked.user, asked.team)
        if member is None:
            return None
        view = await run_in_threadpool(self._form, asked, what, member)
        if view is None:
            return None
        await self.door.client.views_open(trigger_id=asked.trigger, view=view)
        return Quick(keep=False)

    async def pressed(self, asked: Asked, what: Pressed, member: Member) -> None:
        """Do what a button says; of a form that did not open, say why."""
        if what.verb == TAKE:
            member = await self._as_broker(asked, what.id, member)
        await run_in_threadpool(self._do, asked, what.verb, what.id, member, self._room(asked))

    async def submitted(self, asked: Asked, member: Member) -> None:
        """Do what a form says."""
        kept = kept_in(asked.value)
        room = Room(kept.get("channel", "") or asked.user, kept.get("thread", ""))
        if asked.action in (PASS_ON, DECLINE):
            member = await self._as_broker(asked, kept.get("code", ""), member)
        await run_in_threadpool(self._do, asked, asked.action, kept.get("code", ""), member, room)

    async def said(self, asked: Asked, code: str, member: Member) -> None:
        """Hand what was written in a referral's thread to the owner, if it is from whoever has it."""
        if not self._to_us(asked):
            await run_in_threadpool(self._said, asked, code, member)
            return
        made = await run_in_threadpool(self.advice.clients.of_referral, code)
        get = self.advice.clients.get
        client = await run_in_threadpool(get, made.id, member.team.id) if made else None
        if self.converse and client is not None and not member.lead:
            await self.converse(asked, member, client)
        else:
            room = Room(asked.channel, asked.thread)
            await run_in_threadpool(self._tell, asked, room, ASK_LATER)

    async def edited(self, asked: Asked, code: str, member: Member) -> None:
        """Correct for the owner what was changed in a referral's thread; what is deleted stays with them."""
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

    def _form(self, asked: Asked, what: Pressed, member: Member) -> dict[str, Any] | None:
        """The form for a button; None where the answer is a word instead."""
        referral = self.advice.referrals.get(what.id)
        if referral is None or not referral.open:
            return None
        mine = member.broker is not None and referral.broker == member.broker.id
        lead = self._leads(member, referral)
        if what.verb in (ANSWER, OUTCOME) and not (mine or (lead and what.verb == OUTCOME)):
            return None
        theirs = referral.team == member.team.id and referral.broker is None and not member.lead
        if what.verb == DECLINE and not (mine or theirs):
            return None
        if what.verb == PASS_ON and not (mine or theirs or lead):
            return None
        room = self._room(asked)
        keep = json.dumps({"code": referral.code, "channel": room.channel, "thread": room.thread})
        if what.verb == PASS_ON:
            teams = [(team.id, team.name) for team in self.advice.teams.all(active=True)]
            mates = self.advice.brokers.all(referral.team or member.team.id, active=True)
            return pass_on_modal(referral, teams, [(each.id, each.name) for each in mates], keep)
        form = {DECLINE: decline_modal, ANSWER: answer_modal, OUTCOME: outcome_modal}[what.verb]
        return form(referral, keep)

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
        now, kept, state = self.door.clock(), self.advice.referrals, _state(asked)
        by = member.broker.id if member.broker else member.who
        if verb in FORMS and asked.kind != SUBMISSION:
            may = self._form(asked, Pressed(verb, "", code), member) is not None
            raise WrongState(TOO_LATE if may else self._standing(code))
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
                raise WrongState(self._standing(code))
            lead = self._leads(member, kept.get(code))
            say_closed(self.advice, kept.close(code, outcome, by, now, as_lead=lead), now)
        elif verb == DECLINE:
            decline(self.advice, code, by, typed(state, WHY_FIELD), now)
        elif verb == PASS_ON:
            self._pass_on(asked, code, member, by)
        Audit(self.door.database).note(member.who, f"referral_{verb}", code, now)

    def _pass_on(self, asked: Asked, code: str, member: Member, by: str) -> None:
        to = read_to(chosen(_state(asked), TO_FIELD))
        if to is None:
            raise WrongState(self._standing(code))
        what, id = to
        to_team, to_broker = (None, id) if what == BROKER else (id, None)
        now = self.door.clock()
        if to_broker and self.advice.brokers.get(to_broker) is None:
            raise WrongState("That person is not in the list of brokers any more.")
        lead = self._leads(member, self.advice.referrals.get(code))
        referral = self.advice.referrals.pass_on(
            code, to_team=to_team, to_broker=to_broker, by=by, now=now, as_lead=lead
        )
        if to_broker:
            take(self.advice, code, to_broker, now)
        self.cards.bring_up_to_date(code)
        why = typed(_state(asked), WHY_FIELD)
        person = self.advice.brokers.get(to_broker) if to_broker else None
        name = member.broker.name if member.broker else "The lead" if member.lead else "A colleague"
        words = f"{told(name, 100)} passed it on{': ' + told(why, 600) if why else '.'}"
        called = f"<@{person.slack_user}> " if person and person.slack_user else ""
        self.cards.in_thread(referral, f"passed-{_short(asked.key)}", _shown(called + words))

    def _answer(self, asked: Asked, code: str, by: str, text: str) -> None:
        referral = self._holds(code, by)
        if not text:
            raise WrongState(NO_WORDS)
        if not referral.session:
            raise WrongState(NO_CHAT)
        now = self.door.clock()
        self._send(referral, by, text, asked.key, now)
        who = self.advice.brokers.get(by)
        words = f"{told(who.name if who else 'A colleague', 100)} wrote to the owner: {told(text, 2500)}"
        self.cards.in_thread(referral, f"answer-{_short(asked.key)}", _shown(words))

    def _said(self, asked: Asked, code: str, member: Member) -> None:
        if asked.text.lstrip().startswith(ASIDE):
            return
        words = plain_words(asked.text)
        referral = self.advice.referrals.get(code)
        refused = self._unsent(referral, member, words)
        if refused or referral is None:
            self._tell(asked, Room(asked.channel, asked.thread), refused or GONE)
            return
        self._send(referral, str(referral.broker), words, asked.key, self.door.clock())
        self.cards.bring_up_to_date(code)

    def _unsent(self, referral: Referral | None, member: Member, words: str) -> str:
        """Why a line does not go to the owner; "" where it does."""
        if referral is None:
            return GONE
        if referral.team not in (None, member.team.id):
            return OTHER_TEAMS
        if not referral.open:
            return CLOSED
        if referral.broker is None:
            return TAKE_FIRST
        if member.broker is None or member.broker.id != referral.broker:
            holder = self.advice.brokers.get(referral.broker)
            return NOT_YOURS.format(who=holder.name if holder else "who has it")
        if not referral.session:
            return NO_CHAT
        if len(words) > MOST_CHARACTERS:
            return TOO_LONG.format(most=MOST_CHARACTERS)
        return "" if words else NO_WORDS

    def _send(self, referral: Referral, by: str, text: str, key: str, now: Any) -> None:
        """Keep a line for the owner; from now on the owner's chat is with this broker."""
        self.advice.relay.begin(referral.code, now)
        self.advice.relay.say(referral.code, "broker", by, text, relayed_key(key), now)

    def _holds(self, code: str, by: str) -> Referral:
        referral = self.advice.referrals.get(code)
        if referral is None:
            raise NoSuchReferral
        if not referral.open or referral.broker != by:
            raise WrongState(self._standing(code))
        return referral

    def _standing(self, code: str) -> str:
        """Say in a line who has a referral or what became of it."""
        referral = self.advice.referrals.get(code)
        if referral is None:
            raise NoSuchReferral
        if not referral.open:
            return "It is closed already, so nothing was done."
        if referral.state == NEW:
            team = self.advice.teams.get(referral.team) if referral.team else None
            return f"Nobody has taken it yet; it is with {team.name if team else 'the hub’s lead'}."
        broker = self.advice.brokers.get(referral.broker or "")
        return f"{broker.name if broker else 'Somebody else'} has taken it."

    def _listing(self, asked: Asked, member: Member) -> None:
        mine = self.advice.referrals.of_broker(member.broker.id) if member.broker else []
        theirs = self.advice.referrals.of_team(member.team.id)
        theirs += [each for each in self.advice.referrals.unplaced(20) if self._leads(member, each)]
        names = {each.id: each.name for each in self.advice.brokers.all()}
        message = listed(mine, [each for each in theirs if each not in mine], names)
        room = room_of(asked)
        alone = Room(room.channel, room.thread, only="" if asked.direct else asked.user)
        Saying(self.door, asked).put(alone, "referrals", message)

    async def _as_broker(self, asked: Asked, code: str, member: Member) -> Member:
        """Return somebody as the broker they have to be; a lead becomes one only by taking what is theirs.

        They stay one for as long as the user group has them, or the team names them as its lead.
        """
        if member.broker is not None or (member.lead and asked.kind == SUBMISSION):
            return member
        referral = await run_in_threadpool(self.advice.referrals.get, code)
        if referral is None or not referral.open:
            return member
        if member.lead and not await run_in_threadpool(self._leads, member, referral):
            return member
        await list_as_broker(self.door, self.advice, member)
        found = await self.door.members.of(asked.user_team or asked.team, asked.user)
        if found is None or not member.lead:
            return found or member
        return replace(found, lead=True)

    def _leads(self, member: Member, referral: Referral | None) -> bool:
        """Whether somebody leads the team that has a referral, or has it since no team does."""
        if referral is None:
            return False
        teams = {team.id: team for team in self.advice.teams.all()}
        team = teams.get(referral.team) if referral.team else None
        if team is None:
            before = [entry.team for entry in self.advice.referrals.trail(referral.code) if entry.team]
            team = lead_of(teams, before)
        return (
            team is not None
            and team.active
            and team.lead_slack == member.slack_user
            and team.slack_team in ("", member.slack_team)
        )

    def _room(self, asked: Asked) -> Room:
        """Where a word about what was pressed goes: beside the card, or in the thread it was pressed in."""
        thread = asked.thread if asked.thread != asked.ts else ""
        return Room(asked.channel or asked.user, thread)

    def _tell(self, asked: Asked, room: Room, words: str) -> None:
        alone = asked.user if room.channel.startswith(("C", "G")) else ""
        Saying(self.door, asked).put(Room(room.channel, room.thread, only=alone), "word", line(words))


def _state(asked: Asked) -> dict[str, Any]:
    """The fields of a form, by block; nothing where it was no form."""
    view = (asked.body or {}).get("view")
    state = view.get("state") if isinstance(view, dict) else None
    return state if isinstance(state, dict) else {}


def _faults(asked: Asked) -> dict[str, str]:
    """What is wrong with a form's fields, by block."""
    state = _state(asked)
    if asked.action == ANSWER and not typed(state, ANSWER_FIELD):
        return {ANSWER_FIELD: "Write what the owner is to read."}
    if asked.action == OUTCOME and chosen(state, OUTCOME_FIELD) not in OUTCOMES:
        return {OUTCOME_FIELD: "Choose how it ended."}
    if asked.action == DECLINE and not typed(state, WHY_FIELD):
        return {WHY_FIELD: "Say why, for the team that reads it next."}
    return {}


def _short(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def _mentioned(user: str) -> Message:
    """Say who has it, by a mention: so the person follows the thread from now on."""
    return _shown(f"<@{user}> has it. Who it is about went to them in a direct message.")


def _shown(words: str) -> Message:
    """A line that is safe already."""
    return Message(words, [section(words[:2900])])
