"""Make many records at once without looking for garbage among them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Put off Python's search for garbage in circles; it goes on afterwards, whatever happens.

    Every few hundred new objects it looks through those there are. Of ten thousand offers being read all
    stay, and looking takes as long as reading.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
