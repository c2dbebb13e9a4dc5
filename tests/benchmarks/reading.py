"""One message to its intent: our component alone, and the whole bot beside a plain stock pipeline."""

from __future__ import annotations

import json

from tests.benchmarks.figures import Figure, Run, percentile
from tests.benchmarks.messages import examples, sample
from tests.benchmarks.processes import MODEL, ROOT, need_model, sealed
from tests.benchmarks.training import stock_model, train_stock

MESSAGES = 300
LEARNED = 1_000
PLAIN = """
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - {name: CountVectorsFeaturizer, analyzer: char_wb, min_ngram: 1, max_ngram: 4}
  - {name: LogisticRegressionClassifier, max_iter: 100}
"""


def measure(run: Run) -> list[Figure]:
    """Read 300 messages of the training data, each in every way before the next."""
    need_model()
    room = run.room("reading")
    texts = [text for text, _ in sample(examples(ROOT / "data"), MESSAGES, seed=1)]
    (room / "messages.json").write_text(json.dumps(texts), encoding="utf-8")
    models = {"plain": train_stock(PLAIN, LEARNED, run.folder / "stock-plain")}
    if run.full:
        models["diet"] = stock_model(run)
    out = room / "times.json"
    named = [f"{name}={model}" for name, model in models.items()]
    where = (str(room / "messages.json"), str(MODEL), str(out))
    sealed("tests.benchmarks.sealed.read_messages", *where, *named, cwd=room)
    times: dict[str, list[float]] = json.loads(out.read_text(encoding="utf-8"))
    figures = []
    for share, name in ((0.5, "p50"), (0.95, "p95")):
        figures += [
            Figure(
                name=f"message to intent, component alone, {name}",
                value=percentile(times["component"], share),
                unit="ms",
                aim="≤ 6" if name == "p50" else "",
                how=f"{len(texts)} messages drawn from data/, one at a time.",
            ),
            Figure(
                name=f"message to intent through Rasa, {name}, against letters",
                value=percentile(times["ours"], share),
                unit="ms",
                baseline=percentile(times["plain"], share),
                baseline_from="measured",
                how="The whole parse. Baseline: CountVectorsFeaturizer and LogisticRegressionClassifier, "
                f"trained on {LEARNED:,} of the same messages: it knows letters, not meaning.",
            ),
        ]
    diet = percentile(times["diet"], 0.5) if "diet" in times else None
    against_diet = Figure(
        name="message to intent through Rasa, p50, against DIET",
        value=percentile(times["ours"], 0.5),
        unit="ms",
        baseline=diet,
        baseline_from="not run" if diet is None else "measured",
        how="The whole parse. Baseline (`--full`): the pipeline `rasa init` writes.",
    )
    return [*figures, against_diet]
