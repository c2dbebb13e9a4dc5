"""A form as it stands: the texts in its fields, and one row for each condition.

`of_document` fills it from a record, `of_posted` from what a browser sent, `document` makes the record
again. A field that nobody touched gives back exactly what the record had, and what a form does not show
travels along in ``kept``: document in, form, document out is the identity.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.console.forms.controls import MISSING, Checks, Control, Pick, Texts
from bot.console.forms.fields import Field, condition_fields, fields_of
from bot.console.forms.names import AllNames
from knowledge_base.faults import BadRecord
from knowledge_base.words import FACTS

MOST_ROWS = 100  # as many conditions as a record may have
MOST_TEXT = 1024 * 1024  # more than the longest list of a record
MOST_KEPT = 8 * 1024 * 1024
DEEPEST = 4  # groups inside groups, as deep as a record may have them
_ROW = r"criteria\[\d{1,3}\](?:\.any_of\[\d{1,3}\]){0,4}"
_OF_ROW = re.compile(rf"({_ROW})\.(\w+(?:\.\w+)?)\Z")
_PLACE = re.compile(r"\[(\d{1,3})\]")
_BLANK: dict[str, list[Any]] = {
    "areas": []
}  # what an emptied field leaves behind, where that is worth saying
Document = dict[str, Any]


@dataclass
class Row:
    """One condition. ``fact`` decides its fields; a group has ``members``."""

    fact: str = ""
    texts: dict[str, Texts] = field(default_factory=dict)
    kept: Document = field(default_factory=dict)
    members: list[Row] = field(default_factory=list)
    group: bool = False
    fresh: bool = False  # was added just now

    @property
    def fields(self) -> tuple[Field, ...]:
        return condition_fields("" if self.group else self.fact)


@dataclass
class FormState:
    """Everything a form holds."""

    record_type: str
    texts: dict[str, Texts] = field(default_factory=dict)
    kept: Document = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    roomy: set[str] = field(default_factory=set)  # lists of names with one more empty line

    def told(self, name: str) -> Texts:
        return self.texts.get(name, [])

    @property
    def called(self) -> str:
        """The name in the form, while it has one."""
        return (self.told("name") or [""])[0].strip()


def of_document(record_type: str, document: Mapping[str, Any], names: AllNames) -> FormState:
    """Fill a form from a record."""
    kept = dict(document)
    rows = _rows_of(kept, "criteria", names) if record_type == "offer" else []
    state = FormState(record_type, {}, kept, rows)
    for each in fields_of(record_type):
        state.texts[each.name] = each.control.shown(_at(kept, each.path), names)
    return state


def _rows_of(record: Document, name: str, names: AllNames, depth: int = 0) -> list[Row]:
    """Take the conditions out of a record, where they can be shown as rows; else they stay in it."""
    listed = record.get(name)
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_ROWS or depth > DEEPEST:
        return []
    if not all(isinstance(each, dict) for each in listed):
        return []
    del record[name]
    return [_row_of(each, names, depth) for each in listed]


def _row_of(raw: Mapping[str, Any], names: AllNames, depth: int) -> Row:
    kept = dict(raw)
    members = _rows_of(kept, "any_of", names, depth + 1)
    fact = raw.get("fact")
    row = Row(fact if fact in FACTS else "", {}, kept, members, isinstance(raw.get("any_of"), list))
    row.texts = {each.name: _shown_of(each, kept, names) for each in row.fields}
    return row


def _shown_of(each: Field, raw: Document, names: AllNames) -> Texts:
    return each.control.shown(_in_row(each.name, raw), names)


def _in_row(name: str, raw: Document) -> Any:
    """Return what a field of a condition holds; bounds and lists have names of their own in a form."""
    bounds = raw.get("between")
    if name in ("low", "high"):
        pair = bounds if isinstance(bounds, list) and len(bounds) == 2 else (None, None)
        return pair[name == "high"]
    if name == "test":
        return next((test for test in ("one_of", "none_of") if raw.get(test) is not None), None)
    if name == "values":
        return raw.get("one_of") if raw.get("one_of") is not None else raw.get("none_of")
    return _at(raw, tuple(name.split(".")))


def of_posted(record_type: str, posted: Iterable[tuple[str, Any]]) -> FormState:
    """Fill a form from what a browser sent; fields that no form has are left out."""
    sent: dict[str, Texts] = {}
    for name, value in posted:
        if isinstance(value, str):
            most = MOST_KEPT if name.endswith("kept") else MOST_TEXT
            sent.setdefault(name, []).append(value.replace("\0", "")[:most])
    state = FormState(record_type, kept=_json((sent.get("kept") or [""])[0]))
    for each in fields_of(record_type):
        state.texts[each.name] = _sent_of(each.control, each.name, sent)
    of_rows: dict[str, dict[str, Texts]] = {}
    for name, texts in sent.items():
        if record_type == "offer" and (found := _OF_ROW.match(name)):
            of_rows.setdefault(found[1], {})[found[2]] = texts
            _name_parents(found[1], of_rows)
    state.rows = _posted_rows("criteria", of_rows)
    return state


def _name_parents(path: str, of_rows: dict[str, dict[str, Texts]]) -> None:
    while "." in path:
        path = path.rpartition(".")[0]
        of_rows.setdefault(path, {})


def _posted_rows(prefix: str, of_rows: Mapping[str, dict[str, Texts]]) -> list[Row]:
    mine = re.compile(rf"{re.escape(prefix)}\[(\d+)\]\Z")
    found = sorted((int(match[1]), path) for path in of_rows if (match := mine.match(path)))
    return [_posted_row(path, of_rows) for _, path in found[:MOST_ROWS]]


def _posted_row(path: str, of_rows: Mapping[str, dict[str, Texts]]) -> Row:
    sent = of_rows[path]
    fact = (sent.get("fact") or [""])[0]
    row = Row(fact if fact in FACTS else "", {}, _json((sent.get("kept") or [""])[0]))
    row.members = _posted_rows(f"{path}.any_of", of_rows)
    row.group = bool(row.members) or bool((sent.get("group") or [""])[0])
    row.texts = {each.name: _sent_of(each.control, each.name, sent) for each in row.fields}
    return row


def _sent_of(control: Control, name: str, sent: Mapping[str, Texts]) -> Texts:
    """Return the texts of one field: the first of a list by itself, then its boxes, then what was typed."""
    told = [*sent.get(name, ())]
    if isinstance(control, Checks):
        if control.leads:
            told = [*sent.get(f"{name}.first", ()), *told]
        if control.free:
            told += [each for text in sent.get(f"{name}.others", ()) for each in re.split(r"[,;\n]", text)]
    return [each for each in told if each.strip()]


def document(state: FormState, names: AllNames) -> Document:
    """Make the record that a form holds. What cannot be read is text, for reading to name the fault."""
    made = dict(state.kept)
    for each in fields_of(state.record_type):
        _put(made, each, state.told(each.name), state.kept, names)
    if state.rows:
        made["criteria"] = [_raw(row, names) for row in state.rows]
    return made


def _raw(row: Row, names: AllNames) -> Document:
    made = dict(row.kept)
    if row.fact:
        made["fact"] = row.fact
    for each in row.fields:
        if "." in each.name or each.name == "words" or each.name in ("currency", "within"):
            _put(made, each, row.texts.get(each.name, []), row.kept, names)
    touched = {
        each.name
        for each in row.fields
        if not each.control.same(row.texts.get(each.name, []), _shown_of(each, row.kept, names))
    }
    if touched & {"low", "high"}:
        read = {each.name: _read(each, row, names) for each in row.fields if each.name in ("low", "high")}
        bounds = [None if read[end] is MISSING else read[end] for end in ("low", "high")]
        made.pop("between", None)
        made |= {"between": bounds} if bounds != [None, None] else {}
    if touched & {"test", "values"}:
        values = next(_read(each, row, names) for each in row.fields if each.name == "values")
        test = "none_of" if row.texts.get("test", [""])[:1] == ["none_of"] else "one_of"
        for either in ("one_of", "none_of"):
            made.pop(either, None)
        made |= {test: values} if values is not MISSING else {}
    if row.members:
        made["any_of"] = [_raw(member, names) for member in row.members]
    elif row.group:
        made.setdefault("any_of", [])
    return made


def _read(each: Field, row: Row, names: AllNames) -> Any:
    return each.control.read(row.texts.get(each.name, []), _in_row(each.name, row.kept), names)


def _put(made: Document, each: Field, told: Texts, before: Document, names: AllNames) -> None:
    """Put what a field holds into a record, unless it holds what was there."""
    base = _at(before, each.path)
    if each.control.same(told, each.control.shown(base, names)):
        return
    read = each.control.read(told, base, names)
    into = made
    for part in each.path[:-1]:
        inner = into.get(part)
        into[part] = dict(inner) if isinstance(inner, dict) else {}
        into = into[part]
    name = each.path[-1]
    if read is not MISSING:
        into[name] = read
    elif each.name in _BLANK:
        into[name] = list(_BLANK[each.name])
    else:
        into.pop(name, None)
        if into is not made and not into:
            made.pop(each.path[0], None)


def _at(record: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    found: Any = record
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _json(text: str) -> Document:
    """Read what a form carried along; whatever is not a record of its own making is nothing."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def carried(kept: Mapping[str, Any]) -> str:
    """Write what a form carries along, fit for a field that nobody sees."""
    return json.dumps(kept, separators=(",", ":"))


