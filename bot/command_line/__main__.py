"""`python -m bot.command_line`, which the `fingerpost` script calls."""

import io
import sys

from bot.command_line.main import main


def speak_utf8() -> None:
    """Read and write UTF-8 whatever the terminal's language; what is not UTF-8 is marked, not fatal."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    speak_utf8()
    sys.exit(main())
