"""The pages, one module for each part of the console. A part adds its router to this list."""

from __future__ import annotations

from fastapi import APIRouter

from bot.console.pages import (
    assurance,
    audit,
    duplicates,
    events,
    gaps,
    help,
    import_,
    offers,
    own_sign_in,
    providers,
    review,
    sign_in,
    sources,
    staff,
    today,
    unheard,
    usage,
)

ROUTERS: tuple[APIRouter, ...] = (
    assurance.router,
    audit.router,
    duplicates.router,
    events.router,
    gaps.router,
    help.router,
    import_.router,
    offers.router,
    own_sign_in.router,
    providers.router,
    review.router,
    sign_in.router,
    sources.router,
    staff.router,
    today.router,
    unheard.router,
    usage.router,
)  # fmt: skip
