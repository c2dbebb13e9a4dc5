"""What is kept of a message names nobody: only plain words, and a mask for everything else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.unheard.masking import LONGEST, MASK, STAND_INS, mask, spoken
from knowledge_base.unheard.plain_words import tables

ASKS = "and we need a grant for a new oven, who can help us with that"


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("my name is Dave Smith", "smith"),
        ("my name is mark", "mark"),
        ("My name's rose green", "rose"),
        ("hi I'm will", "will"),
        ("this is grant here", "grant here"),
        ("call me bill", "bill"),
        ("Mark from the garage", "mark"),
        ("my boss mark wants it done", "mark"),
        ("ask for Will at the desk", "will"),
        ("Mrs Wood told us", "wood"),
        ("asked patel and mark about it", "mark"),
        ("mark smith here", "smith"),
        ("wozniak says it will not do", "wozniak"),
        ("we are Green Field Bakery", "green field"),
        ("green field bakery ltd is what we are", "green field"),
        ("smith & sons need a robot", "smith"),
        ("jones brothers joinery limited", "jones"),
        ("our company is called blue door", "blue door"),
        ("trading as bright spark", "bright spark"),
        ("we trade as Bluebell Interiors", "bluebell"),
        ("Acme said no", "acme"),
        ("write to dave@example.org", "example"),
        ("www.example.org is our page", "example"),
        ("see example.co.uk/shop for it", "example"),
        ("insta: bluebell_makes", "bluebell"),
        ("@bluebellmakes on there", "bluebell"),
        ("<@U02ABCDEF> asked", "u02"),
        ("ring 07700 900123 any time", "900123"),
        ("ring +44 (0)121 496 0000", "496"),
        ("we are at DY1 2AB", "dy1"),
        ("12 acacia avenue is where we are", "acacia"),
        ("we are on acacia avenue", "acacia"),
        ("unit 4b is ours", "4b"),
        ("company number 01234567", "01234567"),
        ("VAT GB123456789 is ours", "123456789"),
        ("company SC123456 is ours", "sc123456"),
        ("turnover is £1,250,000", "250"),
        ("it costs 20k", "20k"),
        ("two hundred thousand pounds it costs", "thousand"),
        ("14 of us work here", "14"),
        ("born 12/03/1970 I was", "1970"),
    ],
)
def test_nothing_that_leads_to_a_person_or_a_firm_is_kept(said: str, secret: str) -> None:
    for text in (f"{said}, {ASKS}", f"{said} {ASKS}", f"we need more room for the ovens. {said}"):
        kept = mask(text)
        assert kept is None or secret not in kept.casefold(), text


def test_shouting_hides_no_name_that_stands_where_names_stand() -> None:
    kept = mask("MY NAME IS MARK SMITH AND WE NEED A GRANT FOR AN OVEN")

    assert kept is not None
    assert "MARK" not in kept
    assert "SMITH" not in kept
    assert "WE NEED A GRANT FOR AN OVEN" in kept


@pytest.mark.parametrize("ending", ["thanks mark", "Cheers, Rose", "regards will smith", "Thanks\nMark"])
def test_who_signs_is_not_kept(ending: str) -> None:
    kept = mask(f"we want to sell our cheese in other countries. {ending}")

    assert kept is not None
    assert kept.startswith("we want to sell our cheese in other countries.")
    assert kept.endswith("[name]")


@pytest.mark.parametrize(
    "plain",
    [
        "we want to sell our cheese in other countries",
        "We need a Grant for our Bakery",
        "thanks very much for that, what next",
        "I called the bank about a loan and they said no",
        "what's our carbon footprint then?",
        "is a KTP or SEIS right for us in April?",
        "we'd like to sell to Germany on Amazon",
        "will there be a grant in May",
        "who'd pay for solar panels on the roof (and when)?",
    ],
)
def test_what_names_nobody_is_kept_as_it_was_said(plain: str) -> None:
    assert mask(plain) == plain


def test_places_and_sums_found_by_others_go_too() -> None:
    said = "we make bread in hope under dinmore for a mint"

    assert mask(said, [(17, 35, "place"), (40, 46, "sum")]) == "we make bread in [place] for [sum]"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "   ",
        "\x00",
        "\ud800",
        "😀😀",
        "14",
        "Dudley",
        "thanks mark",
        "Dave Smith",
        "Chcemy sprzedawać nasze pierogi w Wielkiej Brytanii",
        "a" * 100_000,
        "my wife has cancer and we cannot work",
        "they say I am a muslim so no loan for us",
    ],
)
def test_what_cannot_be_made_safe_is_not_kept_at_all(said: str) -> None:
    assert mask(said) is None


def test_a_page_is_cut_at_a_word_and_no_mask_is_cut() -> None:
    kept = mask("we need help with wozniak ovens " * 10_000)

    assert kept is not None
    assert len(kept) <= LONGEST
    assert re.fullmatch(r"(?:we|need|help|with|ovens|\[word\]|\s)+", kept)


def test_brackets_that_an_owner_types_are_no_masks() -> None:
    assert mask("[name] we need [company] money for the shop") == "name we need company money for the shop"


def test_a_masked_message_can_be_read_aloud() -> None:
    said = spoken("[name] from [company] in [place], ring me on [contact] about [number] ovens for [sum]")

    assert said == "Sam from our firm in our town, ring me on about 12 ovens for some money"


def test_every_mask_has_its_stand_in_and_no_stand_in_is_a_mask() -> None:
    assert all(MASK.fullmatch(each) for each in STAND_INS)
    assert not any(MASK.search(each) for each in STAND_INS.values())


FRAGMENTS = st.sampled_from(
    [
        *(
            "my name is",
            "Dave",
            "mark",
            "Ltd",
            "ltd",
            "&",
            "and",
            "we",
            "need",
            "a",
            "grant",
            "called",
            "i'm",
        ),
        *("£", "12", "@", "www.", "Wozniak", "thanks", ",", ".", "\n", "07700 900123", "DY1 2AB", "oven"),
        *("Green", "Field", "'", "-", "é", "ß"),
    ]
)


@settings(deadline=None, max_examples=300, print_blob=True)
@given(st.one_of(st.text(max_size=300), st.lists(FRAGMENTS, max_size=40).map(" ".join)))
def test_whatever_is_typed_only_plain_words_and_masks_are_kept(text: str) -> None:
    kept = mask(text)

    if kept is not None:
        assert 0 < len(kept) <= LONGEST
        left = MASK.sub(" ", kept)
        assert not re.search(r"[\d@#<>_\[\]\\£€$]", left)
        for word in re.findall(r"[^\W\d_]+(?:['’&-][^\W\d_]+)*", left):
            assert tables().plain(word), word


@settings(deadline=None, max_examples=200, print_blob=True)
@given(
    st.text(alphabet="bcdfgjkqvwxz", min_size=4, max_size=12).filter(lambda word: not tables().plain(word)),
    st.sampled_from(["{} here, ", "we met {} and ", "the {} people say ", "", "for {}: "]),
)
def test_a_word_we_do_not_know_is_never_kept(word: str, around: str) -> None:
    kept = mask(f"{around.format(word)}we need a grant for {word} ovens in the shop")

    assert kept is not None
    assert word not in kept
