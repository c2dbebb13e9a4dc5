"""Open the brokers' door, where the settings of this machine ask for one."""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.door import Asked
from bot.slack.members import Member
from bot.slack.parts import SlackDoor
from bot.slack.settings import slack_settings
from bot.slack.talk.referrals import ReferralTalk
from bot.slack.talk.saying import Room
from bot.slack.talk.talk import Talk
from bot.slack.talk.words import plain_words
from bot.web.services import Services
from bot.web.settings import Settings
from knowledge_base.advice import Advice
from knowledge_base.brokers.records import Client


def open_slack(
    env: Mapping[str, str], advice: Advice, settings: Settings, services: Services
) -> SlackDoor | None:
    """Return the door; None where nothing of Slack is set. Nothing is asked of Slack before it runs.

    Raises:
        BadSettings: with every fault of Slack's settings.
    """
    told = slack_settings(env)
    if told is None:
        return None
    return SlackDoor(
        told,
        advice.database,
        services.clock,
        lambda door: _handlers(door, advice, settings, services),
    )


def _handlers(door: SlackDoor, advice: Advice, settings: Settings, services: Services) -> Talk:
    referrals = ReferralTalk(door, advice)
    talk = Talk(door, advice, settings, services, referrals)

    async def converse(asked: Asked, member: Member, client: Client) -> None:
        room = Room(asked.channel, asked.thread)
        await talk.conversing.say(asked, member, client, room, plain_words(asked.text))

    referrals.converse = converse
    return talk
