"""Who may do what in the console, and what may be said of a person."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

ROLES = ("viewer", "editor", "curator", "administrator")
PERMISSIONS = {
    "see": "look at records, histories and figures",
    "edit": "write and change drafts, and send them to review",
    "publish": "review, publish, close, withdraw, restore and delete records",
    "assure": "vouch for records until a day",
    "import": "take in files and feeds, and undo that",
    "label": "label what was not understood",
    "refer": "see who asked for a person, and hand them to somebody",
    "administer": "add people and change their roles",
}
_OF = {
    "viewer": ("see",),
    "editor": ("see", "edit"),
    "curator": ("see", "edit", "publish", "assure", "import", "label", "refer"),
    "administrator": tuple(PERMISSIONS),
}
LONGEST_EMAIL = 254
LONGEST_NAME = 100
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class BadStaff(ValueError):
    """Something about a person cannot be kept. The message says what, and the way out, in plain words."""


class WrongSignIn(Exception):
    """Nobody signs in with that e-mail and that password; which of the two is wrong is not told."""

    def __str__(self) -> str:
        return "That e-mail and password do not belong together. Check both, and try again."


class TooManyTries(Exception):
    """Too many sign-ins went wrong of late; ``retry_after`` is how many seconds to wait."""

    def __init__(self, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(retry_after)

    def __str__(self) -> str:
        minutes = max(1, -int(-self.retry_after // 60))
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        return f"There were too many tries. Wait {wait}, and try again; the right password has to wait too."


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
        return self.active and permission in _OF.get(self.role, ())


def email_of(told: str) -> str:
    """Return an e-mail as it is kept: lower case, without spaces around it. Raise BadStaff for no e-mail."""
    email = plain_email(told)
    if not _EMAIL.fullmatch(email) or not email.isprintable() or len(email) > LONGEST_EMAIL:
        raise BadStaff("That is not an e-mail address; write it as kim@hub.example.org.")
    return email


def plain_email(told: str) -> str:
    """Return what was typed as an e-mail the way e-mails are compared, whether it is one or not."""
    # What a database would drop is dropped here, so that tries with it count for the e-mail it becomes.
    return unicodedata.normalize("NFC", _UNSTORABLE.sub("", told).strip()).lower()


def name_of(told: str) -> str:
    """Return a name without spaces around or doubled in it. Raise BadStaff for none, or for a novel."""
    name = " ".join(unicodedata.normalize("NFC", told).split())
    if not name or not name.isprintable():
        raise BadStaff("Say the person's name; it stands beside what they publish.")
    if len(name) > LONGEST_NAME:
        raise BadStaff(f"That name is too long; use at most {LONGEST_NAME} characters.")
    return name


def role_of(told: str) -> str:
    """Return a role. Raise BadStaff for any other."""
    if told not in ROLES:
        raise BadStaff(f"There is no such role; use one of {', '.join(ROLES)}.")
    return told
