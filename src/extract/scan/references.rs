//! Character references.

use super::Unsure;
use super::bytes::find_any;
use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// What stands for something else, or for nothing.
const MEANING_MORE: [u8; 3] = [b'&', b'\r', b'\0'];

/// Whether a text is more than its bytes.
pub(super) fn is_plain(text: &str) -> bool {
    find_any(text.as_bytes(), MEANING_MORE).is_none()
}

/// Adds the text with its character references resolved and its line ends made one character. What a NUL in it comes to is up to
/// where it stands; in an attribute it is for the tree.
pub(super) fn resolve(text: &str, in_attribute: bool, out: &mut String) -> Result<(), Unsure> {
    let mut rest = text;
    while let Some(at) = find_any(rest.as_bytes(), MEANING_MORE) {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        match rest.as_bytes()[at] {
            b'&' => rest = reference(after, in_attribute, out),
            b'\r' => {
                // Of both characters the second is kept.
                if !after.starts_with('\n') {
                    out.push('\n');
                }
                rest = after;
            }
            _ if in_attribute => return Err(Unsure("a NUL")),
            _ => {
                out.push('\0');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Ok(())
}

/// Adds the text with its line ends made one character.
pub(super) fn lines(text: &str, out: &mut String) -> Result<(), Unsure> {
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'\r', b'\0', rest.as_bytes()) {
        if rest.as_bytes()[at] == b'\0' {
            return Err(Unsure("a NUL"));
        }
        out.push_str(&rest[..at]);
        out.push('\n');
        rest = rest[at + 1..].strip_prefix('\n').unwrap_or(&rest[at + 1..]);
    }
    out.push_str(rest);
    Ok(())
}

/// Reads what follows an ampersand, and gives what follows that.
fn reference<'a>(text: &'a str, in_attribute: bool, out: &mut String) -> &'a str {
    if let Some(number) = text.strip_prefix('#') {
        let hexadecimal = number.strip_prefix(['x', 'X']);
        if let Some((character, rest)) = numeric(hexadecimal.unwrap_or(number), hexadecimal.is_some()) {
            out.push(character);
            return rest;
        }
    } else if let Some((characters, rest)) = common(text).or_else(|| named(text, in_attribute)) {
        out.extend(characters.into_iter().filter(|c| *c != '\0'));
        return rest;
    }
    out.push('&');
    text
}

fn numeric(digits: &str, hexadecimal: bool) -> Option<(char, &str)> {
    let base = if hexadecimal { 16 } else { 10 };
    let end = digits.bytes().position(|b| !char::from(b).is_digit(base)).unwrap_or(digits.len());
    if end == 0 {
        return None;
    }
    // What is too large for the number is no character either.
    let code = u32::from_str_radix(&digits[..end], base).unwrap_or(u32::MAX);
    let character = match code {
        0 => None,
        0x80..=0x9f => C1_REPLACEMENTS[code as usize - 0x80].or(char::from_u32(code)),
        code => char::from_u32(code),
    };
    let rest = &digits[end..];
    Some((character.unwrap_or('\u{fffd}'), rest.strip_prefix(';').unwrap_or(rest)))
}

/// One of the names that nearly all references have.
fn common(text: &str) -> Option<([char; 2], &str)> {
    let (length, character) = match text.as_bytes() {
        [b'a', b'm', b'p', b';', ..] => (4, '&'),
        [b'n', b'b', b's', b'p', b';', ..] => (5, '\u{a0}'),
        [b'q', b'u', b'o', b't', b';', ..] => (5, '"'),
        [b'l', b't', b';', ..] => (3, '<'),
        [b'g', b't', b';', ..] => (3, '>'),
        _ => return None,
    };
    Some(([character, '\0'], &text[length..]))
}

/// The longest name that the text begins with.
fn named(text: &str, in_attribute: bool) -> Option<([char; 2], &str)> {
    let end = text.bytes().position(|byte| !byte.is_ascii_alphanumeric());
    // A name that is closed is the longest there can be.
    if let Some(end) = end.filter(|end| text.as_bytes()[*end] == b';')
        && let Some((first @ 1.., second)) = NAMED_ENTITIES.get(&text[..=end])
    {
        return Some(([char::from_u32(*first)?, char::from_u32(*second)?], &text[end + 1..]));
    }
    let mut longest = None;
    for (at, byte) in text.bytes().enumerate() {
        if !byte.is_ascii_alphanumeric() && byte != b';' {
            break;
        }
        match NAMED_ENTITIES.get(&text[..=at]) {
            // A beginning of names only.
            Some((0, _)) => {}
            Some(codes) => longest = Some((at + 1, *codes)),
            None => break,
        }
    }
    let (length, (first, second)) = longest?;
    let rest = &text[length..];
    let is_closed = text[..length].ends_with(';');
    if in_attribute && !is_closed && rest.starts_with(|c: char| c == '=' || c.is_ascii_alphanumeric()) {
        return None;
    }
    Some(([char::from_u32(first)?, char::from_u32(second)?], rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_standard_has_it() {
        for (text, in_text, in_attribute) in [
            ("a&amp;b&lt", "a&b<", "a&b<"),
            ("&notit; &notin; &not=", "¬it; ∉ ¬=", "&notit; ∉ &not="),
            (
                "&#x41;&#66&#0;&#128;&#xd800;&#99999999999;",
                "AB\u{fffd}€\u{fffd}\u{fffd}",
                "AB\u{fffd}€\u{fffd}\u{fffd}",
            ),
            ("&#;&#x;&&x;&", "&#;&#x;&&x;&", "&#;&#x;&&x;&"),
            ("&NotEqualTilde;\r\n\r", "≂̸\n\n", "≂̸\n\n"),
        ] {
            for (flag, want) in [(false, in_text), (true, in_attribute)] {
                let mut out = String::new();
                resolve(text, flag, &mut out).unwrap();
                assert_eq!(out, want, "{text}");
            }
        }
        assert!(resolve("\0", true, &mut String::new()).is_err());
    }
}
