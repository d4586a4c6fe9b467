"""The command line, run as users run it."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import http.server
import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from helpers import until

import sitelift
from sitelift import FetchOptions
from sitelift.cli.arguments import parse_arguments
from sitelift.cli.fetching import fetching_options
from sitelift.cli.terminal import printable, printable_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Server

WINDOWS = sys.platform == "win32"
if not WINDOWS:
    import fcntl
    import pty
    import struct
    import termios

COMMAND = [sys.executable, "-m", "sitelift"]
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    # What would change a screen; and a standard output without a buffer hides what is left in it.
    if name not in {"COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "PYTHONUNBUFFERED", "PYTHONIOENCODING"}
} | {"TERM": "xterm-256color"}
FLAT = [
    "url",
    "final_url",
    "status",
    "title",
    "description",
    "canonical_url",
    "lang",
    "charset",
    "image",
    "favicon",
    "site_name",
    "author",
    "published_at",
    "modified_at",
    "error",
]

HOSTILE_TITLE = "a\x1b[31mb\x1b]0;own\x07\x9b2Jc\u202ed\u2066e\x7f [red]f[/red] [/] :smile: =1+1"
# What may not reach a terminal: all controls but those that the table's own colours and line ends need.
HOSTILE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

terminal_only = pytest.mark.skipif(WINDOWS, reason="Windows has no pty")


class Outcome:
    """How a run ended."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code = code
        self.out = out.decode()
        self.err = err.decode()
        assert "Traceback" not in self.err, self.err

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def one_line(self) -> str:
        """Return the message of a run that could not do its work."""
        assert self.code == 2, (self.code, self.out, self.err)
        assert self.out == ""
        assert self.err.startswith("sitelift: ")
        assert self.err.count("\n") == 1
        assert self.err.endswith("\n")
        return self.err.strip()


def run(*arguments: str | Path, stdin: bytes = b"", **more: Any) -> Outcome:
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        timeout=30,
        check=False,
        env=ENVIRONMENT | more.pop("env", {}),
        **more,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def get(*arguments: str | Path, **more: Any) -> Outcome:
    return run("get", "--allow-private", *arguments, **more)


def on_terminal(*arguments: str | Path, columns: int = 160, stdin: bytes = b"", outside: str = "") -> Outcome:
    """Run under a pseudo-terminal, all but the stream that `outside` names, and return the screen as `out`.

    What the stream outside was given is `err`.
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE if outside == "stdout" else slave,
        stderr=subprocess.PIPE if outside == "stderr" else slave,
        env=ENVIRONMENT,
    ) as process:
        os.close(slave)
        assert process.stdin is not None
        process.stdin.write(stdin)
        process.stdin.close()
        screen = b""
        # Linux says EIO where others say end of file.
        with contextlib.suppress(OSError):
            while chunk := os.read(master, 65536):
                screen += chunk
        os.close(master)
        piped = process.stdout or process.stderr
        rest = piped.read() if piped else b""
        process.wait(timeout=30)
    return Outcome(process.returncode, screen, rest)


def plain_screen(screen: str) -> str:
    """Return the text without the colours and cursor movements of rich."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen)


@pytest.fixture(scope="module")
def hostile() -> Iterator[str]:
    """A page whose texts try to command the terminal."""
    page = f"<title>{HOSTILE_TITLE}</title><p class=p>x\x1by\u202ez</p>".encode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}/"
        served.shutdown()
        thread.join()


# Formats and fields


def test_json_lines_are_the_default_for_a_pipe(server: Server) -> None:
    urls = [f"{server.url}/n/{i}" for i in range(3)]
    outcome = get(*urls)
    assert outcome.code == 0
    assert [record["url"] for record in outcome.records] == urls
    assert all(record["status"] == 200 for record in outcome.records)
    names = list(outcome.records[0])
    assert names == [name for name in sitelift.Site().to_dict() if name not in {"body", "headers"}]
    assert re.fullmatch(r"3 pages in \d+\.\d s: 3 ok, 0 failed\n", outcome.err)


def test_a_record_is_what_the_library_returns(server: Server, tmp_path: Path) -> None:
    page = next(name for name in server.pages if name.endswith(".html"))
    with sitelift.Client(allow_private_networks=True) as client:
        body = client.fetch(f"{server.url}/pages/{page}").body
    assert body
    (tmp_path / "page.html").write_bytes(body.encode())
    # To ask for a field is to ask for its part.
    site = sitelift.Site.from_html(
        body.encode(), base_url="https://example.com/a/", select={"p": "p"}, parts=list(sitelift.Part)
    )
    every = ",".join(site.to_dict())
    common = (
        tmp_path / "page.html",
        "--base-url",
        "https://example.com/a/",
        "--select",
        "p=p",
        "--fields",
        every,
    )
    assert run("parse", *common).records == [site.to_dict()]
    assert run("parse", *common, "--format", "jsonl").records == [site.to_dict()]


