#!/bin/sh
# Run uv: the one on PATH, or one of our own, fetched once into .tools/.
set -eu
if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then exec uv "$@"; fi
if ! [ -x .tools/bin/uv ]; then
    echo "» fetching uv, the installer" >&2
    if ! { python3 -m venv .tools && .tools/bin/python -m pip install -q --disable-pip-version-check uv; } >&2; then
        echo "uv could not be installed. Install it by hand (pip install uv) and run the same command again." >&2
        exit 1
    fi
fi
exec .tools/bin/uv "$@"
