"""What the bot learns from holds no message twice."""

from __future__ import annotations

from pathlib import Path

from knowledge_base.unheard.copies_check import pairs_in

ROOT = Path(__file__).resolve().parents[1]


def test_no_message_stands_twice_in_what_the_bot_learns_from() -> None:
    twice = [pair.words(ROOT) for pair in pairs_in(ROOT / "data") if pair.is_repeat or pair.contradicts]

    assert twice == []
