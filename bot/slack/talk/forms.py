"""The forms about a client: opened while Slack waits, refused where they cannot be read, done afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool

from bot.slack import door as kinds
from bot.slack import verbs
from bot.slack.blocks import limits
from bot.slack.blocks.clients import client_menu
from bot.slack.blocks.modals import (
    NAME_FIELD,
    NEEDS_FIELD,
    NOTE_FIELD,
    SHARE_NOTE_FIELD,
    TO_FIELD,
    hand_over_modal,
    needs_modal,
    note_modal,
    rename_modal,
)
from bot.slack.blocks.profile_form import chosen, offer_options, profile_modal, typed
from bot.slack.blocks.text import Block, plain
from bot.slack.door import Asked, Quick
from bot.slack.members import Member
from bot.slack.parts import SlackDoor
from bot.slack.talk.finding import NOT_YOURS, Finding, archived_words
from bot.slack.talk.opening import open_form
from bot.slack.talk.planning import Planning
from bot.slack.talk.saying import Room, Saying, keep_of, kept_in, line, room_of
from bot.slack.talk.sharing import Sharing
from bot.slack.talk.shown import merged_facts, merged_needs, merged_note, with_shown
from bot.slack.verbs import Pressed
from knowledge_base.advice import Advice
from knowledge_base.brokers.records import Client, Team
from knowledge_base.profile import BadProfile, parse_profile
from knowledge_base.store.clients import BadClient, NoSuchClient
from knowledge_base.words import FACTS

FIELDS = {
    verbs.NEEDS: NEEDS_FIELD,
    verbs.NOTE: NOTE_FIELD,
    verbs.SHARE_NOTE: SHARE_NOTE_FIELD,
    verbs.RENAME: NAME_FIELD,
    verbs.HAND_OVER: TO_FIELD,
}
SHOWN = (verbs.EDIT, verbs.NEEDS, verbs.NOTE)
OURS = (verbs.EDIT, verbs.NEEDS, verbs.NOTE, verbs.SHARE_NOTE, verbs.RENAME, verbs.HAND_OVER)
NOT_YOURS_FORM = "This cannot be saved: the client was deleted, or it is another team's."
FOR_ADVISERS = "Only advisers can use one of these, so it is no step the client has done. Take it out."
NOT_KEPT = "Nothing of that form was kept."
NOBODY = "Choose a colleague of your team."
WANTED = "Noted. What does {name} want to get done? Write it in this thread, or choose it below."
SO_IS_REFERRAL = " So is the referral {code}."
REFERRAL_STAYS = " The referral {code} stays with {who}."
HANDED = "{who} handed {name} over to you. All that is known of it is here."


class Forms:
    """Opens and reads the forms about clients."""

    def __init__(self, door: SlackDoor, advice: Advice, finding: Finding) -> None:
        self.door = door
        self.advice = advice
        self.finding = finding
        self.planning = Planning(door, advice)
        self.sharing = Sharing(advice)

    async def quick(self, asked: Asked, what: Pressed | None, member: Member | None) -> Quick:
        """Do what cannot wait; what is left to do is kept."""
        if asked.kind == kinds.OPTIONS:
            found = await run_in_threadpool(self._offers, asked.text) if member else {"options": []}
            return Quick(found, keep=False)
        if member is None:
            return Quick()  # a stranger is told so afterwards
        if asked.kind == kinds.SUBMISSION and asked.action in OURS:
            errors = await run_in_threadpool(self._faults, asked, member)
            return Quick({"response_action": "errors", "errors": errors}, keep=False) if errors else Quick()
        if asked.kind == kinds.ACTION and what and what.verb in OURS:
            view = await run_in_threadpool(self._view, asked, what, member)
            if view is not None and asked.trigger:
                return await open_form(self.door, asked.trigger, view)
        return Quick()

    def _view(self, asked: Asked, what: Pressed, member: Member) -> Block | None:
        """The form that was asked for; None where it is about no client of theirs that is at work."""
        client = self._mine(what.id, member)
        if client is None or (client.archived and what.verb != verbs.NOTE):
            return None
        keep = keep_of(client.id, room_of(asked))
        if what.verb in SHOWN:
            return with_shown(self._shown(what.verb, client, keep))
        if what.verb == verbs.SHARE_NOTE:
            return self.sharing.form(client, keep) if client.roadmap else None
        if what.verb == verbs.HAND_OVER:
            colleagues = self.advice.brokers.all(client.team, active=True)
            return hand_over_modal(client, [(each.id, each.name) for each in colleagues], keep)
        return rename_modal(client, keep)

    def _mine(self, id: str, member: Member) -> Client | None:
        """A client of the member's own team, with what its owner told since its roadmap was planned here."""
        client = self.finding.mine(id, member)
        return self.planning.caught_up(client) if client else None

    def _shown(self, verb: str, client: Client, keep: str | None = None) -> Block:
        """A form that several may have open, filled with what is known now."""
        if verb == verbs.EDIT:
            return profile_modal(client, keep=keep, name_of=lambda offer: self.advice.names([offer])[0])
        return (needs_modal if verb == verbs.NEEDS else note_modal)(client, keep)

    def _offers(self, text: str) -> dict[str, Any]:
        """The offers whose name holds every word that was typed."""
        words = text.casefold().split()
        offers = self.advice.view().catalogue.offers.values()
        found = (
            (o.id, o.name)
            for o in offers
            if o.audience == "owner" and all(word in o.name.casefold() for word in words)
        )
        return offer_options(sorted(found, key=lambda each: each[1])[: limits.OPTIONS])

    def _faults(self, asked: Asked, member: Member) -> dict[str, str]:
        """What cannot be taken from a form, in plain words by field."""
        kept, state = kept_in(asked.value), _state(asked)
        client = self._mine(kept.get("client", ""), member)
        if client is None:
            return {FIELDS.get(asked.action, FACTS[0]): NOT_YOURS_FORM}
        if asked.action == verbs.EDIT:
            return self._told(client, state, kept)[1]
        if asked.action == verbs.NEEDS:
            return merged_needs(client, state, self._shown(verbs.NEEDS, client), kept)[1]
        if asked.action == verbs.NOTE:
            return merged_note(client, state, self._shown(verbs.NOTE, client), kept)[1]
        if asked.action == verbs.SHARE_NOTE:
            return self.sharing.faults(client, member, state, kept)
        if asked.action == verbs.RENAME and not typed(state, NAME_FIELD):
            return {NAME_FIELD: "Write a name."}
        if asked.action == verbs.HAND_OVER and _has(state, TO_FIELD) and not self._colleague(client, state):
            return {TO_FIELD: NOBODY}
        return {}

    def _told(
        self, client: Client, state: Mapping[str, Any], kept: Mapping[str, str]
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Read the facts of a form; what was not changed in it stays as it is now."""
        currency = self.advice.view().currency(parse_profile(client.profile))
        profile, errors = merged_facts(client, state, self._shown(verbs.EDIT, client), kept, currency)
        added = {*profile.get("done", ())} - {*client.profile.get("done", ())}
        if added & self.advice.view().index.for_brokers:
            errors.setdefault("done", FOR_ADVISERS)
        try:
            parse_profile(profile)
        except BadProfile as bad:
            errors.setdefault(FACTS[0], str(bad))
        return profile, errors

    def _colleague(self, client: Client, state: Mapping[str, Any]) -> str | None:
        to = chosen(state, TO_FIELD)
        theirs = {each.id for each in self.advice.brokers.all(client.team, active=True)}
        return to if to in theirs else None

    # Afterwards; everything below blocks.

    def submitted(self, asked: Asked, member: Member) -> None:
        """Do what a form asks for, and say so in the client's thread."""
        if asked.action not in OURS:
            return
        kept = kept_in(asked.value)
        client = self._mine(kept.get("client", ""), member)
        if client is None:
            self.finding.not_here(asked, NOT_YOURS)
            return
        if client.archived and asked.action != verbs.NOTE:
            self.finding.not_here(asked, archived_words(client))
            return
        try:
            self._do(asked, member, client, _state(asked), kept)
        except NoSuchClient:
            self.finding.not_here(asked, NOT_YOURS)
            return
        except (BadClient, BadProfile) as bad:
            self.finding.not_here(asked, str(bad))
            return
        self.finding.note(member, f"client_{asked.action}", client.id)

    def _do(
        self, asked: Asked, member: Member, client: Client, state: Mapping[str, Any], kept: Mapping[str, str]
    ) -> None:
        saying, now = Saying(self.door, asked), self.planning.now
        room = self._room(asked, member.team, client, kept, saying)
        if asked.action == verbs.NOTE:
            note, errors = merged_note(client, state, self._shown(verbs.NOTE, client), kept)
            if errors:
                self._late(asked, errors)
                return
            self.advice.clients.note(client.id, client.team, note, now)
            saying.put(room, "noted", line("The note is kept; only your team sees it."), client=client.id)
        elif asked.action == verbs.SHARE_NOTE:
            told = self.sharing.keep(client, member, state, kept, now)
            saying.put(room, "share-noted", told, client=client.id)
        elif asked.action == verbs.RENAME:
            renamed = self.advice.clients.rename(client.id, client.team, typed(state, NAME_FIELD), now)
            saying.put(room, "renamed", line(f"It is called {plain(renamed.name)} now."), client=client.id)
        elif asked.action == verbs.HAND_OVER:
            self._hand_over(saying, room, member, client, self._colleague(client, state))
        elif asked.action == verbs.NEEDS:
            needs, errors = merged_needs(client, state, self._shown(verbs.NEEDS, client), kept)
            if errors:
                self._late(asked, errors)
            else:
                self._plan(saying, room, client, needs, client.profile)
        else:
            profile, errors = self._told(client, state, kept)
            if errors:
                self._late(asked, errors)
            else:
                self._plan(saying, room, client, client.needs, profile)

    def _late(self, asked: Asked, errors: Mapping[str, str]) -> None:
        """Say what stood in the way of a form between its sending off and now; nothing of it was kept."""
        self.finding.not_here(asked, " ".join((NOT_KEPT, *dict.fromkeys(errors.values()))))

    def _plan(
        self,
        saying: Saying,
        room: Room,
        client: Client,
        needs: tuple[str, ...],
        profile: dict[str, Any],
    ) -> None:
        """Plan for what a form says; without a need it is kept, and the need is asked for."""
        if not needs:
            self.planning.note(client, needs, profile, client.roadmap)
            name = plain(client.name) or "the client"
            saying.put(room, "noted", line(WANTED.format(name=name)), client=client.id)
            saying.put(room, "menu", client_menu(client), client=client.id)
            return
        planned = self.planning.ask(client, needs, profile)
        told = self.planning.told(planned, saying.asked.again)
        for name, message in told.messages:
            saying.put(room, name, message, client=client.id)
        self.planning.told_of(planned, told)

    def _hand_over(self, saying: Saying, room: Room, member: Member, client: Client, to: str | None) -> None:
        if to is None:
            return
        by = member.broker.id if member.broker else None
        self.advice.clients.hand_over(client.id, client.team, to, self.planning.now, by=by)
        mate = self.advice.brokers.get(to)
        if mate is None:
            return
        words = f"{plain(client.name)} is with {plain(mate.name)} now."
        made_from = self.advice.referrals.get(client.referral) if client.referral else None
        if made_from is not None and made_from.open and made_from.broker:
            holder = self.advice.brokers.get(made_from.broker)
            who = plain(holder.name) if holder else "whoever has it"
            more = SO_IS_REFERRAL if made_from.broker == to else REFERRAL_STAYS
            words += more.format(code=made_from.code, who=who)
        saying.put(room, "handed", line(words), client=client.id)
        if mate.slack_user and mate.slack_team == self.door.identity.team:
            who = plain(member.broker.name) if member.broker else "A colleague"
            theirs = Room(mate.slack_user)
            told = line(HANDED.format(who=who, name=plain(client.name)))
            saying.put(theirs, "handed-to", told, client=client.id)
            saying.put(theirs, "handed-menu", client_menu(client), client=client.id)

    def _room(
        self, asked: Asked, team: Team, client: Client, kept: Mapping[str, str], saying: Saying
    ) -> Room:
        """Where the answer goes: the thread the form was opened in where it is the client's, else its newest
        in the team's own channel, else a new one in a direct message.

        In any other channel its facts would be read by people who did not ask for them.
        """
        threads = [p for p in self.advice.clients.threads_of(client.id) if p.slack_team == asked.team]
        asked_in = (kept.get("channel", ""), kept.get("thread", ""))
        here = [place for place in threads if (place.channel, place.thread) == asked_in]
        ours = [place for place in threads if place.channel == team.channel]
        for place in [*here, *ours]:
            return Room(place.channel, place.thread)
        return saying.begin(asked.user, client)


def _state(asked: Asked) -> Mapping[str, Any]:
    view = (asked.body or {}).get("view")
    state = view.get("state") if isinstance(view, Mapping) else None
    return state if isinstance(state, Mapping) else {}


def _has(state: Mapping[str, Any], block: str) -> bool:
    values = state.get("values")
    return isinstance(values, Mapping) and block in values
