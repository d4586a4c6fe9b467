//! "Prescan a byte stream to determine its encoding" of the HTML standard, section 13.2.3.2.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// How many bytes browsers look at before they start to parse.
const PRESCAN: usize = 1024;

/// The encoding that a `<meta>` (or an XML declaration) in the first 1024 bytes declares.
pub(crate) fn prescan(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(PRESCAN)];
    // UTF-16 XML declarations, as the standard's step 2.
    if head.starts_with(b"<\0?\0x\0") {
        return Some(UTF_16LE);
    }
    if head.starts_with(b"\0<\0?\0x") {
        return Some(UTF_16BE);
    }
    Scanner { bytes: head, at: 0 }.meta().or_else(|| xml_declaration(head))
}

/// What a label in markup means: UTF-16 cannot have been read as ASCII, so it is UTF-8.
pub(crate) fn declared(label: &str) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(label.as_bytes())?;
    Some(if encoding == UTF_16LE || encoding == UTF_16BE {
        UTF_8
    } else if encoding == X_USER_DEFINED {
        WINDOWS_1252
    } else {
        encoding
    })
}

/// "Extracting a character encoding from a meta element": the label in `text/html; charset=label`.
pub(crate) fn charset_in(content: &str) -> Option<&str> {
    let bytes = content.as_bytes();
    let mut from = 0;
    let start = loop {
        let rest = bytes.get(from..)?;
        let found = rest.windows(7).position(|w| w.eq_ignore_ascii_case(b"charset"))?;
        let mut at = from + found + 7;
        while bytes.get(at).is_some_and(|b| is_space(*b)) {
            at += 1;
        }
        if bytes.get(at) == Some(&b'=') {
            at += 1;
            while bytes.get(at).is_some_and(|b| is_space(*b)) {
                at += 1;
            }
            break at;
        }
        from = at;
    };
    // `start` follows an ASCII byte, so it is a character boundary.
    let value = &content[start..];
    match value.as_bytes().first()? {
        quote @ (b'"' | b'\'') => value[1..].split_once(*quote as char).map(|(label, _)| label),
        _ => value.split(|c: char| c == ';' || c.is_ascii_whitespace()).next().filter(|label| !label.is_empty()),
    }
}

