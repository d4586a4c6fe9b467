//! Names of Python's own that a library's names would hide. Where that happens, `list` is written as `builtins.list` and
//! `sys` as `_stdlib_sys`.

use std::collections::{BTreeMap, BTreeSet};

/// What the generated text uses of Python's built-in names.
const BUILTINS: [&str; 46] = [
    "AttributeError",
    "BaseException",
    "Exception",
    "ImportError",
    "IndexError",
    "KeyError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "RuntimeError",
    "TypeError",
    "UnicodeDecodeError",
    "UnicodeError",
    "ValueError",
    "abs",
    "all",
    "any",
    "bool",
    "bytearray",
    "bytes",
    "classmethod",
    "dict",
    "enumerate",
    "float",
    "getattr",
    "globals",
    "hasattr",
    "int",
    "isinstance",
    "issubclass",
    "len",
    "list",
    "memoryview",
    "next",
    "object",
    "property",
    "range",
    "repr",
    "set",
    "setattr",
    "staticmethod",
    "str",
    "super",
    "tuple",
    "type",
    "zip",
];

/// The modules that it imports.
const MODULES: [&str; 16] = [
    "asyncio",
    "atexit",
    "builtins",
    "contextlib",
    "ctypes",
    "dataclasses",
    "datetime",
    "enum",
    "io",
    "itertools",
    "operator",
    "os",
    "struct",
    "sys",
    "time",
    "typing",
];

/// What is to be written instead of those of Python's names that are hidden by the library's `names`.
pub fn hidden<'n>(names: impl IntoIterator<Item = &'n str>) -> BTreeMap<&'static str, String> {
    let mut replacements = BTreeMap::new();
    for name in names {
        if let Some(builtin) = BUILTINS.into_iter().find(|builtin| *builtin == name) {
            replacements.insert(builtin, format!("builtins.{builtin}"));
        }
        if let Some(module) = MODULES.into_iter().find(|module| *module == name) {
            replacements.insert(module, format!("_stdlib_{module}"));
        }
    }
    replacements
}

/// The text with `names` replaced, where it is Python's own that are meant: not in a function with a parameter so named.
pub fn qualify(text: &str, names: &BTreeMap<&'static str, String>) -> String {
    if names.is_empty() {
        return text.into();
    }
    let parameters = parameters_by_line(text);
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut line) = (text, 0);
    while let Some(first) = rest.chars().next() {
        let length = token_length(rest, first);
        let (token, after) = rest.split_at(length);
        match names.get(token) {
            Some(replacement) if !parameters[line].contains(token) && !is_name_of_its_own(&out, after) => {
                out.push_str(replacement);
            }
            _ if first == '"' && out.ends_with('f') => out.push_str(&qualify_format(token, names, &parameters[line])),
            _ => out.push_str(token),
        }
        line += token.matches('\n').count();
        rest = after;
    }
    out
}

/// An f-string, with the names replaced in what is between its braces.
fn qualify_format(string: &str, names: &BTreeMap<&'static str, String>, parameters: &BTreeSet<&str>) -> String {
    let names = names.iter().filter(|(name, _)| !parameters.contains(**name));
    let names = names.map(|(name, replacement)| (*name, replacement.clone())).collect();
    let mut out = String::new();
    for (index, part) in string.split('{').enumerate() {
        if index > 0 {
            out.push('{');
        }
        match part.split_once('}') {
            Some((expression, text)) if index > 0 => {
                out.push_str(&qualify(expression, &names));
                out.push('}');
                out.push_str(text);
            }
            _ => out.push_str(part),
        }
    }
    out
}

/// For each line, the parameters of the functions whose bodies it is in.
fn parameters_by_line(text: &str) -> Vec<BTreeSet<&str>> {
    let mut functions: Vec<(usize, BTreeSet<&str>)> = Vec::new();
    let mut by_line = Vec::new();
    let mut signature: Option<(usize, usize)> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let code = line.trim();
        let indent = line.len() - line.trim_start().len();
        if signature.is_none() && !code.is_empty() {
            functions.retain(|(outer, _)| *outer < indent);
            if code.starts_with("def ") || code.starts_with("async def ") {
                signature = Some((indent, offset));
            }
        }
        by_line.push(functions.iter().flat_map(|(_, names)| names.iter().copied()).collect());
        offset += line.len();
        if let Some((indent, start)) = signature
            && code.ends_with(':')
        {
            functions.push((indent, parameter_names(&text[start..offset])));
            signature = None;
        }
    }
    // What follows the last line break.
    by_line.push(BTreeSet::new());
    by_line
}

