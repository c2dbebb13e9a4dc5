"""Make roadmaps that are kept, open them, and plan them again, without two writing over each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from knowledge_base.asked import Asked, offers_in
from knowledge_base.documents import roadmap_document
from knowledge_base.for_owners import asked_by_owner, not_for_reader
from knowledge_base.gap_groups import gaps_seen
from knowledge_base.known import Known, facts_onto
from knowledge_base.making import make
from knowledge_base.profile import dump_profile
from knowledge_base.replanning import Happened, Replanned, names, overdue, replan, told_since
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.database import StoreUnavailable
from knowledge_base.store.roadmaps import Roadmaps, SavedRoadmap
from knowledge_base.view import View

TRIES = 5
NOTHING = Happened()


@dataclass(frozen=True)
class Progress:
    """A saved roadmap as it is now, and what planning it again changed; ``planned`` is None where it was
    not due."""

    saved: SavedRoadmap
    planned: Replanned | None = None

    @property
    def document(self) -> dict[str, Any]:
        """The roadmap, with the changes of this planning alone: none where nothing changed."""
        found = self.planned.document["changes"] if self.planned else []
        return {**self.saved.document, "changes": found, "changed_on": self.saved.on.isoformat()}


class SavedPlans:
    """The roadmaps of one database, each made from its records as they are now."""

    def __init__(self, roadmaps: Roadmaps, records: CatalogueStore, view: Callable[[], View]) -> None:
        self._roadmaps = roadmaps
        self._records = records
        self._view = view

    def make(
        self, asked: Asked, *, session: str | None, now: datetime, keep_days: int
    ) -> tuple[str, dict[str, Any]]:
        """Make a roadmap and keep it; return its id and its document. What it leaves open is counted."""
        view = self._view()
        asked = asked_by_owner(asked, not_for_reader(view, asked))
        roadmap = make(view, asked)
        document = roadmap_document(roadmap)
        id = self._roadmaps.save(
            document,
            replace(asked, catalogue_version=self._records.version),
            used=self._records.versions(view.catalogue, offers_in(document)),
            session=session,
            now=now,
            keep_days=keep_days,
            gaps=gaps_seen(view, roadmap),
        )
        return id, document

    def open(self, id: str, *, on: date, now: datetime) -> SavedRoadmap | None:
        """Return a saved roadmap, planned again first where it is due; None where there is none.

        It is due when a record it uses has changed, or when a step can no longer be reached on the day.
        Opening it again changes nothing. Of several who open it at once, one writes.
        """
        progress = self.progress(id, NOTHING, on=on, now=now)
        return progress.saved if progress else None

    def progress(self, id: str, happened: Happened, *, on: date, now: datetime) -> Progress | None:
        """Plan a saved roadmap again after what happened, and keep it under its id; None where there is none.

        Raises:
            BadProgress: an offer, a kind or a need that is told of is not one we know.
            BadProfile: a fact that is told cannot be read.
            StoreUnavailable: the database cannot be used, or others keep writing; nothing was kept.
        """
        for _ in range(TRIES):
            saved = self._roadmaps.get(id, now)
            if saved is None:
                return None
            view = self._view()
            if happened == NOTHING and not self._due(view, saved, on):
                return Progress(saved)
            planned = replan(view, saved.document, saved.asked, happened, on)
            document = with_news(saved.document, planned)
            same = document == saved.document and planned.asked == saved.asked
            kept = saved if same and not saved.marked else self._keep(view, saved, planned, document, now)
            if kept is not None:
                return Progress(kept, planned)
        raise StoreUnavailable("this roadmap is being changed by several at once; try again in a moment")

    def go_on(self, id: str, asked: Asked, *, now: datetime, since: Known | None = None) -> Progress | None:
        """Plan a saved roadmap again for what is asked now; None where it is another roadmap.

        It is the same one for the needs it was made for, and for more. Offers that neither it nor the
        records know any more are passed over. ``since`` is what whoever asks knew of it: what they did not
        change is as others told meanwhile.
        """
        saved = self._roadmaps.get(id, now)
        if saved is None or not set((since or saved).needs) <= set(asked.needs):
            return None
        known = names(self._view(), saved.document, saved.asked)
        told = dump_profile(asked.profile)
        if since is not None:
            told = facts_onto(since.profile, told, saved.profile)
        facts, withdrawn = told_since(saved.profile, told)
        happened = Happened(
            turned_down=tuple(offer for offer in asked.turned_down if offer in known),
            skipped=tuple(offer for offer in asked.skipped if offer in known),
            facts=facts,
            withdrawn_facts=withdrawn,
            needs=asked.needs,
            prefer=asked.prefer,
            near=asked.near,
        )
        return self.progress(id, happened, on=asked.on, now=now)

    def _due(self, view: View, saved: SavedRoadmap, on: date) -> bool:
        return saved.marked or overdue(view, saved.document, max(on, saved.on))

    def _keep(
        self,
        view: View,
        saved: SavedRoadmap,
        planned: Replanned,
        document: dict[str, Any],
        now: datetime,
    ) -> SavedRoadmap | None:
        return self._roadmaps.keep(
            saved,
            document,
            replace(planned.asked, catalogue_version=self._records.version),
            used=self._records.versions(view.catalogue, offers_in(document)),
            now=now,
            gaps=gaps_seen(view, planned.roadmap, but=saved.needs),
            changes=document["changes"] if planned.changes else (),
        )


def with_news(before: dict[str, Any], planned: Replanned) -> dict[str, Any]:
    """Return the new document; where nothing changed, it keeps the changes that were told last."""
    if planned.changes:
        return planned.document
    told = {"changes": before.get("changes") or [], "changed_on": before.get("changed_on")}
    return {**planned.document, **told}
