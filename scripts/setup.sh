#!/bin/sh
# Make .venv if there is none that works, and install the named requirements file into it.
# Usage: sh scripts/setup.sh requirements.txt
set -eu

say() { printf '%s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }

# Fresh enough to run us; the second bound keeps to Pythons for which every library ships ready-made wheels.
new_enough() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info)' >/dev/null 2>&1; }
well_known() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' >/dev/null 2>&1; }

find_python() {
    for check in well_known new_enough; do
        for name in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python3.14 python; do
            if has "$name" && $check "$name"; then
                echo "$name"
                return
            fi
        done
    done
    say 'Python 3.11 or newer is needed, and none was found on the PATH.'
    say '  Debian, Ubuntu:  sudo apt-get install python3 python3-venv'
    say '  macOS:           brew install python@3.13   (or the installer of python.org)'
    say 'If it lies elsewhere, name it: PYTHON=/path/to/python3 make run'
    exit 1
}

works() { .venv/bin/python -m pip --version >/dev/null 2>&1 && new_enough .venv/bin/python; }

# Debian ships the half of venv that brings pip as a package of its own.
venv_package() {
    if [ "$("$1" -c 'import sys; print(sys.base_prefix)')" = /usr ]; then
        "$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    else
        echo python3-venv
    fi
}

apt_install() {
    has apt-get || return 1
    if [ "$(id -u)" = 0 ]; then as_root=''; else as_root='sudo -n'; fi
    if [ -n "$as_root" ] && ! sudo -n true 2>/dev/null; then return 1; fi
    say "Installing $1 ..."
    $as_root apt-get update -qq </dev/null >&2 || true
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 "$1" </dev/null >/dev/null
}

make_venv() {
    python=$(find_python)
    say "Making .venv with $("$python" --version) ..."
    "$python" -m venv --clear .venv >/dev/null 2>&1 && works && return
    "$python" -m virtualenv --clear .venv >/dev/null 2>&1 && works && return
    has uv && uv venv -q --clear --seed --python "$python" .venv >&2 && works && return
    "$python" -m venv --clear --without-pip .venv >/dev/null 2>&1 &&
        "$python" -m pip -q --python .venv/bin/python install pip >/dev/null 2>&1 && works && return
    package=$(venv_package "$python")
    apt_install "$package" && "$python" -m venv --clear .venv >&2 && works && return
    say "$python cannot make a virtual environment, because Debian and Ubuntu ship that part on its own."
    say "Install it, then run make again:  sudo apt-get install $package"
    exit 1
}

cd "$(dirname "$0")/.."
works || make_venv
say "Installing $1 into .venv ... (the first time takes a minute)"
.venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check --requirement "$1"
