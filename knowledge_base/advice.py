"""What every door asks of the core: one engine, whoever asks."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from knowledge_base.cards import OfferCard
from knowledge_base.documents import roadmap_document
from knowledge_base.hubs import Hub
from knowledge_base.profile import Profile, dump_profile, parse_profile
from knowledge_base.reading import Reading
from knowledge_base.roadmap import Question
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.database import Database
from knowledge_base.store.referrals import Referrals
from knowledge_base.store.roadmaps import Roadmaps
from knowledge_base.terms import Term, Terms
from knowledge_base.view import View

__all__ = ["Advice", "OfferCard", "Plan"]


@dataclass(frozen=True)
class Plan:
    """A saved roadmap: its id, its page, and the document in the contract's shape."""

    id: str
    url: str
    document: dict[str, Any]

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Every step, in the order to take them."""
        return [step for phase in self.document["phases"] for step in phase["steps"]]


class Advice:
    """Answers from the records as they are now: what a curator publishes, the next message can use."""

    def __init__(self, database: Database, hub: Hub, public_url: str) -> None:
        self.database = database
        self.hub = hub
        self.public_url = public_url.rstrip("/")
        self.records = CatalogueStore(database)
        self.roadmaps = Roadmaps(database)
        self.referrals = Referrals(database)
        self._terms = Terms.read()
        self._lock = threading.Lock()
        self._view: View | None = None

    def view(self) -> View:
        """The records of now, made ready; made anew only when one has changed."""
        catalogue = self.records.catalogue()
        with self._lock:
            if self._view is None or self._view.catalogue is not catalogue:
                self._view = View.of(catalogue, self.hub.areas, self.records.thresholds())
            return self._view

    def warm(self) -> None:
        """Make everything ready that the first question would otherwise wait for."""
        self.view().reader.read("Dudley", on=date.min)

    def read(
        self, text: str, *, asked: str | None, on: date, profile: Profile | None, shown: Sequence[str]
    ) -> Reading:
        """Read the facts, the offers named and the wishes in one message."""
        return self.view().reader.read(text, asked=asked, on=on, profile=profile, shown=shown)

    def contact_in(self, text: str) -> dict[str, str] | None:
        """A name and a way to reach somebody, if a message holds one; no calendar date is needed for that."""
        reading = self.view().reader.read(text, asked="contact", on=date.min)
        return reading.contact

    def next_question(
        self, needs: Sequence[str], profile: Profile, *, on: date, never: Collection[str] = ()
    ) -> Question | None:
        """The fact that settles most, among those not in ``never``."""
        return self.view().next_question(needs, profile, on, never)

    def settles(self, fact: str, needs: Sequence[str], profile: Profile, *, on: date) -> int:
        """How many undecided conditions one fact would settle now."""
        question = self.next_question(needs, profile, on=on)
        return question.settles if question and question.fact == fact else 1

    def plan(
        self,
        needs: Sequence[str],
        profile: Profile,
        *,
        on: date,
        now: datetime,
        cost: Decimal | None = None,
        turned_down: Collection[str] = (),
        prefer: str | None = None,
        session: str | None = None,
    ) -> Plan:
        """Make the roadmap and keep it for as long as the hub says.

        Raises:
            UnknownNeed: a need is not in the closed list.
            StoreUnavailable: the database cannot be used; nothing was kept.
        """
        roadmap = self.view().roadmap(needs, profile, on, cost=cost, turned_down=turned_down, prefer=prefer)
        document = roadmap_document(roadmap)
        id = self.roadmaps.save(
            document,
            needs=list(needs),
            profile=dump_profile(profile),
            on=on,
            session=session,
            now=now,
            keep_days=self.hub.retention_days["roadmaps"],
        )
        return Plan(id, self.url_of(id), document)

    def advise(
        self,
        needs: Sequence[str],
        profile: Mapping[str, Any],
        on: date,
        now: datetime,
        cost: Decimal | None = None,
    ) -> tuple[str, Mapping[str, Any]]:
        """`plan` for a door that speaks JSON; raises BadProfile with plain words."""
        made = self.plan(needs, parse_profile(profile), on=on, now=now, cost=cost)
        return made.id, made.document

    def url_of(self, roadmap_id: str) -> str:
        """The page of a saved roadmap."""
        return f"{self.public_url}/roadmap/{roadmap_id}"

    def card(self, offer_id: str, profile: Profile, *, on: date) -> OfferCard | None:
        return self.view().card(offer_id, profile, on)

    def namesakes(self, profile: Profile) -> list[str]:
        """The areas a told place may lie in, when there are several places of its name; else nothing."""
        view = self.view()
        place = view.resolve(profile.place) if profile.place else None
        if place is None or place.status != "ambiguous":
            return []
        return [view.catalogue.areas[code].name for code in place.areas if code in view.catalogue.areas]

    def events(self, needs: Sequence[str], profile: Profile, *, on: date) -> list[OfferCard]:
        return self.view().meetings(needs, profile, on)

    def names(self, offers: Sequence[str]) -> list[str]:
        """The names of offers; an id without a record stays as it is."""
        known = self.view().catalogue.offers
        return [known[o].name if o in known else o for o in offers]

    @property
    def count(self) -> int:
        """How many offers are published."""
        return len(self.view().catalogue.offers)

    @property
    def terms(self) -> tuple[Term, ...]:
        return self._terms.all

    def term(self, text: str) -> Term | None:
        return self._terms.find(text)

    def names_an_offer_more_closely(self, text: str, term: Term, offers: Sequence[str]) -> bool:
        """Say whether a longer name than the term's stands in a message: the Patent Box is no patent."""
        said, known = text.casefold(), self.view().catalogue.offers
        longest = max((len(n) for n in (term.name, *term.aliases) if n.casefold() in said), default=0)
        names = [n for o in offers if o in known for n in (known[o].name, *known[o].aliases)]
        return any(len(name) > longest and name.casefold() in said for name in names)

    def refer(
        self,
        *,
        session: str,
        contact: Mapping[str, str],
        needs: Sequence[str],
        profile: Profile,
        roadmap: str | None,
        now: datetime,
    ) -> str:
        """Record that a business asked to be called, and agreed to it; return the code to quote."""
        place = self.view().resolve(profile.place) if profile.place else None
        return self.referrals.record(
            session,
            name=contact.get("name", ""),
            contact=", ".join(contact[way] for way in ("email", "phone") if contact.get(way)),
            needs=list(needs),
            areas=list(place.areas) if place else [],
            roadmap_id=roadmap,
            consent_at=now,
        )

    def forget(self, session: str) -> None:
        """Delete what was kept of one conversation: its roadmaps and its referrals."""
        self.roadmaps.delete_for_session(session)
        self.referrals.delete_for_session(session)

    def purge(self, now: datetime) -> None:
        """Delete the roadmaps and referrals whose stated time is over."""
        self.roadmaps.purge(now)
        self.referrals.purge(now, self.hub.retention_days["referrals"])

    def healthy(self) -> bool:
        """Write to the database and read it back; raises StoreUnavailable when that fails."""
        self.database.healthy()
        return True
