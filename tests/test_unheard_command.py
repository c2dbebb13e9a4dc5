"""`fingerpost unheard`, as a curator uses it, on a database of a few messages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.command_line import unheard
from bot.command_line.main import main
from knowledge_base.store.database import open_database
from knowledge_base.store.unheard import NotUnderstood, UnheardRows

Says = Callable[..., tuple[int, str, str]]


class ByFirstWord:
    """Stands in for the encoder: messages that begin alike mean the same."""

    def encode(self, texts: list[str]) -> np.ndarray:
        kinds = sorted({text.split()[0] for text in texts})
        return np.asarray([np.eye(40)[kinds.index(text.split()[0])] for text in texts]).reshape(
            len(texts), 40
        )


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UnheardRows:
    url = f"sqlite:///{tmp_path / 'example.sqlite'}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.delenv("FINGERPOST_UNHEARD_DAYS", raising=False)
    monkeypatch.setattr(unheard, "encoder", ByFirstWord)
    monkeypatch.setattr(unheard, "DATA", tmp_path / "data")
    database = open_database(url)
    database.migrate()
    kept = UnheardRows(database)
    for n, said in enumerate(["kites for the shop", "kites for the roof", "harps for [name]"]):
        kept.keep(NotUnderstood(f"owner-{n}", said, "unsure", "greet", 0.4, date.today()))
    return kept


@pytest.fixture
def says(rows: UnheardRows, capsys: pytest.CaptureFixture[str]) -> Says:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["unheard", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def id_of(rows: UnheardRows, said: str) -> str:
    return next(each.id for each in rows.all() if each.text == said)


def test_the_most_frequent_is_listed_first(says: Says) -> None:
    code, out, _ = says("list")

    assert code == 0
    heading, first, second = out.splitlines()
    assert heading.split() == ["how", "many", "id", "read", "as", "why", "message"]
    assert first.startswith("2 ")
    assert "kites" in first
    assert "harps for [name]" in second


def test_json_holds_each_message_with_what_it_was_taken_for(says: Says) -> None:
    document: dict[str, Any] = json.loads(says("list", "--json")[1])

    assert [cluster["count"] for cluster in document["clusters"]] == [2, 1]
    assert document["clusters"][0]["central"]["read_as"] == {"act": "greet", "confidence": 0.4, "needs": []}


def test_from_a_cluster_to_a_file_that_training_reads(says: Says, rows: UnheardRows, tmp_path: Path) -> None:
    id = id_of(rows, "kites for the shop")

    assert "much the same" in says("show", id)[1]
    assert says("label", id, "--cluster", "--act", "describe_need", "--needs", "product_development")[0] == 0
    code, out, _ = says("export", str(tmp_path / "data" / "heard"))

    assert code == 0
    assert "2 messages more" in out
    written = (tmp_path / "data" / "heard" / "describe_need.yml").read_text()
    assert "kites for the roof" in written
    assert "needs: [product_development]" in written
    assert "harps" not in written
    assert (
        says("export", str(tmp_path / "data" / "heard"))[1] == "Nothing is labelled and not yet exported.\n"
    )


def test_a_near_copy_is_refused_and_named(says: Says, rows: UnheardRows, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "known.yml").write_text(
        "nlu:\n- intent: thanks\n  examples:\n  - text: Kites for the shop!\n    metadata: {needs: []}\n"
    )
    says("label", id_of(rows, "kites for the shop"), "--act", "out_of_scope")

    code, out, _ = says("export", str(tmp_path / "data" / "heard"))

    assert code == 0
    assert "100% the same as" in out
    assert "known.yml, message 1 (thanks)" in out


def test_what_is_set_aside_is_not_listed_again(says: Says, rows: UnheardRows) -> None:
    says("label", id_of(rows, "harps for [name]"), "--set-aside")

    assert "harps" not in says("list")[1]
    assert "harps" in says("list", "--state", "set_aside")[1]


def test_nothing_waiting_is_said(says: Says, rows: UnheardRows) -> None:
    says("label", *[each.id for each in rows.all()], "--act", "out_of_scope")

    assert says("list")[1] == "Nothing is waiting to be labelled.\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["show", "nowhere"], "no_such_message", "nowhere"),
        (["label", "nowhere", "--act", "greet"], "no_such_message", "nowhere"),
        (["label", "x"], "bad_label", "--act"),
        (["label", "x", "--act", "greet", "--set-aside"], "bad_label", "--set-aside"),
        (["label", "x", "--set-aside", "--needs", "finance"], "bad_label", "no needs"),
        (["label", "x", "--act", "nonsense"], "bad_label", "describe_need"),
        (["label", "x", "--act", "describe_need"], "bad_label", "at least one need"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_way_out(
    says: Says, arguments: list[str], code: str, words: str
) -> None:
    exit_code, _, err = says(*arguments)

    fault = json.loads(err)
    assert exit_code == 1
    assert fault["error"] == code
    assert words in fault["message"]


def test_a_folder_that_cannot_be_written_is_named(says: Says, rows: UnheardRows, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    says("label", id_of(rows, "kites for the shop"), "--act", "out_of_scope")

    code, _, err = says("export", str(tmp_path / "taken"))

    assert code == 1
    assert json.loads(err)["error"] == "bad_training_file"
    assert "taken" in err


def test_what_has_had_its_days_is_deleted_when_told_to(says: Says, rows: UnheardRows) -> None:
    long_ago = date.today() - timedelta(days=91)
    rows.keep(NotUnderstood("owner-9", "old kites", "unsure", "greet", 0.4, long_ago))

    assert says("purge")[1] == "1 message deleted, kept for more than 90 days.\n"
    assert json.loads(says("purge", "--older-than", "0", "--json")[1]) == {"deleted": 0}


def test_messages_learned_twice_are_found_by_the_content_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.yml", "b.yml"):
        (tmp_path / name).write_text("nlu:\n- intent: greet\n  examples:\n  - text: hello to you all\n")

    assert main(["content", "messages", str(tmp_path)]) == 1
    assert "b.yml, message 1 repeats" in capsys.readouterr().out
    (tmp_path / "b.yml").unlink()
    assert main(["content", "messages", str(tmp_path)]) == 0
    assert main(["content", "messages", str(tmp_path / "nowhere")]) == 1
