"""`fingerpost digest`: what is due to be checked, sent by e-mail and to Slack."""

from __future__ import annotations

import argparse
import os
from datetime import datetime
from typing import Any

from bot.command_line.errors import CommandFailed, told


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    digest = commands.add_parser(
        "digest",
        help="send what is due to be checked by e-mail and to Slack",
        description="Send today's list of records to check to the hub's digest_recipients, through the mail "
        "server in FINGERPOST_SMTP_URL, and to the webhook in FINGERPOST_SLACK_DIGEST_URL. Nobody gets it "
        "twice on a day; where nothing is due, nothing is sent.",
    )
    digest.add_argument("--dry-run", action="store_true", help="write it out and send nothing")
    digest.add_argument(
        "--to",
        action="append",
        default=None,
        metavar="ADDRESS",
        help="send it here instead (may be repeated)",
    )
    digest.set_defaults(run=run_digest)


def run_digest(args: argparse.Namespace) -> int:
    """Write or send the digest of today; 1 where somebody did not get it."""
    from bot.digest.sending import FAILED, UNCERTAIN, digest_of, send_digest
    from bot.digest.settings import BadDigestSetting, digest_settings
    from bot.web.settings import from_environment
    from knowledge_base.services import hub_of, open_store

    now = datetime.now().astimezone()
    with told():
        hub, store = hub_of(os.environ), open_store(os.environ)
        try:
            address = from_environment(os.environ).address
            found = digest_of(store, hub, now, address)
            if found is None:
                print("Nothing is due to be checked.")
                return 0
            if args.dry_run:
                print(found.text)
                return 0
            settings = digest_settings(os.environ, hub, args.to)
        except (BadDigestSetting, ValueError) as bad:
            raise CommandFailed("bad_setting", str(bad)) from bad
        if not settings.recipients and not settings.slack:
            raise CommandFailed(
                "nobody_to_tell",
                "there is nobody to send it to: name digest_recipients in the hub's file, set "
                "FINGERPOST_SLACK_DIGEST_URL, or use --to",
            )
        outcomes = send_digest(store, found, settings, now)
    for each in outcomes:
        print(f"{each.to}: {each.fate}{f': {each.words}' if each.words else ''}")
    return 1 if any(each.fate in (FAILED, UNCERTAIN) for each in outcomes) else 0
