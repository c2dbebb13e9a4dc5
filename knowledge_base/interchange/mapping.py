"""A mapping: which column of a table fills which field, and what its words mean; kept, and used again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from knowledge_base.faults import shown
from knowledge_base.interchange.targets import RECORD_TYPES, TARGETS, own_columns
from knowledge_base.words import PROVIDER_TYPES

LEAVE_OUT = "-"
IN_WORDS = "="
IN_WORDS_FOR = ("areas", "criterion.sector", "criterion.stage", "criterion.legal_form")
MOST_VALUES = 500
FIXED = ("kind", "provider", "areas", "needs", "stages", "languages", "amount.currency", "source.url", "type")
_FIELDS = ("name", "record_type", "columns", "fixed", "exact", "empty", "month_first", "decimal_comma",
           "new_providers", "several", "encoding", "sheet", "unknown")  # fmt: skip


class BadMapping(ValueError):
    """A mapping that cannot be used; the message says what is wrong, and the way out."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the target it fills, and what its values mean where our lists do not say.

    ``values`` go from a value of the file to a value we know; ``-`` leaves a value out, and ``=`` makes a
    condition in words of it, in the columns of `IN_WORDS_FOR`.
    """

    column: str
    to: str
    separator: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ColumnMap:
    """How the rows of one kind of table are read.

    ``exact`` is for tables that we wrote ourselves: nothing in them is taken for another spelling.
    ``empty`` says whether an empty cell leaves a field of a known record as it is, or clears it.
    ``new_providers`` is the type to make unknown providers with; without, their rows are refused.
    ``several`` says what to do where one value is wanted and a cell names several: refuse, or take the first.
    ``unknown`` says what becomes of a condition that no list knows, and of an amount or a day that is not
    plain: the row is refused, or it is kept in words. Kinds, needs, areas and such are asked for in any case.
    """

    record_type: str = "offer"
    columns: tuple[Column, ...] = ()
    name: str = ""
    fixed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    exact: bool = False
    empty: str = "leave"
    month_first: bool = False
    decimal_comma: bool = False
    new_providers: str = ""
    several: str = "refuse"
    encoding: str = ""
    sheet: str = ""
    unknown: str = "refuse"

    def column_of(self, path: str) -> str:
        """Return the column that fills a field, or the part of a record it lies in; empty where none does."""
        while path:
            found = next((each.column for each in self.columns if each.to == path), None)
            if found is not None:
                return found
            path = path.rpartition(".")[0]
        return ""


def own_mapping(record_type: str, headers: Iterable[str]) -> ColumnMap:
    """Return the mapping of a table that we wrote ourselves: each column is the field of its name."""
    fields = {*own_columns(record_type)}
    columns = tuple(Column(each, each) for each in headers if each in fields)
    return ColumnMap(record_type, columns, "our own table", exact=True, empty="clear")


def is_own(headers: Iterable[str], record_type: str) -> bool:
    """Say whether headings are those of a table that we wrote, columns left out or not."""
    there = [*headers]
    fields = {*own_columns(record_type)}
    return {"id", "name"} <= {*there} and len(there) > 2 and all(each in fields for each in there)


def parse_mapping(raw: Any) -> ColumnMap:
    """Read a mapping as `dump_mapping` writes it.

    Raises:
        BadMapping: it has other fields, names a target there is none of, or fills one field twice.
    """
    if not isinstance(raw, Mapping):
        raise BadMapping(f"{shown(raw)} is no mapping; write it as field: value pairs")
    other = [str(name) for name in raw if name not in _FIELDS]
    if other:
        raise BadMapping(f"{shown(other[0])} is not a field of a mapping; use {', '.join(_FIELDS)}")
    kind = _choice(raw, "record_type", RECORD_TYPES, "offer")
    columns = raw.get("columns") or []
    if not isinstance(columns, list):
        raise BadMapping("columns: this is not a list; write one entry for each column")
    made = ColumnMap(
        kind,
        tuple(_column(each, kind) for each in columns),
        _text(raw, "name", 100),
        _fixed(raw.get("fixed") or {}, kind),
        raw.get("exact") is True,
        _choice(raw, "empty", ("leave", "clear"), "leave"),
        raw.get("month_first") is True,
        raw.get("decimal_comma") is True,
        _choice(raw, "new_providers", ("", *PROVIDER_TYPES), ""),
        _choice(raw, "several", ("refuse", "first"), "refuse"),
        _text(raw, "encoding", 20),
        _text(raw, "sheet", 100),
        _choice(raw, "unknown", ("refuse", "words"), "refuse"),
    )
    refuse_twice(made)
    return made


def refuse_twice(mapping: ColumnMap) -> None:
    """Raise BadMapping where two columns fill one field of one value, or one column is named twice."""
    targets = TARGETS[mapping.record_type]
    counted = Counter(each.to for each in mapping.columns)
    twice = next((to for to, count in counted.items() if count > 1 and not targets[to].many), None)
    if twice:
        both = " and ".join(shown(each.column) for each in mapping.columns if each.to == twice)
        raise BadMapping(f"{both} both fill “{targets[twice].label}”; choose one of them")
    named = Counter(each.column for each in mapping.columns)
    column = next((name for name, count in named.items() if count > 1), None)
    if column is not None:
        raise BadMapping(f"the column {shown(column)} is there twice; keep one of them")


def dump_mapping(mapping: ColumnMap) -> dict[str, Any]:
    """Write a mapping as plain values, leaving out what is as usual."""
    usual = ColumnMap()
    columns = [
        {"column": each.column, "to": each.to}
        | ({"separator": each.separator} if each.separator else {})
        | ({"values": dict(each.values)} if each.values else {})
        for each in mapping.columns
    ]
    plain = {
        name: getattr(mapping, name) for name in _FIELDS if name not in ("columns", "fixed", "record_type")
    }
    changed = {name: value for name, value in plain.items() if value != getattr(usual, name)}
    fixed = {"fixed": dict(mapping.fixed)} if mapping.fixed else {}
    return {"record_type": mapping.record_type, **changed, **fixed, "columns": columns}


def _column(raw: Any, kind: str) -> Column:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("column"), str):
        raise BadMapping(f"columns: {shown(raw)} names no column; write {{column: …, to: …}}")
    to, values = raw.get("to"), raw.get("values") or {}
    if to not in TARGETS[kind]:
        raise BadMapping(
            f"{shown(raw['column'])}: {shown(to)} is no field of a {kind}; choose one of the list"
        )
    if not isinstance(values, Mapping) or len(values) > MOST_VALUES:
        raise BadMapping(
            f"{shown(raw['column'])}: values are no list of at most {MOST_VALUES} pairs; shorten it"
        )
    separator = raw.get("separator") or ""
    if separator not in ("", ";", "|", ",", "\n", "/"):
        raise BadMapping(
            f"{shown(raw['column'])}: {shown(separator)} parts no values; use ; | , / or a line's end"
        )
    return Column(
        raw["column"],
        str(to),
        separator,
        {str(key)[:300]: str(value)[:300] for key, value in values.items() if value not in (None, "")},
    )


def _fixed(raw: Any, kind: str) -> Mapping[str, str]:
    if not isinstance(raw, Mapping):
        raise BadMapping("fixed: write it as field: value pairs")
    for path in raw:
        if path not in FIXED or path not in TARGETS[kind]:
            raise BadMapping(
                f"fixed: {shown(path)} cannot be the same for all; use one of {', '.join(FIXED)}"
            )
    return MappingProxyType({str(path): str(value)[:2000] for path, value in raw.items() if value})


def _choice(raw: Mapping[str, Any], name: str, allowed: tuple[str, ...], usual: str) -> str:
    value = raw.get(name, usual) or usual
    if value not in allowed:
        raise BadMapping(f"{name}: {shown(value)} cannot be; use one of {', '.join(filter(None, allowed))}")
    return str(value)


def _text(raw: Mapping[str, Any], name: str, longest: int) -> str:
    value = raw.get(name) or ""
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        raise BadMapping(f"{name}: {shown(value)} cannot be; write plain words, at most {longest} letters")
    return value
