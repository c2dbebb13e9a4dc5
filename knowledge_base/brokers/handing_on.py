"""What follows when a referral changes hands: a client, the next team, a word to the owner."""

from __future__ import annotations

import hashlib
from datetime import datetime

from knowledge_base.advice import Advice
from knowledge_base.brokers.matching import match
from knowledge_base.brokers.records import Client, Referral
from knowledge_base.brokers.silence import move_silent
from knowledge_base.profile import dump_profile
from knowledge_base.store import referral_trail as trail
from knowledge_base.store.clients import BadClient, NoSuchClient
from knowledge_base.store.referrals import WrongState

TAKEN_WORDS = "{who} has your request ({code}) now, and will answer. What they write comes here."
CLOSED_WORDS = "Your request ({code}) is closed. Fingerpost answers here; ask for a person again at any time."
BACK_WORDS = "Fingerpost answers here again. {who} still has your request and can write here at any time."


def take(advice: Advice, code: str, broker: str, now: datetime) -> Referral:
    """Take a referral, keep the business as a client of the broker's, and let the owner know who has it.

    Raises:
        NoSuchReferral, WrongState: as `Referrals.take`.
    """
    referral = advice.referrals.take(code, broker, now)
    client_for(advice, referral, now)
    say_taken(advice, referral, now)
    return referral


def say_taken(advice: Advice, referral: Referral, now: datetime) -> None:
    """Tell the owner, in the chat they came from, who has their request; once for each who has it."""
    if not referral.session or not referral.broker:
        return
    given = (trail.TAKEN, trail.PASSED_ON)
    done = advice.referrals.trail(referral.code)
    times = sum(each.broker is not None and each.what in given for each in done)
    words = TAKEN_WORDS.format(who=named(advice, referral), code=referral.code)
    key = f"taken:{referral.code}:{referral.broker}:{times}"
    advice.relay.say(referral.code, "us", "", words, key, now, holder=referral.broker)


def say_closed(advice: Advice, referral: Referral, now: datetime) -> None:
    """Tell the owner, in the chat they came from, that their request is closed; once."""
    if referral.session and not referral.open:
        words = CLOSED_WORDS.format(code=referral.code)
        advice.relay.say(referral.code, "us", "", words, f"closed:{referral.code}", now)


def client_for(advice: Advice, referral: Referral, now: datetime) -> Client | None:
    """Return the client made from a referral somebody has: made now, or come along from another team.

    It is called by the code, since its name is seen by all of the team; whoever has it may rename it. Within
    the team it stays where it is; None where it was deleted by whoever has the referral.
    """
    if referral.team is None or referral.broker is None:
        return None
    before = advice.clients.of_referral(referral.code)
    try:
        if before is not None:
            return before if before.team == referral.team else advice.clients.follow(referral.code, now)
        done = advice.referrals.trail(referral.code)
        if trail.client_deleted(done):
            return None
        made = sum(each.what == trail.CLIENT_DELETED for each in done)
        saved = advice.roadmaps.get(referral.roadmap_id, now) if referral.roadmap_id else None
        profile = dump_profile(saved.asked.profile) if saved else {}
        if not profile and referral.sector:
            profile = {"sector": referral.sector}
        return advice.clients.add(
            referral.team,
            referral.broker,
            f"Referral {referral.code}",
            _session(referral, made),
            now,
            needs=saved.asked.needs if saved else referral.needs,
            profile=profile,
            roadmap=saved.id if saved else None,
            referral=referral.code,
        )
    except (BadClient, NoSuchClient):
        return None  # passed on or forgotten meanwhile


def _session(referral: Referral, times: int) -> str:
    """Its own conversation: what a broker asks is no part of the owner's, nor of one that was deleted."""
    named = f"referral:{referral.code}:{referral.consent_at}" + (f":{times}" if times else "")
    return hashlib.sha256(named.encode()).hexdigest()


def decline(advice: Advice, code: str, by: str, why: str, now: datetime) -> Referral:
    """Give a referral that is not for a team to the next that fits and had not had it, else to the lead.

    Raises:
        NoSuchReferral, WrongState: as `Referrals.decline`.
    """
    moves = [(entry.by, entry.what) for entry in advice.referrals.trail(code) if entry.what in trail.MOVES]
    before = advice.referrals.get(code)
    if before and moves[-2:] == [(by, trail.DECLINED), ("us", trail.ASSIGNED)]:
        return before  # done before
    before = advice.referrals.decline(code, by, why, now)
    had = {entry.team for entry in advice.referrals.trail(code) if entry.team}
    view = advice.view()
    fitting = match(
        [team for team in advice.teams.all(active=True) if team.id not in had],
        before.areas,
        before.needs,
        before.sector,
        view.tree,
        names={code: area.name for code, area in view.catalogue.areas.items()},
        hub_areas=advice.hub.areas,
    )
    if not fitting:
        return before
    try:
        return advice.referrals.assign(code, fitting[0].team.id, fitting[0].why, now)
    except WrongState:  # taken or given to somebody meanwhile, which is as good
        return advice.referrals.get(code) or before


def spoken_to(advice: Advice, code: str, now: datetime) -> Referral:
    """Give the owner's chat back to the bot, and say so there.

    Raises:
        NoSuchReferral: there is none of that code.
    """
    before = advice.referrals.get(code)
    referral = advice.relay.end(code, now)
    if before and before.live and referral.session:
        words = BACK_WORDS.format(who=named(advice, referral))
        advice.relay.say(code, "us", "", words, f"back:{code}:{referral.version}", now)
    return referral


def named(advice: Advice, referral: Referral) -> str:
    """Who has a referral, for its owner: the broker with their team, else the team, else the hub."""
    broker = advice.brokers.get(referral.broker) if referral.broker else None
    team = advice.teams.get(referral.team) if referral.team else None
    if broker is not None:
        return f"{broker.name} ({team.name})" if team else broker.name
    return team.name if team else advice.hub.name


def card_key(code: str, team: str) -> str:
    """The key, in the outbox, of a referral's card in a team's channel."""
    return f"referral:{code}:{team}"


def reminder_keys(code: str, team: str, number: int) -> tuple[str, str]:
    """The keys, in the outbox, of the reminder an entry of the trail tells of: in the card's thread, and as a
    message of its own, where nobody could be called in the thread."""
    return f"{card_key(code, team)}:remind-{number}", f"referral:{code}:remind-{number}-{team}"


def move_due(advice: Advice, now: datetime) -> list[str]:
    """Remind whoever has not answered, and give what is overdue to the hub's lead; return the codes.

    Any number of processes may do it at once: each reminder is noted once, and is told of from the trail.
    """
    moved = move_silent(advice, now)
    for due in advice.referrals.due(now):
        code = due.referral.code
        try:
            if due.what == "remind":
                done = advice.referrals.remind(code, now)
            else:
                advice.referrals.to_lead(code, "Nobody answered in time.", now)
                done = True
        except (LookupError, WrongState):
            continue  # answered or forgotten meanwhile
        if done:
            moved.append(code)
    return moved
