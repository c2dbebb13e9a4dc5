"""A word an owner asks about is explained from its source, and no other word is taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base import words
from knowledge_base.terms import FILE, Term, Terms

TERMS = Terms.read()
GLOSSARY = (Path(FILE).parents[1] / "GLOSSARY.md").read_text(encoding="utf-8")
NAMES = [(name, term) for term in TERMS.all for name in (term.name, *term.aliases)]

EVERYDAY = [
    "Do these colours match?",
    "I cut timber with a circular saw",
    "is there a guarantee that we get it",
    "my tenant is two months in rent arrears",
    "can I claim back the VAT",
    "we have a box for customer ideas",
    "the scope of the job",
    "we lean-to built a shed, which is a lean-to",
    "how much capital to put by for a rainy day",
]

HOSTILE = [
    "",
    " \n\t",
    "🦄" * 500,
    "\x00\x01\u202e",
    "(((((.*)+)+)+)$",
    "'; DROP TABLE offers; --",
    "<script>alert(1)</script>",
    "{meaning} %s ${jndi:ldap://example.org}",
    "unequity leaned chip trlx subsidy_ x-ip ip-x",
    "a" * 1_000_000 + " equity",
]


def told(text: str) -> str | None:
    term = TERMS.find(text)
    return term.id if term else None


@pytest.mark.parametrize("term", TERMS.all, ids=lambda term: term.id)
def test_every_word_says_who_defines_it(term: Term):
    assert term.source_title
    assert term.source_url is None or term.source_url.startswith(("https://", "http://data.europa.eu/"))
    assert term.source_title in term.source_words


@pytest.mark.parametrize("term", TERMS.all, ids=lambda term: term.id)
def test_every_meaning_is_short_enough_to_read_in_a_chat(term: Term):
    assert 8 <= len(term.meaning.split()) <= 55
    assert term.meaning.endswith(".")


@pytest.mark.parametrize(("name", "term"), NAMES, ids=lambda value: value if isinstance(value, str) else "")
def test_an_owner_may_use_any_name_of_a_word(name: str, term: Term):
    assert TERMS.find(f"what is {name}?") is term
    assert TERMS.find(f"WHAT DOES “{name.upper()}” MEAN") is term
    assert TERMS.find(name) is term


def test_no_name_belongs_to_two_words():
    names = [name.casefold() for name, _ in NAMES]
    ids = [term.id for term in TERMS.all]

    assert len(names) == len(set(names))
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("asked", "id"),
    [
        ("innovation or process innovation?", "process-innovation"),
        ("what is social innovation", "social-innovation"),
        ("what kinds of innovation are there, types of innovation I mean", "innovation-types"),
        ("is lean manufacturing the same as lean", "lean"),
        ("what is a loan guarantee, is it equity", "loan-guarantee"),
        ("what is an innovation voucher", "voucher"),
    ],
)
def test_the_longest_name_in_a_question_is_the_one_that_is_asked_about(asked: str, id: str):
    assert told(asked) == id


@pytest.mark.parametrize(
    ("asked", "id"),
    [
        ("IP, is that internet something", "intellectual-property"),
        ("what does R&D actually stand for", "research-and-development"),
        ("what's scope 3", "emission-scopes"),
        ("what is MVP, we thought it was for football", "minimum-viable-product"),
        ("vad betyder innovationscheck", "voucher"),
        ("beth yw economi gylchol", "circular-economy"),
        ("co oznacza wkład własny", "match-funding"),
    ],
)
def test_an_owner_may_ask_in_their_own_way(asked: str, id: str):
    assert told(asked) == id


@pytest.mark.parametrize("text", EVERYDAY)
def test_an_everyday_word_is_not_taken_for_a_term(text: str):
    assert told(text) is None


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_finds_nothing(text: str):
    assert told(text) is None


def test_a_word_in_a_flood_of_brackets_is_still_found():
    assert told("((((" * 500 + " equity " + "))))" * 500) == "equity"


def test_a_clawback_is_not_explained_as_being_paid_late():
    assert told("what is clawback") is None


def test_carbon_neutral_is_not_explained_as_net_zero():
    assert told("what does carbon neutral mean") is None


def test_a_word_that_cites_the_glossary_is_in_it():
    citing = [term for term in TERMS.all if "GLOSSARY.md" in term.source_title]

    assert citing
    assert [term.id for term in citing if f"**{term.name}**" not in GLOSSARY] == []


@pytest.mark.parametrize(
    "listed",
    [
        words.NEEDS,
        words.KINDS,
        words.FACTS,
        tuple(words.SECTORS),
        tuple(words.PHASES),
        words.WINDOW_STATUSES,
    ],
    ids=["needs", "kinds", "facts", "sectors", "phases", "windows"],
)
def test_the_glossary_has_every_word_of_the_closed_lists(listed: tuple[str, ...]):
    assert [word for word in listed if f"| **{word}**" not in GLOSSARY] == []


def test_the_glossary_puts_every_journey_stage_in_its_phase():
    rows = {phase: row for phase in words.PHASES for row in GLOSSARY.splitlines() if f"**{phase}**" in row}

    for phase, stages in words.PHASES.items():
        assert [stage for stage in stages if f"{stage} (" not in rows[phase]] == []
