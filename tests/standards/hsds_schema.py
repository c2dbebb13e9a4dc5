"""The JSON Schemas of HSDS 3.0, transcribed: which fields each thing has, of what type, and which it needs.

Only the things and fields that services as written here are made of, or could be; descriptions are left out.
A field that HSDS has not is refused, which the standard's own schemas leave open.
"""

from __future__ import annotations

import re
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

TEXT, NUMBER = {"type": "string"}, {"type": "number"}
UUID, URI, EMAIL = ({"type": "string", "format": form} for form in ("uuid", "uri", "email"))

CHECKER = FormatChecker()
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]+\Z")


@CHECKER.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(_URI.match(value))


def _many(name: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}


def _one(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _thing(required: str, fields: dict[str, Any]) -> dict[str, Any]:
    whole = {**fields, "attributes": _many("attribute"), "metadata": _many("metadata")}
    return {
        "type": "object",
        "properties": whole,
        "required": required.split(),
        "additionalProperties": False,
    }


def _texts(names: str) -> dict[str, Any]:
    return dict.fromkeys(names.split(), TEXT)


def _ids(names: str) -> dict[str, Any]:
    return dict.fromkeys(names.split(), UUID)


THINGS: dict[str, Any] = {
    "service": _thing(
        "id name status",
        {
            **_ids("id organization_id program_id"),
            **_texts("name alternate_name description interpretation_services application_process"),
            **_texts("fees_description wait_time fees accreditations eligibility_description assured_date"),
            **_texts("licenses alert"),
            "url": URI,
            "email": EMAIL,
            "assurer_email": EMAIL,
            "status": {"enum": ["active", "inactive", "defunct", "temporarily closed"]},
            "minimum_age": NUMBER,
            "maximum_age": NUMBER,
            "schedules": _many("schedule"),
            "service_areas": _many("service_area"),
            "service_at_locations": _many("service_at_location"),
            "languages": _many("language"),
            "organization": _one("organization"),
            "cost_options": _many("cost_option"),
            "required_documents": _many("required_document"),
        },
    ),
    "organization": _thing(
        "id name description",
        {
            **_ids("id parent_organization_id"),
            **_texts("name alternate_name description tax_status tax_id legal_status logo"),
            "email": EMAIL,
            "website": URI,
            "uri": URI,
            "year_incorporated": NUMBER,
            "locations": _many("location"),
        },
    ),
    "schedule": _thing(
        "id",
        {
            **_ids("id service_id location_id service_at_location_id"),
            **_texts("valid_from valid_to dtstart until byday byweekno bymonthday byyearday description"),
            **_texts("opens_at closes_at attending_type notes"),
            "timezone": NUMBER,
            "count": NUMBER,
            "interval": NUMBER,
            "wkst": {"enum": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]},
            "freq": {"enum": ["WEEKLY", "MONTHLY"]},
            "schedule_link": URI,
        },
    ),
    "service_area": _thing(
        "id", {**_ids("id service_id"), **_texts("name description extent extent_type"), "uri": URI}
    ),
    "service_at_location": _thing(
        "id",
        {
            **_ids("id service_id location_id"),
            "description": TEXT,
            "schedules": _many("schedule"),
            "location": _one("location"),
        },
    ),
    "location": _thing(
        "id location_type",
        {
            **_ids("id organization_id"),
            **_texts("name alternate_name description transportation external_identifier"),
            "location_type": {"enum": ["physical", "postal", "virtual"]},
            "url": URI,
            "latitude": NUMBER,
            "longitude": NUMBER,
        },
    ),
    "language": _thing("id", {**_ids("id service_id location_id phone_id"), **_texts("name code note")}),
    "cost_option": _thing(
        "id",
        {
            **_ids("id service_id"),
            **_texts("valid_from valid_to option currency amount_description"),
            "amount": NUMBER,
        },
    ),
    "required_document": _thing("id", {**_ids("id service_id"), "document": TEXT, "uri": URI}),
    "attribute": {
        "type": "object",
        "properties": {
            **_ids("id link_id taxonomy_term_id"),
            **_texts("link_type link_entity value"),
            "taxonomy_term": _one("taxonomy_term"),
        },
        "required": ["id"],
        "additionalProperties": False,
    },
    "taxonomy_term": {
        "type": "object",
        "properties": {
            **_ids("id parent_id taxonomy_id"),
            **_texts("code name description taxonomy language"),
            "taxonomy_detail": _one("taxonomy"),
            "term_uri": URI,
        },
        "required": ["id", "name", "description"],
        "additionalProperties": False,
    },
    "taxonomy": {
        "type": "object",
        "properties": {"id": UUID, **_texts("name description version"), "uri": URI},
        "required": ["id", "name", "description"],
        "additionalProperties": False,
    },
    "metadata": {"type": "object"},
}
PAGE = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": THINGS,
    "type": "object",
    "properties": {
        **{key: {"type": "integer"} for key in ("total_items", "total_pages", "page_number", "size")},
        **{key: {"type": "boolean"} for key in ("first_page", "last_page", "empty")},
        "contents": _many("service"),
    },
    "required": [
        "total_items",
        "total_pages",
        "page_number",
        "size",
        "first_page",
        "last_page",
        "empty",
        "contents",
    ],
}


def faults_in(page: Any) -> list[str]:
    """Return what a page of services breaks, in words."""
    validator = Draft202012Validator(PAGE, format_checker=CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(page)]
