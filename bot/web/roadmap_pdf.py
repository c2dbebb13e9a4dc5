"""A roadmap as a PDF to print, to keep or to send: everything its page shows, in the hub's colours.

The same roadmap on the same day gives the same bytes. Words of records and people are never read as markup.
"""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from bot.web.changes_view import ChangesView
from bot.web.formats import day
from bot.web.problems import Problem
from bot.web.roadmap_pdf_drawing import fitting
from bot.web.roadmap_pdf_parts import Parts
from bot.web.roadmap_pdf_text import BOLD, DIM, PLAIN, Full, Look, Words, look_of, plain
from bot.web.roadmap_view import RoadmapView
from bot.web.services import Hub
from knowledge_base.store.roadmap_notes import RoadmapNote

SIDE, TOP, BAND, BOTTOM = 54.0, 58.0, 64.0, 58.0
WIDTH = A4[0] - 2 * SIDE
MOST_WAITING = 20
# The library keeps what it reads of a font in one place for all threads.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Given:
    """What a PDF is made of: the views of the page, whose it is, and where and when it was made."""

    view: RoadmapView
    changed: ChangesView
    hub: Hub
    url: str
    today: date
    note: RoadmapNote | None = None


class Printer:
    """Makes PDFs beside the event loop, one after the other."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "roadmap-pdf")
        self._waiting = 0

    async def print(self, given: Given) -> bytes:
        """Return a roadmap as a PDF.

        Raises:
            Problem: ``too_many`` wait for theirs already.
        """
        if self._waiting >= MOST_WAITING:
            raise Problem("too_many", retry_after=5)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, roadmap_pdf, given)
        finally:
            self._waiting -= 1


def roadmap_pdf(given: Given) -> bytes:
    """Return a roadmap as a PDF on A4, its pages numbered, with an outline by phase and working links."""
    look = look_of(given.hub.colours)
    with _ONE_AT_A_TIME:
        _, pages = _made(given, look, 0)
        return _made(given, look, pages)[0]


def _made(given: Given, look: Look, pages: int) -> tuple[bytes, int]:
    """Lay it out once; how many pages there are is known only afterwards."""
    out = io.BytesIO()
    hub = plain(given.hub.name, 200)
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        title=f"Your roadmap: {plain(given.view.needs, 300) or 'what to do, in order'}",
        author=hub,
        subject=f"As things stood on {given.view.on}",
        creator="Fingerpost",
        lang="en",  # of the words on it, whatever languages the hub's people speak
        invariant=1,
        initialFontName=PLAIN,
    )
    furniture = _Furniture(given, look, hub, pages)
    first = Frame(SIDE, BOTTOM, WIDTH, A4[1] - BAND - BOTTOM, 0, 0, 0, 8)
    later = Frame(SIDE, BOTTOM, WIDTH, A4[1] - TOP - BOTTOM, 0, 0, 0, 4)
    document.addPageTemplates(
        [
            PageTemplate("first", [first], onPage=furniture.first, autoNextPageTemplate="later"),
            PageTemplate("later", [later], onPage=furniture.later),
        ]
    )
    document.build(list(_story(given, look)))
    return out.getvalue(), document.page


def _story(given: Given, look: Look) -> Iterator[Flowable]:
    parts = Parts(Words(look), WIDTH)
    contact = given.hub.contact
    try:
        yield from parts.opening(given.view)
        yield from parts.note(given.note)
        yield from parts.changes(given.changed)
        yield from parts.facts(given.view.facts)
        yield from parts.when(given.view.timeline, given.today)
        for phase in given.view.phases:
            yield from parts.phase(phase)
        yield from parts.funding(given.view.funding)
        yield from parts.gaps(given.view.gaps)
        yield from parts.onward(given.view, str(getattr(contact, "email", None) or ""), given.url)
    except Full:
        yield from parts.cut_short(given.url)


class _Furniture:
    """What stands on every page: whose it is, the roadmap's address, the day, and the page's number."""

    def __init__(self, given: Given, look: Look, hub: str, pages: int) -> None:
        self.given, self.look, self.hub, self.pages = given, look, hub, pages

    def first(self, canvas: Any, document: Any) -> None:
        # What a viewer shows as the day of making: with nothing said it would be one of the year 2000.
        canvas._doc._timeStamp.YMDhms = (*self.given.today.timetuple()[:3], 0, 0, 0)
        canvas.setViewerPreference("DisplayDocTitle", "true")
        canvas.showOutline()
        canvas.saveState()
        canvas.setFillColor(HexColor(self.look.main))
        canvas.rect(0, A4[1] - 44, A4[0], 44, stroke=0, fill=1)
        canvas.setFillColor(HexColor(self.look.on_main))
        canvas.setFont(BOLD, 13)
        canvas.drawString(SIDE, A4[1] - 28, fitting(self.hub, BOLD, 13, WIDTH - 100))
        canvas.setFont(PLAIN, 9)
        canvas.drawRightString(A4[0] - SIDE, A4[1] - 28, "Your roadmap")
        canvas.restoreState()
        self._foot(canvas, document)

    def later(self, canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont(PLAIN, 8)
        canvas.setFillColor(HexColor(DIM))
        head = fitting(f"{self.hub} · Your roadmap", PLAIN, 8, WIDTH)
        canvas.drawString(SIDE, A4[1] - 36, head)
        canvas.setStrokeColor(HexColor(self.look.main))
        canvas.line(SIDE, A4[1] - 42, A4[0] - SIDE, A4[1] - 42)
        canvas.restoreState()
        self._foot(canvas, document)

    def _foot(self, canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont(PLAIN, 8)
        canvas.setFillColor(HexColor(DIM))
        number = f"Page {document.page} of {self.pages or document.page}"
        canvas.drawRightString(A4[0] - SIDE, 32, number)
        canvas.drawString(SIDE, 32, f"Made on {day(self.given.today)}")
        address = fitting(self.given.url, PLAIN, 8, WIDTH)
        canvas.drawString(SIDE, 43, address)
        wide = canvas.stringWidth(address, PLAIN, 8)
        canvas.linkURL(self.given.url, (SIDE, 41, SIDE + wide, 52), relative=0)
        canvas.restoreState()
