"""The pages people see: a hub's page that carries the widget, what becomes of your data, and a roadmap."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from bot.web.changes_view import changes_view
from bot.web.diary import calendar
from bot.web.palette import stylesheet
from bot.web.problems import Problem
from bot.web.roadmap_view import RoadmapView, roadmap_view
from bot.web.roadmaps import find
from bot.web.services import SavedRoadmap, Services
from bot.web.settings import Settings
from bot.web.templating import environment, of_hub

HERE = Path(__file__).parent
PRIVATE = {"x-robots-tag": "noindex, nofollow", "cache-control": "private, no-store"}
SHARED = {"cache-control": "public, max-age=300", "cross-origin-resource-policy": "cross-origin"}


class Pages:
    """Renders the templates in the hub's name and colours."""

    def __init__(self, settings: Settings, services: Services) -> None:
        self.settings = settings
        self.services = services
        self.templates = environment()

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
            body = calendar(saved, self.services.advice.hub.name, self._address(saved.id))
            headers = {"content-disposition": 'attachment; filename="roadmap.ics"', **PRIVATE}
            return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)

        @routes.get("/roadmap/{id}")
        async def roadmap(id: str) -> HTMLResponse:
            saved = await find(self.services, id)
            view = await run_in_threadpool(self._view, saved)
            return self._page(
                "roadmap.html",
                headers=PRIVATE,
                roadmap=view,
                changed=changes_view(saved.document),
                id=saved.id,
                url=self._address(saved.id),
            )

        return routes

    def _view(self, saved: SavedRoadmap) -> RoadmapView:
        def name_of(offer: str) -> str:
            return self.services.advice.names([offer])[0]

        return roadmap_view(saved, self.services.clock().date(), name_of)

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
