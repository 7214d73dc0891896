#!/bin/sh
# Creates .venv and installs the pinned dependencies, torch as a CPU build.
#
# On Linux the ordinary torch wheel brings gigabytes of CUDA. A folder of local wheels that pip is
# told of (PIP_FIND_LINKS or its configuration) may hold a CPU build; uv reads neither, so it is
# handed on. Where no such wheel is offered, uv's own --torch-backend takes the CPU build from
# PyTorch's index, if a dry run shows that it can be had.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python

"${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Tumen needs Python 3.11 or newer: make PYTHON=python3.12 ..." >&2
    exit 1
}
[ -x "$python" ] || "${PYTHON:-python3}" -m venv .venv
"$python" -m pip install --quiet --disable-pip-version-check uv

links=${UV_FIND_LINKS:-${PIP_FIND_LINKS:-$("$python" -m pip config get global.find-links 2>/dev/null || true)}}
[ -z "$links" ] || export UV_FIND_LINKS="$(echo "$links" | tr ' ' ',')"

backend=
has_local_torch() {
    for place in $links; do
        ls "$place"/torch-*cpu*.whl >/dev/null 2>&1 && return 0
    done
    return 1
}
cpu_build_can_be_had() {
    UV_HTTP_TIMEOUT=5 UV_HTTP_RETRIES=0 "$python" -m uv pip install --python "$python" --quiet \
        --dry-run --no-deps --torch-backend=cpu "$(grep '^torch==' requirements.lock)" 2>/dev/null
}
if ! has_local_torch && cpu_build_can_be_had; then
    backend=--torch-backend=cpu
fi

echo "Installing Tumen's dependencies into .venv ..."
"$python" -m uv pip install --python "$python" --quiet --compile-bytecode $backend -r requirements.lock ||
    "$python" -m pip install --quiet -r requirements.lock
"$python" -m uv pip install --python "$python" --quiet --no-deps --editable .
"$python" -m compileall -q bot ingest store prompts

echo "Preparing the embedding model ..."
"$python" -m bot.prepare
