"""Small random catalogues in which there is much to choose from: nearly every offer may be used."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

from knowledge_base.records import Amount, Offer, Window
from tests.core.builders import SOURCE, TODAY, business, employs, in_words, rolling
from tests.core.worlds import World

NEEDS = ("finance", "peer_networks", "product_development", "process_improvement", "export_markets")
KINDS = ("advice", "advice", "diagnostic", "training", "network", "event", "grant", "loan", "tax_relief",
         "equity", "mentoring", "research_collaboration")  # fmt: skip
STAGES = ("explore", "diagnose", "build_capability", "collaborate", "fund", "implement", "sustain")
AREAS = (
    (),
    (),
    (),
    ("uk",),
    ("uk",),
    ("west-midlands", "wales"),
    ("black-country",),
    ("wales",),
    ("sweden",),
)


def busy_world(seed: int, most: int = 10) -> World:
    """Up to ``most`` offers for one business, most of them open to it; few enough to look at every choice."""
    chance = Random(f"busy {seed}")
    ids = [f"offer-{number}" for number in range(chance.randint(most - 2, most))]
    facts = {
        "place": chance.choice(["Dudley", "Dudley", None, "Cardiff"]),
        "employees": chance.choice([12, None]),
        "amount": chance.choice([None, {"amount": 5000, "currency": "GBP"}]),
        "stage": chance.choice([None, "scale_up"]),
        "refuses": chance.choice([[], [], ["loan"]]),
        "done": chance.choice([[], [], [chance.choice(ids)]]),
    }
    needs = chance.sample(NEEDS, chance.choice([1, 2, 3, 4, 5]))
    offers = tuple(_offer(chance, number, ids) for number in range(len(ids)))
    return World(offers, business(**{fact: told for fact, told in facts.items() if told}), needs, frozenset())


def _offer(chance: Random, number: int, ids: list[str]) -> Offer:
    requires = chance.sample(ids[:number], 1) if number and chance.random() < 0.25 else []
    excludes = [id for id in chance.sample(ids, 2) if id not in requires] if chance.random() < 0.25 else []
    return Offer(
        id=ids[number],
        name=ids[number],
        kind=chance.choice(KINDS),
        provider="one",
        areas=chance.choice(AREAS),
        needs=tuple(chance.sample(NEEDS, chance.choice([1, 1, 2, 4]))),
        stages=tuple(chance.sample(STAGES, chance.randint(1, 3))),
        criteria=chance.choice(
            [(), (), (employs(5, 20),), (employs(5, 20), in_words("You have not started"))]
        ),
        amount=Amount(
            chance.choice(["GBP", "GBP", "EUR"]),
            max=chance.choice([None, Decimal(2000), Decimal(9000)]),
            cost_to_business=chance.choice([None, Decimal(0), Decimal(100), Decimal("99.99")]),
        ),
        duration_weeks=chance.choice([None, 4, 12]),
        window=chance.choice(
            [
                rolling(),
                rolling(),
                Window(),
                Window("dated", TODAY, TODAY + timedelta(weeks=chance.randint(2, 20))),
            ]
        ),
        requires=tuple(requires),
        excludes=tuple(excludes),
        source=SOURCE,
    )
