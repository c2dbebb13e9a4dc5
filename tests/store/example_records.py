"""Three example offers that lean on each other, and advice on them in a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from knowledge_base.advice import Advice
from knowledge_base.hubs import read_hub
from knowledge_base.records import Amount, Provider
from knowledge_base.store.database import Database
from tests.core.builders import dated, offer, turns_over
from tests.store.conftest import NOW

CHECK_UP = offer("example-check-up", "diagnostic", duration_weeks=2)
GRANT = offer(
    "example-grant",
    "grant",
    needs=("finance",),
    stages=("fund",),
    requires=("example-check-up",),
    amount=Amount("GBP", max=Decimal(9000), rate_percent=Decimal(50)),
    window=dated(None, date(2027, 1, 31)),
)
# Unsure as long as no turnover is told, so that the grant goes first whatever else counts.
LOAN = offer(
    "example-loan", "loan", needs=("finance",), stages=("fund",), criteria=(turns_over(None, 10_000_000),)
)


def example_advice(database: Database) -> Advice:
    """Advice on a check-up, the grant that asks for it, and a loan beside it."""
    made = Advice(database, read_hub("default"), "http://hub.example.org")
    made.records.save_provider(Provider("example-council", "Example council", "public"), "C", "new", NOW)
    for each in (CHECK_UP, GRANT, LOAN):
        made.records.save_offer(each, "C", "new", NOW)
    return made
