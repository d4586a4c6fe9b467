//! Media types as the Fetch and MIME Sniffing standards read them from headers.

/// A media type: its essence (`type/subtype`, in lower case) and its `charset` parameter as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MediaType {
    pub essence: String,
    pub charset: Option<String>,
}

impl MediaType {
    /// "Parse a MIME type" of the MIME Sniffing standard; nothing when the text is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = split(text, ';');
        let (kind, subtype) = parts.next()?.trim_matches(is_space).split_once('/')?;
        let subtype = subtype.trim_end_matches(is_space);
        if !is_token(kind) || !is_token(subtype) {
            return None;
        }
        let charset = parts.find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim_start_matches(is_space).eq_ignore_ascii_case("charset").then(|| unquoted(value))
        });
        Some(Self {
            essence: format!("{kind}/{subtype}").to_ascii_lowercase(),
            charset: charset.filter(|label| !label.is_empty()),
        })
    }

    /// "Extract a MIME type" of the Fetch standard, from the values of all `Content-Type` headers: the last valid one counts, and
    /// keeps the charset of one before it that is of the same essence.
    pub(crate) fn of_headers(values: &str) -> Option<Self> {
        let mut found: Option<Self> = None;
        for next in split(values, ',').filter_map(Self::parse).filter(|t| t.essence != "*/*") {
            let before = found.take().filter(|before| before.essence == next.essence);
            let charset = next.charset.or_else(|| before.and_then(|before| before.charset));
            found = Some(Self { essence: next.essence, charset });
        }
        found
    }
}

/// Splits outside of quoted strings.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c| {
        let was_escaped = std::mem::take(&mut escaped);
        match c {
            '\\' if quoted && !was_escaped => escaped = true,
            '"' if !was_escaped => quoted = !quoted,
            _ => {}
        }
        c == separator && !quoted
    })
}

fn unquoted(value: &str) -> String {
    match value.trim_matches(is_space).strip_prefix('"') {
        None => value.trim_matches(is_space).to_owned(),
        Some(quoted) => {
            let mut text = String::new();
            let mut chars = quoted.chars();
            while let Some(c) = chars.next() {
                match c {
                    '"' => break,
                    '\\' => text.extend(chars.next()),
                    c => text.push(c),
                }
            }
            text
        }
    }
}

fn is_space(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' ')
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &str) -> Option<(String, Option<String>)> {
        MediaType::of_headers(values).map(|t| (t.essence, t.charset))
    }

    #[test]
    fn headers_as_browsers_read_them() {
        let html = |charset: Option<&str>| Some(("text/html".to_owned(), charset.map(str::to_owned)));
        assert_eq!(read("text/html"), html(None));
        assert_eq!(read(" Text/HTML ;charset=UTF-8"), html(Some("UTF-8")));
        assert_eq!(read("text/html; x-charset=koi8-r; charset=utf-8"), html(Some("utf-8")));
        assert_eq!(read("text/html;charset=\"a\\\"b;c\";x=y"), html(Some("a\"b;c")));
        assert_eq!(read("text/html; charset=koi8-r, text/html"), html(Some("koi8-r")));
        assert_eq!(read("text/plain; charset=koi8-r, text/html"), html(None));
        assert_eq!(read("text/html, */*"), html(None));
        assert_eq!(read("text/html,text/html"), html(None));
        assert_eq!(read("text/html, nonsense"), html(None));
        for none in ["", "html", "text/html charset=utf-8", "/", "text/", "a b/c", ";charset=utf-8"] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
