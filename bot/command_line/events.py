"""`fingerpost events`: take the dates of events in from a feed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.command_line.errors import CommandFailed, told

LARGEST = 6 * 1024 * 1024  # a little over what is read, so that what is too large says so
BY = "command line"


def add_to(commands: Any) -> None:
    """Add `events` and its command to the parser."""
    from bot.command_line.main import a_day

    events = commands.add_parser("events", help="take the dates of events in from a feed")
    actions = events.add_subparsers(dest="action", required=True, metavar="import")
    take = actions.add_parser(
        "import",
        help="read a calendar (.ics) or a list of events (JSON) into drafts that wait to be published",
    )
    take.add_argument("file", help="a file, or the address of a feed; - reads standard input")
    take.add_argument(
        "--offer", metavar="ID", help="the record the dates are of (default: a draft for each event)"
    )
    take.add_argument("--source", metavar="TEXT", help="where the feed comes from (default: the file's name)")
    take.add_argument("--zone", default="Europe/London", help="the zone of times that name none")
    take.add_argument("--on", type=a_day, default=None, help="the day it is read on (default: today)")
    take.add_argument("--dry-run", action="store_true", help="say what it would do, and change nothing")
    take.set_defaults(run=run_import)


def run_import(args: argparse.Namespace) -> int:
    """Take a feed in; 1 where it cannot be read."""
    from knowledge_base.events.feed import BadFeed
    from knowledge_base.events.keeping import EventDesk, NoSuchEvent
    from knowledge_base.events.listings import read_feed
    from knowledge_base.services import open_store
    from knowledge_base.store.life import Life

    try:
        ZoneInfo(args.zone)
    except (ValueError, LookupError, OSError) as error:
        raise CommandFailed("bad_zone", f"{args.zone} is no zone; write one such as Europe/London") from error
    now = datetime.now().astimezone()
    if args.on:
        now = datetime.combine(args.on, now.timetz())
    far = args.file.lower().startswith(("http://", "https://", "webcal://"))
    near = Path(args.file).name if args.file != "-" else "standard input"
    source = args.source or (args.file if far else near)
    try:
        data = fetched(args.file) if far else read_bytes(args.file)
        feed = read_feed(data, on=now.date(), source=source, zone=args.zone)
    except BadFeed as bad:
        raise CommandFailed("bad_feed", f"{source}: {bad}") from bad
    for note in feed.notes:
        print(f"Left out: {note}", file=sys.stderr)
    with told():
        desk = EventDesk(Life(open_store(os.environ)))
        try:
            if args.offer:
                done = [desk.import_into(args.offer, feed, by=BY, now=now, keep=not args.dry_run)]
            else:
                done = desk.import_new(feed, by=BY, now=now, keep=not args.dry_run)
        except NoSuchEvent as none:
            raise CommandFailed("unknown_offer", str(none)) from none
    for each in done:
        print(line_of(each))
    if not done:
        print("The feed tells of nothing in the last month and the next year and a half.")
    elif any(not each.taken.nothing_new for each in done) and not args.dry_run:
        print("They wait as drafts: look at them in the console, then publish them.", file=sys.stderr)
    return 0


def line_of(done: Any) -> str:
    """Say in one line what taking a feed in did to a record."""
    taken = done.taken
    parts = [f"{len(taken.added)} added", f"{len(taken.changed)} changed"]
    parts += [f"{len(taken.older)} older than what is held"] if taken.older else []
    parts += (
        [f"{len(taken.gone)} no longer in the feed: look whether they were called off"] if taken.gone else []
    )
    parts += [f"{taken.left_out} left out as too many"] if taken.left_out else []
    return f"{done.id}: {'a new draft, ' if done.new else ''}{', '.join(parts)}"


def fetched(url: str, get: Callable[..., Any] | None = None) -> bytes:
    """Fetch a feed from the public web, a little more than is read at most; ``get`` stands in for that."""
    from bot.watch.feeds import NoFeed, fetch_feed, fetcher_of
    from bot.watch.visiting import agent_name

    agent = agent_name(os.environ.get("FINGERPOST_PUBLIC_URL"))
    try:
        return fetch_feed(url, get or fetcher_of(agent).get)
    except NoFeed as error:
        raise CommandFailed("no_feed", f"{url}: {error}") from error


def read_bytes(file: str, largest: int = LARGEST) -> bytes:
    """Read a file, or standard input where it is ``-``, no further than to see that it is too large."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(largest)
        with Path(file).open("rb") as opened:
            return opened.read(largest)
    except (OSError, ValueError) as error:
        raise CommandFailed("no_file", f"{file}: cannot be read ({error}); check the name") from error
