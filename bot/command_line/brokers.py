"""`fingerpost brokers` and `fingerpost referrals`: teams set up by a script, and what became of requests."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from bot.command_line.errors import CommandFailed, told
from bot.command_line.gaps import table
from bot.command_line.groups import group

if TYPE_CHECKING:
    from knowledge_base.store.database import Database

EPILOG = """\
From nothing to a team that is handed businesses (Slack is not needed):
  fingerpost brokers add-team "Black Country makers" --area black-country --sector manufacturing
  fingerpost brokers add "Kim Example" --team "Black Country makers" --email kim@hub.example.org
  fingerpost brokers list

With Slack, a team also has the ids of its workspace (T…) and its channel (C…), and a broker a member id (U…):
  fingerpost brokers add-team "Makers" --slack-team T0123ABCD --channel C0123ABCD
  fingerpost brokers add "Kim Example" --team Makers --slack-team T0123ABCD --slack-user U0123ABCD

Areas, needs and sectors are codes; an option may be given several times. None given stands for all of them.
Every command writes JSON. Teams and people are changed and shut out in the console, under Brokers.
"""
REFERRALS = """\
Names and ways to reach people are never written: they stand in the console, for those who may see them.
  fingerpost referrals list --state open
  fingerpost referrals list --json
  fingerpost referrals figures --since 2026-10 --until 2026-12

When a business asks for that and cannot reach its chat any more, having made sure that it is the business:
  fingerpost referrals delete ABCD2345

