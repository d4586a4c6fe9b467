#!/bin/sh
# Runs the tests of Kotlin and Swift, and compares the records of all languages in the end. What a machine lacks is said, and in CI it is a failure;
# `make test-kotlin` and `make test-swift` fail for it anywhere.
#
# test-languages.sh PYTHON, with MAKE in the environment
set -eu
cd "$(dirname "$0")/.."
ran='rust python'
for language in kotlin swift; do
    if bindings/toolchain.sh "$language"; then
        "${MAKE:-make}" "test-$language"
        ran="$ran $language"
    elif [ "${CI:-}" = true ]; then
        echo "test-$language can't run, and must in CI" >&2
        exit 1
    else
        echo "test-$language SKIPPED" >&2
    fi
done
# shellcheck disable=SC2086 # one word a language
"$1" tests/cases/compare.py $ran