def test_json_is_one_array(server: Server, tmp_path: Path) -> None:
    urls = [f"{server.url}/n/{i}" for i in range(3)]
    path = tmp_path / "pages.json"
    outcome = get(*urls, "-o", path, "--quiet")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert [record["url"] for record in json.loads(path.read_text("utf-8"))] == urls
    assert json.loads(get(*urls, "--format", "json").out)[2]["url"] == urls[2]


def test_csv_survives_the_round_trip(server: Server, tmp_path: Path) -> None:
    urls = [f"{server.url}/n/{i}" for i in range(8)] + [f"{server.url}/reset"]
    path = tmp_path / "PAGES.CSV"
    fields = "url,title,description,links,status,body_truncated,body,error"
    outcome = get(*urls, "-o", path, "--fields", fields)
    assert outcome.code == 1
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    with sitelift.Client(allow_private_networks=True) as client:
        sites = client.fetch_all(urls)
    for row, site in zip(rows, sites, strict=True):
        assert list(row) == fields.split(",")
        assert row["url"] == site.url
        assert row["title"] == (site.title or "")
        assert row["description"] == (site.description or "")
        assert row["body"] == (site.body or "")
        assert json.loads(row["links"]) == site.to_dict()["links"]
        assert row["status"] == ("" if site.status is None else str(site.status))
        assert row["body_truncated"] == "false"
    assert json.loads(rows[-1]["error"])["kind"] == "connection_lost"
    raw = path.read_bytes()
    assert raw.startswith(fields.encode() + b"\r\n")
    assert raw.endswith(b"\r\n")


def test_csv_has_flat_columns_and_keeps_values_faithful(hostile: str) -> None:
    outcome = get(hostile, "--format", "csv", "--select", "p=.p", "--select", "none=.none")
    (row,) = csv.DictReader(io.StringIO(outcome.out, newline=""))
    assert list(row) == [*FLAT, "selected.p", "selected.none"]
    assert row["title"] == HOSTILE_TITLE
    assert json.loads(row["selected.p"]) == ["x\x1by\u202ez"]
    assert row["selected.none"] == "[]"


def test_csv_alters_no_value_that_looks_like_a_formula(tmp_path: Path) -> None:
    html = '<title>=HYPERLINK("http://x","y"),\u2028z</title><meta name=author content="@a">'
    outcome = run("parse", "--format", "csv", "--fields", "title,author", stdin=html.encode())
    title = sitelift.Site.from_html(html).title
    assert list(csv.reader(io.StringIO(outcome.out, newline=""))) == [["title", "author"], [title, "@a"]]
    assert '"=HYPERLINK(""http://x"",""y""),' in outcome.out


def test_fields_are_written_in_the_order_asked_for(server: Server) -> None:
    url = f"{server.url}/n/0"
    outcome = get(url, "--fields", "status, url,headers,body,status")
    (record,) = outcome.records
    assert list(record) == ["status", "url", "headers", "body"]
    assert record["headers"][0].keys() == {"name", "value"}
    assert record["body"]


def test_what_is_asked_for_is_computed(server: Server) -> None:
    page = f"{server.url}/pages/choir-en.html"
    (record,) = get(page, "--fields", "title,links,page_kind").records
    assert (record["title"], record["page_kind"]) == ("The night the boiler sang", "article")
    assert len(record["links"]) == 7


def test_selected_values_come_in_the_order_of_the_rules(server: Server) -> None:
    rules = ("--select", "z=title", "--select", "a=a::attr(href)", "--select", "m=[no=such]")
    page = f"{server.url}/n/0"
    whole = get(page, *rules).records[0]
    assert list(whole["selected"]) == ["z", "a", "m"]
    assert whole["selected"]["z"]
    assert whole["selected"]["m"] == []
    assert list(get(page, *rules, "--fields", "selected").records[0]) == ["selected"]
    assert list(get(page, *rules, "--fields", "url").records[0]) == ["url", "selected"]
    rows = csv.reader(io.StringIO(get(page, *rules, "--fields", "selected,url", "--format", "csv").out))
    assert next(rows) == ["selected.z", "selected.a", "selected.m", "url"]
    assert json.loads(next(rows)[0]) == whole["selected"]["z"]


def test_a_table_can_be_piped(server: Server) -> None:
    outcome = get(f"{server.url}/n/0", f"{server.url}/status/404", "--format", "table", env={"COLUMNS": "200"})
    assert "\x1b" not in outcome.out
    assert [name for name in ("status", "title", "url", "site_name", "error") if name not in outcome.out] == []
    assert f"{server.url}/status/404" in outcome.out
    assert "404" in outcome.out


