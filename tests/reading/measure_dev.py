"""Measure the reader on labelled messages: each fact's precision and recall, then what it got wrong.

    .venv/bin/python -m tests.reading.measure_dev [dev|dev2|dev3|held] [--wrong]

A fact under ``maybe`` of a message counts neither way when it is left, or read as labelled; read otherwise
than its label it is wrong.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from knowledge_base.areas import CONTENT
from knowledge_base.catalogue import read_starter_pack
from knowledge_base.places import Gazetteer
from knowledge_base.reading import Reader
from knowledge_base.words import FACTS
from tests.understanding.scores import Meaning, Pair, fact_precision, fact_recall, fact_right, latency

HERE = Path(__file__).parent
TODAY = date(2026, 11, 21)
SCORED = (*FACTS, "refused")
Row = Mapping[str, Any]


def main(arguments: list[str]) -> int:
    """Read every message of a set, print the table, and each wrong or missed fact if wished."""
    of = next((word for word in arguments if not word.startswith("--")), "dev")
    rows = rows_of(of)
    read = list(pairs(rows, starter_reader()))
    if "--wrong" in arguments:
        for row, pair in zip(rows, read, strict=True):
            show(row, pair)
    told = sum(bool(row["facts"]) for row in rows)
    print(f"{len(rows)} messages, {told} with facts")
    print(f"one message: p50 {latency(50, read):.2f} ms, p99 {latency(99, read):.2f} ms")
    print(f"{'fact':<18}{'precision':>10}{'heard':>7}{'recall':>8}{'told':>6}")
    for name, facts in [("all", SCORED), *((fact, (fact,)) for fact in SCORED)]:
        heard = sum(fact in pair.bot.facts for pair in read for fact in facts)
        labelled = sum(fact in pair.label.facts for pair in read for fact in facts)
        precision, recall = fact_precision(facts, read), fact_recall(facts, read)
        print(f"{name:<18}{figure(precision):>10}{heard:>7}{figure(recall):>8}{labelled:>6}")
    return 0


def rows_of(name: str) -> list[Row]:
    """Return the labelled messages of a set: "dev", "held", or of two later writers "dev2" and "dev3"."""
    lines = (HERE / f"messages_{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def starter_reader() -> Reader:
    """Build the reader as the product does: the starter pack's offers and places."""
    catalogue = read_starter_pack(CONTENT)
    return Reader(catalogue, Gazetteer.load(catalogue.areas))


def pairs(rows: list[Row], reader: Reader) -> Iterator[Pair]:
    """Set each message's labels beside what is read, less what counts neither way."""
    reader.read("warm", on=TODAY)
    for row in rows:
        begun = time.perf_counter()
        reading = reader.read(row["text"], on=TODAY)
        seconds = time.perf_counter() - begun
        heard: dict[str, Any] = dict(reading.facts)
        if reading.refused:
            heard["refused"] = list(reading.refused)
        label = dict(row["facts"])
        for fact in row.get("maybe", ()):
            either = Pair(Meaning("", facts=label), Meaning("", facts=heard))
            if fact not in label or fact_right(fact, either):
                heard.pop(fact, None)
            label.pop(fact, None)
        yield Pair(Meaning("", facts=label), Meaning("", facts=heard, seconds=seconds))


def show(row: Row, pair: Pair) -> None:
    for fact in SCORED:
        told, heard = pair.label.facts.get(fact), pair.bot.facts.get(fact)
        if (told is not None or heard is not None) and not fact_right(fact, pair):
            kind = "FALSE" if told is None else "MISS" if heard is None else "WRONG"
            print(f"{kind} {fact}: read {heard}, told {told} | {row['id']} {row['text'][:300]}")


def figure(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
