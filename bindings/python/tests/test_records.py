"""Records are true dataclasses; exceptions are true exceptions."""

from __future__ import annotations

import builtins
import copy
import dataclasses
import inspect
import json
import pickle
from typing import Any

import pytest
from helpers import RECORDS, hints, minimal_record

import sitelift
from sitelift import (
    CharsetSource,
    Header,
    InternalError,
    Link,
    PageError,
    Problem,
    ProblemKind,
    Site,
    SiteliftError,
    interop,
)

PROBLEM = Problem(kind=ProblemKind.TIMEOUT, url="http://a.example/", detail="took too long")

each_record = pytest.mark.parametrize("cls", RECORDS, ids=lambda cls: cls.__name__)


def filled_site() -> Site:
    return Site(
        url="http://a.example/",
        status=200,
        elapsed_ms=1.5,
        headers=[Header(name="a", value="1"), Header(name="a", value="2")],
        charset_source=CharsetSource.META,
        content_type="text/html",
        title="A title",
        error=PROBLEM,
        links=[Link(url="http://b.example/", text="b", rel=None, internal=False)],
        selected={"rule": ["x", "y"]},
    )


def test_the_records_are_found() -> None:
    assert {"Site", "Header", "Problem", "FetchOptions", "TestData"} <= {cls.__name__ for cls in RECORDS}


@each_record
def test_fields(cls: type[Any]) -> None:
    names = [field.name for field in dataclasses.fields(cls)]
    assert names
    assert list(hints(cls)) == names
    record = minimal_record(cls)
    assert all(hasattr(record, name) for name in names)
    # What the constructor takes by position, and nothing else, can be matched by position.
    parameters = inspect.signature(cls).parameters.values()
    by_position = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert list(cls.__match_args__) == by_position


@each_record
def test_replace(cls: type[Any]) -> None:
    record = minimal_record(cls)
    first = dataclasses.fields(cls)[0].name
    mark: Any = object()
    replaced = dataclasses.replace(record, **{first: mark})
    assert type(replaced) is cls
    assert getattr(replaced, first) is mark
    assert getattr(record, first) is not mark
    for field in dataclasses.fields(cls)[1:]:
        assert getattr(replaced, field.name) == getattr(record, field.name)
    with pytest.raises(TypeError):
        dataclasses.replace(record, no_such_field=1)


@each_record
def test_equality(cls: type[Any]) -> None:
    record = minimal_record(cls)
    assert record == minimal_record(cls)
    assert not record != minimal_record(cls)  # noqa: SIM202 (`!=` is what is tested)
    for field in dataclasses.fields(cls):
        other = dataclasses.replace(record, **{field.name: object()})
        assert record != other
        assert not record == other  # noqa: SIM201
    for stranger in (None, 1, "text", {}, object(), dataclasses.astuple(record), interop.TestData(data="x", len=1)):
        assert record != stranger
        assert stranger != record


@each_record
def test_repr_says_all(cls: type[Any]) -> None:
    record = minimal_record(cls)
    text = repr(record)
    assert text.startswith(f"{cls.__name__}(")
    for field in dataclasses.fields(cls):
        assert f"{field.name}={getattr(record, field.name)!r}" in text


@each_record
def test_pickle_and_copy(cls: type[Any]) -> None:
    record = minimal_record(cls)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        back = pickle.loads(pickle.dumps(record, protocol))
        assert back == record
        assert type(back) is cls
    for back in (copy.copy(record), copy.deepcopy(record)):
        assert back == record
        assert back is not record
        assert type(back) is cls


@each_record
def test_wrong_arguments_are_refused(cls: type[Any]) -> None:
    with pytest.raises(TypeError):
        minimal_record(cls, no_such_field=1)


def test_the_classes_are_where_users_import_them_from() -> None:
    for name in sitelift.__all__:
        value = getattr(sitelift, name)
        if isinstance(value, type):
            assert getattr(__import__(value.__module__, fromlist=["x"]), value.__qualname__) is value, name
    assert Site.__module__ == "sitelift"
    assert SiteliftError.__module__ == "sitelift"


def test_a_filled_site() -> None:
    site = filled_site()
    assert pickle.loads(pickle.dumps(site)) == site
    deep = copy.deepcopy(site)
    assert deep == site
    deep.headers[0].value = "changed"
    deep.selected["rule"].append("z")
    assert deep != site
    assert site == filled_site()
    assert interop.echo_site(site) == site
    assert "A title" in repr(site)
    assert "TIMEOUT" in repr(site)
    tree = dataclasses.asdict(site)
    assert tree["headers"] == [{"name": "a", "value": "1"}, {"name": "a", "value": "2"}]
    assert tree["error"] == {
        "kind": ProblemKind.TIMEOUT,
        "url": "http://a.example/",
        "detail": "took too long",
    }
    assert list(tree) == [field.name for field in dataclasses.fields(Site)]
    assert dataclasses.astuple(interop.TestData(data="x", len=1)) == ("x", 1)


