"""`fingerpost understand`: JSON lines in, what each message does, needs and tells out."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import IO, Any

from bot.command_line.errors import CommandFailed, told

ROOT = Path(__file__).resolve().parents[2]
SEALED_PYTHON = ROOT / "bot" / "rasa" / ".venv" / "bin" / "python"
MODEL = ROOT / "models" / "fingerpost.tar.gz"


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    from bot.command_line.main import a_day

    command = commands.add_parser(
        "understand",
        help="say what messages mean: JSON lines on standard input",
        description='Read JSON lines {"id", "text"}; write {"id", "act", "confidence", "needs", "facts"} '
        "with the trained bot. No server need be up.",
    )
    command.add_argument("--on", type=a_day, default=None, help="the day it is said to be (default: today)")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Stream standard input through the trained bot and the reader of facts."""
    if not MODEL.exists() or not SEALED_PYTHON.exists():
        raise CommandFailed("not_trained", "the bot is not trained yet; run `make train` first")
    from knowledge_base.services import starter_reader

    with told():
        reader = starter_reader()
    on = args.on or date.today()
    for line, understood in through_the_bot(sys.stdin):
        if "error" not in understood:
            reading = reader.read(line["text"], on=on)
            understood["facts"] = {
                **reading.facts,
                **({"refused": [*reading.refused]} if reading.refused else {}),
            }
        print(json.dumps(understood, ensure_ascii=False), flush=True)
    return 0


def through_the_bot(lines: IO[str]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each input with what the sealed side understood of it, in order."""
    command = [str(SEALED_PYTHON), "-m", "bot.rasa.understand", "--model", str(MODEL)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    asked: list[dict[str, Any]] = []
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=ROOT, encoding="utf-8"
    ) as bot:
        assert bot.stdin is not None
        assert bot.stdout is not None
        feeder = threading.Thread(target=feed, args=(lines, bot.stdin, asked), daemon=True)
        feeder.start()
        for answered, answer in enumerate(bot.stdout):
            understood = json.loads(answer)
            yield asked[answered], understood
            asked[answered] = {}
        feeder.join(timeout=5)
    if bot.returncode != 0:
        raise CommandFailed("not_understood", "the trained bot stopped; train it again with `make train`")


def feed(lines: IO[str], bot: IO[str], asked: list[dict[str, Any]]) -> None:
    """Pass every line on, remembering its text; one that is no JSON goes too, to be refused there."""
    try:
        for line in lines:
            if line.strip():
                asked.append({"text": text_in(line)})
            bot.write(line.rstrip("\n") + "\n")
    except BrokenPipeError:
        return
    finally:
        with suppress(BrokenPipeError):
            bot.close()


def text_in(line: str) -> str:
    """The text of one line; nothing where the sealed side will refuse the line."""
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    text = raw.get("text") if isinstance(raw, dict) else None
    return text if isinstance(text, str) else ""
