//! Finding the end of a page's head while its body still comes.

use crate::decode::gradual::Gradual;
use crate::decode::media_type::MediaType;

/// A head that has no end within so many bytes is not looked for any longer.
const MOST: usize = 512 * 1024;

/// Elements whose content is text, whatever it looks like. `noscript` is none: we run no scripts.
const TEXTS: &[&[u8]] = &[b"script", b"style", b"title", b"textarea", b"xmp", b"iframe", b"noembed", b"noframes"];

/// Longer names are none of these.
const LONGEST_NAME: usize = 10;

/// Looks for the end of the head in a body that comes bit by bit.
pub(super) struct Head {
    gradual: Option<Gradual>,
    coding: String,
    /// How far it was looked, in what is unpacked.
    place: Place,
    /// Of the body as it came.
    taken: usize,
    has_begun: bool,
}

/// What there is to say of the bytes so far.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// More are wanted.
    On,
    /// The head ends with this one of the unpacked bytes; these are they where the body came packed.
    Ends(usize, Option<Vec<u8>>),
    /// The end cannot be found.
    GiveUp,
}

impl Head {
    /// For a body of this type and content coding, as the headers say. None for what is no page.
    pub(super) fn new(content_type: Option<&str>, content_encoding: &str) -> Option<Self> {
        let essence = content_type.and_then(MediaType::of_headers).map(|found| found.essence);
        let is_page = essence.is_none_or(|essence| matches!(essence.as_str(), "text/html" | "application/xhtml+xml"));
        let coding = if content_encoding.trim().eq_ignore_ascii_case("identity") { "" } else { content_encoding };
        is_page.then(|| Self {
            gradual: None,
            coding: coding.to_owned(),
            place: Place::default(),
            taken: 0,
            has_begun: false,
        })
    }

    /// Looks at the body as far as it came.
    pub(super) fn look(&mut self, body: &[u8]) -> Look {
        if self.coding.is_empty() {
            return match find(body, &mut self.place) {
                Some(end) => Look::Ends(end, None),
                None if body.len() > MOST => Look::GiveUp,
                None => Look::On,
            };
        }
        if !std::mem::replace(&mut self.has_begun, true) {
            self.gradual = Gradual::new(&self.coding, body, MOST);
        }
        let Some(gradual) = &mut self.gradual else { return Look::GiveUp };
        let end = gradual.push(&body[self.taken..]);
        self.taken = body.len();
        let unpacked = gradual.bytes();
        match find(unpacked, &mut self.place) {
            Some(found) => Look::Ends(found, Some(unpacked[..found].to_vec())),
            None if end.is_err() => Look::GiveUp,
            None => Look::On,
        }
    }

    /// How many bytes it holds.
    pub(super) fn held(&self) -> usize {
        self.gradual.as_ref().map_or(0, |gradual| gradual.bytes().len())
    }
}

/// How far the head's end was looked for: what was seen once is not looked at again, as it may come byte by byte.
#[derive(Debug, Default)]
struct Place {
    /// There is nothing more to be seen before this. Where what stands there has no end so far, it is looked at again.
    at: usize,
    /// How far that end was looked for.
    seen: usize,
}

impl Place {
    fn move_to(&mut self, at: usize) {
        *self = Self { at, seen: at };
    }

    /// Where to go on looking for so many bytes, which do not begin before `start`.
    fn from(&self, start: usize, length: usize) -> usize {
        start.max((self.seen + 1).saturating_sub(length))
    }
}

/// Where the head ends: behind `</head>`, or before a `<body>` that comes first. None so far, where `bytes` have no end of it.
///
/// It knows comments and the elements that hold text. What browsers take for the end besides (any tag that no head holds) is passed over: too much
/// does no harm.
fn find(bytes: &[u8], place: &mut Place) -> Option<usize> {
    let found = step_by_step(bytes, place);
    place.seen = bytes.len();
    found
}

