"""Train the bot from config.yml, domain.yml and data/, and put it in place if it reads no worse than before.

The new model is made in a scratch folder and measured beside the one in models/fingerpost.tar.gz (see
`gate.py`); then it takes that one's place, in one step, or it does not. Exit codes: 0 in place; 1 training
failed; 3 it reads worse, and the old one stays; 130 stopped. Whatever is not 0 leaves the old model as it is.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

from bot.rasa import gate
from bot.rasa.understand import load

ROOT = Path(__file__).resolve().parents[2]
NAME = "fingerpost"
SCRATCH = ".training-"
LONGEST = 6 * 3600 * 10**9  # nanoseconds: no training takes six hours
REFUSED = 3
STOPPED = 130

QUIETLY = {"RASA_TELEMETRY_ENABLED": "false", "LOG_LEVEL": "WARNING", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Train, measure, and put in place what reads no worse; return the exit code."""
    parser = argparse.ArgumentParser(prog="train", description=__doc__.partition("\n")[0])
    parser.add_argument("--force", action="store_true", help="put it in place even where it reads worse")
    parser.add_argument(
        "--or-keep-old", action="store_true", help="exit with 0 where an older model stays in place"
    )
    options = parser.parse_args(arguments)
    models = root / "models"
    models.mkdir(exist_ok=True)
    begun = time.time_ns()
    clear_up(models, begun)
    try:
        with tempfile.TemporaryDirectory(dir=models, prefix=SCRATCH) as scratch:
            new = trained(root, Path(scratch))
            if new is None:
                return 1
            print(f"  trained in {(time.time_ns() - begun) / 1e9:.0f} s")
            why = faults(new, root, options.force)
            if not why:
                put_in_place(new, models / f"{NAME}.tar.gz", begun)
            note(models / "last_training.json", why, begun)
    except KeyboardInterrupt:
        print("Stopped; the model in place is as it was.", file=sys.stderr)
        return STOPPED
    return REFUSED if why and not options.or_keep_old else 0


def clear_up(models: Path, now: int) -> None:
    """Remove what a training that was killed left behind; another may be under way, so only what is old."""
    for left in models.glob(f"{SCRATCH}*"):
        if now - left.stat().st_mtime_ns > LONGEST:
            shutil.rmtree(left, ignore_errors=True)


def trained(root: Path, folder: Path) -> Path | None:
    """Train into a folder and return the model, or None with the reason on standard error."""
    for name, value in QUIETLY.items():
        os.environ.setdefault(name, value)
    # Seconds to import: only when asked to train.
    from rasa.model_training import train
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    logging.getLogger("rasa").setLevel(logging.WARNING)
    warnings.filterwarnings("ignore")
    result = train(
        domain=str(root / "domain.yml"),
        config=str(root / "config.yml"),
        training_files=str(root / "data"),
        output=str(folder),
        fixed_model_name=NAME,
    )
    if result.code != 0 or not result.model:
        print("Training failed; the lines above say where.", file=sys.stderr)
        return None
    return Path(result.model)


def faults(new: Path, root: Path, forced: bool = False) -> list[str]:
    """Say how the new model reads beside the old, and return why it must not take over; nothing if it may."""
    old, encoder = root / "models" / f"{NAME}.tar.gz", root / "models" / "tuned"
    messages_of = root / "tests" / "understanding" / "messages.jsonl"
    try:
        messages = gate.yardstick(messages_of)
    except gate.BadYardstick as bad:
        why = [str(bad)] if old.exists() else []
        return _verdict(why, forced)
    if not messages:
        print(
            f"  not measured: there are no messages in {messages_of.relative_to(root)}; the new model is used"
        )
        return []
    figures = gate.measure(load(new, encoder), messages)
    before = gate.measured_before(lambda: load(old, encoder), messages) if old.exists() else None
    was_read = isinstance(before, list)
    print(gate.table(figures, before if was_read else None))
    if not was_read:
        had = f"the one before cannot be read any more ({before})" if before else "there was none before"
        print(f"  the new model is used: {had}")
        return []
    return _verdict(gate.falls(before, figures), forced)


def _verdict(why: list[str], forced: bool) -> list[str]:
    if not why:
        print("  the new model is used: no figure fell by more than half a percentage point")
    elif forced:
        print(f"  the new model is used, as you said, though: {'; '.join(why)}")
        return []
    else:
        print(
            f"The new model is not used: {'; '.join(why)}.\n"
            "The old one stays. Mend what it learns from, or take it all the same: make train FORCE=1",
            file=sys.stderr,
        )
    return why


def put_in_place(new: Path, place: Path, begun: int) -> None:
    """Let a model take another's place in one step, dated when its training began.

    What was edited while it trained is then newer than the model, and `make` trains again.
    """
    os.utime(new, ns=(begun, begun))
    os.replace(new, place)


def note(file: Path, why: Sequence[str], begun: int) -> None:
    """Write down how the last training ended, dated like a model, so that nobody trains again for nothing."""
    scratch = file.with_suffix(".new")
    scratch.write_text(json.dumps({"in_place": not why, "why": list(why)}, indent=1) + "\n", encoding="utf-8")
    os.utime(scratch, ns=(begun, begun))
    os.replace(scratch, file)


if __name__ == "__main__":
    sys.exit(main())
