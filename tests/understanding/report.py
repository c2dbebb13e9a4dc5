"""One table, for the screen and for ``results/``: the bot, beside pipelines trained on the same messages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.understanding import calibration, figures
from tests.understanding.calibration import Bin
from tests.understanding.figures import Figure

RESULTS = Path(__file__).parent / "results"
STOCK = RESULTS / "stock.json"
NAME, CELL, OF = 42, 23, 6
NOTHING = "–"

Document = Mapping[str, Any]


def columns(bot: Document, kept: Document | None) -> list[tuple[str, list[Figure]]]:
    """Return each column's heading and figures: the bot, then what was trained in the comparison."""
    found = [("the bot", _figures(bot))]
    for system in kept["systems"] if kept else ():
        found.append((f"{system['name']}, {kept['trained_on']:,}" if kept else "", _figures(system)))
    return found


def table(bot: Document, kept: Document | None) -> list[str]:
    """Write the table for a screen."""
    held = columns(bot, kept)
    heading = "".join(f"{name:>{CELL}}" for name, _ in held)
    return [
        f"{'':<{NAME}}{heading}{'of':>{OF}}",
        *(f"{name:<{NAME}}{''.join(f'{c:>{CELL}}' for c in row)}{of:>{OF}}" for name, row, of in _rows(held)),
    ]


def screen(bot: Document, kept: Document | None) -> str:
    """Write everything for a screen: the table, the bins, the confusions, and how it was measured."""
    parts = [*_told(bot, kept), "", *table(bot, kept)]
    for what in ("acts", "needs"):
        parts += ["", f"Confidence of {what}, the bot", *_picture(bot, what)]
    parts += ["", "Acts most often taken for another, the bot", *(f"  {line}" for line in _confusions(bot))]
    return "\n".join(parts)


def markdown(bot: Document, kept: Document | None) -> str:
    """Write the page people read."""
    held = columns(bot, kept)
    lines = ["# How well messages are understood", "", *_told(bot, kept), ""]
    lines += [f"| | {' | '.join(name for name, _ in held)} | of |", f"|---|{'---:|' * (len(held) + 1)}"]
    lines += [f"| {name} | {' | '.join(row)} | {of} |" for name, row, of in _rows(held)]
    lines += [
        "",
        "In brackets: 95 % bootstrap intervals over messages. The README says what each figure means.",
    ]
    lines += ["", "## Does a confidence mean what it says?", ""]
    for system in ({**bot, "name": "the bot"}, *(kept["systems"] if kept else ())):
        for what in ("acts", "needs"):
            lines += [f"### {what.capitalize()}, {system['name']}", ""]
            lines += ["```", *_picture(system, what), "```", ""]
    lines += ["## Acts most often taken for another, the bot", ""]
    lines += [f"- {line}" for line in _confusions(bot)]
    return "\n".join(lines) + "\n"


def keep(document: Document, path: Path) -> None:
    """Write a document for later runs and for programs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def kept_comparison(path: Path = STOCK) -> Document | None:
    """Read the last comparison; None where there is none that can be read."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        [columns(document["systems"][0], document)]
        return dict(document)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def cell(figure: Figure | None) -> str:
    """Write a figure and its interval; a dash where there is nothing to measure."""
    if figure is None or figure.value is None:
        return NOTHING
    if figure.low is None or figure.high is None:
        return _number(figure.value, figure.value)
    low, high = _number(figure.low, figure.value), _number(figure.high, figure.value)
    return f"{_number(figure.value, figure.value)} ({low} – {high})"


def _number(number: float, beside: float) -> str:
    """Shares have three places; times and sizes as many as they deserve."""
    if beside >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if beside > 1.5 else f"{number:.3f}"


def _rows(held: Sequence[tuple[str, list[Figure]]]) -> Iterator[tuple[str, list[str], str]]:
    by_name = [{figure.name: figure for figure in found} for _, found in held]
    for name in figures.names([found for _, found in held]):
        row = [each.get(name) for each in by_name]
        counts = [figure.count for figure in row if figure is not None and figure.count is not None]
        yield name, [cell(figure) for figure in row], str(counts[0]) if counts else ""


def _told(bot: Document, kept: Document | None) -> list[str]:
    """Say what was measured, and on what."""
    messages = bot["messages"]
    lines = [
        f"{bot['on']}, `{bot['command']}`: {messages['count']} messages of `{messages['file']}`; "
        f"first answer after {bot['first_answer_s']:.1f} s; load of the machine {bot['load']:.1f}."
    ]
    if kept:
        same = kept["messages"]["sha256"] == messages["sha256"]
        earlier = f"an EARLIER state of them ({kept['messages']['count']} messages)"
        which = "the same messages" if same else earlier
        lines += [
            "",
            f"Beside it, of {kept['on']}, `{kept['command']}`: trained in one run on the same "
            f"{kept['trained_on']:,} of {kept['of']:,} training messages, measured on {which}; "
            f"load {kept['load'][0]:.1f} at the start and {kept['load'][1]:.1f} at the end, one thread each.",
            *(f"- {system['name']}: {system['how']}" for system in kept["systems"]),
        ]
    else:
        lines.append("No comparison is kept; `make understanding STOCK=1500` makes one.")
    return lines


def _picture(system: Document, what: str) -> list[str]:
    return calibration.picture([Bin(**each) for each in system["reliability"][what]])


def _confusions(system: Document) -> list[str]:
    return [f"{label} taken for {taken}: {times}" for label, taken, times in system["confusions"]]


def _figures(system: Document) -> list[Figure]:
    return [figures.read_back(each) for each in system["figures"]]
