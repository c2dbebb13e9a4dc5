"""Train a stock pipeline: `python -m tests.benchmarks.sealed.train_stock CONFIG NLU FOLDER`.

Writes FOLDER/stock.tar.gz, and FOLDER/seconds.json with what the training took, imports left out.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path


def main(config: str, nlu: str, folder: str) -> int:
    """Return 0 when a model was written."""
    from rasa.model_training import train_nlu

    warnings.filterwarnings("ignore")
    started = time.perf_counter()
    model = train_nlu(config, nlu, folder, fixed_model_name="stock")
    seconds = time.perf_counter() - started
    (Path(folder) / "seconds.json").write_text(json.dumps(seconds), encoding="utf-8")
    return 0 if model else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
