"""Read the contact details given for a referral, and only when they were asked for."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(r"\+?\(?[0-9][0-9 ()./-]{5,20}[0-9]")
_LABELS = re.compile(
    r"\b(?:my name is|name is|i am|i'm|it's|this is|call me|email|e-mail|phone|mobile|tel|"
    r"name|or|on|at|and|is|my|me)\b",
    re.I,
)
_NAME = re.compile(r"[^\W\d_][^\W\d_.'-]*(?: [^\W\d_][^\W\d_.'-]*){0,3}")


def contact(text: str) -> dict[str, str]:
    """Return what there is of ``email``, ``phone`` and ``name``."""
    out: dict[str, str] = {}
    text = text[:400]
    if email := _EMAIL.search(text):
        out["email"] = email.group().rstrip(".")
        text = text.replace(email.group(), " ")
    for phone in _PHONE.finditer(text):
        digits = sum(character.isdigit() for character in phone.group())
        if 7 <= digits <= 15:
            out["phone"] = phone.group().strip()
            text = text.replace(phone.group(), " ")
            break
    rest = _LABELS.sub(" ", text.replace("’", "'"))
    name = next((n.group() for n in _NAME.finditer(" ".join(rest.split())) if n.group()[:1].isupper()), None)
    if name and len(name) <= 60:
        out["name"] = name
    return out
