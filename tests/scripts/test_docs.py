"""What docs must not have, as they become comments in other languages, and what examples must agree on."""

from __future__ import annotations

import re

from conftest import ROOT


def test_no_docs_begin_or_end_a_comment_of_another_language():
    # Comments nest in Kotlin and Swift, so that either spoils the rest of the file.
    lines = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in sorted((ROOT / "src/api").rglob("*.rs"))
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if re.match(r"\s*//[/!].*(/\*|\*/)", line)
    ]
    assert lines == []


def test_the_example_project_depends_on_the_package_as_it_is():
    package = (ROOT / "bindings/kotlin/pom.xml").read_text("utf-8")
    example = (ROOT / "examples/kotlin/pom.xml").read_text("utf-8")
    (version,) = re.findall(r"<artifactId>sitelift</artifactId>\s*<version>(.*?)</version>", package)
    assert re.findall(r"<artifactId>sitelift</artifactId>\s*<version>(.*?)</version>", example) == [version]
    (kotlin,) = re.findall(r"<kotlin.version>(.*?)</kotlin.version>", package)
    assert re.findall(r"<artifactId>kotlin-maven-plugin</artifactId>\s*<version>(.*?)</version>", example) == [kotlin]
