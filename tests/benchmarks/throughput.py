"""Messages a second with actions, eight owners writing at once."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.benchmarks.bot import CONVERSATION, QUESTION, Server, actions, rasa
from tests.benchmarks.figures import Figure, Run, median, percentile

AT_ONCE = 8
ROUNDS = 4
SECONDS = 4.0
WARMING = 2.0


def measure(run: Run) -> list[Figure]:
    """Compare three servers on one action server, in short rounds by turns, so that all share the noise."""
    room = run.room("throughput")
    with contextlib.ExitStack() as stack:
        where = stack.enter_context(actions(room))
        servers = [
            stack.enter_context(rasa(where, room, "memory", "memory")),
            stack.enter_context(rasa(where, room, "kept", "kept")),
            stack.enter_context(rasa(where, room, "stock", "memory", stock_validation=True)),
        ]
        question = by_turns(servers, (QUESTION,))
        talk = by_turns(servers, CONVERSATION)
    return [
        *_figures("one question and its action", question, "≥ 70", "≥ 40"),
        *_figures("whole conversations with roadmaps", talk, "", ""),
    ]


def _figures(what: str, rounds: dict[str, list[Round]], aim: str, aim_kept: str) -> list[Figure]:
    rates = {name: median([round_.rate for round_ in found]) for name, found in rounds.items()}
    slowest = {n: percentile([s for r in found for s in r.seconds], 0.95) for n, found in rounds.items()}
    how = f"{AT_ONCE} senders without a pause, median of {ROUNDS} rounds of {SECONDS:.0f} s by turns."
    return [
        Figure(
            name=f"{what}, 8 at once, in memory",
            value=rates["memory"],
            unit="messages/s",
            baseline=rates["stock"],
            baseline_from="measured",
            aim=aim,
            how=f"{how} Baseline: the same bot with Rasa's own check of what actions answer.",
        ),
        Figure(
            name=f"{what}, 8 at once, kept in SQLite",
            value=rates["kept"],
            unit="messages/s",
            baseline=rates["memory"],
            baseline_from="measured",
            aim=aim_kept,
            how=f"{how} Baseline: ours in memory.",
        ),
        Figure(
            name=f"{what}, 8 at once, kept, p95 of one answer",
            value=slowest["kept"] * 1000,
            unit="ms",
            baseline=slowest["stock"] * 1000,
            baseline_from="measured",
            how="From sending to the whole answer, in the same rounds. Baseline: Rasa's own check.",
        ),
    ]


class Round:
    """What one server answered in one round."""

    def __init__(self, seconds: Sequence[float], lasted: float) -> None:
        self.seconds = seconds
        self.rate = len(seconds) / lasted


def by_turns(servers: Sequence[Server], script: Sequence[str]) -> dict[str, list[Round]]:
    """Give every server its rounds in turn, the first of each short and not counted."""
    for server in servers:
        one_round(server, script, WARMING)
    rounds: dict[str, list[Round]] = {server.name: [] for server in servers}
    for _ in range(ROUNDS):
        for server in servers:
            rounds[server.name].append(one_round(server, script, SECONDS))
    return rounds


def one_round(server: Server, script: Sequence[str], seconds: float) -> Round:
    """Let eight owners say the script, over and over in new conversations, until the time is up."""
    begun = time.perf_counter()
    stop = threading.Event()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        owners = [pool.submit(_owner, server, script, begun + seconds, stop) for _ in range(AT_ONCE)]
        answered = [taken for owner in owners for taken in owner.result()]
    return Round(answered, time.perf_counter() - begun)


def _owner(server: Server, script: Sequence[str], until: float, stop: threading.Event) -> list[float]:
    taken: list[float] = []
    try:
        with server.line() as line:
            while True:
                sender = f"owner-{next(_NUMBERS)}"
                for text in script:
                    if stop.is_set() or time.perf_counter() >= until:
                        return taken
                    taken.append(line.say(sender, text))
    except BaseException:
        stop.set()
        raise


_NUMBERS = itertools.count()
