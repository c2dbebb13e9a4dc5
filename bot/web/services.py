"""What the gateway asks of the rest: the store, the advice and the clock, by interface only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

import httpx

from bot.web.people import People
from knowledge_base.checkup import Answers, Checkup
from knowledge_base.explain import Explanation
from knowledge_base.replanning import Happened
from knowledge_base.store.roadmap_notes import RoadmapNote
from knowledge_base.view import View


class Chats(Protocol):
    """Sessions issued here, their messages answered once, and the payloads their buttons may send."""

    def new_session(self, now: datetime) -> str: ...

    def known(self, session: str, now: datetime) -> bool: ...

    def claim(self, session: str, message_id: str, now: datetime) -> str | list[dict[str, Any]]:
        """Return ``"new"``, ``"pending"``, or the replies already given to this message."""
        ...

    def keep_answer(
        self, session: str, message_id: str, replies: list[dict[str, Any]], now: datetime
    ) -> None: ...

    def release(self, session: str, message_id: str) -> None: ...

    def issued(self, session: str) -> set[str]: ...

    def set_issued(self, session: str, payloads: Iterable[str]) -> None: ...

    def forget(self, session: str) -> object: ...


class SavedRoadmap(Protocol):
    """One roadmap as it was when saved; ``document`` has the contract's shape."""

    @property
    def id(self) -> str: ...

    @property
    def document(self) -> Mapping[str, Any]: ...

    @property
    def created(self) -> datetime: ...

    @property
    def on(self) -> date: ...


class Roadmaps(Protocol):
    def get(self, id: str, now: datetime) -> SavedRoadmap | None: ...


class Notes(Protocol):
    """What advisers wrote to their clients, at most one note on a roadmap."""

    def get(self, roadmap_id: str) -> RoadmapNote | None: ...


class SavedCheckup(Protocol):
    """What came out of a check-up; ``roadmap`` is the id of the one made from it, if there is one."""

    @property
    def id(self) -> str: ...

    @property
    def document(self) -> Mapping[str, Any]: ...

    @property
    def roadmap(self) -> str | None: ...

    @property
    def created(self) -> datetime: ...


class Checkups(Protocol):
    """The innovation check-up, and the results that are kept."""

    @property
    def checkup(self) -> Checkup: ...

    def make(
        self, answers: Answers, *, told_place: str | None, on: date, session: str | None, now: datetime
    ) -> SavedCheckup: ...

    def open(self, id: str, now: datetime) -> SavedCheckup | None: ...

    def follow_with(self, id: str, roadmap: str) -> None: ...


class Hub(Protocol):
    """Whose page this is."""

    @property
    def name(self) -> str: ...

    @property
    def contact(self) -> Any:
        """Who answers: ``name``, ``phone``, ``email``, ``url``, ``hours``, ``note``; or None."""
        ...

    @property
    def colours(self) -> Mapping[str, str]: ...

    @property
    def intro(self) -> str: ...

    @property
    def languages(self) -> Sequence[str]: ...

    @property
    def allowed_origins(self) -> Sequence[str]: ...

    @property
    def retention_days(self) -> Mapping[str, int]:
        """How long ``roadmaps``, ``sessions`` and ``referrals`` are kept."""
        ...


class Advice(Protocol):
    @property
    def hub(self) -> Hub: ...

    def advise(
        self,
        needs: Sequence[str],
        profile: Mapping[str, Any],
        on: date,
        now: datetime,
        cost: Decimal | None = None,
        words: str | None = None,
    ) -> tuple[str, Mapping[str, Any]]:
        """Make and save a roadmap; raise ``BadProfile`` with plain words when that cannot be."""
        ...

    def open_roadmap(self, id: str, *, on: date, now: datetime) -> SavedRoadmap | None:
        """Return a saved roadmap, planned again first where that is due; None where there is none."""
        ...

    def progress(self, id: str, happened: Happened, *, on: date, now: datetime) -> Any:
        """Plan a saved roadmap again; what comes back has its ``document``; None where there is none.

        Raise ``BadProgress`` or ``BadProfile`` with plain words for what cannot have happened.
        """
        ...

    def explain_saved(self, id: str, offer: str, *, on: date, now: datetime) -> Explanation | None:
        """Explain an offer, by id or name, against a saved roadmap; None where there is none.

        Raise ``NoSuchOffer`` with plain words where no offer is called so.
        """
        ...

    def names(self, offers: Sequence[str]) -> list[str]:
        """Return the names of offers; an id without a record stays as it is."""
        ...

    def healthy(self) -> object:
        """Raise, or return False, when advice cannot be given."""
        ...


def local_now() -> datetime:
    """Return the time where the hub is, with its offset."""
    return datetime.now().astimezone()


@dataclass(frozen=True)
class Services:
    """Everything the gateway leans on.

    ``forget_elsewhere`` deletes what others hold of a session, such as Rasa's tracker; ``forget_rest`` what
    they hold of sessions that went with it, such as that of the client a broker made of its referral;
    ``conversations`` raises when Rasa could not keep a turn; ``purge`` deletes what has been kept for its
    stated time; ``records`` gives the records of now, for the gallery of examples; ``visited`` counts that
    the page of an offer was opened; ``checkups`` makes and keeps check-ups; ``people`` are the persons in
    owners' chats; ``notes`` are advisers' words to their clients; ``transport`` stands in for the network in
    tests.
    """

    chats: Chats
    roadmaps: Roadmaps
    advice: Advice
    forget_elsewhere: Callable[[str], object] | None = None
    forget_rest: Callable[[], object] | None = None
    conversations: Callable[[], object] | None = None
    purge: Callable[[datetime], object] | None = None
    records: Callable[[], View] | None = None
    visited: Callable[[str, datetime], object] | None = None
    checkups: Checkups | None = None
    notes: Notes | None = None
    people: People | None = None
    clock: Callable[[], datetime] = local_now
    transport: httpx.AsyncBaseTransport | None = None
