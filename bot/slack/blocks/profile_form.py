"""The form of a client's facts: each as what suits it, filled with what is known, and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from bot.slack import verbs
from bot.slack.blocks import limits
from bot.slack.blocks.elements import (
    context,
    day_picker,
    field_of,
    found_select,
    modal,
    multi_select,
    option,
    plain_text,
    select,
    text_input,
)
from bot.slack.blocks.reading import NotRead, count, money, months, written_count, written_money
from bot.slack.blocks.text import Block, plain, size, told
from bot.web.formats import as_day, sentence
from knowledge_base import labels
from knowledge_base.brokers.records import Client
from knowledge_base.profile import BadProfile, parse_profile
from knowledge_base.words import BUSINESS_STAGES, FACTS, KINDS, LEGAL_FORMS, SECTORS

VALUE = "value"
"""The action_id of every field; which fact it is, its block_id says."""

REFUSED, CLEARED = "refused", "cleared"
COUNTS = ("employees", "trading_months")
SUMS = ("turnover", "amount", "subsidy_received")
CHOICES = {"sector": tuple(SECTORS), "legal_form": LEGAL_FORMS, "stage": BUSINESS_STAGES}
LISTS = ("languages", "refuses", "done")
HINTS = {
    "employees": "14, or 10 to 15",
    "place": "A town, a county or a postcode: Dudley",
    "turnover": "£1.2m, or £1m to £2m",
    "trading_months": "18 months, or 2 years",
    "amount": "£50,000, or £20k to £50k",
    "subsidy_received": "£0, or £15,000",
}
MOST_TYPED = 200


def profile_modal(
    client: Client,
    *,
    keep: str | None = None,
    name_of: Callable[[str], str] = str,
    errors: Mapping[str, str] | None = None,
) -> Block:
    """Make the form, every fact filled with what is known of a client.

    ``keep`` comes back with it, the client's id where none is given; ``name_of`` names offers done before.
    ``errors`` by fact are shown beside their field, where the form is opened again.
    """
    profile = client.profile if isinstance(client.profile, Mapping) else {}
    fields = [_field(fact, profile.get(fact), name_of) for fact in FACTS]
    for block in fields:
        fault = (errors or {}).get(block["block_id"])
        if fault:
            block["hint"] = plain_text(fault, limits.HINT)
    refused = [str(each) for each in profile.get("refused") or ()]
    told_facts = [fact for fact in FACTS if fact in profile or fact in refused]
    fields.append(
        field_of(
            REFUSED,
            "Would rather not say",
            multi_select(VALUE, _facts(FACTS), refused, "Facts the client keeps to itself"),
            hint="These are never asked about again, and nothing written above for them counts.",
        )
    )
    if told_facts:
        fields.append(
            field_of(
                CLEARED,
                "Not known after all",
                multi_select(VALUE, _facts(told_facts), (), "Facts to take out"),
                hint="What is chosen here is taken out, whatever stands above.",
            )
        )
    top = context(f"What {told(client.name, 150) or 'the client'} told. Leave empty what is not known.")
    return modal(verbs.EDIT, "Facts", [top, *fields], keep=client.id if keep is None else keep)


def offer_options(found: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Answer the field of offers done, as somebody types: ids and names."""
    return {"options": _offers(found)[: limits.OPTIONS]}


def read_profile(state: Mapping[str, Any], currency: str = "GBP") -> tuple[dict[str, Any], dict[str, str]]:
    """Read the form: the profile in the contract's shape, and faults in plain words by ``block_id``.

    ``state`` is the view's; ``currency`` is what a bare sum is in. Where there are faults the profile holds
    what could be read.
    """
    cleared = set(chosen_all(state, CLEARED))
    refused = [fact for fact in chosen_all(state, REFUSED) if fact in FACTS and fact not in cleared]
    profile: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for fact in FACTS:
        if fact in cleared or fact in refused:
            continue
        try:
            value = _read(fact, state, currency)
            if value not in (None, "", []):
                parse_profile({fact: value})
                profile[fact] = value
        except NotRead as bad:
            errors[fact] = str(bad)
        except BadProfile as bad:
            errors[fact] = sentence(str(bad).partition(": ")[2] or str(bad))
    if refused:
        profile["refused"] = refused
    return profile, errors


