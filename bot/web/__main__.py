"""Serve the gateway: `python -m bot.web`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from starlette.types import ASGIApp

from bot.console.app import PATH, create_console
from bot.console.wiring import open_desk
from bot.slack.announcing import announcing
from bot.slack.app import PATH as SLACK_PATH
from bot.slack.app import create_slack
from bot.slack.referring import referring
from bot.slack.serving import running
from bot.slack.settings import all_faults
from bot.slack.wiring import open_slack
from bot.web.app import create_app
from bot.web.serve import serve
from bot.web.settings import from_environment
from bot.web.wiring import open_services
from knowledge_base.faults import BadCatalogue
from knowledge_base.services import open_advice
from knowledge_base.store.database import StoreUnavailable


def main() -> int:
    """Serve until stopped; return 1 with the reason on standard error when that cannot be."""
    try:
        all_faults(os.environ)
        settings = from_environment(os.environ)
        advice = open_advice(os.environ)
        services = open_services(os.environ, advice)
        desk = open_desk(os.environ, advice, settings.address)
        slack = open_slack(os.environ, advice, settings, services)
    except (ValueError, BadCatalogue, StoreUnavailable) as error:
        print(error, file=sys.stderr)
        return 1
    doors: dict[str, ASGIApp] = {PATH: create_console(desk)}
    beside: list[Callable[[], AbstractAsyncContextManager[None]]] = []
    if slack:
        doors[SLACK_PATH] = create_slack(slack)
        beside += [
            lambda: running(slack),
            lambda: referring(slack, advice),
            lambda: announcing(slack, advice),
        ]
    return serve(create_app(settings, services, doors, beside), settings)


if __name__ == "__main__":
    sys.exit(main())
