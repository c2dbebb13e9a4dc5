"""Read messages in a batch with the trained bot; no server need be up.

`python -m bot.rasa.understand --model models/` reads JSON lines {"id", "text"} and writes, in the same order,
{"id", "act", "confidence", "needs": [{"need", "confidence"}]}; a line it cannot read gives
{"id": null, "error": "bad_line", "message"}. It loads the understanding alone, not Rasa.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.rasa.reader import ModelError, Reader
from knowledge_base.encoder import Encoder, EncoderError

PARTS = ("settings.json", "weights.npz")
LONGEST_LINE = 4 * 1024 * 1024


def load(model: Path, encoder: Path) -> Reader:
    """Return the reader inside a trained model: a .tar.gz, or a folder whose newest one is taken."""
    if model.is_dir():
        archives = sorted(model.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
        if not archives:
            raise ModelError(f"No trained model in {model}: run `make train`.")
        model = archives[-1]
    with tempfile.TemporaryDirectory() as scratch:
        _unpack(model, Path(scratch))
        return Reader.load(Path(scratch), Encoder.load(encoder))


def _unpack(archive: Path, folder: Path) -> None:
    """Copy the understanding's two files out of a model, and nothing else."""
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                path = Path(member.name)
                if member.isfile() and path.name in PARTS and "Understanding" in path.parent.name:
                    file = tar.extractfile(member)
                    if file is not None:
                        (folder / path.name).write_bytes(file.read())
    except (OSError, tarfile.TarError, EOFError) as fault:
        raise ModelError(
            f"{archive} is not a trained model ({type(fault).__name__}): run `make train`."
        ) from fault


def answers(lines: Iterable[bytes], reader: Reader) -> Iterator[dict[str, Any]]:
    """Yield one answer for each line that is not blank, in order."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answer(number, line, reader)


def _answer(number: int, line: bytes, reader: Reader) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        text = asked["text"]
        if not isinstance(text, str):
            raise TypeError
        name = asked.get("id")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = f'Line {number} is not a JSON object with a "text"; write {{"id": "1", "text": "..."}}.'
        return {"id": None, "error": "bad_line", "message": message}
    reading = reader.read(text)
    needs = [{"need": need, "confidence": confidence} for need, confidence in reading.needs]
    return {"id": name, "act": reading.act, "confidence": reading.confidence, "needs": needs}


def _lines(stream: Any) -> Iterator[bytes]:
    """Yield lines; one that is longer than any message may be is cut, so that it reads as a bad line."""
    while line := stream.readline(LONGEST_LINE):
        whole = line.endswith(b"\n")
        while not whole and (rest := stream.readline(LONGEST_LINE)):
            line, whole = b"{", rest.endswith(b"\n")
        yield line


def main(arguments: list[str] | None = None) -> int:
    """Answer every line of standard input; return 1 where there is no trained model."""
    parser = argparse.ArgumentParser(prog="understand", description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("models"))
    parser.add_argument("--encoder", type=Path, default=Path("models/tuned"))
    options = parser.parse_args(arguments)
    try:
        reader = load(options.model, options.encoder)
    except (ModelError, EncoderError) as fault:
        print(json.dumps({"error": "not_trained", "message": str(fault)}), file=sys.stderr)
        return 1
    # Whoever reads us may have had enough: end quietly, as other filters do.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for answer in answers(_lines(sys.stdin.buffer), reader):
        print(json.dumps(answer), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
