"""A form as its page shows it: every field with its hint, its faults and what stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.console.forms.controls import Checks, Choice, Day, Lines, LongText, Pick, Picks
from bot.console.forms.fields import Field, groups_of, kinds_of_condition
from bot.console.forms.names import AllNames
from bot.console.forms.state import FormState, Row, carried, document
from knowledge_base import labels
from knowledge_base.difference_words import condition_words
from knowledge_base.records import Catalogue

TESTS = ("between", "one_of", "none_of", "within", "any_of")
_BOUNDS = {"low": ("between",), "high": (), "values": ("one_of", "none_of"), "currency": ("currency",)}


@dataclass(frozen=True)
class Told:
    """A fault or a warning, beside its field: what is wrong, and the way out."""

    field: str
    what: str
    remedy: str
    severity: str = "error"

    @property
    def words(self) -> str:
        return f"{self.what[:1].upper()}{self.what[1:]}; {self.remedy}."


@dataclass(frozen=True)
class FieldView:
    id: str
    name: str
    label: str
    hint: str
    kind: str
    texts: list[str]
    faults: tuple[Told, ...]
    needed: bool
    offered: tuple[tuple[str, str], ...] = ()
    source: str = ""  # the list of names to choose from
    leads: bool = False
    free: bool = False
    focused: bool = False
    example: str = ""

    @property
    def text(self) -> str:
        return self.texts[0] if self.texts else ""

    @property
    def described(self) -> str:
        """What a screen reader reads with the field."""
        said = ([f"{self.id}-hint"] if self.hint else []) + ([f"{self.id}-fault"] if self.faults else [])
        return " ".join(said)


@dataclass(frozen=True)
class RowView:
    path: str
    id: str
    number: str
    title: str
    sentence: str
    fact: str
    group: bool
    kept: str
    fields: tuple[FieldView, ...]
    source: tuple[FieldView, ...]
    members: tuple[RowView, ...]
    faults: tuple[Told, ...]
    first: bool


@dataclass(frozen=True)
class GroupView:
    id: str
    title: str
    hint: str
    fields: tuple[FieldView, ...]
    conditions: bool
    editable: bool


@dataclass(frozen=True)
class FormView:
    groups: tuple[GroupView, ...]
    rows: tuple[RowView, ...]
    kept: str
    summary: tuple[tuple[str, str, str], ...]  # where to go, what is wrong, how grave it is
    lists: tuple[tuple[str, list[str]], ...]
    kinds: tuple[tuple[str, str], ...]


def form_view(
    state: FormState, names: AllNames, faults: Sequence[Told] = (), may: Iterable[str] = ("assure",)
) -> FormView:
    """Return what the page of a form shows. Each fault stands beside its field and in the summary."""
    placed: dict[Told, str] = {}
    allowed = set(may)
    groups = []
    for group in groups_of(state.record_type):
        shown = []
        for field in group.fields:
            mine = _of(faults, field.name)
            view = _field(field, field.name, state.told(field.name), mine, field.name in state.roomy)
            placed |= dict.fromkeys(mine, view.id)
            shown.append(view)
        editable = not group.permission or group.permission in allowed
        groups.append(
            GroupView(id_of(group.title), group.title, group.hint, tuple(shown), group.conditions, editable)
        )
    raw = document(state, names).get("criteria")
    listed = raw if isinstance(raw, list) else []
    rows = tuple(
        _row(row, f"criteria[{i}]", str(i + 1), listed[i], faults, placed, names, state.roomy)
        for i, row in enumerate(state.rows)
    )
    return FormView(
        tuple(groups),
        rows,
        carried(state.kept),
        tuple((f"#{placed[f]}" if f in placed else "", f.words, f.severity) for f in faults),
        tuple((of, getattr(names, of).options()) for of in _lists(state)),
        kinds_of_condition(),
    )


def id_of(name: str) -> str:
    """Return the id that a field has in its page."""
    return "f-" + re.sub(r"[^a-zA-Z0-9]+", "-", name).strip("-")


def _lists(state: FormState) -> tuple[str, ...]:
    return ("offers", "providers", "areas") if state.record_type == "offer" else ("areas",)


def _of(faults: Sequence[Told], *names: str) -> tuple[Told, ...]:
    """The faults of a field, and of what lies in it."""
    return tuple(
        fault for fault in faults if any(fault.field == n or fault.field.startswith(f"{n}[") for n in names)
    )


def _field(
    field: Field,
    name: str,
    texts: list[str],
    faults: tuple[Told, ...],
    roomy: bool = False,
    focused: bool = False,
) -> FieldView:
    control = field.control
    offered: tuple[tuple[str, str], ...] = ()
    if isinstance(control, (Choice, Checks)):
        offered = tuple(control.offered(texts))
    lines = [*texts, *[""] * (1 + roomy)] if isinstance(control, Picks) else texts
    example = ""
    if isinstance(control, Day):
        example = "2027-03-31, or 2027-03" if control.coarse else "2027-03-31"
    return FieldView(
        id_of(name),
        name,
        field.label,
        f"{field.hint} Written as {example}." if example else field.hint,
        control.template,
        lines,
        faults,
        field.needed,
        offered,
        control.of if isinstance(control, Pick) else "",
        isinstance(control, Checks) and control.leads,
        isinstance(control, Checks) and control.free,
        focused,
    )


def _row(
    row: Row,
    path: str,
    number: str,
    raw: Any,
    faults: Sequence[Told],
    placed: dict[Told, str],
    names: AllNames,
    roomy: set[str],
) -> RowView:
    views = []
    for at, field in enumerate(row.fields):
        inside = _BOUNDS.get(field.name, (field.name,))
        mine = _of(faults, *(f"{path}.{name}" for name in (*inside, field.name)))
        name = f"{path}.{field.name}"
        view = _field(field, name, row.texts.get(field.name, []), mine, name in roomy, row.fresh and at == 0)
        placed |= dict.fromkeys(mine, view.id)
        views.append(view)
    inner: list[Any] = raw["any_of"] if row.members else []
    members = tuple(
        _row(each, f"{path}.any_of[{i}]", f"{number}.{i + 1}", inner[i], faults, placed, names, roomy)
        for i, each in enumerate(row.members)
    )
    own = [f for f in faults if f.field in (path, f"{path}.fact", f"{path}.any_of") and f not in placed]
    placed |= dict.fromkeys(own, id_of(path))
    return RowView(
        path,
        id_of(path),
        number,
        _title(row),
        sentence_of(raw, names.catalogue),
        row.fact,
        row.group,
        carried(row.kept),
        tuple(view for view in views if ".source." not in view.name),
        tuple(view for view in views if ".source." in view.name),
        members,
        tuple(own),
        number.rpartition(".")[2] == "1",
    )


def sentence_of(raw: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Say what a condition tests, or that it is left to the business to ask."""
    if any(raw.get(test) is not None for test in TESTS):
        return f"Tested: {condition_words(raw, catalogue)}."
    return "Not tested: the business is told to check it with the provider."


