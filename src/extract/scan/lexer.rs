//! Markup told from text.

use super::Unsure;
use super::attributes::{End, Read};
use super::bytes::{ends_name, find_either};
use super::references::is_plain;
use crate::extract::key::key_of_first;
use crate::extract::tag::Tag;
use memchr::memmem;
use std::ops::Range;

/// The page and how far it was read.
pub(super) struct Lexer<'a> {
    pub page: &'a str,
    at: usize,
    /// There are neither carriage returns nor NULs.
    pub is_clean: bool,
    pub has_nuls: bool,
}

pub(super) enum Token {
    /// Text in which character references count.
    Text(Text),
    /// Text in which they do not.
    Cdata(Range<usize>),
    Start(Named, End),
    End(Named),
    Doctype(Range<usize>),
    /// A comment, or what is read as one.
    Comment,
    /// Nothing: `</>`.
    Void,
    Eof,
}

pub(super) struct Text {
    pub at: Range<usize>,
    /// It means what stands there.
    pub is_plain: bool,
}

/// A tag's name: what it is, and where it stands.
#[derive(Clone)]
pub(super) struct Named {
    pub tag: Tag,
    pub name: Range<usize>,
}

/// What an element holds when it is not markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Markup,
    /// Text with character references.
    Rcdata,
    Rawtext,
    Script,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(page: &'a str) -> Self {
        let is_clean = memchr::memchr2(b'\r', b'\0', page.as_bytes()).is_none();
        Self { page, at: 0, is_clean, has_nuls: !is_clean && memchr::memchr(b'\0', page.as_bytes()).is_some() }
    }

    fn rest(&self) -> &'a [u8] {
        &self.page.as_bytes()[self.at..]
    }

    /// Where the first of a byte is from here on, or where the page ends.
    fn find(&self, from: usize, byte: u8) -> Option<usize> {
        memchr::memchr(byte, &self.page.as_bytes()[from..]).map(|found| from + found)
    }

    /// The next token. In foreign content there are CDATA sections.
    pub(super) fn next(&mut self, foreign: bool, attributes: &mut Read<'a>) -> Result<Token, Unsure> {
        let rest = self.rest();
        // Tags follow one another as often as text does.
        if !matches!(rest, [b'<', b'/', _, ..] | [b'<', b'a'..=b'z', ..]) {
            let (text_end, has_references) = self.text_end();
            if text_end > self.at {
                let at = self.at..text_end;
                self.at = text_end;
                let is_plain = !has_references && (self.is_clean || is_plain(&self.page[at.clone()]));
                return Ok(Token::Text(Text { at, is_plain }));
            }
        }
        Ok(match rest.get(1) {
            None => Token::Eof,
            Some(b'/') => self.end_tag(attributes)?,
            Some(b'!') => self.declaration(foreign),
            Some(b'?') => self.bogus_comment(),
            Some(_) => {
                let named = self.name(self.at + 1)?;
                match attributes.read(self.page, named.name.end)? {
                    Some(end) => {
                        self.at = end.after;
                        Token::Start(named, end)
                    }
                    None => self.cut(),
                }
            }
        })
    }

    /// The page ends within a tag, which is none then.
    fn cut(&mut self) -> Token {
        self.at = self.page.len();
        Token::Eof
    }

    /// Where the text that stands here ends (a `<` that begins nothing is part of it), and whether there may be character
    /// references in it.
    fn text_end(&self) -> (usize, bool) {
        let bytes = self.page.as_bytes();
        let mut from = self.at;
        let mut has_references = false;
        loop {
            let found = if has_references {
                self.find(from, b'<')
            } else {
                find_either(&bytes[from..], b'<', b'&').map(|found| from + found)
            };
            let Some(found) = found else { return (bytes.len(), has_references) };
            from = found + 1;
            if bytes[found] == b'&' {
                has_references = true;
                continue;
            }
            match bytes.get(found + 1) {
                Some(b'!' | b'?') => return (found, has_references),
                Some(next) if next.is_ascii_alphabetic() => return (found, has_references),
                Some(b'/') if found + 2 < bytes.len() => return (found, has_references),
                _ => {}
            }
        }
    }

    fn name(&self, start: usize) -> Result<Named, Unsure> {
        let bytes = &self.page.as_bytes()[start..];
        let length = bytes.iter().position(|byte| ends_name(*byte)).unwrap_or(bytes.len());
        let name = &bytes[..length];
        if self.has_nuls && name.contains(&0) {
            return Err(Unsure("a NUL"));
        }
        Ok(Named { tag: Tag::of_key(key_of_first(bytes, length), name), name: start..start + length })
    }

    fn end_tag(&mut self, attributes: &mut Read<'a>) -> Result<Token, Unsure> {
        match self.rest().get(2) {
            Some(b'>') => {
                self.at += 3;
                Ok(Token::Void)
            }
            Some(first) if first.is_ascii_alphabetic() => {
                let named = self.name(self.at + 2)?;
                if self.page.as_bytes().get(named.name.end) == Some(&b'>') {
                    self.at = named.name.end + 1;
                    return Ok(Token::End(named));
                }
                Ok(match attributes.read(self.page, named.name.end)? {
                    Some(end) => {
                        self.at = end.after;
                        Token::End(named)
                    }
                    None => self.cut(),
                })
            }
            _ => Ok(self.bogus_comment()),
        }
    }

    fn bogus_comment(&mut self) -> Token {
        self.at = self.find(self.at, b'>').map_or(self.page.len(), |found| found + 1);
        Token::Comment
    }

    fn declaration(&mut self, foreign: bool) -> Token {
        let rest = self.rest();
        if rest.starts_with(b"<!--") {
            self.at = self.comment_end(self.at + 4);
            return Token::Comment;
        }
        if foreign && rest.starts_with(b"<![CDATA[") {
            let start = self.at + 9;
            let end = memmem::find(&self.page.as_bytes()[start..], b"]]>").map(|found| start + found);
            self.at = end.map_or(self.page.len(), |end| end + 3);
            return Token::Cdata(start..end.unwrap_or(self.page.len()));
        }
        if rest.get(2..9).is_some_and(|word| word.eq_ignore_ascii_case(b"doctype")) {
            let start = self.at + 9;
            let end = self.find(start, b'>');
            self.at = end.map_or(self.page.len(), |end| end + 1);
            return Token::Doctype(start..end.unwrap_or(self.page.len()));
        }
        self.bogus_comment()
    }

    /// Where a comment whose text begins at `start` is over.
    fn comment_end(&self, start: usize) -> usize {
        let bytes = self.page.as_bytes();
        let rest = &bytes[start..];
        if rest.starts_with(b">") {
            return start + 1;
        }
        if rest.starts_with(b"->") {
            return start + 2;
        }
        let mut from = start;
        while let Some(found) = memmem::find(&bytes[from..], b"--") {
            let after = from + found + 2;
            match bytes.get(after) {
                Some(b'>') => return after + 1,
                Some(b'!') if bytes.get(after + 1) == Some(&b'>') => return after + 2,
                _ => from = after - 1,
            }
        }
        bytes.len()
    }

    /// The content of an element that holds only text, up to its end tag or the end of the page. The end tag is read, too.
    pub(super) fn text_of(
        &mut self,
        name: &Range<usize>,
        content: Content,
        attributes: &mut Read<'a>,
    ) -> Result<Range<usize>, Unsure> {
        let bytes = self.page.as_bytes();
        let name = &bytes[name.clone()];
        let start = self.at;
        let mut end = find_end(bytes, start, name);
        if content == Content::Script
            && let Some(comment) = memmem::find(&bytes[start..end.map_or(bytes.len(), |(found, _)| found)], b"<!--")
        {
            end = find_script_end(bytes, start + comment);
        }
        let text = start..end.map_or(bytes.len(), |(found, _)| found);
        self.at = match end {
            None => bytes.len(),
            Some((_, after)) => attributes.read(self.page, after)?.map_or(bytes.len(), |end| end.after),
        };
        Ok(text)
    }
}

