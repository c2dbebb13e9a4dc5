"""What every door asks of the core: one engine, whoever asks."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from knowledge_base.asked import Asked, steps_of
from knowledge_base.brokers.asking import record_request
from knowledge_base.cards import OfferCard
from knowledge_base.checkup.saved import SavedCheckups
from knowledge_base.doors import Door, read_doors
from knowledge_base.explain import Explanation, explain
from knowledge_base.hubs import Hub
from knowledge_base.known import Known
from knowledge_base.meanings import Meanings
from knowledge_base.offer_lookup import find_offer
from knowledge_base.plans import Plan
from knowledge_base.profile import Profile, parse_profile
from knowledge_base.purging import purge
from knowledge_base.reading import Reading, without
from knowledge_base.replanning import Happened
from knowledge_base.roadmap import Question
from knowledge_base.saved_plans import Progress, SavedPlans
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.checkups import CheckupRows
from knowledge_base.store.clients import Clients
from knowledge_base.store.database import Database
from knowledge_base.store.gaps import Gaps
from knowledge_base.store.referrals import Referrals
from knowledge_base.store.relay import Relay
from knowledge_base.store.roadmap_news import RoadmapNews
from knowledge_base.store.roadmap_notes import RoadmapNotes
from knowledge_base.store.roadmaps import Roadmaps, SavedRoadmap
from knowledge_base.store.teams import Brokers, Teams
from knowledge_base.store.unheard import UnheardRows
from knowledge_base.store.usage import OPENED, VISITED, OfferCounts
from knowledge_base.terms import Term, Terms
from knowledge_base.unheard.keeping import KeptUnheard
from knowledge_base.view import View

__all__ = ["Advice", "OfferCard", "Plan"]


class Advice:
    """Answers from the records as they are now: what a curator publishes, the next message can use."""

    def __init__(
        self, database: Database, hub: Hub, public_url: str, meanings: Meanings | None = None
    ) -> None:
        """Without ``meanings``, no offer is closer than another to what an owner said."""
        self.database = database
        self.hub = hub
        self.public_url = public_url.rstrip("/")
        self.records = CatalogueStore(database)
        self.roadmaps = Roadmaps(database)
        self.notes = RoadmapNotes(database)
        self.news = RoadmapNews(database)
        self.referrals = Referrals(database)
        self.relay = Relay(database)
        self.teams = Teams(database)
        self.brokers = Brokers(database)
        self.clients = Clients(database)
        self.gaps = Gaps(database)
        self.used = OfferCounts(database)
        self.plans = SavedPlans(self.roadmaps, self.records, self.view)
        self.checkups = SavedCheckups(
            CheckupRows(database), self.view, hub.areas, hub.retention_days["roadmaps"]
        )
        self.unheard = KeptUnheard(UnheardRows(database), self.view, hub.retention_days["unheard"])
        self._meanings = meanings
        self._terms = Terms.read()
        self._doors = read_doors()
        self._lock = threading.Lock()
        self._view: View | None = None

    def view(self) -> View:
        """The records of now, made ready; made anew only when one has changed."""
        catalogue = self.records.catalogue()
        with self._lock:
            if self._view is None or self._view.catalogue is not catalogue:
                thresholds = self.records.thresholds()
                self._view = View.of(
                    catalogue,
                    self.hub.areas,
                    thresholds,
                    self._view,
                    self._meanings,
                    self.hub.grace_days,
                )
            return self._view

    def warm(self) -> None:
        """Make everything ready that the first question would otherwise wait for."""
        view = self.view()
        view.reader.read("Dudley", on=date.min)
        if self._meanings:
            self._meanings.warm(view.index)

    def read(
        self,
        text: str,
        *,
        asked: str | None,
        on: date,
        profile: Profile | None,
        shown: Sequence[str],
        audience: str = "owner",
    ) -> Reading:
        """Read the facts, the offers named and the wishes in one message.

        What only advisers can use is not among the offers an owner named; that it was named, is said.
        """
        view = self.view()
        reading = view.reader.read(
            text, asked=asked, on=on, profile=profile, shown=shown, of_client=audience != "owner"
        )
        return reading if audience != "owner" else without(reading, view.index.for_brokers)

    def contact_in(self, text: str) -> dict[str, str] | None:
        """A name and a way to reach somebody, if a message holds one; no calendar date is needed for that."""
        reading = self.view().reader.read(text, asked="contact", on=date.min)
        return reading.contact

    def near_of(self, text: str) -> str | None:
        """What a message means, as an opaque text to keep instead of the words; see `View.near_of`."""
        return self.view().near_of(text)

    def next_question(
        self,
        needs: Sequence[str],
        profile: Profile,
        *,
        on: date,
        never: Collection[str] = (),
        near: str | None = None,
    ) -> Question | None:
        """The fact that settles most, among those not in ``never``."""
        return self.view().next_question(needs, profile, on, never, near)

    def settles(
        self, fact: str, needs: Sequence[str], profile: Profile, *, on: date, near: str | None = None
    ) -> int:
        """How many undecided conditions one fact would settle now."""
        question = self.next_question(needs, profile, on=on, near=near)
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
        skipped: Collection[str] = (),
        prefer: str | None = None,
        near: str | None = None,
        session: str | None = None,
        before: str | None = None,
        since: Known | None = None,
    ) -> Plan:
        """Make the roadmap and keep it for as long as the hub says.

        With ``before``, the id of a saved roadmap, plan that one again under its id, where what is asked
        now goes on from it: the same needs, or more. With ``since``, what whoever asks knew of that roadmap,
        what others told of the business meanwhile stays, but for what is told otherwise now.

        Raises:
            UnknownNeed: a need is not in the closed list.
            StoreUnavailable: the database cannot be used; nothing was kept.
        """
        asked = Asked(
            tuple(dict.fromkeys(needs)),
            profile,
            on,
            cost=cost,
            turned_down=tuple(dict.fromkeys(turned_down)),
            skipped=tuple(dict.fromkeys(skipped)),
            prefer=prefer,
            near=near,
        )
        going_on = self.plans.go_on(before, asked, now=now, since=since) if before else None
        if going_on is not None:
            made, changes = going_on.saved, going_on.planned.changes if going_on.planned else ()
            return Plan(made.id, self.url_of(made.id), going_on.document, before, changes)
        days = self.hub.retention_days["roadmaps"]
        id, document = self.plans.make(asked, session=session, now=now, keep_days=days)
        return Plan(id, self.url_of(id), document)

    def open_roadmap(self, id: str, *, on: date, now: datetime) -> SavedRoadmap | None:
        """Return a saved roadmap, planned again first where its records or the days gone by ask for it.

        Its document's ``changes`` say what changed when it was last planned again, on ``changed_on``.

        Raises:
            StoreUnavailable: the database cannot be used.
        """
        return self.plans.open(id, on=on, now=now)

    def progress(self, id: str, happened: Happened, *, on: date, now: datetime) -> Progress | None:
        """Plan a saved roadmap again after what happened; see `SavedPlans.progress`."""
        return self.plans.progress(id, happened, on=on, now=now)

    def explain(
        self, asked: Asked, offer: str, shown: Sequence[str] | None = None, *, audience: str = "owner"
    ) -> Explanation:
        """Say how an offer, by id or name, stands to the roadmap for what was asked; see `explain`.

        ``shown`` are the steps shown last, in order, where they may be older than what is asked now.
        ``audience`` is who reads it: an owner is told of nothing that only advisers can use.

        Raises:
            NoSuchOffer: no offer is called so, or several are.
            UnknownNeed: a need is not in the closed list.
        """
        view = self.view()
        return explain(view, asked, find_offer(view.catalogue, offer, audience).id, shown)

    def explain_saved(
        self, id: str, offer: str, *, on: date, now: datetime, audience: str = "owner"
    ) -> Explanation | None:
        """Say how an offer stands to a saved roadmap; None where there is none.

        Its day counts from ``on``, since what has closed meanwhile cannot be had; its steps are those shown.
        ``audience`` is who reads it, as for `explain`.

        Raises:
            NoSuchOffer: no offer is called so, or several are.
            StoreUnavailable: the database cannot be used.
        """
        saved = self.open_roadmap(id, on=on, now=now)
        if saved is None:
            return None
        view = self.view()
        asked = replace(saved.asked, on=max(on, saved.on))
        steps = [str(step["offer"]) for step in steps_of(saved.document)]
        return explain(view, asked, find_offer(view.catalogue, offer, audience).id, shown=steps)

    def advise(
        self,
        needs: Sequence[str],
        profile: Mapping[str, Any],
        on: date,
        now: datetime,
        cost: Decimal | None = None,
        words: str | None = None,
    ) -> tuple[str, Mapping[str, Any]]:
        """`plan` for a door that speaks JSON; raises BadProfile with plain words.

        ``words`` are the owner's own; only what they mean is kept.
        """
        told = parse_profile(profile)
        near = self.near_of(words) if words else None
        made = self.plan(needs, told, on=on, now=now, cost=cost, near=near)
        return made.id, made.document

    def url_of(self, roadmap_id: str) -> str:
        """The page of a saved roadmap."""
        return f"{self.public_url}/roadmap/{roadmap_id}"

    def url_of_checkup(self, checkup_id: str) -> str:
        """The page of a saved check-up."""
        return f"{self.public_url}/checkup/{checkup_id}"

    def card(self, offer_id: str, profile: Profile, *, on: date, audience: str = "owner") -> OfferCard | None:
        """One offer, told to an owner or a broker; None where there is none, or none that they may use."""
        return self.view().card(offer_id, profile, on, audience)

    def for_advisers(self, needs: Sequence[str], profile: Profile, *, on: date) -> list[OfferCard]:
        """What only advisers can use for a client's needs; see `View.for_advisers`."""
        return self.view().for_advisers(needs, profile, on)

    def opened(self, offers: Sequence[str], now: datetime) -> None:
        """Count that somebody asked about offers; who, is not kept."""
        self.used.note(OPENED, offers, now)

    def visited(self, offer: str, now: datetime) -> None:
        """Count that somebody went on to the page an offer's record names; who, is not kept."""
        self.used.note(VISITED, [offer], now)

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

    def doors_for(self, family: str, profile: Profile) -> list[Door]:
        """Who else to turn to, where the business is, for a family of things we do not do."""
        return self._doors.for_family(family, self.view().around(profile))

    def troubles_in(self, text: str) -> tuple[str, ...]:
        """The troubles of the owner's own that a message tells of, gravest first: life, mind, money."""
        return self._doors.troubles_in(text)

    def doors_in_trouble(self, troubles: Sequence[str], profile: Profile) -> list[Door]:
        """Who to turn to, where the business is, in each of some troubles."""
        around = self.view().around(profile)
        named = {d.id: d for trouble in troubles for d in self._doors.for_trouble(trouble, around)}
        return [*named.values()]

    def refer(
        self,
        *,
        session: str,
        contact: Mapping[str, str],
        needs: Sequence[str],
        profile: Profile,
        roadmap: str | None,
        recap: Sequence[str] = (),
        code_only: bool = False,
        now: datetime,
    ) -> str:
        """Record that a business asked for a person, and agreed to it; return the code to quote.

        The team that fits has it at once; the hub's lead, where none does.

        Args:
            contact: a name, and the ``email`` or ``phone`` to reach the business by.
            recap: what it told, in short sentences; by default the facts of its profile.
            code_only: it wants no call, and quotes the code itself; ``contact`` may be empty.
        """
        return record_request(
            self.referrals,
            self.teams.all(active=True),
            self.view(),
            self.hub.areas,
            session=session,
            contact=contact,
            needs=needs,
            profile=profile,
            roadmap=roadmap,
            recap=recap,
            code_only=code_only,
            now=now,
        )

    def forget(self, session: str) -> None:
        """Delete what was kept of one conversation: roadmaps, check-ups, referrals, words to learn from.

        With a referral go its trail, its lines, the client a broker made from it, and what is in Slack of it.
        """
        self.roadmaps.delete_for_session(session)
        self.checkups.rows.delete_for_session(session)
        self.referrals.delete_for_session(session)
        self.unheard.forget(session)

    def purge(self, now: datetime) -> list[str]:
        """Delete what is over its stated time; see `knowledge_base.purging.purge`."""
        return purge(self, now)

    def healthy(self) -> bool:
        """Write to the database and read it back; raises StoreUnavailable when that fails."""
        self.database.healthy()
        return True
