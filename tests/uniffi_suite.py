"""Runs test scripts written for uniffi's own Python generator against what ours generates.

    python tests/uniffi_suite.py SUITE [-k EXPRESSION] [--modes stock,pure,accelerated] [--json FILE]

SUITE is a folder with a `suite.json`, which lists scripts and the built library that each one needs:

    {"checkout": "…",                where `cargo metadata` finds the libraries' crates and their uniffi.toml
     "scripts": [{"name": "…",       what the table calls it
                  "script": "….py",
                  "library": "….so",
                  "arguments": ["…"],       for the script; `{suite}` stands for SUITE
                  "package": "…",           the package its imports expect the modules in (top level)
                  "interface": "….so",      where the modules come from (the library)
                  "fails_with": "…"}]}      what its error output must have in it (none: it must succeed)

Paths are relative to SUITE. The modules are generated three times over at most: by uniffi's generator (`stock`), and by
ours, run without (`pure`) and with the accelerator (`accelerated`). Exits with 1 when a script passes with stock and
fails with ours; where stock is not run, when any script fails with ours.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ROOT = Path(__file__).resolve().parents[1]
MODES = ("stock", "pure", "accelerated")

PURE_SWITCH = "SITELIFT_PURE_PYTHON"
ACCELERATOR_SWITCH = "UNIFFI_PYTHON_ACCELERATOR"
WITNESS_SWITCH = "UNIFFI_SUITE_WITNESS"

# Python imports this before any script. At the script's end it notes whether the accelerator had been loaded, so that
# a quiet fall-back to pure Python does not pass for an accelerated run.
WITNESS = f"""\
import atexit
import ctypes
import os


def note():
    witness, accelerator = os.environ["{WITNESS_SWITCH}"].split(os.pathsep)
    try:
        ctypes.CDLL(accelerator, mode=os.RTLD_NOLOAD | os.RTLD_LAZY)
    except OSError:
        found = "absent"
    else:
        found = "loaded"
    with open(witness, "w") as file:
        file.write(found)


if "{WITNESS_SWITCH}" in os.environ and hasattr(os, "RTLD_NOLOAD"):
    atexit.register(note)
"""

STOCK_MANIFEST = """\
[package]
name = "stock-bindgen"
version = "0.0.0"
edition = "2021"

[dependencies]
uniffi = {{ version = "={version}", features = ["cli"] }}

[workspace]
"""
STOCK_MAIN = "fn main() {\n    uniffi::uniffi_bindgen_main();\n}\n"

EXCEPTION = re.compile(r"(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:Error|Exception|Interrupt|Exit|Warning)\b.*")


class SetupError(Exception):
    """Something that keeps the suite from being run at all."""


@dataclass(frozen=True)
class Entry:
    """One script of the suite."""

    name: str
    script: Path
    library: Path
    interface: Path
    package: str
    arguments: tuple[str, ...]
    fails_with: str | None


@dataclass(frozen=True)
class Suite:
    """A folder of scripts and libraries."""

    folder: Path
    checkout: Path
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Tools:
    """What the modes need: the generators' command lines, the accelerator, the interpreter."""

    python: Path
    work: Path
    timeout: float
    stock: Path | None = None
    ours: Path | None = None
    accelerator: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """How one script fared in one mode."""

    passed: bool
    seconds: float
    reason: str = ""
    output: str = field(default="", repr=False)

    def cell(self) -> str:
        """Render for the table."""
        return f"{'pass' if self.passed else 'FAIL'} {self.seconds:6.2f} s"


def main() -> int:
    """Build the tools, run the scripts, print the table."""
    arguments = parse_arguments()
    try:
        suite = load_suite(arguments.suite)
        entries = select(suite, arguments.only)
        tools = prepare_tools(arguments)
    except SetupError as error:
        print(f"uniffi_suite: {error}", file=sys.stderr)
        return 2

    results = run_all(suite, entries, arguments.modes, tools, verbose=arguments.verbose)
    print(summary(results, arguments.modes))
    if arguments.json:
        write_json(arguments.json, results)
    return 1 if regressions(results, arguments.modes) else 0


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("suite", type=Path, help="a folder with a suite.json")
    parser.add_argument(
        "-k",
        "--only",
        default="",
        metavar="EXPRESSION",
        help="scripts to run: parts of names, joined by `or`, `and`, `not` as with pytest's -k",
    )
    parser.add_argument("--modes", type=modes, default=MODES, help=f"of {','.join(MODES)} (all)")
    parser.add_argument("--bindgen", type=Path, help="our uniffi-bindgen (built from this repository)")
    parser.add_argument("--stock-bindgen", type=Path, help="uniffi's uniffi-bindgen (built from the version we pin)")
    parser.add_argument("--accelerator", type=Path, help="the accelerator's shared object (built from this repository)")
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="the interpreter (this one)")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "uniffi-suite-work")
    parser.add_argument("--jobs", type=int, help="passed on to cargo")
    parser.add_argument("--timeout", type=float, default=60, help="seconds each script may take (60)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there")
    parser.add_argument("-v", "--verbose", action="store_true", help="show the whole output of scripts that fail")
    return parser.parse_args()


