"""What every page of the console leans on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from bot.console.here import TEMPLATES
from bot.console.oidc import OwnSignIn
from bot.web.services import local_now
from bot.web.templating import TEMPLATES as PUBLIC
from bot.web.templating import of_hub
from knowledge_base.advice import Advice
from knowledge_base.staff import Member
from knowledge_base.store.staff import Staff

SECTIONS = (
    # path, words, the permission that shows it
    ("/console", "Today", "see"),
    ("/console/offers", "Offers", "see"),
    ("/console/providers", "Providers", "see"),
    ("/console/review", "Review", "see"),
    ("/console/due", "To check", "see"),
    ("/console/sources", "Sources", "see"),
    ("/console/events", "Events", "see"),
    ("/console/import", "In and out", "see"),
    ("/console/gaps", "What is missing", "see"),
    ("/console/unheard", "Not understood", "label"),
    ("/console/duplicates", "Look-alikes", "see"),
    ("/console/referrals", "Referrals", "see"),
    ("/console/brokers", "Brokers", "see"),
    ("/console/staff", "People", "administer"),
    ("/console/help", "Help", "see"),
)


HEADERS = {
    "cache-control": "private, no-store",
    "x-robots-tag": "noindex, nofollow",
    # With no-referrer a browser sends "Origin: null" with our own forms, as with those of others.
    "referrer-policy": "same-origin",
}


@dataclass(frozen=True)
class SignedIn:
    """Somebody at the console, and the token their forms carry."""

    member: Member
    csrf: str
    token: str


@dataclass
class Desk:
    """The store, the people, the clock and the templates behind the console's pages."""

    advice: Advice
    staff: Staff
    env: Mapping[str, str]
    address: str
    clock: Callable[[], datetime] = local_now
    oidc: OwnSignIn | None = None
    templates: Environment = field(default_factory=lambda: environment())

    def page(
        self, template: str, who: SignedIn | None = None, status: int = 200, **given: Any
    ) -> HTMLResponse:
        """Render a page in the hub's name and colours; ``path`` marks where somebody is."""
        html = self.templates.get_template(template).render(
            **of_hub(self.advice.hub),
            **{
                "who": who,
                "sections": SECTIONS,
                "path": "",
                "told": "",
                "wrong": "",
                "days": self.advice.hub.retention_days,
            }
            | given,
        )
        return HTMLResponse(html, status, headers=HEADERS)


def environment() -> Environment:
    """Return the console's templates, which may use the public ones: everything told is escaped."""
    return Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), FileSystemLoader(PUBLIC)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
