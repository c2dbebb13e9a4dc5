"""The fields of an offer's and a provider's form, in the order they are asked for.

Their hints are the schema's own descriptions (`knowledge_base.schemas`): one guide, told in one place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.console.forms.controls import (
    Checks,
    Choice,
    Control,
    Day,
    Lines,
    Link,
    LongText,
    Number,
    Pick,
    Picks,
    Whole,
    labelled,
)
from knowledge_base import labels
from knowledge_base.currencies import CURRENCIES, OF_COUNTRY
from knowledge_base.offer_format import LISTED_FACTS, MONEY_FACTS, NUMBER_FACTS
from knowledge_base.schemas import offer_schema, provider_schema
from knowledge_base.windows import MONTHS
from knowledge_base.words import (
    BUSINESS_STAGES,
    FACTS,
    JOURNEY_STAGES,
    KINDS,
    LEGAL_FORMS,
    NEEDS,
    PROVIDER_TYPES,
    SECTORS,
    WINDOW_STATUSES,
)


@dataclass(frozen=True)
class Field:
    """One field; ``name`` is its path in the document, such as amount.max."""

    name: str
    label: str
    control: Control
    hint: str = ""
    needed: bool = False

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self.name.split("."))


@dataclass(frozen=True)
class Group:
    """Fields that belong together under one heading; ``conditions`` marks where the criteria stand."""

    title: str
    fields: tuple[Field, ...]
    hint: str = ""
    conditions: bool = False
    permission: str = ""  # what it takes to change these


LOW = "This number is still included. Leave it empty where there is no least."
HIGH = "Included too: 'Fewer than 250' is at most 249. Leave it empty where there is no most."
_SHORT = Control()
_LONG = LongText()
_WINDOWS = {
    "rolling": "Rolling: open all the time",
    "dated": "Dated: between two days",
    "annual": "Annual: comes back each year",
    "closed": "Closed",
    "unknown": "Unknown: no page says",
}
_MEANINGS = (
    ("payment", "A payment: it is received"),
    ("limit", "A limit: a ceiling, never received"),
    ("price", "A price: what is paid for it"),
)
_PAID = (
    ("in_arrears", "In arrears: the business pays first, then claims"),
    ("in_advance", "In advance: before the business pays"),
)
_AUDIENCES = (("owner", "Business owners"), ("broker", "Advisers only"))
_STAGES = {stage: f"{stage.replace('_', ' ')}" for stage in JOURNEY_STAGES}


def currencies() -> tuple[tuple[str, str], ...]:
    """The currencies to choose from, those of the places we cover before the others."""
    first = tuple(dict.fromkeys(OF_COUNTRY.values()))
    return tuple((code, code) for code in (*first, *sorted(CURRENCIES - set(first))))


@cache
def offer_groups() -> tuple[Group, ...]:
    """The groups of an offer's form: every field of the format, but for ``status``, which the buttons set."""
    words = labels.read()
    needs = Checks(options=labelled(NEEDS, words["needs"]), leads=True)
    spoken = Checks(options=labelled(tuple(words["languages"]), words["languages"]), free=True)
    money = Choice(options=currencies(), empty="No currency")
    return _described(
        offer_schema(),
        (
            Group(
                "What it is",
                (
                    Field("name", "Name", _SHORT, needed=True),
                    Field("local_name", "Local name", _SHORT),
                    Field("aliases", "Other names", Lines()),
                    Field("kind", "Kind", Choice(options=labelled(KINDS, words["kinds"])), needed=True),
                    Field("provider", "Provider", Pick(of="providers"), needed=True),
                    Field("summary", "Summary", _LONG, needed=True),
                ),
            ),
            Group(
                "What it helps with",
                (
                    Field("needs", "Needs", needs, needed=True),
                    Field("stages", "Stages", Checks(options=labelled(JOURNEY_STAGES, _STAGES)), needed=True),
                ),
            ),
            Group(
                "Whom it is for",
                (
                    Field("areas", "Areas", Picks(of="areas")),
                    Field("audience", "Who can use it", Choice(options=_AUDIENCES, usual="owner")),
                    Field("languages", "Languages", spoken),
                ),
                conditions=True,
            ),
            Group(
                "Money",
                (
                    Field("amount.currency", "Currency", money),
                    Field("amount.min", "The least", Number()),
                    Field("amount.max", "The most", Number()),
                    Field(
                        "amount.meaning",
                        "What the amount means",
                        Choice(options=_MEANINGS, usual="payment"),
                    ),
                    Field("amount.rate_percent", "Share of the cost, per cent", Number()),
                    Field("amount.cost_to_business", "What the business pays", Number()),
                    Field("amount.cost_words", "What it costs, in words", _SHORT),
                    Field("amount.paid", "When it is paid", Choice(options=_PAID, empty="Not known")),
                    Field("amount.note", "Note on the money", _LONG),
                ),
            ),
            Group(
                "When",
                (
                    Field(
                        "window.status",
                        "When it is open",
                        Choice(options=labelled(WINDOW_STATUSES, _WINDOWS), empty="Choose one"),
                        needed=True,
                    ),
                    Field("window.opens", "Opens", Day(coarse=True)),
                    Field("window.closes", "Closes", Day(coarse=True)),
                    Field("window.usual_month", "Usual month", Whole(options=_months())),
                    Field("window.note", "Note on the dates", _LONG),
                    Field("duration_weeks", "Weeks it takes", Number()),
                    Field("hours", "Hours of the owner’s time", Number()),
                ),
            ),
            Group(
                "Before, after and instead",
                (
                    Field("requires", "Must be done first", Picks()),
                    Field("leads_to", "Leads to", Picks()),
                    Field("excludes", "Cannot be had together with", Picks()),
                    Field("succeeded_by", "Succeeded by", Pick()),
                    Field("part_of", "Part of", Pick()),
                    Field("series", "Series", _SHORT),
                ),
            ),
            Group(
                "To have ready, and what it has done",
                (
                    Field("prepare", "What to have ready", Lines()),
                    Field("evidence", "What it has achieved", _LONG),
                ),
            ),
            Group("Where it is said", source_fields(needed=True)),
            Group(
                "Assurance",
                (
                    Field("assured.by", "Checked by", _SHORT),
                    Field("assured.on", "Checked on", Day()),
                    Field("assured.until", "To be checked again by", Day()),
                ),
                permission="assure",
            ),
        ),
    )


