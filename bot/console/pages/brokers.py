"""Brokers: the teams that businesses are handed to, the people in them, and whether Slack is in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.console.broker_forms import Filled, of_broker, of_team, sent_broker, sent_team
from bot.console.desk import SignedIn
from bot.console.forms.routes import Sees
from bot.console.forms.workroom import Workroom
from bot.console.gate import allowed, form, text
from bot.console.slack_view import slack_view
from bot.web.problems import Problem
from knowledge_base import labels
from knowledge_base.brokers.matching import match
from knowledge_base.brokers.records import Broker, Team
from knowledge_base.brokers.words import rules
from knowledge_base.store.teams import BadBroker, BadTeam, ChangedMeanwhile, mark_of
from knowledge_base.words import NEEDS, SECTORS

router = APIRouter(prefix="/brokers")
Administrator = Annotated[SignedIn, Depends(allowed("administer"))]

PATH = "/console/brokers"
ID = re.compile(r"[0-9a-f]{1,20}")
TOLD = {
    "added": "The team is added. Put the people in it below.",
    "changed": "Saved. What it looks after counts from the next business on.",
    "out": "The team is shut out: it gets no business from now on. What its people had taken is with the "
    "hub’s lead. Hand on what nobody had taken; it stays until then.",
    "in": "The team gets businesses again.",
    "person": "Added.",
    "person-changed": "Saved.",
    "person-out": "Shut out: Slack lets them do nothing here from now on. The requests they had taken are "
    "with the team again, for somebody else to take; their clients stay until somebody is given them.",
    "person-in": "They are in the team again.",
}
MEANWHILE = (
    "Somebody else changed this meanwhile, and nothing of yours is saved yet. What they saved stands in the "
    "sentence above the form; save again, and yours takes its place."
)


@router.get("")
def teams(
    request: Request, who: Sees, place: str = "", need: str = "", sector: str = "", done: str = ""
) -> Response:
    """Show every team with its rules, try a business out on them, and say how it stands with Slack."""
    room = Workroom.of(request)
    advice = room.desk.advice
    kept = advice.teams.all()
    names = room.names().areas.by_id
    people = advice.brokers.all()
    return room.desk.page(
        "console/brokers.html",
        who=who,
        path=PATH,
        told=TOLD.get(done, ""),
        teams=[
            (each, rules(each, names), sum(1 for one in people if one.team == each.id and one.active))
            for each in kept
        ],
        trial=_trial(room, kept, place.strip()[:200], need, sector) if place or need or sector else None,
        asked={"place": place.strip()[:200], "need": need, "sector": sector},
        needs=[(code, labels.need(code)) for code in NEEDS],
        sectors=[(code, labels.code_told("sector", code)) for code in SECTORS],
        slack=slack_view(room.desk.env, advice.database, kept, room.now),
        may=who.member.may("administer"),
    )


@router.get("/new")
def new(request: Request, who: Administrator) -> Response:
    """Show the form of a new team."""
    room = Workroom.of(request)
    workspaces = {each.slack_team for each in room.desk.advice.teams.all() if each.slack_team}
    blank = Team("", "", slack_team=workspaces.pop() if len(workspaces) == 1 else "")
    return _new(room, who, of_team(blank, room.names().areas, ""))


@router.post("")
async def add(request: Request, who: Administrator) -> Response:
    """Add a team; what is wrong is said beside its field, and the form keeps everything."""
    sent = await form(request, who)
    room = Workroom.of(request)

    def do() -> Response:
        more = text(sent, "do") == "more"
        filled = sent_team(sent, room.names().areas, more)
        if more:
            return _new(room, who, filled)
        kept = _kept(filled, lambda: _teams(room).add(now=room.now, by=who.member.email, **filled.fields))
        if kept is None:
            return _new(room, who, filled, 422)
        return RedirectResponse(f"{PATH}/{kept.id}?done=added", 303)

    return await run_in_threadpool(do)


@router.get("/person/{id}")
def person(id: str, request: Request, who: Administrator, done: str = "") -> Response:
    """Show a broker, and what can be changed about them."""
    room = Workroom.of(request)
    found = _person(room, id)
    return _one_person(room, who, found, of_broker(found, mark_of(found)), told=TOLD.get(done, ""))


@router.post("/person/{id}")
async def change_person(id: str, request: Request, who: Administrator) -> Response:
    """Change a broker."""
    sent = await form(request, who)
    room = Workroom.of(request)

    def do() -> Response:
        found = _person(room, id)
        filled = sent_broker(sent, {each.id: each for each in _teams(room).all()})
        brokers, now, by = room.desk.advice.brokers, room.now, who.member.email
        try:
            kept = _kept(
                filled,
                lambda: brokers.change(found.id, now=now, by=by, seen=filled.seen or None, **filled.fields),
            )
        except ChangedMeanwhile:
            found = _person(room, id)
            filled.seen = mark_of(found)
            return _one_person(room, who, found, filled, status=409, wrong=MEANWHILE)
        if kept is None:
            return _one_person(room, who, found, filled, status=422, wrong=filled.faults.get("", ""))
        return RedirectResponse(f"{PATH}/person/{found.id}?done=person-changed", 303)

    return await run_in_threadpool(do)


@router.post("/person/{id}/active")
async def person_active(id: str, request: Request, who: Administrator) -> Response:
    """Shut a broker out, or bring them back."""

    def switched(room: Workroom, stays: bool) -> str:
        found = _person(room, id)
        room.desk.advice.brokers.change(found.id, now=room.now, by=who.member.email, active=stays)
        return f"person/{found.id}?done=person-"

    return await _in_or_out(request, who, switched)


@router.get("/{id}")
def one(id: str, request: Request, who: Sees, done: str = "") -> Response:
    """Show a team, and to administrators what can be changed about it."""
    room = Workroom.of(request)
    team = _team(room, id)
    filled = of_team(team, room.names().areas, mark_of(team))
    return _one(room, who, team, filled, told=TOLD.get(done, ""))


@router.post("/{id}")
async def change(id: str, request: Request, who: Administrator) -> Response:
    """Change a team."""
    sent = await form(request, who)
    room = Workroom.of(request)

    def do() -> Response:
        team = _team(room, id)
        more = text(sent, "do") == "more"
        filled = sent_team(sent, room.names().areas, more)
        if more:
            return _one(room, who, team, filled)
        now, by = room.now, who.member.email
        try:
            kept = _kept(
                filled,
                lambda: _teams(room).change(
                    team.id, now=now, by=by, seen=filled.seen or None, **filled.fields
                ),
            )
        except ChangedMeanwhile:
            team = _team(room, id)
            filled.seen = mark_of(team)
            return _one(room, who, team, filled, status=409, wrong=MEANWHILE)
        if kept is None:
            return _one(room, who, team, filled, status=422)
        return RedirectResponse(f"{PATH}/{team.id}?done=changed", 303)

    return await run_in_threadpool(do)


@router.post("/{id}/active")
async def active(id: str, request: Request, who: Administrator) -> Response:
    """Shut a team out, or bring it back."""

    def switched(room: Workroom, stays: bool) -> str:
        team = _team(room, id)
        _teams(room).change(team.id, now=room.now, by=who.member.email, active=stays)
        return f"{team.id}?done="

    return await _in_or_out(request, who, switched)


@router.post("/{id}/people")
async def add_person(id: str, request: Request, who: Administrator) -> Response:
    """Add a broker to a team."""
    sent = await form(request, who)
    room = Workroom.of(request)

    def do() -> Response:
        team = _team(room, id)
        filled = sent_broker(sent, {team.id: team})
        brokers, now, by = room.desk.advice.brokers, room.now, who.member.email
        kept = _kept(filled, lambda: brokers.add(now=now, by=by, **filled.fields))
        if kept is None:
            as_is = of_team(team, room.names().areas, mark_of(team))
            return _one(room, who, team, as_is, status=422, newcomer=filled)
        return RedirectResponse(f"{PATH}/{team.id}?done=person", 303)

    return await run_in_threadpool(do)


async def _in_or_out(
    request: Request, who: SignedIn, switched: Callable[[Workroom, bool], str]
) -> RedirectResponse:
    """Shut out or bring back what a form is about by ``switched``, which says where to go on."""
    stays = text(await form(request, who), "active") == "yes"
    room = Workroom.of(request)
    there = await run_in_threadpool(switched, room, stays)
    return RedirectResponse(f"{PATH}/{there}{'in' if stays else 'out'}", 303)


def _kept(filled: Filled, keep: Callable[[], Any]) -> Any:
    """Keep what a form says; None where something of it cannot be, which then stands beside its field."""
    if filled.faults:
        return None
    try:
        return keep()
    except (BadTeam, BadBroker) as bad:
        filled.blame(bad)
        return None


def _trial(room: Workroom, kept: list[Team], place: str, need: str, sector: str) -> dict[str, Any]:
    """Say which team would get a business, as `Advice.refer` finds it."""
    advice = room.desk.advice
    view = advice.view()
    found = view.resolve(place) if place else None
    names = {code: area.name for code, area in view.catalogue.areas.items()}
    fitting = match(
        [each for each in kept if each.active],
        list(found.areas) if found else [],
        [need] if need in NEEDS else [],
        sector if sector in SECTORS else None,
        view.tree,
        names=names,
        hub_areas=advice.hub.areas,
    )
    return {"fitting": fitting, "place": place, "found": found,
            "areas": [names.get(code, code) for code in found.areas] if found else []}  # fmt: skip


def _new(room: Workroom, who: SignedIn, filled: Filled, status: int = 200) -> Response:
    return room.desk.page("console/broker_new.html", who=who, status=status, path=PATH, **_form(room, filled))


def _one(
    room: Workroom,
    who: SignedIn,
    team: Team,
    filled: Filled,
    status: int = 200,
    newcomer: Filled | None = None,
    **told: str,
) -> Response:
    advice = room.desk.advice
    blank = {"team": team.id, "name": "", "email": "", "slack_team": team.slack_team, "slack_user": ""}
    return room.desk.page(
        "console/broker_team.html",
        who=who,
        status=status,
        path=PATH,
        team=team,
        sentence=rules(team, room.names().areas.by_id),
        people=advice.brokers.all(team.id),
        open_count=len(advice.referrals.of_team(team.id)),
        newcomer=newcomer or Filled(blank),
        may=who.member.may("administer"),
        **_form(room, filled) | told,
    )


def _form(room: Workroom, filled: Filled) -> dict[str, Any]:
    names = room.names().areas
    return {
        "form": filled,
        "area_options": names.options(),
        "needs": [(code, labels.need(code)) for code in NEEDS],
        "sectors": [(code, labels.code_told("sector", code)) for code in SECTORS],
        "wrong": _said(filled),
    }


def _said(filled: Filled) -> str:
    if not filled.faults:
        return ""
    return (
        filled.faults.get("", "") or "It is not saved yet. What has to be changed stands beside the fields."
    )


def _one_person(
    room: Workroom, who: SignedIn, broker: Broker, filled: Filled, status: int = 200, **told: str
) -> Response:
    advice = room.desk.advice
    return room.desk.page(
        "console/broker_person.html",
        who=who,
        status=status,
        path=PATH,
        person=broker,
        form=filled,
        teams=[(each.id, each.name) for each in _teams(room).all()],
        team=_teams(room).get(broker.team),
        open_count=len(advice.referrals.of_broker(broker.id)),
        **{"wrong": _said(filled)} | {name: words for name, words in told.items() if words},
    )


def _teams(room: Workroom) -> Any:
    return room.desk.advice.teams


def _team(room: Workroom, id: str) -> Team:
    found: Team | None = _teams(room).get(id) if ID.fullmatch(id) else None
    if found is None:
        raise Problem("not_found", "There is no team at this address. Look at the list of teams.")
    return found


def _person(room: Workroom, id: str) -> Broker:
    found = room.desk.advice.brokers.get(id) if ID.fullmatch(id) else None
    if found is None:
        raise Problem("not_found", "There is no broker at this address. Look at the list of teams.")
    return found
