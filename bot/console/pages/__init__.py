"""The pages, one module for each part of the console. A part adds its router to this list."""

from __future__ import annotations

from fastapi import APIRouter

from bot.console.pages import assurance, help, offers, providers, review, sign_in, today

ROUTERS: tuple[APIRouter, ...] = (
    assurance.router,
    help.router,
    offers.router,
    providers.router,
    review.router,
    sign_in.router,
    today.router,
)  # fmt: skip
