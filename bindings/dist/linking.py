"""How libraries for other systems are linked here: the flags of Rust's and C's compiler for each."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from targets import ROOT

if TYPE_CHECKING:
    from targets import Target

# A library can be loaded with musl only if it is linked to the loader's own.
SHARED = ("-C", "target-feature=-crt-static")
# libdeflate's checksums by 512-bit registers, which Zig's C compiler refuses; it takes others then.
ZIG_CAN_NOT = tuple(f"-DLIBDEFLATE_ASSEMBLER_DOES_NOT_SUPPORT_{what}" for what in ("AVX512VNNI", "VPCLMULQDQ"))

# What of Apple's frameworks the core calls, to read the certificates that the system trusts. Only names are needed to
# link with a library; Apple's own list of them comes with Xcode. The linker tells those that are missing here.
FRAMEWORKS = {
    "CoreFoundation": (
        "CFArrayCreate CFArrayGetCount CFArrayGetValueAtIndex CFDataCreate CFDataGetBytePtr CFDataGetLength "
        "CFDateCreate CFDictionaryGetValueIfPresent CFEqual CFErrorCopyDescription CFErrorGetCode "
        "CFNumberGetValue CFRelease CFRetain CFStringCreateWithBytes CFStringCreateWithBytesNoCopy "
        "CFStringGetBytes CFStringGetCStringPtr CFStringGetLength kCFAbsoluteTimeIntervalSince1970 "
        "kCFAllocatorDefault kCFAllocatorNull kCFTypeArrayCallBacks"
    ),
    "Security": (
        "SecCertificateCopyData SecCertificateCopySubjectSummary SecCertificateCreateWithData "
        "SecCopyErrorMessageString SecPolicyCreateSSL SecTrustCreateWithCertificates "
        "SecTrustEvaluateWithError SecTrustSetAnchorCertificates SecTrustSetAnchorCertificatesOnly "
        "SecTrustSetOCSPResponse SecTrustSetVerifyDate SecTrustSettingsCopyCertificates "
        "SecTrustSettingsCopyTrustSettings"
    ),
}
APPLE = "[x86_64-macos, arm64-macos]"


def c_flags(target: Target) -> tuple[str, ...]:
    """Return the flags of the C compiler."""
    return (
        *(ZIG_CAN_NOT if target.machine == "x86_64" else ()),
        *(("-mmacosx-version-min={}.{}".format(*target.macos),) if target.macos else ()),
    )


def rust_flags(target: Target) -> tuple[str, ...]:
    """Return the flags of the Rust compiler."""
    if target.system == "windows":
        return ("-C", f"linker={ROOT / 'bindings/dist/zig-linker.sh'}")
    if target.system == "darwin":
        # Zig's linker exports all that is in the library. LLVM's, which comes with Rust, does not, and signs for arm64.
        options = ("-dead_strip_dylibs", "-install_name", f"@rpath/{target.library}")
        given = (part for option in options for part in ("-C", f"link-arg={option}"))
        return ("-C", "linker=rust-lld", "-C", "linker-flavor=ld64.lld", *given)
    return SHARED if target.musl else ()


def variables(target: Target) -> dict[str, str]:
    """Return what else the compilers and linkers want to know."""
    if not target.macos:
        return {}
    return {"SDKROOT": str(sdk()), "MACOSX_DEPLOYMENT_TARGET": "{}.{}".format(*target.macos)}


def sdk() -> Path:
    """Return a folder with what a linker must know of macOS: the C library as Zig describes it, and the frameworks."""
    root = ROOT / "target/macos-sdk"
    zig = importlib.util.find_spec("ziglang")
    if zig is None or zig.origin is None:
        raise SystemExit("Needs ziglang, which `make dist` installs")
    described = Path(zig.origin).parent / "lib/libc/darwin/libSystem.tbd"
    libraries = root / "usr/lib"
    libraries.mkdir(parents=True, exist_ok=True)
    for name in ("System", "c", "m"):
        (libraries / f"lib{name}.tbd").write_bytes(described.read_bytes())
    # Asked for by Rust's libc, and used by nothing.
    (libraries / "libiconv.tbd").write_text(stub("/usr/lib/libiconv.2.dylib", ""))
    for name, symbols in FRAMEWORKS.items():
        folder = root / f"System/Library/Frameworks/{name}.framework"
        folder.mkdir(parents=True, exist_ok=True)
        installed = f"/System/Library/Frameworks/{name}.framework/Versions/A/{name}"
        (folder / f"{name}.tbd").write_text(stub(installed, symbols))
    return root


def stub(installed: str, symbols: str) -> str:
    """Return the description of a library of Apple's, in the form that linkers read (TBD, version 4)."""
    names = ", ".join(f"_{symbol}" for symbol in symbols.split())
    exports = f"exports:\n  - targets: {APPLE}\n    symbols: [{names}]\n" if names else ""
    return f"--- !tapi-tbd\ntbd-version: 4\ntargets: {APPLE}\ninstall-name: {installed}\n{exports}...\n"
