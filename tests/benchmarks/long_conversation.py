"""Turn 400 of one conversation against turn 1 of another, on the store that keeps them."""

from __future__ import annotations

from tests.benchmarks.bot import QUESTION, Line, Store, actions, rasa
from tests.benchmarks.figures import Figure, Origin, Run, median

TURNS = 400
AROUND = 10
FRESH = 3
STOCK_RATIO = 9.8
QUOTED: Origin = "quoted"
MEASURED: Origin = "measured"


def measure(run: Run) -> list[Figure]:
    """Bring one conversation to turn 400, then take turns with new ones."""
    old, new = last_against_first(run, "kept")
    stock, origin = STOCK_RATIO, QUOTED
    if run.full:
        stock_old, stock_new = last_against_first(run, "stock sql")
        stock, origin = stock_old / stock_new, MEASURED
    how = (
        f"Medians of {AROUND * FRESH} turns each, by turns: the last turns of one conversation of {TURNS}, "
        f"and the first {AROUND} of {FRESH} new ones. The same question every time, straight to Rasa."
    )
    return [
        Figure(
            name="turn 400 of one conversation",
            value=old * 1000,
            unit="ms",
            baseline=new * 1000,
            baseline_from=MEASURED,
            how=f"{how} Baseline: the new conversations.",
        ),
        Figure(
            name="turn 400 against turn 1",
            value=old / new,
            unit="times",
            baseline=stock,
            baseline_from=origin,
            aim="≤ 1.2",
            how=f"{how} Baseline: Rasa's own SQL store; measured with `--full`, otherwise quoted.",
        ),
    ]


def last_against_first(run: Run, store: Store) -> tuple[float, float]:
    """Return the median seconds of a turn at the end of a long conversation, and of a new one."""
    room = run.room(f"long-{store.replace(' ', '-')}")
    with (
        actions(room) as where,
        rasa(where, room, "long", store) as server,
        server.line() as line,
    ):
        for _ in range(TURNS - AROUND * FRESH):
            line.say("old", QUESTION)
        return _by_turns(line)


def _by_turns(line: Line) -> tuple[float, float]:
    old: list[float] = []
    new: list[float] = []
    line.say("warming", QUESTION)
    for fresh in range(FRESH):
        for _ in range(AROUND):
            old.append(line.say("old", QUESTION))
            new.append(line.say(f"new-{fresh}", QUESTION))
    return median(old), median(new)
