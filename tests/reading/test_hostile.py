"""Any text at all: nothing fails, nothing is kept, and the work grows with length and no faster."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.profile import dump_profile, parse_profile
from knowledge_base.reading import doing, plainly, trades
from knowledge_base.reading.text import LONGEST, read_message

from .conftest import TODAY
from .seeds import SEEDS

ODD = [
    "",
    " ",
    "\0",
    "\0" * 50,
    "🙂" * 40,
    "👨‍👩‍👧‍👦 14 staff 🎉",
    "‮14 staff‬",
    "שלום 14 של",
    "a\u0301" * 30,
    "٣ staff",
    "¾ of a million",
    "9" * 4000,
    "9," * 2000,
    "1.1.1.1.1.1",
    "£" * 500,
    "£-5",
    "£ ",
    "#" * 100,
    "@ @ £ # · #th",
    "between and",
    "between 10 and",
    "to to to",
    "in 99999999999 weeks we need it",
    "by 99/99/9999",
    "by 0000-00-00",
    "trading since 0000",
    "trading for 999999 years",
    "999999999999999999 staff",
    "AB",
    "me and",
    "the second",
    "step 99999999999999999999",
    "DROP TABLE offers; --",
    "<script>alert(1)</script>",
    "\ud800 lone surrogate",
]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_text_is_read_without_complaint(read, text):
    for asked in (None, "employees", "turnover", "deadline", "trading_months", "place", "contact"):
        facts = read(text, asked=asked, shown=("ktp", "loan-a")).facts
        assert set(dump_profile(parse_profile(facts))) == set(facts)


def test_an_emoji_hides_no_fact(read):
    assert read("👨‍👩‍👧‍👦 14 staff 🎉").facts["employees"] == 14


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=300),
    st.sampled_from([None, "employees", "amount", "place", "deadline", "done", "contact"]),
)
def test_whatever_is_typed_makes_a_profile(reader, text, asked):
    told = reader.read(text, asked=asked, on=TODAY, shown=("ktp",))

    parse_profile(told.facts)
    assert all(0 <= start <= end <= len(text) for start, end in told.spans.values())


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from([*SEEDS, "£1m ", "turnover ", "staff ", "need ", ". ", ", ", "and "]), max_size=40
    )
)
def test_whatever_is_put_together_makes_a_profile(reader, parts):
    facts = reader.read("".join(parts), on=TODAY, shown=("ktp", "loan-a")).facts

    assert set(dump_profile(parse_profile(facts))) == set(facts)


def test_what_lies_beyond_the_longest_message_is_left_unread(read):
    assert "employees" not in read("x " * LONGEST + "14 staff").facts
    assert len(read_message("x" * (LONGEST * 3)).text) == LONGEST


@pytest.mark.parametrize("seed", SEEDS)
def test_the_longest_message_is_read_and_makes_a_profile(reader, seed):
    facts = reader.read((seed * LONGEST)[:LONGEST], on=TODAY, asked="turnover", shown=("ktp", "loan-a")).facts

    assert set(dump_profile(parse_profile(facts))) == set(facts)


def _calls(reader, text):
    """Count the functions called to read a text: the same on a busy machine as on an idle one."""
    count, before = 0, sys.getprofile()

    def called(frame, event, argument):
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(called)
    try:
        reader.read(text, on=TODAY, asked="turnover", shown=("ktp", "loan-a"))
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("seed", SEEDS)
def test_four_times_the_text_takes_no_more_than_a_few_times_the_work(reader, seed):
    text = seed * LONGEST
    reader.read(text[: LONGEST // 2], on=TODAY, asked="turnover", shown=("ktp", "loan-a"))  # tables are read

    short, long = _calls(reader, text[: LONGEST // 8]), _calls(reader, text[: LONGEST // 2])

    assert long < 5 * short  # in proportion would be 4; by the square 16


def test_nothing_an_owner_types_stays_in_spacys_strings(read):
    typed = ("zanzibarian", "quixotically", "jane@example.org", "07700900123")
    for word in typed:
        read(f"My {word} is secret and we run a {word}")

    kept = [listed._vocab.strings for listed in (trades._trades(), plainly._verbs(), doing._verbs())]
    assert [word for word in typed for strings in kept if word in strings] == []
    assert "bakery" in kept[0]
