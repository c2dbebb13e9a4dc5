"""The open referrals of somebody and of their team, for them alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.slack import verbs
from bot.slack.blocks.elements import actions, button, divider, section
from bot.slack.blocks.referrals import SIGNS, STATES
from bot.slack.blocks.text import Block, Message, plain, sections, told, whole
from bot.web.formats import as_day, day, sentence
from knowledge_base import labels
from knowledge_base.brokers.records import NEW, Referral

MOST = 12  # of each: more are in the channel, and in the console
# A list is about several, so it is not taken down with one of them: nobody's name stands in it.
WHO = "in our direct message of when it came to you."
NONE = "There are no open referrals for you or your team."


def listed(mine: Sequence[Referral], theirs: Sequence[Referral], names: Mapping[str, str]) -> Message:
    """Show what somebody has, and what their team has; who each is about stands in its slip."""
    if not mine and not theirs:
        return Message(NONE, [section(NONE)])
    blocks: list[Block] = []
    text: list[str] = []
    for title, some, whose in (("You have", mine, True), ("Your team has", theirs, False)):
        if not some:
            continue
        blocks += [*([divider()] if blocks else []), section(f"*{title}*")]
        text.append(f"{title}:")
        for each in some[:MOST]:
            lines = _lines(each, names, whose)
            blocks += [section(part) for part in sections(lines)]
            row = _row(each, whose)
            blocks += [row] if row else []
            text.append(_words(each, names, whose))
        if len(some) > MOST:
            blocks.append(section(f"and {len(some) - MOST} more"))
            text.append(f"and {len(some) - MOST} more")
    return Message(whole(text), blocks)


def _lines(referral: Referral, names: Mapping[str, str], whose: bool) -> list[str]:
    needs = sentence(labels.joined(labels.needs(referral.needs))) or "Something we have no word for"
    who = f", {told(names[str(referral.broker)], 100)}" if not whose and referral.broker in names else ""
    since = day(as_day(referral.consent_at))
    first = f"{SIGNS.get(referral.state, '✓')} *{told(needs, 200)}*, asked on {since}"
    lines = [first, f"{told(STATES[referral.state], 60)}{who}. Referral {told(referral.code, 40)}"]
    if whose:
        lines.append(f"_Who:_ {WHO}")
    return lines


def _words(referral: Referral, names: Mapping[str, str], whose: bool) -> str:
    needs = labels.joined(labels.needs(referral.needs)) or "something we have no word for"
    who = f", {plain(names[str(referral.broker)])}" if not whose and referral.broker in names else ""
    own = f" Who it is: {WHO}" if whose else ""
    return f"{referral.code}: {needs}. {STATES[referral.state]}{who}.{own}"


def _row(referral: Referral, whose: bool) -> Block | None:
    if whose:
        return actions(
            button("Answer", verbs.ANSWER, referral.code, style="primary"),
            button("How it ended", verbs.OUTCOME, referral.code),
            button("Pass on", verbs.PASS_ON, referral.code),
        )
    return actions(button("Take it", verbs.TAKE, referral.code)) if referral.state == NEW else None
