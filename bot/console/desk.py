"""What every page of the console leans on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
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

# Pages of a group with a name are folded under it; those without one always stand in the line.
SECTIONS = (
    # path, words, the permission that shows it, the group it is found under
    ("/console", "Today", "see", ""),
    ("/console/offers", "Offers", "see", ""),
    ("/console/providers", "Providers", "see", ""),
    ("/console/events", "Events", "see", ""),
    ("/console/review", "Review", "see", ""),
    ("/console/referrals", "Referrals", "see", ""),
    ("/console/due", "To check", "see", "Checks"),
    ("/console/sources", "Sources", "see", "Checks"),
    ("/console/duplicates", "Look-alikes", "see", "Checks"),
    ("/console/gaps", "What is missing", "see", "What is asked"),
    ("/console/usage", "Offers in use", "see", "What is asked"),
    ("/console/unheard", "Not understood", "label", "What is asked"),
    ("/console/import", "In and out", "see", "The hub"),
    ("/console/brokers", "Brokers", "see", "The hub"),
    ("/console/staff", "People", "administer", "The hub"),
    ("/console/audit", "What was done", "administer", "The hub"),
    ("/console/help", "Help", "see", ""),
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
                "menu": menu(who.member) if who else (),
                "path": "",
                "told": "",
                "wrong": "",
                "days": self.advice.hub.retention_days,
            }
            | given,
        )
        return HTMLResponse(html, status, headers=HEADERS)


def menu(member: Member) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the groups of pages somebody may see, in order: the group's name, each page's path and words."""
    mine = [each for each in SECTIONS if member.may(each[2])]
    return [
        (group, [(path, words) for path, words, *_ in pages])
        for group, pages in groupby(mine, lambda each: each[3])
    ]


def environment() -> Environment:
    """Return the console's templates, which may use the public ones: everything told is escaped."""
    return Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), FileSystemLoader(PUBLIC)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
