"""At the command line: what no list knows is asked about once, in a mapping that is filled in and used."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.command_line.main import main
from knowledge_base.services import open_store
from knowledge_base.store.record_rows import bump_version, write_area
from tests.interchange.taking import AREAS, COUNCIL
from tests.store.conftest import NOW

TABLE = "Scheme;Type;Area\n" + "".join(f"Example {n};Bursaries of kites;Wales\n" for n in range(60))


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    address = f"sqlite:///{tmp_path / 'a.sqlite'}"
    monkeypatch.setenv("DATABASE_URL", address)
    store = open_store({"DATABASE_URL": address})
    with store.database.writing() as transaction:
        for area in AREAS:
            write_area(transaction, area)
        bump_version(transaction)
    store.save_provider(COUNCIL, "C", "new", NOW)
    file = tmp_path / "schemes.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


def test_a_value_in_sixty_rows_is_asked_about_once_and_answered_once(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = table.with_name("mapping.yml")

    assert main(["import", str(table), "--save-mapping", str(saved)]) == 1
    looked = capsys.readouterr().out
    mapping = yaml.safe_load(saved.read_text(encoding="utf-8"))
    (kind,) = [each for each in mapping["columns"] if each["to"] == "kind"]

    assert looked.count("Type: Bursaries of kites (60 rows)") == 1
    assert kind["values"] == {"Bursaries of kites": ""}

    assert main(["import", str(table), "--mapping", str(saved)]) == 1, "an empty answer is none"
    kind["values"]["Bursaries of kites"] = "grant"
    saved.write_text(yaml.safe_dump(mapping), encoding="utf-8")
    capsys.readouterr()

    assert main(["import", str(table), "--mapping", str(saved)]) == 0
    assert "60 to make, 0 to change, 0 as they are, 0 refused." in capsys.readouterr().out
