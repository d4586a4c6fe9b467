"""What a library for macOS says of itself: no tool that reads it is on every Linux machine."""

from __future__ import annotations

import hashlib
import re
import struct
from typing import TYPE_CHECKING

from facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from targets import Target

MAGIC = 0xFEEDFACF
MACHINES = {0x01000007: "x86_64", 0x0100000C: "aarch64"}
LOAD_DYLIB, ID_DYLIB, SIGNATURE, VERSION_MIN, BUILD_VERSION = 0xC, 0xD, 0x1D, 0x24, 0x32
DYLD_INFO, EXPORTS_TRIE = 0x80000022, 0x80000033
# What every Mac has.
ALLOWED = re.compile(r"^/(usr/lib/libSystem\.B\.dylib|System/Library/Frameworks/\w+\.framework/Versions/A/\w+)$")


def read(file: Path, target: Target) -> Facts:
    """Read a library."""
    data = file.read_bytes()
    magic, machine = struct.unpack_from("<II", data)
    if magic != MAGIC:
        raise SystemExit(f"{file} is no Mach-O file of 64 bits")
    commands = list(load_commands(data))
    needed = [string(data, at) for kind, at in commands if kind == LOAD_DYLIB]
    oldest = minimum(data, commands)
    return Facts(
        machine=MACHINES.get(machine, hex(machine)),
        needed=needed,
        allowed=ALLOWED,
        exported=[name.removeprefix("_") for name in exports(data, commands)],
        system=f"macOS {oldest[0]}.{oldest[1]}, {'signed' if signature(data, commands) else 'not signed'}",
        problem=problem(data, commands, target, oldest),
    )


def problem(data: bytes, commands: list[tuple[int, int]], target: Target, oldest: tuple[int, int]) -> str | None:
    """Return what only a library of this kind can have wrong."""
    names = [string(data, at) for kind, at in commands if kind == ID_DYLIB]
    if names != [f"@rpath/{target.library}"]:
        return f"calls itself {names}"
    if oldest != target.macos:
        return f"is for macOS {oldest}, not {target.macos}"
    signed = signature(data, commands)
    # Macs with Apple's processor load nothing that is not signed.
    if signed is False or (signed is None and target.machine == "aarch64"):
        return "is not signed, or was changed after it was"
    return None


def load_commands(data: bytes) -> Iterator[tuple[int, int]]:
    """Give the kind of each load command, and where it begins."""
    (count,) = struct.unpack_from("<I", data, 16)
    at = 32
    for _ in range(count):
        kind, size = struct.unpack_from("<II", data, at)
        yield kind, at
        at += size


def string(data: bytes, command: int) -> str:
    """Return the string of a load command, which begins where its third word says."""
    (offset,) = struct.unpack_from("<I", data, command + 8)
    return data[command + offset : data.index(b"\0", command + offset)].decode()


def minimum(data: bytes, commands: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the oldest macOS that the library is for."""
    (at,) = (at + (8 if kind == VERSION_MIN else 12) for kind, at in commands if kind in {VERSION_MIN, BUILD_VERSION})
    (packed,) = struct.unpack_from("<I", data, at)
    return packed >> 16, packed >> 8 & 0xFF


def exports(data: bytes, commands: list[tuple[int, int]]) -> Iterator[str]:
    """Give the names that the dynamic linker finds: those in the trie of exports."""
    (at,) = (at + (40 if kind == DYLD_INFO else 8) for kind, at in commands if kind in {DYLD_INFO, EXPORTS_TRIE})
    offset, size = struct.unpack_from("<II", data, at)
    trie = data[offset : offset + size]
    nodes = [(0, b"")]
    while nodes:
        position, name = nodes.pop()
        size, position = uleb(trie, position)
        if size:
            yield name.decode()
        position += size
        children = trie[position]
        position += 1
        for _ in range(children):
            end = trie.index(b"\0", position)
            label = trie[position:end]
            child, position = uleb(trie, end + 1)
            nodes.append((child, name + label))


def uleb(data: bytes, position: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, and return it and what comes after it."""
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:  # noqa: PLR2004 (the last byte has no high bit)
            return value, position


def signature(data: bytes, commands: list[tuple[int, int]]) -> bool | None:
    """Tell whether the signature is that of the file: a SHA-256 of each page. Nothing where there is none."""
    found = [struct.unpack_from("<I", data, at + 8)[0] for kind, at in commands if kind == SIGNATURE]
    if not found:
        return None
    # A table of parts, the first of which is the code directory; all of it big-endian, unlike the rest.
    directory = found[0] + struct.unpack_from(">I", data, found[0] + 16)[0]
    (hashes,) = struct.unpack_from(">I", data, directory + 16)
    count, limit = struct.unpack_from(">II", data, directory + 28)
    size, kind, _platform, page = struct.unpack_from(">4B", data, directory + 36)
    digests = directory + hashes
    return (kind, limit) == (2, found[0]) and all(
        hashlib.sha256(data[index << page : min(index + 1 << page, limit)]).digest()
        == data[digests + index * size : digests + (index + 1) * size]
        for index in range(count)
    )
