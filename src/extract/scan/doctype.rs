//! The document type, as far as it matters: whether a table ends a paragraph.

use super::Scanner;
use super::modes::Mode;
use crate::extract::events::Events;
use crate::extract::tag;
use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quirks {
    Yes,
    No,
    /// To be known, a rare document type would have to be looked up.
    Unknown,
}

impl<E: Events> Scanner<'_, E> {
    /// Takes what stands between `<!doctype` and `>`.
    pub(super) fn doctype(&mut self, inner: Range<usize>) {
        if self.mode != Mode::Initial {
            return;
        }
        self.mode = Mode::BeforeHtml;
        self.quirks = quirks(&self.lexer.page[inner]);
    }
}

/// Sure of the document types that nearly all pages have.
fn quirks(inner: &str) -> Quirks {
    let text = inner.to_ascii_lowercase();
    let mut words = text.split(['"', '\'']);
    let (Some(start), public, between, system, end) =
        (words.next(), words.next(), words.next(), words.next(), words.next())
    else {
        return Quirks::Unknown;
    };
    let start: Vec<&str> = start.split(tag::is_html_space).filter(|w| !w.is_empty()).collect();
    match (start.as_slice(), public) {
        (["html"], None) => Quirks::No,
        (["html", "public"], Some(public))
            if ["-//w3c//dtd xhtml 1.", "-//w3c//dtd xhtml+rdfa 1.", "-//w3c//dtd html 4.01"]
                .iter()
                .any(|known| public.starts_with(known))
                && between.is_some_and(|b| b.chars().all(tag::is_html_space))
                && system.is_some_and(|s| s.starts_with("http://www.w3.org/"))
                && end.is_some_and(|e| e.chars().all(tag::is_html_space)) =>
        {
            Quirks::No
        }
        _ => Quirks::Unknown,
    }
}
