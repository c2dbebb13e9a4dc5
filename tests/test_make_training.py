"""What `make` does when a newly trained model is refused: it says so, tries again, and still serves."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Stands in for the sealed side: as `bot.rasa.train`, without the learning.
TRAINS = """#!/bin/sh
cd models
echo "$*" >> asked
verdict=$(cat ../verdict)
case "$*" in *--force*) verdict=good ;; esac
case $verdict in
  good) echo new > fingerpost.tar.gz; echo '{"in_place": true}' > last_training.json ;;
  worse) echo '{"in_place": false}' > last_training.json
         case "$*" in *--or-keep-old*) ;; *) exit 3 ;; esac ;;
  broken) exit 1 ;;
esac
"""
LONG_AGO = 1_000_000_000


class House:
    """A copy of the Makefile with everything it looks at, all of it old."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copy(ROOT / "Makefile", root)
        rasa = ROOT / "bot" / "rasa"
        folders = [rasa, *(each for each in rasa.iterdir() if each.is_dir() and each.name[0] not in "._")]
        sealed = {p.relative_to(ROOT) for each in folders for p in each.iterdir() if p.is_file()}
        for path in (
            *sealed,
            *(Path("bot/run") / name for name in ("uv.sh", "python.sh", "fingerpost.sh")),
            *map(Path, ("bot/rasa/requirements.lock", "requirements.lock", "config.yml", "domain.yml")),
            *map(Path, ("data/need.yml", "knowledge_base/encoder.py", "models/encoder/meta.json")),
            *map(Path, (".venv/.ready", "bot/rasa/.venv/.ready", "verdict", "serves")),
        ):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text("")
            os.utime(root / path, (LONG_AGO, LONG_AGO))
        self.stub = root / "trains.sh"
        self.stub.write_text(TRAINS)
        self.stub.chmod(0o755)

    def make(self, *goals: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", *goals, f"RASA_PYTHON={self.stub}", "PYTHON=echo served by"],
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=60,
            env={k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))},
        )

    def learned(self, verdict: str) -> House:
        (self.root / "verdict").write_text(verdict)
        return self

    def edited(self) -> House:
        """Somebody edits what the bot learns from, after everything that was built so far."""
        for built in ("fingerpost.tar.gz", "last_training.json"):
            path = self.root / "models" / built
            if path.exists():
                os.utime(path, (LONG_AGO + 100, LONG_AGO + 100))
        os.utime(self.root / "data" / "need.yml", (LONG_AGO + 200, LONG_AGO + 200))
        return self

    @property
    def trainings(self) -> int:
        asked = self.root / "models" / "asked"
        return len(asked.read_text().splitlines()) if asked.exists() else 0


@pytest.fixture
def house(tmp_path: Path) -> House:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    return House(tmp_path)


def test_the_first_start_trains_and_the_second_does_not(house: House) -> None:
    house.learned("good")

    assert "served by" in house.make("run").stdout
    assert "served by" in house.make("run").stdout
    assert house.make("train").returncode == 0
    assert house.trainings == 1


def test_a_refused_model_is_tried_again_by_make_train_until_it_is_used(house: House) -> None:
    house.learned("good").make("train")
    house.edited().learned("worse")

    assert house.make("train").returncode != 0
    assert house.make("train").returncode != 0
    assert house.trainings == 3
    assert house.learned("good").make("train").returncode == 0
    assert house.make("train").returncode == 0
    assert house.trainings == 4


def test_a_start_after_a_refusal_serves_the_older_model_and_says_so(house: House) -> None:
    house.learned("good").make("train")
    house.edited().learned("worse").make("train")

    started = house.make("run")

    assert started.returncode == 0
    assert "an older model serves" in started.stdout
    assert "served by" in started.stdout
    assert house.trainings == 2


def test_a_start_after_an_edit_trains_once_and_then_serves_what_there_is(house: House) -> None:
    house.learned("good").make("run")
    house.edited().learned("worse")

    first, second = house.make("run"), house.make("run")

    assert "an older model serves" in first.stdout
    assert "an older model serves" in second.stdout
    assert house.trainings == 2


def test_a_refused_model_is_used_on_demand(house: House) -> None:
    house.learned("good").make("train")
    house.edited().learned("worse").make("train")

    assert house.make("train", "FORCE=1").returncode == 0
    assert "an older model serves" not in house.make("run").stdout


def test_a_training_that_fails_stops_the_start_and_keeps_the_old_model(house: House) -> None:
    house.learned("good").make("train")
    house.edited().learned("broken")

    assert house.make("run").returncode != 0
    assert (house.root / "models" / "fingerpost.tar.gz").exists()


def test_a_model_that_was_deleted_is_trained_again_before_a_start(house: House) -> None:
    house.learned("good").make("run")
    (house.root / "models" / "fingerpost.tar.gz").unlink()

    assert "served by" in house.make("run").stdout
    assert house.trainings == 2
