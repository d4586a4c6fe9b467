"""Check what `make dist` built as its users get it: each from an empty folder, without the repository.

python bindings/dist/check.py DIST [TRIPLE...]
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

import elf
from running import python, run, smoke
from targets import ROOT, TARGETS, Target, version

HOST = TARGETS[0]

PYTHON = """
import sitelift
from sitelift import interop, Site
assert interop.hello_there(interop.TestData(data="test", len=0)).len == 34
site = Site.from_html("<title>Hi</title>", base_url="https://a.example/")
assert interop.echo_site(site) == site and site.title == "Hi"
print(sitelift.__version__)
"""

JAVA = """
import dev.sitelift.*;

class Check {
    public static void main(String[] arguments) {
        if (Interop.helloThere(new TestData("test", 0)).getLen() != 34) throw new AssertionError();
        Site site = Sites.fromHtml(Site.Companion, "<title>Hi</title>".getBytes(), "https://a.example/");
        if (!Interop.echo(site).equals(site) || !"Hi".equals(site.getTitle())) throw new AssertionError();
        System.out.println(Interop.version());
    }
}
"""

SWIFT_PACKAGE = """// swift-tools-version: 6.0
import PackageDescription
let package = Package(
    name: "check",
    dependencies: [.package(path: "sitelift")],
    targets: [.executableTarget(name: "check", dependencies: [.product(name: "Sitelift", package: "sitelift")])]
)
"""

SWIFT = """
import Sitelift
precondition(Interop.helloThere(TestData(data: "test", len: 0)).len == 34)
let site = try Site(html: "<title>Hi</title>", baseURL: "https://a.example/")
precondition(Interop.echo(site) == site && site.title == "Hi")
print(Interop.version)
"""


def unpack(file: Path, folder: Path) -> Path:
    """Unpack an archive in which no file tells paths of the machine that built it."""
    unpacked = folder / "unpacked"
    with zipfile.ZipFile(file) as archive:
        archive.extractall(unpacked)
        for name in archive.namelist():
            elf.no_paths(name, archive.read(name))
    return unpacked


def wheel(file: Path, target: Target, folder: Path) -> str | None:
    """Check a wheel, put its bill of materials beside it; return the version that it tells, if it can be run here."""
    unpacked = unpack(file, folder)
    for bill in unpacked.rglob("*.cyclonedx.json"):
        shutil.copy(bill, file.parent / f"{file.stem}.cyclonedx.json")
    (library,) = unpacked.glob(f"sitelift/_ffi/{target.library}")
    elf.check(library, target)
    if target != HOST:
        said = python(target, PYTHON, unpacked, folder)
        if said is None and (called := smoke(target, library, folder)):
            print(f"  called from C: {called}")
            return version()
        return said
    venv.create(folder / "venv", with_pip=True)
    program = folder / "venv/bin/python"
    # Reads RECORD, and so all checksums in it.
    run(program, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", file.resolve(), cwd=folder)
    return run(program, "-I", "-c", PYTHON, cwd=folder)


def jar(file: Path, folder: Path) -> str:
    """Check the JAR and the libraries in it, from Java and with what it depends on."""
    unpacked = unpack(file, folder)
    for target in TARGETS:
        if target.jna and (library := unpacked / target.jna / target.library).exists():
            elf.check(library, target)
            if target != HOST and (called := smoke(target, library, folder)):
                print(f"  called from C: {called}")
    shutil.copy(ROOT / "bindings/kotlin/pom.xml", folder)
    copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
    options = ("-DincludeScope=runtime", f"-DoutputDirectory={folder / 'needed'}")
    run("mvn", "--batch-mode", "--quiet", "-f", folder / "pom.xml", copy, *options, cwd=folder)
    (folder / "Check.java").write_text(JAVA)
    return run("java", "-cp", f"{file.resolve()}:{folder / 'needed'}/*", "Check.java", cwd=folder)


def swift(file: Path, folder: Path) -> str:
    """Check the Swift archive as a package that another one depends on."""
    with tarfile.open(file) as archive:
        archive.extractall(folder, filter="data")
    (unpacked,) = folder.glob("sitelift-swift-*")
    package = unpacked.rename(folder / "sitelift")
    for path in package.rglob("*"):
        if path.is_file():
            elf.no_paths(path.name, path.read_bytes())
    elf.check(package / "lib/libsitelift.so", HOST)
    (folder / "Package.swift").write_text(SWIFT_PACKAGE)
    (folder / "Sources/check").mkdir(parents=True)
    (folder / "Sources/check/main.swift").write_text(SWIFT)
    linked = ("-Xlinker", f"-L{package}/lib", "-Xlinker", "-rpath", "-Xlinker", f"{package}/lib")
    return run(ROOT / "bindings/swift/swift.sh", "run", "--quiet", *linked, "check", cwd=folder)


def verdict(file: Path, said: str | None) -> None:
    """End the check where an artifact is not of the version that was built."""
    if said is None:
        print("  NOT RUN: needs qemu-user and Debian's packages of that architecture")
    elif said.strip() != version():
        sys.exit(f"{file.name} says that it is {said.strip()!r}, not {version()}")


def wheels(dist: Path, scratch: Path, triples: list[str]) -> list[Target]:
    """Check the wheels, and return the targets that have none."""
    missing: list[Target] = []
    for target in TARGETS:
        if triples and target.triple not in triples:
            continue
        files = list(dist.glob(f"*{target.tag}*.whl"))
        for file in files:
            print(file.name)
            with tempfile.TemporaryDirectory(dir=scratch) as folder:
                verdict(file, wheel(file, target, Path(folder)))
        if not files:
            missing.append(target)
    return missing


def checksums(dist: Path) -> None:
    """Write the checksums, and print the sizes."""
    sums = []
    for file in sorted(dist.iterdir()):
        if file.name != "SHA256SUMS":
            sums.append(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n")
            print(f"{file.stat().st_size:>12,}  {file.name}")
    (dist / "SHA256SUMS").write_text("".join(sums))


def main(dist: Path, triples: list[str]) -> None:
    """Check all, write the checksums, name what is missing."""
    # Below target, as the chroot that Swift may be in sees the repository only.
    scratch = ROOT / "target/dist-check"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    missing = wheels(dist, scratch, triples)
    for pattern, check in ((f"sitelift-{version()}.jar", jar), ("sitelift-swift-*.tar.gz", swift)):
        (file,) = dist.glob(pattern)
        print(file.name)
        with tempfile.TemporaryDirectory(dir=scratch) as folder:
            verdict(file, check(file, Path(folder)))
    checksums(dist)
    for target in missing:
        print(f"NOT BUILT: {target.triple}. It needs: rustup target add {target.triple}", file=sys.stderr)
    if missing and triples:
        sys.exit(1)


if __name__ == "__main__":
    if len(sys.argv) < 2:  # noqa: PLR2004 (the program and the folder)
        sys.exit(__doc__)
    main(Path(sys.argv[1]).resolve(), sys.argv[2:])
