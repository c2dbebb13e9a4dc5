"""Resident memory of each process after fifty messages."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.benchmarks.bot import CONVERSATION, answers
from tests.benchmarks.figures import CannotMeasure, Figure, Run
from tests.benchmarks.messages import examples, sample
from tests.benchmarks.processes import (
    RASA_PYTHON,
    ROOT,
    family,
    memory_mb,
    quiet_environment,
    started,
    wait_for,
    whole_house,
)
from tests.benchmarks.training import stock_model
from tests.journeys.house import House, free_port

MESSAGES = 50
QUOTED_MB = 821.0
MODULES = {"rasa": "bot.rasa.serve", "actions": "actions", "gateway": "bot.web"}


def measure(run: Run) -> list[Figure]:
    """Speak to the whole house, then look at each of its processes."""
    room = run.room("memory")
    with whole_house(room) as home:
        home.wait_until_awake()
        _talk(home)
        found = {name: memory_mb(_process(home, module)) for name, module in MODULES.items()}
    stock = _stock_mb(run, room) if run.full else QUOTED_MB
    how = f"Resident, children included, after {MESSAGES} messages of whole conversations."
    return [
        Figure(
            name="memory of the Rasa process",
            value=found["rasa"],
            unit="MB",
            baseline=stock,
            baseline_from="measured" if run.full else "quoted",
            aim="≤ 650",
            how=f"{how} Baseline: Rasa with the pipeline `rasa init` writes; measured with `--full` "
            "(understanding alone, no policies), otherwise quoted from an earlier run of a whole stock bot.",
        ),
        Figure(name="memory of the actions", value=found["actions"], unit="MB", how=how),
        Figure(name="memory of the gateway", value=found["gateway"], unit="MB", how=how),
        Figure(name="memory of all three", value=sum(found.values()), unit="MB", how=how),
    ]


def _talk(home: House) -> None:
    said = 0
    while said < MESSAGES:
        owner = home.owner()
        for text in CONVERSATION:
            owner.says(text)
            said += 1


def _process(home: House, module: str) -> int:
    """The process that runs a module: the supervisor's own shell has made way for it."""
    for process in family(home.process.pid):
        command = process.cmdline()
        if "-m" in command and command[command.index("-m") + 1] == module:
            return process.pid
    raise CannotMeasure(f"no process of the house runs {module}")


def _stock_mb(run: Run, room: Path) -> float:
    texts = [text for text, _ in sample(examples(ROOT / "data"), MESSAGES, seed=2)]
    with _stock_server(stock_model(run), room) as (port, process):
        for text in texts:
            body = json.dumps({"text": text}).encode()
            request = urllib.request.Request(f"http://127.0.0.1:{port}/model/parse", body)
            with urllib.request.urlopen(request, timeout=60) as answer:
                answer.read()
        return memory_mb(process.pid)


@contextmanager
def _stock_server(model: Path, room: Path) -> Iterator[tuple[int, psutil.Process]]:
    port, log = free_port(), room / "stock.log"
    command = [
        *(str(RASA_PYTHON), "-m", "rasa", "run", "--enable-api", "--interface", "127.0.0.1"),
        *("--port", str(port), "--model", str(model), "--quiet"),
    ]
    with started(command, quiet_environment(), room, log) as process:
        wait_for(lambda: answers(port, "/"), process, log)
        yield port, psutil.Process(process.pid)
