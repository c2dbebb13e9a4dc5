"""What a message does and which needs it asks for."""

from __future__ import annotations

import numpy as np
import pytest

from bot.rasa.clauses import clauses, cut_at_facts, is_list, tidy, words
from bot.rasa.examples import Example, Vectors, bearing
from bot.rasa.features import logit, need_features
from bot.rasa.learning import LearningError, learn
from bot.rasa.reader import ModelError, Reader, choose, heard
from tests.sealed.messages import examples


def needs(reading):
    return {need for need, _ in reading.needs}


@pytest.mark.parametrize(
    "answer", ["14", "£2m", "12 people", "about 30", "Dudley", "ltd", "20k", "3.5 million"]
)
def test_a_short_answer_to_a_question_is_a_fact_about_the_business(reader, answer):
    assert reader.read(answer).act == "give_profile"


@pytest.mark.parametrize(
    ("said", "act"), [("yes", "affirm"), ("Nope", "deny"), ("hello", "greet"), ("Thanks!", "thanks")]
)
def test_a_word_of_courtesy_is_understood(reader, said, act):
    assert reader.read(said).act == act


def test_a_message_that_asks_for_two_things_names_both(reader):
    asked = "We would like to sell our jam overseas, and we need a loan for a bigger kitchen."

    assert needs(reader.read(asked)) >= {"export_markets", "finance"}


def test_a_description_of_a_need_names_at_least_one(reader):
    reading = reader.read("our gas bills are far too high")

    assert reading.act == "describe_need"
    assert needs(reading) == {"sustainability"}


def test_small_talk_names_no_need(reader):
    assert reader.read("thank you very much indeed").needs == ()


@pytest.mark.parametrize("text", ["what will the weather be like in Paris", "sing me a song about a dog"])
def test_what_no_adviser_could_answer_is_out_of_scope(reader, text):
    assert reader.read(text).act == "out_of_scope"


@pytest.mark.parametrize("text", ["", "   ", "\n", "!!!", "\x00", "😀😀", "…"])
def test_a_message_without_a_word_is_out_of_scope(reader, text):
    assert reader.read(text).act == "out_of_scope"


@pytest.mark.parametrize(
    "text", ["grant " * 200_000, "\ud800 grant", "g\x00rant", "'; drop table--", "a;" * 5000]
)
def test_no_text_can_break_the_reading(reader, text):
    reading = reader.read(text)

    assert 0 <= reading.confidence <= 1


def test_confidences_are_chances_and_the_ranking_is_short(reader):
    reading = reader.read("we need a grant to export and to save energy")

    assert len(reading.ranking) == 5
    assert reading.ranking[0] == (reading.act, reading.confidence)
    assert sum(chance for _, chance in reading.ranking) <= 1.001
    assert [c for _, c in reading.needs] == sorted((c for _, c in reading.needs), reverse=True)


def test_what_was_learned_reads_the_same_once_it_has_been_kept(reader, encoder, tmp_path):
    reader.save(tmp_path)
    kept = Reader.load(tmp_path, encoder)

    for text in ("we need a grant", "who won the match last night", "yes"):
        assert kept.read(text).act == reader.read(text).act
        assert needs(kept.read(text)) == needs(reader.read(text))


def test_a_model_made_with_another_encoder_is_refused(reader, tmp_path):
    class Other:
        fingerprint = "another"

    reader.save(tmp_path)

    with pytest.raises(ModelError, match="make train"):
        Reader.load(tmp_path, Other())


def test_a_folder_without_a_model_is_refused(encoder, tmp_path):
    with pytest.raises(ModelError, match="make train"):
        Reader.load(tmp_path, encoder)


def test_learning_from_nothing_says_what_is_missing(encoder, tmp_path):
    with pytest.raises(LearningError, match=r"data/.*at least two"):
        learn([], Vectors(encoder, tmp_path), encoder.fingerprint)


def test_learning_does_without_needs_and_without_out_of_scope(encoder, tmp_path):
    said = [example for example in examples() if example.act in ("greet", "thanks", "deny")]
    reader = Reader(*learn(said, Vectors(encoder, tmp_path), encoder.fingerprint), encoder)

    assert reader.read("hello to you").act == "greet"
    assert reader.read("the quarterly chlorophyll budget of a glacier").act == "out_of_scope"


def test_the_same_messages_teach_the_same(encoder, tmp_path):
    once, again = (
        learn(examples(), Vectors(encoder, tmp_path / str(n)), encoder.fingerprint) for n in (1, 2)
    )

    assert once[0] == again[0]
    assert all((once[1][name] == again[1][name]).all() for name in once[1])


def test_a_second_training_encodes_nothing_anew(encoder, tmp_path):
    vectors = Vectors(encoder, tmp_path)

    assert vectors.of(["one", "two", "one"])[1] == 2
    assert vectors.of(["two", "one"])[1] == 0


def test_a_spoilt_cache_of_vectors_is_made_again(encoder, tmp_path):
    vectors = Vectors(encoder, tmp_path)
    vectors.of(["one"])
    for file in tmp_path.iterdir():
        file.write_bytes(b"PK spoilt")

    assert vectors.of(["one"])[1] == 1


