"""Offers: the list, each one's page and form, and what is done with them."""

from __future__ import annotations

from bot.console.forms.routes import record_routes
from bot.console.forms.sorts import OFFERS

router = record_routes(OFFERS)
