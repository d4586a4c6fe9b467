"""The script that makes the XCFramework, run on a made-up Mac: what it builds, and what it hands to Apple's tools."""

from __future__ import annotations

from conftest import ROOT

SCRIPT = "bindings/swift/build-xcframework.sh"


def package(folder):
    headers = folder / "package/Sources/SiteliftFFI"
    headers.mkdir(parents=True)
    (headers / "SiteliftFFI.h").write_text("// header\n")
    (headers / "module.modulemap").write_bytes(
        (ROOT / "bindings/swift/Sources/SiteliftFFI/module.modulemap").read_bytes()
    )
    return folder / "package"


def mac(machine):
    (machine.bin / "uname").unlink()
    machine.pretends("uname", "echo Darwin")
    machine.pretends("cargo")
    machine.pretends("lipo", 'for last; do :; done; echo fat >"$last"')
    # The headers are gone when the script has ended, so they are noted now.
    machine.pretends(
        "xcodebuild",
        'for last; do :; done; mkdir -p "$last"; while [ "$1" != -headers ]; do shift; done; cp "$2"/* "$last/"',
    )
    return machine


def test_all_platforms_are_in_it(machine, tmp_path):
    folder = package(tmp_path)
    done = mac(machine).run("bash", SCRIPT, folder)
    assert (done.returncode, done.stderr) == (0, "")
    calls = [call.split() for call in machine.calls()]
    built = [call[call.index("--target") + 1] for call in calls if call[0] == "cargo"]
    assert built == [
        "aarch64-apple-darwin",
        "x86_64-apple-darwin",
        "aarch64-apple-ios",
        "aarch64-apple-ios-sim",
        "x86_64-apple-ios",
    ]
    joined = [[part for part in call if part.endswith(".a")][:-1] for call in calls if call[0] == "lipo"]
    assert [file for files in joined for file in files] == [f"target/{name}/release/libsitelift.a" for name in built]
    (framework,) = (call for call in calls if call[0] == "xcodebuild")
    assert framework.count("-library") == framework.count("-headers") == 3
    assert framework[-2:] == ["-output", str(folder / "SiteliftFFI.xcframework")]


def test_the_module_does_not_ask_for_the_shared_library(machine, tmp_path):
    folder = package(tmp_path)
    assert mac(machine).run("bash", SCRIPT, folder).returncode == 0
    made = folder / "SiteliftFFI.xcframework"
    assert sorted(file.name for file in made.iterdir()) == ["SiteliftFFI.h", "module.modulemap"]
    module = (made / "module.modulemap").read_text()
    assert "link " not in module
    assert 'header "SiteliftFFI.h"' in module


def test_an_older_one_is_replaced(machine, tmp_path):
    folder = package(tmp_path)
    (folder / "SiteliftFFI.xcframework/old").mkdir(parents=True)
    assert mac(machine).run("bash", SCRIPT, folder).returncode == 0
    assert not (folder / "SiteliftFFI.xcframework/old").exists()


def test_a_build_that_fails_leaves_the_older_one(machine, tmp_path):
    folder = package(tmp_path)
    (folder / "SiteliftFFI.xcframework/old").mkdir(parents=True)
    mac(machine).pretends("cargo", "exit 101")
    assert machine.run("bash", SCRIPT, folder).returncode == 101
    assert (folder / "SiteliftFFI.xcframework/old").exists()


def test_it_needs_a_mac(machine, tmp_path):
    done = machine.run("bash", SCRIPT, package(tmp_path))
    assert done.returncode == 3
    assert "only be made on a Mac" in done.stderr


def test_the_package_takes_it_where_it_is():
    manifest = (ROOT / "bindings/swift/Package.swift").read_text()
    assert "SiteliftFFI.xcframework" in manifest
