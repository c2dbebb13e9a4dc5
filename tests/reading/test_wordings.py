"""Phrases of many wordings are found exactly where each wording, written out, would be."""

from __future__ import annotations

from itertools import chain, product

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.reading import wordings
from knowledge_base.reading.frames import Phrases, choices, frames
from knowledge_base.reading.wordings import Wordings

WORD = st.sampled_from(["we", "make", "no", "loans", "of", "the", "#"])
WORDING = st.lists(WORD, max_size=3).map(tuple)
PHRASE = st.lists(st.lists(WORDING, min_size=1, max_size=3), min_size=1, max_size=4)
LISTED = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.lists(PHRASE, max_size=3), max_size=3)


def written_out(listed):
    return {
        label: [tuple(chain.from_iterable(row)) for phrase in phrases for row in product(*phrase)]
        for label, phrases in listed.items()
    }


@settings(max_examples=300, deadline=None)
@given(LISTED, st.lists(st.lists(st.sampled_from(["we", "make", "no", "loans", "of", "else"]), max_size=12)))
def test_a_phrase_stands_where_one_of_its_wordings_stands(listed, messages):
    found, plainly = Wordings(listed), Phrases(written_out(listed))

    for words in messages:
        assert found.find(words) == plainly.find(words)


def test_the_longest_wording_at_a_place_is_taken():
    found = Wordings({"barred": [choices("no [bank] loans [at all]", {})]})

    assert found.find(["sorry", "no", "bank", "loans", "at", "all", "please"]) == {"barred": [(1, 6)]}


def test_a_phrase_of_millions_of_wordings_is_found_at_once():
    many = choices(" ".join(["(a|b|c)"] * 20), {})

    assert Wordings({"long": [many]}).find(["a", "b", "c"] * 8)["long"] == [(n, n + 20) for n in range(5)]


def test_a_phrase_that_may_be_left_out_altogether_stands_nowhere():
    assert Wordings({"any": [choices("[a] [b]", {})]}).find(["x", "y"]) == {}


def test_no_word_an_owner_types_is_remembered():
    found = frames()
    found.find(["my", "zanzibarian", "cousin", "jane@example.org", "says", "no", "loans"])

    assert not {"zanzibarian", "jane@example.org"} & {word for _, word in found._steps}


def test_what_is_remembered_has_an_end(monkeypatch):
    monkeypatch.setattr(wordings, "MOST_REMEMBERED", 3)
    found = Wordings({"barred": [choices("(no|not) (any|more) (loans|grants)", {})]})

    for words in product(["no", "not"], ["any", "more"], ["loans", "grants"]):
        assert found.find(words) == {"barred": [(0, 3)]}
        assert len(found._steps) <= 3