/// The next end tag of a name: where it begins, and where its name ends.
fn find_end(bytes: &[u8], mut from: usize, name: &[u8]) -> Option<(usize, usize)> {
    loop {
        let found = from + memmem::find(&bytes[from..], b"</")?;
        if is_tag(&bytes[found + 2..], name) {
            return Some((found, found + 2 + name.len()));
        }
        from = found + 2;
    }
}

/// Whether a tag's name and what must follow it stand here.
fn is_tag(bytes: &[u8], name: &[u8]) -> bool {
    bytes.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name))
        && bytes.get(name.len()).is_some_and(|byte| ends_name(*byte))
}

/// The end of a script from its first `<!--` on: in such a comment a `<script>` holds it back (the standard's "double
/// escaped state").
fn find_script_end(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    const SCRIPT: &[u8] = b"script";
    let mut in_comment = false;
    let mut in_script = false;
    while let Some(found) = memchr::memchr2(b'<', b'-', &bytes[at..]) {
        at += found;
        let rest = &bytes[at..];
        if in_comment && rest.starts_with(b"-->") {
            (in_comment, in_script) = (false, false);
            at += 3;
        } else if !in_comment && rest.starts_with(b"<!--") {
            in_comment = true;
            // Its dashes may be those that end it.
            at += 2;
        } else if rest.starts_with(b"</") && is_tag(&rest[2..], SCRIPT) {
            if !in_script {
                return Some((at, at + 2 + SCRIPT.len()));
            }
            in_script = false;
            at += 2;
        } else {
            in_script |= in_comment && rest[0] == b'<' && is_tag(&rest[1..], SCRIPT);
            at += 1;
        }
    }
    None
}
