//! One tag's attributes, read where they stand.

use super::Unsure;
use super::references::{is_plain, resolve};
use crate::extract::events::Attributes;

/// The attributes of the tag that was read last.
#[derive(Default)]
pub(super) struct Read<'a> {
    list: Vec<(&'a str, Value<'a>)>,
    /// The marks of their names: what is not among them need not be looked for.
    marks: u64,
    /// The values that are not what stands in the page.
    resolved: String,
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
            self.list.iter().map(|(n, value)| (n.to_ascii_lowercase(), self.text(value))).collect();
        // Stable: the first of a name stays the first.
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        sorted.dedup_by(|b, a| a.0 == b.0);
        sorted
    }
}

/// One of 64 bits, the same for a name in any case.
fn mark(name: &str) -> u64 {
    let first = name.as_bytes().first().map_or(0, |first| first | 0x20);
    1 << ((usize::from(first).wrapping_mul(5) ^ name.len()) & 63)
}

impl Attributes for Read<'_> {
    #[inline]
    fn get(&self, name: &str) -> Option<&str> {
        if self.marks & mark(name) == 0 {
            return None;
        }
        let first = name.as_bytes().first()?;
        let is_it = |n: &str| {
            n.len() == name.len() && n.as_bytes()[0].eq_ignore_ascii_case(first) && n.eq_ignore_ascii_case(name)
        };
        let (_, value) = self.list.iter().find(|(n, _)| is_it(n))?;
        Some(self.text(value))
    }

    fn each(&self, take: &mut dyn FnMut(&str, &str)) {
        for (name, value) in self.sorted() {
            take(&name, value);
        }
    }
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | 0x0c)
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
                && !is_space(*byte)
                && !matches!(byte, b'=' | b'>' | b'/')
            {
                at += 1;
            }
            let name = &page[start..at];
            if name.as_bytes().contains(&0) {
                return Err(Unsure("a NUL"));
            }
            self.marks |= mark(name);
            let mut next = at;
            while bytes.get(next).copied().is_some_and(is_space) {
                next += 1;
            }
            if bytes.get(next) != Some(&b'=') {
                self.list.push((name, Value::Plain("")));
                continue;
            }
            next += 1;
            while bytes.get(next).copied().is_some_and(is_space) {
                next += 1;
            }
            let value = match bytes.get(next) {
                None => return Ok(None),
                Some(quote @ (b'"' | b'\'')) => {
                    let Some(length) = memchr::memchr(*quote, &bytes[next + 1..]) else { return Ok(None) };
                    at = next + 1 + length + 1;
                    &page[next + 1..at - 1]
                }
                Some(b'>') => {
                    at = next;
                    ""
                }
                Some(_) => {
                    at = next;
                    while let Some(byte) = bytes.get(at)
                        && !is_space(*byte)
                        && *byte != b'>'
                    {
                        at += 1;
                    }
                    &page[next..at]
                }
            };
            let value = if is_plain(value) {
                Value::Plain(value)
            } else {
                let start = self.resolved.len();
                resolve(value, true, &mut self.resolved)?;
                Value::Resolved(start, self.resolved.len())
            };
            self.list.push((name, value));
        }
    }
}
