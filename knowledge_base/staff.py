"""Who may do what in the console."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("viewer", "editor", "curator", "administrator")
PERMISSIONS = {
    "see": "look at records, histories and figures",
    "edit": "write and change drafts, and send them to review",
    "publish": "review, publish, close, withdraw, restore and delete records",
    "assure": "vouch for records until a day",
    "import": "take in files and feeds, and undo that",
    "label": "label what was not understood",
    "administer": "add people and change their roles",
}
_OF = {
    "viewer": ("see",),
    "editor": ("see", "edit"),
    "curator": ("see", "edit", "publish", "assure", "import", "label"),
    "administrator": tuple(PERMISSIONS),
}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the hub's staff. ``email`` is what they sign in with, lower case."""

    id: str
    email: str
    name: str
    role: str
    active: bool = True
    has_password: bool = True

    def may(self, permission: str) -> bool:
        """Say whether this person may do something; nobody who was shut out may do anything."""
        return self.active and permission in _OF[self.role]
