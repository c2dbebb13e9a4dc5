"""The pages, one module for each part of the console. A part adds its router to this list."""

from __future__ import annotations

from fastapi import APIRouter

from bot.console.pages import assurance, sign_in

ROUTERS: tuple[APIRouter, ...] = (
    assurance.router,
    sign_in.router,
)  # fmt: skip
