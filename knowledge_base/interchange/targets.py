"""What a column can fill: the fields of our records, and what others' tables say another way.

A target is the path of a field, such as ``amount.max``; ``criterion.…`` makes a condition, ``facet.…`` reads
a group of values by ``content/interchange/facets.yml``. Other names of columns are in ``columns.yml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


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


_OFFER = (
    Target("id", "Id", "text"),
    Target("name", "Name", "text"),
    Target("local_name", "Name in the local language", "text"),
    Target("aliases", "Other names", "texts"),
    Target("kind", "Kind of support", "word", "kinds"),
    Target("provider", "Provider", "provider"),
    Target("status", "Status of the record", "word", "statuses"),
    Target("areas", "Areas", "areas"),
    Target("needs", "Needs", "words", "needs"),
    Target("stages", "Stages of the journey", "words", "journey_stages"),
    Target("summary", "Summary", "text"),
    Target("criteria", "Conditions, in our own format", "json"),
    Target("amount.currency", "Currency", "currency"),
    Target("amount.min", "Least amount", "number"),
    Target("amount.max", "Most amount", "number"),
    Target("amount.rate_percent", "Share paid, in percent", "percent"),
    Target("amount.cost_to_business", "What it costs a business", "number"),
    Target("amount.cost_words", "The cost in words", "text"),
    Target("amount.paid", "When it is paid", "word", "paid"),
    Target("amount.meaning", "What the amount is", "word", "meanings"),
    Target("amount.note", "Note on the amount", "text"),
    Target("duration_weeks", "Weeks it takes", "whole"),
    Target("hours", "Hours of the owner's time", "number"),
    Target("window.status", "Whether it is open", "word", "window_statuses"),
    Target("window.opens", "Opens on", "day"),
    Target("window.closes", "Closes on", "day"),
    Target("window.usual_month", "Usual month", "month"),
    Target("window.note", "Note on the dates", "text"),
    Target("editions", "Times an event is held, in our own format", "json"),
    Target("requires", "Must be done first", "ids"),
    Target("leads_to", "Usually followed by", "ids"),
    Target("excludes", "Not together with", "ids"),
    Target("succeeded_by", "Its place was taken by", "text"),
    Target("part_of", "Part of the programme", "text"),
    Target("series", "Series", "text"),
    Target("prepare", "What to have ready", "texts"),
    Target("languages", "Languages", "listed", "languages"),
    Target("audience", "For whom the record is", "word", "audiences"),
    Target("evidence", "What it achieved", "text"),
    Target("source.url", "Web address", "url"),
    Target("source.title", "Title of the page", "text"),
    Target("source.date", "Date on the page", "text"),
    Target("source.seen", "Seen on", "day"),
    Target("assured.by", "Vouched for by", "text"),
    Target("assured.on", "Vouched for on", "day"),
    Target("assured.until", "Vouched for until", "day"),
    Target("provider.type", "Type of provider", "word", "provider_types", own=False),
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
    Target("id", "Id", "text"),
    Target("name", "Name", "text"),
    Target("type", "Type of provider", "word", "provider_types"),
    Target("aliases", "Other names", "texts"),
    Target("url", "Web address", "url"),
    Target("areas", "Areas", "areas"),
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
