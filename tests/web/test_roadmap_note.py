"""An adviser's own word to the client: on the shared page, apart from records, and gone with the roadmap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.web.app import create_app
from knowledge_base.advice import Advice
from knowledge_base.profile import parse_profile
from knowledge_base.store.database import StoreUnavailable, open_database
from knowledge_base.store.roadmap_notes import LONGEST_WORDS, BadNote, NoSuchRoadmap, RoadmapNote
from tests.store.example_records import example_advice
from tests.web.conftest import ROOMY
from tests.web.example import small_factory
from tests.web.fakes import House, Saved
from tests.web.pdf_reading import read_pdf

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script>"


class Notes:
    """One note, or a store that cannot be read."""

    def __init__(self, note: RoadmapNote | None, well: bool = True) -> None:
        self.note, self.well = note, well

    def get(self, roadmap_id: str) -> RoadmapNote | None:
        if not self.well:
            raise StoreUnavailable("the example store is away")
        return self.note


def browsing(house: House, notes: Notes) -> TestClient:
    house.roadmaps.held["example"] = Saved("example", small_factory())
    return TestClient(create_app(ROOMY, replace(house.services, notes=notes)))


@pytest.fixture
def advice(tmp_path: Path) -> Iterator[Advice]:
    database = open_database(f"sqlite:///{tmp_path / 'example.db'}")
    database.migrate()
    yield example_advice(database)
    database.close()


@pytest.fixture
def roadmap(advice: Advice) -> str:
    return advice.plan(["finance"], parse_profile({}), on=NOW.date(), now=NOW, session="s1").id


def test_the_page_shows_the_note_as_the_advisers_own_word_and_escapes_it(house: House):
    note = RoadmapNote(f"Ring them & ask.\n{SCRIPT}", "Kim <i>Example</i>", "Example team", NOW)
    with browsing(house, Notes(note)) as client:
        page = client.get("/roadmap/example").text

    assert "From Kim &lt;i&gt;Example&lt;/i&gt;, Example team</h2>" in page
    assert "This is your adviser’s own word, not from the records." in page
    assert "Ring them &amp; ask.\n&lt;script&gt;" in page
    assert SCRIPT not in page


def test_the_document_shows_the_note_too(house: House):
    with browsing(house, Notes(RoadmapNote("Ring them first.", "Kim Example", "", NOW))) as client:
        words = read_pdf(client.get("/roadmap/example.pdf").content).words

    assert "From Kim Example Ring them first. This is your adviser’s own word, not from the records." in words


def test_a_page_without_a_note_says_nothing_of_one(house: House):
    with browsing(house, Notes(None)) as client:
        assert "own word" not in client.get("/roadmap/example").text


def test_the_note_is_no_part_of_the_roadmap_that_others_read_as_json(house: House):
    with browsing(house, Notes(RoadmapNote("Ring them first.", "Kim Example", "", NOW))) as client:
        answer = client.get("/api/roadmaps/example")

    assert answer.status_code == 200
    assert "Ring them" not in answer.text
    assert "Kim" not in answer.text


def test_a_note_that_cannot_be_read_just_now_is_not_left_out_unsaid(house: House):
    with browsing(house, Notes(None, well=False)) as client:
        assert client.get("/roadmap/example").status_code == 503


def test_a_note_is_kept_read_changed_and_taken_away(advice: Advice, roadmap: str):
    advice.notes.put(roadmap, " Ring them. \r\n\r\nSoon. ", " Kim  Example ", NOW, team="Example team")
    first = advice.notes.get(roadmap)
    advice.notes.put(roadmap, "Ring me.", "Lee Example", NOW + timedelta(hours=1))

    assert first == RoadmapNote("Ring them.\n\nSoon.", "Kim Example", "Example team", NOW)
    assert first.signed == "Kim Example, Example team"
    assert advice.notes.get(roadmap) == RoadmapNote("Ring me.", "Lee Example", "", NOW + timedelta(hours=1))
    assert [advice.notes.remove(roadmap), advice.notes.remove(roadmap)] == [True, False]
    assert advice.notes.get(roadmap) is None


@pytest.mark.parametrize(
    ("words", "name", "why"),
    [
        (" \n ", "Kim", "empty"),
        ("x" * (LONGEST_WORDS + 1), "Kim", "1,501 characters"),
        ("Ring.", " ", "name"),
    ],
)
def test_a_note_that_cannot_stand_there_is_refused_in_plain_words(advice, roadmap, words, name, why):
    with pytest.raises(BadNote, match=why):
        advice.notes.put(roadmap, words, name, NOW)
    assert advice.notes.get(roadmap) is None


def test_a_roadmap_that_is_not_there_or_whose_time_is_over_takes_no_note(advice: Advice, roadmap: str):
    with pytest.raises(NoSuchRoadmap):
        advice.notes.put("nobody", "Ring them.", "Kim", NOW)
    with pytest.raises(NoSuchRoadmap):
        advice.notes.put(roadmap, "Ring them.", "Kim", NOW + timedelta(days=4000))


def test_the_note_stays_when_planned_again_and_goes_with_the_roadmap(advice: Advice, roadmap: str):
    advice.notes.put(roadmap, "Ring them.", "Kim", NOW)
    profile = parse_profile({"employees": 14})
    advice.plan(["finance"], profile, on=NOW.date(), now=NOW, session="s1", before=roadmap)
    assert advice.notes.get(roadmap)

    advice.forget("s1")

    assert advice.notes.get(roadmap) is None


def test_the_note_goes_with_the_purge(advice: Advice, roadmap: str):
    advice.notes.put(roadmap, "Ring them.", "Kim", NOW)

    advice.purge(NOW + timedelta(days=4000))

    assert advice.notes.get(roadmap) is None


def test_any_words_are_kept_as_they_may_stand_or_refused(advice: Advice, roadmap: str):
    @settings(max_examples=40, deadline=None)
    @given(words=st.text(max_size=200), name=st.text(max_size=300))
    def holds(words: str, name: str) -> None:
        advice.notes.remove(roadmap)
        try:
            said = advice.notes.put(roadmap, words, name, NOW)
        except BadNote:
            assert advice.notes.get(roadmap) is None
        else:
            assert advice.notes.get(roadmap) == said
            assert said.words.strip()
            assert said.signed.strip()

    holds()


@pytest.mark.parametrize("words", ["\x00", "\ud800", "\x07\n\x00"])
def test_words_of_which_nothing_can_be_kept_are_an_empty_note(advice: Advice, roadmap: str, words: str):
    with pytest.raises(BadNote, match="empty"):
        advice.notes.put(roadmap, words, "Kim", NOW)
