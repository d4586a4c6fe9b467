"""The cases that the tests of all languages read: a page, and what is to be known of it."""

from __future__ import annotations

import dataclasses
import email
import json
from typing import TYPE_CHECKING, Any

import pytest
from conftest import CASES, PAGES, ROOT

from sitelift import Client, ProblemKind, Site

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Server

FILES = sorted((CASES / "pages").glob("*.json"))
FIELDS = {field.name for field in dataclasses.fields(Site)}


def content_type(case: dict[str, Any]) -> str | None:
    """Return the header: of the case, or of the file beside the page."""
    sidecar = PAGES / f"{case['page']}.headers"
    if case.get("content_type") is None and sidecar.exists():
        return email.message_from_string(sidecar.read_text())["content-type"]
    return case.get("content_type")


def found(site: dict[str, Any], name: str, expected: Any) -> Any:
    """Return what the record has for a name in `expect`; an unknown name fails."""
    if name == "json_ld_errors":
        return sum(block["error"] is not None for block in site["json_ld"])
    field, ending = name, ""
    if name not in FIELDS:
        field, _, ending = name.rpartition("_")
    assert field in FIELDS, f"the case names {name!r}, which Site does not have"
    match ending:
        case "":
            return site[field]
        case "count":
            return len(site[field])
        case "first":
            # Fewer than there are may be named, but not nothing of something.
            assert expected or not site[field], f"{name} is empty, but there are {field}"
            return site[field][: len(expected)]
    return pytest.fail(f"the case asks for {name!r}, which has no meaning")


def test_there_are_cases() -> None:
    assert len(FILES) >= 40
    assert {json.loads(file.read_text("utf-8"))["page"] for file in FILES} == {
        file.name for file in PAGES.iterdir() if file.suffix != ".headers"
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_case(file: Path) -> None:
    case = json.loads(file.read_text("utf-8"))
    assert case.keys() <= {"page", "url", "content_type", "expect"}
    assert case["expect"]
    site = Site.from_html(
        (PAGES / case["page"]).read_bytes(), base_url=case["url"], content_type=content_type(case)
    ).to_dict()
    # Kept for `make test-languages`, which compares the languages.
    kept = ROOT / "target" / "cases" / "python" / file.name
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(site), "utf-8")
    wrong = {}
    for name, expected in case["expect"].items():
        got = found(site, name, expected)
        if got != expected:
            wrong[name] = {"expected": expected, "got": got}
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)


PROBLEMS: list[dict[str, Any]] = json.loads((CASES / "problems.json").read_text("utf-8"))


@pytest.mark.parametrize("case", PROBLEMS, ids=lambda case: case["name"])
def test_problem(case: dict[str, Any], server: Server) -> None:
    if "html" in case:
        site = Site.from_html(case["html"] * case["repeat"] + case["then"])
    else:
        url = case["url"].format(
            http=server.url, https=server.https_url, silent=server.silent_url, port=server.url.rpartition(":")[2]
        )
        patience = {"timeout": 10.0, "read_timeout": 0.5, "connect_timeout": 2.0, "backoff": 0.01}
        with Client(**{"allow_private_networks": True, **patience, **case.get("options", {})}) as client:
            site = client.fetch(url)
    assert (site.error and site.error.kind.name.lower()) == case.get("error"), site.error
    if "warning" in case:
        assert case["warning"] in {warning.kind.name.lower() for warning in site.warnings}, site.warnings


def test_every_category_is_met() -> None:
    met = {case.get("error") or case.get("warning") for case in PROBLEMS}
    # Only a defect of sitelift itself can't be brought about.
    assert met == {kind.name.lower() for kind in ProblemKind} - {"internal"}