def _field(fact: str, value: Any, name_of: Callable[[str], str]) -> Block:
    return field_of(fact, sentence(labels.fact(fact)), _element(fact, value, name_of))


def _element(fact: str, value: Any, name_of: Callable[[str], str]) -> Block:
    if fact in CHOICES:
        choices = [option(sentence(labels.code_told(fact, code)), code) for code in CHOICES[fact]]
        return select(VALUE, choices, value if isinstance(value, str) else None)
    if fact == "deadline":
        day = as_day(value)
        return day_picker(VALUE, day.isoformat() if day else None)
    if fact in LISTS:
        chosen = [str(each) for each in value] if isinstance(value, (list, tuple)) else []
        if fact == "done":
            return found_select(VALUE, _offers((id, name_of(id)) for id in chosen), "Type a part of its name")
        return multi_select(VALUE, _listed(fact, chosen), chosen)
    written = (
        written_money(value) if fact in SUMS else written_count(value) if fact in COUNTS else plain(value)
    )
    return text_input(VALUE, initial=written, hint=HINTS.get(fact, ""), most=MOST_TYPED)


def _listed(fact: str, chosen: Sequence[str]) -> list[Block]:
    """Options of a list; what was told and no list of ours knows stays choosable."""
    known = KINDS if fact == "refuses" else tuple(labels.read()["languages"])
    codes = dict.fromkeys([*known, *(each for each in chosen if 0 < size(each) <= limits.OPTION_VALUE)])
    words = labels.plural(codes) if fact == "refuses" else [labels.code_told(fact, each) for each in codes]
    return [option(sentence(each), code) for code, each in zip(codes, words, strict=True)]


def _facts(facts: Iterable[str]) -> list[Block]:
    return [option(sentence(labels.fact(fact)), fact) for fact in facts]


def _offers(found: Iterable[tuple[str, str]]) -> list[Block]:
    return [option(name or id, id) for id, name in found if 0 < size(id) <= limits.OPTION_VALUE]


def _read(fact: str, state: Mapping[str, Any], currency: str) -> Any:
    if fact in CHOICES:
        return chosen(state, fact)
    if fact == "deadline":
        return _day(state)
    if fact in LISTS:
        return chosen_all(state, fact)
    text = typed(state, fact)
    if not text:
        return None
    if size(text) > MOST_TYPED:
        raise NotRead(f"This is too long: write at most {MOST_TYPED} characters.")
    if fact in SUMS:
        return money(text, currency)
    if fact in COUNTS:
        return months(text) if fact == "trading_months" else count(text, HINTS[fact])
    return text


def _day(state: Mapping[str, Any]) -> str | None:
    day = _given(state, "deadline").get("selected_date")
    if not day:
        return None
    try:
        return date.fromisoformat(str(day)).isoformat()
    except ValueError:
        raise NotRead("This is not a day: choose one, or write it as 2027-03-31.") from None


def _given(state: Mapping[str, Any], block: str) -> Mapping[str, Any]:
    values = state.get("values")
    actions = values.get(block) if isinstance(values, Mapping) else None
    given = actions.get(VALUE) if isinstance(actions, Mapping) else None
    return given if isinstance(given, Mapping) else {}


def typed(state: Mapping[str, Any], block: str, lines: bool = False) -> str:
    """Return what was typed into a field, trimmed; "" where nothing was."""
    return plain(_given(state, block).get("value"), lines)


def chosen(state: Mapping[str, Any], block: str) -> str | None:
    """Return the value chosen in a menu or among buttons, or None."""
    one = _given(state, block).get("selected_option")
    value = one.get("value") if isinstance(one, Mapping) else None
    return str(value) if value else None


def chosen_all(state: Mapping[str, Any], block: str) -> list[str]:
    """Return every value chosen in a menu or among boxes, in the order chosen."""
    several = _given(state, block).get("selected_options")
    found = (
        [each.get("value") for each in several if isinstance(each, Mapping)]
        if isinstance(several, list)
        else []
    )
    return list(dict.fromkeys(str(each) for each in found if each))
