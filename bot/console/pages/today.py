"""Today: what waits for whoever signed in, what is due, and how much there is. A list of small cards.

A part of the console adds what it has to say by adding a function to `CARDS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from bot.console.desk import SignedIn
from bot.console.forms.routes import Sees
from bot.console.forms.sorts import OFFERS, PROVIDERS, SORTS
from bot.console.forms.workroom import Workroom
from bot.console.pages.referrals import PATH as REFERRALS
from bot.console.pages.referrals import nobody_is_told
from bot.web.formats import day
from knowledge_base.brokers.records import NEW, TAKEN
from knowledge_base.brokers.words import long
from knowledge_base.store.sources import Sources
from knowledge_base.store.working_copies import WorkingCopy
from knowledge_base.watch.compare import KINDS

router = APIRouter(prefix="")

SOURCES = "/console/sources"
DUE = "/console/due"
SOON_DAYS = 30
MOST_LINES = 5


@dataclass(frozen=True)
class Card:
    """One thing to know: how many, in words, and where to go. ``lines`` are a few of them, with addresses."""

    title: str
    count: int
    words: str
    href: str
    lines: tuple[tuple[str, str], ...] = ()
    pressing: bool = False


MakeCard = Callable[[Workroom, SignedIn], Card | None]


@router.get("/")
def today(request: Request, who: Sees) -> HTMLResponse:
    """Show the cards that have something to say to this person."""
    room = Workroom.of(request)
    cards = [card for make in CARDS if (card := make(room, who)) is not None]
    return room.desk.page(
        "console/today.html", who=who, path="/console", cards=cards, on=day(room.now.date())
    )


def to_review(room: Workroom, who: SignedIn) -> Card | None:
    """What somebody else wrote and this person may publish."""
    if not who.member.may("publish"):
        return None
    mine = who.member.email.casefold()
    waiting = [
        c for c in room.life.working_all("in_review") if c.by.casefold() != mine or room.life.own_drafts
    ]
    words = "wait for you to publish them or send them back" if waiting else "Nothing waits for your review."
    return Card("To review", len(waiting), words, "/console/review", _copies(waiting), bool(waiting))


def sent_back(room: Workroom, who: SignedIn) -> Card | None:
    """Drafts of this person that came back with a comment."""
    back = [c for c in _own(room, who) if c.comment]
    if not back:
        return None
    return Card("Sent back to you", len(back), "with a comment", "/console/review", _copies(back), True)


def own_drafts(room: Workroom, who: SignedIn) -> Card | None:
    """What this person began and has not sent to review."""
    if not who.member.may("edit"):
        return None
    drafts = [c for c in _own(room, who) if not c.comment]
    words = "of yours, not sent to review yet" if drafts else "You have begun none."
    return Card("Drafts", len(drafts), words, f"{OFFERS.path}?state=draft", _copies(drafts))


def closing(room: Workroom, who: SignedIn) -> Card | None:
    """Offers that close within a month: is there a next round, or a successor?"""
    on = room.now.date()
    last = on + timedelta(days=SOON_DAYS)
    soon = sorted(
        (
            line
            for line in room.lines("offer")
            if line.closes and on <= line.closes <= last and line.status == "published"
        ),
        key=lambda line: (line.closes or last, line.id),
    )
    lines = tuple((f"{line.name}, {day(line.closes)}", OFFERS.address(line.id)) for line in soon[:MOST_LINES])
    words = f"close within {SOON_DAYS} days" if soon else f"None closes within {SOON_DAYS} days."
    return Card("Closing soon", len(soon), words, f"{OFFERS.path}?state=published&sort=closes", lines)


def overdue(room: Workroom, who: SignedIn) -> Card | None:
    """Offers the hub vouched for until a day that has passed."""
    on = room.now.date()
    late = [line for line in room.lines("offer") if "overdue" in line.states(on)]
    lines = tuple((line.name, OFFERS.address(line.id)) for line in late[:MOST_LINES])
    never = sum(line.status == "published" and line.until is None for line in room.lines("offer"))
    words = "past the day to check again" if late else "None is past its day."
    if never:
        untold = f"{never} {'was' if never == 1 else 'were'} never checked."
        words = f"{words}; {untold}" if late else f"{words} {untold}"
    return Card("Overdue for a check", len(late), words, DUE, lines, bool(late))


def found(room: Workroom, who: SignedIn) -> Card | None:
    """What the visits to the sources found, and nobody has dealt with."""
    sources = Sources(room.desk.advice.database)
    count = sum(sources.counts().values())
    if not count:
        return None
    named = room.catalogue()
    lines = []
    for each in sources.findings(limit=MOST_LINES):
        sort = SORTS.get(each.record_type)
        record = (named.providers if each.record_type == "provider" else named.offers).get(each.record_id)
        kind = KINDS.get(each.kind, each.kind)
        words = f"{record.name if record else each.record_id}: {kind[:1].lower()}{kind[1:]}"
        lines.append((words, sort.address(each.record_id) if sort else SOURCES))
    return Card("Found on the sources", count, "to look at", SOURCES, tuple(lines), True)


def unheard(room: Workroom, who: SignedIn) -> Card | None:
    """Messages that were not understood, for whoever may label them; their words stay on their own page."""
    if not who.member.may("label"):
        return None
    count = len(room.desk.advice.unheard.rows.all(["new"]))
    words = "messages wait to be labelled" if count else "Nothing waits to be labelled."
    return Card("Not understood", count, words, "/console/unheard")


def people_waiting(room: Workroom, who: SignedIn) -> Card | None:
    """Businesses that asked for a person and have had no answer; who they are stands on their own page."""
    open_ones = room.desk.advice.referrals.open_ones(room.now)
    waiting = [each for each in open_ones if each.state in (NEW, TAKEN)]
    if not waiting:
        return Card("People waiting", 0, "Nobody waits for an answer.", REFERRALS)
    longest = long(room.now - min(each.consent_at for each in waiting))
    words = f"asked for a person and {'waits' if len(waiting) == 1 else 'wait'}, the longest for {longest}"
    if nobody_is_told(room):
        words += ". Nobody is told: there is no team, and the hub names no contact"
    late = any(each.due_at and each.due_at <= room.now for each in waiting)
    alone = any(each.team is None for each in waiting)
    return Card("People waiting", len(waiting), words, REFERRALS, pressing=late or alone)


def offers(room: Workroom, who: SignedIn) -> Card:
    """How many offers businesses are shown."""
    shown = [line for line in room.lines("offer") if line.status == "published"]
    words = "are published" if shown else "None is published yet."
    return Card("Offers", len(shown), words, OFFERS.path)


def providers(room: Workroom, who: SignedIn) -> Card:
    """How many providers there are."""
    count = len(room.lines("provider"))
    return Card("Providers", count, "deliver them" if count else "There is none yet.", PROVIDERS.path)


def _own(room: Workroom, who: SignedIn) -> list[WorkingCopy]:
    mine = who.member.email.casefold()
    return [c for c in room.life.working_all("draft") if c.by.casefold() == mine]


def _copies(copies: list[WorkingCopy]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(c.document.get("name") or c.id), SORTS[c.record_type].address(c.id)) for c in copies[:MOST_LINES]
    )


CARDS: tuple[MakeCard, ...] = (
    people_waiting, to_review, sent_back, found, own_drafts, overdue, closing, unheard, offers, providers,
)  # fmt: skip
