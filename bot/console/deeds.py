"""What was done in the console, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge_base.store.audit import Deed

WORDS: Mapping[str, str] = {
    "signed_in": "signed in",
    "sign_in_failed": "failed to sign in",
    "staff_added": "added to the list",
    "staff_role": "given another role",
    "staff_name": "given another name",
    "staff_password": "given a new password",
    "staff_shut_out": "shut out",
    "staff_let_in": "let in again",
    "staff_own_sign_in": "known to the organisation’s sign-in",
    "sent to review": "sent to review",
    "sent back": "sent back",
    "published": "published",
    "closed": "closed",
    "withdrawn": "withdrawn",
    "deleted": "deleted",
    "discarded": "draft discarded",
    "restored": "restored from the history",
    "assured": "vouched for",
    "merged": "made one with another",
    "unmerged": "made two again",
    "silenced": "finding silenced",
    "imported": "taken in",
    "import undone": "taking in undone",
    "import thrown away": "file thrown away",
    "mapping kept": "mapping kept",
    "referral_deleted": "request deleted",
    "unheard export": "labelled messages handed out",
}
"""The deeds that are noted, in the order they are offered to choose from."""

_KNOWN = {
    "why": "because",
    "version": "version",
    "writer": "written by",
    "record_type": "",
    "until": "until",
    "into": "into",
    "out_of": "out of",
    "tried": "with",
    "network": "from the network",
    "revision": "version",
    "more": "",
}
LONGEST = 400


def deed_words(what: str) -> str:
    """Return a deed in words; one nobody named in its own."""
    return WORDS.get(what) or what.replace("_", " ")


def detail_words(deed: Deed) -> str:
    """Return what else was noted of a deed, in one line; "" for nothing."""
    detail = dict(deed.detail) if isinstance(deed.detail, Mapping) else {}
    if "before" in detail and "after" in detail:
        detail = {"": f"{detail.pop('before')} → {detail.pop('after')}", **detail}
    told = (_part(name, value) for name, value in detail.items())
    line = "; ".join(filter(None, told))
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _part(name: str, value: Any) -> str:
    words = _value(value)
    label = _KNOWN.get(name, name.replace("_", " "))
    return f"{label} {words}".strip() if words else ""


def _value(value: Any) -> str:
    if value is None or value is False or value in ("", [], {}):
        return ""
    if value is True:
        return "yes"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_value(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    return str(value)
