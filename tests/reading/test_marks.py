"""Where clauses end, and which turns of phrase stand near a place: what looking word by word would tell."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.reading.heard import Heard
from knowledge_base.reading.text import read_message

from .conftest import TODAY

SAID = st.lists(st.sampled_from(["we", "14", "ltd", ".", ",", "?", "–", "\n", "£5k"]), max_size=14).map(
    " ".join
)


@settings(max_examples=200, deadline=None)
@given(SAID)
def test_a_clause_and_a_segment_reach_from_mark_to_mark(said):
    message = read_message(said)
    for at in range(len(message) + 1):
        clauses = [i for i in range(at) if message.ends_clause(i)]
        segments = [i for i in range(at) if message.ends_segment(i)]
        later = [i for i in range(at, len(message)) if message.ends_clause(i)]

        assert message.clause_start(at) == (clauses[-1] + 1 if clauses else 0)
        assert message.segment_start(at) == (segments[-1] + 1 if segments else 0)
        assert message.clause_end(at) == (later[0] if later else len(message))


SPANS = st.dictionaries(st.integers(0, 30), st.integers(1, 8), max_size=10).map(
    lambda found: [(start, start + length) for start, length in sorted(found.items())]
)


@settings(max_examples=200, deadline=None)
@given(SPANS, st.integers(-5, 35), st.integers(-5, 35))
def test_what_stands_around_a_place_is_all_that_reaches_it_in_order(spans, first, last):
    heard = Heard(read_message("a bakery"), {"a label": spans} if spans else {}, TODAY)

    assert heard.around("a label", first, last) == [s for s in spans if s[1] >= first and s[0] <= last]
