"""The pages, one module for each part of the console. A part adds its router to this list."""

from __future__ import annotations

from fastapi import APIRouter

from bot.console.pages import (
    assurance,
    audit,
    brokers,
    duplicates,
    events,
    gaps,
    help,
    import_,
    offers,
    own_sign_in,
    providers,
    referral_figures,
    referrals,
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
    brokers.router,
    duplicates.router,
    events.router,
    gaps.router,
    help.router,
    import_.router,
    offers.router,
    own_sign_in.router,
    providers.router,
    referral_figures.router,
    referrals.router,
    review.router,
    sign_in.router,
    sources.router,
    staff.router,
    today.router,
    unheard.router,
    usage.router,
)  # fmt: skip
