"""Lead owners on to the page an offer's record names, and count that somebody went there: never who."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask

from bot.web.conversation import kept
from bot.web.formats import web_address
from bot.web.limits import Buckets, network_of
from bot.web.problems import Problem
from bot.web.services import Services
from bot.web.settings import Rate
from knowledge_base.records import Offer
from knowledge_base.view import View

PATH = "/source"
NETWORK_RATE = Rate(20, 1)
AGAIN = Rate(1, 0.1)  # the same offer from the same network: once in ten minutes
MOST_A_DAY = 200  # of one offer, from everywhere
NOT_THERE = (
    "There is no such offer among our records now, or its record names no page. "
    "Go back, and ask in the conversation what there is today."
)
# What programs call themselves that read pages for nobody in particular.
ROBOTS = re.compile(
    r"(?<!cu)bots?\b|crawl|spider|slurp|scrape|preview|fetch|monitor|validator|lighthouse|headless"
    r"|facebookexternalhit|whatsapp|curl|wget|python|httpx|aiohttp|okhttp|go-http|java/|libwww|node|axios",
    re.IGNORECASE,
)
EARLY = ("purpose", "sec-purpose", "x-purpose", "x-moz")


def way_to(offer: Offer | None, shown: str) -> str:
    """Return the link for an address that is shown: by way of the count where it is still the record's own.

    What is shown is where the link leads: another address, of an older roadmap, is linked to directly.
    """
    same = offer is not None and web_address(offer.source.url) == shown
    return f"{PATH}/{quote(offer.id, safe='')}" if offer is not None and same else shown


def by_somebody(method: str, headers: Mapping[str, str]) -> bool:
    """Say whether a request looks like a person who opened a link, as far as its headers tell."""
    if method != "GET" or any(headers.get(name) for name in EARLY):
        return False
    agent = headers.get("user-agent", "")
    if not agent or ROBOTS.search(agent):
        return False
    # Browsers tell a page that is opened from a picture or a script that is asked for.
    return headers.get("sec-fetch-dest", "document") == "document"


class Visits:
    """What is counted of one day, within limits; the rest is led on all the same.

    Which network opened which offer is held for the limits alone: in memory, under a key that is thrown away
    with it when the day is over.
    """

    def __init__(self) -> None:
        self._day: date | None = None
        self._begin(date.min)

    def counts(self, offer: str, address: str | None, today: date, at: float) -> bool:
        """Say whether to count one more visit from an address; ``at`` is a monotonic time in seconds."""
        if today != self._day:
            self._begin(today)
        if self._counted[offer] >= MOST_A_DAY:
            return False
        network = network_of(address)
        both = hashlib.blake2b(f"{network} {offer}".encode(), key=self._key, digest_size=16).hexdigest()
        if self._again.take(both, at) or self._networks.take(network, at):
            return False
        self._counted[offer] += 1
        return True

    def _begin(self, today: date) -> None:
        self._day, self._key = today, secrets.token_bytes(32)
        self._counted: Counter[str] = Counter()
        self._networks, self._again = Buckets(NETWORK_RATE), Buckets(AGAIN)


def router(
    services: Services, records: Callable[[], View], clock: Callable[[], float] = time.monotonic
) -> APIRouter:
    """Return the one route: an offer's id leads to the page of its published record, and nowhere else."""
    routes = APIRouter(include_in_schema=False)
    visits = Visits()

    @routes.api_route(PATH + "/{id}", methods=["GET", "HEAD"])
    async def lead(id: str, request: Request) -> Response:
        view = await kept(records)
        offer = view.catalogue.offers.get(id)
        address = web_address(offer.source.url) if offer is not None and offer.status == "published" else None
        if address is None:
            raise Problem("not_found", NOT_THERE)
        return RedirectResponse(
            address,
            302,
            headers={"x-robots-tag": "noindex, nofollow", "cache-control": "private, no-store"},
            background=_count(id, request),
        )

    def _count(id: str, request: Request) -> BackgroundTask | None:
        """Count after the answer: a database that is busy keeps nobody from the page."""
        now = services.clock()
        client = request.client.host if request.client else None
        if services.visited is None or not by_somebody(request.method, request.headers):
            return None
        if not visits.counts(id, client, now.date(), clock()):
            return None
        return BackgroundTask(services.visited, id, now)

    return routes
