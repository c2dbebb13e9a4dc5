"""What the pages of records share: the records of now, their names and lists, made once for each version."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from starlette.requests import Request

from bot.console.desk import Desk
from bot.console.forms.listing import Listed, listed_records, of_offer, of_provider, with_working
from bot.console.forms.names import AllNames
from knowledge_base.examples import Example, read_gallery
from knowledge_base.faults import BadCatalogue
from knowledge_base.offer_format import parse_offer, parse_provider
from knowledge_base.records import Catalogue, Offer, Provider
from knowledge_base.store.life import Life
from knowledge_base.store.working_copies import WorkingCopy


@dataclass
class Workroom:
    """Where records are looked after. One for each console."""

    desk: Desk
    life: Life
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _made: dict[str, tuple[Catalogue, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Request) -> Workroom:
        """Return the workroom of the console a request came to."""
        state = request.app.state
        found: Workroom | None = getattr(state, "workroom", None)
        if found is None:
            desk: Desk = state.desk
            hub = desk.advice.hub
            found = state.workroom = cls(desk, Life(desk.advice.records, hub.own_drafts, hub))
        return found

    @property
    def now(self) -> datetime:
        return self.desk.clock()

    def catalogue(self) -> Catalogue:
        """Every record there is now, drafts and withdrawn offers too."""
        return self.life.store.catalogue(published_only=False)

    def names(self) -> AllNames:
        catalogue = self.catalogue()
        found: AllNames = self._once("names", catalogue, lambda: AllNames.of(catalogue))
        return found

    def lines(self, record_type: str) -> list[Listed]:
        """Every record and every draft of a new one, as lines of a list."""
        catalogue = self.catalogue()
        listed = self._once(record_type, catalogue, lambda: listed_records(catalogue, record_type))
        copies = [each for each in self.life.working_all() if each.record_type == record_type]
        return with_working(listed, copies, lambda copy: self._line(copy, catalogue))

    def _line(self, copy: WorkingCopy, catalogue: Catalogue) -> Listed:
        record = read(copy.record_type, copy.id, copy.document)
        if isinstance(record, Offer):
            return of_offer(record, catalogue)
        return of_provider(record) if record else Listed(copy.id, copy.id, "")

    def _once(self, name: str, catalogue: Catalogue, make: Any) -> Any:
        with self._lock:
            made = self._made.get(name)
        if made is None or made[0] is not catalogue:
            made = catalogue, make()
            with self._lock:
                self._made[name] = made
        return made[1]

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The example businesses of the gallery; none where it cannot be read."""
        try:
            return read_gallery().examples
        except BadCatalogue:
            return ()


def read(record_type: str, id: str, document: Any) -> Offer | Provider | None:
    """Read a document; None where it cannot be read."""
    try:
        return (parse_offer if record_type == "offer" else parse_provider)(id, document)
    except BadCatalogue:
        return None
