"""The pages, one module for each part of the console. A part adds its router to this list."""

from __future__ import annotations

from fastapi import APIRouter

from bot.console.pages import (
    assurance,
    events,
    help,
    offers,
    own_sign_in,
    providers,
    review,
    sign_in,
    sources,
    today,
)

ROUTERS: tuple[APIRouter, ...] = (
    assurance.router,
    events.router,
    help.router,
    offers.router,
    own_sign_in.router,
    providers.router,
    review.router,
    sign_in.router,
    sources.router,
    today.router,
)  # fmt: skip