def test_only_acts_that_were_seen_with_needs_may_name_them():
    told = [
        Example("a", "describe_need", ("finance",)),
        Example("b", "ask_events", ()),
        Example("c", "refine"),
        Example("d", "greet"),
    ]

    assert bearing(told) == ("describe_need", "refine")


def test_a_clause_speaks_for_a_need_and_a_message_of_one_clause_speaks_for_itself():
    whole = np.asarray([[0.2, 0.6], [0.2, 0.6]])
    clauses = [np.asarray([[0.9, 0.1], [0.1, 0.1]]), np.empty((0, 2))]

    cut, uncut = need_features(whole, whole, clauses, clauses, np.asarray([True, False]))

    assert np.allclose(cut[:, 2], logit(np.asarray([0.9, 0.1])))
    assert np.allclose(cut[:, 5], cut[:, 2])
    assert np.allclose(uncut[:, 2], uncut[:, 0])
    assert np.allclose(uncut[:, 5], 0)


def test_the_likeliest_other_need_is_known_and_a_need_alone_has_none():
    (two,) = need_features(
        np.asarray([[0.2, 0.6]]),
        np.asarray([[0.2, 0.6]]),
        [np.empty((0, 2))] * 1,
        [np.empty((0, 2))],
        np.asarray([False]),
    )
    (one,) = need_features(
        np.asarray([[0.6]]), np.asarray([[0.6]]), [np.empty((0, 1))], [np.empty((0, 1))], np.asarray([False])
    )

    assert np.allclose(two[:, 4], logit(np.asarray([0.6, 0.2])))
    assert one[0, 4] < -10


def test_at_most_four_needs_are_named():
    assert choose(np.full((1, 16), 0.9), 0.5, 0.1, np.asarray([True])).sum() == 4


def test_the_best_need_is_named_when_none_is_sure_but_not_when_all_are_unlikely():
    chances = np.asarray([[0.1, 0.3, 0.2], [0.1, 0.2, 0.2], [0.1, 0.3, 0.2]])
    named = choose(chances, 0.5, 0.25, np.asarray([True, True, False]))

    assert named.tolist() == [[False, True, False], [False] * 3, [False] * 3]


def cut(text):
    return [text[start:end] for start, end in clauses(text)]


def test_a_message_is_cut_at_sentences_and_joining_words():
    assert cut("We make chairs. We need a loan and we want to export to Spain; any help?") == [
        "We make chairs.",
        "We need a loan",
        "we want to export to Spain",
        "any help?",
    ]
    assert cut("we need a loan") == []
    assert len(cut("we need a loan. " * 50)) == 10


@pytest.mark.parametrize(
    ("told", "points"),
    [
        ("a loan, exporting + solar", ["a loan", "exporting", "solar"]),
        ("client wants: premises / peers & training", ["client wants", "premises", "peers", "training"]),
        ("robots/software, no debt", ["robots", "software"]),
        ("50+ staff, R&D 24/7, turnover £1,200", ["50+ staff", "R&D 24/7", "turnover £1,200"]),
    ],
)
def test_a_list_of_needs_is_cut_at_its_marks_and_what_is_ruled_out_asks_for_nothing(told, points):
    assert cut(told) == points


def test_the_points_of_a_list_are_short_and_a_story_is_none():
    assert is_list(["a loan", "exporting", "train the managers"])
    assert not is_list(["a loan", "we have been making valves in Dudley for years"])
    assert not is_list([])


def test_a_strong_need_is_heard_behind_a_doubtful_courtesy_but_not_behind_a_sure_one():
    doubtful = {"thanks": 0.5, "describe_need": 0.2, "deny": 0.3}
    sure = {"thanks": 0.8, "describe_need": 0.1, "deny": 0.1}

    assert best(heard(doubtful, 0.9, 0.5)) == "describe_need"
    assert best(heard(doubtful, 0.4, 0.5)) == "thanks"
    assert best(heard(sure, 0.9, 0.5)) == "thanks"


def test_nothing_said_is_thrown_away_on_a_doubtful_wish_to_begin_again():
    assert best(heard({"restart": 0.7, "inform_progress": 0.3}, 0.0, 1.0)) == "inform_progress"
    assert best(heard({"restart": 0.9, "inform_progress": 0.1}, 0.0, 1.0)) == "restart"


def best(chances):
    return max(chances, key=chances.get)


def test_words_keep_figures_and_names_together():
    assert words("R&D costs £2.5m, we're ready!") == ["r&d", "costs", "2.5m", "we're", "ready"]


def test_control_characters_are_not_read():
    assert tidy("a\x00b\ud800c\nd") == "a b c\nd"


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("SME mfr 45 emps WV1 net zero", ["SME mfr", "45 emps", "WV1", "net zero"]),
        ("12 staff want training", ["12 staff", "want training"]),
        ("foundry B66 1AA energy bills", ["foundry", "B66 1AA", "energy bills"]),
        ("we want to export", ["we want to export"]),
        ("45 emps", ["45 emps"]),
        ("We have 45 staff in WV1 and sell B2B", ["We have 45 staff in WV1 and sell B2B"]),
        ("parts for the M6 and A4 paper, B2B", ["parts for the M6 and A4 paper, B2B"]),
        ("!!!", []),
    ],
)
def test_a_line_is_cut_at_the_size_and_the_postcode_in_it(line, pieces):
    assert cut_at_facts([line]) == pieces
