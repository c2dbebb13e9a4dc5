"""What a command says when it cannot go on."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class CommandFailed(Exception):
    """A fault in what was given, or in what is needed; told as ``{"error": code, "message": words}``."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


def tell_left_out(faults: Sequence[object]) -> None:
    """Name on standard error what was left out by --keep-going, one line each."""
    from knowledge_base.faults import lines_of

    for line in lines_of(faults):
        print(f"Left out: {line}", file=sys.stderr)


@contextmanager
def told() -> Iterator[None]:
    """Turn a fault of the records, of the hub or of the database into `CommandFailed`."""
    from knowledge_base.faults import BadCatalogue
    from knowledge_base.store.database import BadAddress, StoreUnavailable

    try:
        yield
    except BadCatalogue as bad:
        raise CommandFailed("bad_records", str(bad)) from bad
    except (BadAddress, StoreUnavailable) as error:
        raise CommandFailed("no_database", str(error)) from error
