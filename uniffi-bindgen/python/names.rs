//! Rust names in Python's case. The rules are the stock generator's, so that callers can change over.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

const KEYWORDS: [&str; 36] = [
    "False",
    "None",
    "True",
    "__peg_parser__",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
];

fn no_keyword(name: String) -> String {
    if KEYWORDS.contains(&name.as_str()) { format!("_{name}") } else { name }
}

/// The name of a class.
pub fn class(name: &str) -> String {
    no_keyword(name.to_upper_camel_case())
}

/// The name of a function, method, argument or field. None is `self` or `cls`, which methods have already.
pub fn variable(name: &str) -> String {
    let name = no_keyword(name.to_snake_case());
    if name == "self" || name == "cls" { format!("_{name}") } else { name }
}

/// The name of a variant of an enum that is no error.
pub fn variant(name: &str) -> String {
    no_keyword(name.to_shouty_snake_case())
}
