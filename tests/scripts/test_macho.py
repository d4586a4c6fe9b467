"""What is read of libraries for macOS, as no Mac loads them where they are built: made-up ones, right and wrong."""

from __future__ import annotations

import hashlib
import struct
import sys

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "bindings/dist"))

import library
import macho
from targets import TARGETS

ARM, INTEL = (target for target in TARGETS if target.macos)
PAGE = 4096


def command(kind, *words, text=b""):
    data = struct.pack(f"<{len(words)}I", *words) + text
    data += bytes(-len(data) % 8)
    return struct.pack("<II", kind, 8 + len(data)) + data


def trie(*names):
    """Make a trie of exports whose names have no letters in common at the beginning."""
    offsets, node = [], 2 + sum(len(name) + 2 for name in names)
    for _ in names:
        offsets.append(node)
        node += 4
    edges = b"".join(name + bytes([0, offset]) for name, offset in zip(names, offsets, strict=True))
    # A node: how long what it exports is, flags and address, children.
    return bytes([0, len(names)]) + edges + bytes([2, 0, 16, 0]) * len(names)


def made(
    *,
    machine=0x0100000C,
    name=b"@rpath/libsitelift.dylib",
    needs=b"/usr/lib/libSystem.B.dylib",
    oldest=11 << 16,
    exports=(b"_uniffi_sitelift_a", b"ffi_sitelift_b"),
    signed=True,
):
    exported = trie(*exports)
    commands = [
        command(macho.ID_DYLIB, 24, 0, 0, 0, text=name + b"\0"),
        command(macho.LOAD_DYLIB, 24, 0, 0, 0, text=needs + b"\0"),
        command(macho.BUILD_VERSION, 1, oldest, oldest, 0),
        command(macho.EXPORTS_TRIE, PAGE, len(exported)),
    ]
    limit = PAGE + 512
    if signed:
        commands.append(command(macho.SIGNATURE, limit, 256))
    header = struct.pack("<8I", macho.MAGIC, machine, 0, 6, len(commands), sum(map(len, commands)), 0, 0)
    code = (header + b"".join(commands)).ljust(PAGE, b"\0") + exported.ljust(512, b"\0")
    if not signed:
        return code
    hashes = b"".join(hashlib.sha256(code[at : at + PAGE]).digest() for at in (0, PAGE))
    directory = struct.pack(">9I4B", 0xFADE0C02, 0, 0, 2, 44, 0, 0, 2, limit, 32, 2, 0, 12).ljust(44, b"\0") + hashes
    return code + struct.pack(">5I", 0xFADE0CC0, 0, 1, 0, 20) + directory


def problem(data, folder, target=ARM):
    file = folder / target.library
    file.write_bytes(data)
    return library.problem(macho.read(file, target), target)


def test_a_good_library(tmp_path):
    assert problem(made(), tmp_path) is None
    facts = macho.read(tmp_path / ARM.library, ARM)
    assert sorted(facts.exported) == ["ffi_sitelift_b", "uniffi_sitelift_a"]
    assert facts.needed == ["/usr/lib/libSystem.B.dylib"]
    assert facts.system == "macOS 11.0, signed"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"machine": 0x01000007}, "is for x86_64"),
        ({"name": b"/private/build/libsitelift.dylib"}, "calls itself"),
        ({"needs": b"/usr/local/lib/libssl.dylib"}, "needs"),
        ({"oldest": 14 << 16}, "is for macOS"),
        ({"exports": (b"_uniffi_sitelift_a", b"deflate")}, "exports 1 symbols that are not ours: ['deflate']"),
        ({"exports": ()}, "exports nothing"),
        ({"signed": False}, "is not signed"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, wrong, said):
    assert said in problem(made(**wrong), tmp_path)


@pytest.mark.parametrize("at", [30, PAGE + 500])
def test_a_library_changed_after_it_was_signed(tmp_path, at):
    data = bytearray(made())
    data[at] ^= 1
    assert "changed after" in problem(bytes(data), tmp_path)


def test_macs_of_intel_ask_for_no_signature(tmp_path):
    intel = {"machine": 0x01000007, "oldest": 10 << 16 | 12 << 8}
    assert problem(made(**intel, signed=False), tmp_path, INTEL) is None