/// The names that a signature's parameters have.
fn parameter_names(signature: &str) -> BTreeSet<&str> {
    let Some((_, list)) = signature.split_once('(') else { return BTreeSet::new() };
    let mut names = BTreeSet::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (index, char) in list.char_indices() {
        match char {
            '(' | '[' | '{' => depth += 1,
            ',' | ')' if depth == 0 => {
                names.insert(list[start..index].split([':', '=']).next().unwrap_or_default().trim());
                start = index + 1;
                if char == ')' {
                    break;
                }
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    names
}

/// The length of the string, comment, word or other character that the text begins with.
fn token_length(text: &str, first: char) -> usize {
    for quote in ["\"\"\"", "\"", "'"] {
        if let Some(body) = text.strip_prefix(quote) {
            return quote.len() + string_length(body, quote);
        }
    }
    if first == '#' {
        return text.find('\n').unwrap_or(text.len());
    }
    if first.is_alphanumeric() || first == '_' {
        return text.find(|char: char| !char.is_alphanumeric() && char != '_').unwrap_or(text.len());
    }
    first.len_utf8()
}

/// How far it is to the end of a string's closing quote.
fn string_length(body: &str, quote: &str) -> usize {
    let mut from = 0;
    while from < body.len() {
        if body[from..].starts_with(quote) {
            return from + quote.len();
        }
        let mut chars = body[from..].chars();
        let char = chars.next().unwrap_or_default();
        from += char.len_utf8();
        if char == '\\' {
            from += chars.next().map_or(0, char::len_utf8);
        }
    }
    body.len()
}

/// Whether a word is the name of an attribute, a definition, a parameter, a field or a keyword argument.
fn is_name_of_its_own(before: &str, after: &str) -> bool {
    if [".", "def ", "class ", "import ", "as "].into_iter().any(|word| before.ends_with(word)) {
        return true;
    }
    let follows = after.trim_start_matches(' ');
    let begins = before.trim_end_matches(' ').ends_with(['\n', '(', ',']) || before.trim_end().is_empty();
    let is_assigned = follows.starts_with('=') && !follows.starts_with("==");
    begins && (follows.starts_with(':') || is_assigned)
}

#[cfg(test)]
mod tests {
    use super::{hidden, qualify};

    #[test]
    fn only_uses_are_qualified() {
        let names = hidden(["list", "len", "other"]);
        let text = "def list(len: int = 3, x: list[str] = y) -> list[int]:\n    \"\"\"A list.\"\"\"\n    return a.list(len(\"len\"), list=1)  # len\n";
        let expected = "def list(len: int = 3, x: builtins.list[str] = y) -> builtins.list[int]:\n    \"\"\"A list.\"\"\"\n    return a.list(len(\"len\"), list=1)  # len\n";
        assert_eq!(qualify(text, &names), expected);
    }

    #[test]
    fn modules_have_another_name() {
        let names = hidden(["sys"]);
        let text = "import sys\nimport sys as _stdlib_sys\ndef sys() -> None:\n    sys.exit(sys)\n";
        let expected = "import sys\nimport sys as _stdlib_sys\ndef sys() -> None:\n    _stdlib_sys.exit(_stdlib_sys)\n";
        assert_eq!(qualify(text, &names), expected);
    }

    #[test]
    fn parameters_are_left_alone() {
        let names = hidden(["type"]);
        let text = "def type(\n    type: str,\n) -> type:\n    return type.lower()\n\n\ntype(1)\n";
        let expected =
            "def type(\n    type: str,\n) -> builtins.type:\n    return type.lower()\n\n\nbuiltins.type(1)\n";
        assert_eq!(qualify(text, &names), expected);
    }

    #[test]
    fn format_strings_are_looked_into() {
        let names = hidden(["type"]);
        assert_eq!(qualify("f\"a type: {type(x)!r}\"", &names), "f\"a type: {builtins.type(x)!r}\"");
    }

    #[test]
    fn fields_keep_their_names() {
        let names = hidden(["list"]);
        assert_eq!(qualify("    list: list[str]\n", &names), "    list: builtins.list[str]\n");
    }
}
