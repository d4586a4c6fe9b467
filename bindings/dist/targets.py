"""What is released: one row for each platform, in the order in which it is built."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Target:
    """A platform, by the name that Rust has for it."""

    triple: str
    # What the name of the wheel must have in it.
    tag: str
    library: str
    # What maturin calls the platform, where there is a choice.
    compatibility: str | None = None
    # Where JNA looks for the library. It knows no musl.
    jna: str | None = None
    # The newest version of glibc that the library may need.
    glibc: tuple[int, int] | None = None
    # The oldest macOS that it runs on.
    macos: tuple[int, int] | None = None

    @property
    def machine(self) -> str:
        """The processor, as Rust and Linux call it."""
        return self.triple.partition("-")[0]

    @property
    def system(self) -> str:
        """The operating system: linux, windows or darwin."""
        (found,) = {"linux", "windows", "darwin"} & set(self.triple.split("-"))
        return found

    @property
    def musl(self) -> bool:
        """Whether it is a Linux without glibc."""
        return self.system == "linux" and self.glibc is None

    @property
    def zig(self) -> str:
        """The name that `cargo zigbuild` takes, with the version of glibc in it."""
        return self.triple + (".{}.{}".format(*self.glibc) if self.glibc else "")


def linux(machine: str) -> Target:
    """Return the row of a Linux with glibc."""
    return Target(
        f"{machine}-unknown-linux-gnu",
        f"manylinux_2_17_{machine}",
        "libsitelift.so",
        compatibility="manylinux2014",
        jna=f"linux-{machine.replace('_', '-')}",
        glibc=(2, 17),
    )


def musl(machine: str) -> Target:
    """Return the row of a Linux with musl."""
    return Target(
        f"{machine}-unknown-linux-musl",
        f"musllinux_1_2_{machine}",
        "libsitelift.so",
        compatibility="musllinux_1_2",
    )


TARGETS = (
    linux("x86_64"),
    linux("aarch64"),
    musl("x86_64"),
    musl("aarch64"),
    Target("x86_64-pc-windows-gnu", "win_amd64", "sitelift.dll", jna="win32-x86-64"),
    Target("aarch64-apple-darwin", "macosx_11_0_arm64", "libsitelift.dylib", jna="darwin-aarch64", macos=(11, 0)),
    Target("x86_64-apple-darwin", "macosx_10_12_x86_64", "libsitelift.dylib", jna="darwin-x86-64", macos=(10, 12)),
)
HOST = TARGETS[0]


def version() -> str:
    """Return the version that is built."""
    (found, *_) = re.findall(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text("utf-8"), re.MULTILINE)
    return str(found)
