"""`fingerpost watch`: visit the pages the records quote, and say what no longer agrees."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from bot.command_line.errors import CommandFailed, told

if TYPE_CHECKING:
    from bot.watch.rounds import Tally
    from bot.watch.visiting import Visitor
    from knowledge_base.watch.compare import Found
    from knowledge_base.watch.visits import Check


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    watch = commands.add_parser(
        "watch",
        help="visit the sources and find what changed",
        description="Visit each page the records quote, politely, one host's pages in turn, and find what "
        "moved, is gone or closed, and dates and sums that differ. Edits are proposed, never made: look at "
        "them on the console's Sources page. Ctrl-C keeps what was done.",
    )
    watch.add_argument("--only", nargs="+", metavar="ID", help="the sources of these records alone")
    watch.add_argument("--due", action="store_true", help="only what was not visited within the last week")
    watch.add_argument("--limit", type=_count, metavar="N", help="at most so many pages")
    watch.add_argument("--json", action="store_true", help="write JSON instead of lines")
    watch.set_defaults(run=run_watch)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a number of pages from 1 to 100000")
    return int(text)


def run_watch(args: argparse.Namespace, visitor: Visitor | None = None) -> int:
    """Visit, with progress on standard error, then write what was found; 130 when it was stopped."""
    from bot.watch.fetch import Fetcher
    from bot.watch.rounds import go_round
    from bot.watch.visiting import Visitor, agent_name
    from knowledge_base.services import open_store
    from knowledge_base.store.sources import Sources
    from knowledge_base.watch.quoted import sources_of

    def now() -> datetime:
        return datetime.now(timezone.utc)

    with told():
        store = open_store(os.environ)
        catalogue, sources = store.catalogue(), Sources(store.database)
        uses = sources_of(catalogue)
        urls = list(uses)
        if args.only:
            known = {*catalogue.offers, *catalogue.providers}
            unknown = [id for id in args.only if id not in known]
            if unknown:
                raise CommandFailed("no_such_record", f"{', '.join(unknown)[:200]}: there is no such record")
            urls = [url for url in urls if any(use.record_id in args.only for use in uses[url])]
        else:
            sources.close_unnamed(urls, now())
        if args.due:
            urls = sources.due(urls, now())
        urls = urls[: args.limit]
        visitor = visitor or Visitor(Fetcher(agent_name(os.environ.get("FINGERPOST_PUBLIC_URL"))))
        tally = go_round(urls, catalogue, sources, visitor, clock=now, progress=tell_progress)
    if args.json:
        json.dump(document(tally), sys.stdout, ensure_ascii=False, indent=2)
        print()
    else:
        print("\n".join(lines(tally)))
    return 130 if tally.stopped else 0


def tell_progress(tally: Tally, check: Check, found: Sequence[Found]) -> None:
    """Write one line on standard error for what is worth one, and every 25 visits how far it is."""
    if check.answer != "valid":
        print(f"{tally.done}/{tally.of} {check.answer}: {check.url} {check.reason}".rstrip(), file=sys.stderr)
    if tally.done % 25 == 0 or tally.done == tally.of:
        so_far = ", ".join(f"{count} {answer}" for answer, count in sorted(tally.answers.items()))
        print(f"{tally.done}/{tally.of} visited: {so_far}", file=sys.stderr)


def lines(tally: Tally) -> list[str]:
    """Return what was found as lines, by record."""
    told = [f"{each.record_id}: {each.words}\n    {each.url}" for each in tally.found]
    if not tally.of:
        return ["There is nothing to visit just now."]
    counts = ", ".join(f"{count} {answer}" for answer, count in sorted(tally.answers.items())) or "none"
    end = f"{tally.done} of {tally.of} pages visited: {counts}."
    return [*told, end, *(["Stopped before the end; what was done is kept."] if tally.stopped else [])]


def document(tally: Tally) -> dict[str, Any]:
    """Return what a round came to as plain values."""
    return {
        "pages": tally.of,
        "visited": tally.done,
        "stopped": tally.stopped,
        "answers": dict(sorted(tally.answers.items())),
        "visits": [_visit(each) for each in tally.checks],
        "findings": [_finding(each) for each in tally.found],
    }


def _visit(check: Check) -> dict[str, Any]:
    return {
        "url": check.url,
        "answer": check.answer,
        "status": check.status,
        "final_url": check.final_url,
        "reason": check.reason or None,
    }


def _finding(found: Found) -> dict[str, Any]:
    return {
        "record_type": found.record_type,
        "record": found.record_id,
        "url": found.url,
        "kind": found.kind,
        "place": found.place,
        "words": found.words,
        "before": found.before or None,
        "now": found.after or None,
        "quote": found.quote or None,
        "proposal": found.proposal,
    }