def test_defaults_are_not_shared() -> None:
    one, other = Site(), Site()
    for field in dataclasses.fields(Site):
        value = getattr(one, field.name)
        if isinstance(value, list | dict):
            assert value is not getattr(other, field.name), field.name
            assert len(value) == 0


def test_match() -> None:
    match filled_site():
        case Site(status=200, error=Problem(kind=ProblemKind.TIMEOUT, detail=detail), links=[Link(url=url)]):
            assert (detail, url) == ("took too long", "http://b.example/")
        case _:
            pytest.fail("did not match")
    match interop.TestData(data="x", len=1):
        case interop.TestData(data="y"):
            pytest.fail("matched another value")
        case interop.TestData(data=data, len=length):
            assert (data, length) == ("x", 1)


def test_enums() -> None:
    assert ProblemKind.INVALID_URL is ProblemKind["INVALID_URL"]
    assert pickle.loads(pickle.dumps(ProblemKind.TLS)) is ProblemKind.TLS
    assert copy.deepcopy(CharsetSource.BOM) is CharsetSource.BOM
    assert {kind.name for kind in CharsetSource} == {"BOM", "HEADER", "META", "DETECTOR"}
    assert len({hash(kind) for kind in ProblemKind}) == len(ProblemKind)


def test_content_type_by_its_old_name() -> None:
    assert Site(content_type="text/html").contentType == "text/html"
    assert Site().contentType is None


def test_from_str_is_from_url() -> None:
    site = Site.from_str("not a url")
    assert type(site) is Site
    assert site == Site.from_url("not a url")
    assert site.error is not None
    assert site.error.kind is ProblemKind.INVALID_URL


def test_raise_for_error() -> None:
    good = Site(url="http://a.example/", status=500)
    assert good.raise_for_error() is good
    with pytest.raises(PageError, match=r"^http://a\.example/: took too long$") as caught:
        filled_site().raise_for_error()
    assert caught.value.problem == PROBLEM
    assert caught.value.kind is ProblemKind.TIMEOUT


def test_text_of_a_problem() -> None:
    assert str(PROBLEM) == "http://a.example/: took too long"
    assert str(dataclasses.replace(PROBLEM, url="")) == "took too long"


def test_to_dict_and_to_json() -> None:
    site = dataclasses.replace(filled_site(), title="né🦀 \0")
    tree = site.to_dict()
    assert list(tree) == [field.name for field in dataclasses.fields(Site)]
    assert tree["charset_source"] == "meta"
    assert tree["error"] == {"kind": "timeout", "url": "http://a.example/", "detail": "took too long"}
    assert tree["selected"] == {"rule": ["x", "y"]}
    assert tree["links"] == [{"url": "http://b.example/", "text": "b", "rel": None, "internal": False}]
    text = site.to_json()
    assert "\n" not in text
    assert "né🦀" in text
    assert json.loads(text) == tree


def test_from_html_takes_text_and_bytes() -> None:
    page = "<title>né</title><a href=x>x</a>"
    base = "https://example.com/a/"
    sites = [
        Site.from_html(given, base_url=base)
        for given in (page, page.encode(), bytearray(page.encode()), memoryview(page.encode()))
    ]
    assert [site.title for site in sites] == ["né"] * 4
    assert [site.links[0].url for site in sites] == ["https://example.com/a/x"] * 4
    # Text has no encoding; bytes have, and here it was guessed.
    assert (sites[0].charset, sites[0].charset_source) == (None, None)
    assert {(site.charset, site.charset_source) for site in sites[1:]} == {("utf-8", CharsetSource.DETECTOR)}
    assert type(sites[0]) is Site
    assert sites[0].url == base
    assert sites[0].error is None


def test_from_html_text_is_not_decoded_again() -> None:
    page = '<meta charset="koi8-r"><title>né</title>'
    site = Site.from_html(page, content_type="text/html; charset=big5")
    assert site.title == "né"
    assert site.content_type == "text/html; charset=big5"
    assert site.warnings == []


