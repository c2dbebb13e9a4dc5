"""In and out: files taken in by steps, looked at before and undone after, and the records written out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response, StreamingResponse

from bot.console.desk import Desk, SignedIn
from bot.console.gate import allowed, form, text
from bot.console.import_forms import mapping_told, mapping_view, unknown_view, values_told
from bot.console.import_jobs import Jobs
from bot.web.problems import Problem
from knowledge_base.interchange.export import FORMATS, export_csv, export_json, export_workbook, write_csv
from knowledge_base.interchange.faults import BadTable
from knowledge_base.interchange.mapping import BadMapping
from knowledge_base.interchange.preview import MATCHED, OUTCOMES
from knowledge_base.store.import_undo import UNDO, undo
from knowledge_base.store.import_work import LOOK, TAKE_IN, look, take_in
from knowledge_base.store.imports import AT_WORK, Imports, NoSuchImport, WrongState, said
from knowledge_base.store.old_imports import check_undo, may_undo, undo_until

MaySee = Annotated[SignedIn, Depends(allowed("see"))]
MayImport = Annotated[SignedIn, Depends(allowed("import"))]

router = APIRouter(prefix="/import")
PATH = "/console/import"
AT_ONCE = 50
MANY = 10_000  # rows written in one piece, from which on others are told that they wait
EXPORTS = {
    "offers.csv": ("csv", "Offers as CSV", "for a spreadsheet or another system"),
    "providers.csv": ("csv", "Providers as CSV", "take these in before the offers"),
    "records.xlsx": ("xlsx", "All as a workbook", "a sheet of providers and one of offers"),
    "records.json": ("json", "All as JSON", "a catalogue file, areas too"),
}
FAULT_COLUMNS = ("row", "name", "column", "value", "what", "remedy")


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _imports(request: Request) -> Imports:
    return Imports(_desk(request).advice.records)


@router.get("")
async def listed(request: Request, who: MaySee) -> Response:
    """Show what was taken in, and the ways in and out."""
    imports = _imports(request)
    found = await run_in_threadpool(imports.all)
    return await _page(request, who, "console/import_list.html", imports=found, exports=EXPORTS)


@router.post("")
async def upload(request: Request, who: MayImport) -> Response:
    """Keep a file, and go on to its mapping."""
    sent = await form(request, who, most_files=1)
    file = sent.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return await _list_again(request, who, "Choose a file first.")
    try:
        taken = await run_in_threadpool(
            _imports(request).take, file.filename, file.file, who.member.email, _desk(request).clock()
        )
    except BadTable as bad:
        return await _list_again(request, who, f"{bad.what[:1].upper()}{bad.what[1:]}: {bad.remedy}.")
    return RedirectResponse(f"{PATH}/{taken}", 303)


@router.get("/export/{name}")
async def export(name: str, request: Request, who: MaySee) -> Response:
    """Write the records as a file to download."""
    if name not in EXPORTS:
        raise Problem("not_found")
    form_of = EXPORTS[name][0]
    records = await run_in_threadpool(_desk(request).advice.records.catalogue, False)
    body: Any
    if form_of == "xlsx":
        buffer = io.BytesIO()
        await run_in_threadpool(export_workbook, records, buffer)
        body = iter((buffer.getvalue(),))
    elif form_of == "json":
        body = iter((await run_in_threadpool(export_json, records),))
    else:
        body = export_csv(records, name.partition("s.")[0])
    return _download(body, name, FORMATS[form_of])


@router.get("/{id}")
async def one(
    id: str,
    request: Request,
    who: MaySee,
    outcome: str = "",
    page: int = 1,
    step: str = "",
) -> Response:
    """Show an import at the step it is at: mapping, work, what would be, or what was."""
    imports = _imports(request)
    found = await _found(imports, id)
    now = _desk(request).clock()
    common: dict[str, Any] = {"one": found, "said": said(found.state), "stopped": found.stopped(now)}
    common["wrong"] = found.report.get("wrong", "")
    if found.state in AT_WORK and not found.stopped(now):
        return await _page(request, who, "console/import_working.html", **common)
    if found.state in ("taken", "failed", "looking") or (step == "mapping" and found.state == "seen"):
        view = await run_in_threadpool(mapping_view, imports, found)
        return await _page(request, who, "console/import_mapping.html", **common, **view)
    wanted = outcome if outcome in OUTCOMES else ""
    page = min(max(1, page), 100_000)
    rows = await run_in_threadpool(imports.rows, id, wanted, (page - 1) * AT_ONCE, AT_ONCE)
    counts = await run_in_threadpool(imports.counts, id)
    total = counts.get(wanted, 0) if wanted else sum(counts.values())
    pages = {"page": page, "pages": max(1, -(-total // AT_ONCE)), "outcome": wanted, "total": total}
    written = counts.get("make", 0) + counts.get("change", 0)
    common["waits"] = imports.database.one_writer and written > MANY
    shown = {"rows": rows, "counts": counts, "matched": MATCHED, **pages, **common}
    if found.state in ("seen", "applying"):
        unknown = await run_in_threadpool(unknown_view, imports, found)
        own = _desk(request).advice.hub.own_drafts and who.member.may("publish")
        return await _page(request, who, "console/import_preview.html", own=own, **unknown, **shown)
    kept = _desk(request).advice.hub.retention_days["imports"]
    until = {"until": undo_until(found, kept), "may_undo": may_undo(found, now, kept)}
    return await _page(request, who, "console/import_report.html", **until, **shown)


@router.post("/{id}/mapping")
async def map_columns(id: str, request: Request, who: MayImport) -> Response:
    """Change the mapping, and look at the file by it."""
    sent = await form(request, who)
    imports, now = _imports(request), _desk(request).clock()
    found = await _found(imports, id)
    try:
        mapping = await run_in_threadpool(mapping_told, imports, found, sent)
        await run_in_threadpool(imports.map, id, mapping, now)
        name = text(sent, "keep_as", 100)
        if name:
            await run_in_threadpool(
                imports.keep_mapping, name, replace(mapping, name=""), who.member.email, now
            )
    except (BadMapping, BadTable, WrongState) as bad:
        common: dict[str, Any] = {"one": found, "said": said(found.state), "stopped": False}
        view = await run_in_threadpool(mapping_view, imports, found)
        return await _page(
            request, who, "console/import_mapping.html", status=422, wrong=_sentence(bad), **common, **view
        )
    if text(sent, "do") == "reread":
        return RedirectResponse(f"{PATH}/{id}", 303)
    return await _begin(request, id, LOOK, look)


@router.post("/{id}/values")
async def map_values(id: str, request: Request, who: MayImport) -> Response:
    """Say what values mean that no list knows, and look at the file again."""
    sent = await form(request, who)
    imports = _imports(request)
    found = await _found(imports, id)
    try:
        mapping = await run_in_threadpool(values_told, imports, found, sent)
        await run_in_threadpool(imports.map, id, mapping, _desk(request).clock())
    except (BadMapping, BadTable, WrongState) as bad:
        return await _told_wrong(request, who, _sentence(bad))
    return await _begin(request, id, LOOK, look)


@router.post("/{id}/apply")
async def apply(id: str, request: Request, who: MayImport) -> Response:
    """Take in all rows, or the good ones."""
    sent = await form(request, who)
    how, publish = text(sent, "how"), text(sent, "publish") == "yes"
    own = _desk(request).advice.hub.own_drafts and who.member.may("publish")
    if how not in ("all", "good") or (publish and not own):
        return await _told_wrong(
            request, who, "That cannot be done here. Go back, and choose one of the buttons."
        )
    email = who.member.email
    return await _begin(request, id, TAKE_IN, take_in, how, email, publish=publish, own_drafts=own)


@router.post("/{id}/undo")
async def take_back(id: str, request: Request, who: MayImport) -> Response:
    """Undo a whole import."""
    await form(request, who)
    desk, imports = _desk(request), _imports(request)
    await _found(imports, id)
    try:
        kept = desk.advice.hub.retention_days["imports"]
        await run_in_threadpool(check_undo, imports, id, desk.clock(), kept)
    except WrongState as wrong:
        return await _told_wrong(request, who, _sentence(wrong), status=409)
    return await _begin(request, id, UNDO, undo, who.member.email, hub=desk.advice.hub)


@router.post("/{id}/forget")
async def forget(id: str, request: Request, who: MayImport) -> Response:
    """Throw away a file that was not taken in."""
    await form(request, who)
    imports = _imports(request)
    await _found(imports, id)
    try:
        await run_in_threadpool(imports.forget, id, who.member.email, _desk(request).clock())
    except WrongState as wrong:
        return await _told_wrong(request, who, _sentence(wrong))
    return RedirectResponse(PATH, 303)


@router.get("/{id}/faults.csv")
async def faults(id: str, request: Request, who: MaySee) -> Response:
    """Write what is wrong, row by row, as a file to mend the table by."""
    imports = _imports(request)
    await _found(imports, id)
    return _download(write_csv(imports.faults(id), FAULT_COLUMNS), f"faults-{id}.csv", FORMATS["csv"])


async def _begin(
    request: Request, id: str, step: tuple[str, tuple[str, ...]], work: Any, *given: Any, **named: Any
) -> Response:
    """Say that a work begins, begin it beside the request, and show how far it is."""
    imports, clock = _imports(request), _desk(request).clock
    await _found(imports, id)
    try:
        begun = await run_in_threadpool(imports.begin, id, *step, clock())
    except WrongState:
        return RedirectResponse(f"{PATH}/{id}", 303)  # it was begun already: sent twice
    jobs = Jobs.of(request)
    await run_in_threadpool(jobs.start, work, imports, id, *given, clock, begun=begun, **named)
    return RedirectResponse(f"{PATH}/{id}", 303)


async def _found(imports: Imports, id: str) -> Any:
    try:
        return await run_in_threadpool(imports.one, id)
    except NoSuchImport as error:
        raise Problem("not_found", str(error)) from error


async def _list_again(request: Request, who: SignedIn, wrong: str) -> Response:
    found = await run_in_threadpool(_imports(request).all)
    return await _page(
        request, who, "console/import_list.html", status=422, imports=found, exports=EXPORTS, wrong=wrong
    )


async def _told_wrong(request: Request, who: SignedIn, words: str, status: int = 422) -> Response:
    return await _page(request, who, "console/problem.html", status=status, words=words)


async def _page(request: Request, who: SignedIn, template: str, **given: Any) -> Response:
    desk = _desk(request)
    return await run_in_threadpool(desk.page, template, who=who, path=PATH, state_words=said, **given)


def _download(body: Iterator[Any], name: str, kind: str) -> Response:
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
    }
    return StreamingResponse(body, media_type=kind, headers=headers)


def _sentence(error: Exception) -> str:
    words = str(error)
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."
