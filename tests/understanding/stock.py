"""Train stock Rasa and ours from nothing on the same messages, and have both read the yardstick.

Whatever stock could be given without writing code for it, it is given: one model for acts, just as
`rasa init` has it, and a second one for sets of needs, the one way stock Rasa has to hear several, asked
about every message, even one that the first model took for something that has no needs. Its latency and its
memory are those of the first model alone. Each model is trained by Rasa, and loaded and timed inside Rasa, in
processes of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from bot.run.settings import ROOT
from tests.benchmarks.figures import CannotMeasure
from tests.benchmarks.processes import RASA_PYTHON, last_words, quiet_environment, started
from tests.understanding import figures, scores, training_messages
from tests.understanding.figures import Figure
from tests.understanding.scores import REFUSED, Meaning, Pair
from tests.understanding.training_messages import SPLIT, Taught

PLAIN, TUNED = ROOT / "models" / "encoder", ROOT / "models" / "tuned"
FALLBACK = "nlu_fallback"
TELL_EVERY = 30  # seconds
OURS_PLAIN = (
    "our pipeline, given the same messages as stock and nothing else: its sentence encoder has seen none of "
    "ours, and its limits are chosen on the same messages, each left out in turn."
)
OURS_TUNED = (
    "our pipeline as the product has it: its sentence encoder was tuned beforehand on nearly ALL training "
    "messages, not on these alone (time not counted), and its limits are chosen on messages set aside."
)

Answers = list[dict[str, Any]]


@dataclass(frozen=True)
class Trained:
    """One model: what it answered, in the order asked, and the memory it did that in.

    Its training took ``seconds`` on the clock, and ``busy`` seconds of the processor; ``load`` is the
    machine's in the minute before the last answer.
    """

    answers: Answers
    seconds: float
    busy: float
    peak_mb: float
    load: float


def compare(labelled: Sequence[Mapping[str, Any]], count: int | None) -> dict[str, Any]:
    """Train and measure all of them; return what is kept of it. ``count`` of None is every training message.

    Raises:
        CannotMeasure: a process failed; the message holds its last words.
    """
    every = training_messages.taught(ROOT / "data")
    chosen = training_messages.sample(every, count)
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="yardstick-") as scratch:
        systems = [
            *(ours(labelled, chosen, Path(scratch), encoder) for encoder in encoders()),
            stock(labelled, chosen, Path(scratch)),
        ]
    return {
        "trained_on": len(chosen),
        "of": len(every),
        "load": [before, os.getloadavg()[0]],
        "systems": systems,
    }


def encoders() -> list[Path]:
    """Return the folder of the encoder that understanding uses, and the plain one where that is another."""
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    used = next((ROOT / each["encoder"] for each in pipeline if each.get("encoder")), TUNED)
    folders = [folder for folder in (used, PLAIN) if (folder / "meta.json").exists()]
    if not folders:
        raise CannotMeasure("the sentence encoder is not built; `make encoder` builds it")
    weights = [json.loads((each / "meta.json").read_text(encoding="utf-8"))["sha256"] for each in folders]
    return folders if weights[0] != weights[-1] else [PLAIN]


def ours(
    labelled: Sequence[Mapping[str, Any]], chosen: Sequence[Taught], scratch: Path, encoder: Path
) -> dict[str, Any]:
    """Train our pipeline, every vector made anew, and measure it."""
    plain = encoder == PLAIN
    name = "ours, plain" if plain else "ours, tuned"
    folder = scratch / encoder.name
    component = {"name": "bot.rasa.understanding.Understanding", "encoder": str(encoder)}
    component["cache"] = str(folder / "vectors")
    if plain:
        component["set_aside"] = str(folder / "nothing.jsonl")
    config = {"pipeline": [component]}
    made = _trained(name, config, training_messages.by_act(chosen), labelled, folder, encoder)
    pairs = [
        Pair(scores.meaning(raw), meaning_of_ours(answer))
        for raw, answer in zip(labelled, made.answers, strict=True)
    ]
    how = OURS_PLAIN if plain else OURS_TUNED
    return _system(name, how, pairs, made, [made])


def stock(labelled: Sequence[Mapping[str, Any]], chosen: Sequence[Taught], scratch: Path) -> dict[str, Any]:
    """Train what `rasa init` writes, on acts and on sets of needs, and measure it."""
    acts = _trained(
        "stock, acts", {"stock": "acts"}, training_messages.by_act(chosen), labelled, scratch / "acts"
    )
    told = training_messages.by_needs(chosen)
    needs = _trained("stock, needs", {"stock": "needs"}, told, labelled, scratch / "needs")
    pairs = [
        Pair(scores.meaning(raw), meaning_of_stock(act, need))
        for raw, act, need in zip(labelled, acts.answers, needs.answers, strict=True)
    ]
    how = (
        "the pipeline `rasa init` writes (DIET, 100 epochs, fallback 0.3 / 0.1), for acts; the same without "
        f"its fallback, on {len({intent for intent, _ in told})} sets of needs as intents split at `+`, for "
        f"needs. Processor seconds of training: {acts.busy:.0f} and {needs.busy:.0f}; "
        "latency and memory are of the first."
    )
    return _system("stock", how, pairs, acts, [acts, needs])


def meaning_of_ours(answer: Mapping[str, Any]) -> Meaning:
    """Read what our component answered."""
    sure = {need: float(chance) for need, chance in answer["needs"]}
    return Meaning(
        answer["act"], frozenset(sure), {}, answer["confidence"], seconds=answer["seconds"], sure=sure
    )


def meaning_of_stock(act: Mapping[str, Any], needs: Mapping[str, Any]) -> Meaning:
    """Read what both stock models answered: a fallback refuses; a need is as sure as its sets together."""
    named = frozenset(filter(None, (needs["act"] or "").split(SPLIT)))
    sure = {
        need: min(1.0, sum(chance for name, chance in needs["ranking"] if need in name.split(SPLIT)))
        for need in named
    }
    said = REFUSED if act["act"] in (FALLBACK, None) else act["act"]
    return Meaning(said, named, {}, act["confidence"], seconds=act["seconds"], sure=sure)


def _system(
    name: str, how: str, pairs: list[Pair], answering: Trained, trained: Sequence[Trained]
) -> dict[str, Any]:
    busy = [
        replace(pair, bot=replace(pair.bot, seconds=each["busy"]))
        for pair, each in zip(pairs, answering.answers, strict=True)
    ]
    found = [
        *figures.figures(figures.understanding_rows(pairs)),
        *figures.figures(figures.latency_rows("a message inside Rasa", pairs)),
        *figures.figures(figures.latency_rows("the same, processor only", busy)),
        Figure("training, s on the clock", sum(each.seconds for each in trained)),
        Figure("training, s of the processor", sum(each.busy for each in trained)),
        Figure("memory of the answering process, peak, MB", answering.peak_mb),
        Figure("load of the machine while it answered", answering.load),
    ]
    return {
        "name": name,
        "how": how,
        "figures": [each.as_dict() for each in found],
        "reliability": figures.reliability(pairs),
        "confusions": scores.confusions(pairs),
    }


def _trained(
    name: str,
    config: Mapping[str, Any],
    messages: list[tuple[str, Taught]],
    labelled: Sequence[Mapping[str, Any]],
    folder: Path,
    encoder: Path | None = None,
) -> Trained:
    folder.mkdir()
    (folder / "asked.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "texts.json").write_text(json.dumps([raw["text"] for raw in labelled]), encoding="utf-8")
    training_messages.write(messages, folder / "nlu.yml")
    tell(f"{name}: trains on {len(messages):,} messages, {len({intent for intent, _ in messages})} intents")
    _sealed("train", [folder / "asked.json", folder / "nlu.yml", folder], folder)
    took = json.loads((folder / "took.json").read_text(encoding="utf-8"))
    tell(f"{name}: trained in {took['seconds']:.0f} s; answers {len(labelled)} messages")
    asked = [folder / name for name in ("model.tar.gz", "texts.json", "out.json")]
    _sealed("answer", [*asked, *([encoder] if encoder else [])], folder)
    out = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    return Trained(out["answers"], took["seconds"], took["busy"], out["peak_mb"], os.getloadavg()[0])


def _sealed(module: str, arguments: Sequence[Path], folder: Path) -> None:
    """Run one of our modules on the sealed Python until it ends, and tell now and then how far it is."""
    command = [str(RASA_PYTHON), "-m", f"tests.understanding.sealed.{module}", *map(str, arguments)]
    log, begun = folder / f"{module}.log", time.monotonic()
    told = begun
    with started(command, quiet_environment(), folder, log) as process:
        while process.poll() is None:
            time.sleep(0.2)
            if time.monotonic() - told > TELL_EVERY:
                told = time.monotonic()
                tell(f"  … {told - begun:.0f} s{_epochs(log)}")
    if process.returncode != 0:
        raise CannotMeasure(f"{module} failed (exit code {process.returncode}):\n{last_words(log)}")


def _epochs(log: Path) -> str:
    """Say how far DIET is, where its log tells."""
    with contextlib.suppress(OSError):
        if shares := re.findall(r"Epochs:\s*(\d+)%", last_words(log)):
            return f", {shares[-1]} % of the epochs"
    return ""


def tell(words: str) -> None:
    """Say how far the comparison is, beside the table and not in it."""
    print(f"» {words}", file=sys.stderr, flush=True)
