"""The form of one record: shown, changed row by row, checked, saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console.desk import SignedIn
from bot.console.forms.form_view import Told, form_view
from bot.console.forms.preview import Preview, preview
from bot.console.forms.sorts import Sort
from bot.console.forms.state import FormState, change_rows, choosing_faults, document, of_document, of_posted
from bot.console.forms.workroom import Workroom, read
from bot.console.gate import text
from knowledge_base.differences import Change, difference
from knowledge_base.faults import BadCatalogue
from knowledge_base.offer_format import parse_offer, parse_provider
from knowledge_base.place_names import words_of
from knowledge_base.records import Offer
from knowledge_base.store.catalogue_store import StaleRecord
from knowledge_base.store.imports import of_an_import
from knowledge_base.store.refusals import NoReason
from knowledge_base.store.working_copies import without_status

NEW = "new"
OWN = ("name", "local_name", "aliases", "assured", "status", "editions", "evidence", "succeeded_by")
"""What is of one record alone: another like it begins without."""
LONGEST_ID = 100
_BEGUN: Mapping[str, dict[str, Any]] = {
    "offer": {"areas": [], "window": {"status": "unknown"}},
    "provider": {},
}


def form_page(
    room: Workroom,
    who: SignedIn,
    sort: Sort,
    id: str,
    state: FormState,
    *,
    version: int,
    base: int,
    why: str = "",
    new_id: str = "",
    faults: Sequence[Told] = (),
    status: int = 200,
    checked: bool = False,
    theirs: Sequence[Change] | None = None,
    theirs_by: str = "",
) -> HTMLResponse:
    """Show a form. ``theirs`` is what differs where somebody else was quicker: before theirs, after yours."""
    names = room.names()
    may = [each for each in ("assure",) if who.member.may(each)]
    seen = previewed(room, sort, id, document(state, names))
    called = state.called or (sort.new if id == NEW else id)
    return room.desk.page(
        "console/record_form.html",
        who=who,
        status=status,
        path=sort.path,
        sort=sort,
        id=id,
        is_new=id == NEW,
        new_id=new_id,
        name=called,
        form=form_view(state, names, faults, may),
        version=version,
        base=base,
        why=why,
        why_faults=[each for each in faults if each.field == "why"],
        id_faults=[each for each in faults if each.field == "id"],
        checked=checked,
        preview=seen,
        theirs=theirs,
        theirs_by=theirs_by,
    )


def new_form(room: Workroom, who: SignedIn, sort: Sort, like: str = "") -> HTMLResponse:
    """Show an empty form; with ``like``, one filled from another record, without its name."""
    begun = _BEGUN[sort.type]
    found = room.life.published(sort.type, like) if like else None
    if found:
        begun = {name: value for name, value in found[0].items() if name not in OWN}
        if isinstance(begun.get("source"), dict):
            begun["source"] = {k: v for k, v in begun["source"].items() if k != "seen"}
    return form_page(room, who, sort, NEW, of_document(sort.type, begun, room.names()), version=0, base=0)


def edit_form(room: Workroom, who: SignedIn, sort: Sort, id: str) -> HTMLResponse:
    """Show the form of a record: its draft's, else of what is published."""
    published, working = room.life.published(sort.type, id), room.life.working(sort.type, id)
    if published is None and working is None:
        raise HTTPException(404)
    record = working.document if working else (published or ({}, 0))[0]
    return form_page(
        room,
        who,
        sort,
        id,
        of_document(sort.type, record, room.names()),
        version=working.version if working else 0,
        base=published[1] if published else 0,
        # An import's reason is not what whoever changes the record by hand now would say.
        why=working.why if working and not of_an_import(working.why) else "",
    )


def take_form(room: Workroom, who: SignedIn, sort: Sort, id: str, sent: FormData) -> Response:
    """Do what a button of a form says. Whatever is not saved is shown again as it was typed."""
    names = room.names()
    state = of_posted(sort.type, sent.multi_items())
    do, why = text(sent, "do") or "save", text(sent, "why", 2_100)
    version, base, typed_id = (
        _number(text(sent, "version")),
        _number(text(sent, "base")),
        text(sent, "id", 200),
    )
    shown: dict[str, Any] = {"version": version, "base": base, "why": why, "new_id": typed_id}
    into = do.partition(":")[2]
    if change_rows(state, do, text(sent, f"{into}.new" if into else "new")):
        return form_page(room, who, sort, id, state, **shown)
    record = document(state, names)
    real_id = id if id != NEW else typed_id or _id_of(state.called)
    if not who.member.may("assure"):
        _keep_assurance(room, sort, real_id, record)
    faults = _faults(room, sort, id, real_id, state, record)
    if do == "check":
        told = [
            Told(f.field, f.heading, f.remedy, f.severity) for f in _findings(room, sort, real_id, record)
        ]
        said = {each.field for each in faults}
        every = [*faults, *(each for each in told if each.field not in said)]
        return form_page(room, who, sort, id, state, faults=every, checked=True, **shown)
    if do == "send" and sum(map(str.isalpha, why)) < 3:
        faults.append(Told("why", "the reason is missing", "say in words what changed and why"))
    if faults:
        return form_page(room, who, sort, id, state, faults=faults, status=422, **shown)
    return _save(room, who, sort, id, real_id, state, record, do, shown)


