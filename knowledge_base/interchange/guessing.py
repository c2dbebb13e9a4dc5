"""Suggest a mapping from headings and values. It is shown to a curator, who decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from rapidfuzz import fuzz

from knowledge_base.interchange.closed_lists import Words, headings, plain
from knowledge_base.interchange.loose import days_in, sums_in, without_marks
from knowledge_base.interchange.mapping import Column, ColumnMap, is_own, own_mapping
from knowledge_base.interchange.tables import Row, Table
from knowledge_base.interchange.targets import TARGETS, Target
from knowledge_base.interchange.values import Unread, day_of, list_of, money_of, text_of

LOOKED_AT = 200  # rows
SURE = 100.0
LIKELY = 86.0  # how alike two headings are, of 100, to be suggested
_CODED = ("word", "words", "areas", "facet")
_MOST_DISTINCT = 200
_MOST_OF_A_PROVIDER = 8  # columns of a list of providers; one of offers has more


@dataclass(frozen=True, slots=True)
class Sample:
    """What stands in one column: how many cells hold anything, and what the first of them hold."""

    heading: str
    filled: int
    values: tuple[str, ...]


def samples(table: Table, rows: int = LOOKED_AT) -> dict[str, Sample]:
    """Return what stands in each column of the first rows."""
    found: dict[str, list[str]] = {header: [] for header in table.headers}
    for row in islice(table.rows(), rows):
        for header, cell in row.cells.items():
            found[header].append(text_of(cell)[:300])
    return {name: Sample(name, len(cells), tuple(cells)) for name, cells in found.items()}


def guess(table: Table, words: Words, record_type: str = "") -> ColumnMap:
    """Return a mapping that looks right: by headings first, by values where these are plain."""
    kind = record_type or _kind(table, words)
    if is_own(table.headers, kind) or any(row.record_type for row in islice(table.rows(), 1)):
        return own_mapping(kind, table.headers)
    seen = samples(table)
    scored = sorted(
        (
            (score, -position, target.path, header)
            for position, header in enumerate(table.headers)
            for target in TARGETS[kind].values()
            if (score := _score(kind, target, header, seen[header].values, words))
        ),
        reverse=True,
    )
    taken: dict[str, str] = {}
    for _, _, path, header in scored:
        if header not in taken and (path not in taken.values() or TARGETS[kind][path].many):
            taken[header] = path
    columns = tuple(Column(header, taken[header]) for header in table.headers if header in taken)
    return replace(
        ColumnMap(kind, columns),
        month_first=_month_first(columns, seen),
        decimal_comma=_comma(columns, seen, kind),
        encoding="",
        sheet=table.sheet,
    )


def _kind(table: Table, words: Words) -> str:
    """Say what the rows are: providers where a column says of which type they are, and none of which kind."""
    if is_own(table.headers, "provider"):
        return "provider"
    named = [h for h in table.headers if plain(h) in ("type", "provider type", "organisation type")]
    if not named or len(table.headers) > _MOST_OF_A_PROVIDER or is_own(table.headers, "offer"):
        return "offer"
    seen = samples(table)[named[0]].values
    types, kinds = (
        sum(words.code(of, text) is not None for text in seen) for of in ("provider_types", "kinds")
    )
    return "provider" if types > kinds else "offer"


def _score(kind: str, target: Target, header: str, values: Sequence[str], words: Words) -> float:
    """Say how well a column fits a target; 0 where it does not. Values that agree decide between two."""
    names = [plain(target.path), *map(plain, headings()[kind].get(target.path, ()))]
    if not target.path.startswith("assured."):
        # That strangers "checked on" some day must not be suggested as the word of the hub.
        names.append(plain(target.label))
    last = plain(target.path.rpartition(".")[2])
    by_name = 0.0
    for heading in dict.fromkeys((plain(header), plain(header.rpartition(".")[2]))):
        if heading in names:
            by_name = max(by_name, SURE + (1 if heading == names[0] else 0))
        elif heading == last and "." in target.path:
            by_name = max(by_name, LIKELY + 1)
        elif len(heading) > 3:
            by_name = max(by_name, *(fuzz.ratio(heading, name) for name in names))
    agree = _agreement(target, values, words)
    if target.reads in _CODED and agree is not None and agree >= 0.9 and len({*values}) >= 3:
        by_name = max(by_name, LIKELY)
    if by_name < LIKELY:
        return 0
    return by_name if agree is None else by_name + 30 * agree - 20


def _agreement(target: Target, values: Sequence[str], words: Words) -> float | None:
    """Return the share of values that a target can read; None where any would do, or none is there."""
    if not values:
        return None
    if target.reads in _CODED:
        known = words.known(target.reads, target.of)
        cells = [[text] if plain(text) in known else list_of(text) for text in values[:50]]
        told = [plain(each) in known for cell in cells for each in cell]
        return sum(told) / len(told) if told else None
    reader: Any = {"day": days_in, "number": money_of, "url": _link}.get(target.reads)
    return None if reader is None else sum(_reads(reader, text) for text in values[:50]) / len(values[:50])


def _reads(reader: Any, text: str) -> bool:
    try:
        reader(text)
    except Unread:
        return False
    return True


def _link(text: str) -> None:
    if not text.lower().startswith(("http://", "https://", "www.")):
        raise Unread("this is not a web address", "write it in full")


def _month_first(columns: Iterable[Column], seen: Mapping[str, Sample]) -> bool:
    """Say whether days are written month first: some could be no day otherwise, and none the other way."""
    days = [
        text
        for each in columns
        if each.to.endswith(("opens", "closes", "seen"))
        for text in seen[each.column].values
    ]
    american = sum(_reads(lambda t: day_of(t, True), text) for text in days)
    return american > sum(_reads(day_of, text) for text in days)


def _comma(columns: Iterable[Column], seen: Mapping[str, Sample], kind: str) -> bool:
    """Say whether a comma parts decimals: some amounts could be read in no other way."""
    sums = [
        without_marks(text)
        for each in columns
        if TARGETS[kind][each.to].reads in ("number", "range")
        for text in seen[each.column].values
    ]
    return sum(_reads(lambda t: sums_in(t, True), t) for t in sums) > sum(_reads(sums_in, t) for t in sums)


def distinct_values(rows: Iterable[Row], mapping: ColumnMap) -> dict[str, dict[str, int]]:
    """Return the values of each column that is read by a list, with how often each is there, at most 200."""
    targets = TARGETS[mapping.record_type]
    coded = {
        each.column: (each, targets[each.to]) for each in mapping.columns if targets[each.to].reads in _CODED
    }
    found: dict[str, dict[str, int]] = {column: {} for column in coded}
    for row in rows:
        for column, (each, target) in coded.items():
            cell = row.cells.get(column)
            if cell is None:
                continue
            parts = list_of(cell, each.separator, mapping.exact) if target.listed else [text_of(cell)]
            for part in parts:
                if part in found[column] or len(found[column]) < _MOST_DISTINCT:
                    found[column][part[:300]] = found[column].get(part[:300], 0) + 1
    return found
