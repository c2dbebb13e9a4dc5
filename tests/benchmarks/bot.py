"""A real Rasa and real actions on loopback, spoken to as the gateway speaks to them."""

from __future__ import annotations

import contextlib
import http.client
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.run.__main__ import commands
from bot.run.prepare import prepare_database
from bot.run.settings import RunSettings
from tests.benchmarks.figures import CannotMeasure
from tests.benchmarks.processes import ROOT, need_model, settings_for, started, wait_for
from tests.journeys.house import free_port

Store = Literal["memory", "kept", "stock sql"]
DAY = "2026-11-21"
QUESTION = "What does match funding mean?"
CONVERSATION = (
    "14 of us, metal fabrication in Dudley, lead times are all over the place",
    "limited company, trading 20 years",
    "I'd rather not say",
    QUESTION,
    "any events we could go to?",
)


class Line:
    """One connection that stays open, as the gateway keeps its own."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def say(self, sender: str, text: str) -> float:
        """Send one message; return the seconds until its answer. An empty answer raises CannotMeasure."""
        body = json.dumps({"sender": sender, "message": text, "metadata": {"today": DAY, "channel": "web"}})
        begun = time.perf_counter()
        self._connection.request("POST", "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        said: Any = json.loads(answer.read() or b"null")
        taken = time.perf_counter() - begun
        if answer.status != 200 or not said:
            raise CannotMeasure(f"Rasa answered {answer.status} with {said!r} to {text!r}")
        return taken

    def close(self) -> None:
        self._connection.close()


@dataclass(frozen=True)
class Server:
    """A running Rasa."""

    name: str
    port: int
    pid: int

    @contextlib.contextmanager
    def line(self) -> Iterator[Line]:
        line = Line(self.port)
        try:
            yield line
        finally:
            line.close()


@contextlib.contextmanager
def actions(folder: Path) -> Iterator[RunSettings]:
    """Run the action server on a fresh database; its settings say where."""
    settings = settings_for(folder)
    prepare_database(settings.database_url, lambda words: None)
    log = folder / "actions.log"
    with started(commands(settings)["actions"], settings.for_processes(), ROOT, log) as process:
        wait_for(lambda: answers(settings.actions_port, "/health"), process, log)
        yield settings


@contextlib.contextmanager
def rasa(
    settings: RunSettings, folder: Path, name: str, store: Store, stock_validation: bool = False
) -> Iterator[Server]:
    """Run Rasa as the product does, but for the store it keeps conversations in and the check it uses."""
    need_model()
    endpoints = folder / f"{name}.endpoints.yml"
    endpoints.write_text(endpoints_of(settings, store, folder / f"{name}.sqlite"), encoding="utf-8")
    port = free_port()
    swaps = {
        "bot.rasa.serve": "tests.benchmarks.sealed.serve",
        "endpoints.yml": str(endpoints),
        str(settings.rasa_port): str(port),
    }
    command = [swaps.get(word, word) for word in commands(settings)["rasa"]]
    environment = {
        **settings.for_processes(),
        "FINGERPOST_STOCK_VALIDATION": "1" if stock_validation else "",
    }
    log = folder / f"{name}.log"
    with started(command, environment, ROOT, log) as process:
        wait_for(lambda: answers(port, "/"), process, log)
        yield Server(name, port, process.pid)


def endpoints_of(settings: RunSettings, store: Store, file: Path) -> str:
    """Rasa's endpoints.yml for one kind of store."""
    kept = {
        "memory": {},
        "kept": {"type": "bot.rasa.tracker_store.ConversationStore", "url": f"sqlite:///{file}"},
        "stock sql": {"type": "SQL", "dialect": "sqlite", "db": str(file)},
    }[store]
    endpoints: dict[str, Any] = {"action_endpoint": {"url": f"{settings.actions_url}/webhook"}}
    if kept:
        endpoints["tracker_store"] = kept
    return json.dumps(endpoints, indent=2)  # JSON is YAML


def answers(port: int, path: str) -> bool:
    """Say whether a server on loopback answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
