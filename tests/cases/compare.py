"""Tell where the records that the languages' tests wrote for the page cases differ.

python tests/cases/compare.py LANGUAGE LANGUAGE…
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def canonical(value: Any) -> Any:
    """Return the value without its absent fields, and with whole numbers of one type."""
    if isinstance(value, dict):
        return {key: canonical(item) for key, item in sorted(value.items()) if item is not None}
    if isinstance(value, list):
        return [canonical(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def record(language: str, name: str) -> dict[str, Any]:
    """Return what the tests of a language wrote for a case."""
    file = ROOT / "target" / "cases" / language / name
    if not file.exists():
        return {"": f"the tests of {language} wrote no {name}"}
    found: dict[str, Any] = canonical(json.loads(file.read_text("utf-8")))
    return found


def main(languages: list[str]) -> int:
    """Print the differences, and return 1 when there are any."""
    names = sorted(file.name for file in (ROOT / "tests" / "cases" / "pages").glob("*.json"))
    differences = 0
    for name in names:
        records = [record(language, name) for language in languages]
        for field in sorted(set().union(*records)):
            values = [json.dumps(found.get(field), ensure_ascii=False, sort_keys=True) for found in records]
            if len(set(values)) > 1:
                differences += 1
                print(f"{name}: {field}")
                for language, value in zip(languages, values, strict=True):
                    print(f"  {language:8} {value[:200]}")
    print(f"{len(names)} records in {', '.join(languages)}: {differences} differences")
    return 1 if differences or not names else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:  # noqa: PLR2004 (two to compare)
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