fn is_space(b: u8) -> bool {
    matches!(b, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

/// `<?xml … encoding="…"?>` at the very start ("get an XML encoding").
fn xml_declaration(head: &[u8]) -> Option<&'static Encoding> {
    let rest = head.strip_prefix(b"<?xml")?;
    let end = rest.iter().position(|b| *b == b'>')?;
    let rest = &rest[..end];
    let at = rest.windows(8).position(|w| w == b"encoding")? + 8;
    let value = rest[at..].trim_ascii_start().strip_prefix(b"=")?;
    let value = value.trim_ascii_start();
    let quote = *value.first().filter(|q| matches!(q, b'"' | b'\''))?;
    let label = value[1..].split(|b| *b == quote).next()?;
    if label.iter().any(|b| *b <= 0x20) {
        return None;
    }
    declared(std::str::from_utf8(label).ok()?)
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.at.min(self.bytes.len())..]
    }

    /// Walks the tags and returns what the first usable `<meta>` declares.
    fn meta(&mut self) -> Option<&'static Encoding> {
        while self.at < self.bytes.len() {
            let rest = self.rest();
            if rest.starts_with(b"<!--") {
                // The end may share the dashes of the start: `<!-->`.
                let end = rest[2..].windows(3).position(|w| w == b"-->")?;
                self.at += 2 + end + 3;
            } else if rest.len() > 5
                && rest[..5].eq_ignore_ascii_case(b"<meta")
                && (is_space(rest[5]) || rest[5] == b'/')
            {
                self.at += 6;
                if let Some(encoding) = self.meta_attributes() {
                    return Some(encoding);
                }
            } else if is_tag(rest) {
                self.at += 1;
                while self.peek().is_some_and(|b| !is_space(b) && b != b'>') {
                    self.at += 1;
                }
                while self.attribute().is_some() {}
                self.at += 1;
            } else if matches!(rest, [b'<', b'!' | b'/' | b'?', ..]) {
                let end = rest.iter().position(|b| *b == b'>')?;
                self.at += end + 1;
            } else {
                self.at += 1;
            }
        }
        None
    }

    fn meta_attributes(&mut self) -> Option<&'static Encoding> {
        let mut seen: Vec<Vec<u8>> = Vec::new();
        let mut got_pragma = false;
        let mut need_pragma = None;
        let mut charset = None;
        while let Some((name, value)) = self.attribute() {
            if seen.contains(&name) {
                continue;
            }
            let value = String::from_utf8_lossy(&value).into_owned();
            match name.as_slice() {
                b"http-equiv" => got_pragma |= value == "content-type",
                b"content" if charset.is_none() => {
                    if let Some(found) = charset_in(&value).and_then(declared) {
                        charset = Some(found);
                        need_pragma = Some(true);
                    }
                }
                b"charset" => {
                    charset = declared(&value);
                    need_pragma = Some(false);
                }
                _ => {}
            }
            seen.push(name);
        }
        match need_pragma {
            None => None,
            Some(true) if !got_pragma => None,
            Some(_) => charset,
        }
    }

    /// "Get an attribute": name and value in ASCII lower case, or nothing at the end of the tag.
    fn attribute(&mut self) -> Option<(Vec<u8>, Vec<u8>)> {
        while self.peek().is_some_and(|b| is_space(b) || b == b'/') {
            self.at += 1;
        }
        if self.peek()? == b'>' {
            return None;
        }
        let mut name = Vec::new();
        loop {
            match self.peek()? {
                b'=' if !name.is_empty() => {
                    self.at += 1;
                    break;
                }
                b if is_space(b) => {
                    while self.peek().is_some_and(is_space) {
                        self.at += 1;
                    }
                    if self.peek()? != b'=' {
                        return Some((name, Vec::new()));
                    }
                    self.at += 1;
                    break;
                }
                b'/' | b'>' => return Some((name, Vec::new())),
                b => {
                    name.push(b.to_ascii_lowercase());
                    self.at += 1;
                }
            }
        }
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
        let mut value = Vec::new();
        match self.peek()? {
            quote @ (b'"' | b'\'') => {
                self.at += 1;
                loop {
                    let b = self.peek()?;
                    self.at += 1;
                    if b == quote {
                        return Some((name, value));
                    }
                    value.push(b.to_ascii_lowercase());
                }
            }
            b'>' => Some((name, value)),
            _ => loop {
                match self.peek()? {
                    b if is_space(b) || b == b'>' => return Some((name, value)),
                    b => {
                        value.push(b.to_ascii_lowercase());
                        self.at += 1;
                    }
                }
            },
        }
    }
}

fn is_tag(rest: &[u8]) -> bool {
    match rest {
        [b'<', b'/', c, ..] | [b'<', c, ..] => c.is_ascii_alphabetic(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(bytes: &[u8]) -> Option<&'static str> {
        prescan(bytes).map(Encoding::name)
    }

    #[test]
    fn metas() {
        assert_eq!(name(b"<meta charset=utf-8>"), Some("UTF-8"));
        assert_eq!(name(b"<META CHARSET = 'koi8-r'>"), Some("KOI8-R"));
        assert_eq!(
            name(b"<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>"),
            Some("windows-1251")
        );
        assert_eq!(name(b"<meta content='text/html; charset=windows-1251'>"), None);
        assert_eq!(name(b"<!-- <meta charset=koi8-r> --><meta charset=gb2312>"), Some("GBK"));
        assert_eq!(name(b"<!--><meta charset=koi8-r>"), Some("KOI8-R"));
        assert_eq!(name(b"<p title='<meta charset=koi8-r>'><meta charset=big5>"), Some("Big5"));
        assert_eq!(name(b"<meta charset=utf-16le>"), Some("UTF-8"));
        assert_eq!(name(b"<meta charset=nonsense><meta charset=euc-kr>"), Some("EUC-KR"));
        assert_eq!(name(b"<?xml version='1.0' encoding='euc-jp'?>"), Some("EUC-JP"));
        assert_eq!(name(b"<metaphor charset=koi8-r>"), None);
        assert_eq!(name(b"<meta charset='koi8-r"), None);
    }

    #[test]
    fn only_the_first_1024_bytes() {
        let mut page = vec![b' '; 1020];
        page.extend(b"<meta charset=koi8-r>");
        assert_eq!(name(&page), None);
    }

    #[test]
    fn labels_in_content() {
        assert_eq!(charset_in("text/html; charset=utf-8"), Some("utf-8"));
        assert_eq!(charset_in("charset charset = \"a b\""), Some("a b"));
        assert_eq!(charset_in("text/html; charset='x"), None);
        assert_eq!(charset_in("é charset=é"), Some("é"));
        assert_eq!(charset_in("charset="), None);
    }
}
