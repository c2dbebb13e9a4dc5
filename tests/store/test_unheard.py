"""What was not understood is kept once, for its days, and goes with its conversation when asked."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from knowledge_base.store.chats import Chats
from knowledge_base.store.database import Database, open_database
from knowledge_base.store.tables import UnheardRow
from knowledge_base.store.unheard import EXPORTED, LABELLED, NEW, SET_ASIDE, NotUnderstood, UnheardRows
from knowledge_base.unheard.curating import Curating, NoSuchMessage
from knowledge_base.unheard.training_files import BadTrainingFile, Example, read_examples, write_file
from tests.store.conftest import NOW

DAY = NOW.date()


@pytest.fixture
def rows(database: Database) -> UnheardRows:
    return UnheardRows(database)


def keep(rows: UnheardRows, session: str, said: str, day: date = DAY) -> bool:
    return rows.keep(NotUnderstood(session, said, "unsure", "greet", 0.4321, day, ("finance",)))


def texts(rows: UnheardRows) -> list[str]:
    return sorted(each.text for each in rows.all())


def test_a_message_is_kept_with_its_day_and_what_it_was_taken_for(rows: UnheardRows) -> None:
    assert keep(rows, "owner-1", "we need [sum] for ovens")

    (kept,) = rows.all()

    assert (kept.text, kept.act, kept.confidence, kept.needs, kept.day, kept.state) == (
        "we need [sum] for ovens", "greet", 0.43, ("finance",), DAY, NEW,
    )  # fmt: skip


def test_a_message_sent_twice_is_kept_once_and_two_owners_are_counted(rows: UnheardRows) -> None:
    assert [keep(rows, who, "kites") for who in ("owner-1", "owner-1", "owner-2")] == [True, False, True]
    assert texts(rows) == ["kites", "kites"]


def test_no_row_holds_the_session_or_a_time_of_day(rows: UnheardRows, database: Database) -> None:
    keep(rows, "owner-1", "kites")

    with database.session() as transaction:
        row = transaction.execute(text("SELECT * FROM unheard")).mappings().one()
    assert "owner-1" not in str(dict(row))
    assert len(row["session"]) == 64
    columns = {
        column["name"]: str(column["type"]) for column in inspect(database._engine).get_columns("unheard")
    }
    assert not {name for name, kind in columns.items() if "TIME" in kind}


def test_the_same_session_has_another_digest_in_another_database(
    rows: UnheardRows, database: Database, tmp_path: Path
) -> None:
    other = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    other.migrate()
    digests = set()
    for each in (database, other):
        keep(UnheardRows(each), "owner-1", "kites")
        with each.session() as transaction:
            digests.add(transaction.scalars(select(UnheardRow.session)).one())
    other.close()

    assert len(digests) == 2


def test_what_was_kept_goes_with_the_conversation_and_no_others(
    rows: UnheardRows, database: Database
) -> None:
    chats = Chats(database)
    mine, other = chats.new_session(NOW), chats.new_session(NOW)
    keep(rows, mine, "my kites")
    keep(rows, other, "their kites")

    chats.forget(mine)

    assert texts(rows) == ["their kites"]


def test_who_refuses_loses_what_was_kept_and_nothing_more_is_kept(rows: UnheardRows) -> None:
    keep(rows, "owner-1", "kites")
    rows.refuse("owner-1", DAY)
    rows.refuse("owner-1", DAY)

    assert not keep(rows, "owner-1", "more kites")
    assert keep(rows, "owner-2", "our kites")
    assert texts(rows) == ["our kites"]


def test_once_the_conversation_is_over_nothing_ties_a_message_to_it(
    rows: UnheardRows, database: Database
) -> None:
    keep(rows, "owner-1", "kites")
    rows.refuse("owner-2", DAY)

    rows.part_from(["owner-1", "owner-2", *(f"owner-{n}" for n in range(3, 1200))])

    with database.session() as transaction:
        assert transaction.scalars(select(UnheardRow.session)).all() == [None]
        assert transaction.execute(text("SELECT count(*) FROM unheard_refusals")).scalar() == 0
    rows.forget("owner-1")
    assert texts(rows) == ["kites"]


def test_two_messages_alike_outlive_their_conversations(rows: UnheardRows) -> None:
    for who in ("owner-1", "owner-2"):
        keep(rows, who, "kites")
    rows.part_from(["owner-1", "owner-2"])

    assert texts(rows) == ["kites", "kites"]


def test_what_has_had_its_days_is_deleted_whatever_became_of_it(rows: UnheardRows) -> None:
    keep(rows, "owner-1", "old", DAY - timedelta(days=91))
    keep(rows, "owner-1", "young", DAY - timedelta(days=90))
    keep(rows, "owner-2", "labelled", DAY - timedelta(days=91))
    rows.label([each.id for each in rows.all() if each.text == "labelled"], "greet", [])

    assert rows.purge(DAY - timedelta(days=90)) == 2
    assert texts(rows) == ["young"]


# --- the curator


def labelled(rows: UnheardRows, session: str, said: str, act: str, *needs: str) -> str:
    keep(rows, session, said)
    (id,) = (each.id for each in rows.all() if each.text == said)
    Curating(rows).label([id], act, needs)
    return id


def test_labelled_messages_become_examples_and_are_written_once(rows: UnheardRows, tmp_path: Path) -> None:
    data = tmp_path / "data"
    id = labelled(rows, "owner-1", "[name] needs [sum] for the new oven", "describe_need", "finance")
    work = Curating(rows)

    first, second = work.export(data / "heard", data), work.export(data / "heard", data)

    assert first.written == {data / "heard" / "describe_need.yml": 1}
    assert second.written == {}
    (example,) = read_examples(data)
    assert (example.text, example.act, example.needs, example.heard) == (
        "Sam needs some money for the new oven", "describe_need", ("finance",), id,
    )  # fmt: skip
    assert [each.state for each in rows.all()] == [EXPORTED]


def test_what_the_bot_already_learns_is_refused_by_name_and_stays_labelled(
    rows: UnheardRows, tmp_path: Path
) -> None:
    write_file(
        tmp_path / "need.yml", "describe_need", [Example("We need a loan!", "describe_need", ("finance",))]
    )
    labelled(rows, "owner-1", "we need a loan", "describe_need", "finance")

    done = Curating(rows).export(tmp_path / "heard", tmp_path)

    (refusal,) = done.refused
    assert (refusal.of.where(tmp_path), refusal.alike) == ("need.yml, message 1", 1.0)
    assert done.written == {}
    assert [each.state for each in rows.all()] == [LABELLED]


def test_two_alike_in_one_export_become_one_example(rows: UnheardRows, tmp_path: Path) -> None:
    for who in ("owner-1", "owner-2"):
        keep(rows, who, "who tests our kites for us")
    Curating(rows).label([each.id for each in rows.all()], "out_of_scope")

    done = Curating(rows).export(tmp_path / "heard", tmp_path)

    assert sum(done.written.values()) == len(done.refused) == 1


def test_an_example_is_taken_out_again_when_its_owner_asks_to_be_forgotten(
    rows: UnheardRows, database: Database, tmp_path: Path
) -> None:
    labelled(rows, "owner-1", "my kites are mine", "out_of_scope")
    labelled(rows, "owner-2", "our kites are everywhere", "out_of_scope")
    work = Curating(rows)
    work.export(tmp_path / "heard", tmp_path)

    rows.forget("owner-1")
    with database.session() as transaction:
        assert "mine" not in str(transaction.execute(text("SELECT * FROM unheard")).all())
    done = work.export(tmp_path / "heard", tmp_path)

    assert done.taken_out == 1
    assert [example.text for example in read_examples(tmp_path)] == ["our kites are everywhere"]
    assert rows.to_take_out() == {}


def test_the_last_example_of_a_file_goes_with_the_file(rows: UnheardRows, tmp_path: Path) -> None:
    labelled(rows, "owner-1", "my kites are mine", "out_of_scope")
    Curating(rows).export(tmp_path / "heard", tmp_path)

    rows.forget("owner-1")
    Curating(rows).export(tmp_path / "elsewhere", tmp_path)

    assert list(tmp_path.rglob("*.yml")) == []


def test_a_second_thought_moves_an_example_to_its_new_act(rows: UnheardRows, tmp_path: Path) -> None:
    id = labelled(rows, "owner-1", "kites for the shop", "out_of_scope")
    work = Curating(rows)
    work.export(tmp_path / "heard", tmp_path)

    work.label([id], "describe_need", ["product_development"])
    work.export(tmp_path / "heard", tmp_path)

    assert [(e.act, e.needs) for e in read_examples(tmp_path)] == [
        ("describe_need", ("product_development",))
    ]


def test_what_a_curator_wrote_into_a_file_by_hand_stays(rows: UnheardRows, tmp_path: Path) -> None:
    file = tmp_path / "heard" / "out_of_scope.yml"
    write_file(file, "out_of_scope", [Example("who sells harps", "out_of_scope", ())])
    labelled(rows, "owner-1", "kites for the shop", "out_of_scope")

    Curating(rows).export(tmp_path / "heard", tmp_path)

    assert [example.text for example in read_examples(tmp_path)] == ["who sells harps", "kites for the shop"]


def test_a_spoilt_file_stops_an_export_and_nothing_is_lost(rows: UnheardRows, tmp_path: Path) -> None:
    (tmp_path / "heard").mkdir()
    (tmp_path / "heard" / "out_of_scope.yml").write_text("nlu: [")
    labelled(rows, "owner-1", "kites for the shop", "out_of_scope")

    with pytest.raises(BadTrainingFile, match=r"out_of_scope\.yml"):
        Curating(rows).export(tmp_path / "heard", tmp_path)
    assert [each.state for each in rows.all()] == [LABELLED]


def test_one_unknown_id_and_no_message_is_labelled(rows: UnheardRows) -> None:
    keep(rows, "owner-1", "kites")
    (kept,) = rows.all()

    with pytest.raises(NoSuchMessage, match="nowhere"):
        Curating(rows).label([kept.id, "nowhere"], "greet")
    assert [each.state for each in rows.all()] == [NEW]


def test_what_teaches_nothing_is_set_aside_and_can_come_back(rows: UnheardRows) -> None:
    id = labelled(rows, "owner-1", "kites", "greet")

    Curating(rows).set_aside([id])
    assert [(each.state, each.label_act) for each in rows.all()] == [(SET_ASIDE, None)]
    Curating(rows).label([id], "out_of_scope")
    assert [each.state for each in rows.all()] == [LABELLED]
