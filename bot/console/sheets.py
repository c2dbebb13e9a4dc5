"""Write rows as CSV that a spreadsheet opens as what they are: words stay words, whatever they begin with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from starlette.responses import Response

from knowledge_base.interchange.cells import guarded


def cell(value: Any) -> Any:
    """Return a cell no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, str):
        return guarded(value)
    return "" if value is None else value


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as CSV, its headings first."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([cell(each) for each in headings])
    writer.writerows([[cell(each) for each in row] for row in rows])
    return out.getvalue()


def csv_response(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """Return a table to be taken away; with a mark in front by which spreadsheets know UTF-8."""
    return download(f"\ufeff{csv_text(headings, rows)}", name, "text/csv; charset=utf-8")


def download(text: str, name: str, kind: str) -> Response:
    """Return a text to be taken away under a name of ours."""
    return Response(
        text,
        media_type=kind,
        headers={
            "content-disposition": f'attachment; filename="{name}"',
            "cache-control": "private, no-store",
        },
    )
