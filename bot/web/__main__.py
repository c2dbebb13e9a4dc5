"""Run the gateway: `python -m bot.web`."""

from __future__ import annotations

import os
import sys

from bot.web.app import create_app
from bot.web.serve import serve
from bot.web.services import Services
from bot.web.settings import BadSettings, from_environment
from knowledge_base.faults import BadCatalogue
from knowledge_base.services import open_advice
from knowledge_base.store.chats import Chats
from knowledge_base.store.database import StoreUnavailable


def main() -> int:
    """Serve until stopped; 1 with the faults in words when the gateway cannot start."""
    try:
        settings = from_environment(os.environ)
        advice = open_advice(os.environ)
    except (BadSettings, BadCatalogue, StoreUnavailable) as fault:
        print(fault, file=sys.stderr)
        return 1
    services = Services(
        chats=Chats(advice.database),
        roadmaps=advice.roadmaps,
        advice=advice,
        forget_elsewhere=advice.forget,
    )
    return serve(create_app(settings, services), settings)


if __name__ == "__main__":
    sys.exit(main())
