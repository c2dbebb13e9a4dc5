"""Open a form while Slack waits; what could not be opened is kept, and answered in words."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from bot.slack.blocks.text import Block
from bot.slack.door import Quick
from bot.slack.errors import code_of
from bot.slack.parts import SlackDoor

TAKEN = ("exchanged_trigger_id",)  # the form is open already: this is the same press again


async def open_form(door: SlackDoor, trigger: str, view: Block) -> Quick:
    """Open a form; where Slack refuses it, whoever pressed is told so by the work that is kept."""
    try:
        await door.client.views_open(trigger_id=trigger, view=view)
    except SlackApiError as error:
        return Quick(keep=code_of(error) not in TAKEN)
    return Quick(keep=False)
