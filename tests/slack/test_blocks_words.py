"""Words made safe for Slack, and what is pressed read back."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack import verbs
from bot.slack.blocks.text import cut, label, link, plain, sections, size, told, whole
from tests.core.full import examples
from tests.slack.block_kit_schema import message_faults
from tests.slack.made_up import hostile_words


@settings(deadline=None, max_examples=examples(2000, 300))
@given(words=hostile_words, most=st.integers(10, 3000))
def test_any_words_are_within_the_limit_and_call_nobody(words, most):
    safe = told(words, most)

    assert size(safe) <= most
    assert (
        message_faults("Fine", [{"type": "section", "text": {"type": "mrkdwn", "text": safe or "-"}}]) == []
    )
    assert message_faults(whole([words]), [{"type": "divider"}]) == []
    assert 0 < size(label(words, most)) <= most


@settings(deadline=None, max_examples=examples(500, 100))
@given(
    words=st.text(
        st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="*~`_@"), max_size=200
    )
)
def test_ordinary_words_come_out_as_they_went_in(words):
    assert html.unescape(told(words, 3000)) == plain(words)


def test_a_text_is_cut_at_a_word_and_says_so():
    assert cut("Half the cost of new machines", 20) == "Half the cost of…"
    assert cut("Half the cost", 13) == "Half the cost"
    assert cut("Unbroken" * 5, 10) == "UnbrokenU…"
    assert size(cut("💷" * 20, 11)) <= 11


def test_an_entity_is_never_cut_in_two():
    for most in range(5, 60):
        left = told("&<>" * 30, most).rstrip("…")
        assert html.escape(html.unescape(left), quote=False) == left


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "", None, "ftp://example.org", "https://", "not a page", "//example.org", 7],
)
def test_only_a_web_address_becomes_a_link(address):
    assert link(address, "Name") == "*Name*"


def test_a_link_cannot_be_broken_out_of():
    written = link("https://example.org/a?b=1&c=<d>|e f", "A|name> <!channel>")

    assert written == ("*<https://example.org/a?b=1&amp;c=%3Cd%3E%7Ce%20f|A¦name&gt; &lt;!channel&gt;>*")


def test_what_has_no_name_still_has_its_place():
    assert link("https://example.org", "") == "*<https://example.org|…>*"


def test_lines_are_packed_whole_into_as_few_texts_as_they_need():
    lines = ["x" * 1000] * 7

    assert [len(part) for part in sections(lines)] == [2001, 2001, 2001, 1000]


@pytest.mark.parametrize("verb", verbs.VERBS)
def test_every_verb_is_read_back_from_a_button(verb):
    assert verbs.pressed(verbs.action_id(verb, "example-grant"), "K3Q7") == verbs.Pressed(
        verb, "example-grant", "K3Q7"
    )
    assert verbs.pressed(verbs.action_id(verb), "-") == verbs.Pressed(verb, "", "")


def test_a_menu_says_what_it_is_about_and_its_option_what_to_do():
    assert verbs.pressed("step:example-grant", "done:K3Q7") == verbs.Pressed("done", "example-grant", "K3Q7")
    assert verbs.pressed("client_menu", "rename:K3Q7") == verbs.Pressed("rename", "", "K3Q7")
    assert verbs.pressed("client_menu", "K3Q7") == verbs.Pressed("client_menu", "", "K3Q7")


@pytest.mark.parametrize("action", ["", ":", "unknown", "step", "step:x", "why\n", "WHY:x"])
def test_what_is_none_of_ours_is_not_taken_for_something(action):
    assert verbs.pressed(action, "K3Q7") is None
