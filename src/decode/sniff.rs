//! Telling what a body is, after the WHATWG MIME Sniffing standard as far as a reader of pages needs it.

/// What a body is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// HTML or XHTML: to be lifted.
    Page,
    /// Some other text (JSON, CSS, plain text): carried as text, not lifted.
    Text,
    /// Not text: neither carried nor lifted.
    Binary,
}

/// How many leading bytes are looked at (the standard's resource header is 1445 bytes).
const HEADER: usize = 1445;

/// Magic numbers of what servers mislabel as HTML most often.
const SIGNATURES: &[&[u8]] = &[
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"%PDF-",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"wOFF",
    b"wOF2",
    b"OggS\0",
    b"\x1aE\xdf\xa3",
    b"ID3",
    b"\0asm",
    b"\x7fELF",
];

/// Classifies a body by the essence of its media type (empty when there is no valid one) and its first bytes.
pub(crate) fn classify(essence: &str, body: &[u8]) -> Content {
    let head = &body[..body.len().min(HEADER)];
    if is_signed(head) {
        return Content::Binary;
    }
    match essence {
        "text/html" | "application/xhtml+xml" => Content::Page,
        "" | "application/octet-stream" | "unknown/unknown" | "application/unknown" => {
            match (looks_like_html(head), is_binary(head)) {
                (true, _) => Content::Page,
                (false, true) => Content::Binary,
                (false, false) => Content::Text,
            }
        }
        // A feed or another XML document is text; one whose root is `html` is a page all the same.
        xml if xml.ends_with("+xml") || xml == "text/xml" || xml == "application/xml" => {
            if looks_like_html(head) {
                Content::Page
            } else {
                Content::Text
            }
        }
        // Names for text are many (YAML, scripts, JSON of all kinds); its bytes tell it.
        text if (text.starts_with("text/") || text.starts_with("application/")) && !is_binary(head) => Content::Text,
        _ => Content::Binary,
    }
}

fn is_signed(head: &[u8]) -> bool {
    SIGNATURES.iter().any(|s| head.starts_with(s))
        || (head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"))
        || head.get(4..8) == Some(b"ftyp")
}

/// Holds a byte that no text has ("binary data byte" of the standard), and no byte order mark.
fn is_binary(head: &[u8]) -> bool {
    let marked = head.starts_with(b"\xfe\xff") || head.starts_with(b"\xff\xfe") || head.starts_with(b"\xef\xbb\xbf");
    !marked && head.iter().any(|&b| matches!(b, 0x00..=0x08 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f))
}

/// Starts, after white space, comments and prologue, with a tag that only HTML has.
fn looks_like_html(head: &[u8]) -> bool {
    const TAGS: &[&[u8]] = &[
        b"!doctype html",
        b"html",
        b"head",
        b"script",
        b"iframe",
        b"h1",
        b"div",
        b"font",
        b"table",
        b"a",
        b"style",
        b"title",
        b"b",
        b"body",
        b"br",
        b"p",
        b"meta",
        b"link",
        b"base",
        b"main",
        b"article",
        b"section",
        b"header",
    ];
    let mut rest = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    loop {
        rest = rest.trim_ascii_start();
        let skipped = if rest.starts_with(b"<!--") {
            find(rest, b"-->")
        } else if rest.starts_with(b"<?") {
            find(rest, b"?>")
        } else {
            None
        };
        match skipped {
            Some(end) => rest = &rest[end..],
            None => break,
        }
    }
    // A comment that runs past the header: only pages start so.
    if rest.starts_with(b"<!--") {
        return true;
    }
    let Some(tag) = rest.strip_prefix(b"<") else {
        return false;
    };
    TAGS.iter().any(|t| {
        tag.len() > t.len()
            && tag[..t.len()].eq_ignore_ascii_case(t)
            && matches!(tag[t.len()], b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'>' | b'/')
    })
}

/// The index after the first `needle`.
fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle).map(|at| at + needle.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_bytes() {
        for (label, body, want) in [
            ("text/html", &b"anything"[..], Content::Page),
            ("text/html", b"\x00\x01", Content::Page),
            ("text/html", b"\x89PNG\r\n\x1a\n....", Content::Binary),
            ("image/png", b"<html>", Content::Binary),
            ("", b"  <!-- x --> <!DOCTYPE html><p>", Content::Page),
            ("", b"<?xml version='1.0'?><html xmlns='x'>", Content::Page),
            ("application/xml", b"<rss version='2.0'>", Content::Text),
            ("", b"just words", Content::Text),
            ("", b"\x01\x02\x03", Content::Binary),
            ("application/json", b"{}", Content::Text),
            ("application/yaml", b"a: b", Content::Text),
            ("application/zip", b"\0\0", Content::Binary),
            ("font/woff", b"text", Content::Binary),
            ("application/pdf", b"%PDF-1.7", Content::Binary),
            ("text/plain", b"\0\0\0", Content::Binary),
            ("", b"\xff\xfe<\0h\0t\0m\0l\0>\0", Content::Text),
        ] {
            assert_eq!(classify(label, body), want, "{label:?} {body:?}");
        }
    }
}
