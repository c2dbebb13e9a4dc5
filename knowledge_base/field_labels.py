"""What the fields of a record are called: in the form, in a difference and where columns are mapped alike.

A field is named by its path in the document, such as amount.max. Each label is clear by itself: a difference
shows it without the heading it stands under in the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "id": "Id",
        "name": "Name",
        "local_name": "Local name",
        "aliases": "Other names",
        "kind": "Kind",
        "type": "Type of provider",
        "provider": "Provider",
        "status": "Status",
        "url": "Front page",
        "summary": "Summary",
        "needs": "Needs",
        "stages": "Stages",
        "areas": "Areas",
        "audience": "Who can use it",
        "languages": "Languages",
        "criteria": "Conditions",
        "amount": "Money",
        "amount.currency": "Currency",
        "amount.min": "The least amount",
        "amount.max": "The most amount",
        "amount.meaning": "What the amount means",
        "amount.rate_percent": "Share of the cost, per cent",
        "amount.cost_to_business": "What the business pays",
        "amount.cost_words": "What it costs, in words",
        "amount.paid": "When it is paid",
        "amount.note": "Note on the money",
        "window": "When",
        "window.status": "When it is open",
        "window.opens": "Opens",
        "window.closes": "Closes",
        "window.usual_month": "Usual month",
        "window.note": "Note on the dates",
        "duration_weeks": "Weeks it takes",
        "hours": "Hours of the owner’s time",
        "editions": "Dates it is held",
        "requires": "Must be done first",
        "leads_to": "Leads to",
        "excludes": "Cannot be had together with",
        "succeeded_by": "Succeeded by",
        "part_of": "Part of",
        "series": "Series",
        "prepare": "What to have ready",
        "evidence": "What it has achieved",
        "source": "Where it is said",
        "source.url": "Web page",
        "source.title": "Title of the page",
        "source.date": "Date on the page",
        "source.seen": "Last looked at",
        "assured": "Assurance",
        "assured.by": "Checked by",
        "assured.on": "Checked on",
        "assured.until": "To be checked again by",
    }
)
"""The fields of an offer and of a provider, in the order they are shown."""


def label_of(path: str) -> str:
    """Return what a field is called; one there is no name for by its own, without underscores."""
    return LABELS.get(path) or path.replace("_", " ").replace(".", ", ").capitalize()


def in_order(paths: Iterable[str]) -> list[str]:
    """Return fields in the order they are shown, those that are not known last."""
    place = {path: i for i, path in enumerate(LABELS)}
    return sorted(paths, key=lambda path: (place.get(path, len(place)), path))
