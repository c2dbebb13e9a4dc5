"""Change a client's roadmap by the engine's own calls, and keep the client's record in step with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.slack.blocks.roadmaps import changes, roadmap
from bot.slack.blocks.text import Message
from bot.slack.parts import SlackDoor
from knowledge_base.advice import Advice
from knowledge_base.asked import steps_of
from knowledge_base.brokers.records import Client
from knowledge_base.known import Known, facts_onto, needs_onto, plainly, read_known
from knowledge_base.profile import Profile, parse_profile
from knowledge_base.replanning import Happened, told_since
from knowledge_base.store.clients import NoSuchClient, StaleClient
from knowledge_base.store.roadmaps import SavedRoadmap

TRIES = 5
# Which planning made a document, not what it advises.
_OF_THE_DAY = ("changes", "changed_on", "on")


@dataclass(frozen=True, slots=True)
class Planned:
    """A client with its roadmap as it is now, and as it was before (None where there was none)."""

    client: Client
    document: dict[str, Any]
    before: Mapping[str, Any] | None

    @property
    def same(self) -> bool:
        """Whether nothing in it changed."""
        return self.before is not None and _advice_of(self.before) == _advice_of(self.document)

    @property
    def came(self) -> list[str]:
        """The names of the steps that were none before."""
        had = {step["offer"] for step in steps_of(self.before or {})}
        return [str(step["name"]) for step in steps_of(self.document) if step["offer"] not in had]


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a planning, each with its name; and the changes it tells of, each planning's apart."""

    messages: tuple[tuple[str, Message], ...]
    changes: tuple[Sequence[Mapping[str, Any]], ...]


