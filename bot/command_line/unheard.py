"""`fingerpost unheard`: what was not understood, seen by a curator, labelled and handed over to training."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.command_line.errors import CommandFailed, told
from bot.command_line.gaps import table
from bot.command_line.groups import group

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
WIDEST = 90  # characters of a message in a table

EPILOG = """\
From what was not understood to a better bot:
  fingerpost unheard list                                    the most frequent first, by meaning
  fingerpost unheard show 3f9a01c2de                         one, with all that mean much the same
  fingerpost unheard label 3f9a01c2de --cluster --act describe_need --needs premises
  fingerpost unheard label 77b0aa91ff --set-aside            teaches nothing
  fingerpost unheard export                                  writes data/heard/<act>.yml
  make train                                                 used only if it reads no worse

Messages are kept without names, firms, places, addresses, numbers and sums, for the days in the hub's file
(retention_days: unheard) or in FINGERPOST_UNHEARD_DAYS; 0 keeps none.
"""


def add_to(commands: Any) -> None:
    """Add `unheard` and its commands to the parser."""
    from bot.command_line.main import a_day

    actions = group(
        commands,
        "unheard",
        "list|show|label|export|purge",
        help="see, label and learn from what was not understood",
        description="Look at the messages that were not understood, say what they mean, and learn from them.",
        epilog=EPILOG,
    )
    listing = actions.add_parser("list", help="the messages by meaning, the most frequent first")
    listing.add_argument("--since", type=a_day, default=None, help="from this day on, such as 2026-11-01")
    listing.add_argument(
        "--state", choices=("new", "labelled", "set_aside", "exported"), default="new", help="(default: new)"
    )
    listing.add_argument("--most", type=a_count, default=50, help="clusters shown in the table (default: 50)")
    listing.set_defaults(run=run_list)
    show = actions.add_parser("show", help="one message, with all that mean much the same")
    show.add_argument("id")
    show.set_defaults(run=run_show)
    label = actions.add_parser("label", help="say what messages do, and which needs they ask for")
    label.add_argument("ids", nargs="+", metavar="id")
    label.add_argument("--act", help="what it does, such as describe_need")
    label.add_argument("--needs", default="", help="needs with commas between: finance,premises")
    label.add_argument("--cluster", action="store_true", help="and all that mean much the same")
    label.add_argument("--set-aside", action="store_true", help="it teaches nothing; leave it out")
    label.set_defaults(run=run_label)
    export = actions.add_parser("export", help="write the labelled messages where `make train` reads them")
    export.add_argument(
        "folder", nargs="?", type=Path, default=DATA / "heard", help="where to (default: data/heard)"
    )
    export.set_defaults(run=run_export)
    purge = actions.add_parser("purge", help="delete what was kept for longer than the stated days, now")
    purge.add_argument("--older-than", type=a_count, metavar="DAYS", help="these days in place of the hub's")
    purge.set_defaults(run=run_purge)
    for each in (listing, show, label, export, purge):
        each.add_argument("--json", action="store_true", help="write JSON instead of words")


def a_count(text: str) -> int:
    """Read a whole number from 0."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number")
    return int(text)


