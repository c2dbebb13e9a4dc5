"""How two labellers are held against each other, and what is said of labels that cannot be."""

from __future__ import annotations

import json

import pytest

from tests.benchmarks.figures import CannotMeasure
from tests.understanding import agreement, figures, measure


def label(name: str, act: str, *needs: str) -> dict:
    return {"id": name, "act": act, "needs": list(needs)}


FIRST = [label("a", "describe_need", "finance"), label("b", "greet"), label("c", "describe_need", "premises")]


def test_only_messages_labelled_by_both_count():
    pairs = agreement.both(FIRST, [label("b", "thanks"), label("a", "describe_need", "finance")])

    assert [(pair.label.act, pair.bot.act) for pair in pairs] == [
        ("describe_need", "describe_need"),
        ("greet", "thanks"),
    ]


def test_a_need_only_one_of_them_hears_costs_agreement_where_either_hears_one():
    pairs = agreement.both(
        FIRST[:2], [label("a", "describe_need", "finance"), label("b", "describe_need", "premises")]
    )
    found = {figure.name: figure for figure in figures.figures(agreement.rows(pairs))}

    assert found["needs, where either hear one: exact set"].value == 0.5
    assert found["needs, where both hear one: exact set"].value == 1
    assert found["needs, where both hear one: exact set"].count == 1


def test_labels_of_no_message_are_named_by_their_id():
    with pytest.raises(CannotMeasure, match="zzz"):
        agreement.both(FIRST, [label("zzz", "greet")])
    with pytest.raises(CannotMeasure, match="twice"):
        agreement.both(FIRST, [])


@pytest.mark.parametrize(
    "line",
    [
        "not JSON",
        "[]",
        "7",
        '{"text": "an example"}',
        '{"act": "greet", "needs": [1]}',
        '{"act": "greet"}\n{',
    ],
)
def test_a_line_that_is_no_label_is_named_by_its_number_and_never_quoted(tmp_path, line):
    file = tmp_path / "labels.jsonl"
    file.write_text(line + "\n")

    with pytest.raises(CannotMeasure, match=r"labels.jsonl, line [12]") as fault:
        measure.labels(file)
    assert "an example" not in str(fault.value)


def test_an_id_given_twice_an_empty_file_and_a_missing_one_are_refused(tmp_path):
    file = tmp_path / "labels.jsonl"
    file.write_text((json.dumps(label("a", "greet")) + "\n") * 2)
    with pytest.raises(CannotMeasure, match="the id a is there twice"):
        measure.labels(file)
    file.write_text("\n\n")
    with pytest.raises(CannotMeasure, match="holds no message"):
        measure.labels(file)
    with pytest.raises(CannotMeasure, match="cannot be read"):
        measure.labels(tmp_path / "missing.jsonl")


def test_messages_to_measure_on_need_words_and_get_an_id_where_they_have_none(tmp_path):
    file = tmp_path / "tuning.jsonl"
    file.write_text(json.dumps({"text": "an example", "act": "greet"}) + "\n")
    assert [raw["id"] for raw in measure.read(file)] == ["line-1"]
    file.write_text(json.dumps({"act": "greet"}) + "\n")
    with pytest.raises(CannotMeasure, match='no "text"'):
        measure.read(file)


@pytest.mark.parametrize(("told", "count"), [("1500", 1500), ("all", 0), ("100", 100)])
def test_the_size_of_a_comparison_is_a_number_or_all(told, count):
    assert measure.how_many(told) == count


@pytest.mark.parametrize("told", ["", "99", "-5", "many", "1e4", "½"])
def test_any_other_size_is_refused_with_the_way_out(told):
    with pytest.raises(Exception, match="1500"):
        measure.how_many(told)