class Planning:
    """Plans for clients. Everything here blocks; it belongs off the event loop."""

    def __init__(self, door: SlackDoor, advice: Advice) -> None:
        self.door = door
        self.advice = advice

    @property
    def now(self) -> datetime:
        return self.door.clock()

    @property
    def today(self) -> date:
        return self.now.date()

    def saved(self, client: Client) -> SavedRoadmap | None:
        """Return a client's roadmap, planned again first where that is due; None where there is none."""
        if client.roadmap is None:
            return None
        return self.advice.open_roadmap(client.roadmap, on=self.today, now=self.now)

    def caught_up(self, client: Client) -> Client:
        """Return a client with what its saved roadmap learned since the record was in step with it.

        Its owner tells there what is done and what changed, on its page or in the chat.
        """
        saved = self._kept(client)
        return caught_up(client, saved) if saved else client

    def unsaid(self, client: Client) -> bool:
        """Say whether a roadmap was planned since its client was in step, or changes wait to be told."""
        saved = self._kept(client)
        if saved is None or client.planned != _known(saved):
            return saved is not None
        return bool(self.advice.news.untold(saved.id))

    def _kept(self, client: Client) -> SavedRoadmap | None:
        return self.advice.roadmaps.get(client.roadmap, self.now) if client.roadmap else None

    def current(self, client: Client) -> Planned | None:
        """Return a client's roadmap, made where it is not there any more; None without a need."""
        saved = self.saved(client)
        if saved is not None:
            return Planned(caught_up(client, saved), saved.document, saved.document)
        return self.ask(client, client.needs, client.profile) if client.needs else None

    def happen(self, client: Client, happened: Happened) -> Planned | None:
        """Plan again after what happened; None where the client has asked for nothing yet.

        Raises:
            BadProgress: it names an offer that neither the records nor this roadmap know.
        """
        now = self.current(client)
        if now is None or now.client.roadmap is None:
            return None
        told = _with_record(happened, now.client)
        made = self.advice.progress(now.client.roadmap, told, on=self.today, now=self.now)
        if made is None:
            return None
        kept = self.keep(now.client, made.document, now.client.roadmap)
        return Planned(kept, made.document, now.document)

    def ask(self, client: Client, needs: Sequence[str], profile: Mapping[str, Any]) -> Planned:
        """Plan for these needs and facts, going on from the client's roadmap where they do.

        They are ``client``'s as it was read, changed: what its roadmap learned since is planned for too.

        Raises:
            BadProfile: a fact cannot be read.
            StaleClient: others keep writing.
        """
        before = None
        for _ in range(TRIES):
            planned, id = self._asked(client, needs, profile)
            before = before or planned
            kept, document = planned.client, planned.document
            if _state(kept)[:3] == (tuple(document["needs"]), document["profile"], id):
                return replace(planned, before=before.before)
            # Others wrote meanwhile: what they told counts in the roadmap too.
            client, needs, profile = kept, kept.needs, kept.profile
        raise StaleClient("Others keep changing this client; try again in a moment.")

    def _asked(self, client: Client, needs: Sequence[str], profile: Mapping[str, Any]) -> tuple[Planned, str]:
        saved = self.saved(client)
        there = caught_up(client, saved) if saved else client
        told = merged(client, replace(client, needs=tuple(needs), profile=dict(profile)), there)
        needs, facts = told.needs, parse_profile(told.profile)
        asked = saved.asked if saved else None
        plan = self.advice.plan(
            needs,
            facts,
            on=self.today,
            now=self.now,
            turned_down=asked.turned_down if asked else (),
            skipped=asked.skipped if asked else (),
            prefer=asked.prefer if asked else None,
            near=asked.near if asked else None,
            session=client.session,
            before=saved.id if saved and _goes_on(saved, needs, facts) else None,
            since=there.planned,
        )
        kept = self.keep(there, plan.document, plan.id)
        return Planned(kept, plan.document, saved.document if saved else None), plan.id

    def keep(self, client: Client, document: Mapping[str, Any], roadmap: str | None) -> Client:
        """Write what a roadmap was made from into the client's record, whoever wrote there meanwhile."""
        return self.note(client, document["needs"], document["profile"], roadmap, read_known(document))

    def note(
        self,
        client: Client,
        needs: Sequence[str],
        profile: Mapping[str, Any],
        roadmap: str | None,
        planned: Known | None = None,
    ) -> Client:
        """Write what a client wants, told, and was given last; ``planned`` is what that roadmap holds now.

        ``client`` is what this was made from: where it is overtaken, what changed since goes onto what others
        wrote meanwhile, whose other needs and facts stay.

        Raises:
            NoSuchClient: it was forgotten meanwhile.
            StaleClient: others keep writing.
        """
        planned = planned or (client.planned if roadmap == client.roadmap else None)
        told = replace(client, needs=tuple(needs), profile=dict(profile), roadmap=roadmap, planned=planned)
        for _ in range(TRIES):
            # Read anew: what was made from may have caught up with its roadmap since it was read.
            there = self.advice.clients.get(client.id, client.team)
            if there is None:
                raise NoSuchClient("There is no such client any more; look at the list of clients.")
            overtaken = there.version != client.version
            wanted = merged(client, told, self.caught_up(there)) if overtaken else told
            if _state(there) == _state(wanted):
                return there
            try:
                return self.advice.clients.keep(
                    client.id,
                    needs=wanted.needs,
                    profile=wanted.profile,
                    roadmap=wanted.roadmap,
                    version=there.version,
                    now=self.now,
                    planned=wanted.planned,
                )
            except StaleClient:
                continue
        raise StaleClient("Others keep changing this client; try again in a moment.")

    def shown(self, client: Client, document: Mapping[str, Any], page: int = 1) -> Message:
        """Write a client's roadmap, with what only advisers can use beside it."""
        adviser = self.advice.for_advisers(client.needs, parse_profile(client.profile), on=self.today)
        url = self.advice.url_of(client.roadmap) if client.roadmap else ""
        return roadmap(
            document,
            client,
            today=self.today,
            url=url,
            name_of=lambda offer: self.advice.names([offer])[0],
            adviser=adviser,
            page=page,
        )

    def told(self, planned: Planned, again: bool = False) -> Told:
        """Say what a planning changed and why, and show the roadmap where it is another one now.

        ``again``: whoever did this before was cut off, so the change may be in the roadmap already, unsaid.
        """
        changed = list(planned.document.get("changes") or ())
        if again and planned.same and not changed:
            roadmap = planned.client.roadmap
            untold = self.advice.news.untold(roadmap) if roadmap else []
            news = self._changes(planned, [change for found in untold for change in found]) if untold else []
            return Told((*news, ("roadmap", self.shown(planned.client, planned.document))), tuple(untold))
        news = self._changes(planned, changed) if planned.before else []
        if not planned.same:
            news = [*news, ("roadmap", self.shown(planned.client, planned.document))]
        return Told(tuple(news), (changed,))

    def told_of(self, planned: Planned, told: Told) -> None:
        """Note that what a planning changed was said in the thread, so that nobody is told it again."""
        for changes_of_one in told.changes:
            self.heard(planned.client, {"changes": changes_of_one})

    def _changes(self, planned: Planned, found: Sequence[Mapping[str, Any]]) -> list[tuple[str, Message]]:
        return [("changes", changes({"changes": found}, planned.client))]

    def heard(self, client: Client, document: Mapping[str, Any]) -> None:
        """Do the same for a roadmap that was shown to whoever asked for it."""
        if client.roadmap:
            self.advice.news.told(client.roadmap, document.get("changes") or ())


