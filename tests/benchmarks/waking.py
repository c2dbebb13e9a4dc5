"""From starting everything to the first answer, with a trained bot and an empty database."""

from __future__ import annotations

import contextlib
import time

import httpx

from tests.benchmarks.bot import answers
from tests.benchmarks.figures import CannotMeasure, Figure, Run
from tests.benchmarks.processes import WAKING, whole_house
from tests.journeys.house import House


def measure(run: Run) -> list[Figure]:
    """Send the same first message until it is answered, as a patient owner would."""
    room = run.room("waking")
    begun = time.perf_counter()
    with whole_house(room) as home:
        rasa, first = first_answer(home, begun)
    return [
        Figure(
            name="start to first answer, empty database",
            value=first,
            unit="s",
            baseline=rasa,
            baseline_from="measured",
            how="From `python -m bot.run` to the first 200 on /api/chat, the loading of the starter pack "
            "included. Baseline: the moment Rasa itself answered, in the same start.",
        )
    ]


def first_answer(home: House, begun: float) -> tuple[float, float]:
    """Return the seconds until Rasa was there, and until an owner was answered."""
    rasa: float | None = None
    message = {"session": None, "message": "hello", "message_id": "first"}
    while time.perf_counter() - begun < WAKING:
        if home.process.poll() is not None:
            break
        if rasa is None and answers(home.rasa_port, "/"):
            rasa = time.perf_counter() - begun
        with contextlib.suppress(httpx.HTTPError):
            if httpx.post(f"{home.url}/api/chat", json=message, timeout=30).status_code == 200:
                first = time.perf_counter() - begun
                return min(rasa or first, first), first
        time.sleep(0.2)
    raise CannotMeasure(f"no answer within {WAKING} s:\n{home.said()[-2000:]}")
