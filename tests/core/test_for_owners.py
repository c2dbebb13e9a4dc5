"""What only advisers can use is in no owner's document, whatever is said to have happened."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.asked import Asked
from knowledge_base.documents import canonical_json, roadmap_document
from knowledge_base.for_owners import asked_by_owner, not_for_reader
from knowledge_base.making import make
from knowledge_base.replanning import BadProgress, Happened, replan
from tests.core.builders import TODAY, business, offer
from tests.core.test_replanning_rules import seen

OURS = ("check-up", "lean-course")
THEIRS = ("train-the-trainer", "adviser-day")
VIEW = seen([*(offer(id) for id in OURS), *(offer(id, audience="broker") for id in THEIRS)])
FIRM = business(employees=14, place="Dudley")
SOME = st.lists(st.sampled_from((*OURS, *THEIRS)), max_size=4).map(tuple)


def made(**asked: tuple[str, ...]) -> tuple[Asked, dict[str, object]]:
    done = asked.pop("done", ())
    what = Asked(("process_improvement",), replace(FIRM, done=done), TODAY, **asked)
    kept = asked_by_owner(what, not_for_reader(VIEW, what))
    return kept, roadmap_document(make(VIEW, kept))


@settings(deadline=None, max_examples=60)
@given(SOME, SOME, SOME, SOME, SOME, SOME, SOME)
def test_a_saved_document_never_names_what_only_advisers_can_use(
    had: tuple[str, ...],
    no: tuple[str, ...],
    rather_not: tuple[str, ...],
    done: tuple[str, ...],
    turned_down: tuple[str, ...],
    skipped: tuple[str, ...],
    told: tuple[str, ...],
) -> None:
    asked, document = made(done=had, turned_down=no, skipped=rather_not)
    happened = Happened(done=done, turned_down=turned_down, skipped=skipped, facts={"done": list(told)})
    try:
        document = replan(VIEW, document, asked, happened, TODAY).document
    except BadProgress:
        assert {*THEIRS} & {*done, *turned_down, *skipped}

    written = canonical_json(document)
    assert not [id for id in THEIRS if id in written]


def test_what_only_advisers_can_use_cannot_be_said_to_be_done() -> None:
    asked, document = made()

    with pytest.raises(BadProgress, match="train-the-trainer"):
        replan(VIEW, document, asked, Happened(done=("train-the-trainer",)), TODAY)


def test_a_step_that_was_done_stays_done_though_it_is_for_advisers_now() -> None:
    asked, document = made()
    planned = replan(VIEW, document, asked, Happened(done=("check-up",)), TODAY)
    later = seen([offer("check-up", audience="broker"), offer("lean-course")])

    again = replan(later, planned.document, planned.asked, Happened(), TODAY)

    assert [step["offer"] for step in again.document["done_steps"]] == ["check-up"]
    assert again.document["profile"]["done"] == ["check-up"]
