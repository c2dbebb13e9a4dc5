"""Open the brokers' door, where the settings of this machine ask for one."""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.parts import SlackDoor
from bot.slack.settings import slack_settings
from bot.slack.talk.talk import Talk
from bot.web.services import Services
from bot.web.settings import Settings
from knowledge_base.advice import Advice


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
        lambda door: Talk(door, advice, settings, services),
    )
