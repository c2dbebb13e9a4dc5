"""Run the action server on loopback: `python -m actions`."""

from __future__ import annotations

import os
import sys

import uvicorn

from actions.server import create_app
from knowledge_base.faults import BadCatalogue
from knowledge_base.services import open_advice
from knowledge_base.store.database import StoreUnavailable


def main() -> int:
    """Serve until stopped; 1 with the reason in words when that cannot be."""
    try:
        advice = open_advice(os.environ)
        advice.warm()
    except (BadCatalogue, StoreUnavailable, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    uvicorn.run(
        create_app(advice),
        host="127.0.0.1",
        port=int(os.environ.get("FINGERPOST_ACTIONS_PORT", "5055")),
        log_level="warning",
        access_log=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
