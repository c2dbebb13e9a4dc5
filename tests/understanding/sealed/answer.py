"""Answer messages with one trained model: `... tests.understanding.sealed.answer MODEL TEXTS OUT [ENCODER]`.

TEXTS is a JSON list. OUT gets {"answers": [{"act", "confidence", "ranking", "needs", "seconds", "busy"}],
"peak_mb"}: seconds on the clock and of the processor, and the most memory this process held with the model
loaded and every message answered. With ENCODER the model is one of ours, and needs are read from it as
`fingerpost understand` does, after all is timed.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import Any

WARMING = 10


async def answers(model: Path, texts: list[str]) -> list[dict[str, Any]]:
    """Read each text as Rasa's server would; the first few once more before, unmeasured."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    found: list[dict[str, Any]] = []
    for place, text in enumerate([*texts[:WARMING], *texts]):
        started, busy = time.perf_counter(), time.process_time()
        read = await agent.parse_message(text)
        took = {"seconds": time.perf_counter() - started, "busy": time.process_time() - busy}
        if place >= min(WARMING, len(texts)):
            ranking = [[each["name"], float(each["confidence"])] for each in read.get("intent_ranking") or ()]
            act, confidence = read["intent"]["name"], float(read["intent"]["confidence"])
            found.append({"act": act, "confidence": confidence, "ranking": ranking, **took})
    return found


def main(model: str, texts: str, out: str, encoder: str = "") -> int:
    """Write what was answered."""
    warnings.filterwarnings("ignore")
    asked = json.loads(Path(texts).read_text(encoding="utf-8"))
    found = asyncio.run(answers(Path(model), asked))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    if encoder:
        from bot.rasa.understand import load

        reader = load(Path(model), Path(encoder))
        for answer, text in zip(found, asked, strict=True):
            answer["needs"] = [list(each) for each in reader.read(text).needs]
    Path(out).write_text(json.dumps({"answers": found, "peak_mb": peak}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
