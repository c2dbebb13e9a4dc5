"""`fingerpost examples`: write the gallery of examples as pages that need no server."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.command_line.errors import CommandFailed, told

if TYPE_CHECKING:
    from bot.web.examples_view import Card

OUT = Path(__file__).resolve().parents[2] / "var" / "examples"


def add_to(commands: Any) -> None:
    """Add `examples` to the parser."""
    from bot.command_line.main import a_day

    examples = commands.add_parser("examples", help="write the gallery of example roadmaps as web pages")
    examples.add_argument(
        "--out",
        type=Path,
        default=OUT,
        help="the folder to write, made if need be (default: var/examples)",
    )
    examples.add_argument(
        "--on", type=a_day, default=None, help="the day the roadmaps are made on (default: today)"
    )
    examples.add_argument(
        "--catalogue", type=Path, default=None, help="areas and offers from a file instead of the database"
    )
    examples.set_defaults(run=run_examples)


def run_examples(args: argparse.Namespace) -> int:
    """Make every example's roadmap and write the pages; say how far it is on standard error."""
    from bot.web.examples import INDEX, files
    from bot.web.examples_view import gallery_view
    from knowledge_base.examples import read_gallery
    from knowledge_base.hubs import read_hub
    from knowledge_base.services import view_of

    out = prepared(args.out)
    with told():
        gallery = read_gallery()
        hub = read_hub(os.environ.get("FINGERPOST_HUB") or "default")
        view = view_of(args.catalogue, os.environ, listening=True)
    count = 0

    def tell(card: Card) -> None:
        nonlocal count
        count += 1
        steps = f"{card.steps} step" if card.steps == 1 else f"{card.steps} steps"
        print(f"{count} of {len(gallery.examples)}: {card.business}: {steps}", file=sys.stderr, flush=True)

    made = gallery_view(gallery, view, args.on or date.today(), tell)
    # Everything is rendered before anything is written: no half gallery.
    for name, text in dict(files(made, hub)).items():
        written(out / name, text)
    index = (out / INDEX).resolve()
    print(f"{len(made.pages)} examples written to {out}")
    print(f"Open {index.as_uri()} in a browser; no server is needed.")
    return 0


def prepared(folder: Path) -> Path:
    """Make the folder before any work is done, so that a wrong one is told at once."""
    if folder.exists() and not folder.is_dir():
        raise CommandFailed("cannot_write", f"--out: {folder} is a file; name a folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CommandFailed("cannot_write", f"--out: nothing may be written in {folder}; name another folder")
    return folder


def written(file: Path, text: str) -> None:
    """Write one file."""
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise _unwritable(file, error) from error


def _unwritable(path: Path, error: OSError) -> CommandFailed:
    return CommandFailed("cannot_write", f"--out: {path}: {error.strerror or error}; name another folder")
