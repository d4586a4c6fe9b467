#!/usr/bin/env bash
# Runs `swift` with the arguments given: the one on PATH, else one inside a Debian trixie chroot, which `swift.sh --prepare`
# makes (2.7 GB, about 3 minutes) in $SITELIFT_SWIFT_ROOT, or in ~/.cache/sitelift/swift. Exit code 3: there is none.
#
# The chroot sees the repository at its own path. All mounts live in a mount namespace of their own and go with it, so that
# nothing is ever left mounted.
set -euo pipefail

root=${SITELIFT_SWIFT_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/sitelift/swift}
repository=$(cd "$(dirname "$0")/../.." && pwd)
ready=$root/.sitelift-ready

fail() {
    echo "swift.sh: $1" >&2
    exit 3
}

prepare() {
    command -v swift >/dev/null && return
    [ -e "$ready" ] && return
    [ "$(uname -s)" = Linux ] || fail 'no swift on PATH: install Xcode, or a tool chain from swift.org'
    [ "$(id -u)" = 0 ] || fail 'no swift on PATH: install a tool chain from swift.org, or run this as root to have a chroot with one made'
    if ! command -v debootstrap >/dev/null; then
        command -v apt-get >/dev/null || fail 'no swift on PATH, and no debootstrap: install one of them'
        apt-get update -qq
        apt-get install -qq --no-install-recommends debootstrap >/dev/null
    fi
    # Remains of a try that was broken off. Nothing is mounted there, as every mount is private to a process.
    rm -rf "$root"
    mkdir -p "$root"
    debootstrap --variant=minbase --include=ca-certificates trixie "$root" >"$root.log" 2>&1 \
        || { tail -n 20 "$root.log" >&2; fail "debootstrap failed; all it said is in $root.log"; }
    inside "$root" apt-get install -y --no-install-recommends swiftlang libc6-dev >>"$root.log" 2>&1 \
        || { tail -n 20 "$root.log" >&2; fail "the installation of Swift failed; all it said is in $root.log"; }
    rm -rf "$root"/var/cache/apt/archives/*.deb
    touch "$ready"
}

# Runs a command in the chroot, in the directory $1.
inside() {
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    mkdir -p "$root$repository"
    # shellcheck disable=SC2016 # the inner shell's variables
    unshare --mount --propagation private bash -euc '
        root=$1 repository=$2 directory=$3
        shift 3
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        mount --bind "$repository" "$root$repository"
        [ -d "$root$directory" ] || directory=/
        exec chroot "$root" /usr/bin/env --chdir="$directory" \
            HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
    ' bash "$root" "$repository" "$@"
}

case ${1:-} in
    --prepare)
        prepare
        ;;
    *)
        if command -v swift >/dev/null; then
            exec swift "$@"
        fi
        [ -e "$ready" ] || fail "no swift on PATH and none in $root; 'swift.sh --prepare' makes one there"
        inside "$PWD" swift "$@"
        ;;
esac