def merged(before: Client, told: Client, there: Client) -> Client:
    """Put what changed from ``before`` to ``told`` onto a client as it is ``there`` meanwhile."""
    made = there if told.roadmap == before.roadmap else told
    return replace(
        there,
        needs=needs_onto(before.needs, told.needs, there.needs),
        profile=facts_onto(before.profile, told.profile, there.profile),
        roadmap=made.roadmap,
        planned=made.planned,
    )


def caught_up(client: Client, saved: SavedRoadmap) -> Client:
    """Put what a saved roadmap learned since a client's record was in step with it onto the client."""
    now = _known(saved)
    if client.planned == now:
        return client
    known = client.planned
    if known is None:  # what only the record says was noted, and not planned for
        noted = {fact: value for fact, value in client.profile.items() if fact not in now.profile}
        known = Known(client.needs, {f: v for f, v in client.profile.items() if f not in noted})
    return replace(
        client,
        needs=needs_onto(known.needs, now.needs, client.needs),
        profile=facts_onto(known.profile, now.profile, client.profile),
        planned=now,
    )


def _with_record(happened: Happened, client: Client) -> Happened:
    """What happened, with what was noted of a client and not planned for yet."""
    if client.planned is None:
        return happened
    facts, withdrawn = told_since(client.planned.profile, plainly(client.profile))
    new = [need for need in client.needs if need not in client.planned.needs]
    return replace(
        happened,
        facts={**facts, **happened.facts},
        withdrawn_facts=(*happened.withdrawn_facts, *withdrawn),
        needs=(*happened.needs, *new),
    )


def _known(saved: SavedRoadmap) -> Known:
    return Known(saved.needs, saved.profile)


def _state(client: Client) -> tuple[Any, ...]:
    return client.needs, client.profile, client.roadmap, client.planned


def _goes_on(saved: SavedRoadmap, needs: Sequence[str], facts: Profile) -> bool:
    """Say whether what is asked goes on from a roadmap: its needs first, and nothing done undone.

    Going on keeps what was done and the order of needs, so that whoever takes one out is planned for anew.
    """
    first = tuple(dict.fromkeys(needs))[: len(saved.needs)]
    return first == saved.needs and set(saved.asked.profile.done) <= set(facts.done)


def _advice_of(document: Mapping[str, Any]) -> dict[str, Any]:
    # A roadmap planned again names what was done and left out, even where that is nothing.
    return {name: value for name, value in document.items() if name not in _OF_THE_DAY and value != []}
