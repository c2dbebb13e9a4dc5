"""Tests that need the sentence encoder say so here."""

from __future__ import annotations

import os

import pytest

from knowledge_base.services import ENCODER


def need_encoder() -> None:
    """Skip where the encoder is not built; fail where everything must be tested."""
    if (ENCODER / "meta.json").exists():
        return
    why = "no sentence encoder in models/; `make encoder` builds it"
    if os.environ.get("FINGERPOST_FULL_TESTS"):
        pytest.fail(why)
    pytest.skip(why)
