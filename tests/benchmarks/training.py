"""Train the bot from nothing: no model, no kept vectors, none of Rasa's own cache."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

from tests.benchmarks.figures import Figure, Run
from tests.benchmarks.messages import examples, sample, write_training_data
from tests.benchmarks.processes import ROOT, sealed

LEARNED_FROM = ("data", "config.yml", "domain.yml", "bot", "knowledge_base")
STOCK_MESSAGES = 300
STOCK = """
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - {name: CountVectorsFeaturizer, analyzer: char_wb, min_ngram: 1, max_ngram: 4}
  - {name: DIETClassifier, epochs: 100, constrain_similarities: true}
  - name: EntitySynonymMapper
  - {name: ResponseSelector, epochs: 100, constrain_similarities: true}
  - {name: FallbackClassifier, threshold: 0.3, ambiguity_threshold: 0.1}
"""


def measure(run: Run) -> list[Figure]:
    """Time `make train` in a copy that has the sentence encoders and nothing else built."""
    room = run.room("training")
    copy = bare_copy(room / "copy")
    count = len(examples(copy / "data"))
    begun = time.perf_counter()
    sealed("bot.rasa.train", cwd=copy, root=copy)
    taken = time.perf_counter() - begun
    stock = stock_seconds(stock_model(run)) if run.full else None
    return [
        Figure(
            name=f"train from nothing, {count:,} messages",
            value=taken,
            unit="s",
            baseline=stock,
            baseline_from="measured" if stock else "not run",
            aim="≤ 90",
            how="Whole process, imports included, the sentence encoders built before. Baseline (`--full`): "
            f"the pipeline `rasa init` writes, on {STOCK_MESSAGES} of the same messages, imports left out.",
        )
    ]


def bare_copy(folder: Path) -> Path:
    """Copy what training reads, and the built encoders; neither vectors nor caches come along."""
    folder.mkdir(parents=True)
    for name in LEARNED_FROM:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns(".venv", "__pycache__"))
        else:
            shutil.copy2(source, folder / name)
    for encoder in ("encoder", "tuned"):
        shutil.copytree(ROOT / "models" / encoder, folder / "models" / encoder)
    return folder


def stock_model(run: Run) -> Path:
    """Train the stock pipeline once a run, which takes minutes; return its model."""
    folder = run.folder / "stock-diet"
    if not folder.exists():
        train_stock(STOCK, STOCK_MESSAGES, folder)
    return folder / "stock.tar.gz"


def stock_seconds(model: Path) -> float:
    """What the training of a stock model took."""
    return float(json.loads((model.parent / "seconds.json").read_text(encoding="utf-8")))


def train_stock(pipeline: str, count: int, folder: Path) -> Path:
    """Train a pipeline of Rasa's own on a sample of our messages; return the model."""
    folder.mkdir(parents=True)
    write_training_data(sample(examples(ROOT / "data"), count), folder / "nlu.yml")
    (folder / "config.yml").write_text(
        f"recipe: default.v1\nassistant_id: stock\n{pipeline}", encoding="utf-8"
    )
    paths = (folder / "config.yml", folder / "nlu.yml", folder)
    sealed("tests.benchmarks.sealed.train_stock", *map(str, paths), cwd=folder)
    return folder / "stock.tar.gz"
