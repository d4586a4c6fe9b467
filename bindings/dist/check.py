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

import library
import windows
from running import python, run, smoke
from targets import HOST, ROOT, TARGETS, Target, version

USERS = ROOT / "bindings/dist/users"


def unpack(file: Path, folder: Path) -> Path:
    """Unpack an archive in which no file tells paths of the machine that built it."""
    unpacked = folder / "unpacked"
    with zipfile.ZipFile(file) as archive:
        archive.extractall(unpacked)
        for name in archive.namelist():
            library.no_paths(name, archive.read(name))
    return unpacked


def wheel(file: Path, target: Target, folder: Path) -> str | None:
    """Check a wheel, put its bill of materials beside it; return the version that it tells, if it can be run here."""
    unpacked = unpack(file, folder)
    for bill in unpacked.rglob("*.cyclonedx.json"):
        shutil.copy(bill, file.parent / f"{file.stem}.cyclonedx.json")
    (native,) = unpacked.glob(f"sitelift/_ffi/{target.library}")
    library.check(native, target)
    code = USERS / "check.py"
    if target == HOST:
        venv.create(folder / "venv", with_pip=True)
        program = folder / "venv/bin/python"
        # Reads RECORD, and so all checksums in it.
        run(program, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", file.resolve(), cwd=folder)
        return run(program, "-I", code, cwd=folder)
    if target.system == "windows":
        return windows.python(file.resolve(), code, folder)
    if target.system == "darwin":
        return None
    if target.musl:
        smoke(target, native, folder)
        return None
    return python(target, code, unpacked, folder)


def jar(file: Path, folder: Path) -> str:
    """Check the JAR and the libraries in it, from Java and with what its POM says it depends on."""
    unpacked = unpack(file, folder)
    shutil.copy(file.with_suffix(".pom"), folder / "pom.xml")
    copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
    options = ("-DincludeScope=runtime", f"-DoutputDirectory={folder / 'needed'}")
    run("mvn", "--batch-mode", "--quiet", "-f", folder / "pom.xml", copy, *options, cwd=folder)
    classes = (file.resolve(), folder / "needed/*", folder)
    joined = ":".join(map(str, classes))
    run("javac", "--release", "17", "-cp", joined, "-d", folder, USERS / "Check.java", cwd=folder)
    for target in TARGETS:
        if not target.jna or not any(file.parent.glob(f"*{target.tag}*.whl")):
            continue
        native = unpacked / target.jna / target.library
        if not native.exists():
            sys.exit(f"{file.name} has no {target.jna}/{target.library}, though the wheel was built")
        library.check(native, target)
        if target == HOST:
            continue
        if target.system == "linux":
            smoke(target, native, folder)
        said = windows.java(classes, "Check", folder) if target.system == "windows" else None
        verdict(file, said, target, "Java")
    return run("java", "-cp", joined, "Check", cwd=folder)


def swift(file: Path, target: Target, folder: Path) -> str | None:
    """Check the Swift archive as a package that another one depends on."""
    with tarfile.open(file) as archive:
        archive.extractall(folder, filter="data")
    package = folder / "sitelift"
    for path in package.rglob("*"):
        if path.is_file():
            library.no_paths(path.name, path.read_bytes())
    library.check(package / "lib/libsitelift.so", target)
    if target != HOST:
        return None
    shutil.copytree(USERS / "swift", folder, dirs_exist_ok=True)
    linked = ("-Xlinker", f"-L{package}/lib", "-Xlinker", "-rpath", "-Xlinker", f"{package}/lib")
    return run(ROOT / "bindings/swift/swift.sh", "run", "--quiet", *linked, "check", cwd=folder)


def needed(target: Target, language: str) -> str:
    """Return what it takes to run an artifact."""
    if target.system == "darwin":
        return "a Mac; .github/workflows/release.yml runs it there"
    if target.system == "windows":
        return "Wine for 64 bits (Debian: wine64)"
    if target.musl or language != "Python":
        return f"{language} for {target.triple}"
    return "qemu-user and Debian's packages of that architecture"


def verdict(file: Path, said: str | None, target: Target, language: str) -> None:
    """Tell how an artifact ran, and end the check where it is not of the version that was built."""
    if said is None:
        print(f"  NOT RUN in {language}: needs {needed(target, language)}")
    elif said.strip() != version():
        sys.exit(f"{file.name} says that it is {said.strip()!r}, not {version()}")
    else:
        print(f"  ran in {language}, {target.triple}")


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
                verdict(file, wheel(file, target, Path(folder)), target, "Python")
        if not files:
            missing.append(target)
    return missing


def swifts(dist: Path, scratch: Path) -> None:
    """Check the Swift archives, that of this machine among them."""
    for target in TARGETS:
        file = dist / f"sitelift-swift-{version()}-linux-{target.machine}.tar.gz"
        if target.glibc and (target == HOST or file.exists()):
            print(file.name)
            with tempfile.TemporaryDirectory(dir=scratch) as folder:
                verdict(file, swift(file, target, Path(folder)), target, "Swift")


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
    file = dist / f"sitelift-{version()}.jar"
    print(file.name)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        verdict(file, jar(file, Path(folder)), HOST, "Java")
    swifts(dist, scratch)
    checksums(dist)
    for target in missing:
        print(f"NOT BUILT: {target.triple}. It needs: rustup target add {target.triple}", file=sys.stderr)
    if missing and triples:
        sys.exit(1)


if __name__ == "__main__":
    if len(sys.argv) < 2:  # noqa: PLR2004 (the program and the folder)
        sys.exit(__doc__)
    main(Path(sys.argv[1]).resolve(), sys.argv[2:])
