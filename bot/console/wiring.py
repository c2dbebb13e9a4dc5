"""Open the desk that the console's pages lean on, from the settings of this machine."""

from __future__ import annotations

from collections.abc import Mapping

from bot.console.desk import Desk
from bot.console.oidc import own_sign_in
from knowledge_base.advice import Advice
from knowledge_base.store.staff import Staff


def open_desk(env: Mapping[str, str], advice: Advice, address: str) -> Desk:
    """Return the desk of the hub that is served at ``address``.

    Raises:
        BadSettings: the settings of the hub's own sign-in cannot be used.
    """
    return Desk(advice, Staff(advice.database), env, address, oidc=own_sign_in(env))