def test_output_does_not_depend_on_the_locale(server: Server) -> None:
    outcome = run(
        "parse",
        "--fields",
        "title",
        stdin="<meta charset=utf-8><title>Grüße 漢字 🎈</title>".encode(),
        env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
    )
    assert outcome.records == [{"title": "Grüße 漢字 🎈"}]
    assert "漢字" in outcome.out


# Where the URLs come from


def test_urls_from_a_file_and_from_arguments(server: Server, tmp_path: Path) -> None:
    urls = [f"{server.url}/n/{i}" for i in range(4)]
    path = tmp_path / "urls.txt"
    path.write_bytes(f"\ufeff{urls[2]}\r\n\r\n   \n# {server.url}/n/9\n  {urls[3]} ".encode())
    outcome = get(urls[0], "-i", path, "-c", "2", urls[1], "--fields", "url")
    assert [record["url"] for record in outcome.records] == urls


def test_urls_from_standard_input(server: Server) -> None:
    outcome = get("-i", "-", "--fields", "url", stdin=f"{server.url}/n/1\n{server.url}/n/2\n".encode())
    assert outcome.code == 0
    assert [record["url"] for record in outcome.records] == [f"{server.url}/n/1", f"{server.url}/n/2"]


# Options of fetching


def test_headers_and_user_agent_are_sent(server: Server) -> None:
    headers = ("--header", "X-One: a:b", "--header", "x-two:2")
    outcome = get(f"{server.url}/echo", "--user-agent", "mine/1", *headers, "--fields", "body")
    sent = dict(json.loads(outcome.records[0]["body"])["headers"])
    assert (sent["user-agent"], sent["x-one"], sent["x-two"]) == ("mine/1", "a:b", "2")


def test_limits_are_obeyed(server: Server) -> None:
    big = get(f"{server.url}/body?size=100000", "--max-body", "2K", "--fields", "body_size,body_truncated")
    assert big.records == [{"body_size": 2048, "body_truncated": True}]
    slow = get(f"{server.url}/stall-headers", "--timeout", "0.2", "--fields", "error")
    assert slow.code == 1
    assert slow.records[0]["error"]["kind"] == "timeout"
    server.stats(reset=True)
    assert get(*(f"{server.url}/n/{i}?latency=50" for i in range(6)), "-c", "2").code == 0
    assert server.stats()["max_in_flight"] == 2


def test_private_addresses_and_bad_certificates_are_refused_unless_allowed(server: Server) -> None:
    refused = run("get", f"{server.url}/n/0", "--fields", "error")
    assert refused.code == 1
    assert refused.records[0]["error"]["kind"] == "address_not_allowed"
    url = f"{server.https_url}/n/0"
    untrusted = get(url, "--fields", "error")
    assert (untrusted.code, untrusted.records[0]["error"]["kind"]) == (1, "tls")
    assert get(url, "--insecure").code == 0


# Exit status


