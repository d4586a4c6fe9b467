"""Reduce Kotlin and Swift sources to the declarations of their public API: no bodies, no comments.

Nothing is compiled, so that the check costs seconds and needs no tool chain. It relies on the layout of the
generated sources and on `public` in the written ones, and finds less where these change: a difference, and so noticed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# What the generators need to have public, and the classes behind the faces.
INNER = re.compile(r"`?(FfiConverter|Native|native|Uniffi|uniffi|RustBuffer|NoHandle|Disposable)")

COMMENT = re.compile(r'("(?:\\.|[^"\\\n])*")|/\*.*?\*/|//[^\n]*', re.DOTALL)


def kotlin(generated: Path, faces: list[Path]) -> list[str]:
    """Return the declarations of the Kotlin package."""
    text = without_comments(generated.read_text("utf-8"))
    lines: list[str] = []
    for name, body in re.findall(r"^data class (\w+) \((.*?)^\)", text, re.DOTALL | re.MULTILINE):
        if not INNER.match(name):
            lines += block(f"data class {name}", re.findall(r"va[lr] `\w+`: [^\n]+", body))
    for name, body in re.findall(r"^enum class (\w+) \{(.*?)^\}", text, re.DOTALL | re.MULTILINE):
        lines += block(f"enum class {name}", re.findall(r"^\s+([A-Z][A-Z0-9_]*)[,;]?\s*$", body, re.MULTILINE))
    for name, body in re.findall(
        r"^sealed class (\w+: kotlin\.Exception\(\)) \{(.*?)^\}", text, re.DOTALL | re.MULTILINE
    ):
        cases = re.findall(r"^    class (\w+)\((.*?)\) : \w+\(\)", body, re.DOTALL | re.MULTILINE)
        lines += block(f"sealed class {name}", [f"class {case}({one_line(fields)})" for case, fields in cases])
    for face in faces:
        lines += declarations(face.read_text("utf-8"))
    return [line.replace("`", "").replace("kotlin.", "") for line in lines]


def swift(generated: Path, faces: list[Path]) -> list[str]:
    """Return the declarations of the Swift module."""
    text = without_comments(generated.read_text("utf-8"))
    lines: list[str] = []
    for name, body in re.findall(r"^public struct (\w+[^{]*)\{(.*?)^\}", text, re.DOTALL | re.MULTILINE):
        if not INNER.match(name):
            # The initialiser says which fields there are, with their defaults.
            initialiser = re.search(r"public init\((.*?)\) \{", body, re.DOTALL)
            fields = split(one_line(initialiser[1])) if initialiser else []
            lines += block(f"struct {name.strip()}", [f"var {field}" for field in fields])
    for name, body in re.findall(r"^(?:public )\s*enum (\w+[^{]*)\{(.*?)^\}", text, re.DOTALL | re.MULTILINE):
        if not INNER.match(name):
            cases = re.findall(r"^    case (`?\w+`?(?:\(.*?\))?)\s*$", body, re.DOTALL | re.MULTILINE)
            lines += block(f"enum {name.strip()}", [f"case {one_line(case)}" for case in cases])
    for face in faces:
        lines += declarations(face.read_text("utf-8"))
    return lines


def declarations(text: str) -> list[str]:
    """Return what is declared `public` or extended in a written source, each in a line."""
    found: list[str] = []
    lines = iter(without_comments(text).splitlines())
    for line in lines:
        if not re.match(r"\s*((@\w+(\(.*?\))? )*public |extension )", line):
            continue
        declaration = line.rstrip()
        # As far as its parentheses go, and to the line with its body.
        while declaration.count("(") > declaration.count(")") or not re.search(r"[{=}:>)\w?]\s*$", declaration):
            declaration += " " + next(lines).strip()
        indent = re.match(r"\s*", declaration)
        body = None if "typealias" in declaration else re.search(r" (\{|=($| ))", outside_parentheses(declaration))
        end = body.start() if body else len(declaration)
        reduced = one_line(declaration[:end]).replace("public ", "")
        if not INNER.match(reduced.removeprefix("extension ")):
            found.append((indent[0] if indent else "") + reduced)
    return found


def outside_parentheses(text: str) -> str:
    """Return the text with all that stands in parentheses blanked out."""
    depth = 0
    blanked = ""
    for character in text:
        depth -= character == ")"
        blanked += " " if depth and character in "={" else character
        depth += character == "("
    return blanked


def split(fields: str) -> list[str]:
    """Return the parts between commas that stand in no bracket."""
    return [field.strip() for field in re.split(r",\s*(?=\w+: )", fields) if field.strip()]


def block(head: str, members: list[str]) -> list[str]:
    """Return a declaration and its members, in a line each."""
    return [head, *(f"    {one_line(member)}" for member in members)]


def one_line(text: str) -> str:
    """Return the text with its white space folded."""
    folded = re.sub(r"\s+", " ", text).strip().rstrip(",")
    return re.sub(r"\( ", "(", re.sub(r",? ?\)", ")", folded)).replace(" ,", ",")


def without_comments(text: str) -> str:
    """Return the text without comments; those in texts stay."""
    return COMMENT.sub(lambda match: match[1] or "", text)
