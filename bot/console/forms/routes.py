"""The addresses of a sort of record: its list, its records, and the buttons on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console.desk import SignedIn
from bot.console.forms.listing import SORTS as ORDERS
from bot.console.forms.listing import STATES, Asked, page_of
from bot.console.forms.record_form import NEW, edit_form, new_form, previewed, take_form
from bot.console.forms.record_page import history_page, record_page
from bot.console.forms.sorts import Sort
from bot.console.forms.state import document, of_posted
from bot.console.forms.workroom import Workroom
from bot.console.gate import allowed, form, text
from bot.web.formats import day
from knowledge_base import labels
from knowledge_base.areas import AreaTree
from knowledge_base.faults import BadCatalogue
from knowledge_base.field_labels import label_of
from knowledge_base.store.catalogue_store import StaleRecord
from knowledge_base.store.record_kinds import NoSuchRecord
from knowledge_base.store.refusals import Refused
from knowledge_base.words import KINDS, NEEDS, PROVIDER_TYPES

Sees = Annotated[SignedIn, Depends(allowed("see"))]
Edits = Annotated[SignedIn, Depends(allowed("edit"))]
Publishes = Annotated[SignedIn, Depends(allowed("publish"))]
MOST_SAID = 5  # faults named on a page that lists them all below
Do = Callable[[Workroom, SignedIn, FormData], str]


def record_routes(sort: Sort) -> APIRouter:
    """Return the router of one sort of record."""
    router = APIRouter(prefix=f"/{sort.plural}")
    _pages(router, sort)
    _forms(router, sort)
    _buttons(router, sort)
    return router


def _pages(router: APIRouter, sort: Sort) -> None:
    @router.get("")
    def all_records(request: Request, who: Sees) -> HTMLResponse:
        return list_page(Workroom.of(request), who, sort, Asked.of(request.query_params))

    @router.get("/new")
    def new(request: Request, who: Edits) -> HTMLResponse:
        return new_form(Workroom.of(request), who, sort, request.query_params.get("like", "")[:200])

    @router.get("/{id}")
    def one(request: Request, id: str, who: Sees) -> HTMLResponse:
        query = request.query_params
        return record_page(
            Workroom.of(request),
            who,
            sort,
            id,
            told=query.get("told", ""),
            chosen=query.get("as", ""),
            which=query.get("which", ""),
        )

    @router.get("/{id}/history")
    def past(request: Request, id: str, who: Sees) -> HTMLResponse:
        return history_page(Workroom.of(request), who, sort, id)


def _forms(router: APIRouter, sort: Sort) -> None:
    @router.get("/{id}/edit")
    def edit(request: Request, id: str, who: Edits) -> HTMLResponse:
        return edit_form(Workroom.of(request), who, sort, id)

    @router.post("/new")
    async def make(request: Request, who: Edits) -> Response:
        sent = await form(request, who)
        return await run_in_threadpool(take_form, Workroom.of(request), who, sort, NEW, sent)

    @router.post("/{id}/edit")
    async def change(request: Request, id: str, who: Edits) -> Response:
        sent = await form(request, who)
        return await run_in_threadpool(take_form, Workroom.of(request), who, sort, id, sent)

    @router.post("/{id}/preview")
    async def show(request: Request, id: str, who: Edits) -> Response:
        sent = await form(request, who)
        return await run_in_threadpool(_fragment, Workroom.of(request), sort, id, sent)


def _fragment(room: Workroom, sort: Sort, id: str, sent: FormData) -> HTMLResponse:
    """Show the preview alone, for the page to put in its place."""
    record = document(of_posted(sort.type, sent.multi_items()), room.names())
    return room.desk.page("console/preview.html", preview=previewed(room, sort, id, record))


def _buttons(router: APIRouter, sort: Sort) -> None:
    kind = sort.type

    async def press(request: Request, id: str, who: SignedIn, do: Do) -> Response:
        sent = await form(request, who)
        return await run_in_threadpool(_press, Workroom.of(request), who, sort, id, sent, do)

    @router.post("/{id}/send")
    async def send(request: Request, id: str, who: Edits) -> Response:
        def do(room: Workroom, who: SignedIn, sent: FormData) -> str:
            room.life.send(kind, id, who.member.email, room.now, _version(sent))
            return "sent"

        return await press(request, id, who, do)

    @router.post("/{id}/discard")
    async def discard(request: Request, id: str, who: Edits) -> Response:
        def do(room: Workroom, who: SignedIn, sent: FormData) -> str:
            room.life.discard(kind, id, who.member.email, text(sent, "why"), room.now, _version(sent))
            return "discarded"

        return await press(request, id, who, do)

    @router.post("/{id}/rebase")
    async def rebase(request: Request, id: str, who: Edits) -> Response:
        def do(room: Workroom, who: SignedIn, sent: FormData) -> str:
            room.life.rebase(kind, id, who.member.email, room.now, _version(sent))
            return "rebased"

        return await press(request, id, who, do)

    @router.post("/{id}/send-back")
    async def send_back(request: Request, id: str, who: Publishes) -> Response:
        def do(room: Workroom, who: SignedIn, sent: FormData) -> str:
            comment = text(sent, "comment")
            room.life.send_back(kind, id, who.member.email, comment, room.now, _version(sent))
            return "back"

        return await press(request, id, who, do)

    @router.post("/{id}/publish")
    async def publish(request: Request, id: str, who: Publishes) -> Response:
        def do(room: Workroom, who: SignedIn, sent: FormData) -> str:
            room.life.publish(kind, id, who.member.email, room.now, _version(sent), text(sent, "why"))
            return "published"

        return await press(request, id, who, do)

    @router.post("/{id}/withdraw")
    async def withdraw(request: Request, id: str, who: Publishes) -> Response:
        def do(room: Workroom, who: SignedIn, sent: FormData) -> str:
            room.life.withdraw(kind, id, by=who.member.email, why=text(sent, "why"), now=room.now)
            return "withdrawn"

        return await press(request, id, who, do)

    @router.post("/{id}/delete")
    async def delete(request: Request, id: str, who: Publishes) -> Response:
        def do(room: Workroom, who: SignedIn, sent: FormData) -> str:
            room.life.delete(kind, id, by=who.member.email, why=text(sent, "why"), now=room.now)
            return "deleted"

        return await press(request, id, who, do)

    @router.post("/{id}/restore")
    async def restore(request: Request, id: str, who: Publishes) -> Response:
        def do(room: Workroom, who: SignedIn, sent: FormData) -> str:
            revision, version, base = text(sent, "revision", 40), _version(sent), _version(sent, "base")
            room.life.restore(
                kind, id, revision, by=who.member.email, now=room.now, version=version, base=base
            )
            return "restored"

        return await press(request, id, who, do)

    if kind != "offer":
        return

    @router.post("/{id}/close")
    async def close(request: Request, id: str, who: Publishes) -> Response:
        return await press(request, id, who, lambda room, who, sent: _close(room, who, id, sent))


class Unclear(ValueError):
    """A button was told something that cannot be read; the message says what, and the way out."""


def _close(room: Workroom, who: SignedIn, id: str, sent: FormData) -> str:
    told, when = text(sent, "succeeded_by", 400), text(sent, "closes", 40)
    names = room.names().offers
    fault = names.fault(told) if told else None
    if fault:
        raise Unclear(f"{fault[0]}; {fault[1]}")
    try:
        closes = date.fromisoformat(when) if when else None
    except ValueError:
        raise Unclear(f"“{when}” is not a day; write it as 2027-03-31, or leave it out") from None
    successor = names.read(told) if told else None
    if successor == id:
        raise Unclear("an offer cannot succeed itself; choose another, or leave it out")
    by, why = who.member.email, text(sent, "why")
    room.life.close(id, by=by, why=why, now=room.now, closes=closes, succeeded_by=successor)
    return "closed"


def _press(room: Workroom, who: SignedIn, sort: Sort, id: str, sent: FormData, do: Do) -> Response:
    """Do what a button says, and go to the record; what is refused is said there, with what was typed."""
    typed = {name: text(sent, name, 2_000) for name in ("why", "comment", "closes", "succeeded_by")}
    try:
        told = do(room, who, sent)
    except (Refused, Unclear) as refused:
        return record_page(room, who, sort, id, wrong=_said(refused), status=422, typed=typed)
    except NoSuchRecord as missing:
        return record_page(room, who, sort, id, wrong=_said(missing), status=404, typed=typed)
    except StaleRecord as stale:
        wrong = f"{_said(stale)} Here is how it stands now."
        return record_page(room, who, sort, id, wrong=wrong, status=409, typed=typed)
    except BadCatalogue as bad:
        faults = " ".join(_said(f"{label_of(f.field)}: {f.what}; {f.remedy}") for f in bad.faults[:MOST_SAID])
        wrong = f"Not done. {faults}"
        return record_page(room, who, sort, id, wrong=wrong, status=422, typed=typed)
    return RedirectResponse(f"{sort.address(id)}?told={told}", 303)


def _said(error: object) -> str:
    words = str(error).rstrip(".")
    return f"{words[:1].upper()}{words[1:]}."


def _version(sent: FormData, name: str = "version") -> int:
    told = text(sent, name, 12)
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0


def list_page(room: Workroom, who: SignedIn, sort: Sort, asked: Asked) -> HTMLResponse:
    """Show one page of a list."""
    names, on = room.names(), room.now.date()
    told: dict[str, Any] = {
        "area": names.areas.read(asked.area),
        "provider": names.providers.read(asked.provider),
    }
    wanted = Asked(**{**asked.__dict__, **told})
    page = page_of(room.lines(sort.type), wanted, on, AreaTree(names.catalogue.areas))
    words = labels.read()
    offers = sort.type == "offer"
    kinds = [
        (each, words["kinds" if offers else "provider_types"].get(each, each))
        for each in (KINDS if offers else PROVIDER_TYPES)
    ]
    return room.desk.page(
        "console/records.html",
        who=who,
        path=sort.path,
        sort=sort,
        asked=wanted,
        page=page,
        on=on,
        day=day,
        kinds=kinds,
        kind_words=dict(kinds),
        needs=[(each, labels.need(each)) for each in NEEDS],
        states=STATES,
        orders=ORDERS if offers else {"name": ORDERS["name"]},
        area=names.areas.shown(wanted.area),
        provider=names.providers.shown(wanted.provider),
        areas=names.areas.options(),
        providers=names.providers.options() if offers else [],
        asks=wanted != Asked(sort=wanted.sort, page=wanted.page),
    )
