"""The pages people see: a hub's page that carries the widget, what becomes of your data, and a roadmap."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, Response
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from bot.web.changes_view import changes_view
from bot.web.checkup_view import CheckupView, checkup_view
from bot.web.checkups import find as find_checkup
from bot.web.conversation import kept
from bot.web.diary import calendar
from bot.web.linked_data import linked_data
from bot.web.palette import stylesheet
from bot.web.people import PersonView
from bot.web.problems import Problem
from bot.web.roadmap_pdf import Given, Printer
from bot.web.roadmap_view import RoadmapView, roadmap_view
from bot.web.roadmaps import find
from bot.web.services import Checkups, SavedCheckup, SavedRoadmap, Services
from bot.web.settings import Settings
from bot.web.templating import environment, of_hub
from bot.web.visits import way_to
from knowledge_base.store.roadmap_notes import RoadmapNote

HERE = Path(__file__).parent
PRIVATE = {"x-robots-tag": "noindex, nofollow", "cache-control": "private, no-store"}
SHARED = {"cache-control": "public, max-age=300", "cross-origin-resource-policy": "cross-origin"}


class Pages:
    """Renders the templates in the hub's name and colours."""

    def __init__(self, settings: Settings, services: Services) -> None:
        self.settings = settings
        self.services = services
        self.templates = environment()
        self.printer = Printer()

    def problem(self, problem: Problem) -> HTMLResponse:
        """Return a page for a person who met a problem."""
        return self._page(
            "problem.html", status=problem.status, headers=PRIVATE | problem.headers, problem=problem
        )

    def router(self) -> APIRouter:
        """Return the routes of the pages."""
        routes = APIRouter(include_in_schema=False)

        @routes.get("/")
        async def home() -> HTMLResponse:
            return self._page("hub.html")

        @routes.get("/about-your-data")
        async def about_your_data() -> HTMLResponse:
            return self._page("about_your_data.html")

        @routes.get("/hub.css")
        async def hub_css() -> Response:
            return Response(
                stylesheet(self.services.advice.hub.colours), media_type="text/css", headers=SHARED
            )

        @routes.get("/widget.js")
        async def widget() -> FileResponse:
            return FileResponse(HERE / "static" / "widget.js", media_type="text/javascript", headers=SHARED)

        @routes.get("/roadmap/{id}.ics")
        async def diary(id: str) -> Response:
            saved = await find(self.services, id)
            today = self.services.clock().date()
            body = calendar(saved, self.services.advice.hub.name, self._address(saved.id), today)
            headers = {"content-disposition": 'attachment; filename="roadmap.ics"', **PRIVATE}
            return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)

        @routes.get("/roadmap/{id}.pdf")
        async def pdf(id: str) -> Response:
            saved = await find(self.services, id)
            given = Given(
                view=await run_in_threadpool(self._view, saved),
                changed=changes_view(saved.document),
                hub=self.services.advice.hub,
                url=self._address(saved.id),
                today=self.services.clock().date(),
                note=await self._note_on(saved),
            )
            body = await self.printer.print(given)
            headers = {"content-disposition": 'inline; filename="roadmap.pdf"', **PRIVATE}
            return Response(body, media_type="application/pdf", headers=headers)

        @routes.get("/roadmap/{id}")
        async def roadmap(id: str) -> HTMLResponse:
            saved = await find(self.services, id)
            view = await run_in_threadpool(self._view, saved)
            linked = await run_in_threadpool(self._linked, saved)
            return self._page(
                "roadmap.html",
                headers=PRIVATE,
                roadmap=view,
                linked=linked,
                changed=changes_view(saved.document),
                person=await run_in_threadpool(self._person, saved),
                note=await self._note_on(saved),
                id=saved.id,
                url=self._address(saved.id),
            )

        if self.services.checkups:
            self._checkup_routes(routes, self.services.checkups)
        return routes

    def _checkup_routes(self, routes: APIRouter, checkups: Checkups) -> None:
        @routes.get("/checkup/{id}")
        async def checkup(id: str) -> HTMLResponse:
            saved = await find_checkup(self.services, checkups, id)
            roadmap = await self._roadmap_of(saved)
            view = await run_in_threadpool(self._checkup_view, saved, roadmap)
            return self._page(
                "checkup.html",
                headers=PRIVATE,
                checkup=view,
                url=f"{self.settings.address}/checkup/{saved.id}",
                roadmap_url=self._address(roadmap.id) if roadmap else "",
            )

    async def _roadmap_of(self, saved: SavedCheckup) -> SavedRoadmap | None:
        """The roadmap made from a check-up, unless its time is over."""
        try:
            return await find(self.services, saved.roadmap) if saved.roadmap else None
        except Problem as gone:
            if gone.code != "unknown_roadmap":
                raise
            return None

    async def _note_on(self, saved: SavedRoadmap) -> RoadmapNote | None:
        """What an adviser wrote to the client on a roadmap."""
        notes = self.services.notes
        return await kept(lambda: notes.get(saved.id)) if notes else None

    def _checkup_view(self, saved: SavedCheckup, roadmap: SavedRoadmap | None) -> CheckupView:
        return checkup_view(saved, roadmap, self.services.clock().date(), self._name_of)

    def _view(self, saved: SavedRoadmap) -> RoadmapView:
        return roadmap_view(saved, self.services.clock().date(), self._name_of, self._links())

    def _links(self) -> Callable[[str, str], str]:
        """Return what links to the address of an offer's step: counted where its record is there now."""
        offers = self.services.records().catalogue.offers if self.services.records else {}
        return lambda offer, url: way_to(offers.get(offer), url)

    def _person(self, saved: SavedRoadmap) -> PersonView | None:
        people, session = self.services.people, getattr(saved, "session", None)
        return people.of_roadmap(saved.id, session, self.services.clock().date()) if people else None

    def _linked(self, saved: SavedRoadmap) -> Markup:
        return linked_data(saved.document, self.services.records() if self.services.records else None)

    def _name_of(self, offer: str) -> str:
        return self.services.advice.names([offer])[0]

    def _address(self, id: str) -> str:
        return f"{self.settings.address}/roadmap/{id}"

    def _page(
        self, template: str, status: int = 200, headers: dict[str, str] | None = None, **given: Any
    ) -> HTMLResponse:
        hub = self.services.advice.hub
        html = self.templates.get_template(template).render(
            **of_hub(hub),
            address=self.settings.address,
            days=hub.retention_days,
            **given,
        )
        return HTMLResponse(html, status, headers=headers)