def _save(
    room: Workroom,
    who: SignedIn,
    sort: Sort,
    id: str,
    real_id: str,
    state: FormState,
    record: dict[str, Any],
    do: str,
    shown: dict[str, Any],
) -> Response:
    by, now, life = who.member.email, room.now, room.life
    try:
        kept = life.save(
            sort.type,
            real_id,
            record,
            by=by,
            why=shown["why"],
            now=now,
            version=shown["version"],
            base=shown["base"],
        )
        if do == "send":
            life.send(sort.type, real_id, by, now, kept)
    except BadCatalogue as bad:
        faults = [Told(f.field, f.what, f.remedy) for f in bad.faults]
        return form_page(room, who, sort, id, state, faults=faults, status=422, **shown)
    except NoReason as refused:
        said = [Told("why", str(refused), "shorten it, or say it in other words")]
        return form_page(room, who, sort, id, state, faults=said, status=422, **shown)
    except StaleRecord:
        return _stale(room, who, sort, id, real_id, state, record, shown)
    return RedirectResponse(f"{sort.address(real_id)}?told={'sent' if do == 'send' else 'saved'}", 303)


def _stale(
    room: Workroom,
    who: SignedIn,
    sort: Sort,
    id: str,
    real_id: str,
    state: FormState,
    record: dict[str, Any],
    shown: dict[str, Any],
) -> HTMLResponse:
    """Show both versions side by side; saving again puts this one in the place of theirs."""
    published, working = room.life.published(sort.type, real_id), room.life.working(sort.type, real_id)
    if id == NEW:
        taken = Told("id", f"{real_id} is there already", "choose another id, or change that record")
        return form_page(room, who, sort, id, state, faults=[taken], status=422, **shown)
    theirs = working.document if working else (published or ({}, 0))[0]
    differs = difference(without_status(theirs), without_status(record), room.catalogue())
    fresh = shown | {
        "version": working.version if working else 0,
        "base": published[1] if published else 0,
    }
    by = working.by if working else ""
    return form_page(room, who, sort, id, state, theirs=differs, theirs_by=by, status=409, **fresh)


def _faults(
    room: Workroom, sort: Sort, id: str, real_id: str, state: FormState, record: dict[str, Any]
) -> list[Told]:
    found: list[Told] = []
    if id == NEW and real_id == NEW:
        found.append(Told("id", "“new” is the address of this form", "choose another id"))
    chosen = choosing_faults(state, room.names(), real_id)
    found += [Told(each.field, each.what, each.remedy) for each in chosen]
    said = {each.field for each in found}
    try:
        (parse_offer if sort.type == "offer" else parse_provider)(real_id or "without-a-name", record)
    except BadCatalogue as bad:
        found += [Told(f.field, f.what, f.remedy) for f in bad.faults if f.field not in said]
    return found


def _findings(room: Workroom, sort: Sort, id: str, record: dict[str, Any]) -> list[Any]:
    if read(sort.type, id, record) is None:
        return []
    return room.life.check(sort.type, id, record, room.now)


def previewed(room: Workroom, sort: Sort, id: str, record: dict[str, Any]) -> Preview | None:
    """Show an offer as it is being written; None while it cannot be read."""
    offer = read(sort.type, id or "without-a-name", record)
    if not isinstance(offer, Offer):
        return None
    return preview(offer, room.desk.advice.view(), room.examples, room.now.date())


def _keep_assurance(room: Workroom, sort: Sort, id: str, record: dict[str, Any]) -> None:
    """Leave the hub's word for a record as it is in the store: not everybody may change it."""
    published, working = room.life.published(sort.type, id), room.life.working(sort.type, id)
    stored = working.document if working else (published or ({}, 0))[0]
    record.pop("assured", None)
    if stored.get("assured"):
        record["assured"] = stored["assured"]


def _id_of(name: str) -> str:
    """Make an id of a name: words of letters and digits, joined by hyphens."""
    words = ("".join(c for c in word if c.isascii() and c.isalnum()) for word in words_of(name[:300]))
    return "-".join(filter(None, words))[:LONGEST_ID].strip("-")


def _number(told: str) -> int:
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0
