#!/usr/bin/env bash
# foreign.sh ARCHITECTURE PACKAGE...: prints a folder with Debian packages of another architecture, and all they need, unpacked and not installed, for
# programs to be run from. It is made once, in ~/.cache/sitelift/foreign; nothing of the machine's own packages is touched. Needs apt.
set -euo pipefail

architecture=${1:?name the architecture: arm64}
shift
root=${XDG_CACHE_HOME:-$HOME/.cache}/sitelift/foreign/$architecture-$(IFS=-; echo "$*")
ready=$root/.sitelift-ready

if [ ! -e "$ready" ]; then
    if ! command -v apt-get >/dev/null; then
        echo 'foreign.sh: needs a Debian machine' >&2
        exit 3
    fi
    rm -rf "$root"
    mkdir -p "$root/apt/lists/partial" "$root/apt/cache/archives/partial"
    # An empty list of what is installed, so that all that is needed is fetched.
    : >"$root/apt/status"
    apt() {
        apt-get -qq -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" -o APT::Install-Recommends=0 \
            -o Dir::State::Lists="$root/apt/lists" -o Dir::State::status="$root/apt/status" -o Dir::Cache="$root/apt/cache" \
            -o Debug::NoLocking=1 -o APT::Sandbox::User="$(id -un)" "$@" >&2
    }
    apt update
    apt install -y --download-only "$@"
    for package in "$root"/apt/cache/archives/*.deb; do
        dpkg-deb -x "$package" "$root"
    done
    rm -r "$root/apt"
    touch "$ready"
fi
echo "$root"