fn step_by_step(bytes: &[u8], place: &mut Place) -> Option<usize> {
    loop {
        let Some(before) = memchr::memchr(b'<', bytes.get(place.at..)?) else {
            place.move_to(bytes.len());
            return None;
        };
        if before > 0 {
            place.move_to(place.at + before);
        }
        let start = place.at;
        if bytes[start..].starts_with(b"<!--") {
            // `<!-->` is a whole comment.
            let from = place.from(start + 2, 3);
            place.move_to(from + memchr::memmem::find(&bytes[from..], b"-->")? + 3);
            continue;
        }
        let is_end = bytes.get(start + 1) == Some(&b'/');
        let name_at = start + 1 + usize::from(is_end);
        let is_over = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'/' | b'>');
        let Some(length) = bytes[name_at..].iter().take(LONGEST_NAME).position(is_over) else {
            if bytes.len() - name_at < LONGEST_NAME {
                return None;
            }
            place.move_to(name_at + LONGEST_NAME);
            continue;
        };
        let behind_name = name_at + length;
        let name = &bytes[name_at..behind_name];
        if !is_end && name.eq_ignore_ascii_case(b"body") {
            return Some(start);
        }
        if is_end && name.eq_ignore_ascii_case(b"head") {
            let from = place.from(behind_name, 1);
            return Some(from + memchr::memchr(b'>', &bytes[from..])? + 1);
        }
        place.move_to(match TEXTS.iter().find(|text| !is_end && text.eq_ignore_ascii_case(name)) {
            Some(text) => end_of(text, bytes, place.from(behind_name, text.len() + 2))?,
            None => behind_name,
        });
    }
}

/// Where the end tag of this element begins, `from` on.
fn end_of(element: &[u8], bytes: &[u8], from: usize) -> Option<usize> {
    let is_end = |at: &usize| {
        let name = bytes.get(from + at + 2..from + at + 2 + element.len());
        name.is_some_and(|name| name.eq_ignore_ascii_case(element))
    };
    memchr::memmem::find_iter(&bytes[from..], b"</").find(is_end).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(page: &str) -> Option<&str> {
        let whole = find(page.as_bytes(), &mut Place::default());
        // The same, whatever the pieces are that it comes in.
        let mut head = Head::new(Some("text/html"), "").unwrap();
        let mut found = None;
        for length in 0..=page.len() {
            if let (None, Look::Ends(end, None)) = (found, head.look(&page.as_bytes()[..length])) {
                found = Some(end);
            }
        }
        assert_eq!(found, whole, "{page}");
        whole.map(|end| &page[end..])
    }

    #[test]
    fn the_end_of_the_head() {
        for (page, rest) in [
            ("<head><title>a</title></head><body>x", Some("<body>x")),
            ("<HEAD></HEAD \n>x", Some("x")),
            ("<title>a<title></head></title><body class=x>y", Some("<body class=x>y")),
            ("<script>'</head>'</script></head>x", Some("x")),
            ("<SCRIPT src=x>'<!--</head>'</Script></head>x", Some("x")),
            ("<!-- </head> --></head>x", Some("x")),
            ("<!--></head>x", Some("x")),
            ("<header></header></heading></head>x", Some("x")),
            ("<a-name-of-more-bytes-than-any></head>x", Some("x")),
            ("<a-name-of-more-bytes-than-any</head>x", Some("x")),
            ("<style></styl</style></head class='>'>x", Some("'>x")),
            ("<!-- -- -></head> --></head>x", Some("x")),
            ("<noembed></head></noembe></noembed></head>x", Some("x")),
            ("<noscript><link></noscript></head>x", Some("x")),
            ("<meta content='<'></head>x", Some("x")),
            ("a < b </head>x", Some("x")),
            ("<p>no head at all", None),
            ("<script>'</head>'", None),
            ("<!-- </head>", None),
            ("</head", None),
        ] {
            assert_eq!(end(page), rest, "{page}");
        }
    }

    /// A hostile server sends its bytes one by one. They are not all looked at again for each.
    #[test]
    fn bytes_that_come_one_by_one_take_no_time() {
        for (start, more) in [
            ("<!--", "-"),
            ("<!--", "<!"),
            ("<script>", "</"),
            ("<title>", "</titl"),
            ("", "x"),
            ("<", "x"),
            ("</head", " "),
            ("</head", "<"),
        ] {
            let page = format!("{start}{}", more.repeat(300_000 / more.len()));
            let mut head = Head::new(Some("text/html"), "").unwrap();
            let begun = std::time::Instant::now();
            for length in 0..page.len() {
                assert_eq!(head.look(&page.as_bytes()[..length]), Look::On);
                assert!(begun.elapsed().as_secs() < 5, "{start}{more}… after {length} bytes");
            }
        }
    }

    #[test]
    fn what_is_no_page_is_not_looked_at() {
        assert!(Head::new(Some("application/json"), "").is_none());
        assert!(Head::new(None, "gzip").is_some());
        assert_eq!(Head::new(None, "sdch").unwrap().look(b"x"), Look::GiveUp);
        assert_eq!(Head::new(None, "").unwrap().look(&vec![b'x'; MOST + 1]), Look::GiveUp);
        assert_eq!(Head::new(None, "gzip").unwrap().look(b"no gzip, and far from it"), Look::GiveUp);
    }
}
