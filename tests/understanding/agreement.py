"""How far the two labelling passes agree: ``.venv/bin/python -m tests.understanding.agreement``."""

from __future__ import annotations

import json
from pathlib import Path

from tests.understanding import scores
from tests.understanding.measure import MESSAGES

SECOND = Path(__file__).parent / "second_labels.jsonl"


def main() -> None:
    """Print agreement on acts over all messages, and on needs over those the first pass calls a need."""
    second = {raw["id"]: scores.meaning(raw) for raw in lines(SECOND)}
    pairs = [scores.Pair(scores.meaning(raw), second[raw["id"]]) for raw in lines(MESSAGES)]
    opened = [pair for pair in pairs if pair.label.act == scores.OPENED]
    print(f"acts, exact      {scores.accuracy(pairs):.3f} of {len(pairs)}")
    print(f"needs, micro-F1  {scores.needs_f1(opened):.3f} of {len(opened)}")
    print(f"needs, exact set {scores.needs_exact(opened):.3f} of {len(opened)}")


def lines(path: Path) -> list[dict]:
    """Read JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