def test_a_failed_page_is_a_record_and_status_1(server: Server) -> None:
    urls = [f"{server.url}/redirect-loop", f"{server.url}/n/0", f"{server.url}/status/404", "no url"]
    outcome = get(*urls, "--fields", "url,status,error")
    assert outcome.code == 1
    assert [record["url"] for record in outcome.records] == urls
    assert [(record["error"] or {}).get("kind") for record in outcome.records] == [
        "too_many_redirects",
        None,
        None,
        "invalid_url",
    ]
    assert re.fullmatch(r"4 pages in \d+\.\d s: 2 ok, 2 failed\n", outcome.err)
    assert get(f"{server.url}/status/404").code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("get",), "no URL given"),
        (("get", "-i", "-"), "no URL in standard input"),
        (("get", "-i", "no/such/file"), "cannot read no/such/file: No such file"),
        (("get", "-i", "."), "cannot read .: "),
        (
            ("get", "http://x/", "--fields", "url,titel,colour"),
            "no field 'titel', 'colour'; there are url, final_url",
        ),
        (("get", "http://x/", "--fields", ""), "no field ''"),
        (("get", "http://x/", "--select", "price"), "'price' is not of the form NAME=CSS"),
        (("get", "http://x/", "--select", "=p"), "NAME=CSS"),
        (("get", "http://x/", "--select", "a=p", "--select", "a=b"), "'a' is given twice"),
        (("get", "http://x/", "--select", "a=[[["), 'the rule "a" is not a valid CSS selector'),
        (("get", "http://x/", "--header", "nothing"), "not of the form 'Name: value'"),
        (("get", "http://x/", "--header", "A: 1", "--header", "a: 2"), "'a' is given twice"),
        (("get", "http://x/", "--header", "a b: 1"), "not a header name"),
        (("get", "http://x/", "--header", "Host: x"), "set by the connection itself"),
        (("get", "http://x/", "--header", "a: b\nc: d"), "headers: "),
        (("get", "http://x/", "-c", "0"), "concurrency: 0 is not between 1 and 10000"),
        (("get", "http://x/", "-c", "-1"), "'-1' is not a whole number"),
        (("get", "http://x/", "-c", "9" * 30), "is not a whole number"),
        (("get", "http://x/", "--timeout", "soon"), "invalid float value: 'soon'"),
        (("get", "http://x/", "--timeout", "nan"), "timeout: NaN is not a number of seconds"),
        (("get", "http://x/", "--max-body", "10t"), "'10t' is not a number of bytes"),
        (("get", "http://x/", "--max-body", "10g"), "max_body_bytes: 10737418240 is not between"),
        (("get", "http://x/", "--resolve", "here"), "'here' is not of the form HOST=ADDRESS"),
        (("get", "http://x/", "--resolve", "a=127.0.0.1", "--resolve", "A=127.0.0.1"), "'a' is given twice"),
        (("get", "http://x/", "--resolve", "a=b"), "resolve: "),
        (("get", "http://x/", "--accept", "html"), "accept_types: "),
        (("get", "http://x/", "--max-redirects", "51"), "max_redirects: 51 is not between"),
        (("get", "http://x/", "--max-body", "0"), "max_body_bytes: 0 is not between"),
        (("get", "http://x/", "--format", "xml"), "invalid choice: 'xml'"),
        (("get", "http://x/", "-o", "pages.txt"), "-o pages.txt: the suffix '.txt' names no format"),
        (("get", "http://x/", "-o", "pages"), "the name has no suffix"),
        (
            ("get", "http://x/", "-o", "no/such/directory/x.jsonl"),
            "cannot write no/such/directory/x.jsonl: No such",
        ),
        (("get", "http://x/", "--form", "csv"), "unrecognized arguments: --form csv"),
        (("get", "http://x/", "--no-such-option"), "unrecognized arguments: --no-such-option"),
        (("parse", "no/such/file"), "cannot read no/such/file: No such file"),
        (("parse", "a", "b"), "unrecognized arguments: b"),
        (("parse", "--base-url", "nonsense"), 'base_url: "nonsense" is not an absolute URL'),
        (("doctor", "x"), "unrecognized arguments: x"),
        (("fetch",), "invalid choice: 'fetch'"),
    ],
    ids=lambda value: " ".join(value)[-40:] if isinstance(value, tuple) else "",
)
def test_what_makes_no_sense_is_one_line_and_status_2(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    assert says in run(*arguments, cwd=tmp_path).one_line()
    # In particular no output was begun.
    assert list(tmp_path.iterdir()) == []


def test_bad_options_leave_an_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text("old")
    run("get", "http://x/", "-o", path, "--timeout", "0").one_line()
    run("get", "http://x/", "-o", path, "-i", tmp_path / "missing").one_line()
    assert path.read_text() == "old"


def test_a_list_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_bytes(b"http://x/\nhttp://\xff/\n")
    assert f"cannot read {path}: line 2 is not UTF-8" in run("get", "-i", path).one_line()


@pytest.mark.skipif(WINDOWS, reason="arguments are Unicode on Windows")
def test_arguments_that_are_not_utf_8_are_refused() -> None:
    for arguments in (
        (b"http://\xff/",),
        (b"http://x/", b"--select", b"\xff=p"),
        (b"http://x/", b"-c1", b"\xff"),
    ):
        done = subprocess.run(
            [*COMMAND, "get", *arguments], capture_output=True, check=False, timeout=30, env=ENVIRONMENT
        )
        assert "is not valid UTF-8" in Outcome(done.returncode, done.stdout, done.stderr).one_line()


def test_unwritable_output_is_one_line_and_status_2(server: Server, tmp_path: Path) -> None:
    (tmp_path / "directory.json").mkdir()
    assert "cannot write" in get(f"{server.url}/n/0", "-o", tmp_path / "directory.json").one_line()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")  # noqa: PTH110
@pytest.mark.parametrize(
    "arguments",
    [
        *(("get", "no url", "--format", name) for name in ("jsonl", "json", "csv", "table")),
        ("parse",),
        ("doctor",),
    ],
    ids=lambda arguments: arguments[-1],
)
def test_a_full_disk_is_one_line_and_status_2(arguments: tuple[str, ...]) -> None:
    if arguments[0] == "get":
        assert "cannot write /dev/full: No space left" in run(*arguments, "-o", "/dev/full").one_line()
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=30,
            env=ENVIRONMENT,
        )
    assert "cannot write standard output: No space left" in Outcome(done.returncode, b"", done.stderr).one_line()


