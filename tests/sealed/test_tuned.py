"""The encoder tuned on our own messages: where it comes from, and what it was never shown."""

from __future__ import annotations

import json

import pytest

from bot.rasa.build_encoder import TUNED, place_tuned
from bot.rasa.examples import is_aside, set_aside
from bot.rasa.tuning.lessons import lessons
from bot.rasa.understanding import ROOT
from knowledge_base.encoder import Encoder, EncoderError, sha256

MESSAGES = """version: "3.1"
nlu:
- intent: describe_need
  examples:
{needs}
- intent: out_of_scope
  examples:
  - text: who won the cup in 1966
- intent: ask_definition
  examples:
  - text: what is a patent
    metadata:
      needs: []
"""


@pytest.fixture
def data(tmp_path):
    needs = "\n".join(
        f"  - text: press number {n} jams\n    metadata:\n      needs: [process_improvement]"
        for n in range(60)
    )
    (tmp_path / "need").mkdir()
    (tmp_path / "need" / "examples.yml").write_text(MESSAGES.format(needs=needs))
    return tmp_path


def test_the_kept_encoder_is_small_enough_and_the_one_that_is_named():
    meta = json.loads((TUNED / "meta.json").read_text())

    assert (TUNED / "model.onnx").stat().st_size <= 25_000_000
    assert sha256(TUNED / "model.onnx") == meta["sha256"]


def test_the_tuned_encoder_gives_two_vectors_of_unit_length(tmp_path):
    assert place_tuned(tmp_path)
    assert not place_tuned(tmp_path)

    (row,) = Encoder.load(tmp_path).encode(["by the time the paint is dry"])

    assert row.shape == (768,)
    assert (row[:384] ** 2).sum() == pytest.approx(1, abs=1e-4)
    assert (row[384:] ** 2).sum() == pytest.approx(1, abs=1e-4)


def test_a_clause_is_read_within_its_message_and_costs_no_second_reading(tmp_path):
    place_tuned(tmp_path)
    encoder = Encoder.load(tmp_path)
    told = "We are fourteen in Dudley. Half the paint ends on the floor."
    read = encoder.read(told)

    facts, worry = read.of([(0, 26)]), read.of([(27, len(told))])
    together = read.of([(0, 26), (27, len(told))])

    assert (read.whole == encoder.encode([told])[0]).all()
    assert len(read.states) == len(read.offsets)
    assert (worry[:384] ** 2).sum() == pytest.approx(1, abs=1e-4)
    assert float(facts @ worry) < float(together @ worry)


def test_a_clause_beyond_the_encoders_reach_is_read_by_itself(tmp_path):
    place_tuned(tmp_path)
    encoder = Encoder.load(tmp_path)
    told = "the lorry was late again, " * 40 + "who pays for a new one?"
    asked = told.index("who pays")

    row = encoder.read(told).of([(asked, len(told))])

    assert (row == encoder.encode(["who pays for a new one?"])[0]).all()


def test_an_encoder_that_tells_no_states_reads_each_clause_by_itself(encoder):
    told = "We need a loan, and a bigger unit"

    row = encoder.read(told).of([(0, 14)])

    assert (row == encoder.encode(["We need a loan"])[0]).all()


def test_a_spoilt_kept_encoder_is_refused(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"spoilt")
    (tmp_path / "meta.json").write_text('{"sha256": "another"}')

    with pytest.raises(EncoderError, match="make tune"):
        place_tuned(tmp_path / "out", kept=tmp_path)


def test_a_missing_kept_encoder_says_how_to_make_it(tmp_path):
    with pytest.raises(EncoderError, match="make tune"):
        place_tuned(tmp_path / "out", kept=tmp_path)


def test_the_encoder_is_never_tuned_on_what_is_set_aside(data):
    taught = {lesson.text for lesson in lessons(data)}
    every = {f"press number {n} jams" for n in range(60)}

    assert not any(is_aside(text) for text in taught)
    assert {text for text in every if not is_aside(text)} <= taught
    assert every - taught


def test_strangers_ask_for_nothing_and_questions_about_words_teach_no_needs(data):
    needs = {lesson.act: lesson.needs for lesson in lessons(data)}

    assert needs["describe_need"] == ("process_improvement",)
    assert needs.get("out_of_scope", ()) == ()
    assert needs.get("ask_definition") is None


def test_messages_set_aside_are_for_choices_alone(tmp_path):
    file = tmp_path / "aside.jsonl"
    file.write_text(
        '{"text": "our oven is too small", "act": "describe_need", "needs": ["scale_up"], "facts": {}}\n'
        '{"text": "ta", "act": "thanks", "needs": []}\n'
    )

    first, second = set_aside(file)

    assert (first.needs, second.needs) == (("scale_up",), None)
    assert first.for_choice
    assert second.for_choice


def test_without_messages_set_aside_nothing_breaks(tmp_path):
    assert set_aside(tmp_path / "none.jsonl") == []


def test_no_message_set_aside_is_also_learned_from():
    learned = {" ".join(lesson.text.lower().split()) for lesson in lessons(ROOT / "data")}
    kept = {" ".join(each.text.lower().split()) for each in set_aside(ROOT / "data/set_aside/messages.jsonl")}

    # A greeting of two words will always be in both; nothing is chosen by that.
    assert not {text for text in kept & learned if len(text.split()) > 3}
