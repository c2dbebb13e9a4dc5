"""The yardstick's own sums, on cases small enough to work out by hand."""

from __future__ import annotations

from functools import partial

import pytest

from tests.understanding import scores
from tests.understanding.scores import Meaning, Pair, meaning


def pair(label: str, bot: str, confidence: float = 1.0) -> Pair:
    return Pair(Meaning(label), Meaning(bot, confidence=confidence))


def needs(label: str, bot: str) -> Pair:
    return Pair(Meaning("describe_need", frozenset(label)), Meaning("describe_need", frozenset(bot)))


def facts(label: dict, bot: dict) -> Pair:
    return Pair(Meaning("give_profile", facts=label), Meaning("give_profile", facts=bot))


def test_a_rare_act_weighs_as_much_as_a_common_one():
    said = [pair("thanks", "thanks")] * 3 + [pair("greet", "thanks")]

    assert scores.accuracy(said) == 0.75
    assert scores.macro_f1(said) == pytest.approx((6 / 7 + 0) / 2)


def test_a_need_missed_and_a_need_invented_both_cost():
    said = [needs("ab", "a"), needs("c", "cd"), needs("e", "e")]

    assert scores.needs_f1(said) == pytest.approx(2 * 3 / (4 + 4))
    assert scores.needs_exact(said) == pytest.approx(1 / 3)


def test_needs_are_read_as_names_or_with_their_confidence():
    sure = [{"need": "finance", "confidence": 0.9}]
    written = meaning({"act": "describe_need", "confidence": 0.7, "needs": sure})

    assert written.needs == meaning({"act": "describe_need", "needs": ["finance"]}).needs == {"finance"}
    assert written.confidence == 0.7


@pytest.mark.parametrize(
    ("fact", "label", "bot"),
    [
        ("place", "Dudley", "DUDLEY"),
        ("employees", 14, {"from": 14, "to": 14}),
        ("employees", {"from": 10, "to": 12}, {"to": 12, "from": 10.0}),
        ("amount", {"amount": 5000, "currency": "GBP"}, {"amount": 5000.0, "currency": "gbp"}),
        ("refuses", ["loan", "equity"], ["equity", "loan"]),
        ("legal_form", "sole_trader", "sole trader"),
    ],
)
def test_the_same_fact_written_another_way_is_right(fact, label, bot):
    assert scores.fact_right(fact, facts({fact: label}, {fact: bot}))


@pytest.mark.parametrize(
    ("fact", "label", "bot"),
    [
        ("place", "Dudley", "Dudley Port"),
        ("employees", {"from": 10, "to": 12}, 11),
        ("amount", {"amount": 5000, "currency": "GBP"}, {"amount": 5000, "currency": "EUR"}),
        ("deadline", "2027-03-31", "soon"),
        ("refuses", ["loan"], ["loan", "equity"]),
        ("employees", 14, "lots"),
    ],
)
def test_another_fact_or_no_fact_is_wrong(fact, label, bot):
    assert not scores.fact_right(fact, facts({fact: label}, {fact: bot}))


def test_a_fact_nobody_told_costs_precision_and_a_fact_not_heard_costs_recall():
    right, invented = facts({"employees": 4}, {"employees": 4}), facts({}, {"employees": 9})
    said = [right, right, invented, facts({"place": "Ribe"}, {})]

    assert scores.fact_precision(["employees"], said) == pytest.approx(2 / 3)
    assert scores.fact_recall(["employees"], said) == 1
    assert scores.fact_recall(["employees", "place"], said) == pytest.approx(2 / 3)
    assert scores.fact_precision(["place"], said) is None


def test_refusing_a_stray_and_losing_a_good_message_are_counted_apart():
    stray, kept = pair("out_of_scope", "out_of_scope"), pair("greet", "greet")
    said = [stray, pair("out_of_scope", "greet"), kept, kept, kept, pair("thanks", "out_of_scope")]

    assert scores.refused(said) == 0.5
    assert scores.lost(said) == 0.25


def test_the_acts_most_often_taken_for_another_come_first_and_right_ones_are_left_out():
    said = [pair("thanks", "goodbye")] * 2 + [pair("greet", "thanks"), pair("greet", "greet")]

    assert scores.confusions(said) == [("thanks", "goodbye", 2), ("greet", "thanks", 1)]
    assert scores.confusions(said, most=1) == [("thanks", "goodbye", 2)]


def test_two_labellers_who_agree_as_often_as_chance_would_have_no_kappa():
    chance = [pair("greet", "greet"), pair("greet", "deny"), pair("deny", "greet"), pair("deny", "deny")]
    opposed = [pair("greet", "deny"), pair("deny", "greet")]

    assert scores.kappa(chance) == pytest.approx(0)
    assert scores.kappa(chance[::3]) == pytest.approx(1)
    assert scores.kappa(opposed) == pytest.approx(-1)
    assert scores.kappa([pair("greet", "greet")] * 3) is None
    assert scores.kappa([]) is None


def test_latency_leaves_out_what_was_not_timed():
    times = [None, 0.002, 0.004, 0.006, 0.1]
    said = [Pair(Meaning("greet"), Meaning("greet", seconds=time)) for time in times]

    assert scores.latency(50, said) == pytest.approx(4)
    assert scores.latency(95, said) == pytest.approx(100)


def test_an_interval_holds_its_figure_and_is_the_same_each_time():
    said = [pair("greet", "greet")] * 30 + [pair("greet", "thanks")] * 10
    low, high = scores.interval(scores.accuracy, said)

    assert 0.55 < low < 0.75 < high < 0.92
    assert (low, high) == scores.interval(scores.accuracy, said)
    assert scores.interval(scores.accuracy, [pair("greet", "greet")] * 5) == (1.0, 1.0)


def test_nothing_to_measure_gives_no_figure():
    assert scores.accuracy([]) is None
    assert scores.interval(scores.accuracy, []) is None
    assert scores.interval(partial(scores.fact_recall, ["place"]), [pair("greet", "greet")]) is None
