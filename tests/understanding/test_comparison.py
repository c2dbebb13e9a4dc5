"""The comparison with stock Rasa: the same messages for both, and what stock answers read in its favour."""

from __future__ import annotations

import json
from collections import Counter

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.understanding import figures, measure, report, stock, training_messages
from tests.understanding.figures import Figure
from tests.understanding.training_messages import Taught

EXAMPLES = [
    *(Taught(f"example loan {n}", "describe_need", {"needs": ["finance"]}) for n in range(60)),
    *(Taught(f"example both {n}", "describe_need", {"needs": ["start_up", "finance"]}) for n in range(30)),
    *(Taught(f"example hello {n}", "greet") for n in range(10)),
]


def answer(act: str | None, confidence: float, *ranking: tuple[str, float]) -> dict:
    return {"act": act, "confidence": confidence, "ranking": list(ranking), "seconds": 0.01}


def test_a_sample_keeps_each_act_and_each_set_of_needs_by_its_share_and_is_the_same_each_time():
    chosen = training_messages.sample(EXAMPLES, 20)

    assert Counter((each.act, each.needs) for each in chosen) == {
        ("describe_need", ("finance",)): 12,
        ("describe_need", ("finance", "start_up")): 6,
        ("greet", ()): 2,
    }
    assert chosen == training_messages.sample(EXAMPLES, 20)


@settings(deadline=None, print_blob=True)
@given(count=st.integers(1, 130))
def test_a_sample_never_holds_a_message_twice(count):
    chosen = training_messages.sample(EXAMPLES, count)

    assert len(chosen) == len({each.text for each in chosen}) == min(count, len(EXAMPLES))


def test_all_messages_are_taken_where_no_number_is_given():
    assert training_messages.sample(EXAMPLES, None) == EXAMPLES


def test_both_learn_from_one_file_and_stock_hears_several_needs_as_one_intent(tmp_path):
    training_messages.write(training_messages.by_act(EXAMPLES), tmp_path / "acts.yml")
    training_messages.write(training_messages.by_needs(EXAMPLES), tmp_path / "needs.yml")

    acts, needs = (_intents(tmp_path / name) for name in ("acts.yml", "needs.yml"))
    assert acts == {"describe_need": 90, "greet": 10}
    assert needs == {"finance": 60, "finance+start_up": 30}


def test_training_messages_are_read_with_what_is_told_of_them_and_brackets_make_no_entity(tmp_path):
    told = {"text": "an [example](place)\n", "metadata": {"needs": ["finance"]}}
    blocks = [
        {"intent": "describe_need", "examples": [told]},
        {"intent": "greet", "examples": "- hi\n- hello\n"},
    ]
    (tmp_path / "one.yml").write_text(yaml.safe_dump({"nlu": blocks, "rules": []}))
    (tmp_path / "empty.yml").write_text("")

    found = training_messages.taught(tmp_path)
    assert [(each.act, each.needs) for each in found] == [
        ("describe_need", ("finance",)),
        ("greet", ()),
        ("greet", ()),
    ]
    training_messages.write(training_messages.by_act(found), tmp_path / "out.yml")
    assert "[example]" not in (tmp_path / "out.yml").read_text()


def test_a_fallback_of_stock_counts_as_a_refusal():
    read = stock.meaning_of_stock(answer("nlu_fallback", 0.7), answer("finance", 0.9, ("finance", 0.9)))

    assert read.act == "out_of_scope"


def test_a_need_of_stock_is_as_sure_as_all_the_sets_that_hold_it():
    sets = (("finance+start_up", 0.5), ("finance", 0.3), ("premises", 0.1))
    read = stock.meaning_of_stock(answer("describe_need", 0.9), answer("finance+start_up", 0.5, *sets))

    assert read.needs == {"finance", "start_up"}
    assert read.sure == {"finance": pytest.approx(0.8), "start_up": pytest.approx(0.5)}


def test_stock_that_names_no_set_names_no_need():
    assert stock.meaning_of_stock(answer(None, 0.0), answer(None, 0.0)).needs == frozenset()


def test_the_table_shows_the_bot_beside_each_pipeline_and_a_dash_where_one_has_no_figure():
    rows = report.table(_document(0.9, "messages"), _kept("messages"))

    assert "stock, 1,500" in rows[0]
    assert "0.900 (0.850 – 0.950)" in rows[1]
    assert "0.600 (0.550 – 0.650)" in rows[1]
    training = next(row for row in rows if row.startswith("training, s"))
    assert "–" in training
    assert "343" in training


def test_a_comparison_on_other_messages_says_so():
    assert "EARLIER" in report.screen(_document(0.9, "now"), _kept("before"))
    assert "EARLIER" not in report.screen(_document(0.9, "now"), _kept("now"))
    assert "STOCK=1500" in report.screen(_document(0.9, "now"), None)


def test_the_page_is_written_from_what_was_kept_and_holds_confusions_by_label_alone(tmp_path):
    report.keep(_kept("messages"), tmp_path / "stock.json")

    page = report.markdown(_document(0.9, "messages"), report.kept_comparison(tmp_path / "stock.json"))
    assert "| acts: macro-F1 | 0.900 (0.850 – 0.950) | 0.600 (0.550 – 0.650) | 20 |" in page
    assert "- greet taken for thanks: 2" in page


@pytest.mark.parametrize("spoiled", ["", "{", "[]", '{"systems": []}', '{"systems": [{"name": "stock"}]}'])
def test_a_comparison_that_cannot_be_read_is_none(tmp_path, spoiled):
    (tmp_path / "stock.json").write_text(spoiled)

    assert report.kept_comparison(tmp_path / "stock.json") is None
    assert report.kept_comparison(tmp_path / "missing.json") is None


def test_a_figure_reads_back_as_it_was_kept():
    figure = Figure("acts: macro-F1", 0.5, 0.25, 0.75, 20)

    assert figures.read_back(json.loads(json.dumps(figure.as_dict()))) == figure


def _intents(path):
    blocks = yaml.safe_load(path.read_text())["nlu"]
    return {block["intent"]: len(block["examples"]) for block in blocks}


def _document(macro: float, messages: str) -> dict:
    return {
        "on": "2026-11-22",
        "command": "make understanding",
        "load": 0.5,
        "first_answer_s": 1.0,
        "messages": {"file": "messages.jsonl", "count": 20, "sha256": messages},
        "figures": [Figure("acts: macro-F1", macro, macro - 0.05, macro + 0.05, 20).as_dict()],
        "reliability": {"acts": [bin_of_nine_tenths()], "needs": []},
        "confusions": [["greet", "thanks", 2]],
    }


def bin_of_nine_tenths() -> dict:
    return {"low": 0.9, "high": 1.0, "said": 0.95, "right": 0.9, "count": 20}


def _kept(messages: str) -> dict:
    system = {**_document(0.6, messages), "name": "stock", "how": "an example"}
    system["figures"].append(Figure("training, s", 343.0).as_dict())
    return {
        **_document(0.6, messages),
        "trained_on": 1500,
        "of": 13000,
        "load": [0.5, 0.6],
        "systems": [system],
    }


def test_a_file_of_messages_that_is_not_there_is_named_with_a_way_out(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        measure.main(["--messages", str(tmp_path / "missing.jsonl")])

    said = capsys.readouterr().err
    assert stopped.value.code == 2
    assert "missing.jsonl" in said
    assert "leave --messages out" in said
