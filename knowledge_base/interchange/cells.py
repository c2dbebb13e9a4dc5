"""Cells that a spreadsheet would take for a formula: marked on the way out, unmarked on the way in."""

from __future__ import annotations

import re

# What a spreadsheet may compute, in full width too, also behind spaces and marks that it may drop as it
# reads; an apostrophe before it makes it text.
_FORMULA = re.compile(r"'*[\s\ufeff\u200b-\u200f\u2060]*[=+\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """Return text that no spreadsheet takes for a formula; `unguarded` gives back what it was."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return what `guarded` was given; text that it would not have marked stays as it is."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
