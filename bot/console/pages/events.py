"""Events: their series and times, the feeds they are told in, and the feeds they are taken from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console.desk import SignedIn
from bot.console.event_feeds import FeedFetcher
from bot.console.event_views import counts, done_words, series_views, when_words
from bot.console.forms.routes import Edits, Sees
from bot.console.forms.workroom import Workroom
from bot.console.gate import allowed, form, text
from bot.console.held_files import HeldFile, HeldFiles
from bot.watch.feeds import NoFeed
from bot.watch.reach import LONGEST
from knowledge_base.events.edition_format import editions_from, read_moment
from knowledge_base.events.feed import LARGEST, BadFeed, Feed
from knowledge_base.events.keeping import EventDesk, Imported, NoSuchEvent, new_uid
from knowledge_base.events.listings import read_feed
from knowledge_base.faults import BadRecord
from knowledge_base.fields import Fields
from knowledge_base.records import Edition
from knowledge_base.store.catalogue_store import StaleRecord

MayImport = Annotated[SignedIn, Depends(allowed("import"))]

router = APIRouter(prefix="/events")
ZONES = ("Europe/London", "Europe/Stockholm", "Europe/Copenhagen", "Europe/Berlin", "Europe/Warsaw",
         "Europe/Budapest", "Europe/Dublin")  # fmt: skip
MOST_SHOWN = 100
NOTHING = "Give an address, or choose a file: a calendar (.ics) or a list of events (JSON)."
BOTH = "Give an address or choose a file, not both."
TOLD = {
    "added": "The date was added to a draft. Publish the draft, and businesses see it.",
    "off": "The date was called off in a draft. Publish the draft, and calendars strike it out.",
}


@router.get("")
def events(request: Request, who: Sees) -> HTMLResponse:
    """Show every event by its series, with its next time, and the feeds."""
    query = request.query_params
    told = TOLD.get(query.get("told", ""), "")
    return _page(Workroom.of(request), who, told=told or done_words(query.get("taken", "")))


@router.post("/{id}/add")
async def add(request: Request, id: str, who: Edits) -> Response:
    """Add a date to a draft of a record."""
    sent = await form(request, who)
    return await run_in_threadpool(_add, Workroom.of(request), who, id, sent)


@router.post("/{id}/call-off")
async def call_off(request: Request, id: str, who: Edits) -> Response:
    """Call a date off in a draft of a record."""
    sent = await form(request, who)
    room = Workroom.of(request)

    def do() -> Response:
        try:
            EventDesk(room.life).call_off(id, text(sent, "uid"), by=who.member.email, now=room.now)
        except (NoSuchEvent, StaleRecord) as wrong:
            return _page(room, who, wrong=f"{wrong}.", status=409)
        return _back("off", id)

    return await run_in_threadpool(do)


@router.post("/import")
async def look_first(request: Request, who: MayImport) -> Response:
    """Show what a feed would do, from a file or from its address; nothing is changed."""
    sent = await form(request, who, most_files=1)
    upload: Any = sent.get("file")
    chosen = isinstance(upload, UploadFile) and bool(upload.filename)
    address = text(sent, "address", LONGEST + 1)
    if chosen == bool(address):
        return await run_in_threadpool(_not_read, request, who, sent, BOTH if chosen else NOTHING)
    if address:
        return await run_in_threadpool(_fetched, request, who, address, sent)
    data = await upload.read(LARGEST + 1)
    return await run_in_threadpool(_preview, request, who, _shown(upload.filename, 100), data, sent)


@router.post("/take-in")
async def take_in(request: Request, who: MayImport) -> Response:
    """Take in the file that was looked at."""
    sent = await form(request, who)
    return await run_in_threadpool(_take_in, request, who, sent)


def _page(
    room: Workroom,
    who: SignedIn,
    told: str = "",
    wrong: str = "",
    status: int = 200,
    typed: Mapping[str, str] = MappingProxyType({}),
) -> HTMLResponse:
    kept, on = EventDesk(room.life).all(), room.now.date()
    areas = room.catalogue().areas
    served = [areas[code] for code in room.desk.advice.hub.areas if code in areas][:6]
    base = f"{room.desk.address}/events.ics"
    feeds = [("Every event of the hub", base)]
    feeds += [(f"Open in {area.name}", f"{base}?{urlencode({'area': area.code})}") for area in served]
    return room.desk.page(
        "console/events.html",
        who=who,
        path="/console/events",
        status=status,
        told=told,
        wrong=wrong,
        series=series_views(kept, on),
        choices=[(each.offer.id, each.offer.name) for each in kept],
        feeds=feeds,
        zones=ZONES,
        typed=typed,
        may_edit=who.member.may("edit"),
        may_import=who.member.may("import"),
    )


def _add(room: Workroom, who: SignedIn, id: str, sent: FormData) -> Response:
    desk = EventDesk(room.life)
    try:
        kept = desk.find(id)
        edition, faults = _edition_of(sent, kept.offer.editions)
        if edition is None or faults:
            return _page(room, who, wrong=_words(faults), status=422)
        desk.add(id, edition, by=who.member.email, now=room.now)
    except (NoSuchEvent, StaleRecord) as wrong:
        return _page(room, who, wrong=f"{wrong}.", status=409)
    return _back("added", id)


def _edition_of(sent: FormData, held: tuple[Edition, ...]) -> tuple[Edition | None, list[BadRecord]]:
    """Read the fields of the form as an edition, by the rules of the record."""
    faults: list[BadRecord] = []
    fields = Fields({}, "The date", "", faults)
    starts = _moment(text(sent, "day"), text(sent, "at"), text(sent, "zone"))
    ends = _moment(text(sent, "last_day") or (text(sent, "day") if text(sent, "until") else ""),
                   text(sent, "until"), text(sent, "zone"))  # fmt: skip
    if starts is None:
        fields.fault(
            "starts", "the day is missing or cannot be read", "write it as 2027-03-04, a time as 10:00"
        )
        return None, faults
    if isinstance(starts, datetime) != isinstance(ends, datetime):
        ends = None if isinstance(starts, datetime) and not text(sent, "last_day") else ends
    raw = {
        "uid": new_uid(starts, held),
        "starts": starts.isoformat(),
        "ends": ends.isoformat() if ends else None,
        "name": text(sent, "name", 300),
        "place": text(sent, "place", 300),
        "online": True if text(sent, "online") else None,
        "booking": text(sent, "booking", 2000),
        "source": text(sent, "source", 2000),
    }
    fields.raw = {"editions": [{name: value for name, value in raw.items() if value not in (None, "")}]}
    found = editions_from(fields, "event")
    return (found[0] if found else None), faults


def _moment(day: str, at: str, zone: str) -> date | datetime | None:
    found = read_moment(day)
    if not at or found is None or isinstance(found, datetime):
        return found if not isinstance(found, datetime) else None
    try:
        local = datetime.fromisoformat(f"{day}T{at}")
    except ValueError:
        return None
    placed = local.replace(tzinfo=ZoneInfo(zone if zone in ZONES else ZONES[0]))
    return read_moment(placed.isoformat())


def _words(faults: list[BadRecord]) -> str:
    return "; ".join(f"{fault.field or 'date'}: {fault.what}, {fault.remedy}" for fault in faults) + "."


def _fetched(request: Request, who: SignedIn, address: str, sent: FormData) -> Response:
    name = _shown(address, LONGEST)
    try:
        data = FeedFetcher.of(request).fetch(address)
    except NoFeed as none:
        return _not_read(request, who, sent, f"{name}: {none}.")
    return _preview(request, who, name, data, sent)


def _not_read(request: Request, who: SignedIn, sent: FormData, wrong: str) -> Response:
    """Show the page with the reason, and with what was typed; a browser does not give a file back."""
    typed = {name: text(sent, name, LONGEST) for name in ("address", "offer", "zone")}
    return _page(Workroom.of(request), who, wrong=wrong, status=422, typed=typed)


def _shown(name: str, most: int) -> str:
    return "".join(c for c in name[:most] if c.isprintable()) or "a file"


def _preview(request: Request, who: SignedIn, name: str, data: bytes, sent: FormData) -> Response:
    zone = text(sent, "zone") if text(sent, "zone") in ZONES else ZONES[0]
    file = HeldFile(name, data, text(sent, "offer", 100), zone, who.member.email, Workroom.of(request).now)
    try:
        return _looked_at(request, who, file)
    except BadFeed as bad:
        return _not_read(request, who, sent, f"{name}: {bad}.")
    except NoSuchEvent as none:
        return _not_read(request, who, sent, f"{none}.")


def _looked_at(
    request: Request, who: SignedIn, file: HeldFile, wrong: str = "", status: int = 200
) -> Response:
    """Show what a file would do as things are now, and hold it."""
    room = Workroom.of(request)
    feed = read_feed(file.data, on=room.now.date(), source=file.name, zone=file.zone)
    done = _done(room, who, feed, file.offer, keep=False)
    key = _held(request).hold(file)
    lines = [
        (each.name, "new draft" if each.new else "", [*_lines(each)][:MOST_SHOWN])
        for each in done[:MOST_SHOWN]
    ]
    return room.desk.page(
        "console/events_import.html",
        who=who,
        path="/console/events",
        status=status,
        wrong=wrong,
        file=file.name,
        key=key,
        lines=lines,
        more=max(0, len(done) - MOST_SHOWN),
        notes=feed.notes,
        nothing=all(each.taken.nothing_new for each in done),
    )


def _lines(done: Imported) -> list[tuple[str, str]]:
    taken = done.taken
    found = [("add", when_words(each)) for each in taken.added]
    found += [("change", f"{when_words(a)} becomes {when_words(b)}" if when_words(a) != when_words(b)
               else f"{when_words(b)}: {'called off' if b.status == 'cancelled' else 'told anew'}")
              for a, b in taken.changed]  # fmt: skip
    found += [("older", f"{when_words(each)}: older than what is held, left alone") for each in taken.older]
    found += [
        ("gone", f"{when_words(each)}: no longer in the feed, left alone; look whether it was called off")
        for each in taken.gone
    ]
    return found


def _take_in(request: Request, who: SignedIn, sent: FormData) -> Response:
    room = Workroom.of(request)
    key = text(sent, "key", 100)
    held = _held(request).take(key, who.member.email, room.now)
    if held is None:
        return _page(room, who, wrong="What you looked at is no longer held. Look at it again.", status=409)
    feed = read_feed(held.data, on=room.now.date(), source=held.name, zone=held.zone)
    try:
        done = _done(room, who, feed, held.offer, keep=True)
    except NoSuchEvent as wrong:
        return _page(room, who, wrong=f"{wrong}.", status=409)
    except StaleRecord as stale:
        words = f"Nothing was taken in. {stale}."
        try:
            return _looked_at(request, who, held, f"{words} Below is what the file would do now.", 409)
        except NoSuchEvent:
            return _page(room, who, wrong=words, status=409)
    except Exception:
        _held(request).put_back(key, held)  # nothing was kept, so it can be tried again
        raise
    return RedirectResponse(f"/console/events?taken={counts(done)}", 303)


def _done(room: Workroom, who: SignedIn, feed: Feed, offer: str, keep: bool) -> list[Imported]:
    desk, by, now = EventDesk(room.life), who.member.email, room.now
    if offer:
        return [desk.import_into(offer, feed, by=by, now=now, keep=keep)]
    return desk.import_new(feed, by=by, now=now, keep=keep)


def _held(request: Request) -> HeldFiles:
    state = request.app.state
    found: HeldFiles | None = getattr(state, "event_files", None)
    if found is None:
        found = state.event_files = HeldFiles()
    return found


def _back(told: str, id: str) -> Response:
    return RedirectResponse(f"/console/events?told={told}#{quote(id)}", 303)