def _title(row: Row) -> str:
    if row.group:
        return "one of several is enough"
    return labels.fact(row.fact) if row.fact else "in words only"


@dataclass(frozen=True)
class Shown:
    """One field of a record as its page shows it; ``url`` where its text is an address."""

    label: str
    lines: tuple[str, ...]
    url: str = ""
    links: tuple[tuple[str, str], ...] = ()  # names of records, each with the address of its page


def record_view(
    state: FormState, names: AllNames, path: str = "/console"
) -> tuple[tuple[str, tuple[Shown, ...]], ...]:
    """Return the fields of a record that say something, group by group, in words."""
    groups = []
    for group in groups_of(state.record_type):
        shown = [_shown(field, state.told(field.name), names, path) for field in group.fields]
        groups.append((group.title, tuple(each for each in shown if each.lines or each.links)))
    return tuple((title, shown) for title, shown in groups if shown)


def _shown(field: Field, texts: list[str], names: AllNames, path: str) -> Shown:
    control = field.control
    if isinstance(control, Pick):
        known = control.names(names)
        ids = [known.read(text) for text in texts]
        if control.of == "areas":
            return Shown(field.label, tuple(known.name(id) for id in ids))
        pages = (f"{path}/{control.of}/{id}" if id in known.by_id else "" for id in ids)
        return Shown(field.label, (), "", tuple(zip(map(known.name, ids), pages, strict=True)))
    if isinstance(control, (Choice, Checks)):
        words = dict(control.offered(texts))
        return Shown(field.label, tuple(words.get(text, text) for text in texts))
    if isinstance(control, (Lines, LongText)):
        return Shown(field.label, tuple(line for text in texts for line in text.split("\n") if line))
    address = texts[0] if control.template == "link" and texts else ""
    return Shown(field.label, tuple(texts), address if re.match(r"https?://[^\s/]+", address) else "")
