"""The names that HSDS and a record share: identifiers, taxonomies and terms, made the same way each time."""

from __future__ import annotations

import re
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from knowledge_base import labels

Document = dict[str, Any]

NEEDS, KINDS, STAGES, RECORD = (
    "fingerpost-needs",
    "fingerpost-kinds",
    "fingerpost-stages",
    "fingerpost-record",
)
TAXONOMIES = {
    NEEDS: ("Needs", "What a business wants to get done"),
    KINDS: ("Kinds of support", "What a business gets: a grant, advice, an event"),
    STAGES: ("Stages of a journey", "Where on the way it helps"),
    RECORD: ("Fields of a record", "What a record says and HSDS has no field for, as JSON"),
}

_URI = re.compile(r"https?://[A-Za-z0-9\[][!#$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]*\Z")


def identifier(*parts: str) -> str:
    """Return the UUID of a thing, the same for the same names."""
    return str(uuid5(NAMESPACE_URL, "fingerpost:" + "\x1f".join(parts)))


def uri(told: str | None) -> str | None:
    """Return an address that is a URI to the letter of RFC 3986; None for any other."""
    return told if told and _URI.match(told) else None


def term(taxonomy: str, code: str) -> Document:
    """Return a term with the taxonomy it is from; ``term`` is the UK profile's name for ``name``."""
    name, about = TAXONOMIES[taxonomy]
    words = _words(taxonomy, code)
    return {
        "id": identifier(taxonomy, code),
        "code": code,
        "name": words,
        "term": words,
        "description": f"{name}: {words}",
        "taxonomy": taxonomy,
        "taxonomy_id": identifier(taxonomy),
        "taxonomy_detail": {"id": identifier(taxonomy), "name": name, "description": about},
    }


def attribute(entity: str, entity_id: str, taxonomy: str, code: str, value: str | None = None) -> Document:
    """Return the link of a thing to a term; ``value`` says more of it."""
    found = term(taxonomy, code)
    link: Document = {
        "id": identifier("attribute", entity_id, taxonomy, code),
        "link_id": entity_id,
        "link_entity": entity,
        "link_type": taxonomy,
        "taxonomy_term_id": found["id"],
        "taxonomy_term": found,
    }
    return link if value is None else {**link, "value": value}


def _words(taxonomy: str, code: str) -> str:
    if taxonomy == NEEDS:
        return labels.need(code)
    if taxonomy == KINDS:
        return labels.kind(code)
    return code.replace("_", " ").capitalize()
