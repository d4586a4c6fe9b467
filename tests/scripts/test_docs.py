"""What the docs of the boundary must not have, as they become comments in other languages."""

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
