"""How soon Slack is answered while the engine works, and whether every command is answered once."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import httpx

from bot.run.settings import ROOT
from bot.slack.app import PATH
from knowledge_base.store.database import open_database
from knowledge_base.store.slack_work import SlackWork
from tests.benchmarks.figures import CannotMeasure, Figure, Run, percentile
from tests.benchmarks.processes import quiet_environment, started, wait_for
from tests.journeys.house import free_port
from tests.slack.signing import command, signed
from tests.slack.stand_in import StandIn

A_SECOND = 20
SECONDS, SECONDS_IN_FULL = 15, 60
COMMANDS, COMMANDS_IN_FULL = 300, 5_000
AT_ONCE = 8
SLACK_WAITS = 3.0
WANTED = 0.2
FEW, THOUSANDS = 20, 5_000
STILL = 120.0  # seconds without a new answer after which the rest is lost


@dataclass(frozen=True)
class Gateway:
    """A running gateway, and the Slack it answers."""

    url: str
    slack: StandIn


def measure(run: Run) -> list[Figure]:
    """Send commands at a steady pace, bare requests between them; then many commands at once."""
    with gateway(run.room("slack")) as running:
        warm(running)
        paced = at_a_pace(running, SECONDS_IN_FULL if run.full else SECONDS)
        count = COMMANDS_IN_FULL if run.full else COMMANDS
        return [*pace_figures(*paced), *many(running, count), waiting_in_a_lane(run.room("lane"))]


@contextlib.contextmanager
def gateway(room: Path) -> Iterator[Gateway]:
    """Start the gateway on an empty database, with a stand-in for Slack in this process."""
    address = f"sqlite:///{room / 'fingerpost.db'}"
    database = open_database(address)
    database.migrate()
    database.close()
    port, log = free_port(), room / "gateway.log"
    url = f"http://127.0.0.1:{port}"
    with StandIn() as slack:
        slack.channel("C0TEAM")
        slack.person("U0KIM")
        environment = {**quiet_environment(), **slack.environment(), "DATABASE_URL": address}
        serving = [sys.executable, "-m", "tests.benchmarks.slack_server", str(port)]
        with started(serving, {**os.environ, **environment}, ROOT, log) as process:
            wait_for(lambda: answers(url), process, log)
            yield Gateway(url, slack)


def answers(url: str) -> bool:
    """Say whether the gateway serves."""
    with contextlib.suppress(httpx.HTTPError):
        return httpx.post(f"{url}/bare").status_code == 200
    return False


def warm(running: Gateway) -> None:
    """Have everything used once, and the work of it done, before anything is timed."""
    with httpx.Client() as client:
        for number in range(10):
            ask(client, running, f"warm {number}")
            client.post(f"{running.url}/bare", content=b"x" * 500)
    settled(running.slack, 10)


def ask(client: httpx.Client, running: Gateway, words: str) -> float:
    """Send one command; return the seconds until it was acknowledged.

    Told to ask again, it does so, as a person would; that counts.
    """
    begun = time.perf_counter()
    for _ in range(20):
        body, kind = command(words)
        headers = signed(body, kind)
        answer = client.post(f"{running.url}{PATH}", content=body, headers=headers, timeout=30)
        if answer.status_code == 200 and not answer.content:
            return time.perf_counter() - begun
    raise CannotMeasure(f"a command was answered {answer.status_code}, never acknowledged")


def at_a_pace(running: Gateway, seconds: int) -> tuple[list[float], list[float]]:
    """Send a command and a bare request twenty times a second, whether or not earlier ones were answered."""
    body = command("bare")[0].encode()
    acknowledged: list[float] = []
    bare: list[float] = []
    local = threading.local()

    def client() -> httpx.Client:
        if not hasattr(local, "client"):
            local.client = httpx.Client()
        return local.client

    def one_command(number: int) -> None:
        acknowledged.append(ask(client(), running, f"paced {number}"))

    def one_bare() -> None:
        sender = client()
        begun = time.perf_counter()
        sender.post(f"{running.url}/bare", content=body, timeout=30)
        bare.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    with ThreadPoolExecutor(32) as pool:
        sending = []
        for number in range(seconds * A_SECOND):
            _until(begun + number / A_SECOND)
            sending.append(pool.submit(one_command, number))
            _until(begun + (number + 0.5) / A_SECOND)
            sending.append(pool.submit(one_bare))
        for each in sending:
            each.result()
    settled(running.slack, 10 + seconds * A_SECOND)
    return acknowledged, bare


def pace_figures(acknowledged: list[float], bare: list[float]) -> list[Figure]:
    """p50 and p95 beside the bare answer, and the share that Slack would have been content with."""
    how = (
        f"{len(acknowledged)} signed commands at {A_SECOND} a second, each kept in SQLite, worked on (a "
        "roadmap over the starter pack) and delivered by the same process. Baseline: a bare 200 of that "
        "process, sent in between at the same pace."
    )
    inside = 100 * sum(took <= WANTED for took in acknowledged) / len(acknowledged)
    late = sum(took > SLACK_WAITS for took in acknowledged)
    return [
        *(
            Figure(
                name=f"a command of Slack's acknowledged, {A_SECOND} a second, {name}",
                value=percentile(acknowledged, share) * 1000,
                unit="ms",
                baseline=percentile(bare, share) * 1000,
                baseline_from="measured",
                aim=aim,
                how=how,
            )
            for share, name, aim in ((0.5, "p50", ""), (0.95, "p95", "≤ 200"))
        ),
        Figure(
            "commands of Slack's acknowledged within 200 ms",
            inside,
            "%",
            how=f"Of the same. Slack gives up after {SLACK_WAITS:.0f} s: {late} took longer.",
        ),
    ]


def many(running: Gateway, count: int) -> list[Figure]:
    """Send many commands as fast as they are acknowledged, and count what each was answered with."""
    before = len(running.slack.ephemerals)
    begun = time.perf_counter()

    def some(first: int) -> None:
        with httpx.Client() as client:
            for number in range(first, count, AT_ONCE):
                ask(client, running, f"many {number}")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(some, range(AT_ONCE)))
    sent = time.perf_counter() - begun
    settled(running.slack, before + count)
    took = time.perf_counter() - begun
    told = Counter(each["text"].partition(":")[0] for each in running.slack.ephemerals[before:])
    once = sum(told[f"many {number}"] == 1 for number in range(count))
    how = (
        f"{count:,} commands, {AT_ONCE} senders without a pause, until each was answered in Slack's stand-in."
    )
    return [
        Figure(f"of {count:,} commands of Slack's, answered exactly once", float(once), "", float(count), how,
               "measured", f"{count:,}"),
        Figure(f"{count:,} commands of Slack's answered with a roadmap", count / took, "answers/s",
               count / sent, f"{how} Baseline: how fast they were acknowledged.", "measured"),
    ]  # fmt: skip


def waiting_in_a_lane(room: Path) -> Figure:
    """Time a claim and the end of what it claimed, before thousands that wait; baseline: before few."""
    took = {}
    for count in (FEW, THOUSANDS):
        database = open_database(f"sqlite:///{room / f'{count}.db'}")
        database.migrate()
        work, now = SlackWork(database), datetime.now(timezone.utc)
        for number in range(2 * count):
            work.take_in(f"{number}", "command", {}, now, lane="one")
            if number < count:
                work.give_up(f"{number}", "ended before", now)
        times = []
        for _ in range(FEW):
            begun = time.perf_counter()
            held = work.claim("us", now, 60)
            assert held
            work.claim("another", now, 60)  # finds that the lane is busy
            work.done(held.key, now)
            times.append(time.perf_counter() - begun)
        took[count] = percentile(times, 0.5) * 1000
        database.close()
    return Figure(
        f"work claimed and done, {THOUSANDS:,} waiting in one lane",
        took[THOUSANDS],
        "ms",
        took[FEW],
        f"SQLite, as many ended before, a second worker finds the lane busy. Baseline: {FEW} waiting.",
        "measured",
    )


def settled(slack: StandIn, count: int) -> None:
    """Return when so many answers are there, or when none has come for long."""
    last, since = -1, time.monotonic()
    while len(slack.ephemerals) < count:
        if len(slack.ephemerals) != last:
            last, since = len(slack.ephemerals), time.monotonic()
        if time.monotonic() - since > STILL:
            return
        time.sleep(0.05)
    time.sleep(0.5)  # what would come twice comes now


def _until(at: float) -> None:
    if (left := at - time.perf_counter()) > 0:
        time.sleep(left)
