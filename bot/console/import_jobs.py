"""Work on files beside the requests: one at a time, in a thread; how far it is stands in the database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillAtWork
from typing import Any

from starlette.requests import Request

WAIT_SECONDS = 1.5  # a small file is done by then, and its page is shown at once

log = logging.getLogger(__name__)


class Jobs:
    """The work of one console."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import")

    @classmethod
    def of(cls, request: Request) -> Jobs:
        """Return the jobs of the console a request came to."""
        state = request.app.state
        found: Jobs | None = getattr(state, "import_jobs", None)
        if found is None:
            found = state.import_jobs = cls()
        return found

    def start(self, work: Callable[..., Any], *given: Any, wait: float = WAIT_SECONDS, **named: Any) -> None:
        """Begin a work, and wait a moment for it; what went wrong with it stands in the import."""
        begun: Future[Any] = self._pool.submit(work, *given, **named)
        begun.add_done_callback(_told)
        try:
            begun.exception(wait)
        except StillAtWork:
            return


def _told(done: Future[Any]) -> None:
    error = done.exception()
    if error is not None:
        # The words may hold a cell of somebody's file: the log gets the kind alone.
        log.warning("an import stopped: %s", type(error).__name__)
