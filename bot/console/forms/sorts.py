"""The two sorts of record the console has pages for, and where their pages lie."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sort:
    """One sort of record: ``type`` as the store calls it, ``plural`` as its pages do."""

    type: str
    plural: str
    new: str

    @property
    def path(self) -> str:
        return f"/console/{self.plural}"

    def address(self, id: str) -> str:
        return f"{self.path}/{id}"


OFFERS = Sort("offer", "offers", "A new offer")
PROVIDERS = Sort("provider", "providers", "A new provider")
SORTS = {sort.type: sort for sort in (OFFERS, PROVIDERS)}
