"""The chore that keeps businesses who asked for a person from waiting in silence, with Slack or without.

It moves what is due, as the brokers' door does; what was moved is told of from the trail, so that it does not
matter who moved it. Mail goes to the lead always, and to a team where Slack did not take it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from bot.chores.chore import Chore
from bot.digest.fates import MaybeSent, NotSent
from bot.digest.letter import Letter
from bot.digest.mail import send_mail
from bot.digest.settings import BadDigestSetting, DigestSettings, digest_settings
from bot.web.formats import as_day, day
from bot.web.settings import from_environment
from knowledge_base import labels
from knowledge_base.advice import Advice
from knowledge_base.brokers.handing_on import card_key, move_due, reminder_keys
from knowledge_base.brokers.records import NEW, Entry, Referral, Team
from knowledge_base.services import hub_of
from knowledge_base.store import referral_trail as trail
from knowledge_base.store.columns import in_utc
from knowledge_base.store.database import Database
from knowledge_base.store.digests import Digests
from knowledge_base.store.queues import GIVEN_UP
from knowledge_base.store.slack_outbox import SlackOutbox

logger = logging.getLogger(__name__)

EVERY_SECONDS = 300.0
FOR_SLACK = timedelta(minutes=15)  # until then, Slack may still show the card

STILL_TOLD = timedelta(days=80)  # what was sent is remembered for ninety

WAITS = "A business waits for a person"
REMINDED = "A business still waits for a person"
WITH_LEAD = "A business waits for a person, and no team has it"
STILL_WITH_LEAD = "A business still waits for a person, and no team has it"
UNREAD = "A business wrote, and it did not reach you in Slack"
MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter that is due: to whom, its subject, and the key it is sent under once."""

    key: str
    to: tuple[str, ...]
    subject: str
    referral: Referral


def referring(database: Database, env: Mapping[str, str]) -> Chore:
    """Return the chore. Without a mail server, what is due is moved all the same."""

    def run(now: datetime) -> int:
        hub = hub_of(env)
        address = from_environment(env).address
        advice = Advice(database, hub, address)
        move_due(advice, now)
        try:
            settings = digest_settings(env, hub, ())
        except BadDigestSetting as bad:
            logger.warning("Nobody can be told by mail who waits: %s", bad)  # it holds no secret
            return 0
        return send_notices(advice, settings, address, now)

    return Chore("referrals that wait", EVERY_SECONDS, run)


def send_notices(advice: Advice, settings: DigestSettings, address: str, now: datetime) -> int:
    """Send every notice that is due and was not sent; return how many letters went."""
    if settings.server is None:
        return 0
    digests, count = Digests(advice.database), 0
    for notice in notices(advice, now):
        on = notice.referral.consent_at.date()
        for to in notice.to:
            key = f"{notice.key}:{to.casefold()}"
            if not digests.claim(on, key, now):
                continue
            try:
                send_mail(settings.server, settings.sender, to, _letter(notice, advice, address), now)
                digests.sent(on, key)
                count += 1
            except NotSent as error:
                digests.release(on, key)
                logger.warning("A notice was not sent: %s", error)
            except MaybeSent as error:
                logger.warning("A notice may not have been sent: %s", error)
    return count


def notices(advice: Advice, now: datetime) -> Iterator[Notice]:
    """Say what is to be written to whom about the referrals that are open."""
    teams = {team.id: team for team in advice.teams.all()}
    for referral in advice.referrals.open_ones(now):
        if now - referral.consent_at > STILL_TOLD:
            continue
        done = advice.referrals.trail(referral.code)
        if referral.team is None and referral.broker is None:
            times = sum(each.what in (trail.TO_LEAD, trail.DECLINED) for each in done)
            to = lead_address(advice, teams, [each.team for each in done])
            if referral.state == NEW and to:
                key = f"referral:{referral.code}:lead:{times}"
                yield Notice(key, (to,), WITH_LEAD, referral)
                for number in trail.reminders(done):
                    yield Notice(f"{key}:{number}", (to,), STILL_WITH_LEAD, referral)
        elif referral.team in teams:
            yield from _for_team(advice, referral, teams[referral.team], done, now)
            yield from _unread(advice, referral, teams[referral.team], now)


