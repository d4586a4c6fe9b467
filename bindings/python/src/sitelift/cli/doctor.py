"""`sitelift doctor`: what is installed, whether it works, and what a call costs."""

from __future__ import annotations

import platform
import statistics
import time
import timeit
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sitelift import Site, __version__, interop
from sitelift._ffi import sitelift as generated
from sitelift.cli.output import destination, json_text
from sitelift.cli.terminal import printable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

_EXPORTED = "uniffi_sitelift_fn_"

_CALLS = 100
_REPEATS = 9

_HTML = '<html lang="en"><title>Doctor</title><link rel="canonical" href="/well"><h1>All is well</h1>'


@dataclass(frozen=True)
class Check:
    """What a self-check found."""

    name: str
    ok: bool
    detail: str


def run(arguments: argparse.Namespace) -> int:
    """Write what was found and return the exit status."""
    report = _examine()
    with destination(None) as out:
        out.write(json_text(report) + "\n" if arguments.json else _readable(report))
    return 0 if report["ok"] else 1


def _examine() -> dict[str, Any]:
    library = Path(generated._library._name)  # noqa: SLF001 (the one place that knows)
    symbols = sorted(generated._symbols())  # noqa: SLF001
    checks = [_check("lift", _lifts), _check("hello_there", _says_hello)]
    return {
        "sitelift": __version__,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": platform.platform(),
        "bindings": generated._uniffi_mode,  # noqa: SLF001
        "library": {"path": str(library), "bytes": library.stat().st_size},
        "functions": [name.removeprefix(_EXPORTED) for name in symbols if name.startswith(_EXPORTED)],
        "other_symbols": [name for name in symbols if not name.startswith(_EXPORTED)],
        "call_ns": _call_costs(),
        "checks": [asdict(check) for check in checks],
        "ok": all(check.ok for check in checks),
    }


def _readable(report: dict[str, Any]) -> str:
    size = report["library"]["bytes"] / (1 << 20)
    lines = [
        f"sitelift  {report['sitelift']}",
        f"python    {report['python']}",
        f"platform  {report['platform']}",
        f"bindings  {report['bindings']}",
        f"library   {report['library']['path']} ({size:.1f} MiB)",
        "",
    ]
    for title, key in (("functions", "functions"), ("other symbols", "other_symbols")):
        lines += [f"{title}: {len(report[key])}", *(f"  {name}" for name in report[key]), ""]
    lines += [
        "cost of a call (median)",
        *(f"  {name:<12} {ns:>9,.0f} ns" for name, ns in report["call_ns"].items()),
        "",
    ]
    lines += [
        "checks",
        *(f"  {'ok  ' if c['ok'] else 'FAIL'}  {c['name']}: {c['detail']}" for c in report["checks"]),
    ]
    return "".join(f"{printable(line)}\n" for line in lines)


def _call_costs() -> dict[str, float]:
    """Return the median of several repeats, in nanoseconds a call, by function."""
    record = interop.TestData(data="test", len=4)
    calls = {"add": "add(1, 2)", "greet": "greet('world')", "hello_there": "hello_there(record)"}
    names = vars(interop) | {"record": record}
    return {
        name: statistics.median(
            timeit.repeat(call, number=_CALLS, repeat=_REPEATS, timer=time.perf_counter_ns, globals=names)
        )
        / _CALLS
        for name, call in calls.items()
    }


def _check(name: str, examine: Callable[[], tuple[object, object]]) -> Check:
    """Compare what a check found with what it expects; whatever it raises is its result too."""
    try:
        found, expected = examine()
    except Exception as error:  # noqa: BLE001
        return Check(name, ok=False, detail=f"{type(error).__name__}: {error}")
    if found == expected:
        return Check(name, ok=True, detail=repr(found))
    return Check(name, ok=False, detail=f"{found!r} instead of {expected!r}")


def _lifts() -> tuple[object, object]:
    site = Site.from_html(_HTML, base_url="https://example.com/")
    found = (site.title, site.lang, site.canonical_url, [heading.text for heading in site.headings])
    return found, ("Doctor", "en", "https://example.com/well", ["All is well"])


def _says_hello() -> tuple[object, object]:
    given = interop.TestData(data="test", len=4)
    answer = interop.hello_there(given)
    expected = ("Hello there from Rust code 'test';", 34, "test", 4)
    return (answer.data, answer.len, given.data, given.len), expected
