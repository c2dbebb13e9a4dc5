"""How every page is rendered: one set of templates, in the hub's name and colours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.web.palette import ink_on, main_colour
from bot.web.services import Hub

TEMPLATES = Path(__file__).parent / "templates"


def environment() -> Environment:
    """Return the templates: everything told is escaped, and a name nobody gave is an error."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def of_hub(hub: Hub) -> dict[str, Any]:
    """Return what every template asks of the hub."""
    colour = main_colour(hub.colours)
    return {"hub": hub, "contact": _contact(hub.contact), "colour": colour, "ink": ink_on(colour)}


def _contact(contact: Any) -> dict[str, str]:
    """Return the ways to reach the hub; what is not known is empty."""
    ways = ("name", "email", "phone", "url", "hours", "note")
    return {way: str(getattr(contact, way, None) or "") for way in ways}
