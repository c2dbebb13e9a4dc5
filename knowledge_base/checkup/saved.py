"""Make check-ups, keep them under an address nobody can guess, and open them again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from knowledge_base.areas import AreaTree
from knowledge_base.checkup.documents import result_document
from knowledge_base.checkup.placing import place
from knowledge_base.checkup.reading import read_checkup
from knowledge_base.checkup.shapes import Answers, Checkup, Figure
from knowledge_base.store.checkups import CheckupRows, SavedCheckup
from knowledge_base.view import View


class SavedCheckups:
    """The check-ups of one database, for one hub."""

    def __init__(
        self, rows: CheckupRows, view: Callable[[], View], hub_areas: Sequence[str], keep_days: int
    ) -> None:
        self.rows = rows
        self._view = view
        self._hub_areas = tuple(hub_areas)
        self._keep_days = keep_days

    @property
    def checkup(self) -> Checkup:
        """The questions, and what follows from their answers."""
        return read_checkup()

    def make(
        self, answers: Answers, *, told_place: str | None, on: date, session: str | None, now: datetime
    ) -> SavedCheckup:
        """Place a business, and keep the result for as long as a roadmap is kept.

        Raises:
            StoreUnavailable: the database cannot be used; nothing was kept.
        """
        document = document_of(self._view(), self._hub_areas, answers, told_place, on)
        return self.rows.save(document, session=session, now=now, keep_days=self._keep_days)

    def open(self, id: str, now: datetime) -> SavedCheckup | None:
        """Return a check-up, or None where there is none of that id or its time is over."""
        return self.rows.get(id, now)

    def follow_with(self, id: str, roadmap: str) -> None:
        """Note the roadmap that was made from a check-up; one that is gone is passed over."""
        self.rows.follow_with(id, roadmap)


def document_of(
    view: View, hub_areas: Sequence[str], answers: Answers, told_place: str | None, on: date
) -> dict[str, Any]:
    """Place a business and write what came out, with the figures told where it is."""
    checkup = read_checkup()
    found = view.resolve(told_place) if told_place else None
    where = (found.areas if found else ()) or hub_areas
    figures = figures_for(checkup, view.tree, tuple(where))
    return result_document(checkup, answers, place(checkup, answers), on, figures)


def figures_for(checkup: Checkup, tree: AreaTree, areas: Sequence[str]) -> list[Figure]:
    """Return the figures of areas that hold every one of these; none where no area is known."""
    return [
        figure
        for figure in checkup.figures
        if areas and all(code in tree and figure.area in tree.ancestors(code) for code in areas)
    ]
