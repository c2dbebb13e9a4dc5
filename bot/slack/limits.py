"""How long things may take, how often they are tried, and when Slack is left in peace."""

from __future__ import annotations

MOST_BYTES = 1024 * 1024  # a modal with everything in it stays far below
# Slack waits for three seconds: first what is done at once, then keeping the work, which has what is left.
ANSWER_SECONDS = 2.7
QUICK_SECONDS = 1.7
ASKING_SECONDS = 1.2  # about a user group; part of what is done at once
CALL_SECONDS = 15
WORKERS = 3
LEASE_SECONDS = 60.0
POLL_SECONDS = 1.0
STOP_SECONDS = 8.0
MOST_WORK_TRIES = 5
MOST_REFUSALS = 5
UNCERTAIN_SECONDS = 5.0  # what was cut off may still arrive; looked for at once, it would be missed
GIVE_UP_HOURS = 24  # an answer of yesterday is of no use; the store forgets its text two days later


def wait_before(tries: int, most: float = 300.0) -> float:
    """Return the seconds to wait after a number of tries: 2, 4, 8 … and never more than ``most``."""
    return min(most, 2.0 ** min(max(tries, 1), 20))


class Pauses:
    """The channels that Slack asked us to leave in peace, and until when, in monotonic seconds.

    Slack limits messages by channel and calls by workspace, and an answer does not say which it was: so one
    channel waits alone, and all wait as soon as a second one is told to.
    """

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._all = 0.0

    def told(self, channel: str, seconds: float, at: float) -> None:
        """Note that Slack asked to wait when something was put into a channel."""
        waiting = self.waiting(at)
        self._until[channel] = max(self._until.get(channel, 0.0), at + seconds)
        if waiting - {channel}:
            self.all(seconds, at)

    def all(self, seconds: float, at: float) -> None:
        """Leave every channel in peace for a while."""
        self._all = max(self._all, at + seconds)

    def waiting(self, at: float) -> set[str]:
        """Return the channels that wait."""
        self._until = {channel: until for channel, until in self._until.items() if until > at}
        return set(self._until)

    def everybody_waits(self, at: float) -> float:
        """Return the seconds for which nothing at all is sent."""
        return max(0.0, self._all - at)
