"""The JSON Schemas of the records. Each field's description is the editorial guide for that field.

The console shows the descriptions as help and `knowledge_base.content_check` quotes them. The files
``content/*.schema.json`` are written from here by `write_schemas`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from knowledge_base.currencies import CURRENCIES
from knowledge_base.events.edition_format import EDITION_STATUSES, MOMENT, MOST_EDITIONS
from knowledge_base.offer_format import AUDIENCES, MEANINGS, MONEY_FACTS, PAID, STATUSES
from knowledge_base.words import FACTS, JOURNEY_STAGES, KINDS, NEEDS, PROVIDER_TYPES, WINDOW_STATUSES

CONTENT = Path(__file__).parent / "content"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
SUMMARY_WORDS = 50
CONDITION_WORDS = 20
SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$"
_DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_DAY = r"^\d{4}-\d{2}-\d{2}$"

Schema = dict[str, Any]


def _text(description: str, longest: int = 4000) -> Schema:
    return {"type": ["string", "null"], "maxLength": longest, "description": description}


def _said(description: str, longest: int = 4000) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": longest, "description": description}


def _number(description: str, highest: int = 10**15) -> Schema:
    return {"type": ["number", "null"], "minimum": 0, "maximum": highest, "description": description}


def _word(values: Any, description: str) -> Schema:
    return {"enum": list(values), "description": description}


def _list(items: Schema, description: str, least: int = 0) -> Schema:
    found: Schema = {"type": ["array", "null"] if not least else "array", "items": items}
    return {
        **found,
        "uniqueItems": True,
        **({"minItems": least} if least else {}),
        "description": description,
    }


def _id(description: str) -> Schema:
    return {"type": ["string", "null"], "pattern": SLUG, "maxLength": 100, "description": description}


def _ids(description: str) -> Schema:
    return _list({"type": "string", "pattern": SLUG, "maxLength": 100}, description)


def _texts(description: str) -> Schema:
    return _list({"type": "string", "minLength": 1, "maxLength": 1000}, description)


def _day(description: str, pattern: str = _DAY) -> Schema:
    types = ["string", "integer", "null"] if pattern == _DATE else ["string", "null"]
    return {"type": types, "pattern": pattern, "description": description}


def _record(
    properties: Schema, description: str, required: tuple[str, ...] = (), nullable: bool = True
) -> Schema:
    return {
        "type": ["object", "null"] if nullable else "object",
        "description": description,
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def offer_schema() -> Schema:
    """Return the schema of one offer file."""
    fields = {
        "name": _said("The name the provider uses, without its own name before it. 2 to 8 words.", 300),
        "local_name": _text("The name in the local language, where that is another.", 300),
        "aliases": _texts("Other names people use: short forms, old names. Each belongs to one offer only."),
        "kind": _word(KINDS, "What a business gets. Where two fit, the one it would look for."),
        "provider": {
            **_id("The provider's id: whom the business will deal with, not who pays."),
            "type": "string",
        },
        "status": _word(
            (*STATUSES, None), "published is shown; draft is not yet, for want of a source; withdrawn was."
        ),
        "areas": _ids("The areas where a business must be. Empty: open everywhere."),
        "needs": _list(_word(NEEDS, "A need."), "What it helps to get done. The first is the main one.", 1),
        "stages": _list(
            _word(JOURNEY_STAGES, "A stage."), "Where on the way it helps: decides its phase.", 1
        ),
        "summary": _said(
            f"What the business gets, in one or two sentences of at most {SUMMARY_WORDS} words. Begin with "
            "what it is, or with a verb: 'Get half the cost of new equipment'. No praise."
        ),
        "criteria": {
            "type": ["array", "null"],
            "items": {"$ref": "#/$defs/criterion"},
            "description": "What a business must be. One condition to an entry; testable where it can be.",
        },
        "amount": _amount_schema(),
        "duration_weeks": _number("How long it takes from start to end, in weeks.", 2000),
        "hours": _number("How many hours of the owner's own time it takes."),
        "window": _window_schema(),
        "editions": {
            "type": ["array", "null"],
            "items": _edition_schema(),
            "maxItems": MOST_EDITIONS,
            "description": "Each time it is held. Only days that a page or a feed tells.",
        },
        "requires": _ids("Offers that must be done first. Only true preconditions, not good advice."),
        "leads_to": _ids("Offers that usually follow."),
        "excludes": _ids("Offers that cannot be had together with this one."),
        "succeeded_by": _id("The offer that took this one's place."),
        "part_of": _id("The programme this offer is a part of."),
        "series": _text("A name shared by the rounds or years of one offer.", 200),
        "prepare": _texts("What to have ready, 2 to 8 words each: 'Last two years' accounts'."),
        "languages": _list(
            {"type": "string", "pattern": "^[a-z]{2,3}$"}, "Languages it is given in, such as en or cy."
        ),
        "audience": _word((*AUDIENCES, None), "owner, or broker for what only advisers can use."),
        "evidence": _text("What it has achieved, in numbers, with where that is said."),
        "source": _source_schema("The page that says all this, and the day somebody last looked at it."),
        "assured": _record(
            {
                "by": _said("Who checked the record: a name or a role.", 200),
                "on": {**_day("The day it was checked."), "type": "string"},
                "until": {**_day("The day it must be checked again."), "type": "string"},
            },
            "A curator's statement that the record is right. Null: not yet checked by the hub.",
            ("by", "on", "until"),
        ),
    }
    required = ("name", "kind", "provider", "areas", "needs", "stages", "summary", "window", "source")
    return {
        "$schema": DRAFT,
        "title": "Offer",
        **_record(
            fields, "One thing a business can use, join, attend or apply for.", required, nullable=False
        ),
        "$defs": {"criterion": _criterion_schema()},
    }


def provider_schema() -> Schema:
    """Return the schema of one provider file."""
    fields = {
        "name": _said("The full name, as the provider writes it.", 300),
        "type": _word(PROVIDER_TYPES, "What sort of organisation it is."),
        "aliases": _texts("Other names people use: short forms, old names, the name in another language."),
        "url": _text("Its own front page, starting with https://."),
        "areas": _ids("The areas it works in."),
    }
    described = _record(fields, "The organisation that delivers an offer.", ("name", "type"), nullable=False)
    return {"$schema": DRAFT, "title": "Provider", **described}


def example_schema() -> Schema:
    """Return the schema of one example of the gallery."""
    money = {
        "amount": {**_number("The sum, in whole units of the currency."), "type": "number"},
        "currency": _word(sorted(CURRENCIES), "Three letters: GBP, EUR, SEK."),
    }
    facts = _record(
        {
            fact: {"description": f"The fact {fact}, as a profile file has it."}
            for fact in (*FACTS, "refused")
        },
        "The facts it told, as a profile file has them. Leave out what it did not say.",
        ("place",),
        nullable=False,
    )
    fields = {
        "business": _said("A typical business and its place, unnamed. 8 to 16 words, no full stop.", 160),
        "region": {**_id("The code of its region in gallery.yml."), "type": "string"},
        "needs": _list(_word(NEEDS, "A need."), "What it wants to get done, the first need first.", 1),
        "said": _said("What its owner would say, in one to three sentences and plain words.", 400),
        "profile": facts,
        "cost": _record(money, "What its project costs, where it said so.", ("amount", "currency")),
        "shows": _list(
            {"type": "string", "pattern": "^[a-z]+(_[a-z]+)*$"},
            "Why it is in the gallery: codes of shows in gallery.yml.",
            1,
        ),
        "why": _said("What a reader should see in its roadmap, in one or two sentences.", 400),
    }
    required = ("business", "region", "needs", "said", "profile", "shows", "why")
    described = _record(fields, "A made-up business, and why it is in the gallery.", required, nullable=False)
    return {"$schema": DRAFT, "title": "Example", **described}


def _criterion_schema() -> Schema:
    value = {"type": "string", "minLength": 1, "maxLength": 200}
    fields = {
        "fact": _word(FACTS, "The one fact this condition is about."),
        "between": {
            "type": "array",
            "items": _number("A bound, included; null leaves the side open."),
            "minItems": 2,
            "maxItems": 2,
            "description": "The smaller bound, then the larger: [5, 249]. 'Fewer than 250' is [null, 249].",
        },
        "one_of": _list(value, "The business is one of these.", 1),
        "none_of": _list(value, "The business is none of these.", 1),
        "within": _list({"type": "string", "pattern": SLUG}, "The business lies in one of these areas.", 1),
        "currency": _word(
            sorted(CURRENCIES), "The currency of the bounds: always with turnover or an amount."
        ),
        "any_of": {
            "type": "array",
            "items": {"$ref": "#/$defs/criterion"},
            "minItems": 1,
            "description": "Conditions of which one is enough.",
        },
        "words": _said(
            f"The condition in at most {CONDITION_WORDS} plain words, best 6 to 12. Begin with You or Your: "
            "'You employ between 5 and 249 people'.",
            1000,
        ),
        "source": _source_schema("The page that says so, where it is not the offer's own."),
    }
    money = {
        "if": {"properties": {"fact": {"enum": list(MONEY_FACTS)}}, "required": ["fact", "between"]},
        "then": {"required": ["currency"]},
    }
    return {**_record(fields, "One condition on one fact.", ("words",), nullable=False), **money}


def _amount_schema() -> Schema:
    fields = {
        "currency": _word((*sorted(CURRENCIES), None), "Three letters: GBP, EUR, SEK."),
        "min": _number("The least, in whole units of the currency."),
        "max": _number("The most, in whole units of the currency."),
        "rate_percent": _number("The share of the cost that is paid: 50 is half."),
        "cost_to_business": _number("What the business pays; 0 is free, null is not known."),
        "cost_words": _text("What it costs, where no one number says it."),
        "paid": _word((*PAID, None), "in_arrears: the business pays first and claims. Null: not known."),
        "meaning": _word(
            (*MEANINGS, None), "payment is received; limit is a ceiling; price is what is paid for it."
        ),
        "note": _text("Anything about the money that the numbers leave out."),
    }
    return _record(fields, "The money in it. Leave out what the page does not say.")


def _window_schema() -> Schema:
    fields = {
        "status": _word(WINDOW_STATUSES, "rolling, dated, annual, closed, or unknown where no page says."),
        "opens": _day("The first day, or month, it can be used.", _DATE),
        "closes": _day("The last day, or month, it can be used or applied for.", _DATE),
        "usual_month": {
            "type": ["integer", "null"],
            "minimum": 1,
            "maximum": 12,
            "description": "Month it returns.",
        },
        "note": _text("What else is known of its dates."),
    }
    return _record(fields, "When it can be used or applied for.", ("status",), nullable=False)


def _edition_schema() -> Schema:
    moment = {"type": "string", "pattern": MOMENT}
    fields = {
        "uid": _text(
            "A name for this time that never changes, such as the one in the organiser's feed.", 300
        ),
        "starts": {
            **moment,
            "description": "Its day, or the moment with its zone: 2027-03-04T10:00:00+00:00.",
        },
        "ends": {**moment, "type": ["string", "null"], "description": "Its last day, or the moment it ends."},
        "name": _text("Its own title, where that is not the event's.", 300),
        "place": _text("Where it is held: the building and the town.", 300),
        "online": {"type": ["boolean", "null"], "description": "true where one can join from anywhere."},
        "booking": {**_text("The page to book on, in full."), "pattern": "^https?://[^\\s/]+"},
        "status": _word(
            (*EDITION_STATUSES, None), "cancelled: it is not held. moved: it is, on another day."
        ),
        "sequence": {"type": ["integer", "null"], "minimum": 0, "description": "How often it was changed."},
        "source": _text("Where it was told: the feed, the file or the page.", 2000),
    }
    return _record(fields, "One time it is held.", ("starts",), nullable=False)


def _source_schema(description: str) -> Schema:
    fields = {
        "url": {**_text("The page's address in full."), "pattern": "^https?://[^\\s/]+"},
        "title": _text("The page's title."),
        "date": {
            "type": ["string", "integer", "null"],
            "description": "The date on the page, as it is written.",
        },
        "seen": _day("The day somebody last looked at the page."),
    }
    return _record(fields, description)


def write_schemas(folder: Path = CONTENT) -> None:
    """Write the schemas into a folder, as they are committed."""
    schemas = (("offer", offer_schema()), ("provider", provider_schema()), ("example", example_schema()))
    for name, schema in schemas:
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")
