"""Call the `fingerpost` command, and read what it wrote."""

from __future__ import annotations

import io
import json
import os
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.command_line.main import main
from tests.journeys.house import ROOT


@dataclass(frozen=True)
class Done:
    """How a call ended, and what it wrote."""

    code: int
    out: str
    err: str


def fingerpost(*arguments: object, **settings: str) -> Done:
    """Call the command in this process: starting one takes seconds, most of them for spaCy."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, told in settings.items():
            patch.setenv(name, told)
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def typed(*arguments: object, told: bytes = b"", **settings: str) -> Done:
    """Call the command as `make setup` puts it there, in a process of its own."""
    done = subprocess.run(
        [str(ROOT / ".venv" / "bin" / "fingerpost"), *map(str, arguments)],
        input=told,
        env={**os.environ, "OMP_NUM_THREADS": "1", **settings},
        capture_output=True,
        timeout=120,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def answer(*arguments: object, **settings: str) -> Any:
    done = fingerpost(*arguments, **settings)
    assert done.code == 0, done.err
    assert done.err == ""
    return json.loads(done.out)


def failure(done: Done) -> tuple[str, str]:
    """Return the code and the words of a call that failed as the contract says."""
    assert done.code == 1, done
    assert done.out == ""
    told = json.loads(done.err)
    assert set(told) == {"error", "message"}
    assert len(told["message"].split()) > 2
    return told["error"], told["message"]


def written(file: Path, what: Any) -> Path:
    file.write_text(json.dumps(what) if file.suffix == ".json" else yaml.safe_dump(what), encoding="utf-8")
    return file
