"""The gallery of examples: rendered once for each version of the records and day, served or written out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from bot.web.examples_view import GalleryView, gallery_view
from bot.web.palette import stylesheet
from bot.web.problems import Problem
from bot.web.services import Hub, Services
from bot.web.templating import environment, of_hub
from knowledge_base.examples import read_gallery
from knowledge_base.view import View

STATIC = Path(__file__).parent / "static"
INDEX = "index.html"


@dataclass(frozen=True)
class Links:
    """Where the pages find one another and their looks; what is empty is not there."""

    index: str
    page: Callable[[str], str]
    styles: tuple[str, ...]
    icon: str
    home: str
    conversation: str = ""
    data: str = ""


SERVED = Links(
    index="/examples",
    page=lambda id: f"/examples/{id}",
    styles=("/hub.css", "/static/page.css", "/static/examples.css"),
    icon="/static/icon.svg",
    home="/",
    conversation="/",
    data="/about-your-data",
)
WRITTEN = Links(index=INDEX, page=lambda id: f"{id}.html", styles=("style.css",), icon="icon.svg", home=INDEX)


def pages(gallery: GalleryView, hub: Hub, at: Links) -> Iterator[tuple[str, str]]:
    """Yield every page as its id and its HTML; the index has no id."""
    templates, given = environment(), {**of_hub(hub), "at": at}
    yield "", templates.get_template("examples.html").render(gallery=gallery, **given)
    template = templates.get_template("example.html")
    views = [gallery.pages[card.id] for region in gallery.regions for card in region.cards]
    for i, view in enumerate(views):
        before = views[i - 1].card if i else None
        after = views[i + 1].card if i + 1 < len(views) else None
        yield view.card.id, template.render(example=view, before=before, after=after, **given)


def files(gallery: GalleryView, hub: Hub) -> Iterator[tuple[str, str]]:
    """Yield the name and text of every file of a gallery that needs no server."""
    looks = [stylesheet(hub.colours), *(_static(name) for name in ("page.css", "examples.css"))]
    yield WRITTEN.styles[0], "\n".join(looks)
    yield WRITTEN.icon, _static("icon.svg")
    for id, html in pages(gallery, hub, WRITTEN):
        yield WRITTEN.page(id) if id else INDEX, html


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


class Examples:
    """Serves the gallery of the records as they are now."""

    def __init__(self, services: Services, records: Callable[[], View]) -> None:
        self.services = services
        self.records = records
        self._lock = threading.Lock()
        self._made: tuple[View, date, dict[str, str]] | None = None

    def router(self) -> APIRouter:
        """Return the routes of the gallery."""
        routes = APIRouter(include_in_schema=False)

        @routes.get("/examples")
        async def index() -> HTMLResponse:
            return HTMLResponse((await run_in_threadpool(self.made))[""])

        @routes.get("/examples/{id}")
        async def example(id: str) -> HTMLResponse:
            html = (await run_in_threadpool(self.made)).get(id)
            if html is None:
                raise Problem("not_found")
            return HTMLResponse(html)

        return routes

    def made(self) -> dict[str, str]:
        """Return every page by its id; made anew when a record has changed or a day has gone by."""
        on = self.services.clock().date()
        with self._lock:
            view = self.records()
            if self._made is None or self._made[0] is not view or self._made[1] != on:
                if view.meanings:
                    # A page made before every offer's meaning is known would stay so until tomorrow.
                    view.meanings.fill(view.index)
                gallery = gallery_view(read_gallery(), view, on)
                self._made = view, on, dict(pages(gallery, self.services.advice.hub, SERVED))
            return self._made[2]
