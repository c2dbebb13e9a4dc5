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
from knowledge_base.field_labels import LABELS
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
    states = Choice(options=labelled(WINDOW_STATUSES, _WINDOWS), empty="Choose one")
    return _described(
        offer_schema(),
        (
            Group(
                "What it is",
                (
                    _field("name", _SHORT, needed=True),
                    _field("local_name", _SHORT),
                    _field("aliases", Lines()),
                    _field("kind", Choice(options=labelled(KINDS, words["kinds"])), needed=True),
                    _field("provider", Pick(of="providers"), needed=True),
                    _field("summary", _LONG, needed=True),
                ),
            ),
            Group(
                "What it helps with",
                (
                    _field("needs", needs, needed=True),
                    _field("stages", Checks(options=labelled(JOURNEY_STAGES, _STAGES)), needed=True),
                ),
            ),
            Group(
                "Whom it is for",
                (
                    _field("areas", Picks(of="areas")),
                    _field("audience", Choice(options=_AUDIENCES, usual="owner")),
                    _field("languages", spoken),
                ),
                conditions=True,
            ),
            Group(
                LABELS["amount"],
                (
                    _field("amount.currency", money),
                    _field("amount.min", Number()),
                    _field("amount.max", Number()),
                    _field(
                        "amount.meaning",
                        Choice(options=_MEANINGS, usual="payment"),
                    ),
                    _field("amount.rate_percent", Number()),
                    _field("amount.cost_to_business", Number()),
                    _field("amount.cost_words", _SHORT),
                    _field("amount.paid", Choice(options=_PAID, empty="Not known")),
                    _field("amount.note", _LONG),
                ),
            ),
            Group(
                LABELS["window"],
                (
                    _field("window.status", states, needed=True),
                    _field("window.opens", Day(coarse=True)),
                    _field("window.closes", Day(coarse=True)),
                    _field("window.usual_month", Whole(options=_months())),
                    _field("window.note", _LONG),
                    _field("duration_weeks", Number()),
                    _field("hours", Number()),
                ),
            ),
            Group(
                "Before, after and instead",
                (
                    _field("requires", Picks()),
                    _field("leads_to", Picks()),
                    _field("excludes", Picks()),
                    _field("succeeded_by", Pick()),
                    _field("part_of", Pick()),
                    _field("series", _SHORT),
                ),
            ),
            Group(
                "To have ready, and what it has done",
                (
                    _field("prepare", Lines()),
                    _field("evidence", _LONG),
                ),
            ),
            Group(LABELS["source"], source_fields(needed=True)),
            Group(
                LABELS["assured"],
                (
                    _field("assured.by", _SHORT),
                    _field("assured.on", Day()),
                    _field("assured.until", Day()),
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
                    _field("name", _SHORT, needed=True),
                    _field("type", Choice(options=kinds, empty="Choose one"), needed=True),
                    _field("aliases", Lines()),
                    _field("url", Link()),
                    _field("areas", Picks(of="areas")),
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
        _field("source.url", Link(), needed=needed),
        _field("source.title", _SHORT),
        _field("source.date", _SHORT),
        _field("source.seen", Day()),
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


def _field(name: str, control: Control, needed: bool = False) -> Field:
    return Field(name, LABELS[name], control, needed=needed)


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
