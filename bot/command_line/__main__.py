"""`python -m bot.command_line`, which the `fingerpost` script calls."""

import sys

from bot.command_line.main import main

if __name__ == "__main__":
    sys.exit(main())
