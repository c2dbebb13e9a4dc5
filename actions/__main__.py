"""Run the action server on loopback: `python -m actions`."""

from __future__ import annotations

import os

import uvicorn

from actions.server import create_app
from knowledge_base.services import open_advice


def main() -> None:
    """Serve until stopped."""
    advice = open_advice(os.environ)
    advice.warm()
    uvicorn.run(
        create_app(advice),
        host="127.0.0.1",
        port=int(os.environ.get("FINGERPOST_ACTIONS_PORT", "5055")),
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main()
