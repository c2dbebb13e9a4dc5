"""Open JSON or YAML as a table: a list of records, our own catalogue file, or one list inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from knowledge_base.faults import BadCatalogue
from knowledge_base.interchange.faults import BadTable
from knowledge_base.interchange.tables import MOST_COLUMNS, Row, Table
from knowledge_base.safe_files import read_json, read_yaml

_OWN = (("providers", "provider"), ("offers", "offer"))
_DEEPEST = 3


def open_json(text: str, name: str, yaml: bool = False) -> Table:
    """Open records as rows; parts inside a record become columns such as ``amount.max``.

    Raises:
        BadTable: it cannot be read, or holds no list of records.
    """
    try:
        raw = (read_yaml if yaml else read_json)(text.lstrip("\ufeff"), name)
    except BadCatalogue as bad:
        fault = bad.faults[0]
        where = f"{fault.field}: " if fault.field else ""
        raise BadTable(f"{where}{fault.what}", fault.remedy or "mend the text there") from None
    found = [*_listed(raw)]
    if not found:
        raise BadTable(
            "it holds no list of records", "send a list such as [{…}, {…}], with one record to each"
        )
    wrong = next((number for number, _, one in found if not isinstance(one, Mapping)), None)
    if wrong is not None:
        raise BadTable(f"entry {wrong} is not a record", "write each as {…} with its fields by name")
    rows = [Row(number, dict(_flat(one)), kind) for number, kind, one in found]
    headers = tuple(dict.fromkeys(name for row in rows for name in row.cells))
    if len(headers) > MOST_COLUMNS:
        raise BadTable(f"its records have {len(headers):,} fields", f"keep at most {MOST_COLUMNS:,}")
    whole = isinstance(raw, Mapping) and any(isinstance(raw.get(name), list) for name, _ in _OWN)
    said = "a catalogue file" if whole else "a list of records"
    return Table("json", headers, (said,), lambda: iter(rows))


def _listed(raw: Any) -> Iterator[tuple[int, str | None, Any]]:
    if isinstance(raw, list):
        yield from ((number, None, one) for number, one in enumerate(raw, 1))
    elif isinstance(raw, Mapping):
        own = [(kind, raw[name]) for name, kind in _OWN if isinstance(raw.get(name), list)]
        lists = own or [(None, each) for each in raw.values() if isinstance(each, list)][:1]
        for kind, each in lists:
            yield from ((number, kind, one) for number, one in enumerate(each, 1))


def _flat(record: Mapping[str, Any], before: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        path = f"{before}{name}"[:200]
        if isinstance(value, Mapping) and depth < _DEEPEST:
            yield from _flat(value, f"{path}.", depth + 1)
        elif value is not None and value != "" and value != []:
            yield path, _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return value