@cache
def provider_groups() -> tuple[Group, ...]:
    """The group of a provider's form: every field of the format."""
    kinds = labelled(PROVIDER_TYPES, labels.read()["provider_types"])
    return _described(
        provider_schema(),
        (
            Group(
                "Who it is",
                (
                    Field("name", "Name", _SHORT, needed=True),
                    Field("type", "Type", Choice(options=kinds, empty="Choose one"), needed=True),
                    Field("aliases", "Other names", Lines()),
                    Field("url", "Front page", Link()),
                    Field("areas", "Areas", Picks(of="areas")),
                ),
            ),
        ),
    )


def groups_of(record_type: str) -> tuple[Group, ...]:
    return offer_groups() if record_type == "offer" else provider_groups()


def fields_of(record_type: str) -> Iterator[Field]:
    return (field for group in groups_of(record_type) for field in group.fields)


def source_fields(needed: bool = False) -> tuple[Field, ...]:
    """The fields of a source: an offer's, or one condition's own."""
    return (
        Field("source.url", "Page", Link(), needed=needed),
        Field("source.title", "Title of the page", _SHORT),
        Field("source.date", "Date on the page", _SHORT),
        Field("source.seen", "Last looked at", Day()),
    )


@cache
def condition_fields(fact: str) -> tuple[Field, ...]:
    """The fields that fit a condition on one fact; "" is one in words only, or a group.

    ``low`` and ``high`` are the bounds of ``between``; ``test`` says whether ``values``
    are one_of or none_of.
    """
    described = offer_schema()["$defs"]["criterion"]
    said: tuple[Field, ...] = (Field("words", "In plain words", Control("wrapped"), needed=True),)
    tested: tuple[Field, ...] = ()
    if fact in NUMBER_FACTS:
        tested = (Field("low", "At least", Number(), LOW), Field("high", "At most", Number(), HIGH))
    if fact in MONEY_FACTS:
        tested += (Field("currency", "Currency", Choice(options=currencies(), empty="No currency")),)
    if fact == "place":
        tested = (Field("within", "In one of these areas", Picks(of="areas")),)
    if fact in LISTED_FACTS:
        either = (("one_of", "Is one of these"), ("none_of", "Is none of these"))
        control = Picks() if fact == "done" else Checks(options=_values(fact), free=fact == "languages")
        tested = (
            Field("test", "The business", Choice(options=either, usual="one_of")),
            Field("values", f"{labels.fact(fact)[:1].upper()}{labels.fact(fact)[1:]}", control),
        )
    every = (*tested, *said, *source_fields())
    return tuple(_with_hint(field, described) for field in every)


def kinds_of_condition() -> tuple[tuple[str, str], ...]:
    """What a new condition may be about: a fact, words alone, or a group of which one is enough."""
    tested = tuple(fact for fact in FACTS if fact != "deadline")
    facts = labelled(tested, labels.read()["facts"])
    return (
        *facts,
        ("words", "Something else, in words only"),
        ("any_of", "A group of conditions, of which one is enough"),
    )


def _values(fact: str) -> tuple[tuple[str, str], ...]:
    words = labels.read()
    lists = {
        "sector": (tuple(SECTORS), words["sectors"]),
        "legal_form": (LEGAL_FORMS, words["legal_forms"]),
        "stage": (BUSINESS_STAGES, words["stages"]),
        "languages": (tuple(words["languages"]), words["languages"]),
        "refuses": (KINDS, words["kinds_in_general"]),
    }
    return labelled(*lists[fact])


def _months() -> tuple[tuple[str, str], ...]:
    return tuple((str(number), name) for number, name in enumerate(MONTHS, 1))


def _described(schema: dict[str, Any], groups: tuple[Group, ...]) -> tuple[Group, ...]:
    return tuple(
        Group(
            group.title,
            tuple(_with_hint(field, schema) for field in group.fields),
            group.hint or _shared_hint(group, schema),
            group.conditions,
            group.permission,
        )
        for group in groups
    )


def _shared_hint(group: Group, schema: dict[str, Any]) -> str:
    """The description of the part of a record that a group's fields belong to."""
    parts = {field.path[0] for field in group.fields if len(field.path) > 1}
    return " ".join(filter(None, (_hint(schema, (part,)) for part in sorted(parts))))


def _with_hint(field: Field, schema: dict[str, Any]) -> Field:
    hint = field.hint or _hint(schema, field.path)
    return Field(field.name, field.label, field.control, hint, field.needed)


def _hint(schema: dict[str, Any], path: tuple[str, ...]) -> str:
    for name in path:
        schema = schema.get("properties", {}).get(name, {})
    said = str(schema.get("description", ""))
    # The schema speaks of files; in a form what is null there is left empty.
    return said.replace("Null:", "Empty:").replace("null is", "empty is")