@pytest.mark.parametrize("page", ["\ufeff<p>caf\u00e9\r\n", "<p>", "plain", "%PDF-1.7\0\1\2", ""])
def test_from_html_keeps_the_body_of_text_and_bytes_alike(page: str) -> None:
    kind = "text/html; charset=utf-8"
    text, data = (Site.from_html(given, content_type=kind) for given in (page, page.encode()))
    assert text.body == data.body
    assert (text.body is None) == (text.error is not None)
    for given in (page, page.encode()):
        dropped = Site.from_html(given, content_type=kind, keep_body=False)
        assert dropped.body is None
        assert dropped.body_size == len(page.encode())


def test_from_html_refuses_a_relative_base() -> None:
    with pytest.raises(sitelift.InvalidArgumentError) as caught:
        Site.from_html("<p>", base_url="/relative")
    assert caught.value.argument == "base_url"


def test_parts_by_name_and_by_member() -> None:
    page = "<h1>a</h1><a href=/x>b</a><img src=/i.png>"
    for parts in (["links"], ("Links",), {sitelift.Part.LINKS}, iter([sitelift.Part.LINKS, "links"])):
        site = Site.from_html(page, base_url="http://a.example/", parts=parts)
        assert (len(site.links), site.images, site.headings, site.word_count) == (1, [], [], None)
    assert Site.from_html(page, parts=[]).title == "a"
    assert Site.from_html(page, parts=None).word_count == 2
    assert sitelift.Client(parts=["article"]).options.parts == [sitelift.Part.ARTICLE]
    wrong: Any
    for wrong, named in (("links", "'links'"), (["lynx"], "'lynx'"), (3, "3"), ([None], "None")):
        with pytest.raises(sitelift.InvalidArgumentError, match=named) as refused:
            Site.from_html(page, parts=wrong)
        assert refused.value.argument == "parts"
        assert "microdata" in str(refused.value)
        with pytest.raises(sitelift.InvalidArgumentError, match=named):
            sitelift.Client(parts=wrong)


def test_sources_and_kinds() -> None:
    site = Site.from_html("<title>Just a moment...</title>", base_url="http://a.example/")
    assert site.page_kind is sitelift.PageKind.BOT_BLOCK
    assert site.sources == {"title": "title", "favicon": "host", "site_name": "host"}
    assert site.to_dict()["page_kind"] == "bot_block"
    assert list(site.to_dict()["sources"]) == ["favicon", "site_name", "title"]


def test_from_html_select() -> None:
    page = '<ul><li class=a> one <b>two</b></li><li class=b><a href="/x">x</a></ul>'
    rules = {"first": "li.a", "links": "a::attr(href)", "text": "li::text", "none": "table"}
    selected = Site.from_html(page, select=rules).selected
    assert selected == {"first": ["one two"], "links": ["/x"], "text": ["one two", "x"], "none": []}


ERRORS: list[tuple[SiteliftError, type[Exception], dict[str, Any]]] = [
    (sitelift.InvalidArgumentError("a", "why a"), ValueError, {"argument": "a", "reason": "why a"}),
    (
        sitelift.InvalidSelectorError("n", "[[", "why n"),
        ValueError,
        {"name": "n", "selector": "[[", "reason": "why n"},
    ),
    (sitelift.InvalidJsonError(3, 4, "why j"), ValueError, {"line": 3, "column": 4, "reason": "why j"}),
    (sitelift.InvalidProtobufError("why p"), ValueError, {"reason": "why p"}),
    (sitelift.ClosedError("why c"), RuntimeError, {"reason": "why c"}),
    (sitelift.ForkedError("why f"), RuntimeError, {"reason": "why f"}),
    (PageError(PROBLEM), SiteliftError, {"problem": PROBLEM, "kind": ProblemKind.TIMEOUT}),
]

each_error = pytest.mark.parametrize(("error", "base", "fields"), ERRORS, ids=[type(e[0]).__name__ for e in ERRORS])


@each_error
def test_errors(error: SiteliftError, base: type[Exception], fields: dict[str, Any]) -> None:
    assert isinstance(error, base)
    assert isinstance(error, SiteliftError)
    assert isinstance(error, Exception)
    assert {name: getattr(error, name) for name in fields} == fields
    assert str(error) == fields.get("reason", str(PROBLEM))
    assert type(error).__name__ in repr(error)


@each_error
def test_errors_are_pickled_and_copied(error: SiteliftError, base: type[Exception], fields: dict[str, Any]) -> None:
    for back in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(back) is type(error)
        assert {name: getattr(back, name) for name in fields} == fields
        assert str(back) == str(error)


def test_every_error_of_the_api_was_looked_at() -> None:
    errors = {
        value
        for name in sitelift.__all__
        if isinstance(value := getattr(sitelift, name), type) and issubclass(value, BaseException)
    }
    assert errors - {type(error) for error, _, _ in ERRORS} == {SiteliftError, InternalError}


