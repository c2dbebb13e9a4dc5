"""Tune the sentence encoder on the messages under data/ and write bot/rasa/tuned/.

`make tune` runs it: a quarter of an hour to an hour on two cores, with PyTorch. The messages set aside
(`examples.is_aside`, and data/set_aside) are never shown to it, so that training can choose limits by them.
What it writes is reproduced by the weights, the messages and the seed named in bot/rasa/tuned/meta.json, up
to the rounding of another machine.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path

from bot.rasa.build_encoder import PACKAGE, RECIPE, WEIGHTS_SHA256, package_folder, write_quantised
from bot.rasa.tuning.lessons import lessons
from bot.rasa.tuning.network import EARLY
from bot.rasa.tuning.teach import Plan, teach
from knowledge_base.encoder import EncoderError, sha256

ROOT = Path(__file__).resolve().parents[3]
TUNED = ROOT / "bot/rasa/tuned"
LARGEST = 25_000_000


def main(arguments: list[str] | None = None) -> int:
    """Tune and write; return 1 where the base weights are missing or other than published."""
    parser = argparse.ArgumentParser(prog="tune", description=__doc__)
    parser.add_argument("--epochs", type=int, default=Plan.epochs, help="times each is seen (%(default)s)")
    parser.add_argument("--seed", type=int, default=Plan.seed, help="of order and chance (%(default)s)")
    parser.add_argument("--out", type=Path, default=TUNED, help="folder to write (bot/rasa/tuned)")
    parser.add_argument("--source", type=Path, help=f"folder of the published weights (of {PACKAGE})")
    options = parser.parse_args(arguments)
    try:
        source = options.source or package_folder()
    except EncoderError as fault:
        print(fault, file=sys.stderr)
        return 1
    weights = source / "model.safetensors"
    if sha256(weights) != WEIGHTS_SHA256:
        print(f"{weights} is not the published model (wrong sha256): reinstall {PACKAGE}.", file=sys.stderr)
        return 1
    learned = lessons(ROOT / "data")
    plan = Plan(epochs=options.epochs, seed=options.seed)
    print(f"{len(learned)} messages, {plan.epochs} epochs; each epoch takes some minutes")
    network = teach(learned, source, plan, say=print)
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        write_quantised(network.encoder(), Path(scratch), EARLY)
        made = (Path(scratch) / "model.onnx").read_bytes()
    if len(made) > LARGEST:
        print(f"The tuned encoder has {len(made)} bytes, more than {LARGEST}.", file=sys.stderr)
        return 1
    (options.out / "model.onnx").write_bytes(made)
    meta = {
        "model": "sentence-transformers/all-MiniLM-L6-v2, tuned on data/",
        "licence": "Apache-2.0",
        "weights_sha256": WEIGHTS_SHA256,
        "recipe": RECIPE,
        "messages": len(learned),
        "messages_sha256": hashlib.sha256(repr(learned).encode()).hexdigest(),
        "plan": vars(plan),
        "sha256": hashlib.sha256(made).hexdigest(),
    }
    (options.out / "meta.json").write_text(json.dumps(meta, indent=2) + "\n", encoding="utf-8")
    print(f"{options.out / 'model.onnx'}: {len(made) / 1e6:.1f} MB. Now: make train, make understanding.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
