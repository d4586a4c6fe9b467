//! The text that a reader sees: how many words, of what kind, and a fingerprint of it.

use super::any_of::AnyOf;
use super::events::{Attributes, Events, Name};
use super::walk::{is_block, is_hidden};
use html5ever::local_name;
use ring::digest::{Context, SHA256};
use std::fmt::Write;
use unicode_segmentation::UnicodeSegmentation;

/// A block of text is counted at the latest when it is so long.
const MAX_BLOCK: usize = 64 * 1024;

/// A paragraph of fewer words is a label or a teaser.
const PARAGRAPH: u64 = 12;

/// Counts while the page is told.
pub(super) struct Words {
    depth: u32,
    /// The depth of the outermost open element whose text is not shown.
    hidden: Option<u32>,
    links: u32,
    paragraphs: u32,
    /// The text since the last edge of a block.
    block: String,
    /// The same with its white space folded, while it is hashed.
    folded: String,
    /// Bytes of `block` inside links.
    linked: usize,
    hash: Context,
    count: Count,
}

/// How much of the text is kept to look for words in, in bytes.
const SAMPLE: usize = 8 * 1024;

/// How much text there is.
#[derive(Debug, Default)]
pub(super) struct Count {
    /// Words by UAX #29.
    pub words: u64,
    /// Words in paragraphs that are sentences rather than labels.
    pub prose: u64,
    /// Bytes of text in all, and of these in links.
    pub bytes: usize,
    pub linked: usize,
    /// `<script>` elements, and whether one asks if the visitor is a human.
    pub scripts: u32,
    pub challenge: bool,
    /// `<a>` elements.
    pub anchors: u32,
    /// The beginning of the text, in lower case.
    pub sample: String,
}

impl Words {
    pub(super) fn new() -> Self {
        Self {
            depth: 0,
            hidden: None,
            links: 0,
            paragraphs: 0,
            block: String::new(),
            folded: String::new(),
            linked: 0,
            hash: Context::new(&SHA256),
            count: Count::default(),
        }
    }

    /// The counts, and the SHA-256 of the text (white space folded, one line a block) in hexadecimal digits; nothing where there is no
    /// text.
    pub(super) fn finish(mut self) -> (Count, Option<String>) {
        self.flush();
        let hash = (self.count.bytes > 0).then(|| {
            self.hash.finish().as_ref().iter().fold(String::with_capacity(64), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            })
        });
        (self.count, hash)
    }

    fn add(&mut self, text: &str) {
        self.block.push_str(text);
        if self.links > 0 {
            self.linked += text.len();
        }
    }

    fn flush(&mut self) {
        let text = self.block.trim();
        if !text.is_empty() {
            let words = count_words(text);
            self.count.words += words;
            self.count.bytes += text.len();
            self.count.linked += self.linked.min(text.len());
            if self.paragraphs > 0 && words >= PARAGRAPH && self.linked * 2 < text.len() {
                self.count.prose += words;
            }
            if self.count.sample.len() < SAMPLE {
                self.count.sample.push_str(&super::text::clip(text, SAMPLE).to_lowercase());
                self.count.sample.push('\n');
            }
            self.folded.clear();
            for word in text.split_whitespace() {
                self.folded.push_str(word);
                self.folded.push(' ');
            }
            self.folded.push('\n');
            self.hash.update(self.folded.as_bytes());
        }
        self.block.clear();
        self.linked = 0;
    }
}

impl Events for Words {
    fn start<A: Attributes>(&mut self, name: Name<'_>, attributes: &A) {
        self.depth += 1;
        if name.html && *name.local == local_name!("script") {
            self.count.scripts += 1;
            self.count.challenge |= attributes.get("src").is_some_and(is_challenge);
        }
        if self.hidden.is_some() {
            return;
        }
        let unseen = if name.html {
            is_hidden(name.local) || *name.local == local_name!("title") || attributes.get("hidden").is_some()
        } else {
            matches!(
                *name.local,
                local_name!("title") | local_name!("desc") | local_name!("style") | local_name!("script")
            )
        };
        if unseen {
            self.hidden = Some(self.depth);
            return;
        }
        if name.html {
            if is_block(name.local) {
                self.flush();
            }
            match *name.local {
                local_name!("a") => {
                    self.links += 1;
                    self.count.anchors += 1;
                }
                local_name!("p") => self.paragraphs += 1,
                _ => {}
            }
            self.count.challenge |= attributes.get("id").is_some_and(is_challenge);
        }
    }

