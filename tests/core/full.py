"""How much a test looks at: all of it on a full machine, a taste of it while somebody works."""

from __future__ import annotations

import os

FULL = os.environ.get("FINGERPOST_FULL_TESTS") == "1"


def examples(full: int, taste: int) -> int:
    """How many examples to look at in this run."""
    return full if FULL else taste
