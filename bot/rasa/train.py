"""Train the bot into models/fingerpost.tar.gz, from config.yml, domain.yml and data/."""

from __future__ import annotations

import logging
import os
import sys
import time
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


QUIETLY = {"RASA_TELEMETRY_ENABLED": "false", "LOG_LEVEL": "WARNING", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}


def main() -> int:
    """Return 0 when a model was written; say how long it took."""
    for name, value in QUIETLY.items():
        os.environ.setdefault(name, value)
    started = time.monotonic()
    # Seconds to import: only when asked to train.
    from rasa.model_training import train
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    logging.getLogger("rasa").setLevel(logging.WARNING)
    warnings.filterwarnings("ignore")
    result = train(
        domain=str(ROOT / "domain.yml"),
        config=str(ROOT / "config.yml"),
        training_files=str(ROOT / "data"),
        output=str(ROOT / "models"),
        fixed_model_name="fingerpost",
    )
    if result.code != 0 or not result.model:
        print("Training failed; the lines above say where.", file=sys.stderr)
        return result.code or 1
    print(f"  trained in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
