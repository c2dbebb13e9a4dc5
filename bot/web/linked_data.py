"""What a page's steps are in the words of schema.org, for machines that read pages.

It stands in a script element of type application/ld+json, which browsers take for data and never run: the
content policy, which forbids scripts in a page, leaves it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from knowledge_base.standards.schema_org import as_script, steps_as_things
from knowledge_base.view import View


def linked_data(document: Mapping[str, Any], view: View | None) -> Markup:
    """Return the script element of a roadmap's steps; empty where it has none."""

    def areas_of(offer: str) -> list[str]:
        if view is None or offer not in view.catalogue.offers:
            return []
        areas = view.catalogue.areas
        return [areas[code].name for code in view.catalogue.offers[offer].areas if code in areas]

    found = steps_as_things(document, areas_of)
    if found is None:
        return Markup("")
    # Its own escapes, not HTML's, which a script element does not know.
    return Markup(f'<script type="application/ld+json">{as_script(found)}</script>')
