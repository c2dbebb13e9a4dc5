"""Run Rasa's server with its own arguments, quietly: warnings and errors only."""

from __future__ import annotations

import sys
import warnings


def main() -> None:
    """Hand the arguments to `rasa run`."""
    warnings.filterwarnings("ignore")
    sys.argv = ["rasa", "run", *sys.argv[1:], "--quiet"]
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
