"""The forms of an import: what they show, and what was told in them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.datastructures import FormData

from bot.console.gate import text
from knowledge_base import labels
from knowledge_base.field_labels import LABELS
from knowledge_base.interchange.closed_lists import Words
from knowledge_base.interchange.encodings import CHOICES
from knowledge_base.interchange.guessing import guess
from knowledge_base.interchange.mapping import (
    FIXED,
    IN_WORDS_FOR,
    LEAVE_OUT,
    BadMapping,
    Column,
    ColumnMap,
    dump_mapping,
    parse_mapping,
)
from knowledge_base.interchange.row_reader import RowReader
from knowledge_base.interchange.targets import TARGETS, Target
from knowledge_base.store.imports import Import, Imports
from knowledge_base.words import PROVIDER_TYPES

# As the form groups them, with what only others' tables say.
_GROUPS = (
    (
        "What it is",
        (
            "id", "name", "local_name", "aliases", "kind", "provider", "provider.type", "type", "url",
            "status", "summary",
        ),
    ),
    ("What it helps with", ("needs", "stages")),
    ("Whom it is for", ("areas", "audience", "languages", "criteria", "criterion.")),
    (LABELS["amount"], ("amount.",)),
    (LABELS["window"], ("window.", "duration_weeks", "hours", "editions")),
    ("Before, after and instead", ("requires", "leads_to", "excludes", "succeeded_by", "part_of", "series")),
    ("To have ready, and what it has done", ("prepare", "evidence")),
    (LABELS["source"], ("source.",)),
    (LABELS["assured"], ("assured.",)),
    ("As GOV.UK lists support", ("facet.",)),
)  # fmt: skip


def mapping_view(imports: Imports, one: Import) -> dict[str, Any]:
    """Return what the mapping's form shows: each column with samples, and the targets in groups."""
    chosen = {each.column: each.to for each in one.mapping.columns}
    targets = TARGETS[one.mapping.record_type]
    headers = one.report.get("headers", [])
    columns = [
        {
            "n": n,
            "heading": header,
            "samples": one.report["samples"].get(header, []),
            "to": chosen.get(header, ""),
        }
        for n, header in enumerate(headers)
    ]
    fixed = [
        {"path": p, "label": targets[p].label, "value": one.mapping.fixed.get(p, "")}
        for p in FIXED
        if p in targets
    ]
    return {
        "columns": columns,
        "groups": _grouped(targets.values()),
        "fixed": fixed,
        "kept": imports.mappings(),
        "encodings": CHOICES,
        "types": {code: labels.read()["provider_types"].get(code, code) for code in PROVIDER_TYPES},
        "unmapped": sum(not each["to"] for each in columns),
    }


def _grouped(targets: Any) -> list[tuple[str, list[Target]]]:
    found: list[tuple[str, list[Target]]] = []
    left = [*targets]
    for name, begins in _GROUPS:
        mine = [
            t for t in left if any(t.path == b or (b.endswith(".") and t.path.startswith(b)) for b in begins)
        ]
        left = [t for t in left if t not in mine]
        if mine:
            found.append((name, mine))
    return [*found, ("Others", left)] if left else found


def mapping_told(imports: Imports, one: Import, sent: FormData) -> ColumnMap:
    """Return the mapping that a form tells.

    Raises:
        BadMapping: two columns fill one field, or something else in it cannot be.
    """
    kept_name = text(sent, "use", 100)
    if kept_name:
        kept = next((each.mapping for each in imports.mappings() if each.name == kept_name), None)
        if kept is None:
            raise BadMapping("there is no mapping of that name any more; choose another")
        return replace(kept, name="", sheet=one.mapping.sheet)
    kind = text(sent, "record_type")
    if kind != one.mapping.record_type and kind in TARGETS:
        with imports.table(one.id) as table:
            return guess(table, imports.words(), kind)
    before = {each.column: each for each in one.mapping.columns}
    columns = []
    for n, header in enumerate(one.report.get("headers", [])):
        to = text(sent, f"to_{n}", 100)
        if to:
            was = before.get(header)
            same = was is not None and was.to == to
            columns.append(replace(was, to=to) if was is not None and same else Column(header, to))
    # Another choice of columns may be no table of ours any more; values of it are then read as others' are.
    exact = one.mapping.exact and all(each.column == each.to for each in columns)
    plain = dump_mapping(ColumnMap(kind or one.mapping.record_type, tuple(columns), exact=exact)) | {
        "empty": "clear" if text(sent, "empty") == "clear" else "leave",
        "month_first": text(sent, "dates") == "month_first",
        "decimal_comma": text(sent, "decimals") == "comma",
        "new_providers": text(sent, "new_providers"),
        "several": text(sent, "several") or "refuse",
        "unknown": text(sent, "unknown") or "refuse",
        "encoding": text(sent, "encoding"),
        "sheet": text(sent, "sheet", 100),
        "fixed": {path: value for path in FIXED if (value := text(sent, f"fixed_{path}", 2000))},
    }
    return parse_mapping(plain)


def unknown_view(imports: Imports, one: Import) -> dict[str, Any]:
    """Return the values that no list knows, each with what looks most like it, and what may be chosen."""
    words = imports.words()
    targets = {each.column: TARGETS[one.mapping.record_type][each.to] for each in one.mapping.columns}
    unknown = []
    lists: dict[str, list[str]] = {}
    for n, told in enumerate(one.report.get("unknown", ())):
        target = targets.get(told["column"])
        if target is None:
            continue
        near = words.nearest(target.reads, target.of, told["value"])
        unknown.append(
            {
                **told,
                "n": n,
                "list": f"{target.reads}-{target.of}",
                "near": near,
                "in_words": target.path in IN_WORDS_FOR,
            }
        )
        lists.setdefault(f"{target.reads}-{target.of}", _choices(target, words))
    return {"unknown": unknown, "lists": lists}


def _choices(target: Target, words: Words) -> list[str]:
    return sorted(dict.fromkeys(words.known(target.reads, target.of).values()))


def values_told(imports: Imports, one: Import, sent: FormData) -> ColumnMap:
    """Return the mapping with what a form tells of unknown values.

    Raises:
        BadMapping: something told is not known either.
    """
    told: dict[str, dict[str, str]] = {}
    for n, each in enumerate(one.report.get("unknown", ())):
        meant = text(sent, f"value_{n}", 300)
        if meant:
            told.setdefault(each["column"], {})[each["value"]] = meant
    columns = tuple(
        replace(each, values={**each.values, **told.get(each.column, {})}) for each in one.mapping.columns
    )
    mapping = replace(one.mapping, columns=columns)
    reader = RowReader(mapping, imports.words())
    for each in columns:
        for value, meant in told.get(each.column, {}).items():
            if meant != LEAVE_OUT and reader.known(each, reader.targets[each.to], value) is None:
                raise BadMapping(
                    f"“{meant}” is not known either; choose one of the list, or write - to leave it out"
                )
    return parse_mapping(dump_mapping(mapping))
