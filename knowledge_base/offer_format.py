"""Read the offer format: raw YAML or JSON values in, records out.

Whatever a record leaves out is unknown. Only a name and a kind are needed to read an offer; what a
published record must say as well is for `knowledge_base.content_check`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from knowledge_base.events.edition_format import editions_from
from knowledge_base.faults import BadCatalogue, BadRecord
from knowledge_base.fields import Fields
from knowledge_base.profile import code
from knowledge_base.records import (
    Amount,
    Area,
    Assurance,
    Between,
    Criterion,
    NoneOf,
    Offer,
    OneOf,
    Provider,
    Source,
    Test,
    Window,
    Within,
)
from knowledge_base.words import FACTS, JOURNEY_STAGES, KINDS, NEEDS, PROVIDER_TYPES, WINDOW_STATUSES

STATUSES = ("published", "draft", "withdrawn")
AUDIENCES = ("owner", "broker")
PAID = ("in_arrears", "in_advance")
MEANINGS = ("payment", "limit", "price")
MONEY_FACTS = ("turnover", "amount", "subsidy_received")
NUMBER_FACTS = ("employees", "trading_months", *MONEY_FACTS)
LISTED_FACTS = ("sector", "legal_form", "stage", "languages", "refuses", "done")
CODED_FACTS = ("sector", "legal_form", "stage")

OFFER_FIELDS = (
    "name", "local_name", "aliases", "kind", "provider", "status", "areas", "needs", "stages", "summary",
    "criteria", "amount", "duration_weeks", "hours", "window", "requires", "leads_to", "excludes",
    "succeeded_by", "part_of", "series", "prepare", "languages", "audience", "evidence", "source", "assured",
    "editions",
)  # fmt: skip
PROVIDER_FIELDS = ("name", "type", "aliases", "url", "areas")
CRITERION_FIELDS = ("fact", "between", "one_of", "none_of", "within", "currency", "any_of", "words", "source")
AMOUNT_FIELDS = (
    "currency", "min", "max", "rate_percent", "cost_to_business", "cost_words", "paid", "meaning", "note",
)  # fmt: skip
WINDOW_FIELDS = ("status", "opens", "closes", "usual_month", "note")
SOURCE_FIELDS = ("url", "title", "date", "seen")

_TESTS = ("between", "one_of", "none_of", "within")
_DEEPEST_GROUP = 4


def parse_offer(id: str, raw: Any, file: str | None = None, at: str = "") -> Offer:
    """Read one offer in the contracted format.

    Raises:
        BadCatalogue: naming every field that cannot be read, why, and how to mend it. ``file`` and
            ``at`` are what its messages call the record and the place in it.
    """
    faults: list[BadRecord] = []
    offer = offer_from(id, raw, file or f"offers/{id}.yml", at, faults)
    if offer is None or faults:
        raise BadCatalogue(faults)
    return offer


def parse_provider(id: str, raw: Any, file: str | None = None, at: str = "") -> Provider:
    """Read one provider; raises `BadCatalogue` as `parse_offer` does."""
    faults: list[BadRecord] = []
    provider = provider_from(id, raw, file or f"providers/{id}.yml", at, faults)
    if provider is None or faults:
        raise BadCatalogue(faults)
    return provider


def parse_area(raw: Any, file: str = "areas.yml", at: str = "") -> Area:
    """Read one area; ``within`` may be one code, a list of codes, or null."""
    faults: list[BadRecord] = []
    area = area_from(raw, file, at, faults)
    if area is None or faults:
        raise BadCatalogue(faults)
    return area


def area_from(raw: Any, file: str, at: str, faults: list[BadRecord]) -> Area | None:
    """Read an area, noting faults; other fields belong to `knowledge_base.places` and are left alone."""
    fields = Fields({}, file, at, faults).inside("", raw)
    if fields is None:
        return None
    if isinstance(raw.get("within"), str):
        fields.raw = {**raw, "within": [raw["within"]]}
    area_code = fields.one_id("code", required=True)
    name = fields.text("name", limit=200)
    within, aliases = fields.ids("within"), fields.texts("aliases", limit=200)
    return Area(area_code, name or area_code, within, aliases) if area_code else None


def provider_from(id: str, raw: Any, file: str, at: str, faults: list[BadRecord]) -> Provider | None:
    """Read a provider, noting faults; None where too little can be read to make one."""
    fields = Fields({"id": id}, file, at, faults)
    fields.one_id("id", required=True)
    fields = fields.inside("", raw)  # type: ignore[assignment]
    if fields is None:
        return None
    fields.only((*PROVIDER_FIELDS, "id"))
    name = fields.text("name", required=True, limit=300)
    kind = fields.one_of("type", PROVIDER_TYPES)
    aliases, areas = fields.texts("aliases", limit=300), fields.ids("areas")
    url = fields.link("url")
    return Provider(id, name, kind, aliases, url, areas) if name and kind else None


def offer_from(id: str, raw: Any, file: str, at: str, faults: list[BadRecord]) -> Offer | None:
    """Read an offer, noting faults; None where too little can be read to make one."""
    Fields({"id": id}, file, at, faults).one_id("id", required=True)
    fields = Fields({}, file, at, faults).inside("", raw)
    if fields is None:
        return None
    fields.only((*OFFER_FIELDS, "id"))
    name, kind = fields.text("name", required=True, limit=300), fields.one_of("kind", KINDS)
    window, editions = _window(fields.part("window")), editions_from(fields, kind)
    offer = Offer(
        id=id,
        name=name or id,
        kind=kind or "",
        provider=fields.one_id("provider") or "",
        areas=fields.ids("areas"),
        needs=fields.some_of("needs", NEEDS),
        stages=fields.some_of("stages", JOURNEY_STAGES),
        summary=fields.text("summary") or "",
        local_name=fields.text("local_name", limit=300),
        aliases=fields.texts("aliases", limit=300),
        status=fields.one_of("status", STATUSES, "published") or "published",
        criteria=_criteria(fields, "criteria"),
        amount=_amount(fields.part("amount")),
        duration_weeks=fields.whole("duration_weeks", 0, 2000),
        hours=fields.number("hours"),
        window=replace(window, editions=editions) if editions else window,
        requires=fields.ids("requires"),
        leads_to=fields.ids("leads_to"),
        excludes=fields.ids("excludes"),
        succeeded_by=fields.one_id("succeeded_by"),
        part_of=fields.one_id("part_of"),
        series=fields.text("series", limit=200),
        prepare=fields.texts("prepare"),
        languages=fields.texts("languages", limit=35),
        audience=fields.one_of("audience", AUDIENCES, "owner") or "owner",
        evidence=fields.text("evidence"),
        source=_source(fields.part("source")) or Source(url=None),
        assured=_assured(fields.part("assured")),
    )
    return offer if name and kind else None


def _criteria(fields: Fields, name: str, depth: int = 0) -> tuple[Criterion, ...]:
    raw = fields.raw.get(name)
    if raw is None:
        return ()
    if not isinstance(raw, list) or len(raw) > 100:
        remedy = "write one condition to a line, each in { }"
        fields.fault(name, "this is not a list of at most 100 conditions", remedy)
        return ()
    if depth > _DEEPEST_GROUP:
        fields.fault(name, "groups lie too deep inside each other", "write the condition with fewer groups")
        return ()
    parts = [fields.inside(f"{name}[{i}]", item) for i, item in enumerate(raw)]
    return tuple(_criterion(part, depth) for part in parts if part is not None)


def _criterion(fields: Fields, depth: int) -> Criterion:
    fields.only(CRITERION_FIELDS)
    fact = fields.one_of("fact", FACTS, "")
    present = [test for test in _TESTS if fields.raw.get(test) is not None]
    words = fields.text("words") or ""
    group = _criteria(fields, "any_of", depth + 1)
    grouped = fields.raw.get("any_of") is not None
    if len(present) + grouped > 1:
        both = " and ".join((*present, *(["any_of"] if grouped else [])))
        fields.fault("", f"{both} stand in one condition", "put one test in each condition")
    elif present and not fields.raw.get("fact"):
        fields.fault("fact", "this is missing beside a test", f"say which fact {present[0]} tests")
    elif not present and not grouped and not words:
        fields.fault("words", "the condition says nothing", "say in plain words what the business must be")
    if grouped and not group and fields.raw["any_of"] == []:
        fields.fault("any_of", "nobody can meet an empty group", "name the conditions, or leave it out")
    test = _test(fields, present[0], fact) if len(present) == 1 and fact else None
    return Criterion(words, fact or None, test, group, _source(fields.part("source")))


def _test(fields: Fields, name: str, fact: str) -> Test | None:
    takes = "between" if fact in NUMBER_FACTS else "within" if fact == "place" else "one_of or none_of"
    if fact == "deadline":
        fields.fault(name, "a deadline cannot be tested", "say the condition in words only")
    elif name not in takes.split(" or "):
        fields.fault(name, f"{fact} is not tested with {name}", f"use {takes}")
    elif name == "between":
        return _between(fields)
    elif name == "within":
        return _listed(fields, name, fields.ids(name), Within)
    else:
        values = fields.texts(name, code if fact in CODED_FACTS else str.strip)
        return _listed(fields, name, values, OneOf if name == "one_of" else NoneOf)
    return None


def _listed(fields: Fields, name: str, values: tuple[str, ...], of: Any) -> Test | None:
    if values:
        return of(frozenset(values))
    if fields.raw[name] == []:
        fields.fault(name, "the list is empty", "name at least one, or leave the test out")
    return None


def _between(fields: Fields) -> Between | None:
    raw = fields.raw["between"]
    if not isinstance(raw, list) or len(raw) != 2:
        fields.fault("between", "this is not two bounds", "write [5, 249], with null for a side that is open")
        return None
    before = len(fields.faults)
    low, high = (fields.as_number(f"between[{i}]", bound) for i, bound in enumerate(raw))
    currency = fields.currency()
    if low is not None and high is not None and low > high:
        why = "No business could ever meet this condition."
        fields.fault("between", f"{high} is below {low}", "put the smaller bound first", why)
    return Between(low, high, currency) if len(fields.faults) == before else None


def _amount(fields: Fields | None) -> Amount:
    if fields is None:
        return Amount()
    fields.only(AMOUNT_FIELDS)
    low, high = fields.number("min"), fields.number("max")
    if low is not None and high is not None and low > high:
        fields.fault("min", f"{low} is above the max of {high}", "put the smaller amount in min")
    return Amount(
        currency=fields.currency(),
        min=low,
        max=high,
        rate_percent=fields.number("rate_percent"),
        cost_to_business=fields.number("cost_to_business"),
        cost_words=fields.text("cost_words"),
        paid=fields.one_of("paid", PAID, "") or None,
        meaning=fields.one_of("meaning", MEANINGS, "payment") or "payment",
        note=fields.text("note"),
    )


def _window(fields: Fields | None) -> Window:
    if fields is None:
        return Window()
    fields.only(WINDOW_FIELDS)
    opens, opens_text = fields.day("opens")
    closes, closes_text = fields.day("closes", last=True)
    if opens and closes and opens > closes:
        fields.fault("closes", f"{closes} is before it opens on {opens}", "put the earlier date in opens")
    return Window(
        status=fields.one_of("status", WINDOW_STATUSES, "unknown") or "unknown",
        opens=opens,
        closes=closes,
        opens_text=opens_text,
        closes_text=closes_text,
        usual_month=fields.whole("usual_month", 1, 12),
        note=fields.text("note"),
    )


def _source(fields: Fields | None) -> Source | None:
    if fields is None:
        return None
    fields.only(SOURCE_FIELDS)
    written = fields.raw.get("date")
    if isinstance(written, int) and not isinstance(written, bool):
        fields.raw = {**fields.raw, "date": str(written)}
    elif isinstance(written, date):
        fields.raw = {**fields.raw, "date": written.isoformat()}
    url, title = fields.link("url"), fields.text("title")
    source = Source(url, title, fields.text("date", limit=100), fields.exact_day("seen"))
    return source if source != Source(url=None) else None


def _assured(fields: Fields | None) -> Assurance | None:
    if fields is None:
        return None
    fields.only(("by", "on", "until"))
    by = fields.text("by", required=True, limit=200)
    on, until = fields.exact_day("on", required=True), fields.exact_day("until", required=True)
    if on and until and until < on:
        fields.fault("until", f"{until} is before {on}", "put the later date in until")
    return Assurance(by, on, until) if by and on and until else None
