"""The pages, one module for each part of the console. A part adds its router to this list."""

from __future__ import annotations

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()