def lead_address(advice: Advice, teams: Mapping[str, Team], before: list[str | None]) -> str:
    """Whom to write to where no team has a referral: the lead of the last that had it, else the hub."""
    had = [teams[id] for id in reversed(before) if id and id in teams]
    last = [team.lead_email for team in had if team.lead_email]
    contact = advice.hub.contact.email if advice.hub.contact else None
    others = [team.lead_email for team in teams.values() if team.active and team.lead_email]
    return next(iter([*last[:1], *([contact] if contact else []), *others]), "")


def _for_team(
    advice: Advice, referral: Referral, team: Team, done: list[Entry], now: datetime
) -> Iterator[Notice]:
    outbox = SlackOutbox(advice.database)
    there = bool(outbox.ts_of(card_key(referral.code, team.id)))
    to = _addresses(advice, referral, team)
    moves = [n for n, each in enumerate(done) if each.what in trail.MOVES and each.what != trail.TAKEN]
    since = moves[-1] if moves else 0
    key = f"referral:{referral.code}:{team.id}:{since}"
    if not there and referral.state == NEW and now - (referral.since or referral.consent_at) >= FOR_SLACK:
        yield Notice(key, to, WAITS, referral)
    for number in trail.reminders(done):
        # Where Slack shows the card it shows the reminder too, unless it took nothing after the card.
        states = {outbox.state_of(each) for each in reminder_keys(referral.code, team.id, number)}
        if not there or GIVEN_UP in states:
            yield Notice(f"{key}:{number}", to, REMINDED, referral)


def _unread(advice: Advice, referral: Referral, team: Team, now: datetime) -> Iterator[Notice]:
    """Tell whoever has a referral, once a day, that what the business wrote has not reached them."""
    if not referral.live:
        return
    waiting = [
        line
        for line in advice.relay.unsent("owner", MOST_LINES)
        if line.code == referral.code and now - in_utc(line.at) >= FOR_SLACK
    ]
    if waiting:
        key = f"referral:{referral.code}:unread:{in_utc(waiting[-1].at).date()}"
        yield Notice(key, _addresses(advice, referral, team), UNREAD, referral)


def _addresses(advice: Advice, referral: Referral, team: Team) -> tuple[str, ...]:
    """Whoever has it; else everybody in the team, or its lead; else the hub's own address."""
    mates = advice.brokers.all(team.id, active=True)
    holder = [each.email for each in mates if each.id == referral.broker and each.email]
    everybody = [each.email for each in mates if each.email]
    contact = advice.hub.contact.email if advice.hub.contact else None
    found = holder or everybody or [team.lead_email or contact or ""]
    return tuple(dict.fromkeys(each for each in found if each))


def _letter(notice: Notice, advice: Advice, address: str) -> Letter:
    """Write a notice: nothing of who asked, since mail is read where nobody knows."""
    referral = notice.referral
    needs = labels.joined(labels.needs(referral.needs)) or "something we have no word for"
    team = advice.teams.get(referral.team) if referral.team else None
    page = f"{address}/console/referrals/{referral.code}"
    lines = [
        f"{notice.subject}.",
        f"It asked on {day(as_day(referral.consent_at))}, about {needs}.",
        f"It is with {team.name}." if team else "Give it to a team, or call the business yourself.",
    ]
    subject = " ".join(f"{advice.hub.name}: {notice.subject} ({referral.code})".split())
    text = "\n".join([*lines, "", f"Who it is, and what to do: {page}", ""])
    told = "".join(f"<p>{escape(line)}</p>" for line in lines)
    link = f'<p><a href="{escape(page)}">Who it is, and what to do</a></p>'
    return Letter(subject, text, f"<html><body>{told}{link}</body></html>", text)