def test_help_and_version() -> None:
    assert run("--version").out == f"sitelift {sitelift.__version__}\n"
    alone = run()
    assert (alone.code, alone.out) == (2, "")
    assert "usage: sitelift" in alone.err
    for command in ("get", "parse", "doctor"):
        helped = run(command, "--help", env={"PYTHONIOENCODING": "ascii"})
        assert helped.code == 0
        assert "exit status:" in helped.out


@pytest.mark.skipif(WINDOWS, reason="Windows sends no SIGINT to another process")
@pytest.mark.parametrize("output_format", ["jsonl", "json", "csv", "table"])
def test_ctrl_c_keeps_what_was_written(server: Server, tmp_path: Path, output_format: str) -> None:
    path = tmp_path / "pages"
    arguments = [f"{server.url}/n/0", f"{server.url}/delay/20000", "-o", str(path), "--format", output_format]
    server.stats(reset=True)
    with subprocess.Popen(
        [*COMMAND, "get", "--allow-private", *arguments, "--fields", "url,status"],
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    ) as process:
        until(lambda: "/delay/20000" in server.stats()["by_path"])
        time.sleep(0.3)
        if output_format != "table":
            assert "/n/0" in path.read_text()
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)
        assert time.monotonic() - sent < 2
    outcome = Outcome(process.returncode, path.read_bytes(), err)
    assert outcome.code == 130
    assert outcome.err == "sitelift: interrupted\n"
    url = f"{server.url}/n/0"
    if output_format == "jsonl":
        assert outcome.records == [{"url": url, "status": 200}]
    elif output_format == "json":
        assert json.loads(outcome.out) == [{"url": url, "status": 200}]
    elif output_format == "csv":
        assert outcome.out == f"url,status\r\n{url},200\r\n"
    else:
        assert url in outcome.out


