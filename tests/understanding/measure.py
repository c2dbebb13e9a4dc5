"""Measure understanding on the messages kept for it: ``.venv/bin/python -m tests.understanding.measure``.

Prints one table: each figure, its 95 % bootstrap interval, how many messages (or facts) are behind it, and,
beside the bot, what `rasa init` writes, trained on the same messages as ours: as kept from the last
comparison, or anew with ``--stock 1500`` (a sample) or ``--stock all``. Of messages it prints only labels.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any

from tests.benchmarks.figures import CannotMeasure
from tests.benchmarks.machine import describe
from tests.understanding import figures, report, scores, stock
from tests.understanding.scores import Meaning, Pair

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MESSAGES = HERE / "messages.jsonl"
COMMAND = (str(ROOT / ".venv/bin/fingerpost"), "understand", "--on", "2026-11-21")


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask the bot, score its answers, print the table; return 1 where the bot or a training failed."""
    options = _options(arguments)
    try:
        labelled = read(options.messages)
        kept = compared(options, labelled)
        pairs, first = ask(labelled)
        document = {
            **_about(options, labelled),
            "load": os.getloadavg()[0],
            "first_answer_s": round(first, 2),
            "figures": [each.as_dict() for each in figures.figures(figures.bot_rows(pairs))],
            "reliability": figures.reliability(pairs),
            "confusions": scores.confusions(pairs),
        }
    except CannotMeasure as error:
        print(error, file=sys.stderr)
        return 1
    print(report.screen(document, kept))
    if options.json:
        name = "latest" if options.messages == MESSAGES else options.messages.stem
        report.keep(document, report.RESULTS / f"{name}.json")
        (report.RESULTS / f"{name}.md").write_text(report.markdown(document, kept), encoding="utf-8")
    return 0


def compared(options: argparse.Namespace, labelled: Sequence[dict[str, Any]]) -> report.Document | None:
    """Return the comparison with stock Rasa: made anew where asked for, else as it was kept; or None.

    It takes long to make, so it is kept before anything else can fail.
    """
    yardstick = options.messages == MESSAGES
    if options.stock is None:
        return report.kept_comparison() if yardstick else None
    made = {**_about(options, labelled), **stock.compare(labelled, options.stock or None)}
    if options.json and yardstick:
        report.keep(made, report.STOCK)
    return made


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="measure", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--messages", type=_file, default=MESSAGES, help="JSON lines to measure on")
    parser.add_argument("--json", action="store_true", help="write tests/understanding/results/ too")
    parser.add_argument(
        "--stock", type=how_many, help="train ours and stock Rasa on so many training messages, or on `all`"
    )
    parser.add_argument("--on", default=date.today().isoformat(), help="the date to put on the figures")
    return parser.parse_args(arguments)


def _file(told: str) -> Path:
    path = Path(told).resolve()
    if not path.is_file():
        raise argparse.ArgumentTypeError(
            f"there is no file {told!r}; name one of JSON lines with text and act, or leave --messages out"
        )
    return path


def how_many(told: str) -> int:
    """Read a number of messages, 0 for all; raise ArgumentTypeError for anything else."""
    if told == "all":
        return 0
    if told.isdecimal() and int(told) >= 100:
        return int(told)
    raise argparse.ArgumentTypeError(f"{told!r} is no number of messages from 100 up; write 1500, or all")


def _about(options: argparse.Namespace, labelled: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Say what was measured, when and on what, without a word of any message or a path of this machine."""
    size = "" if options.stock is None else f" STOCK={options.stock or 'all'}"
    other = options.messages != MESSAGES
    words = f"measure --messages {options.messages.name}" if other else f"make understanding{size}"
    return {
        "on": options.on,
        "command": words,
        "machine": describe(),
        "messages": {
            "file": options.messages.name,
            "count": len(labelled),
            "sha256": hashlib.sha256(options.messages.read_bytes()).hexdigest(),
        },
    }


def read(path: Path) -> list[dict[str, Any]]:
    """Read labelled messages, JSON lines of text, act, needs and facts; those without an id get one.

    Raises:
        CannotMeasure: a line is not a labelled message; the fault names the line, never its words.
    """
    found = labels(path)
    bare = next((place for place, raw in enumerate(found, 1) if not isinstance(raw.get("text"), str)), None)
    if bare:
        raise CannotMeasure(f'{path.name}, message {bare}: no "text"')
    return found


def labels(path: Path) -> list[dict[str, Any]]:
    """Read labels, with or without the words they are of; those without an id get their line's number.

    Raises:
        CannotMeasure: the file, a line or an id is not as it should be.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise CannotMeasure(f"{path.name} cannot be read ({type(fault).__name__})") from None
    found: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            scores.meaning(raw)
            name = str(raw.get("id") or f"line-{number}")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise CannotMeasure(f'{path.name}, line {number}: no JSON object with an "act"') from None
        if name in found:
            raise CannotMeasure(f"{path.name}, line {number}: the id {name} is there twice")
        found[name] = {**raw, "id": name}
    if not found:
        raise CannotMeasure(f"{path.name} holds no message")
    return list(found.values())


def ask(labelled: Sequence[dict[str, Any]]) -> tuple[list[Pair], float]:
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


def feed(labelled: Sequence[dict[str, Any]], bot: IO[str]) -> None:
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


if __name__ == "__main__":
    sys.exit(main())