    fn text(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        // Full blocks are as large as they can be, in however many pieces their text comes.
        let mut rest = text;
        while self.block.len() + rest.len() > MAX_BLOCK {
            let (fitting, after) = rest.split_at(rest.floor_char_boundary(MAX_BLOCK - self.block.len()));
            self.add(fitting);
            self.flush();
            rest = after;
        }
        self.add(rest);
    }

    fn listens(&self) -> bool {
        self.hidden.is_none()
    }

    fn base(&mut self, _href: &str) -> bool {
        true
    }

    fn end(&mut self, name: Name<'_>) {
        if self.hidden.is_none() && name.html {
            if is_block(name.local) {
                self.flush();
            }
            match *name.local {
                local_name!("a") => self.links = self.links.saturating_sub(1),
                local_name!("p") => self.paragraphs = self.paragraphs.saturating_sub(1),
                _ => {}
            }
        }
        if self.hidden == Some(self.depth) {
            self.hidden = None;
        }
        self.depth = self.depth.saturating_sub(1);
    }
}

/// How many words there are by UAX #29. No word goes across white space, so that most can be counted as ASCII.
fn count_words(text: &str) -> u64 {
    if text.is_ascii() {
        return count_ascii_words(text.as_bytes());
    }
    let parts = text.split(|c: char| c.is_ascii_whitespace()).filter(|part| !part.is_empty());
    parts
        .map(
            |part| {
                if part.is_ascii() { count_ascii_words(part.as_bytes()) } else { part.unicode_words().count() as u64 }
            },
        )
        .sum()
}

/// The same for ASCII, by those of the rules that have to do with it.
fn count_ascii_words(text: &[u8]) -> u64 {
    let is_letter = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphabetic);
    let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let mut count = 0;
    let mut at = 0;
    while at < text.len() {
        let mut is_word = false;
        let start = at;
        loop {
            if is_letter(at) {
                is_word = true;
                at += 1;
                // Within a word: can't, e.g.
                at += usize::from(matches!(text.get(at), Some(b'\'' | b'.' | b':')) && is_letter(at + 1));
            } else if is_digit(at) {
                is_word = true;
                at += 1;
                // Within a number: 1,000.5
                at += usize::from(matches!(text.get(at), Some(b'\'' | b'.' | b',' | b';')) && is_digit(at + 1));
            } else if text.get(at) == Some(&b'_') {
                at += 1;
            } else {
                break;
            }
        }
        count += u64::from(is_word);
        at += usize::from(at == start);
    }
    count
}

/// Parts of the addresses and ids of the well-known tests whether a visitor is a human.
fn is_challenge(text: &str) -> bool {
    const PARTS: AnyOf = AnyOf::new(&[
        "challenge-platform",
        "cf-challenge",
        "challenge-form",
        "px-captcha",
        "captcha-delivery",
        "/_Incapsula_Resource",
        "ddos-guard",
        "awsWafCaptcha",
        "challenge.js",
    ]);
    PARTS.is_in(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ascii_words_are_those_of_unicode(text in "[aB1_'.,;: \\-\"\n@&]{0,24}") {
            prop_assert_eq!(count_ascii_words(text.as_bytes()), text.unicode_words().count() as u64, "{:?}", text);
        }

        #[test]
        fn white_space_parts_words(text in "[aé1_'.: \n\u{301}\u{200d}\u{ad}עא日ก\u{1f468}\u{3000}]{0,24}") {
            prop_assert_eq!(count_words(&text), text.unicode_words().count() as u64, "{:?}", text);
        }
    }
}
