"""One table: on the screen, as latest.md for people and as latest.json for later runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure
from tests.benchmarks.machine import Mood

RESULTS = Path(__file__).parent / "results"
HEADINGS = ("figure", "ours", "baseline", "ours / baseline", "aim")

Section = Mapping[str, Any]


def section(figures: Iterable[Figure], on: str, before: Mood, after: Mood, seconds: float) -> Section:
    """What is kept of one benchmark: its figures, when they were measured and how busy the machine was."""
    return {
        "on": on,
        "seconds": round(seconds, 1),
        "before": asdict(before),
        "after": asdict(after),
        "figures": [figure.as_dict() for figure in figures],
    }


def keep(sections: Mapping[str, Section], machine: Mapping[str, Any], folder: Path = RESULTS) -> None:
    """Write both files. Benchmarks that were not run this time keep the figures they had."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "latest.json"
    kept = _earlier(path, machine)
    kept.update(sections)
    document = {"machine": dict(machine), "benchmarks": kept}
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "latest.md").write_text(markdown(kept, machine), encoding="utf-8")


def _earlier(path: Path, machine: Mapping[str, Any]) -> dict[str, Section]:
    """Earlier figures, unless they come from another machine."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        same = document["machine"] == dict(machine)
        return dict(document["benchmarks"]) if same else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def markdown(sections: Mapping[str, Section], machine: Mapping[str, Any]) -> str:
    """The page people read: one table, then how each figure came about and how busy the machine was."""
    lines = [
        *("# Speed and memory", ""),
        *("`make bench` writes this page. Trust the ratios, not the absolutes.", ""),
        *(f"Machine: {', '.join(f'{key} {value}' for key, value in machine.items())}.", ""),
        *(f"| {' | '.join(HEADINGS)} |", "|---|---:|---:|---:|---:|"),
    ]
    for part in sections.values():
        lines += [f"| {' | '.join(cells(figure))} |" for figure in part["figures"]]
    lines += [
        *("", "## How busy the machine was", ""),
        *("The fixed loop is plain Python and never changes: where it takes longer, so does all else.", ""),
        *(
            "| benchmark | on | took | load before, after | fixed loop before, after |",
            "|---|---|---:|---:|---:|",
        ),
    ]
    for name, part in sections.items():
        before, after = part["before"], part["after"]
        lines.append(
            f"| {name} | {part['on']} | {part['seconds']:.0f} s | {before['load']}, {after['load']} "
            f"| {before['loop_ms']} ms, {after['loop_ms']} ms |"
        )
    lines += ["", "## How each figure came about", ""]
    for part in sections.values():
        lines += [f"- **{figure['name']}**: {figure['how']}" for figure in part["figures"] if figure["how"]]
    return "\n".join(lines) + "\n"


def table(sections: Mapping[str, Section]) -> str:
    """The same table for a screen."""
    rows = [HEADINGS, *(cells(figure) for part in sections.values() for figure in part["figures"])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    first = row[0].ljust(widths[0])
    return "  ".join([first, *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))])


def cells(figure: Mapping[str, Any]) -> tuple[str, ...]:
    """One figure as the five cells of its row."""
    unit, origin = figure["unit"], figure["baseline_from"]
    baseline = f"{number(figure['baseline'])} {unit}" if figure["baseline"] is not None else ""
    baseline += {"quoted": " (quoted)", "not run": "not run"}.get(origin, "")
    ratio = f"{number(figure['ratio'])}" if figure["ratio"] is not None else ""
    aim = f"{figure['aim']} {unit}" if figure["aim"] else ""
    return figure["name"], f"{number(figure['value'])} {unit}", baseline, ratio, aim


def number(value: float) -> str:
    """A figure with no more digits than it deserves."""
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 4
    return f"{value:,.{digits}f}"