def modes(text: str) -> tuple[str, ...]:
    """Read --modes."""
    chosen = text.split(",")
    if unknown := set(chosen).difference(MODES):
        raise argparse.ArgumentTypeError(f"no such mode: {', '.join(sorted(unknown))}")
    return tuple(mode for mode in MODES if mode in chosen)


def matches(expression: str, name: str) -> bool:
    """Whether a name fits `a and not b or c`, each letter standing for a part of it; everything fits nothing asked."""

    def fits(term: str) -> bool:
        wanted = term.removeprefix("not ").strip()
        return (wanted.lower() in name.lower()) != term.startswith("not ")

    return any(
        all(fits(term.strip()) for term in alternative.split(" and ")) for alternative in expression.split(" or ")
    )


# --- the suite --------------------------------------------------------------------------------------------------------


def load_suite(folder: Path) -> Suite:
    """Read suite.json."""
    folder = folder.resolve()
    try:
        content = json.loads((folder / "suite.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise SetupError(str(error)) from error
    return Suite(folder, folder / content["checkout"], tuple(load_entry(folder, item) for item in content["scripts"]))


def load_entry(folder: Path, item: Mapping[str, Any]) -> Entry:
    """Read one of suite.json's scripts."""
    return Entry(
        name=item["name"],
        script=folder / item["script"],
        library=folder / item["library"],
        interface=folder / item.get("interface", item["library"]),
        package=item.get("package", ""),
        arguments=tuple(argument.replace("{suite}", str(folder)) for argument in item.get("arguments", ())),
        fails_with=item.get("fails_with"),
    )


def select(suite: Suite, expression: str) -> list[Entry]:
    """Choose the entries to run."""
    entries = [entry for entry in suite.entries if matches(expression, entry.name)]
    if not entries:
        raise SetupError(f"no script matches {expression!r}")
    return entries


# --- the tools --------------------------------------------------------------------------------------------------------


def prepare_tools(arguments: argparse.Namespace) -> Tools:
    """Find or build what the chosen modes need."""
    work: Path = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    witness = work / "witness" / "sitecustomize.py"
    witness.parent.mkdir(exist_ok=True)
    witness.write_text(WITNESS, encoding="utf-8")

    def tool(given: Path | None, needed: bool, build: Callable[[Path, int | None], Path]) -> Path | None:
        if not needed:
            return None
        if given is None:
            return build(work, arguments.jobs)
        if not given.exists():
            raise SetupError(f"no such file: {given}")
        return given.resolve()

    chosen = arguments.modes
    return Tools(
        # Not resolved: a virtual environment's interpreter is a link.
        python=arguments.python.absolute(),
        work=work,
        timeout=arguments.timeout,
        stock=tool(arguments.stock_bindgen, "stock" in chosen, build_stock),
        ours=tool(arguments.bindgen, "pure" in chosen or "accelerated" in chosen, build_ours),
        accelerator=tool(arguments.accelerator, "accelerated" in chosen, build_accelerator),
    )


def build_stock(work: Path, jobs: int | None) -> Path:
    """Build uniffi's command line, in the version this repository pins."""
    lock = (ROOT / "Cargo.lock").read_text(encoding="utf-8")
    pinned = re.search(r'^name = "uniffi"\nversion = "(.+)"$', lock, re.MULTILINE)
    if pinned is None:
        raise SetupError("Cargo.lock does not name uniffi")
    crate = work / "stock-bindgen"
    write_if_changed(crate / "Cargo.toml", STOCK_MANIFEST.format(version=pinned[1]))
    write_if_changed(crate / "src" / "main.rs", STOCK_MAIN)
    return cargo(["build", "--release"], crate, work, jobs, "stock-bindgen")


def build_ours(work: Path, jobs: int | None) -> Path:
    """Build this repository's command line."""
    command = ["build", "--release", "--features", "bindgen", "--bin", "uniffi-bindgen"]
    return cargo(command, ROOT, work, jobs, "uniffi-bindgen")


def build_accelerator(work: Path, jobs: int | None) -> Path:
    """Build this repository's accelerator as a shared object."""
    command = ["rustc", "-p", "uniffi-python-accelerator", "--release", "--crate-type", "cdylib"]
    return cargo(command, ROOT, work, jobs, "uniffi_python_accelerator")


def cargo(command: Iterable[str], folder: Path, work: Path, jobs: int | None, target: str) -> Path:
    """Run cargo; the program or shared object it made of a target."""
    print(f"building {target} …", file=sys.stderr)
    full = ["cargo", *command, "--message-format=json-render-diagnostics"]
    full += [f"--jobs={jobs}"] if jobs else []
    # Beside the repository, unless the caller keeps a target folder elsewhere.
    variables = {"CARGO_TARGET_DIR": str(work / "target")} | dict(os.environ)
    done = subprocess.run(full, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupError(f"building {target} failed:\n{done.stderr.strip()}")
    for line in reversed(done.stdout.splitlines()):
        message = json.loads(line)
        if message["reason"] == "compiler-artifact" and message["target"]["name"] == target:
            made = [message["executable"], *message["filenames"]]
            return next(Path(file) for file in made if file and Path(file).suffix not in {".rlib", ".rmeta"})
    raise SetupError(f"cargo made no {target}")


def write_if_changed(path: Path, content: str) -> None:
    """Write a file, but leave one that is the same alone, so that cargo builds nothing anew."""
    if path.exists() and path.read_text(encoding="utf-8") == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


# --- running ----------------------------------------------------------------------------------------------------------


def run_all(
    suite: Suite, entries: list[Entry], chosen: tuple[str, ...], tools: Tools, *, verbose: bool
) -> dict[str, dict[str, Outcome]]:
    """Run every script in every mode, and print each row of the table when it is complete."""
    width = max(len(entry.name) for entry in entries)
    print(" | ".join([f"{'script':{width}}", *(f"{mode:13}" for mode in chosen)]).rstrip())
    generated: dict[tuple[Path, str, bool], Outcome] = {}
    results: dict[str, dict[str, Outcome]] = {}
    for entry in entries:
        row = results[entry.name] = {mode: run(suite, entry, mode, tools, generated) for mode in chosen}
        print(" | ".join([f"{entry.name:{width}}", *(row[mode].cell() for mode in chosen)]))
        for mode, outcome in row.items():
            if not outcome.passed:
                print(f"    {mode}: {outcome.reason}")
                if verbose:
                    print("\n".join(f"    | {line}" for line in outcome.output.splitlines()))
        sys.stdout.flush()
    return results


def run(
    suite: Suite, entry: Entry, mode: str, tools: Tools, generated: dict[tuple[Path, str, bool], Outcome]
) -> Outcome:
    """Generate an entry's modules unless that is done, and run its script in one mode."""
    is_stock = mode == "stock"
    folder = tools.work / "generated" / ("stock" if is_stock else "ours") / slug(suite, entry)
    key = (entry.library, entry.package, is_stock)
    if key not in generated:
        generator = tools.stock if is_stock else tools.ours
        assert generator is not None
        generated[key] = generate(generator, suite, entry, folder, tools.timeout)
    if not generated[key].passed:
        return generated[key]
    return run_script(entry, mode, folder, tools)


def slug(suite: Suite, entry: Entry) -> str:
    """Name the folder for the modules of an entry's library."""
    library = entry.library.relative_to(suite.folder).with_suffix("")
    return re.sub(r"[^\w.-]+", "-", str(library)) + ("-" + entry.package if entry.package else "")


def generate(generator: Path, suite: Suite, entry: Entry, folder: Path, timeout: float) -> Outcome:
    """Put a library and the modules generated from it into a new folder, where scripts import them from."""
    shutil.rmtree(folder, ignore_errors=True)
    modules = folder / entry.package
    modules.mkdir(parents=True)
    if entry.package:
        (modules / "__init__.py").touch()
    shutil.copy2(entry.library, modules)
    command: list[str | Path] = [generator, "generate", "--language", "python", "--no-format", "--out-dir", modules]
    # There `cargo metadata` is asked for the crates' folders, where their uniffi.toml stand.
    outcome = execute([*command, entry.interface], suite.checkout, dict(os.environ), timeout)
    if outcome.passed:
        return outcome
    return Outcome(passed=False, seconds=outcome.seconds, reason=f"generating: {outcome.reason}", output=outcome.output)


def run_script(entry: Entry, mode: str, folder: Path, tools: Tools) -> Outcome:
    """Run a script beside its generated modules."""
    witness = folder / f"witness-{mode}"
    witness.unlink(missing_ok=True)
    outcome = execute(
        [tools.python, entry.script, *entry.arguments], folder, environment(mode, folder, witness, tools), tools.timeout
    )
    if entry.fails_with is not None:
        outcome = turned(outcome, entry.fails_with)
    if not outcome.passed or not witness.exists():
        return outcome
    loaded = witness.read_text(encoding="utf-8") == "loaded"
    if loaded == (mode == "accelerated") or entry.fails_with is not None:
        return outcome
    reason = f"passed, but the accelerator was {'' if loaded else 'not '}loaded"
    return Outcome(passed=False, seconds=outcome.seconds, reason=reason, output=outcome.output)


def environment(mode: str, folder: Path, witness: Path, tools: Tools) -> dict[str, str]:
    """Choose the environment a mode's scripts see."""
    variables = {name: value for name, value in os.environ.items() if name not in {PURE_SWITCH, ACCELERATOR_SWITCH}}
    search = [str(folder), str(tools.work / "witness"), *filter(None, [os.environ.get("PYTHONPATH")])]
    variables["PYTHONPATH"] = os.pathsep.join(search)
    variables["PYTHONIOENCODING"] = "utf-8"
    if tools.accelerator is not None:
        variables[WITNESS_SWITCH] = os.pathsep.join([str(witness), str(tools.accelerator)])
    if mode == "pure":
        variables[PURE_SWITCH] = "1"
    elif mode == "accelerated":
        variables[ACCELERATOR_SWITCH] = str(tools.accelerator)
    return variables


def execute(command: list[str | Path], folder: Path, variables: dict[str, str], timeout: float) -> Outcome:
    """Run a command to its end or the end of its time."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        # A file, not a pipe: what a killed command leaves running must not be waited for.
        with subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            # Without backtraces: they bury what is wrong, and take their time.
            env=variables | {"RUST_BACKTRACE": "0"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process:
            try:
                code: int | None = process.wait(timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                code = None
        seconds = time.perf_counter() - start
        output.seek(0)
        text = output.read()
    return Outcome(code == 0, seconds, "" if code == 0 else reason_of(code, text, timeout), text)


def reason_of(code: int | None, output: str, timeout: float) -> str:
    """Say in a line why a command failed."""
    if code is None:
        return f"still running after {timeout:.0f} s"
    lines = [line for line in output.splitlines() if line.strip()]
    if code < 0:
        return f"killed by {signal.Signals(-code).name}" + (f" ({lines[-1]})" if lines else "")
    # unittest ends with a count, and says what is wrong above it.
    raised = [line for line in lines if EXCEPTION.fullmatch(line)]
    last = lines[-1] if lines else f"exit code {code}"
    if not raised:
        return last
    return raised[-1] if raised[-1] == last or not last.startswith("FAILED") else f"{raised[-1]}  [{last}]"


def turned(outcome: Outcome, expected: str) -> Outcome:
    """Judge a script that must fail in a certain way."""
    if not outcome.passed and expected in outcome.output:
        return Outcome(passed=True, seconds=outcome.seconds, output=outcome.output)
    reason = f"expected to fail with: {expected}" + (f"; {outcome.reason}" if outcome.reason else "")
    return Outcome(passed=False, seconds=outcome.seconds, reason=reason, output=outcome.output)


# --- the verdict ------------------------------------------------------------------------------------------------------


def regressions(results: Mapping[str, Mapping[str, Outcome]], chosen: Iterable[str]) -> list[str]:
    """List what passes with stock and fails with ours; where stock was not run, it is taken to pass."""
    ours = [mode for mode in chosen if mode != "stock"]
    return [
        f"{mode}: {name}"
        for name, row in results.items()
        for mode in ours
        if not row[mode].passed and ("stock" not in row or row["stock"].passed)
    ]


def summary(results: Mapping[str, Mapping[str, Outcome]], chosen: Iterable[str]) -> str:
    """Count, and name the regressions."""
    lines = [""]
    for mode in chosen:
        outcomes = [row[mode] for row in results.values()]
        passed = sum(outcome.passed for outcome in outcomes)
        seconds = sum(outcome.seconds for outcome in outcomes)
        lines.append(f"{mode}: {passed} of {len(outcomes)} pass, {seconds:.1f} s")
    worse = regressions(results, chosen)
    lines += ["", f"{len(worse)} worse than stock" + (":" if worse else "")]
    lines += [f"    {entry}" for entry in worse]
    return "\n".join(lines)


def write_json(path: Path, results: Mapping[str, Mapping[str, Outcome]]) -> None:
    """Write the results for other programs."""
    content = [
        {"script": name, "modes": {mode: asdict(outcome) for mode, outcome in row.items()}}
        for name, row in results.items()
    ]
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
