"""What a curator waits for when one record is checked as it would stand among all others."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from knowledge_base.content_check import check_record, check_records
from knowledge_base.records import Catalogue, Offer
from tests.benchmarks.figures import Figure, Run, best_ms, percentile
from tests.benchmarks.worlds import ON, grown, starter

LARGE = 10_000
RECORDS = 50  # spread over the catalogue


def measure(run: Run) -> list[Figure]:
    """Check changed records of the starter pack and of ten thousand offers, and everything beside them."""
    pack = starter()
    return [figure(grown(pack, count)) for count in (len(pack.offers), LARGE)]


def figure(records: Catalogue) -> Figure:
    """One changed record after another, each checked once names were seen before."""
    offers = list(records.offers.values())
    changed = [_changed(offers[n * len(offers) // RECORDS]) for n in range(RECORDS)]
    check_records(records, {}, ON)
    check_record(changed[0], records, ON)
    ours = percentile([best_ms(partial(check_record, each, records, ON), 1) for each in changed], 0.95)
    everything = best_ms(partial(check_records, records, {}, ON))
    how = (
        f"{RECORDS} records, each with other words and one more name, checked once. Baseline: the check of "
        "every record, as for a folder, best of three; all after one round in which names are seen first."
    )
    return Figure(f"one record of {len(offers):,} checked, p95", ours, "ms", everything, how, "measured")


def _changed(offer: Offer) -> Offer:
    return replace(offer, summary=f"{offer.summary} Changed.", aliases=(*offer.aliases, f"{offer.name} anew"))
