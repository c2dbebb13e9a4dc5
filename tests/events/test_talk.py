"""In the conversation an event is told by its next date, its place and where to book."""

from __future__ import annotations

from actions.replies import step_line
from knowledge_base.view import View
from tests.core.builders import business, catalogue
from tests.events.builders import ON, evening, held


def test_a_step_of_a_roadmap_that_is_held_is_told_with_its_date_place_and_booking():
    event = evening("week", held("2026-12-01", place="Town Hall", booking="https://example.org/book"))
    document = View.of(catalogue(event)).roadmap_document(["process_improvement"], business(), ON)

    told = step_line(1, document["phases"][0]["steps"][0])

    assert "When: next on 1 December 2026, Town Hall; book at https://example.org/book." in told


def test_a_step_without_a_date_is_told_as_before():
    document = View.of(catalogue(evening("week", status="rolling"))).roadmap_document(
        ["process_improvement"], business(), ON
    )

    step = document["phases"][0]["steps"][0]

    assert "edition" not in step
    assert "When: no closing date is known." in step_line(1, step)
