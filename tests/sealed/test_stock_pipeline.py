"""What ours is compared with is what `rasa init` writes, as the installed Rasa has it."""

from __future__ import annotations

from pathlib import Path

import rasa.cli
import yaml

from tests.understanding.sealed.train import stock_pipeline


def written_by_rasa_init() -> list[dict]:
    """Read the pipeline that `rasa init` writes, each of its lines behind a `#`."""
    text = (Path(rasa.cli.__file__).parent / "initial_project" / "config.yml").read_text(encoding="utf-8")
    part = text.partition("pipeline:\n")[2].partition("# Configuration for Rasa Core")[0]
    lines = [line[1:] for line in part.splitlines() if line.startswith("#   ")]
    return yaml.safe_load("\n".join(lines))


def test_stock_hears_acts_with_the_pipeline_of_rasa_init():
    """Rasa itself adds one setting to it where the file leaves the pipeline out."""
    added = {"constrain_similarities": True}
    pipeline = [{k: v for k, v in each.items() if k not in added} for each in stock_pipeline("acts")]

    assert pipeline == written_by_rasa_init()
    assert next(each for each in pipeline if each["name"] == "DIETClassifier")["epochs"] == 100


def test_stock_hears_sets_of_needs_split_at_a_plus_and_is_not_silenced_by_its_fallback():
    acts, needs = stock_pipeline("acts"), stock_pipeline("needs")

    assert [each["name"] for each in needs] == [each["name"] for each in acts[:-1]]
    assert needs[0] == {**acts[0], "intent_tokenization_flag": True, "intent_split_symbol": "+"}
    assert needs[1:] == acts[1:-1]
