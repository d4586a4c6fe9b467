"""Compare the public API of each language with its snapshot, one text file a language.

python bindings/snapshots/check.py GENERATED [--write]

GENERATED is the folder with the generated sources (`make native`). A difference that is meant is accepted with --write.
"""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

from installed import python
from sources import kotlin, swift

HERE = Path(__file__).resolve().parent


def main(generated: Path, *, write: bool) -> int:
    """Print the differences, or accept them; return 1 when there are any left."""

    def faces(folder: str, ending: str) -> list[Path]:
        return sorted((HERE.parent / folder).glob(f"*.{ending}"))

    current = {
        "python": python(),
        "kotlin": kotlin(
            generated / "kotlin/dev/sitelift/sitelift.kt", faces("kotlin/src/main/kotlin/dev/sitelift", "kt")
        ),
        "swift": swift(generated / "swift/Sitelift.swift", faces("swift/Sources/Sitelift", "swift")),
    }
    differs = False
    for language, lines in current.items():
        file = HERE / f"{language}.txt"
        if write:
            file.write_text("\n".join(lines) + "\n", "utf-8")
            continue
        accepted = file.read_text("utf-8").splitlines()
        difference = list(
            difflib.unified_diff(accepted, lines, f"{language}: accepted", f"{language}: now", "", "", 1, "")
        )
        if difference:
            differs = True
            print("\n".join(difference))
    if differs:
        print("The public API has changed. If it was meant to: make snapshots")
    return int(differs)


if __name__ == "__main__":
    match sys.argv[1:]:
        case [generated, *rest] if rest in ([], ["--write"]):
            sys.exit(main(Path(generated), write=bool(rest)))
    sys.exit(__doc__)
