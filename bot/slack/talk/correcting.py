"""What a broker changes or deletes after it went to an owner: a line corrects it, and nothing is taken back.

The owner's page adds lines and changes none, and nobody knows which of them were read.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.slack.door import DELETED, Asked
from bot.slack.intake import message_key
from bot.slack.members import Member
from bot.slack.parts import SlackDoor
from bot.slack.talk.saying import Room
from bot.slack.talk.words import plain_words
from knowledge_base.advice import Advice
from knowledge_base.brokers.records import Line, Referral
from knowledge_base.store import relay

ASIDE = "//"
MENTIONED = re.compile(r"\s*<(?:@|!subteam\^|!here|!channel|!everyone)")  # a person, or several
CORRECTED = "Corrected: "
STAYS = (
    "What you wrote before went to the owner's chat and stays there, as it may have been read. "
    "Write here what they should know instead."
)
HAS = "The owner has what you wrote before."
NEVER_SENT = (
    "What you changed had not gone to the owner, so the change does not either. "
    "If it is for them, write it as a new message."
)


def is_aside(text: str) -> bool:
    """Whether a line, as Slack tells it, is for colleagues: it begins with two strokes or with a mention."""
    return text.lstrip().startswith(ASIDE) or MENTIONED.match(text) is not None


def relayed_key(asked_key: str) -> str:
    """Return the key of the line that something asked in Slack becomes in the owner's chat."""
    return f"slack:{asked_key}"


class Correcting:
    """Follows up on what brokers edit in their referrals' threads. Everything in it blocks.

    ``unsent`` says why a line does not go to the owner now, ``tell`` a word to whoever wrote it.
    """

    def __init__(
        self,
        door: SlackDoor,
        advice: Advice,
        unsent: Callable[[Referral | None, Member, str], str],
        tell: Callable[[Asked, Room, str], None],
    ) -> None:
        self.door = door
        self.advice = advice
        self._unsent = unsent
        self._tell = tell

    def edited(self, asked: Asked, code: str, member: Member) -> None:
        """Give the owner the corrected line, once for each change, or tell the broker why not."""
        key = relayed_key(message_key(asked.team, asked.channel, asked.ts))
        said = self.advice.relay.versions(code, key)
        words = self._for_owner(asked)
        referral = self.advice.referrals.get(code)
        if not said:
            self._never_sent(asked, referral, member, words)
            return
        if member.broker is None or member.broker.id != said[0].who:
            return  # not whom the owner heard it from
        if words is None:
            self._word(asked, STAYS)
            return
        number = f"{key}{relay.CORRECTED}{asked.value}"
        if said[-1].key >= number or words == _words(said):
            return  # told before, overtaken by a later change, or nothing but its looks was changed
        refused = self._unsent(referral, member, words)
        if refused:
            self._word(asked, f"{refused} {HAS}")
            return
        self.advice.relay.say(code, "broker", said[0].who, CORRECTED + words, number, self.door.clock())

    def _for_owner(self, asked: Asked) -> str | None:
        """The words as they are now; None where they are not, or no longer, for the owner."""
        us = self.door.identity.bot_user
        if asked.kind == DELETED or is_aside(asked.text) or (us and f"<@{us}>" in asked.text):
            return None
        return plain_words(asked.text)

    def _never_sent(self, asked: Asked, referral: Referral | None, member: Member, words: str | None) -> None:
        """Tell who has the referral that a change does not send what was refused or kept among colleagues."""
        if words and not self._unsent(referral, member, words):
            self._word(asked, NEVER_SENT)

    def _word(self, asked: Asked, words: str) -> None:
        self._tell(asked, Room(asked.channel, asked.thread), words)


def _words(said: list[Line]) -> str:
    """What the owner was told last."""
    return said[-1].text.removeprefix(CORRECTED) if len(said) > 1 else said[0].text
