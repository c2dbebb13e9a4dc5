"""What a column can fill: the fields of our records, and what others' tables say another way.

A target is the path of a field, such as ``amount.max``; ``criterion.…`` makes a condition, ``facet.…`` reads
a group of values by ``content/interchange/facets.yml``. Other names of columns are in ``columns.yml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from knowledge_base.field_labels import LABELS


@dataclass(frozen=True, slots=True)
class Target:
    """One thing a column can fill: how its cells are read, and the closed list ``of`` which they are."""

    path: str
    label: str
    reads: str
    of: str = ""
    own: bool = True  # a field of the record: part of what is written out

    @property
    def many(self) -> bool:
        """Whether several columns may fill it together."""
        return self.reads in ("texts", "words", "areas", "ids", "conditions", "facet")

    @property
    def listed(self) -> bool:
        """Whether a cell may hold several values."""
        return self.reads in ("texts", "words", "areas", "ids", "facet", "listed")


def _own(path: str, reads: str, of: str = "") -> Target:
    return Target(path, LABELS[path], reads, of)


_OFFER = (
    _own("id", "text"),
    _own("name", "text"),
    _own("local_name", "text"),
    _own("aliases", "texts"),
    _own("kind", "word", "kinds"),
    _own("provider", "provider"),
    _own("status", "word", "statuses"),
    _own("areas", "areas"),
    _own("needs", "words", "needs"),
    _own("stages", "words", "journey_stages"),
    _own("summary", "text"),
    Target("criteria", f"{LABELS['criteria']}, in our own format", "json"),
    _own("amount.currency", "currency"),
    _own("amount.min", "number"),
    _own("amount.max", "number"),
    _own("amount.rate_percent", "percent"),
    _own("amount.cost_to_business", "number"),
    _own("amount.cost_words", "text"),
    _own("amount.paid", "word", "paid"),
    _own("amount.meaning", "word", "meanings"),
    _own("amount.note", "text"),
    _own("duration_weeks", "whole"),
    _own("hours", "number"),
    _own("window.status", "word", "window_statuses"),
    _own("window.opens", "day"),
    _own("window.closes", "day"),
    _own("window.usual_month", "month"),
    _own("window.note", "text"),
    Target("editions", f"{LABELS['editions']}, in our own format", "json"),
    _own("requires", "ids"),
    _own("leads_to", "ids"),
    _own("excludes", "ids"),
    _own("succeeded_by", "text"),
    _own("part_of", "text"),
    _own("series", "text"),
    _own("prepare", "texts"),
    _own("languages", "listed", "languages"),
    _own("audience", "word", "audiences"),
    _own("evidence", "text"),
    _own("source.url", "url"),
    _own("source.title", "text"),
    _own("source.date", "text"),
    _own("source.seen", "day"),
    _own("assured.by", "text"),
    _own("assured.on", "day"),
    _own("assured.until", "day"),
    Target("provider.type", LABELS["type"], "word", "provider_types", own=False),
    Target("amount.range", "Amount, least to most", "range", own=False),
    Target("criterion.employees", "Condition: employees, from and to", "count", own=False),
    Target("criterion.employees.min", "Condition: least employees", "number", own=False),
    Target("criterion.employees.max", "Condition: most employees", "number", own=False),
    Target("criterion.turnover.min", "Condition: least turnover", "number", own=False),
    Target("criterion.turnover.max", "Condition: most turnover", "number", own=False),
    Target("criterion.trading_months.min", "Condition: least months of trading", "number", own=False),
    Target("criterion.sector", "Condition: sector", "words", "sectors", own=False),
    Target("criterion.stage", "Condition: stage of the business", "words", "business_stages", own=False),
    Target("criterion.legal_form", "Condition: legal form", "words", "legal_forms", own=False),
    Target("criterion.words", "Condition in words", "conditions", own=False),
    Target("facet.types_of_support", "GOV.UK: types of support", "facet", "types_of_support", own=False),
    Target("facet.business_stages", "GOV.UK: business stages", "facet", "business_stages", own=False),
    Target("facet.business_sizes", "GOV.UK: business sizes", "facet", "business_sizes", own=False),
    Target("facet.industries", "GOV.UK: industries", "facet", "industries", own=False),
    Target("facet.regions", "GOV.UK: regions", "facet", "regions", own=False),
)

_PROVIDER = (
    _own("id", "text"),
    _own("name", "text"),
    _own("type", "word", "provider_types"),
    _own("aliases", "texts"),
    _own("url", "url"),
    _own("areas", "areas"),
)


def _by_path(targets: tuple[Target, ...]) -> Mapping[str, Target]:
    return MappingProxyType({target.path: target for target in targets})


TARGETS: Mapping[str, Mapping[str, Target]] = MappingProxyType(
    {"offer": _by_path(_OFFER), "provider": _by_path(_PROVIDER)}
)
RECORD_TYPES = ("offer", "provider")


def own_columns(record_type: str) -> tuple[str, ...]:
    """Return the columns of our own tables: every field of a record, in the order of the format."""
    return tuple(path for path, target in TARGETS[record_type].items() if target.own)
