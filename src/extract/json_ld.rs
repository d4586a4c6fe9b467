//! JSON-LD blocks, read one by one; what sites commonly get wrong in them is mended.

use super::facts::JsonLd;
use serde_json::Value;

/// Reads one `<script type="application/ld+json">`.
///
/// A block that could be read keeps its text as `raw`, mended where it had to be, so that `raw` is valid JSON
/// when there is no `error`.
pub(super) fn read(text: &str) -> (JsonLd, Option<Value>) {
    let text = text.trim().trim_start_matches('\u{feff}');
    let first_error = match serde_json::from_str(text) {
        Ok(value) => return checked(text.to_owned(), value),
        Err(error) => error,
    };
    let mended = mend(text);
    match serde_json::from_str(&mended) {
        Ok(value) => checked(mended, value),
        Err(_) => (JsonLd { raw: text.to_owned(), error: Some(first_error.to_string()) }, None),
    }
}

/// A document of JSON-LD 1.1 is an object or an array of such.
fn checked(raw: String, value: Value) -> (JsonLd, Option<Value>) {
    if value.is_object() || value.is_array() {
        return (JsonLd { raw, error: None }, Some(value));
    }
    (JsonLd { raw, error: Some("neither an object nor an array".to_owned()) }, None)
}

/// Drops HTML and script comments, CDATA marks, trailing commas and semicolons, and escapes raw control characters
/// in strings.
fn mend(text: &str) -> String {
    let text = unwrap(text);
    let mut out = String::with_capacity(text.len());
    let mut in_string = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if in_string {
            match c {
                '\\' => {
                    let escaped = after.chars().next();
                    match escaped {
                        // Backslashes before what JSON does not let escape.
                        Some(e) if !matches!(e, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u') => {
                            out.extend(Some(e).filter(|e| !e.is_control()));
                        }
                        Some('u') if is_lone_surrogate(after, &out) => {
                            out.push_str("\\ufffd");
                            rest = after.get(5..).unwrap_or_default();
                            continue;
                        }
                        Some(e) => {
                            out.push('\\');
                            out.push(e);
                        }
                        None => {}
                    }
                    rest = &after[escaped.map_or(0, char::len_utf8)..];
                    continue;
                }
                '"' => {
                    in_string = false;
                    out.push('"');
                }
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                c if c.is_control() && (c as u32) < 0x20 => out.push(' '),
                c => out.push(c),
            }
        } else if let Some(comment) = after.strip_prefix('/').filter(|_| c == '/') {
            rest = comment.find('\n').map_or("", |end| &comment[end..]);
            continue;
        } else if let Some(comment) = after.strip_prefix('*').filter(|_| c == '/') {
            rest = comment.find("*/").map_or("", |end| &comment[end + 2..]);
            continue;
        } else if c == '}' || c == ']' {
            let kept = out.trim_end().trim_end_matches(',').len();
            out.truncate(kept);
            out.push(c);
        } else {
            in_string = c == '"';
            out.push(c);
        }
        rest = after;
    }
    let kept = out.trim_end().trim_end_matches([';', ',']).len();
    out.truncate(kept);
    out
}

/// Whether `escape` (from its `u` on) is half of a surrogate pair without the other half, which JSON's readers in browsers let
/// pass. `before` is what was written so far.
fn is_lone_surrogate(escape: &str, before: &str) -> bool {
    let unit = |text: &str| text.get(1..5).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    let follows = |text: &str| text.get(5..6) == Some("\\") && text.get(6..7) == Some("u");
    match unit(escape) {
        Some(0xd800..=0xdbff) => !(follows(escape) && matches!(escape.get(6..).and_then(unit), Some(0xdc00..=0xdfff))),
        Some(0xdc00..=0xdfff) => {
            let high = before.len().checked_sub(6).and_then(|at| before.get(at..));
            !high.is_some_and(|h| h.starts_with("\\u") && matches!(unit(&h[1..]), Some(0xd800..=0xdbff)))
        }
        _ => false,
    }
}

/// Takes off what is wrapped around the whole block: `<!-- … -->`, `<![CDATA[ … ]]>`, each perhaps behind `//` or
/// in `/* … */`.
fn unwrap(text: &str) -> &str {
    let mut text = text.trim();
    // A comment before the data, rather than around it.
    while let Some((comment, rest)) = text.strip_prefix("<!--").and_then(|inner| inner.split_once("-->"))
        && rest.trim_start().starts_with(['{', '[', '<'])
        && !comment.trim_start().starts_with(['{', '['])
    {
        text = rest.trim_start();
    }
    loop {
        let before = text;
        for mark in ["<!--", "<![CDATA[", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "/* <![CDATA[ */"] {
            text = text.strip_prefix(mark).unwrap_or(text).trim_start();
        }
        for mark in ["-->", "]]>", "//]]>", "// ]]>", "/*]]>*/", "/* ]]> */", "//"] {
            text = text.strip_suffix(mark).unwrap_or(text).trim_end();
        }
        if text == before {
            return text;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mends_what_sites_get_wrong() {
        for (broken, want) in [
            (r#"{"a": [1, 2,], }"#, r#"{"a":[1,2]}"#),
            ("<!-- {\"a\": 1} -->", r#"{"a":1}"#),
            ("<!-- who --> <!-- what -->\n{\"a\": \"<!-- b -->\"}", r#"{"a":"<!-- b -->"}"#),
            ("//<![CDATA[\n{\"a\": 1}\n//]]>", r#"{"a":1}"#),
            ("/*<![CDATA[*/{\"a\": 1}/*]]>*/", r#"{"a":1}"#),
            ("{\"a\": 1};", r#"{"a":1}"#),
            ("{\"a\": \"one\ntwo\"}", r#"{"a":"one\ntwo"}"#),
            ("{ // note\n \"u\": \"http://x/*y*/\" /* z */}", r#"{"u":"http://x/*y*/"}"#),
            (r#"{"a": "\ud83d x \ude00 \ud83d\ude00"}"#, "{\"a\":\"\u{fffd} x \u{fffd} \u{1f600}\"}"),
            (r#"{"a": "it\'s"}"#, r#"{"a":"it's"}"#),
        ] {
            let (block, value) = read(broken);
            assert_eq!(block.error, None, "{broken}");
            assert_eq!(value.unwrap().to_string(), want, "{broken}");
            assert!(serde_json::from_str::<Value>(&block.raw).is_ok());
        }
    }

    #[test]
    fn beyond_repair_keeps_its_text_and_says_why() {
        for broken in ["{", "{\"a\" 1}", "nonsense", "{\"a\": \"", "\\", "{\"a\":\"\\"] {
            let (block, value) = read(broken);
            assert_eq!(block.raw, broken);
            assert!(block.error.is_some() && value.is_none());
        }
        let deep = "[".repeat(100_000);
        assert!(read(&deep).0.error.is_some());
    }
}
