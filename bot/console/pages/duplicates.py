"""Look-alikes: pairs of records side by side; they are two, or are made one, and that can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.console.desk import Desk, SignedIn
from bot.console.gate import allowed, form, text
from bot.web.problems import Problem
from knowledge_base.differences import Change, difference
from knowledge_base.duplicates import Pair
from knowledge_base.field_labels import label_of
from knowledge_base.joining import CHOSEN, BadMerge
from knowledge_base.offer_dump import dump_offer
from knowledge_base.records import Catalogue, Offer
from knowledge_base.store.catalogue_store import CatalogueStore
from knowledge_base.store.duplicates import Duplicates

router = APIRouter(prefix="")
See = Annotated[SignedIn, Depends(allowed("see"))]
Publish = Annotated[SignedIn, Depends(allowed("publish"))]
PATH = "/console/duplicates"
MOST = 100
TOLD = {
    "two": "They are two; the pair is not shown again.",
    "maybe": "They may be one after all; if they look alike, they are shown again.",
    "merged": "They are one now. What named the other names the one that stays.",
    "undone": "They are two again, as they were.",
    "undone-but": "They are two again, but for what was changed since: look at these records.",
}


@dataclass(frozen=True)
class Shown:
    """A pair as the list shows it."""

    pair: Pair
    one: Offer
    other: Offer

    @property
    def href(self) -> str:
        return f"{PATH}/pair?{urlencode({'one': self.one.id, 'other': self.other.id})}"


@dataclass(frozen=True)
class Field:
    """One field in which two records differ, and what each says."""

    name: str
    label: str
    changes: tuple[Change, ...]
    chosen: bool


@router.get("/duplicates")
async def duplicates(request: Request, who: See, told: str = "") -> Response:
    """Show the pairs, the likeliest first; what was made one; and what was said to be two."""
    desk: Desk = request.app.state.desk
    given = await run_in_threadpool(_listed, desk)
    return desk.page("console/duplicates.html", who=who, path=PATH, told=TOLD.get(told, ""), **given)


@router.get("/duplicates/pair")
async def pair(request: Request, who: See, one: str, other: str) -> Response:
    """Show two records side by side, with what can be done about them."""
    desk: Desk = request.app.state.desk
    given = await run_in_threadpool(_side_by_side, desk, one, other)
    return desk.page("console/duplicate_pair.html", who=who, path=PATH, **given)


@router.post("/duplicates/two")
async def are_two(request: Request, who: Publish) -> Response:
    """Remember that two records are two, or forget that again."""
    desk: Desk = request.app.state.desk
    sent = await form(request, who)
    one, other, work = text(sent, "one", 100), text(sent, "other", 100), _work(desk)
    if text(sent, "do", 20) == "forget":
        await run_in_threadpool(work.may_be_one, one, other)
        return _back("maybe")
    try:
        await run_in_threadpool(work.are_two, one, other, who.member.email, desk.clock())
    except BadMerge as bad:
        raise Problem("bad_request", str(bad)) from bad
    return _back("two")


@router.post("/duplicates/merge")
async def merge(request: Request, who: Publish) -> Response:
    """Make two records one."""
    desk: Desk = request.app.state.desk
    sent = await form(request, who)
    one, other, stays = text(sent, "one", 100), text(sent, "other", 100), text(sent, "stays", 100)
    if stays not in (one, other):
        words = "Say first which of the two records stays. Go back, and choose it."
        raise Problem("bad_request", words)
    goes = other if stays == one else one
    whole = text(sent, "whole", 5) == "yes"
    taken = [] if whole else [field for field in CHOSEN if text(sent, f"from.{field}", 100) == goes]
    try:
        versions = {one: int(text(sent, "one_version", 12)), other: int(text(sent, "other_version", 12))}
    except ValueError as error:
        words = "That form cannot be read. Go back, reload the page, and choose again."
        raise Problem("bad_request", words) from error
    try:
        await run_in_threadpool(
            lambda: _work(desk).merge(
                stays, goes, by=who.member.email, now=desk.clock(), taken=taken, versions=versions
            )
        )
    except BadMerge as bad:
        raise Problem("bad_request", str(bad)) from bad
    return _back("merged")


@router.post("/duplicates/undo")
async def undo(request: Request, who: Publish) -> Response:
    """Take a merge back."""
    desk: Desk = request.app.state.desk
    sent = await form(request, who)
    try:
        done = await run_in_threadpool(
            lambda: _work(desk).undo(text(sent, "merge", 40), who.member.email, desk.clock())
        )
    except BadMerge as bad:
        raise Problem("bad_request", str(bad)) from bad
    if not done.left:
        return _back("undone")
    names = _work_catalogue(desk).offers
    return desk.page(
        "console/duplicate_undone.html",
        who=who,
        path=PATH,
        told=TOLD["undone-but"],
        left=done.left,
        merge=done.merge,
        names={id: offer.name for id, offer in names.items()},
    )


def _work(desk: Desk) -> Duplicates:
    return Duplicates(desk.advice.records)


def _work_catalogue(desk: Desk) -> Catalogue:
    return desk.advice.records.catalogue(published_only=False)


def _listed(desk: Desk) -> dict[str, Any]:
    work, offers = _work(desk), _work_catalogue(desk).offers
    # A record may have gone between the two looks.
    found = [
        Shown(each, offers[each.one], offers[each.other])
        for each in work.pairs()
        if each.one in offers and each.other in offers
    ]
    return {
        "pairs": found[:MOST],
        "many": len(found),
        "merges": work.merges()[:MOST],
        "apart": [pair for pair in sorted(work.apart()) if pair[0] in offers and pair[1] in offers],
        "names": {id: offer.name for id, offer in offers.items()},
    }


def _side_by_side(desk: Desk, one: str, other: str) -> dict[str, Any]:
    store: CatalogueStore = desk.advice.records
    first, second = store.offer(one), store.offer(other)
    if first is None or second is None or one == other:
        raise Problem("not_found", "One of these records is not there. Go back to the look-alikes.")
    catalogue = _work_catalogue(desk)
    changes = difference(dump_offer(first[0]), dump_offer(second[0]), catalogue)
    by_field: dict[str, list[Change]] = {}
    for change in changes:
        field = "window" if change.field == "editions" else change.field
        by_field.setdefault(field, []).append(change)
    fields = [Field(name, label_of(name), tuple(found), name in CHOSEN) for name, found in by_field.items()]
    referring = {
        id: [
            each.name
            for each in catalogue.offers.values()
            if _names(each, id) and each.id not in (one, other)
        ]
        for id in (one, other)
    }
    apart = tuple(sorted((one, other))) in _work(desk).apart()
    return {
        "one": first[0],
        "other": second[0],
        "one_version": first[1],
        "other_version": second[1],
        "fields": fields,
        "referring": referring,
        "apart": apart,
        "withdrawn": [each.name for each in (first[0], second[0]) if each.status == "withdrawn"],
        "provider": lambda offer: getattr(catalogue.providers.get(offer.provider), "name", offer.provider),
    }


def _names(offer: Offer, id: str) -> bool:
    return id in {*offer.requires, *offer.leads_to, *offer.excludes, offer.part_of, offer.succeeded_by}


def _back(told: str) -> Response:
    return RedirectResponse(f"{PATH}?{urlencode({'told': told})}", 303)
