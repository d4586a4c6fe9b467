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
    # What maturin calls the platform in the wheel's name, and what the name must have in it.
    compatibility: str | None
    tag: str
    library: str
    # Where JNA looks for the library. It knows no musl.
    jna: str | None = None
    # The newest version of glibc that the library may need.
    glibc: tuple[int, int] | None = None
    flags: str = ""

    @property
    def machine(self) -> str:
        """The processor, as Rust and Linux call it."""
        return self.triple.partition("-")[0]

    @property
    def zig(self) -> str:
        """The name that `cargo zigbuild` takes, with the version of glibc in it."""
        return self.triple + (".{}.{}".format(*self.glibc) if self.glibc else "")


GLIBC = (2, 17)
# A library can be loaded with musl only if it is linked to the loader's own.
SHARED = "-C target-feature=-crt-static"

TARGETS = (
    Target(
        "x86_64-unknown-linux-gnu",
        "manylinux2014",
        "manylinux_2_17_x86_64",
        "libsitelift.so",
        jna="linux-x86-64",
        glibc=GLIBC,
    ),
    Target(
        "aarch64-unknown-linux-gnu",
        "manylinux2014",
        "manylinux_2_17_aarch64",
        "libsitelift.so",
        jna="linux-aarch64",
        glibc=GLIBC,
    ),
    Target("x86_64-unknown-linux-musl", "musllinux_1_2", "musllinux_1_2_x86_64", "libsitelift.so", flags=SHARED),
    Target("aarch64-unknown-linux-musl", "musllinux_1_2", "musllinux_1_2_aarch64", "libsitelift.so", flags=SHARED),
)


def version() -> str:
    """Return the version that is built."""
    (found, *_) = re.findall(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text("utf-8"), re.MULTILINE)
    return str(found)