def test_records_stream_out_and_a_closed_pipe_ends_quietly(server: Server) -> None:
    urls = [f"{server.url}/n/0", *(f"{server.url}/n/{i}?latency=300" for i in range(1, 400))]
    with subprocess.Popen(
        [*COMMAND, "get", "--allow-private", "-c", "2", "-i", "-", "--fields", "url"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write("\n".join(urls).encode())
        process.stdin.close()
        assert json.loads(process.stdout.readline()) == {"url": urls[0]}
        process.stdout.close()
        err = process.stderr.read()
        process.wait(timeout=10)
    assert (process.returncode, err) == (141, b"")


@pytest.mark.skipif(WINDOWS, reason="Windows breaks pipes in another way")
@pytest.mark.parametrize("output_format", ["jsonl", "json", "csv", "table"])
def test_a_pipe_that_nobody_reads_ends_quietly(output_format: str) -> None:
    reader, end = os.pipe()
    os.close(reader)
    arguments = ["get", "no url", "--format", output_format]
    done = subprocess.run(
        [*COMMAND, *arguments], stdout=end, stderr=subprocess.PIPE, check=False, timeout=30, env=ENVIRONMENT
    )
    os.close(end)
    assert (done.returncode, done.stderr) == (141, b"")


# parse


def test_parse_reads_bytes_as_they_are(tmp_path: Path) -> None:
    html = "<title>Grüße</title><a href=/x>x</a>".encode("windows-1252")
    path = tmp_path / "page.html"
    path.write_bytes(html)
    content_type = ("--content-type", "text/html; charset=windows-1252")
    for outcome in (run("parse", path, *content_type), run("parse", "-", *content_type, stdin=html)):
        (record,) = outcome.records
        assert (record["title"], record["charset"], record["links"]) == ("Grüße", "windows-1252", [])
        assert "body" not in record
        assert outcome.err == ""
    (record,) = run("parse", "--base-url", "https://example.com/", "--fields", "links", stdin=html).records
    assert record["links"][0]["url"] == "https://example.com/x"


def test_parse_writes_files(tmp_path: Path) -> None:
    for name in ("x.json", "x.jsonl", "x.csv"):
        path = tmp_path / name
        outcome = run("parse", "-o", path, "--fields", "title", "--select", "p=p", stdin=b"<title>T</title><p>1")
        assert (outcome.code, outcome.out) == (0, "")
        text = path.read_bytes().decode()
        if name == "x.csv":
            assert text == 'title,selected.p\r\nT,"[""1""]"\r\n'
        else:
            assert json.loads(text) == {"title": "T", "selected": {"p": ["1"]}}


def test_parse_of_what_is_no_page_is_status_1() -> None:
    outcome = run("parse", "--content-type", "image/png", "--fields", "error", stdin=b"x")
    assert outcome.code == 1
    assert outcome.records[0]["error"]["kind"] == "unsupported_content"


# On a terminal


@terminal_only
def test_a_terminal_gets_a_table(server: Server) -> None:
    urls = [f"{server.url}/n/0", f"{server.url}/redirect-loop"]
    outcome = on_terminal("get", "--allow-private", *urls, columns=200)
    assert outcome.code == 1
    screen = plain_screen(outcome.out)
    assert all(name in screen for name in ("status", "title", "url", "site_name", "error", *urls))
    assert "too_many_redirects: " in screen
    # The bar goes before the table comes, and the closing line is the last.
    bar, table, closing = (screen.index(part) for part in ("0/2", urls[0], "2 pages in"))
    assert bar < table < closing
    quiet = plain_screen(on_terminal("get", "--allow-private", urls[0], "--quiet").out)
    assert "0/1" not in quiet
    assert "1 page" not in quiet


@terminal_only
def test_the_progress_bar_is_for_terminals_only(server: Server, tmp_path: Path) -> None:
    urls = [f"{server.url}/n/0?latency=300", f"{server.url}/reset"]
    path = tmp_path / "x.jsonl"
    outcome = on_terminal("get", "--allow-private", *urls, "-o", path)
    screen = plain_screen(outcome.out)
    assert re.search(r"2/2\s+1 failed\s+\d+\.\d/s\s+\d:\d\d:\d\d", screen)
    assert len(path.read_text().splitlines()) == 2
    assert "?25h" in outcome.out  # The cursor is shown again.
    # Records that scroll by on the same terminal leave no room for a bar.
    scrolled = on_terminal("get", "--allow-private", urls[1], "--format", "jsonl").out
    assert "0/1" not in scrolled
    assert json.loads(scrolled.splitlines()[0])["url"] == urls[1]
    # Standard output is a pipe: the bar has the terminal, the records have the pipe.
    split = on_terminal("get", "--allow-private", urls[0], outside="stdout")
    assert "1/1" in plain_screen(split.out)
    assert json.loads(split.err)["url"] == urls[0]
    piped = on_terminal("get", "--allow-private", urls[0], outside="stderr")
    assert re.fullmatch(r"1 page in \d+\.\d s: 1 ok, 0 failed\n", piped.err)


@terminal_only
def test_parse_on_a_terminal_shows_the_filled_fields() -> None:
    links = "".join(f"<a href=/{i}>link {i}</a>" for i in range(7))
    html = f"<title>Title</title>{links}<p>one<p>two".encode()
    arguments = ("parse", "--base-url", "https://example.com/", "--select", "p=p")
    screen = plain_screen(on_terminal(*arguments, stdin=html).out)
    lines = [line.rstrip() for line in screen.splitlines()]
    assert any(re.fullmatch(r"title +Title", line) for line in lines)
    at = next(i for i, line in enumerate(lines) if re.fullmatch(r"links +7", line))
    assert [line.strip() for line in lines[at + 1 : at + 5]] == [
        *(f"https://example.com/{i}  link {i}" for i in range(3)),
        "…",
    ]
    assert any(re.fullmatch(r"selected\.p +2", line) for line in lines)
    assert "description" not in screen
    assert "body " not in screen
    only = plain_screen(on_terminal(*arguments, "--fields", "title,author", stdin=html).out)
    assert [line.split()[0] for line in only.splitlines() if not line.startswith(" ")] == [
        "title",
        "selected.p",
    ]


@terminal_only
@pytest.mark.parametrize("output_format", ["jsonl", "json", "csv", "table"])
def test_hostile_text_never_reaches_a_terminal(hostile: str, output_format: str) -> None:
    fields = "title,body,selected,error"
    arguments = ("--format", output_format, "--fields", fields, "--select", "p=.p", "--quiet")
    outcome = on_terminal("get", "--allow-private", hostile, *arguments, columns=1000)
    assert outcome.code == 0
    assert HOSTILE.search(outcome.out) is None, ascii(outcome.out)
    colours = re.findall("\x1b.{0,4}", outcome.out)
    assert colours == [] or output_format == "table"
    assert all(re.fullmatch(r"\x1b\[(0|1)m.*", colour) for colour in colours), colours
    assert "[red]f[/red] [/] :smile:" in outcome.out
    if output_format == "jsonl":
        assert json.loads(outcome.out)["title"] == HOSTILE_TITLE
    else:
        assert "b\\u001b]0;own" in outcome.out or "b\\x1b]0;own" in outcome.out


@terminal_only
def test_hostile_names_and_files_never_reach_a_terminal(tmp_path: Path) -> None:
    page = f"<title>{HOSTILE_TITLE}</title><a href='/\x1b'>\x1b[2J</a>".encode()
    view = on_terminal("parse", "--base-url", "http://x/", stdin=page)
    assert HOSTILE.search(view.out) is None
    assert "\x1b[2J" not in view.out
    assert "\\x1b[31m" in view.out
    for arguments in (
        ("get", "-i", "no\x1b[2J\u202e"),
        ("get", "--\x1b[2J"),
        ("get", "-o", "x.\x1b[2J", "http://x/"),
    ):
        assert "\x1b" not in on_terminal(*arguments).out
    assert "\x1b[2J" not in on_terminal("get", "http://x\x1b[2J/").out


def test_printable_spells_out_what_terminals_obey() -> None:
    assert printable("a\x1b\x9b\n\u202e\u2066é漢🎈") == "a\\x1b\\x9b\\n\\u202e\\u2066é漢🎈"
    every = "".join(map(chr, range(0x3000)))
    shown = printable_json(json.dumps(every, ensure_ascii=False))
    assert json.loads(shown) == every
    assert len(shown.splitlines()) == 1
    assert HOSTILE.search(shown) is None
    assert "\x1b" not in shown


# doctor


def test_doctor_says_what_is_installed() -> None:
    outcome = run("doctor")
    assert outcome.code == 0
    assert outcome.err == ""
    assert f"sitelift  {sitelift.__version__}" in outcome.out
    assert "  func_add\n" in outcome.out
    assert re.search(r"\n  hello_there +[\d,]+ ns\n", outcome.out)
    assert "ok    hello_there: " in outcome.out


def test_doctor_as_json() -> None:
    started = time.monotonic()
    outcome = run("doctor", "--json")
    assert time.monotonic() - started < 5
    (report,) = outcome.records
    assert outcome.code == 0
    assert report["ok"] is True
    assert report["sitelift"] == sitelift.__version__
    assert os.path.getsize(report["library"]["path"]) == report["library"]["bytes"]  # noqa: PTH202
    assert {"func_add", "func_hello_there", "method_client_stream"} <= set(report["functions"])
    assert not any(name.startswith(("uniffi_sitelift_fn_", "_")) for name in report["functions"])
    assert any(name.startswith("ffi_sitelift_") for name in report["other_symbols"])
    assert report["call_ns"].keys() == {"add", "greet", "hello_there"}
    assert all(0 < cost < 1e9 for cost in report["call_ns"].values())
    assert [check["ok"] for check in report["checks"]] == [True, True]


def test_doctor_fails_when_a_check_does() -> None:
    program = (
        "import sitelift.interop as interop\n"
        "interop.hello_there = lambda data: data\n"
        "from sitelift.cli import main\n"
        "raise SystemExit(main(['doctor']))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=30)
    outcome = Outcome(done.returncode, done.stdout, done.stderr)
    assert outcome.code == 1
    assert "FAIL  hello_there: ('test', 4, 'test', 4) instead of (" in outcome.out


# What it costs to start


def test_rich_is_loaded_only_where_it_is_used(server: Server) -> None:
    program = (
        "import sys\n"
        "from sitelift.cli import main\n"
        f"code = main(['get', '--allow-private', '{server.url}/n/0', '--format', 'csv'])\n"
        "raise SystemExit(code or int('rich' in sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr


# Long lists, and going on with an unfinished file


def test_a_list_longer_than_is_held(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("# many\n\n" + "".join(f"bad-{index}\n" for index in range(25_000)))
    out = tmp_path / "pages.jsonl"
    done = run("get", "-i", path, "-o", out, "--fields", "url", f"{server.url}/n/0", "--allow-private", "-q")
    assert done.code == 1
    urls = [json.loads(line)["url"] for line in out.read_text().splitlines()]
    assert urls == [f"{server.url}/n/0", *(f"bad-{index}" for index in range(25_000))]


def test_going_on_with_a_file(counted: Server, tmp_path: Path) -> None:
    out = tmp_path / "pages.jsonl"
    urls = [f"{counted.url}/n/{index}" for index in range(6)] + ["bad", "bad"]
    assert get(*urls[:3], "bad", "-o", out, "--resume").code == 1
    whole = out.read_bytes()
    # As a run that was killed leaves it.
    out.write_bytes(whole + b'{"url": "http://cut')
    counted.stats(reset=True)
    assert get(*urls, "-o", out, "--resume").code == 1
    assert out.read_bytes().startswith(whole)
    assert [json.loads(line)["url"] for line in out.read_text().splitlines()] == [*urls[:3], "bad", *urls[3:6], "bad"]
    assert sorted(counted.stats()["by_path"]) == ["/n/3", "/n/4", "/n/5"]
    # Nothing is left to do.
    before = out.read_bytes()
    assert get(*urls, "-o", out, "--resume").code == 0
    assert out.read_bytes() == before


def test_what_cannot_be_gone_on_with(tmp_path: Path) -> None:
    for arguments in ((), ("-o", tmp_path / "x.csv"), ("-o", tmp_path / "x.jsonl", "--fields", "title")):
        assert "--resume: " in run("get", "http://x/", "--resume", *arguments).one_line()
    path = tmp_path / "other.jsonl"
    for text in ("not JSON\n", "[]\n", '{"a": 1}\n', '{"url": 1}\n'):
        path.write_text(text)
        assert "line 1 is no record" in run("get", "http://x/", "--resume", "-o", path).one_line()
        assert path.read_text() == text


def test_every_option_has_its_switch() -> None:
    arguments = parse_arguments(["get", "http://x/"])
    given = fetching_options(arguments)
    by_fields = {"keep_body", "parts", "select"}
    assert given.keys() | by_fields == {field.name for field in dataclasses.fields(FetchOptions)}
    # Without a switch nothing is other than in the library.
    assert {name: getattr(FetchOptions(), name) for name in given} == given
    sizes = ("--max-in-flight", "1g", "--cache-size", "5m", "--max-body", "7")
    times = ("--backoff", "0.25", "--connect-timeout", "1.5", "--robots-agent", "me")
    given = fetching_options(parse_arguments(["get", "http://x/", *sizes, *times]))
    assert (given["max_bytes_in_flight"], given["cache_max_bytes"], given["max_body_bytes"]) == (1 << 30, 5 << 20, 7)
    assert (given["backoff"], given["connect_timeout"], given["robots_agent"]) == (0.25, 1.5, "me")


def test_fetching_options(server: Server, tmp_path: Path) -> None:
    place = server.url.removeprefix("http://")
    echoed = get(f"{server.url}/echo", "--auth", f"http://{place}=ann:x", "--fields", "body").records[0]["body"]
    assert "Basic YW5uOng=" in echoed
    cached = (f"{server.url}/cached/cli?control=max-age=60", "--cache", tmp_path / "cache", "--fields", "from_cache")
    assert [get(*cached).records for _ in range(2)] == [[{"from_cache": False}], [{"from_cache": True}]]
    proxied = run("get", "http://no-such-host.invalid/n/0", "--proxy", server.url, "--fields", "status,attempts")
    assert proxied.records == [{"status": 200, "attempts": 1}]
    late = get(f"{server.url}/delay/30000", "--deadline", "0.2", "--fields", "error").records[0]["error"]
    assert late["kind"] == "deadline_exceeded"
    tried = get(f"{server.url}/flaky/cli?fails=9", "--retries", "1", "--per-host", "1", "--delay", "0.01", "--robots")
    assert [(record["attempts"], record["robots_allowed"]) for record in tried.records] == [(2, True)]
    wanted = get(
        f"{server.url}/n/0",
        f"{server.url}/echo",
        "--accept",
        "text/html",
        "--accept",
        "text/*, image/png",
        "--fields",
        "error",
    )
    assert [(record["error"] or {}).get("kind") for record in wanted.records] == [None, "unsupported_content"]
    whole = (f"{server.url}/n/0?weight=300000", "--fields", "body_size,links")
    head = get(*whole, "--stop-after-head").records[0]
    assert head["body_size"] < get(*whole).records[0]["body_size"] // 10
    assert head["links"] == []
    secure = (f"{server.https_url}/n/0", "--insecure", "--fields", "http_version")
    assert [get(*secure, *more).records[0]["http_version"] for more in ((), ("--no-http2",))] == ["HTTP/2", "HTTP/1.1"]
    named = run("get", f"http://far.test:{server.url.rpartition(':')[2]}/n/0", "--resolve", "Far.test=127.0.0.1")
    assert [record["status"] for record in named.records] == [200]
    cookie = (f"{server.url}/cookies/one=1", f"{server.url}/echo", "-c", "1", "--fields", "body")
    assert ["one=1" in get(*cookie, *more).records[1]["body"] for more in ((), ("--cookies",))] == [False, True]
    moved = get(f"{server.url}/redirect/2", "--max-redirects", "1", "--fields", "error").records[0]["error"]
    assert moved["kind"] == "too_many_redirects"
    silent = get(f"{server.url}/stall-headers", "--read-timeout", "0.2", "--fields", "error").records[0]["error"]
    assert (silent["kind"], "0.2 s (option read_timeout)" in silent["detail"]) == ("timeout", True)
    assert "PLACE=USER:PASSWORD" in run("get", "http://x/", "--auth", "secret").one_line()
    assert "secret" not in run("get", "http://x/", "--auth", "secret").one_line()