def choosing_faults(state: FormState, names: AllNames, file: str) -> list[BadRecord]:
    """Return a fault for each name that was typed and names no record."""
    why = "A link to nothing leads a business nowhere."
    places = [("", each, state.told(each.name)) for each in fields_of(state.record_type)]
    for path, row in every_row(state.rows):
        places += [(f"{path}.", each, row.texts.get(each.name, [])) for each in row.fields]
    return [
        BadRecord(file, f"{prefix}{each.name}[{i}]", what, why, remedy)
        for prefix, each, told in places
        if isinstance(each.control, Pick)
        for i, what, remedy in each.control.faults(told, names)
    ]


def every_row(rows: list[Row], prefix: str = "criteria") -> Iterator[tuple[str, Row]]:
    """Yield each condition, members of groups too, with its path."""
    for i, row in enumerate(rows):
        yield f"{prefix}[{i}]", row
        yield from every_row(row.members, f"{prefix}[{i}].any_of")


def change_rows(state: FormState, do: str, kind: str) -> bool:
    """Add, remove or move a condition as a button says; say whether it was such a button.

    ``add:`` adds one of a kind at the end, ``add:criteria[1]`` to a group; ``remove:criteria[1]`` and
    ``up:criteria[1]`` do what they say. ``more:areas`` gives a list of names one more line.
    """
    verb, _, path = do.partition(":")
    if verb == "more":
        state.roomy.add(path[:200])
        return True
    if verb not in ("add", "remove", "up") or (path and not re.fullmatch(_ROW, path)):
        return False
    places = [int(each) for each in _PLACE.findall(path)]
    rows, into = state.rows, None
    try:
        for place in places if verb == "add" else places[:-1]:
            into = rows[place]
            rows = into.members
        if verb == "add" and len(rows) < MOST_ROWS:
            fact = kind if kind in FACTS else ""
            added = Row(fact, {}, {}, [], group=kind == "any_of", fresh=True)
            rows.append(added)
            if into is not None:
                into.group = True
        elif verb == "remove":
            del rows[places[-1]]
        elif verb == "up" and places[-1] > 0:
            at = places[-1]
            rows[at - 1], rows[at] = rows[at], rows[at - 1]
    except IndexError:
        return True  # the button of a row that is there no more
    return True
