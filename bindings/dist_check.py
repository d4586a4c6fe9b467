"""Check what `make dist` built as its users get it: each from an empty folder, without the repository.

python bindings/dist_check.py DIST
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GLIBC = (2, 17)
# Ours, and what every shared library has.
EXPORTS = re.compile(r"^(uniffi_|ffi_sitelift_|UNIFFI_META_|rust_eh_personality$|_init$|_fini$)")

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


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a program to its good end and return what it printed."""
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def library(file: Path) -> None:
    """Check a shared library: the C library it needs, what it exports, no path of the machine that built it."""
    symbols = run("objdump", "-T", file, cwd=file.parent)
    needed = {tuple(map(int, version.split("."))) for version in re.findall(r"GLIBC_([\d.]+)", symbols)}
    if max(needed) > (*GLIBC, 99):
        sys.exit(f"{file.name} needs glibc {max(needed)}, not {GLIBC}")
    exported = run("nm", "-D", "--defined-only", "--format=just-symbols", file, cwd=file.parent).split()
    strange = [name for name in exported if not EXPORTS.match(name)]
    if strange:
        sys.exit(f"{file.name} exports {strange[:10]}")
    paths = re.findall(rb"(?:/root|/home|/work|/tmp|/Users)/[\x21-\x7e]{3,80}", file.read_bytes())
    if paths:
        sys.exit(f"{file.name} has paths in it: {sorted(set(paths))[:10]}")
    oldest = ".".join(map(str, max(needed)))
    print(f"  {file.name}: {file.stat().st_size:,} bytes, {len(exported)} exports, glibc {oldest}")


def wheel(file: Path, folder: Path) -> str:
    """Check the wheel, and put its bill of materials beside it."""
    with zipfile.ZipFile(file) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".so"))
        library(Path(archive.extract(name, folder / "unpacked")))
        for sbom in (name for name in archive.namelist() if name.endswith(".cyclonedx.json")):
            (file.parent / Path(sbom).name).write_bytes(archive.read(sbom))
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv/bin/python"
    run(python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", file.resolve(), cwd=folder)
    return run(python, "-I", "-c", PYTHON, cwd=folder)


def jar(file: Path, folder: Path) -> str:
    """Check the JAR, from Java and with what it depends on."""
    with zipfile.ZipFile(file) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".so"))
        library(Path(archive.extract(name, folder / "unpacked")))
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
    library(package / "lib/libsitelift.so")
    (folder / "Package.swift").write_text(SWIFT_PACKAGE)
    (folder / "Sources/check").mkdir(parents=True)
    (folder / "Sources/check/main.swift").write_text(SWIFT)
    linked = ("-Xlinker", f"-L{package}/lib", "-Xlinker", "-rpath", "-Xlinker", f"{package}/lib")
    return run(ROOT / "bindings/swift/swift.sh", "run", "--quiet", *linked, "check", cwd=folder)


def main(dist: Path) -> None:
    """Check all, and write the checksums."""
    version = run("sed", "-n", r's/^version = "\(.*\)"/\1/p', "Cargo.toml", cwd=ROOT).split()[0]
    checks = {"*.whl": wheel, f"sitelift-{version}.jar": jar, "sitelift-swift-*.tar.gz": swift}
    # Below target, as the chroot that Swift may be in sees the repository only.
    scratch = ROOT / "target/dist-check"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    for pattern, check in checks.items():
        (file,) = dist.glob(pattern)
        print(file.name)
        with tempfile.TemporaryDirectory(dir=scratch) as folder:
            said = check(file, Path(folder)).strip()
        if said != version:
            sys.exit(f"{file.name} says that it is {said!r}, not {version}")
    sums = []
    for file in sorted(dist.iterdir()):
        if file.name != "SHA256SUMS":
            sums.append(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n")
            print(f"{file.stat().st_size:>12,}  {file.name}")
    (dist / "SHA256SUMS").write_text("".join(sums))


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 (the program and the folder)
        sys.exit(__doc__)
    main(Path(sys.argv[1]).resolve())
