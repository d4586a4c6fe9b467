//! One tag's attributes, read where they stand.

use super::Unsure;
use super::bytes::{ends_attribute_name, find_either, is_space};
use super::lexer::Lexer;
use super::references::{is_plain, resolve};
use crate::extract::events::Attributes;
use crate::extract::key::{KEY_BYTES, key, key_of_first};

/// The attributes of the tag that was read last.
#[derive(Default)]
pub(super) struct Read<'a> {
    list: Vec<Attribute<'a>>,
    /// The marks of their names: what is not among them need not be looked for.
    marks: u64,
    /// The values that are not what stands in the page.
    resolved: String,
    /// The page is known to have neither carriage returns nor NULs.
    is_clean: bool,
    /// Its names may have NULs; those of a tag that is read again have none.
    has_nuls: bool,
}

struct Attribute<'a> {
    key: u64,
    name: &'a str,
    value: Value<'a>,
}

enum Value<'a> {
    Plain(&'a str),
    /// A range of `resolved`.
    Resolved(usize, usize),
}

/// The end of a tag.
pub(super) struct End {
    /// Where the page goes on.
    pub after: usize,
    pub self_closing: bool,
}

impl Read<'_> {
    /// Attributes of the page that a lexer reads.
    pub(super) fn of_page(lexer: &Lexer<'_>) -> Self {
        Self { is_clean: lexer.is_clean, has_nuls: lexer.has_nuls, ..Self::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    fn clear(&mut self) {
        self.list.clear();
        self.marks = 0;
        self.resolved.clear();
    }

    fn text<'s>(&'s self, value: &Value<'s>) -> &'s str {
        match *value {
            Value::Plain(text) => text,
            Value::Resolved(start, end) => &self.resolved[start..end],
        }
    }

    /// Names in lower case and values, the first of each name, in the order of names.
    pub(super) fn sorted(&self) -> Vec<(String, &str)> {
        let mut sorted: Vec<_> =
            self.list.iter().map(|one| (one.name.to_ascii_lowercase(), self.text(&one.value))).collect();
        // Stable: the first of a name stays the first.
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        sorted.dedup_by(|b, a| a.0 == b.0);
        sorted
    }
}

/// One of 64 bits for a key.
fn mark(key: u64) -> u64 {
    // A multiplicative hash.
    1 << (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58)
}

impl Attributes for Read<'_> {
    #[expect(clippy::inline_always, reason = "where a name is constant, so is its key")]
    #[inline(always)]
    fn get(&self, name: &str) -> Option<&str> {
        let key = key(name.as_bytes());
        if self.marks & mark(key) == 0 {
            return None;
        }
        let is_it =
            |one: &&Attribute<'_>| one.key == key && (name.len() <= KEY_BYTES || one.name.eq_ignore_ascii_case(name));
        self.list.iter().find(is_it).map(|one| self.text(&one.value))
    }

    fn each(&self, take: &mut dyn FnMut(&str, &str)) {
        for (name, value) in self.sorted() {
            take(&name, value);
        }
    }
}

impl<'a> Read<'a> {
    /// Reads what follows a tag's name; nothing if the page ends before the tag does.
    pub(super) fn read(&mut self, page: &'a str, at: usize) -> Result<Option<End>, Unsure> {
        self.clear();
        self.read_more(page, at)
    }

    /// As [`Self::read`], and keeps those that are there: of two with one name the first counts.
    pub(super) fn read_more(&mut self, page: &'a str, mut at: usize) -> Result<Option<End>, Unsure> {
        let bytes = page.as_bytes();
        loop {
            while bytes.get(at).copied().is_some_and(is_space) {
                at += 1;
            }
            match bytes.get(at) {
                None => return Ok(None),
                Some(b'>') => return Ok(Some(End { after: at + 1, self_closing: false })),
                Some(b'/') => {
                    at += 1;
                    if bytes.get(at) == Some(&b'>') {
                        return Ok(Some(End { after: at + 1, self_closing: true }));
                    }
                    continue;
                }
                Some(_) => {}
            }
            // A name may begin with an equals sign.
            let start = at;
            at += 1;
            while let Some(byte) = bytes.get(at)
                && !ends_attribute_name(*byte)
            {
                at += 1;
            }
            let name = &page[start..at];
            let key = key_of_first(&bytes[start..], name.len());
            if self.has_nuls && name.as_bytes().contains(&0) {
                return Err(Unsure("a NUL"));
            }
            let mut next = at;
            while bytes.get(next).copied().is_some_and(is_space) {
                next += 1;
            }
            if bytes.get(next) != Some(&b'=') {
                self.add((key, name), "", true)?;
                continue;
            }
            next += 1;
            while bytes.get(next).copied().is_some_and(is_space) {
                next += 1;
            }
            match bytes.get(next) {
                None => return Ok(None),
                Some(quote @ (b'"' | b'\'')) => {
                    let Some((end, is_plain)) = value_end(bytes, next + 1, *quote) else { return Ok(None) };
                    self.add((key, name), &page[next + 1..end], is_plain)?;
                    at = end + 1;
                }
                Some(b'>') => {
                    at = next;
                    self.add((key, name), "", true)?;
                }
                Some(_) => {
                    at = next;
                    while let Some(byte) = bytes.get(at)
                        && !is_space(*byte)
                        && *byte != b'>'
                    {
                        at += 1;
                    }
                    self.add((key, name), &page[next..at], false)?;
                }
            }
        }
    }

    /// Adds an attribute; of `has_no_references` it must be sure.
    fn add(&mut self, (key, name): (u64, &'a str), value: &'a str, has_no_references: bool) -> Result<(), Unsure> {
        let value = if (has_no_references && self.is_clean) || is_plain(value) {
            Value::Plain(value)
        } else {
            let start = self.resolved.len();
            resolve(value, true, &mut self.resolved)?;
            Value::Resolved(start, self.resolved.len())
        };
        self.marks |= mark(key);
        self.list.push(Attribute { key, name, value });
        Ok(())
    }
}

/// Where the value ends that begins at `start`, and whether there is no character reference in it.
fn value_end(bytes: &[u8], start: usize, quote: u8) -> Option<(usize, bool)> {
    let found = start + find_either(&bytes[start..], quote, b'&')?;
    if bytes[found] == quote {
        return Some((found, true));
    }
    memchr::memchr(quote, &bytes[found..]).map(|more| (found + more, false))
}
