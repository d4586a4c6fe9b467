//! One spelling for every path, so that a rule and a URL can be compared byte by byte (RFC 9309, section 2.2.2).

use url::Url;

/// The path and query of a URL, as rules know them. `*` and `$` are escaped, since they are special in rules.
pub(super) fn of_url(url: &Url) -> Vec<u8> {
    let mut text = url.path().as_bytes().to_vec();
    if let Some(query) = url.query() {
        text.push(b'?');
        text.extend_from_slice(query.as_bytes());
    }
    let mut path = Vec::with_capacity(text.len());
    spell(&text, &mut path, |byte| matches!(byte, b'*' | b'$'));
    path
}

/// The path of a rule. A `$` that is not at its end is an ordinary character, and a slash that was left out at the beginning is put there.
pub(super) fn of_rule(text: &[u8]) -> Vec<u8> {
    let (body, end) = match text.split_last() {
        Some((b'$', body)) => (body, Some(b'$')),
        _ => (text, None),
    };
    let mut path = Vec::with_capacity(text.len() + 1);
    if !matches!(text.first(), Some(b'/' | b'*' | b'$')) {
        path.push(b'/');
    }
    spell(body, &mut path, |byte| byte == b'$');
    path.extend(end);
    path
}

/// Escapes of characters that need none are undone, other escapes are written in capitals, and what can't stand in a URL is escaped.
fn spell(text: &[u8], path: &mut Vec<u8>, is_escaped: impl Fn(u8) -> bool) {
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let escaped = match (byte, after) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        if let Some(byte) = escaped {
            rest = &after[2..];
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                path.push(byte);
            } else {
                escape(byte, path);
            }
        } else if is_escaped(byte)
            || !byte.is_ascii_graphic()
            || matches!(byte, b'"' | b'<' | b'>' | b'`' | b'{' | b'}')
        {
            escape(byte, path);
        } else {
            path.push(byte);
        }
    }
}

fn escape(byte: u8, path: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    path.extend([b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
