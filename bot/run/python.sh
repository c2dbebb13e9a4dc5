#!/bin/sh
# Print the path of a Python X.Y that really runs (a shim may exist and not run). Usage: python.sh 3.10
set -eu
want=$1
runs() { "$1" -c "import sys; sys.exit(sys.version_info[:2] != tuple(map(int, '$want'.split('.'))))" >/dev/null 2>&1; }
real() { "$1" -c "import sys; print(sys.executable)"; }
for python in "python$want" "python3" "python"; do
    if command -v "$python" >/dev/null 2>&1 && runs "$python"; then real "$python"; exit 0; fi
done
for python in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$want"*/bin/python /usr/bin/"python$want" /opt/*/bin/"python$want"; do
    if [ -x "$python" ] && runs "$python"; then real "$python"; exit 0; fi
done
# None here: let uv look, and fetch one where it may.
if [ "${UV_PYTHON_DOWNLOADS:-automatic}" != never ]; then sh bot/run/uv.sh python install -q "$want" >/dev/null 2>&1 || true; fi
if found=$(sh bot/run/uv.sh python find --no-project --managed-python "$want" 2>/dev/null) && runs "$found"; then echo "$found"; exit 0; fi
echo "No Python $want was found. Install it (for example: pyenv install $want) and run the same command again." >&2
exit 1
