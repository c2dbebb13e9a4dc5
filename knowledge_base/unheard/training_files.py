"""Read and write the messages the bot learns from, as the files under data/ hold them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HEADING = (
    "# Messages that were not understood, labelled by a curator: `fingerpost unheard export` wrote them."
)


class BadTrainingFile(ValueError):
    """A file of messages cannot be read or written; the message names it and the way out."""


@dataclass(frozen=True)
class Example:
    """One message to learn from; ``heard`` is the id of the unheard message it was made from, if any."""

    text: str
    act: str
    needs: tuple[str, ...] | None = ()
    heard: str | None = None
    file: Path | None = None
    number: int = 0

    def where(self, root: Path) -> str:
        """Say where it stands: the file from ``root`` on, and which of its messages it is."""
        if self.file is None:
            return "nowhere"
        within = self.file.is_relative_to(root)
        return f"{self.file.relative_to(root) if within else self.file}, message {self.number}"


def read_examples(folder: Path) -> Iterator[Example]:
    """Read every message under a folder, file by file in order of name.

    Raises:
        BadTrainingFile: a file is no YAML, or its messages are not as they should be.
    """
    for file in sorted(folder.rglob("*.yml")):
        yield from read_file(file)


def read_file(file: Path) -> Iterator[Example]:
    """Read the messages of one file; raises `BadTrainingFile`."""
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as fault:
        line = getattr(getattr(fault, "problem_mark", None), "line", None)
        where = f", line {line + 1}" if line is not None else ""
        raise BadTrainingFile(f"{file}{where}: this is no YAML that can be read; mend it") from None
    number = 0
    for block in _listed(file, content or {}, "nlu") if content else ():
        if not isinstance(block, dict) or "intent" not in block:
            continue
        for raw in _lines(file, block):
            number += 1
            yield _example(file, number, str(block["intent"]), raw)


def _lines(file: Path, block: dict[str, Any]) -> list[Any]:
    """The examples of a block; Rasa also takes them as one text, each line beginning with a dash."""
    told = block.get("examples") or []
    if isinstance(told, str):
        return [line.strip().removeprefix("-").strip() for line in told.splitlines() if line.strip()]
    return _listed(file, block, "examples")


def _listed(file: Path, holder: Any, key: str) -> list[Any]:
    value = holder.get(key) or [] if isinstance(holder, dict) else None
    if not isinstance(value, list):
        raise BadTrainingFile(f"{file}: `{key}` is not a list; other files under data/ show the shape")
    return value


def _example(file: Path, number: int, act: str, raw: Any) -> Example:
    if isinstance(raw, str):
        return Example(raw.strip(), act, None, None, file, number)
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
        raise BadTrainingFile(f'{file}, message {number}: it has no "text"')
    about = raw.get("metadata") or {}
    if not isinstance(about, dict):
        raise BadTrainingFile(f"{file}, message {number}: `metadata` does not hold names and values")
    needs = about.get("needs")
    if needs is not None and not (isinstance(needs, list) and all(isinstance(need, str) for need in needs)):
        raise BadTrainingFile(f"{file}, message {number}: `needs` is not a list of needs")
    heard = about.get("heard")
    known = tuple(needs) if needs is not None else None
    return Example(raw["text"].strip(), act, known, str(heard) if heard else None, file, number)


def write_file(file: Path, act: str, examples: Sequence[Example]) -> None:
    """Write a file of messages of one act, in one step; one without messages is removed.

    Raises:
        BadTrainingFile: it cannot be written.
    """
    try:
        if not examples:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".new")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write("\n".join([HEADING, 'version: "3.1"', "nlu:", f"- intent: {act}", "  examples:", ""]))
            out.writelines(_written(examples))
        os.chmod(scratch, 0o644)
        os.replace(scratch, file)
    except OSError as fault:
        raise BadTrainingFile(f"{file} cannot be written: {fault.strerror or fault}") from None


def _written(examples: Iterable[Example]) -> Iterator[str]:
    for each in examples:
        text = "\n".join(f"      {line}".rstrip() for line in each.text.splitlines()) or "      "
        heard = f"\n      heard: '{each.heard}'" if each.heard else ""
        needs = f"\n      needs: [{', '.join(each.needs)}]" if each.needs is not None else ""
        about = f"\n    metadata:{needs}{heard}" if needs or heard else ""
        yield f"  - text: |\n{text}{about}\n"
