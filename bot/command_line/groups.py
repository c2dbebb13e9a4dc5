"""A command that has commands of its own, such as `fingerpost staff add`."""

from __future__ import annotations

import argparse
from typing import Any


def group(commands: Any, name: str, actions: str, *, help: str, description: str, epilog: str) -> Any:
    """Add a command to a parser's; return where its own are to be added.

    Args:
        actions: the names of its own commands, as its usage shows them: ``list|add``.
        epilog: what stands below its help, its lines as they are written.
    """
    added = commands.add_parser(
        name,
        help=help,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return added.add_subparsers(dest="action", required=True, metavar=actions)
