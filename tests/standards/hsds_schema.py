"""The JSON Schemas of HSDS 3.0 and of its UK profile, transcribed: which fields each thing has, of what type,

and which it needs. Only the things and fields that services as written here are made of, or could be;
descriptions are left out. `PAGE` refuses a field that neither has, which the standard's own schemas leave
open. `UK_SERVICE` is the profile's service with everything inside it, open as it is published.
"""

from __future__ import annotations

import re
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

TEXT, NUMBER = {"type": "string"}, {"type": "number"}
UUID, URI, EMAIL, MOMENT = (
    {"type": "string", "format": form} for form in ("uuid", "uri", "email", "date-time")
)

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
            "last_modified": MOMENT,
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
        "id", _ids("id service_id") | _texts("name service_area description extent extent_type uri")
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
            "external_identifier_type": TEXT,
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
            **_texts("code name term description taxonomy language"),
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


def _open(required: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": required.split()}


def _each(thing: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": thing}


UK_TERM = _open(
    "id name description",
    {**_ids("id parent_id taxonomy_id"), **_texts("name term description taxonomy"), "term_uri": URI},
)
UK_ATTRIBUTE = _open(
    "id", {**_ids("id link_id taxonomy_term_id"), "link_type": TEXT, "taxonomy_term": UK_TERM}
)
UK_LOCATION = _open(
    "id location_type",
    {
        "id": UUID,
        "location_type": {"type": "string", "enum": ["physical", "postal", "virtual"]},
        **_texts("name description external_identifier external_identifier_type"),
        "latitude": NUMBER,
        "longitude": NUMBER,
        "attributes": _each(UK_ATTRIBUTE),
    },
)
UK_SCHEDULE = _open(
    "id",
    {
        **_ids("id service_id service_at_location_id"),
        **_texts("valid_from valid_to dtstart byday bymonthday description opens_at closes_at"),
        **_texts("attending_type notes"),
        "freq": {"type": "string", "enum": ["WEEKLY", "MONTHLY"]},
        "interval": NUMBER,
        "schedule_link": URI,
    },
)
UK_ORGANIZATION = _open(
    "id name description",
    {
        **_ids("id parent_organization_id"),
        **_texts("name description logo"),
        "email": EMAIL,
        "website": URI,
        "uri": URI,
        "attributes": _each(UK_ATTRIBUTE),
    },
)
UK_SERVICE = _open(
    "id name status",
    {
        **_ids("id organization_id"),
        **_texts("name description fees accreditations assured_date alert"),
        "url": URI,
        "email": EMAIL,
        "assurer_email": EMAIL,
        "status": {"type": "string", "enum": ["active", "inactive", "defunct", "temporarily closed"]},
        "minimum_age": NUMBER,
        "maximum_age": NUMBER,
        "last_modified": MOMENT,
        "schedules": _each(UK_SCHEDULE),
        "service_areas": _each(
            _open("id", _ids("id service_id") | _texts("name service_area extent extent_type uri"))
        ),
        "service_at_locations": _each(
            _open("id", {**_ids("id service_id location_id"), "location": UK_LOCATION})
        ),
        "languages": _each(_open("id", _ids("id service_id phone_id"))),
        "organization": UK_ORGANIZATION,
        "funding": _each(_open("id", {**_ids("id service_id"), "source": TEXT})),
        "cost_options": _each(
            _open(
                "id",
                {
                    **_ids("id service_id"),
                    **_texts("valid_from valid_to option amount_description"),
                    "amount": NUMBER,
                },
            )
        ),
        "contacts": _each(_open("id", {**_ids("id service_id"), **_texts("name title")})),
        "attributes": _each(UK_ATTRIBUTE),
    },
)


def faults_in(page: Any) -> list[str]:
    """Return what a page of services breaks, of HSDS or of its UK profile, in words."""
    found = []
    for schema, thing in ((PAGE, page), (_each(UK_SERVICE), page["contents"])):
        validator = Draft202012Validator(schema, format_checker=CHECKER)
        found += [f"{error.json_path}: {error.message}" for error in validator.iter_errors(thing)]
    return found
