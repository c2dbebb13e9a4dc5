"""What follows when a broker who has an owner's chat writes nothing: a reminder; then the bot answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from knowledge_base.advice import Advice
from knowledge_base.brokers.records import OURS
from knowledge_base.store.columns import in_utc
from knowledge_base.store.referral_rows import NoSuchReferral

QUIET_AFTER = timedelta(hours=24)  # then an owner who writes is told that nobody has written
REMIND_AFTER = timedelta(hours=24)  # then whoever has it is reminded of the line that waits
BOT_AGAIN_AFTER = timedelta(days=3)

SILENT_WORDS = (
    "Nobody has answered you here for some days, so Fingerpost answers again. Your request stays open; "
    "if it is urgent, call and quote the code {code}."
)
SILENT_THREAD = (
    "Nobody has answered the owner here for 3 days, so Fingerpost answers them again. "
    "What you write here still goes to them, and gives you the chat back."
)


def tell_thread(advice: Advice, code: str, words: str, key: str, now: datetime) -> None:
    """Say something about the owner in the broker's thread, once for each key; the owner does not see it."""
    advice.relay.say(code, "owner", OURS, words, key, now)


def bot_again(advice: Advice, code: str, now: datetime) -> bool:
    """Have the bot answer an owner whose line waits for too long; say whether it does."""
    silence = advice.relay.silence(code)
    if silence.waits is None or in_utc(now) - silence.waits < BOT_AGAIN_AFTER:
        return False
    advice.relay.end(code, now)
    advice.relay.say(code, "us", "", SILENT_WORDS.format(code=code), f"silent:{code}:{silence.number}", now)
    tell_thread(advice, code, SILENT_THREAD, f"silent-thread:{code}:{silence.number}", now)
    return True


def move_silent(advice: Advice, now: datetime) -> list[str]:
    """Remind brokers of lines that wait, and give chats that wait too long to the bot; return the codes.

    Any number of processes may do it at once: each thing is said once.
    """
    moved = []
    for code in advice.relay.unanswered(now - REMIND_AFTER):
        try:
            if bot_again(advice, code, now) or advice.relay.remind(code, now - REMIND_AFTER, now):
                moved.append(code)
        except NoSuchReferral:
            continue  # forgotten meanwhile
    return moved
