#!/bin/sh
# Makes .venv with the Python named in $1, or with the newest suitable one found.
set -eu

suits() {
    # A name on the PATH may be a wrapper that does not run, and a Python may lack venv: try it.
    "$1" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
        >/dev/null 2>&1
}

if [ -n "${1:-}" ]; then
    candidates=$1
else
    candidates="python3.13 python3.12 python3.11 python3 python"
fi

for python in $candidates; do
    if suits "$python"; then
        echo "Making .venv with $("$python" --version)"
        # Half an environment would pass for a whole one the next time.
        trap 'rm -rf .venv' INT TERM
        rm -rf .venv
        "$python" -m venv .venv || { rm -rf .venv; exit 1; }
        exit 0
    fi
done

echo "Skycrumbs needs Python 3.11, 3.12 or 3.13 with the venv module; tried: $candidates." >&2
echo "On Debian: apt-get install python3 python3-venv. Elsewhere: make PYTHON=/path/to/python3.12 ..." >&2
exit 1
