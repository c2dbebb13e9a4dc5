"""`fingerpost staff`: who may sign in to the console, from the machine it runs on."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from bot.command_line.errors import CommandFailed, told
from bot.command_line.gaps import table
from bot.command_line.groups import group
from knowledge_base.staff import ROLES, BadStaff, Member

if TYPE_CHECKING:
    from knowledge_base.store.staff import Staff

EPILOG = """\
From an empty list to a console in use:
  fingerpost staff add kim@hub.example.org --name "Kim Example" --role administrator
  fingerpost staff list
  fingerpost staff role sam@hub.example.org curator
  fingerpost staff password sam@hub.example.org        also lets in who tried too often
  fingerpost staff remove sam@hub.example.org          signs them out at once; restore lets them in again

A viewer looks; an editor writes drafts; a curator reviews, publishes, vouches and imports; an administrator
also adds people. A password has at least twelve characters; it is asked for twice, or read from the first
line of standard input with --password-stdin, and is never an argument, which others on the machine could see.
"""


def add_to(commands: Any) -> None:
    """Add `staff` and its commands to the parser."""
    actions = group(
        commands,
        "staff",
        "add|list|role|password|remove|restore",
        help="add people to the console, and change what they may do",
        description="Say who may sign in to the console, and what they may do there.",
        epilog=EPILOG,
    )
    add = actions.add_parser("add", help="add a person")
    add.add_argument("email")
    add.add_argument("--name", required=True, help="as it is to stand beside what they publish")
    add.add_argument("--role", required=True, choices=ROLES)
    add.add_argument(
        "--no-password", action="store_true", help="they sign in through the hub's own sign-in only"
    )
    add.set_defaults(run=run_add)
    listing = actions.add_parser("list", help="everybody, with their roles")
    listing.add_argument("--json", action="store_true", help="write JSON instead of words")
    listing.set_defaults(run=run_list)
    role = actions.add_parser("role", help="change what a person may do")
    role.add_argument("email")
    role.add_argument("role", choices=ROLES)
    role.set_defaults(run=run_role)
    password = actions.add_parser("password", help="set a person's password, and sign them out everywhere")
    password.add_argument("email")
    password.set_defaults(run=run_password)
    remove = actions.add_parser("remove", help="shut a person out; what they did stays in the histories")
    remove.add_argument("email")
    remove.set_defaults(run=run_remove)
    restore = actions.add_parser("restore", help="let a person in again who was shut out")
    restore.add_argument("email")
    restore.set_defaults(run=run_restore)
    for each in (add, password):
        each.add_argument(
            "--password-stdin", action="store_true", help="read it from the first line of standard input"
        )


def run_add(args: argparse.Namespace) -> int:
    """Add a person; what is wrong with the e-mail or the name is said before a password is asked for."""
    from knowledge_base.staff import email_of, name_of

    with explained():
        email_of(args.email)
        name_of(args.name)
        staff = people()
        password = None if args.no_password else asked_for(args)
        person = staff.add(args.email, args.name, args.role, password, now())
    print(f"{person.name} is on the list as {person.role} and signs in as {person.email}, at /console.")
    return 0


def run_list(args: argparse.Namespace) -> int:
    """Write everybody."""
    with explained():
        everybody = people().all()
    if args.json:
        shown = [
            {"email": each.email, "name": each.name, "role": each.role, "active": each.active}
            for each in everybody
        ]
        print(json.dumps({"staff": shown}, ensure_ascii=False, indent=1))
    elif not everybody:
        print(f"Nobody is on the list yet. Add the first administrator:\n{EPILOG.splitlines()[1]}")
    else:
        lines: list[tuple[str, ...]] = [("e-mail", "name", "role", "")]
        for each in everybody:
            lines.append((each.email, each.name, each.role, "" if each.active else "shut out"))
        print(table(lines))
    return 0


def run_role(args: argparse.Namespace) -> int:
    """Change a role; it counts from the person's next click."""
    with explained():
        staff = people()
        person = staff.change(found(staff, args.email).id, role=args.role, now=now())
    print(f"{person.name} is {person.role} from now on.")
    return 0


def run_password(args: argparse.Namespace) -> int:
    """Set a password and end the person's sessions."""
    with explained():
        staff = people()
        person = found(staff, args.email)
        staff.change(person.id, password=asked_for(args), now=now())
    print(f"{person.name} signs in with the new password from now on, and is signed out everywhere.")
    return 0


def run_remove(args: argparse.Namespace) -> int:
    """Shut a person out at once."""
    with explained():
        staff = people()
        person = staff.change(found(staff, args.email).id, active=False, now=now())
    print(f"{person.name} is shut out. What they did stays in the histories; `restore` lets them in again.")
    return 0


def run_restore(args: argparse.Namespace) -> int:
    """Let a person in again."""
    with explained():
        staff = people()
        person = staff.change(found(staff, args.email).id, active=True, now=now())
    print(f"{person.name} may sign in again, as {person.role}.")
    return 0


def people() -> Staff:
    """The staff list in the database that DATABASE_URL names, after bringing it up to date."""
    from knowledge_base.services import open_migrated
    from knowledge_base.store.staff import Staff

    return Staff(open_migrated(os.environ))


def found(staff: Staff, email: str) -> Member:
    """Return the person with an e-mail, or fail with the way to see who there is."""
    person = staff.by_email(email)
    if person is None:
        raise CommandFailed(
            "no_such_person", "Nobody on the list has that e-mail; see `fingerpost staff list`."
        )
    return person


def asked_for(args: argparse.Namespace) -> str:
    """Return a password that was typed twice without being shown, or the first line of standard input."""
    if args.password_stdin:
        return sys.stdin.readline(10_000).rstrip("\r\n")
    if not sys.stdin.isatty():
        raise CommandFailed(
            "no_terminal", "There is no terminal to ask for a password at; send it with --password-stdin."
        )
    try:
        password, again = getpass.getpass("Password: "), getpass.getpass("Once more: ")
    except EOFError:
        raise CommandFailed("no_password", "No password was typed, and nothing was changed.") from None
    if password != again:
        raise CommandFailed("not_alike", "The two were not alike, and nothing was changed. Start again.")
    return password


def now() -> datetime:
    """The time that is written beside what was done."""
    return datetime.now(timezone.utc)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the store refuses into `CommandFailed`."""
    try:
        with told():
            yield
    except BadStaff as bad:
        raise CommandFailed("bad_staff", str(bad)) from bad
