#!/usr/bin/env bash
# Builds SiteliftFFI.xcframework, which the Swift package takes on Apple platforms, into the folder given. On a Mac with Xcode and rustup's targets:
# aarch64-apple-darwin x86_64-apple-darwin aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios
#
# bindings/swift/build-xcframework.sh FOLDER-OF-THE-PACKAGE (where Sources/SiteliftFFI has the header)
set -euo pipefail

package=$(cd "${1:?name the folder of the package: target/swift/release/sitelift}" && pwd)
cd "$(dirname "$0")/../.."
[ "$(uname -s)" = Darwin ] || { echo 'An XCFramework can only be made on a Mac.' >&2; exit 3; }

built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
headers=$built/headers
mkdir "$headers"
cp "$package/Sources/SiteliftFFI/SiteliftFFI.h" "$headers/"
# A static library is linked by the framework, and not by a flag of the module.
grep -v '^ *link ' "$package/Sources/SiteliftFFI/module.modulemap" >"$headers/module.modulemap"

slice() {
    local name=$1
    shift
    local libraries=()
    for target in "$@"; do
        cargo build --release -p sitelift --lib --features uniffi --target "$target"
        libraries+=("target/$target/release/libsitelift.a")
    done
    mkdir "$built/$name"
    lipo -create "${libraries[@]}" -output "$built/$name/libsitelift.a"
    arguments+=(-library "$built/$name/libsitelift.a" -headers "$headers")
}

arguments=()
slice macos aarch64-apple-darwin x86_64-apple-darwin
slice ios aarch64-apple-ios
slice ios-simulator aarch64-apple-ios-sim x86_64-apple-ios
rm -rf "$package/SiteliftFFI.xcframework"
xcodebuild -create-xcframework "${arguments[@]}" -output "$package/SiteliftFFI.xcframework"