def run_list(args: argparse.Namespace) -> int:
    """Write the clusters, the largest first."""
    with explained():
        found = curating().clusters(encoder(), (args.state,), args.since)
    if args.json:
        return written({"clusters": [_cluster(each) for each in found]})
    if not found:
        state = args.state.replace("_", " ")
        print(f"No messages that are {state}." if state != "new" else "Nothing is waiting to be labelled.")
        return 0
    lines: list[tuple[str, ...]] = [("how many", "id", "read as", "why", "message")]
    for each in found[: args.most]:
        central = each.central
        read_as = ", ".join([each.acts[0][0], *(need for need, _ in each.needs[:2])])
        lines.append((str(len(each.members)), central.id, read_as, each.whys[0][0], _cut(central.text)))
    print(table(lines))
    if len(found) > args.most:
        print(f"and {len(found) - args.most} more: --most {len(found)} shows them")
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Write one message and its cluster."""
    with explained():
        found = curating().cluster_of(encoder(), args.id)
    if args.json:
        return written(_cluster(found))
    one = found.central
    print(one.text)
    print(f"\nkept on {one.day}; {_why(one.why)}")
    needs = f", needs {', '.join(one.needs)}" if one.needs else ""
    print(f"read as {one.act} with {one.confidence:.0%}{needs}")
    if one.label_act:
        print(f"labelled {', '.join([one.label_act, *one.label_needs])}")
    print(f"state: {one.state.replace('_', ' ')}")
    if len(found.members) > 1:
        print("\nmuch the same:")
        print(
            table([("id", "read as", "message"), *((m.id, m.act, _cut(m.text)) for m in found.members[1:])])
        )
    return 0


def run_label(args: argparse.Namespace) -> int:
    """Label messages, or set them aside."""
    if bool(args.act) == args.set_aside:
        raise CommandFailed("bad_label", "say what it does with --act, or leave it out with --set-aside")
    if args.set_aside and args.needs:
        raise CommandFailed("bad_label", "what is set aside has no needs")
    needs = [need.strip() for need in args.needs.split(",") if need.strip()]
    with explained():
        work, ids = curating(), list(args.ids)
        if args.cluster:
            model = encoder()
            ids = [m.id for id in args.ids for m in work.cluster_of(model, id).members]
        done = work.set_aside(ids) if args.set_aside else work.label(ids, args.act, needs)
    if args.json:
        return written({"labelled": done, "ids": list(dict.fromkeys(ids))})
    then = "set aside" if args.set_aside else "labelled; `fingerpost unheard export` next"
    print(f"{_messages(done)} {then}.")
    return 0


def run_export(args: argparse.Namespace) -> int:
    """Write the labelled messages; name what was refused as a near copy."""
    with explained():
        done = curating().export(args.folder, DATA)
    refused = [
        {"id": r.message.id, "text": r.message.text, "alike": round(r.alike, 2), "act": r.message.label_act,
         "repeats": r.of.where(ROOT), "repeats_act": r.of.act, "repeats_text": r.of.text}
        for r in done.refused
    ]  # fmt: skip
    if args.json:
        files = {str(file): count for file, count in done.written.items()}
        return written({"written": files, "taken_out": done.taken_out, "refused": refused})
    for file, count in done.written.items():
        print(f"{file}: {_messages(count)} more")
    if done.taken_out:
        print(f"{_messages(done.taken_out)} taken out again: their owners asked to be forgotten")
    for each in refused:
        print(
            f"Refused {each['id']}, {each['alike']:.0%} the same as {each['repeats']} "
            f"({each['repeats_act']}): "
            f"{_cut(str(each['repeats_text']))}"
        )
    if not done.written and not refused:
        print("Nothing is labelled and not yet exported.")
    return 0


def run_purge(args: argparse.Namespace) -> int:
    """Delete what is older than it may be."""
    from knowledge_base.services import hub_of

    with explained():
        days = hub_of(os.environ).retention_days["unheard"] if args.older_than is None else args.older_than
        gone = rows().purge(date.today() - timedelta(days=days))
    if args.json:
        return written({"deleted": gone})
    print(f"{_messages(gone)} deleted, kept for more than {days} days.")
    return 0


def rows() -> Any:
    """The unheard messages of the database that DATABASE_URL names."""
    from knowledge_base.services import open_migrated
    from knowledge_base.store.unheard import UnheardRows

    return UnheardRows(open_migrated(os.environ))


def curating() -> Any:
    """The curator's work on them."""
    from knowledge_base.unheard.curating import Curating

    return Curating(rows())


def encoder() -> Any:
    """The sentence encoder, by which messages are put together."""
    from knowledge_base.encoder import Encoder
    from knowledge_base.services import ENCODER

    return Encoder.load(ENCODER)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what cannot be done into `CommandFailed`."""
    from knowledge_base.encoder import EncoderError
    from knowledge_base.services import BadSetting
    from knowledge_base.unheard.curating import BadLabel, NoSuchMessage
    from knowledge_base.unheard.training_files import BadTrainingFile

    try:
        with told():
            yield
    except BadLabel as bad:
        raise CommandFailed("bad_label", str(bad)) from bad
    except NoSuchMessage as missing:
        raise CommandFailed("no_such_message", str(missing)) from missing
    except BadTrainingFile as bad:
        raise CommandFailed("bad_training_file", str(bad)) from bad
    except EncoderError as error:
        raise CommandFailed("no_encoder", str(error)) from error
    except BadSetting as bad:
        raise CommandFailed("bad_setting", str(bad)) from bad


def written(document: dict[str, Any]) -> int:
    """Write JSON to standard output."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0


def _cluster(found: Any) -> dict[str, Any]:
    return {
        "count": len(found.members),
        "acts": dict(found.acts),
        "needs": dict(found.needs),
        "whys": dict(found.whys),
        "central": _plain(found.central),
        "others": [_plain(each) for each in found.members[1:]],
    }


def _plain(each: Any) -> dict[str, Any]:
    label = {"act": each.label_act, "needs": list(each.label_needs)} if each.label_act else None
    return {
        "id": each.id,
        "text": each.text,
        "day": each.day.isoformat(),
        "why": each.why,
        "read_as": {"act": each.act, "confidence": each.confidence, "needs": list(each.needs)},
        "state": each.state,
        "label": label,
    }


def _why(why: str) -> str:
    from knowledge_base.unheard.noticing import WHYS

    return WHYS.get(why, why)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDEST else f"{line[: WIDEST - 1]}…"


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count} messages"
