"""Measure understanding on the messages kept for it: ``.venv/bin/python -m tests.understanding.measure``.

Prints one table: each figure, its 95 % bootstrap interval, and how many messages (or facts) are behind it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

from knowledge_base.words import FACTS
from tests.understanding import scores
from tests.understanding.scores import Meaning, Measure, Pair, Pairs

HERE = Path(__file__).parent
MESSAGES = HERE / "messages.jsonl"
COMMAND = (str(HERE.parents[1] / ".venv/bin/fingerpost"), "understand", "--on", "2026-11-21")
FACTS_SCORED = (*FACTS, "refused")

Row = tuple[str, Measure, Pairs, int]


def main() -> int:
    """Ask the bot, score its answers, print the table."""
    labelled = [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
    try:
        pairs, start = ask(labelled)
    except CannotMeasure as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(pairs)} messages; the first answer came after {start:.1f} s\n")
    print(f"{'measure':<44}{'figure':>8}   {'95 % interval':<16}{'of':>5}")
    for name, measure, over, count in rows(pairs):
        print(f"{name:<44}{line_of(measure, over)}{count:>5}")
    return 0


class CannotMeasure(RuntimeError):
    """The bot did not answer every message; the message says what it said instead."""


def ask(labelled: list[dict[str, Any]]) -> tuple[list[Pair], float]:
    """Pipe every message through the bot; return label beside answer, and the seconds to the first answer.

    A message's latency is the time between the answer before it and its own; the first has none.
    """
    started = time.perf_counter()
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as bot:
        assert bot.stdin is not None
        assert bot.stdout is not None
        threading.Thread(target=feed, args=(labelled, bot.stdin), daemon=True).start()
        heard = list(timed(bot.stdout))
    answers: dict[str, Meaning] = {}
    before: float | None = None
    for raw, at in heard:
        if "act" not in raw:
            raise CannotMeasure(f"the bot did not understand: {raw}")
        answers[raw["id"]] = scores.meaning(raw, at - before if before is not None else None)
        before = at
    silent = [raw["id"] for raw in labelled if raw["id"] not in answers]
    if silent:
        raise CannotMeasure(f"{len(silent)} messages got no answer, first {silent[0]}; is the bot trained?")
    return [Pair(scores.meaning(raw), answers[raw["id"]]) for raw in labelled], heard[0][1] - started


def feed(labelled: list[dict[str, Any]], bot: IO[str]) -> None:
    """Send ids and texts only: the bot never sees a label."""
    try:
        for raw in labelled:
            bot.write(json.dumps({"id": raw["id"], "text": raw["text"]}) + "\n")
        bot.close()
    except BrokenPipeError:
        return


def timed(lines: IO[str]) -> Iterator[tuple[dict[str, Any], float]]:
    """Yield each answer with the moment it came."""
    for line in lines:
        yield json.loads(line), time.perf_counter()


def rows(pairs: Pairs) -> Iterator[Row]:
    """Say which figures the table has, over which messages."""
    yield "acts: macro-F1", scores.macro_f1, pairs, len(pairs)
    yield "acts: accuracy", scores.accuracy, pairs, len(pairs)
    opened = [pair for pair in pairs if pair.label.act == scores.OPENED]
    yield "needs: micro-F1", scores.needs_f1, opened, len(opened)
    yield "needs: exact set", scores.needs_exact, opened, len(opened)
    for number in sorted({len(pair.label.needs) for pair in opened}):
        some = [pair for pair in opened if len(pair.label.needs) == number]
        yield f"needs: micro-F1, messages with {number}", scores.needs_f1, some, len(some)
        yield f"needs: exact set, messages with {number}", scores.needs_exact, some, len(some)
    yield from fact_rows(pairs)
    strays = sum(pair.label.act == scores.REFUSED for pair in pairs)
    yield "out of scope: refused", scores.refused, pairs, strays
    yield "out of scope: good messages lost", scores.lost, pairs, len(pairs) - strays
    yield "act confidence: calibration error, 10 bins", scores.calibration_error, pairs, len(pairs)
    for percent in (50, 95):
        within = partial(scores.latency, percent)
        yield f"latency: p{percent}, ms between answers", within, pairs, len(pairs) - 1


def fact_rows(pairs: Pairs) -> Iterator[Row]:
    """Precision over the times the bot heard a fact, recall over the times it was told."""
    for name, facts in [("all facts", FACTS_SCORED), *((f"fact {fact}", (fact,)) for fact in FACTS_SCORED)]:
        heard = sum(fact in pair.bot.facts for pair in pairs for fact in facts)
        told = sum(fact in pair.label.facts for pair in pairs for fact in facts)
        yield f"{name}: precision", partial(scores.fact_precision, facts), pairs, heard
        yield f"{name}: recall", partial(scores.fact_recall, facts), pairs, told


def line_of(measure: Measure, pairs: Pairs) -> str:
    """Write a figure and its interval; a dash where there is nothing to measure."""
    figure, span = measure(pairs), scores.interval(measure, pairs)
    if figure is None or span is None:
        return f"{'–':>8}   {'':<16}"
    return f"{figure:>8.3f}   {f'{span[0]:.3f} – {span[1]:.3f}':<16}"


if __name__ == "__main__":
    sys.exit(main())
