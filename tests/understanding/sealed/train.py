"""Train one pipeline from nothing: `... tests.understanding.sealed.train CONFIG NLU FOLDER`.

CONFIG holds {"pipeline": [...]}, or {"stock": "acts" | "needs"}: then the pipeline is the one Rasa itself
falls back on, which is the one `rasa init` writes. Writes FOLDER/model.tar.gz, and FOLDER/took.json with what
the training took, imports left out: "seconds" on the clock, and "busy" seconds of the processor, which mean
the same on a machine that does other things too.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any


def stock_pipeline(what: str) -> list[dict[str, Any]]:
    """Return the default pipeline out of the installed Rasa.

    For sets of needs its tokenizer splits intents, as Rasa's handbook says for several intents at once, and
    the fallback is left out: with hundreds of sets no single one reaches its 0.3, and nothing would be named.
    """
    import rasa.engine.recipes
    import yaml

    folder = Path(rasa.engine.recipes.__file__).parent / "config_files"
    text = (folder / "default_config.yml").read_text(encoding="utf-8")
    pipeline: list[dict[str, Any]] = yaml.safe_load(text)["pipeline"]
    if what == "needs":
        pipeline = [each for each in pipeline if each["name"] != "FallbackClassifier"]
        pipeline[0].update(intent_tokenization_flag=True, intent_split_symbol="+")
    return pipeline


def main(config: str, nlu: str, folder: str) -> int:
    """Return 0 when a model was written."""
    import yaml
    from rasa.model_training import train_nlu

    warnings.filterwarnings("ignore")
    asked = json.loads(Path(config).read_text(encoding="utf-8"))
    pipeline = asked.get("pipeline") or stock_pipeline(asked["stock"])
    written = Path(folder) / "config.yml"
    whole = {"recipe": "default.v1", "assistant_id": "yardstick", "language": "en", "pipeline": pipeline}
    written.write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
    started, busy = time.perf_counter(), time.process_time()
    model = train_nlu(str(written), nlu, folder, fixed_model_name="model")
    took = {"seconds": time.perf_counter() - started, "busy": time.process_time() - busy}
    (Path(folder) / "took.json").write_text(json.dumps(took), encoding="utf-8")
    return 0 if model else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
