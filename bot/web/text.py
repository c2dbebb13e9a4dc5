"""Make what somebody typed safe to hand on: the same words, and never a command."""

from __future__ import annotations

import unicodedata
from typing import Any

_KEPT_CONTROLS = {"\n", "\t"}


def mended(text: str) -> str:
    """Replace lone surrogates, which JSON can carry and no database or network can."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def cleaned(text: str) -> str:
    """Return the text in NFC without control characters (line breaks and tabs stay), trimmed."""
    plain = unicodedata.normalize("NFC", mended(text).replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in plain if c in _KEPT_CONTROLS or unicodedata.category(c) != "Cc").strip()


def cleaned_tree(value: Any) -> Any:
    """Clean every string of a JSON value, keys too."""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, list):
        return [cleaned_tree(item) for item in value]
    if isinstance(value, dict):
        return {cleaned_tree(key): cleaned_tree(item) for key, item in value.items()}
    return value


def as_words(text: str) -> str:
    """Return cleaned text that Rasa cannot take for a command.

    Rasa strips a message twice and reads whatever then begins with "/" as an intent, so a space in
    front would not help: the strokes themselves go, and the words stay.
    """
    while text.startswith("/"):
        text = text.lstrip("/").strip()
    return text
