"""Run Rasa's server with its own arguments, quietly: warnings and errors only."""

from __future__ import annotations

import logging
import sys
import warnings


def main() -> None:
    """Hand the arguments to `rasa run`."""
    warnings.filterwarnings("ignore")
    # A form that steps aside for a question is how conversations work here; Rasa calls it an error.
    logging.getLogger("rasa.core.actions.action").addFilter(
        lambda record: "rejected execution" not in record.getMessage()
    )
    sys.argv = ["rasa", "run", *sys.argv[1:], "--quiet"]
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
