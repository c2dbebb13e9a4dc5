"""Say row by row what taking in a table would make, change or refuse. Nothing is written here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge_base.catalogue import dump_offer, dump_provider, parse_offer, parse_provider
from knowledge_base.differences import Change, difference
from knowledge_base.faults import BadCatalogue, BadRecord
from knowledge_base.interchange.closed_lists import Words, plain
from knowledge_base.interchange.conditions import with_conditions
from knowledge_base.interchange.faults import RowFault, cell_fault
from knowledge_base.interchange.known import Existing, Known, as_id, free_id, plain_link, slug
from knowledge_base.interchange.mapping import ColumnMap, own_mapping
from knowledge_base.interchange.row_reader import Read, RowReader
from knowledge_base.interchange.tables import Row, Table
from knowledge_base.interchange.values import text_of

LINKS = ("requires", "leads_to", "excludes", "succeeded_by", "part_of")
OUTCOMES = ("make", "change", "same", "refuse")
MATCHED = {"id": "by its id", "name": "by its name and provider", "link": "by its web address", "": ""}


@dataclass(frozen=True, slots=True)
class Planned:
    """What one row would do. ``document`` is the whole record as it would be, None where the row is refused.

    ``version`` and ``draft_version`` are those of the record it was held against. ``before`` is that record.
    """

    row: int
    outcome: str
    record_type: str
    id: str
    name: str
    document: dict[str, Any] | None = None
    before: dict[str, Any] | None = None
    changes: tuple[Change, ...] = ()
    faults: tuple[RowFault, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    matched: str = ""
    version: int = 0
    draft_version: int = 0


@dataclass
class _Seen:
    """What the rows before this one took, and which they are. Names by their hash only: rows may be many."""

    ids: dict[str, dict[str, int]] = field(default_factory=lambda: {"offer": {}, "provider": {}})
    names: dict[int, int] = field(default_factory=dict)


def preview(table: Table, mapping: ColumnMap, words: Words, known: Known) -> Iterator[Planned]:
    """Yield what each row would do, in the order of the table; a provider it makes stands before it.

    Raises:
        BadTable: the file cannot be read further.
    """
    yield from _Preview(table, mapping, words, known).rows()


class _Preview:
    def __init__(self, table: Table, mapping: ColumnMap, words: Words, known: Known) -> None:
        self.table, self.words, self.known = table, words, known
        other = "provider" if mapping.record_type == "offer" else "offer"
        both = (mapping, own_mapping(other, table.headers))
        self.mappings = {each.record_type: each for each in both}
        self.usual = mapping.record_type
        self.readers = {kind: RowReader(each, words) for kind, each in self.mappings.items()}
        self.seen = _Seen()
        self.in_file, self.links = _ahead(table, mapping)

    def rows(self) -> Iterator[Planned]:
        for row in self.table.rows():
            kind = row.record_type or self.usual
            read = self.readers[kind].read(row)
            if kind == "provider":
                yield self._provider(read)
            else:
                yield from self._offer(row, read)

    def _provider(self, read: Read) -> Planned:
        given, name = read.given, str(read.given.get("name") or "")
        id = str(given.get("id") or "")
        matched = "id" if id and id in self.known.ids["provider"] else ""
        if not id and name:
            id = self.known.by_name("provider", name)
            matched = "name" if id else ""
            id = id or free_id(
                slug(name) or f"provider-{read.row}", ("", read.row), self.known.ids["provider"]
            )
        return self._planned("provider", id, name, read, matched)

    def _offer(self, row: Row, read: Read) -> Iterator[Planned]:
        given, name = read.given, str(read.given.get("name") or "")
        mapping = self.mappings["offer"]
        made = self._provider_of(read, mapping) if read.provider_name else None
        provider = str(given.get("provider") or "")
        id, matched, mine = str(given.get("id") or ""), "", 0
        if id:
            matched = "id" if id in self.known.ids["offer"] else ""
        elif name:
            url = str(given.get("source.url") or "")
            id = self.known.by_name("offer", name, provider)
            matched = "name" if id else ""
            if not id and self.links.get(hash(plain_link(url))) == 1:
                id = self.known.by_link(url, name)
                matched = "link" if id else ""
            mine = hash((plain(name), provider))
            first = self.seen.names.setdefault(mine, read.row)
            if first != read.row:
                what = f"row {first} has the same name and provider"
                read.faults.append(
                    cell_fault(read.row, mapping.column_of("name"), what, "keep one of them", name)
                )
            id = id or free_id(
                slug(name) or f"offer-{read.row}", (provider, read.row), self.known.ids["offer"]
            )
        planned = self._planned("offer", id, name, read, matched)
        if planned.outcome == "refuse":
            if self.seen.names.get(mine) == read.row:
                del self.seen.names[mine]  # the name is free for a row that can be taken in
            if made is not None:
                self.known.drop("provider", made.id, made.document or {})
                del self.seen.ids["provider"][made.id]
        elif made is not None:
            yield made
        yield planned

    def _provider_of(self, read: Read, mapping: ColumnMap) -> Planned | None:
        """Find the provider of a row, or plan to make it where the mapping says of which type."""
        told, column = read.provider_name, mapping.column_of("provider")
        id = self.known.provider(told)
        if id:
            read.given["provider"] = id
            return None
        type = read.provider_type or mapping.new_providers
        if mapping.exact or not type:
            near = self.known.nearest_provider(told)
            hint = f"; did it mean {near}?" if near else ""
            remedy = (
                "take in the providers first"
                if mapping.exact
                else "choose a type for new providers, or mend it"
            )
            read.faults.append(
                cell_fault(read.row, column, f"this provider is not known{hint}", remedy, told)
            )
            return None
        id = free_id(slug(told) or f"provider-{read.row}", ("", read.row), self.known.ids["provider"])
        fresh = Read(read.row, {"name": told, "type": type})
        planned = self._planned("provider", id, told, fresh, "")
        if planned.document is None:
            read.faults.extend(planned.faults)
            return None
        read.given["provider"] = id
        return planned

    def _planned(self, kind: str, id: str, name: str, read: Read, matched: str) -> Planned:
        mapping = self.mappings[kind]
        there = self.known.find(kind, id) if matched else None
        faults = [*read.faults, *self._clashes(kind, id, read, there)]
        document = None
        try:
            document = _document(kind, id, read, there.document if there else None, mapping)
        except BadCatalogue as bad:
            faults += [_of_field(fault, read, mapping) for fault in bad.faults]
        if document is not None:
            faults += self._links(kind, id, document, read, mapping)
        name = name or str((there.document if there else {}).get("name") or "")
        common: dict[str, Any] = {"row": read.row, "record_type": kind, "id": id, "name": name}
        if document is None or faults:
            unknown = tuple(read.unknown)
            return Planned(
                **common, outcome="refuse", faults=tuple(_once(faults)), unknown=unknown, matched=matched
            )
        self.seen.ids[kind][id] = read.row
        if there is None:
            self.known.ids[kind].add(id)
            if kind == "provider":  # offers of the same table name it; of the many offers the id is enough
                self.known.add(kind, id, document)
            return Planned(**common, outcome="make", document=document)
        before, after = {**there.document}, document
        if there.draft_version:  # the status of a draft is its own, whatever a table says of it
            before, after = ({n: v for n, v in each.items() if n != "status"} for each in (before, after))
        changed = tuple(difference(before, after))
        return Planned(
            **common,
            outcome="change" if changed or before != after else "same",
            document=document,
            before=there.document,
            changes=changed,
            matched=matched,
            version=there.version,
            draft_version=there.draft_version,
        )

    def _clashes(self, kind: str, id: str, read: Read, there: Existing | None) -> Iterator[RowFault]:
        mapping = self.mappings[kind]
        first = self.seen.ids[kind].get(id)
        if first is not None:
            what = f"row {first} is the same record already"
            yield cell_fault(
                read.row, mapping.column_of("id") or mapping.column_of("name"), what, "keep one of them", id
            )
        if there is not None and there.held_by:
            what = f"{there.held_by} is changing this record"
            yield cell_fault(
                read.row, "", what, "let that be published or discarded first, then take it in", id
            )
        elif there is not None and there.overtaken:
            what = "this record was published anew since its draft was begun"
            remedy = "open the draft and take over what changed first, then look at this file again"
            yield cell_fault(read.row, "", what, remedy, id)

    def _links(
        self, kind: str, id: str, document: Mapping[str, Any], read: Read, mapping: ColumnMap
    ) -> Iterator[RowFault]:
        for code in document.get("areas") or ():
            if code not in self.words.area_codes:
                column = mapping.column_of("areas") or mapping.column_of("facet.regions")
                remedy = "use the code of an area of this hub, or let it be added to the areas first"
                yield cell_fault(read.row, column, f"{code} is not an area here", remedy, code)
        if kind != "offer":
            return
        provider = document.get("provider")
        if provider and provider not in self.known.ids["provider"]:
            column = mapping.column_of("provider")
            yield cell_fault(read.row, column, "this provider is not known", "take it in first", provider)
        for path in LINKS:
            named = document.get(path) or ()
            for other in [named] if isinstance(named, str) else named:
                if other == id or not (other in self.known.ids["offer"] or other in self.in_file):
                    what = "an offer cannot name itself" if other == id else f"{other} is not an offer"
                    yield cell_fault(read.row, mapping.column_of(path), what, "use the id of an offer", other)


def _ahead(table: Table, mapping: ColumnMap) -> tuple[set[str], Counter[int]]:
    """Read the table once for the ids in it, and how many rows tell of each page."""
    id_column, link_column = mapping.column_of("id"), mapping.column_of("source.url")
    own = table.kind == "json" or mapping.exact
    ids: set[str] = set()
    links: Counter[int] = Counter()
    if not id_column and not link_column and not own:
        return ids, links
    for row in table.rows():
        if row.record_type in (None, "offer") and (id := row.cells.get(id_column or "id")) is not None:
            ids.add(text_of(id) if own else as_id(text_of(id)))
        if (url := row.cells.get(link_column)) is not None:
            links[hash(plain_link(text_of(url)))] += 1
    return ids, links


def _document(
    kind: str, id: str, read: Read, before: Mapping[str, Any] | None, mapping: ColumnMap
) -> dict[str, Any]:
    """Return the record as it would be, in the order of the format; raises BadCatalogue."""
    raw: dict[str, Any] = {name: dict(v) if isinstance(v, dict) else v for name, v in (before or {}).items()}
    if mapping.empty == "clear":
        for path in read.emptied:
            _put(raw, path, None)
    for path, value in read.given.items():
        if path != "id":
            _put(raw, path, value)
    if read.conditions:
        raw["criteria"] = with_conditions(raw.get("criteria") or [], read.conditions)
    for name in ("amount", "window", "source", "assured"):
        if isinstance(raw.get(name), dict) and not {k: v for k, v in raw[name].items() if v is not None}:
            raw.pop(name)
    if kind == "provider":
        return dump_provider(parse_provider(id, raw))
    return dump_offer(parse_offer(id, raw))


def _put(raw: dict[str, Any], path: str, value: Any) -> None:
    *parts, last = path.split(".")
    for part in parts:
        inner = raw.get(part)
        raw[part] = inner if isinstance(inner, dict) else {}
        raw = raw[part]
    if value is None:
        raw.pop(last, None)
    else:
        raw[last] = value


def _of_field(fault: BadRecord, read: Read, mapping: ColumnMap) -> RowFault:
    """Say a fault of a record as one of the row: by the column that the field came from."""
    path = re.sub(r"\[\d+\]", "", fault.field)
    column = mapping.column_of(path)
    if path.startswith("criteria") and not column:
        column = mapping.column_of("criterion.words")
    if path == "kind" and not column:
        column = mapping.column_of("facet.types_of_support")
    value = read.given.get(path, "")
    what = fault.what if column or not path else f"{path}: {fault.what}"
    remedy = fault.remedy
    if fault.what == "this is missing":
        what = f"there is no {path}"
        remedy = f"fill this column for {path}" if column else f"map a column to {path}, or give all rows one"
    return cell_fault(read.row, column, what, remedy, value)


def _once(faults: Iterable[RowFault]) -> Iterator[RowFault]:
    """Leave out what only follows: a field that is missing for a value that was not known."""
    listed = [*dict.fromkeys(faults)]
    named = {fault.column for fault in listed if fault.column and not fault.what.startswith("there is no ")}
    for fault in listed:
        if not (fault.what.startswith("there is no ") and fault.column in named):
            yield fault
