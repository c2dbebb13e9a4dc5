"""What was not understood is seen by meaning, and handed to training without repeating what is there."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.store.unheard import Unheard
from knowledge_base.unheard import noticing
from knowledge_base.unheard.clusters import clusters, newest
from knowledge_base.unheard.copies_check import pairs_in
from knowledge_base.unheard.curating import BadLabel, check_label
from knowledge_base.unheard.near_copies import near_copies
from knowledge_base.unheard.training_files import (
    BadTrainingFile,
    Example,
    read_examples,
    read_file,
    write_file,
)
from tests.encoder import need_encoder

DAY = date(2026, 11, 21)


def unheard(text: str, id: str = "", act: str = "out_of_scope", needs: tuple[str, ...] = ()) -> Unheard:
    return Unheard(id or text, text, noticing.UNSURE, act, 0.4, needs, DAY)


# --- by meaning


def test_messages_that_mean_the_same_are_one_cluster_and_the_largest_comes_first() -> None:
    need_encoder()
    from knowledge_base.encoder import Encoder
    from knowledge_base.services import ENCODER

    said = [
        "who can test why our bottles burst",
        "our bottles keep bursting, can somebody test the glass",
        "bottles burst in the crate, who tests glass bottles",
        "is there a tax on kites",
    ]
    messages = newest([unheard(text) for text in said])

    found = clusters(messages, Encoder.load(ENCODER).encode([each.text for each in messages]))

    assert [len(cluster.members) for cluster in found] == [3, 1]
    assert "kites" in found[1].central.text


def test_the_most_central_message_stands_for_its_cluster() -> None:
    near = np.asarray([[1.0, 0.0], [0.9, 0.436], [0.62, 0.785]], dtype=np.float32)

    (cluster,) = clusters([unheard("left"), unheard("middle"), unheard("right")], near, near=0.5)

    assert cluster.central.text == "middle"


def test_two_that_are_far_apart_are_never_put_together_by_one_between_them() -> None:
    between = np.asarray([[1.0, 0.0], [0.707, 0.707], [0.0, 1.0]], dtype=np.float32)

    found = clusters([unheard("a"), unheard("b"), unheard("c")], between, near=0.6)

    assert sorted(len(cluster.members) for cluster in found) == [1, 2]


def test_a_cluster_says_what_the_model_took_its_messages_for() -> None:
    same = np.ones((3, 1), dtype=np.float32)
    (cluster,) = clusters(
        [unheard("a", act="thanks"), unheard("b", needs=("finance",)), unheard("c", needs=("finance",))], same
    )

    assert cluster.acts == [("out_of_scope", 2), ("thanks", 1)]
    assert cluster.needs == [("finance", 2)]


def test_nothing_unheard_makes_no_cluster() -> None:
    assert clusters([], np.zeros((0, 384), dtype=np.float32)) == []
    assert newest([]) == []


@settings(deadline=None, max_examples=60, print_blob=True)
@given(st.integers(0, 10_000), st.integers(1, 40))
def test_the_order_in_which_messages_come_changes_no_cluster_and_none_is_lost(seed: int, count: int) -> None:
    dice = np.random.default_rng(seed)
    vectors = {f"message {n}": dice.normal(size=4) for n in range(count)}
    messages = [unheard(text) for text in vectors]
    shuffled = random.Random(seed).sample(messages, count)

    def made(some: list[Unheard]) -> list[list[str]]:
        ordered = newest(some)
        rows = np.asarray([vectors[m.text] / np.linalg.norm(vectors[m.text]) for m in ordered])
        found = clusters(ordered, rows, near=0.6)
        for cluster in found:
            places = [ordered.index(member) for member in cluster.members]
            assert (rows[places] @ rows[places].T >= 0.6 - 1e-9).all()
        return [[member.text for member in cluster.members] for cluster in found]

    assert made(messages) == made(shuffled)
    assert sorted(text for cluster in made(messages) for text in cluster) == sorted(vectors)


# --- near copies


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("We need a loan.", "we need a loan"),
        ("yes", "Yes!"),
        ("👍", "👍"),
        ("it's for a new oven", "It’s for a new oven"),
        (
            "we make chairs in a small shed and want to sell them abroad next year",
            "we make chairs in a small shed and want to sell them abroad this year",
        ),
    ],
)
def test_the_same_words_and_nearly_the_same_words_are_copies(first: str, second: str) -> None:
    assert [(copy.first, copy.second) for copy in near_copies([first, second])] == [(0, 1)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("we need a loan", "we need a grant"),
        ("👍", "👎"),
        ("12", "14"),
        ("we make chairs and want to sell them abroad", "we make tables and want to sell them at home"),
        ("", "hello"),
    ],
)
def test_other_words_are_no_copies(first: str, second: str) -> None:
    assert list(near_copies([first, second])) == []


@settings(deadline=None, max_examples=100, print_blob=True)
@given(st.lists(st.lists(st.sampled_from("abcd"), max_size=9).map(" ".join), max_size=12))
def test_the_index_finds_what_looking_at_every_pair_finds(texts: list[str]) -> None:
    def rows(text: str) -> set[tuple[str, ...]]:
        words = text.split()
        return {tuple(words[n : n + 5]) for n in range(len(words) - 4)}

    def alike(one: str, other: str) -> bool:
        if one == other:
            return True
        union = rows(one) | rows(other)
        return bool(union) and len(rows(one) & rows(other)) / len(union) >= 0.5

    expected = [n for n, text in enumerate(texts) if any(alike(text, before) for before in texts[:n])]

    assert [copy.second for copy in near_copies(texts)] == expected


def test_the_same_words_with_two_labels_are_named_with_both_places(tmp_path: Path) -> None:
    write_file(
        tmp_path / "a.yml", "describe_need", [Example("we need a loan", "describe_need", ("finance",))]
    )
    write_file(tmp_path / "b.yml", "greet", [Example("hello", "greet"), Example("We need a loan!", "greet")])

    (pair,) = pairs_in(tmp_path)

    assert pair.contradicts
    assert not pair.is_repeat
    assert pair.words(tmp_path).startswith("b.yml, message 2 says the same as a.yml, message 1, and they are")


# --- files


@settings(deadline=None, max_examples=60, print_blob=True)
@given(
    st.lists(
        st.tuples(
            st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])),
            st.booleans(),
        ),
        max_size=6,
    )
)
def test_what_is_written_to_learn_from_is_read_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, bool]]
) -> None:
    file = tmp_path_factory.mktemp("heard") / "describe_need.yml"
    examples = [
        Example(
            " ".join(text.split()), "describe_need", ("finance", "premises") if needy else (), f"{n:010x}"
        )
        for n, (text, needy) in enumerate(said)
        if text.split()
    ]
    write_file(file, "describe_need", examples)

    read = list(read_file(file)) if file.exists() else []

    assert [(e.text, e.act, e.needs, e.heard) for e in read] == [
        (e.text, e.act, e.needs, e.heard) for e in examples
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("nlu: [", "no YAML"),
        ("nlu: 5", "`nlu` is not a list"),
        ("nlu:\n- intent: greet\n  examples:\n  - 5", 'no "text"'),
        (
            "nlu:\n- intent: greet\n  examples:\n  - {text: hi, metadata: {needs: finance}}",
            "not a list of needs",
        ),
        ("nlu:\n- intent: greet\n  examples:\n  - {text: hi, metadata: 3}", "names and values"),
    ],
)
def test_a_file_that_cannot_be_learned_from_is_named(tmp_path: Path, content: str, fault: str) -> None:
    (tmp_path / "odd.yml").write_text(content, encoding="utf-8")

    with pytest.raises(BadTrainingFile, match=rf"odd.yml.*{fault}"):
        list(read_examples(tmp_path))


def test_messages_in_rasas_own_short_form_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "short.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hi\n    - hello\n'
    )

    assert [(e.text, e.act, e.needs) for e in read_examples(tmp_path)] == [
        ("hi", "greet", None),
        ("hello", "greet", None),
    ]


# --- labels, and when a message counts


@pytest.mark.parametrize(
    ("act", "needs", "why"),
    [
        ("nonsense", (), "no act; the acts are describe_need"),
        ("describe_need", (), "at least one need"),
        ("describe_need", ("money",), "no need; the needs are understand_innovation"),
        ("thanks", ("finance",), "asks for nothing"),
    ],
)
def test_a_label_that_cannot_be_is_refused_with_the_way_out(
    act: str, needs: tuple[str, ...], why: str
) -> None:
    with pytest.raises(BadLabel, match=why):
        check_label(act, needs)


@pytest.mark.parametrize(
    ("act", "confidence", "answered", "why"),
    [
        ("out_of_scope", 0.99, False, noticing.OUT_OF_SCOPE),
        ("describe_need", 0.49, False, noticing.UNSURE),
        ("describe_need", 0.5, False, None),
        ("out_of_scope", 0.99, True, None),
        ("privacy_request", 0.1, False, None),
        ("talk_to_human", 0.1, False, None),
    ],
)
def test_what_counts_as_not_understood(act: str, confidence: float, answered: bool, why: str | None) -> None:
    assert noticing.why_unheard(act, confidence, answered) == why


@pytest.mark.parametrize(
    "said",
    [
        "that's not what I asked",
        "you misunderstood me",
        "I said something else",
        "you haven't understood",
        "wrong end of the stick",
    ],
)
def test_a_complaint_that_we_misunderstood_is_one(said: str) -> None:
    assert noticing.complains_of_us(said)


@pytest.mark.parametrize("said", ["brilliant, thanks", "too slow", "the page is ugly", ""])
def test_another_complaint_says_nothing_about_our_understanding(said: str) -> None:
    assert not noticing.complains_of_us(said)


@pytest.mark.parametrize(
    "said",
    [
        "do not learn from my words",
        "Don’t keep what I say",
        "don't use my messages to train anything",
        "I opt out",
        "stop learning from me",
    ],
)
def test_who_wants_nothing_learned_from_their_words_is_heard(said: str) -> None:
    assert noticing.refuses_keeping(said)


@pytest.mark.parametrize(
    "said",
    [
        "I don't want to learn Excel",
        "we keep hens",
        "how do we keep our staff",
        "stop losing money",
        "don't know",
        "we can't keep up",
    ],
)
def test_talk_of_keeping_other_things_is_no_refusal(said: str) -> None:
    assert not noticing.refuses_keeping(said)
