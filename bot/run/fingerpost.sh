#!/bin/sh
# The `fingerpost` command: our environment's Python, from wherever it is called.
here=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
PYTHONPATH="$here${PYTHONPATH:+:$PYTHONPATH}" OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}" exec "$here/.venv/bin/python" -m bot.command_line "$@"
