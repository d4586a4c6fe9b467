"""What `make test` does where the tool chain of a language is missing: it says so, and in CI it fails."""

from __future__ import annotations

import pytest

SCRIPT = "bindings/test-languages.sh"
JAVAC = "echo javac 17.0.12"


@pytest.fixture
def bare(machine):
    """Neither Java nor Swift, and nobody who could install them."""
    machine.pretends("id", "echo 1000")
    machine.pretends("make")
    machine.pretends("python3")
    return machine


def ran(machine):
    return [call for call in machine.calls() if call.split()[0] not in {"id", "javac"}]


def test_in_ci_a_missing_language_is_a_failure(bare):
    done = bare.run("sh", SCRIPT, "python3", CI="true")
    assert done.returncode == 1
    assert "Kotlin: needs Maven" in done.stderr
    assert "test-kotlin can't run, and must in CI" in done.stderr
    # Not even the comparison, which would pass over the languages that are there.
    assert ran(bare) == []


def test_in_ci_swift_is_asked_for_too(bare):
    bare.pretends("mvn")
    bare.pretends("javac", JAVAC)
    done = bare.run("sh", SCRIPT, "python3", CI="true")
    assert done.returncode == 1
    assert "Swift: needs Swift 6" in done.stderr
    assert "test-swift can't run, and must in CI" in done.stderr
    assert ran(bare) == ["make test-kotlin"]


@pytest.mark.parametrize("version", ["javac 11.0.24", "javac 1.8.0_412"])
def test_a_java_that_is_too_old_is_told(bare, version):
    bare.pretends("mvn")
    bare.pretends("javac", f"echo {version}")
    done = bare.run("sh", "bindings/toolchain.sh", "kotlin")
    assert done.returncode == 1
    assert "a JDK 17 or later" in done.stderr
    assert version in done.stderr


def test_elsewhere_it_is_said(bare):
    done = bare.run("sh", SCRIPT, "python3")
    assert done.returncode == 0
    assert "test-kotlin SKIPPED" in done.stderr
    assert "test-swift SKIPPED" in done.stderr
    assert ran(bare) == ["python3 tests/cases/compare.py rust python"]


def test_all_languages_are_compared_where_they_are(bare):
    for program in ("mvn", "swift"):
        bare.pretends(program)
    bare.pretends("javac", JAVAC)
    done = bare.run("sh", SCRIPT, "python3", CI="true")
    assert (done.returncode, done.stderr) == (0, "")
    assert ran(bare) == [
        "make test-kotlin",
        "make test-swift",
        "python3 tests/cases/compare.py rust python kotlin swift",
    ]


def test_failed_tests_fail(bare):
    for program in ("mvn", "swift"):
        bare.pretends(program)
    bare.pretends("javac", JAVAC)
    bare.pretends("make", "exit 2")
    done = bare.run("sh", SCRIPT, "python3")
    assert done.returncode != 0
    assert ran(bare) == ["make test-kotlin"]


def test_ci_installs_java(machine):
    machine.pretends("id", "echo 0")
    machine.has("chmod", "ln")
    machine.pretends("installed", JAVAC)
    machine.pretends("apt-get", '[ "$1" != install ] || for one in mvn javac; do ln -s installed "${0%/*}/$one"; done')
    assert machine.run("sh", "bindings/toolchain.sh", "kotlin").returncode == 1, (
        "nobody's machine is changed outside CI"
    )
    assert machine.run("sh", "bindings/toolchain.sh", "kotlin", CI="true").returncode == 0
    assert any(call.startswith("apt-get install") and "maven" in call for call in machine.calls())


def test_ci_says_when_java_can_not_be_installed(machine):
    machine.pretends("id", "echo 0")
    machine.pretends("apt-get", "exit 100")
    done = machine.run("sh", "bindings/toolchain.sh", "kotlin", CI="true")
    assert done.returncode == 1
    assert "Kotlin: needs Maven" in done.stderr


def test_swift_says_what_is_missing(bare):
    done = bare.run("bash", "bindings/swift/swift.sh", "--prepare")
    assert done.returncode == 3
    assert "install a tool chain from swift.org" in done.stderr
    done = bare.run("bash", "bindings/swift/swift.sh", "test")
    assert done.returncode == 3
    assert "no swift on PATH" in done.stderr


def test_a_broken_download_of_swift_fails_and_is_not_taken_for_one(machine):
    machine.pretends("id", "echo 0")
    machine.pretends("debootstrap", "echo no network; exit 1")
    for _ in range(2):
        done = machine.run("bash", "bindings/swift/swift.sh", "--prepare")
        assert done.returncode == 3
        assert "no network" in done.stderr
        assert "debootstrap failed" in done.stderr
