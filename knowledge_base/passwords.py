"""Passwords of the staff: which are refused, how they are kept, and how one is checked.

Kept as argon2id (RFC 9106; OWASP's Password Storage Cheat Sheet asks for at least 19 MiB twice). What one
check costs in time and memory is chosen so that a desk machine needs under 150 ms.
"""

from __future__ import annotations

import re
import threading
import unicodedata

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 1_000
AT_ONCE = 2  # checks; each takes its memory, and a crowd of them would take all there is

_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1, type=Type.ID)
_TURN = threading.BoundedSemaphore(AT_ONCE)

# Nobody's: of 32 random bytes that were not kept. Checked against where there is no password to check, so
# that the time taken tells nobody who is on the staff.
NOBODYS = "$argon2id$v=19$m=32768,t=3,p=1$p4rNLFaUHBCSf3HmJJAW8g$+OkBbmOvAYsADXm1YUDz6n5FUqlkNo3GyaYKZpDJD3M"

# What people choose who must have twelve characters: words, without the digits and marks around them.
_COMMON = {
    *("password", "passphrase", "passwort", "lösenord", "losenord", "hasło", "haslo", "jelszó", "jelszo"),
    *("cyfrinair", "adgangskode", "welcome", "willkommen", "välkommen", "valkommen", "velkommen", "letmein"),
    *(
        "iloveyou",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "superman",
        "batman",
        "starwars",
        "trustno",
    ),
    *(
        "administrator",
        "admin",
        "manager",
        "master",
        "secret",
        "changeme",
        "changemenow",
        "default",
        "monkey",
    ),
    *("dragon", "shadow", "computer", "internet", "qwerty", "qwertyuiop", "asdfghjkl", "zxcvbnm", "azerty"),
    *("azertyuiop", "qwertz", "qwertzuiop", "onetwothree", "fingerpost", "growthhub", "console", "curator"),
    *("editor", "viewer", "office", "business", "correcthorsebatterystaple", "january", "february", "march"),
    *("april", "june", "july", "august", "september", "october", "november", "december", "monday", "tuesday"),
    *("wednesday", "thursday", "friday", "saturday", "spring", "summer", "autumn", "winter", "england"),
    *("wales", "scotland", "sweden", "sverige", "deutschland", "danmark", "polska", "london"),
}
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_LOOKS_LIKE = str.maketrans("013457@$!", "oleastasi")
_ROWS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)


def weakness(password: str, *known: str) -> str | None:
    """Say in plain words why a password is refused, or None for a good one.

    ``known`` is what others know of its owner, such as the e-mail and the name.
    """
    password = _plain(password)
    if len(password) < SHORTEST:
        return f"That password is too short; use at least {SHORTEST} characters. Three or four words do well."
    if len(password) > LONGEST:
        return f"That password is too long; use at most {LONGEST} characters."
    folded = password.casefold()
    if len(set(folded)) < 5 or _repeats(folded) or any(folded in row or folded in row[::-1] for row in _ROWS):
        return "That password is too even to be safe; take words that do not follow from each other."
    if any(_is_mostly(folded, each) for each in known):
        return "That password is too close to the e-mail or the name; take one that others cannot know."
    core = _AROUND.sub("", folded)
    if {_letters(core), _letters(core.translate(_LOOKS_LIKE)), _letters(folded)} & _COMMON:
        return "That password is one that is tried first; take three or four words of your own."
    return None


def kept(password: str) -> str:
    """Return what is kept of a password."""
    with _TURN:
        return _HASHER.hash(_bytes(password))


def holds(kept: str | None, password: str) -> bool:
    """Say whether this is the password that was kept; where there is none, take as long to say no."""
    with _TURN:
        try:
            return _HASHER.verify(kept or NOBODYS, _bytes(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Say whether a password was kept by an older measure, and is to be kept anew when it is next told."""
    return _HASHER.check_needs_rehash(kept)


def _plain(password: str) -> str:
    # Composed and decomposed letters look the same and come from two keyboards (NIST SP 800-63B, 5.1.1.2).
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    # What is longer was refused when it was set, and is not worth the time.
    return _plain(password[: LONGEST * 2]).encode("utf-8", "surrogatepass")


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())


def _repeats(text: str) -> bool:
    """Say whether a text is one short piece said again and again: ``abcabcabcabc``."""
    return re.fullmatch(r"(.{1,6}?)\1+.{0,5}", text, re.DOTALL) is not None


def _is_mostly(folded: str, known: str) -> bool:
    """Say whether a password is little more than something known, or a part of it of four letters or more."""
    whole = known.strip().casefold()
    pieces = [whole, whole.replace(" ", ""), *re.split(r"[@.\s_+-]+", whole)]
    return any(len(each) >= 4 and each in folded and len(folded) - len(each) < 6 for each in pieces)
