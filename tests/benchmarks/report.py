"""One table: on the screen, as latest.md for people and as latest.json for later runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure, Table
from tests.benchmarks.machine import Mood

RESULTS = Path(__file__).parent / "results"
HEADINGS = ("figure", "ours", "baseline", "ours / baseline", "aim")
MOOD_HEADINGS = ("benchmark", "on", "took", "load", "fixed loop", "share of a core")

Section = Mapping[str, Any]


def section(found: Sequence[Figure | Table], on: str, before: Mood, after: Mood, seconds: float) -> Section:
    """What is kept of one benchmark: what it found, when that was, and how busy the machine was."""
    return {
        "on": on,
        "seconds": round(seconds, 1),
        "before": asdict(before),
        "after": asdict(after),
        "figures": [each.as_dict() for each in found if isinstance(each, Figure)],
        "tables": [each.as_dict() for each in found if isinstance(each, Table)],
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
    """The page people read: one table, then how busy the machine was and how each figure came about."""
    figures = [figure for part in sections.values() for figure in part["figures"]]
    told: dict[str, list[str]] = {}
    for figure in figures:
        told.setdefault(figure["how"], []).append(figure["name"])
    lines = [
        *("# Speed and memory", ""),
        *("`make bench` writes this page. Trust the ratios, not the absolutes.", ""),
        *(f"Machine: {', '.join(f'{key} {value}' for key, value in machine.items())}.", ""),
        *(_row(HEADINGS), "|---|---:|---:|---:|---:|", *(_row(cells(figure)) for figure in figures)),
        *(line for part in sections.values() for each in part.get("tables", ()) for line in _more(each)),
        *("", "## How busy the machine was", ""),
        "Before and after each benchmark: the load over the last minute; the best time of a loop of plain",
        "Python that never changes, to compare machines by; and how much of one core that loop was given.",
        *("", _row(MOOD_HEADINGS), "|---|---|---:|---:|---:|---:|"),
        *(_row(_mood(name, part)) for name, part in sections.items()),
        *("", "## How each figure came about", ""),
        *(f"- **{'; '.join(names)}.** {how}" for how, names in told.items() if how),
    ]
    return "\n".join(lines) + "\n"


def _more(table: Mapping[str, Any]) -> list[str]:
    """A table of its own, under its picture where it has one."""
    picture = ["", f"![{table['title']}]({table['picture']})"] if table["picture"] else []
    return [
        *("", f"## {table['title']}", *picture, "", table["words"], ""),
        *(_row(table["headings"]), f"|{'---:|' * len(table['headings'])}", *map(_row, table["rows"])),
    ]


def _mood(name: str, part: Section) -> tuple[str, ...]:
    before, after = part["before"], part["after"]
    return (
        *(name, part["on"], f"{part['seconds']:.0f} s", f"{before['load']}, {after['load']}"),
        f"{before['loop_ms']}, {after['loop_ms']} ms",
        f"{before['core_share']:.0%}, {after['core_share']:.0%}",
    )


def _row(texts: Iterable[str]) -> str:
    return f"| {' | '.join(texts)} |"


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
