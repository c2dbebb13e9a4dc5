"""What tests of tables share: a file opened, its suggested mapping, and what its rows would do."""

from __future__ import annotations

import io
from typing import Any

from knowledge_base.interchange.closed_lists import Words, words_of
from knowledge_base.interchange.guessing import guess
from knowledge_base.interchange.known import Known
from knowledge_base.interchange.mapping import ColumnMap
from knowledge_base.interchange.preview import Planned, preview
from knowledge_base.interchange.tables import Table, open_table
from knowledge_base.records import Area, Catalogue, Provider

AREAS = [
    Area("uk", "UK"),
    Area("england", "England", ("uk",)),
    Area("wales", "Wales", ("uk",), ("Cymru",)),
    Area("scotland", "Scotland", ("uk",)),
    Area("northern-ireland", "Northern Ireland", ("uk",)),
    Area("west-midlands", "West Midlands", ("england",)),
]
COUNCIL = Provider("example-council", "Example Council", "public", ("ExC",))
WORDS = words_of(AREAS)


def known(*offers: Any) -> Known:
    """Records as they are there: the council, and these offers."""
    return Known.of(Catalogue.of(AREAS, offers, [COUNCIL]))


def opened(content: str | bytes, name: str = "schemes.csv", **told: str) -> Table:
    return open_table(io.BytesIO(content.encode() if isinstance(content, str) else content), name, **told)


def planned(
    content: str | bytes,
    name: str = "schemes.csv",
    mapping: ColumnMap | None = None,
    there: Known | None = None,
    words: Words = WORDS,
) -> list[Planned]:
    """What the rows of a file would do, by the mapping that is suggested unless another is told."""
    table = opened(content, name)
    return [*preview(table, mapping or guess(table, words), words, there or known())]


def made(content: str | bytes, **given: Any) -> list[dict[str, Any]]:
    """The documents that a file makes, where nothing in it is refused."""
    rows = planned(content, **given)
    assert not [str(fault) for row in rows for fault in row.faults]
    return [row.document or {} for row in rows if row.record_type == "offer"]


def faults(content: str | bytes, **given: Any) -> list[str]:
    """Every fault of a file, in words."""
    return [str(fault) for row in planned(content, **given) for fault in row.faults]