A request goes with its conversation, its roadmaps, the client a broker made from it, and what is in Slack.
"""
BY = "command line"


def add_to(commands: Any) -> None:
    """Add `brokers` and `referrals` and their commands to the parser."""
    _add_brokers(commands)
    _add_referrals(commands)


def _add_brokers(commands: Any) -> None:
    actions = group(
        commands,
        "brokers",
        "list|add-team|add",
        help="set up the teams that businesses are handed to",
        description="Set up the teams of business advisers, and the people in them.",
        epilog=EPILOG,
    )
    listing = actions.add_parser("list", help="every team with its people and its rules")
    listing.set_defaults(run=run_list)
    team = actions.add_parser("add-team", help="add a team")
    team.add_argument("name", help="as brokers and owners are to read it")
    for option, many, what in (
        ("--area", "areas", "the code of an area its businesses are in"),
        ("--need", "needs", "what its businesses want"),
        ("--sector", "sectors", "what its businesses do"),
    ):
        team.add_argument(option, dest=many, action="append", default=[], metavar="CODE", help=what)
    team.add_argument("--slack-team", default="", metavar="ID", help="the workspace in Slack, T…")
    team.add_argument("--channel", default="", metavar="ID", help="its channel, C…")
    team.add_argument("--slack-group", default="", metavar="ID", help="a user group, S…")
    team.add_argument("--lead-slack", default="", metavar="ID", help="its lead's member id, U…")
    team.add_argument("--lead-email", default="", metavar="E-MAIL")
    team.add_argument(
        "--remind-after", dest="remind_days", action="append", type=int, metavar="DAYS",
        help="remind the team so many days after it got a business nobody answered (1 and 3)",
    )  # fmt: skip
    team.add_argument(
        "--lead-after", dest="lead_after_days", type=int, default=5, metavar="DAYS",
        help="give it to the hub's lead so many days after (5)",
    )  # fmt: skip
    team.add_argument(
        "--position", type=int, default=0, help="of teams that fit as well, the lower goes first (0)"
    )
    team.set_defaults(run=run_add_team)
    add = actions.add_parser("add", help="add a person to a team")
    add.add_argument("name")
    add.add_argument("--team", required=True, metavar="NAME-OR-ID")
    add.add_argument("--email", default="")
    add.add_argument("--slack-team", default="", metavar="ID", help="the workspace in Slack, T…")
    add.add_argument("--slack-user", default="", metavar="ID", help="their member id, U…")
    add.set_defaults(run=run_add)


def _add_referrals(commands: Any) -> None:
    from knowledge_base.brokers.records import STATES

    actions = group(
        commands,
        "referrals",
        "list|figures",
        help="the businesses that asked for a person, and what became of it",
        description="List the businesses that asked for a person, without names; count what became of it; "
        "delete a request and all it told.",
        epilog=REFERRALS,
    )
    listing = actions.add_parser("list", help="the requests, overdue first")
    listing.add_argument("--state", default="open", choices=("open", *STATES, "all"))
    listing.add_argument("--json", action="store_true", help="write JSON instead of words")
    listing.set_defaults(run=run_referrals)
    counted = actions.add_parser("figures", help="time to the first answer, and how it ended, as JSON")
    counted.add_argument("--since", type=a_month, metavar="2026-10", help="the first month")
    counted.add_argument("--until", type=a_month, metavar="2026-12", help="the last month, included")
    counted.set_defaults(run=run_figures)
    deleted = actions.add_parser(
        "delete",
        help="delete a request and all it told, for good",
        description="Delete, at once and for good, a request for a person and any other from the same "
        "conversation, with that conversation, its roadmaps and check-ups, what was written between the "
        "business and its broker, the client a broker made from it, and what stands in Slack about it. "
        "A note is kept of the code and of when.",
        epilog="Others know the code too. Make sure first that who asks is the business.",
    )
    deleted.add_argument("code", help="as it was quoted; spaces and dashes do no harm")
    deleted.add_argument("--yes", action="store_true", help="do not ask again; for scripts")
    deleted.set_defaults(run=run_delete)


def run_list(args: argparse.Namespace) -> int:
    """Write every team with its people."""
    from knowledge_base.brokers.words import rules
    from knowledge_base.store.teams import Brokers, Teams

    with told():
        kept = opened()
        names, people = area_names(kept), Brokers(kept).all()
        shown = [
            {**asdict(team), "rules": rules(team, names),
             "people": [asdict(each) for each in people if each.team == team.id]}
            for team in Teams(kept).all()
        ]  # fmt: skip
    return write({"teams": shown})


def run_add_team(args: argparse.Namespace) -> int:
    """Add a team and write it."""
    from knowledge_base.brokers.words import rules
    from knowledge_base.store.teams import Teams

    fields = {
        name: getattr(args, name)
        for name in ("name", "areas", "needs", "sectors", "slack_team", "channel", "slack_group",
                     "lead_slack", "lead_email", "lead_after_days", "position")
    }  # fmt: skip
    if args.remind_days is not None:
        fields["remind_days"] = args.remind_days
    with explained():
        kept = opened()
        team = Teams(kept).add(now=now(), **fields)
        return write({"team": asdict(team) | {"rules": rules(team, area_names(kept))}})


def run_add(args: argparse.Namespace) -> int:
    """Add a person to a team and write them."""
    from knowledge_base.store.teams import Brokers, Teams

    with explained():
        kept = opened()
        teams = Teams(kept).all()
        found = [each for each in teams if args.team in (each.id, each.name)]
        if not found:
            known = (
                ", ".join(each.name for each in teams)
                or "none yet: add one with `fingerpost brokers add-team`"
            )
            raise CommandFailed("no_such_team", f"There is no team {args.team[:60]!r}. The teams: {known}.")
        broker = Brokers(kept).add(
            now=now(), team=found[0].id, name=args.name, email=args.email,
            slack_team=args.slack_team, slack_user=args.slack_user,
        )  # fmt: skip
        return write({"broker": asdict(broker)})


def run_referrals(args: argparse.Namespace) -> int:
    """Write the requests, without names."""
    from bot.console.referral_views import People, fits, in_order, late
    from knowledge_base.store.referrals import Referrals
    from knowledge_base.store.teams import Brokers, Teams

    with told():
        kept = opened()
        people, at = People(Teams(kept).all(), Brokers(kept).all()), now()
        found = in_order([each for each in Referrals(kept).list() if fits(each, args.state, at)], at)
    if args.json:
        return write({"referrals": [
            {
                "code": each.code,
                "state": each.state,
                "overdue": late(each, at),
                "asked": each.consent_at.isoformat(),
                "needs": each.needs,
                "areas": each.areas,
                "sector": each.sector,
                "team": each.team,
                "broker": each.broker,
                "taken": each.taken_at.isoformat() if each.taken_at else None,
                "first_answer": each.first_answer_at.isoformat() if each.first_answer_at else None,
                "closed": each.closed_at.isoformat() if each.closed_at else None,
            }
            for each in found
        ]})  # fmt: skip
    if not found:
        print("There is none. Requests come in when owners ask for a person in the chat, and agree.")
        return 0
    rows: list[tuple[str, ...]] = [("code", "asked", "state", "with", "wants")]
    for each in found:
        state = f"{each.state}, overdue" if late(each, at) else each.state
        asked = f"{each.consent_at:%Y-%m-%d}"
        rows.append((each.code, asked, state, one_line(people.holder(each)), ", ".join(each.needs)))
    print(table(rows))
    return 0


def run_figures(args: argparse.Namespace) -> int:
    """Write the figures; what fewer than five stand behind is null."""
    from knowledge_base.brokers.figures import FEWEST_SHOWN, Group, figures
    from knowledge_base.store.referrals import Referrals
    from knowledge_base.store.teams import Teams

    def plain(group: Group) -> dict[str, Any]:
        hours = group.to_first_answer.total_seconds() / 3600 if group.to_first_answer else None
        return {
            "key": group.key,
            "name": group.name,
            "count": group.count,
            "hours_to_first_answer": None if hours is None else round(hours, 2),
            "answered_in_a_day": group.answered_in_a_day,
            "taken_in_a_day": group.taken_in_a_day,
            "outcomes": dict(group.outcomes),
        }

    since = args.since or datetime(1970, 1, 1, tzinfo=timezone.utc)
    until = min(now(), month_after(args.until)) if args.until else now()
    if until < since:
        raise CommandFailed("bad_period", "The first month is after the last; swap --since and --until.")
    with told():
        kept = opened()
        found = figures(Referrals(kept).list(), Teams(kept).all(), since, until)
    document = {"fewest_shown": FEWEST_SHOWN, "since": since.isoformat(), "until": until.isoformat()}
    parts = {
        name: [plain(each) for each in getattr(found, f"by_{name}")]
        for name in ("month", "area", "need", "team")
    }
    return write(document | {"all": plain(found.all), "by": parts})


def run_delete(args: argparse.Namespace) -> int:
    """Delete a request and all it told, once that was confirmed."""
    from bot.console.pages.referrals import plain_code
    from bot.web.wiring import forget_deleted
    from knowledge_base.services import BadSetting, open_advice
    from knowledge_base.store.chats import Chats
    from knowledge_base.store.referrals import NoSuchReferral

    code = plain_code(args.code)
    missing = CommandFailed(
        "no_such_request",
        f"There is no request with the code {one_line(args.code)[:40]!r}; it may have been deleted before. "
        "Codes have eight letters and digits: `fingerpost referrals list --state all` shows them.",
    )
    try:
        with told():
            advice = open_advice(os.environ)
            found = advice.referrals.get(code)
            if found is None:
                raise missing
            if not args.yes and not confirmed(code):
                raise CommandFailed("not_confirmed", f"Nothing was deleted: {code} was not typed again.")
            Chats(advice.database).forget_request(code, BY, now(), "by hand")
            forget_deleted(advice, os.environ)
    except NoSuchReferral:
        raise missing from None
    except BadSetting as bad:
        raise CommandFailed("bad_setting", str(bad)) from bad
    return write({"deleted": code})


def confirmed(code: str) -> bool:
    """Ask somebody at a terminal to type the code again, and say whether they did."""
    from bot.console.pages.referrals import plain_code

    if not sys.stdin.isatty():
        raise CommandFailed(
            "not_confirmed", "Nobody is there to be asked. Say --yes to delete it without being asked."
        )
    print(f"This deletes {code} and all it told, for good. Type the code again to go on: ", end="",
          file=sys.stderr, flush=True)  # fmt: skip
    return plain_code(sys.stdin.readline()) == code


def a_month(text: str) -> datetime:
    """Read a month, such as 2026-10, as its first moment."""
    try:
        return datetime.strptime(text, "%Y-%m").replace(tzinfo=timezone.utc)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a month; write it as 2026-10") from None


def month_after(month: datetime) -> datetime:
    """Return the first moment of the month after one."""
    if month.month == 12:
        return month.replace(year=min(9999, month.year + 1), month=1)
    return month.replace(month=month.month + 1)


def opened() -> Database:
    """The database that DATABASE_URL names, after bringing it up to date."""
    from knowledge_base.services import open_migrated

    return open_migrated(os.environ)


def area_names(database: Database) -> dict[str, str]:
    """The names of the areas there are, by code."""
    from sqlalchemy import select

    from knowledge_base.store.tables import AreaRow

    with database.session() as transaction:
        return {row.code: row.name for row in transaction.scalars(select(AreaRow))}


def now() -> datetime:
    """The time that is written beside what was done."""
    return datetime.now(timezone.utc)


def one_line(text: str) -> str:
    """A name as it may be written to a terminal."""
    return "".join(each if each.isprintable() else " " for each in text)


def write(document: dict[str, Any]) -> int:
    """Write JSON, to be read by people and programs."""
    print(json.dumps(document, ensure_ascii=False, indent=1))
    return 0


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the stores refuse into `CommandFailed`."""
    from knowledge_base.store.teams import BadBroker, BadTeam

    try:
        with told():
            yield
    except BadTeam as bad:
        raise CommandFailed("bad_team", str(bad)) from bad
    except BadBroker as bad:
        raise CommandFailed("bad_broker", str(bad)) from bad
