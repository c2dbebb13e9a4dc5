"""The pages, one module for each part of the console. A part adds its router to this list."""

from __future__ import annotations

from fastapi import APIRouter

from bot.console.pages import sign_in

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
)  # fmt: skip
