//! A piece of text put together from parts, which stays a part of the page as long as it is one.

use html5ever::LocalName;
use html5ever::tendril::StrTendril;
use std::ops::Range;

/// Collects bytes; where they stand next to one another in the page nothing is copied.
pub(super) struct Piece<'a> {
    page: &'a StrTendril,
    /// Where in the page all of it stands, unless it is in `copied`.
    range: Range<usize>,
    copied: Vec<u8>,
}

impl<'a> Piece<'a> {
    pub(super) fn new(page: &'a StrTendril) -> Self {
        Self { page, range: 0..0, copied: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.range.is_empty() && self.copied.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.range = 0..0;
        self.copied.clear();
    }

    pub(super) fn bytes(&self) -> &[u8] {
        if self.copied.is_empty() { &self.page.as_bytes()[self.range.clone()] } else { &self.copied }
    }

    pub(super) fn push(&mut self, part: &[u8]) {
        if self.copied.is_empty()
            && let Some(range) = self.place(part)
            && (self.range.is_empty() || self.range.end == range.start)
        {
            let start = if self.range.is_empty() { range.start } else { self.range.start };
            self.range = start..range.end;
            return;
        }
        if !self.range.is_empty() {
            let range = std::mem::take(&mut self.range);
            self.copied.extend_from_slice(&self.page.as_bytes()[range]);
        }
        self.copied.extend_from_slice(part);
    }

    /// Where in the page a part stands, if it is one of it.
    fn place(&self, part: &[u8]) -> Option<Range<usize>> {
        let start = part.as_ptr().addr().checked_sub(self.page.as_ptr().addr())?;
        let end = start.checked_add(part.len())?;
        (end <= self.page.len()).then_some(start..end)
    }

    /// The text, which shares the page's memory where it can.
    pub(super) fn take(&mut self) -> StrTendril {
        let range = std::mem::take(&mut self.range);
        if let (Ok(start), Ok(length)) = (u32::try_from(range.start), u32::try_from(range.len()))
            && self.copied.is_empty()
            && let Ok(text) = self.page.try_subtendril(start, length)
        {
            return text;
        }
        self.range = range;
        let text = StrTendril::from_slice(&String::from_utf8_lossy(self.bytes()));
        self.clear();
        text
    }

    /// The text as a name.
    pub(super) fn name(&self) -> LocalName {
        LocalName::from(&*String::from_utf8_lossy(self.bytes()))
    }
}
