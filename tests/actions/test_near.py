"""What an owner wants done is kept as numbers, not as words: while it is wanted, and no longer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from actions.learn import ExplainOurselves
from actions.people import SayYes
from actions.profile_form import AskWhatSettlesMost
from actions.reading import ReadMessage
from actions.roadmap import ShowRoadmap
from knowledge_base.advice import Advice
from knowledge_base.closeness import write_near
from knowledge_base.hubs import read_hub
from knowledge_base.meanings import Meanings
from knowledge_base.services import ENCODER
from knowledge_base.store.database import open_database
from knowledge_base.store.vectors import OfferVectors
from tests.actions.conftest import NOW, PACK, Talk
from tests.encoder import need_encoder

WATER = "We want to waste less quicksilverish water in the wash house"


class Hears(Meanings):
    """Hears sentences in the order they come, without an encoder: the first, the second …"""

    def __init__(self, folder: Path, kept: OfferVectors) -> None:
        super().__init__(folder / "nowhere", kept)
        self.said: list[Sequence[str]] = []

    def near_of(self, said: Sequence[str]) -> str | None:
        if not said or said[0] == "I need help":
            return None
        self.said.append(said)
        return write_near("e" * 64, np.eye(384, dtype=np.float32)[[len(self.said)]] * 0.4)


def nth(number: int) -> str:
    return str(write_near("e" * 64, np.eye(384, dtype=np.float32)[[number]] * 0.4)).split(".")[1]


@contextmanager
def opened(folder: Path, meanings: Callable[[Path, OfferVectors], Meanings]) -> Iterator[Advice]:
    database = open_database(f"sqlite:///{folder / 'example.sqlite'}")
    database.migrate()
    made = Advice(
        database, read_hub("default"), "http://hub.example.org", meanings(ENCODER, OfferVectors(database))
    )
    made.records.load_pack(PACK, now=NOW)
    yield made
    database.close()


@pytest.fixture
def advice(tmp_path: Path) -> Iterator[Advice]:
    """Advice that hears sentences by their number."""
    with opened(tmp_path, Hears) as made:
        yield made


def heard(talk: Talk) -> list[str]:
    """The numbers of the sentences that are kept, the latest first."""
    kept = talk.slots.get("near")
    return str(kept).split(".")[1:] if kept else []


def test_a_described_need_is_kept_as_its_meaning(advice: Advice) -> None:
    talk = Talk().hears(WATER, "describe_need", "sustainability")
    talk.does(ReadMessage(advice))

    assert heard(talk) == [nth(1)]
    assert not any("water" in str(value) for value in talk.slots.values())


def test_reading_a_message_twice_keeps_its_meaning_once(
    advice: Advice, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk().hears(WATER, "describe_need", "sustainability")
    monkeypatch.setattr(advice, "near_of", lambda said: write_near("e" * 64, np.eye(384)[[7]] * 0.4))
    talk.does(ReadMessage(advice))
    once = heard(talk)
    talk.does(ReadMessage(advice))

    assert heard(talk) == once == [nth(7)]


def test_a_need_we_do_not_know_is_kept_for_the_button_that_names_one(advice: Advice) -> None:
    talk = Talk().hears(WATER, "describe_need")
    talk.does(ReadMessage(advice))
    talk.hears(
        '/describe_need{"need": "sustainability"}', "describe_need", entities={"need": "sustainability"}
    )
    talk.does(ReadMessage(advice))

    assert talk.slots["needs"] == ["sustainability"]
    assert heard(talk) == [nth(1)]


@pytest.mark.parametrize(
    ("said", "act"),
    [
        ("thanks, that is lovely", "thanks"),
        ("what does match funding mean?", "ask_definition"),
        ("14 of us in Dudley", "give_profile"),
        ("cheaper please", "refine"),
        ("no", "deny"),
        ("we finished the check-up", "inform_progress"),
        ("the weather is fine", "out_of_scope"),
    ],
)
def test_what_describes_no_need_leaves_it_as_it_is(advice: Advice, said: str, act: str) -> None:
    talk = Talk().hears(WATER, "describe_need", "sustainability")
    talk.does(ReadMessage(advice))
    talk.hears(said, act)
    talk.does(ReadMessage(advice))

    assert heard(talk) == [nth(1)]


def test_facts_alone_describe_nothing_even_where_they_sound_like_a_need(advice: Advice) -> None:
    talk = Talk().hears("we're a garage in Dudley with 6 people", "describe_need", "premises")
    talk.does(ReadMessage(advice))

    assert heard(talk) == []


def test_a_second_need_joins_the_first_while_questions_are_open(advice: Advice) -> None:
    talk = Talk().hears(WATER, "describe_need", "sustainability").asking("place")
    talk.does(ReadMessage(advice))
    talk.hears("we would also like to find out about a loan for new tanks", "describe_need", "finance")
    talk.does(ReadMessage(advice))

    assert heard(talk) == [nth(2), nth(1)]


def test_after_a_roadmap_a_new_need_takes_the_place_of_the_old(advice: Advice) -> None:
    talk = Talk(shown=["example-check-up"]).hears(WATER, "describe_need", "sustainability")
    talk.does(ReadMessage(advice))
    talk.hears("I want to sell in Norway", "describe_need", "export_markets")
    talk.does(ReadMessage(advice))
    assert heard(talk) == [nth(2)]

    talk.hears("I need help", "describe_need", "finance")
    talk.does(ReadMessage(advice))
    assert talk.slots["near"] is None


def test_to_be_forgotten_clears_it(advice: Advice) -> None:
    talk = Talk().hears(WATER, "describe_need", "sustainability")
    talk.does(ReadMessage(advice))
    talk.slots["pending"] = "forget"  # asked after the need: one told since would end the question
    talk.hears("yes", "affirm").does(ReadMessage(advice))
    events = talk.does(SayYes(advice)).events

    assert {"event": "reset_slots", "timestamp": None} in events


def test_every_door_to_the_plan_passes_it_on(advice: Advice, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[object] = []
    for name in ("plan", "next_question", "settles"):
        real = getattr(advice, name)

        def spy(*given: object, real=real, **options: object) -> object:
            passed.append(options["near"])
            return real(*given, **options)

        monkeypatch.setattr(advice, name, spy)
    near = write_near("e" * 64, np.eye(384)[[3]])
    talk = Talk(needs=["process_improvement"], near=near)
    talk.hears("we want to waste less", "describe_need", "process_improvement").does(ShowRoadmap(advice))
    talk.asking("place").hears("in Dudley", "give_profile").does(AskWhatSettlesMost(advice))
    talk.asking("place").hears("why do you ask?", "ask_how_it_works").does(ExplainOurselves(advice))

    assert len(passed) >= 4
    assert set(passed) == {near}


def test_no_word_is_in_the_database_or_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    need_encoder()
    with opened(tmp_path, Meanings) as advice:
        talk = Talk(needs=["process_improvement"], place="Dudley")
        with caplog.at_level(logging.DEBUG):
            talk.hears(WATER, "describe_need", "process_improvement").does(ReadMessage(advice))
            talk.does(ShowRoadmap(advice))
            advice.advise(["process_improvement"], {"place": "Dudley"}, NOW.date(), NOW, words=WATER)
        kept, rows = talk.slots["near"], everything_in(advice)

        assert isinstance(kept, str)
        assert sum(kept in row for row in rows) == 2, "kept with both roadmaps, to plan them again"
        for where in (*rows, caplog.text, *map(str, talk.slots.values())):
            assert "quicksilverish" not in where

        advice.forget("owner-1")
        assert sum(kept in row for row in everything_in(advice)) == 1


def everything_in(advice: Advice) -> list[str]:
    """Every row of every table."""
    with advice.database.session() as session:
        tables = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        return [
            str(tuple(row)) for name in tables for row in session.execute(text(f'SELECT * FROM "{name}"'))
        ]
