"""Run Rasa's server with its own arguments: quietly, and not at all when the bot cannot be loaded."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from typing import Any


def main() -> None:
    """Hand the arguments to `rasa run`."""
    warnings.showwarning = lambda *words, **more: None  # libraries put filters of their own back in place
    # A form that steps aside for a question is how conversations work here; Rasa calls it an error.
    logging.getLogger("rasa.core.actions.action").addFilter(
        lambda record: "rejected execution" not in record.getMessage()
    )
    sys.argv = ["rasa", "run", *sys.argv[1:], "--quiet"]
    from rasa.__main__ import main as rasa

    refuse_to_serve_without_a_bot()
    rasa()


def refuse_to_serve_without_a_bot() -> None:
    """Make the server stop when the model did not load; Rasa would serve on and answer nothing."""
    from rasa.core import run

    load = run.load_agent_on_start

    async def load_or_stop(*args: Any, **more: Any) -> Any:
        agent = await load(*args, **more)
        if agent is None or not agent.is_ready():
            print("The bot cannot be loaded; `make train` makes it anew.", file=sys.stderr, flush=True)
            os._exit(1)
        return agent

    run.load_agent_on_start = load_or_stop


if __name__ == "__main__":
    main()
