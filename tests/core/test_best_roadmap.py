"""The roadmap is the best there is by the stated order: held against looking at every set of steps."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.documents import LIMIT_REACHED, roadmap_document
from knowledge_base.roadmap import make, make_roadmap
from knowledge_base.roadmap.candidates import Pool
from knowledge_base.roadmap.choose import choose
from knowledge_base.roadmap.make import gather
from knowledge_base.roadmap.order import Ranking
from knowledge_base.roadmap.places import Seating
from knowledge_base.roadmap.prices import Pricing, Relaxed
from knowledge_base.roadmap.problem import Problem
from knowledge_base.roadmap.search import Search
from tests.core import exhaustive
from tests.core.builders import TODAY, business, catalogue, offer, resolve
from tests.core.busy_worlds import busy_world
from tests.core.full import examples
from tests.core.worlds import World, world

ROOT = Path(__file__).resolve().parents[2]
CHUNKS = 10
seeds = st.integers(0, 2**40)


def pool_of(given_: World) -> Pool:
    found = given_.catalogue()
    return gather(found, given_.needs, given_.profile, TODAY, resolve=resolve, turned_down=given_.turned_down)


def ranking_of(pool: Pool, given_: World, seed: int) -> Ranking:
    """Half of the businesses said something that is nearer to some offers, some asked for the cheaper."""
    chance = Random(seed)
    near = {each.id: chance.random() for each in given_.offers} if chance.random() < 0.5 else None
    wish = (
        {each.id: chance.choice([0.0, 0.5, 1.0]) for each in given_.offers} if chance.random() < 0.2 else None
    )
    return Ranking(pool, near, wish)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_roadmap_of_a_small_catalogue_is_the_best_of_all_there_could_be(chunk: int) -> None:
    for seed in range(chunk, examples(2000, 300), CHUNKS):
        given_ = busy_world(seed) if seed % 4 else world(seed)
        pool = pool_of(given_)
        found = choose(pool, ranking_of(pool, given_, seed))

        assert found.proven, seed
        assert found.seats == exhaustive.best(pool, ranking_of(pool, given_, seed)), f"seed {seed}"


@settings(max_examples=examples(400, 60), deadline=None)
@given(seeds)
def test_the_best_roadmap_that_holds_a_given_offer_is_found_as_well(seed: int) -> None:
    given_ = busy_world(seed, most=8)
    pool = pool_of(given_)
    for id in pool.candidates:
        found = choose(pool, Ranking(pool), forced=id)

        assert found.seats == exhaustive.best(pool, Ranking(pool), holding=id), (seed, id)


@settings(max_examples=examples(300, 60), deadline=None)
@given(seeds)
def test_prices_solved_for_change_the_work_and_never_the_answer(seed: int) -> None:
    given_ = busy_world(seed, most=12)
    pool = pool_of(given_)
    plain = choose(pool, Ranking(pool))
    problem = Problem.of(Seating(pool, Ranking(pool)))
    search = Search(problem)
    search.solving = 7
    search._begin(None)
    search._look()  # every turn with solved prices, as the hardest questions have them

    assert search.seats == plain.seats


@settings(max_examples=examples(300, 60), deadline=None)
@given(seeds)
def test_no_option_is_cheaper_than_the_prices_of_what_it_fills(seed: int) -> None:
    pool = pool_of(busy_world(seed, most=12))
    problem = Problem.of(Seating(pool, Ranking(pool)))
    every = list(range(len(problem.weights)))
    options = [(each.cost, each.places) for each in problem.options]
    found = Pricing().prices(Relaxed(problem.weights, options, every, 7, problem.fine))

    for each in problem.options:
        assert sum(found.places[number] for number in each.places) <= each.cost + found.toll
    assert all(0 <= price <= most for price, most in zip(found.places, problem.weights, strict=True))


@settings(max_examples=examples(300, 60), deadline=None)
@given(seeds, seeds)
def test_the_numbers_the_search_compares_order_roadmaps_as_the_stated_order_does(
    seed: int, other: int
) -> None:
    given_ = busy_world(seed)
    pool = pool_of(given_)
    seating = Seating(pool, Ranking(pool))
    search = Search(Problem.of(seating))
    search.run()
    best = seating.score(search.seats)
    chance = Random(other)
    allowed = list(exhaustive.allowed(pool))
    ways = [seats for chosen in chance.sample(allowed, min(12, len(allowed)))
            for seats in exhaustive.seated(pool, seating, chosen)]  # fmt: skip

    assert all(best <= seating.score(seats) for seats in ways)


def many_alike(count: int = 60) -> list:
    """Offers that differ in little, each for a few needs: hard to choose from."""
    chance = Random(1)
    needs = ["finance", "premises", "export_markets", "scale_up", "sustainability", "digital_adoption",
             "skills_leadership", "customer_insight", "product_development"]  # fmt: skip
    return [
        offer(f"o-{number:02}", chance.choice(["advice", "training"]), needs=tuple(chance.sample(needs, 2)))
        for number in range(count)
    ], needs


def test_a_search_that_ends_at_its_limit_of_work_says_so_and_gives_a_roadmap_all_the_same() -> None:
    offers, needs = many_alike()
    pool = gather(catalogue(*offers), needs, business(place="Dudley"), TODAY, resolve=resolve)
    found = choose(pool, Ranking(pool), most_work=10)

    assert not found.proven
    assert found.seats
    assert found == choose(pool, Ranking(pool), most_work=10)


def test_a_roadmap_that_may_not_be_the_best_says_so_and_any_other_says_nothing(monkeypatch) -> None:
    offers, needs = many_alike()
    firm = business(place="Dudley")
    best = roadmap_document(make_roadmap(catalogue(*offers), needs, firm, TODAY, resolve=resolve))
    monkeypatch.setattr(make, "choose", partial(choose, most_work=10))
    hurried = roadmap_document(make_roadmap(catalogue(*offers), needs, firm, TODAY, resolve=resolve))

    assert "limit_reached" not in best
    assert hurried["limit_reached"] == LIMIT_REACHED


SAME = """
from tests.core.busy_worlds import busy_world
from tests.core.worlds import world
from tests.core.builders import TODAY, resolve
from knowledge_base.documents import canonical_json, roadmap_document
from knowledge_base.roadmap import make, make_roadmap
import hashlib
said = hashlib.sha256()
for seed in range(40):
    for made in (busy_world(seed), world(seed)):
        roadmap = make_roadmap(made.catalogue(), made.needs, made.profile, TODAY, resolve=resolve)
        said.update(canonical_json(roadmap_document(roadmap)).encode())
print(said.hexdigest())
"""


def test_the_same_question_gets_the_same_bytes_in_every_process_whatever_its_hash_seed() -> None:
    answers = set()
    for seed in ("0", "1", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", SAME],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        answers.add(done.stdout)

    assert len(answers) == 1
