"""The forms about a referral: opened for whoever may, and refused while they stand open, if too late."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.slack.blocks.modals import (
    ANSWER_FIELD,
    OUTCOME_FIELD,
    TO_FIELD,
    WHY_FIELD,
    answer_modal,
    decline_modal,
    outcome_modal,
    pass_on_modal,
)
from bot.slack.blocks.profile_form import chosen, typed
from bot.slack.door import Asked
from bot.slack.members import Member, as_listed
from bot.slack.talk.referral_cards import lead_of
from bot.slack.talk.saying import Room, kept_in
from bot.slack.verbs import ANSWER, DECLINE, OUTCOME, PASS_ON
from knowledge_base.advice import Advice
from knowledge_base.brokers.records import NEW, OUTCOMES, Referral
from knowledge_base.store import referral_trail as trail
from knowledge_base.store.chats import Chats
from knowledge_base.store.referrals import NoSuchReferral

FORMS = (PASS_ON, DECLINE, ANSWER, OUTCOME)
FIELDS = {PASS_ON: TO_FIELD, DECLINE: WHY_FIELD, ANSWER: ANSWER_FIELD, OUTCOME: OUTCOME_FIELD}
ENDS = {PASS_ON: trail.PASSED_ON, DECLINE: trail.DECLINED, OUTCOME: trail.CLOSED}

GONE = "There is no referral with this code any more; the business may have deleted it."
OTHERS = "This referral is not yours to do anything about."
NO_CHAT = (
    "That went to nobody: this referral has no chat behind it, or none that is still kept. "
    "The direct message with who it is says how to reach them."
)
KEPT_HERE = "This went to nobody: copy what you wrote if you need it, and close this form."


class ReferralForms:
    """Says who may do what about a referral, and writes its forms. Everything in it blocks."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice

    def form(self, verb: str, code: str, member: Member, room: Room) -> dict[str, Any] | None:
        """The form for a button; None where the answer is a word instead."""
        referral = self.advice.referrals.get(code)
        if referral is None or not self.may(verb, referral, member):
            return None
        keep = json.dumps({"code": referral.code, "channel": room.channel, "thread": room.thread})
        if verb == PASS_ON:
            teams = [(team.id, team.name) for team in self.advice.teams.all(active=True)]
            mates = self.advice.brokers.all(referral.team or member.team.id, active=True)
            return pass_on_modal(referral, teams, [(each.id, each.name) for each in mates], keep)
        form = {DECLINE: decline_modal, ANSWER: answer_modal, OUTCOME: outcome_modal}[verb]
        return form(referral, keep)

    def may(self, verb: str, referral: Referral, member: Member) -> bool:
        """Whether somebody may do now what a form is for."""
        listed = as_listed(self.advice.brokers, member).broker
        mine = listed is not None and referral.broker == listed.id
        theirs = referral.team == member.team.id and referral.broker is None and not member.lead
        if not referral.open:
            return False
        return (
            mine
            or (verb in (DECLINE, PASS_ON) and theirs)
            or (verb in (OUTCOME, PASS_ON) and self.leads(member, referral))
        )

    def faults(self, asked: Asked, member: Member | None) -> dict[str, str]:
        """What keeps a form that was sent off from being done, by block; it stays open then.

        What may be the same form once more, of somebody who did that already, is left to whoever does it.
        """
        state = state_of(asked)
        found = _missing(asked.action, state)
        field = FIELDS.get(asked.action, "")
        if found or not _has(state, field):
            return found
        code = kept_in(asked.value).get("code", "")
        try:
            standing = self.standing(code)
        except NoSuchReferral:
            return {field: f"{GONE} {KEPT_HERE}"}
        referral = self.advice.referrals.get(code)
        if member is None:
            return {field: f"{OTHERS} {KEPT_HERE}"}
        if referral is None or self._did(asked.action, code, member):
            return {}
        if not self.may(asked.action, referral, member):
            return {field: f"{standing} {KEPT_HERE}"}
        return {field: NO_CHAT} if asked.action == ANSWER and not self.has_chat(referral) else {}

    def has_chat(self, referral: Referral) -> bool:
        """Whether what is written to an owner can still be read: their conversation may have been let go."""
        return bool(referral.session) and Chats(self.advice.database).holds(str(referral.session))

    def leads(self, member: Member, referral: Referral | None) -> bool:
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

    def standing(self, code: str) -> str:
        """Say in a line who has a referral or what became of it.

        Raises:
            NoSuchReferral: there is none of that code.
        """
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

    def _did(self, verb: str, code: str, member: Member) -> bool:
        """Whether the last that was done with a referral is what a form is for, by the same person."""
        listed = as_listed(self.advice.brokers, member).broker
        by = listed.id if listed else member.who
        ends = [each for each in self.advice.referrals.trail(code) if each.what in ENDS.values()]
        return bool(ends) and (ends[-1].by, ends[-1].what) == (by, ENDS.get(verb))


def state_of(asked: Asked) -> dict[str, Any]:
    """The fields of a form, by block; nothing where it was no form."""
    view = (asked.body or {}).get("view")
    state = view.get("state") if isinstance(view, dict) else None
    return state if isinstance(state, dict) else {}


def _has(state: Mapping[str, Any], field: str) -> bool:
    """Whether a form has a field: a form without any can show no fault of one."""
    values = state.get("values")
    return isinstance(values, dict) and field in values


def _missing(verb: str, state: dict[str, Any]) -> dict[str, str]:
    """What is wrong with a form's fields, by block."""
    if verb == ANSWER and not typed(state, ANSWER_FIELD):
        return {ANSWER_FIELD: "Write what the owner is to read."}
    if verb == OUTCOME and chosen(state, OUTCOME_FIELD) not in OUTCOMES:
        return {OUTCOME_FIELD: "Choose how it ended."}
    if verb == DECLINE and not typed(state, WHY_FIELD):
        return {WHY_FIELD: "Say why, for the team that reads it next."}
    return {}
