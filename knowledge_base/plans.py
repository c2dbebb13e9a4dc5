"""A roadmap as it is handed out once it is made and kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from knowledge_base.replanning import Change


@dataclass(frozen=True)
class Plan:
    """A saved roadmap: its id, its page, and the document in the contract's shape.

    ``before`` is the roadmap it goes on from, under the same id, and ``changes`` what changed since.
    """

    id: str
    url: str
    document: dict[str, Any]
    before: str | None = None
    changes: tuple[Change, ...] = ()

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Every step, in the order to take them."""
        return [step for phase in self.document["phases"] for step in phase["steps"]]
