"""Where to go after signing in: nowhere but to a page of the console."""

from __future__ import annotations

import re

PATH = "/console"
_INSIDE = re.compile(r"/console(/[A-Za-z0-9._~/%+:@,;=-]*)?(\?[A-Za-z0-9._~/%+:@,;=&?\[\]-]*)?")
_UP = re.compile(r"(^|/)(\.|%2e){1,2}(/|$)", re.IGNORECASE)


def back_to(told: str) -> str:
    """Return where to go after signing in: a page of the console, whatever was asked for."""
    path = told.partition("?")[0]
    # A browser takes dots as steps up, written out as %2e, too, and two strokes as another site.
    inside = _INSIDE.fullmatch(told) and not _UP.search(path) and "//" not in path
    return told if inside and not path.startswith((f"{PATH}/sign-", f"{PATH}/oidc/")) else PATH