def test_errors_from_rust_are_those_classes() -> None:
    with pytest.raises(ValueError, match="line 1") as caught:
        interop.parse_json("[")
    assert type(caught.value) is sitelift.InvalidJsonError
    assert (caught.value.line, caught.value.column) == (1, 1)
    back = pickle.loads(pickle.dumps(caught.value))
    assert (type(back), str(back)) == (sitelift.InvalidJsonError, str(caught.value))

    with pytest.raises(ValueError, match="rule") as refused:
        Site.from_html("<p>", select={"rule": "[["})
    assert type(refused.value) is sitelift.InvalidSelectorError
    assert (refused.value.name, refused.value.selector) == ("rule", "[[")


def test_internal_error_is_no_error_of_a_caller() -> None:
    assert issubclass(InternalError, Exception)
    assert not issubclass(InternalError, ValueError)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("concurrency", 0),
        ("concurrency", 10_001),
        ("concurrency", -1),
        ("concurrency", 2**40),
        ("concurrency", True),
        ("concurrency", 1.5),
        ("timeout", 0),
        ("timeout", -1.0),
        ("timeout", float("nan")),
        ("timeout", float("inf")),
        ("timeout", "20"),
        ("connect_timeout", 0.0),
        ("per_host", 0),
        ("delay_per_host", -1.0),
        ("retries", 11),
        ("backoff", float("nan")),
        ("deadline", 0.0),
        ("deadline", "10"),
        ("max_bytes_in_flight", 2**64),
        ("max_bytes_in_flight", 1),
        ("resolve", {"a.example": "b.example"}),
        ("resolve", ["a.example"]),
        ("obey_robots", 1),
        ("robots_agent", "two words"),
        ("robots_agent", 1),
        ("read_timeout", 1e9),
        ("max_redirects", 51),
        ("max_body_bytes", 0),
        ("max_body_bytes", 2**30 + 1),
        ("max_body_bytes", 2**64),
        ("accept_types", "text/html"),
        ("accept_types", ["html"]),
        ("accept_types", ["text/html; q=1"]),
        ("accept_types", [b"text/html"]),
        ("stop_after_head", 1),
        ("http2", None),
        ("user_agent", "line\nfeed"),
        ("user_agent", b"bytes"),
        ("headers", {"bad name": "x"}),
        ("headers", {"x": "line\r\nfeed"}),
        ("headers", {"Host": "other.example"}),
        ("headers", {"x": 1}),
        ("headers", "x: y"),
        ("headers", [("x", "y")]),
        ("auth", {"a.example": "no colon"}),
        ("cookies", 1),
        ("cache_dir", ""),
        ("cache_dir", b"x"),
        ("cache_max_bytes", 1),
        ("proxy", "ftp://a.example"),
        ("ca_file", "/no/such/file.pem"),
        ("verify_tls", 1),
        ("allow_private_networks", "yes"),
        ("keep_body", None),
        ("select", ["p"]),
        ("no_such_option", 1),
    ],
    ids=repr,
)
def test_options_out_of_range_are_refused(option: str, value: Any) -> None:
    options: dict[str, Any] = {option: value}
    for make in (lambda: sitelift.Client(**options), lambda: sitelift.AsyncClient(**options)):
        with pytest.raises(sitelift.InvalidArgumentError) as caught:
            make()
        assert caught.value.argument == option
        assert option in str(caught.value)
    with pytest.raises(sitelift.InvalidArgumentError):
        Site.from_urls([], **options)


def test_options_have_the_types_they_say() -> None:
    client = sitelift.Client(timeout=3, headers={"X-A": "1"}, concurrency=5)
    assert client.options == sitelift.FetchOptions(timeout=3, headers={"X-A": "1"}, concurrency=5)
    assert client.options.user_agent is None
    assert client.options.allow_private_networks is False


@pytest.mark.parametrize("wrong", ["http://a.example/", b"http://a.example/", [None], [1], [b"http://a.example/"]])
def test_urls_must_be_a_list_of_texts(wrong: Any) -> None:
    with pytest.raises(sitelift.InvalidArgumentError) as caught:
        Site.from_urls(wrong)
    assert caught.value.argument == "urls"


def test_no_urls_no_records() -> None:
    assert Site.from_urls([]) == []
    assert Site.from_urls(iter(())) == []


def test_all_public_names_exist() -> None:
    assert sorted(sitelift.__all__) == sorted(set(sitelift.__all__))
    assert all(hasattr(sitelift, name) for name in sitelift.__all__)
    assert all(hasattr(interop, name) for name in interop.__all__)
    shadowing = {name for name in sitelift.__all__ if hasattr(builtins, name)}
    assert shadowing == set()
