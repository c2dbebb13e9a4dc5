"""What a command says when it cannot go on."""

from __future__ import annotations


class CommandFailed(Exception):
    """A fault in what was given, or in what is needed; told as ``{"error": code, "message": words}``."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
