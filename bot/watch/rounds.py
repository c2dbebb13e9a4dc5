"""Go round the sources: several hosts at once, each host's pages in turn, each visit kept at once."""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from bot.watch.visiting import Stopped, Visitor
from knowledge_base.records import Catalogue
from knowledge_base.store.sources import Sources
from knowledge_base.watch.compare import Found
from knowledge_base.watch.quoted import Use, sources_of
from knowledge_base.watch.visits import Check, Judged, Visit, judge

AT_ONCE = 6


@dataclass(slots=True)
class Tally:
    """What a round has come to so far."""

    of: int
    done: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    checks: list[Check] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    stopped: bool = False


Done = queue.SimpleQueue[tuple[Visit, Check | None] | Exception | None]
Progress = Callable[[Tally, Check, Sequence[Found]], None]


def go_round(
    urls: Iterable[str], catalogue: Catalogue, store: Sources, visitor: Visitor,
    *, clock: Callable[[], datetime], at_once: int = AT_ONCE,
    progress: Progress = lambda tally, check, found: None,
) -> Tally:  # fmt: skip
    """Visit addresses and keep what came of each as soon as it is there.

    Ctrl-C ends the round; what was done is kept, and ``stopped`` says so. Only this thread writes. Names
    that lead nowhere wait for the end: where no server answered at all, none of them is called missing.
    """
    uses: Mapping[str, list[Use]] = sources_of(catalogue)
    hosts: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        hosts.setdefault(_host(url), []).append(url)
    tally = Tally(sum(len(each) for each in hosts.values()))
    waiting: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    for each in sorted(hosts.values(), key=len, reverse=True):
        waiting.put(each)  # the host with most pages takes longest
    done: Done = queue.SimpleQueue()
    workers = [
        threading.Thread(target=_work, args=(waiting, done, store, visitor), daemon=True)
        for _ in range(min(at_once, max(1, len(hosts))))
    ]
    for worker in workers:
        worker.start()
    running = len(workers)

    def take(visit: Visit, before: Check | None) -> None:
        judged = _judged(visit, before, uses.get(visit.url, []), catalogue, clock())
        store.keep(judged, clock())
        tally.done += 1
        tally.answers[judged.check.answer] += 1
        tally.checks.append(judged.check)
        tally.found += judged.found or ()
        progress(tally, judged.check, judged.found or ())

    nowhere: list[tuple[Visit, Check | None]] = []
    reached = False
    try:
        while running:
            item = done.get()
            if item is None:
                running -= 1
                continue
            if isinstance(item, Exception):
                raise item
            visit, before = item
            if visit.outcome == "missing" and visit.status is None:
                nowhere.append((visit, before))
                continue
            reached = reached or visit.status is not None
            take(visit, before)
        for visit, before in nowhere:
            take(visit if reached else _cut_off(visit), before)
    except KeyboardInterrupt:
        tally.stopped = True
    finally:
        if running:
            visitor.stop.set()
    tally.stopped = tally.stopped or visitor.stop.is_set()
    return tally


def _cut_off(visit: Visit) -> Visit:
    """Return a visit to a name that leads nowhere in a round that reached nobody: it may be our own fault."""
    return replace(
        visit,
        outcome="uncertain",
        reason=f"{visit.reason}, nor did any other: is this machine on the internet?",
    )


def _judged(
    visit: Visit, before: Check | None, uses: Sequence[Use], catalogue: Catalogue, now: datetime
) -> Judged:
    """Judge one visit; a page that nobody foresaw spoils its own visit and no other."""
    try:
        return judge(visit, before, uses, catalogue, now)
    except (ValueError, ArithmeticError, LookupError, RecursionError):
        spoilt = Visit(
            visit.url, "uncertain", visit.status, visit.final_url, reason="its page cannot be read"
        )
        return judge(spoilt, before, uses, catalogue, now)


def _work(
    waiting: queue.SimpleQueue[list[str]],
    done: Done,
    store: Sources,
    visitor: Visitor,
) -> None:
    try:
        while not visitor.stop.is_set():
            for url in waiting.get_nowait():
                before = store.check(url)
                done.put((visitor.visit(url, before), before))
    except (queue.Empty, Stopped):
        pass
    except Exception as error:  # such as a database that went away: told by whoever keeps what comes
        done.put(error)
    finally:
        done.put(None)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
