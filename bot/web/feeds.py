"""Calendars that anybody can subscribe to: the events of an area or for a need, from the records of now."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from icalendar import Calendar, Event
from starlette.concurrency import run_in_threadpool

from bot.web.event_times import add_times
from bot.web.formats import web_address
from bot.web.problems import Problem
from bot.web.services import Services
from knowledge_base.events.next_one import where_words
from knowledge_base.events.public import Held, editions_for
from knowledge_base.faults import shown
from knowledge_base.labels import need as need_words
from knowledge_base.records import Catalogue
from knowledge_base.view import View
from knowledge_base.words import NEEDS

MOST_NAMED = 20
MOST_KEPT = 64
REFRESH = timedelta(hours=12)

Named = Annotated[list[str] | None, Query(max_length=MOST_NAMED)]


class Feeds:
    """Serves the calendars; each is made once for a version of the records and a day."""

    def __init__(self, services: Services, records: Callable[[], View]) -> None:
        self.services = services
        self.records = records
        self._lock = threading.Lock()
        self._of: tuple[View, date] | None = None
        self._made: OrderedDict[tuple[tuple[str, ...], tuple[str, ...]], bytes] = OrderedDict()

    def router(self) -> APIRouter:
        """Return the route of the calendars."""
        routes = APIRouter(include_in_schema=False)

        @routes.get("/events.ics")
        async def events(area: Named = None, need: Named = None) -> Response:
            body = await run_in_threadpool(self.feed, area or (), need or ())
            headers = {
                "content-disposition": 'inline; filename="events.ics"',
                "cache-control": "public, max-age=3600",
            }
            return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)

        return routes

    def feed(self, areas: Sequence[str], needs: Sequence[str]) -> bytes:
        """Return the calendar of some areas and needs, all of the hub's where none are named.

        Raises:
            Problem: an area or a need is not known; its words name it and the way out.
        """
        view, on = self.records(), self.services.clock().date()
        codes = tuple(sorted({_area(each, view.catalogue) for each in areas if each.strip()}))
        wanted = tuple(sorted({_need(each) for each in needs if each.strip()}))
        with self._lock:
            if self._of is None or self._of[0] is not view or self._of[1] != on:
                self._of = view, on
                self._made.clear()
            found = self._made.get((codes, wanted))
        if found is None:
            served = codes or tuple(code for code in view.near if code in view.catalogue.areas)
            held = editions_for(view.catalogue, view.tree, on, served, wanted)
            found = calendar(held, self._title(view.catalogue, codes, wanted), on)
            with self._lock:
                if self._of == (view, on):
                    self._made[codes, wanted] = found
                    if len(self._made) > MOST_KEPT:
                        self._made.popitem(last=False)
        return found

    def _title(self, catalogue: Catalogue, areas: Sequence[str], needs: Sequence[str]) -> str:
        names = [catalogue.areas[code].name for code in areas] or [self.services.advice.hub.name]
        about = [need_words(need) for need in needs]
        title = f"Events: {', '.join(names)}"
        return f"{title} ({', '.join(about)})" if about else title


def calendar(held: Sequence[Held], title: str, on: date) -> bytes:
    """Return editions as iCalendar (RFC 5545); the same records and day give the same bytes."""
    diary = Calendar()
    diary.add("prodid", "-//Fingerpost//Events//EN")
    diary.add("version", "2.0")
    diary.add("method", "PUBLISH")
    diary.add("x-wr-calname", title)
    diary.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for each in held:
        diary.add_component(_event(each, on))
    return diary.to_ical()


def _event(held: Held, on: date) -> Event:
    offer, edition = held.offer, held.edition
    event = Event()
    event.add("uid", f"{offer.id}.{edition.uid}@fingerpost")
    event.add("dtstamp", datetime.combine(on, time(), UTC))
    event.add("sequence", edition.sequence)
    event.add("status", "CANCELLED" if edition.status == "cancelled" else "CONFIRMED")
    add_times(event, edition.starts, edition.ends)
    name = f"{offer.name}: {edition.name}" if edition.name and edition.name != offer.name else offer.name
    event.add("summary", f"Cancelled: {name}" if edition.status == "cancelled" else name)
    where = where_words(edition)
    if where:
        event.add("location", where)
    booking, page = web_address(edition.booking), web_address(offer.source.url)
    lines = [offer.summary, f"Held by {held.provider}" if held.provider else ""]
    lines += [f"Book: {booking}" if booking else "", f"Where this comes from: {page}" if page else ""]
    event.add("description", "\n".join(line for line in lines if line))
    if booking or page:
        event.add("url", booking or page)
    return event


def _area(told: str, catalogue: Catalogue) -> str:
    """Return an area's code from its code or its name; raise Problem for one that is not on the map."""
    said = told.strip()
    if said in catalogue.areas:
        return said
    named = [area.code for area in catalogue.areas.values() if area.name.casefold() == said.casefold()]
    if named:
        return named[0]
    raise Problem(
        "bad_request", f"{shown(said, 40)} is no area we know. Use a code, such as {_some(catalogue)}."
    )


def _some(catalogue: Catalogue) -> str:
    return ", ".join(list(catalogue.areas)[:3]) or "uk"


def _need(told: str) -> str:
    said = told.strip()
    if said in NEEDS:
        return said
    raise Problem("bad_request", f"{shown(said, 40)} is no need we know. Use one of {', '.join(NEEDS)}.")
