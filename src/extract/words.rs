//! The text that a reader sees: how many words, of what kind, and a fingerprint of it.

use super::any_of::AnyOf;
use super::events::{Attributes, Events, Name};
use super::tag::{EDGE, Tag};
use super::text::{clip, run_end, space_end};
use super::word_count::words;
use ring::digest::{Context, SHA256};
use std::fmt::Write;

/// A block of text is counted at the latest when it is so long.
const MAX_BLOCK: usize = 64 * 1024;

/// So many bytes are hashed together.
const HASHED: usize = 1024;

/// A paragraph of fewer words is a label or a teaser.
const PARAGRAPH: u64 = 12;

/// Counts while the page is told.
pub(super) struct Words {
    depth: u32,
    /// The depth of the outermost open element whose text is not shown.
    hidden: Option<u32>,
    links: u32,
    paragraphs: u32,
    /// The text since the last edge of a block, from its first character that is no white space.
    block: String,
    /// Blocks with their white space folded, to be hashed.
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
    /// The beginning of the text, of a short page.
    pub sample: String,
}

impl Count {
    /// Whether there are so few words that the page may be something else than what was asked for.
    pub(super) fn is_short(&self) -> bool {
        self.words < 400
    }
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
        self.hash.update(self.folded.as_bytes());
        let hash = (self.count.bytes > 0).then(|| {
            self.hash.finish().as_ref().iter().fold(String::with_capacity(64), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            })
        });
        (self.count, hash)
    }

    fn flush(&mut self) {
        if !self.block.is_empty() {
            self.count_block();
            self.block.clear();
            self.linked = 0;
        }
    }

    /// Takes account of a block, which begins with something to see.
    fn count_block(&mut self) {
        let text = self.block.trim_end();
        let words = words(text);
        self.count.words += words;
        self.count.bytes += text.len();
        self.count.linked += self.linked.min(text.len());
        if self.paragraphs > 0 && words >= PARAGRAPH && self.linked * 2 < text.len() {
            self.count.prose += words;
        }
        if !self.count.is_short() {
            self.count.sample = String::new();
        } else if self.count.sample.len() < SAMPLE {
            self.count.sample.push_str(clip(text, SAMPLE));
            self.count.sample.push('\n');
        }
        let mut rest = text;
        while !rest.is_empty() {
            let (run, after) = rest.split_at(run_end(rest));
            self.folded.push_str(run);
            self.folded.push(' ');
            rest = &after[space_end(after)..];
        }
        self.folded.push('\n');
        if self.folded.len() >= HASHED {
            self.hash.update(self.folded.as_bytes());
            self.folded.clear();
        }
    }
}

impl Events for Words {
    fn start<A: Attributes>(&mut self, name: Name<'_>, attributes: &A) {
        self.depth += 1;
        if name.html && name.tag == Tag::Script {
            self.count.scripts += 1;
            self.count.challenge |= attributes.get("src").is_some_and(is_challenge);
        }
        if self.hidden.is_some() {
            return;
        }
        let unseen = name.is_unshown() || (name.html && (name.tag == Tag::Title || attributes.get("hidden").is_some()));
        if unseen {
            self.hidden = Some(self.depth);
            return;
        }
        if name.html {
            if name.tag.is(EDGE) {
                self.flush();
            }
            match name.tag {
                Tag::A => {
                    self.links += 1;
                    self.count.anchors += 1;
                }
                Tag::P => self.paragraphs += 1,
                _ => {}
            }
            self.count.challenge |= attributes.get("id").is_some_and(is_challenge);
        }
    }

    fn text(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        let mut rest = text;
        loop {
            if self.block.is_empty() {
                rest = &rest[space_end(rest)..];
            }
            // Full blocks are as large as they can be, in however many pieces their text comes.
            let (fitting, after) = rest.split_at(rest.floor_char_boundary(MAX_BLOCK - self.block.len()));
            self.block.push_str(fitting);
            if self.links > 0 {
                self.linked += fitting.len();
            }
            if after.is_empty() {
                return;
            }
            self.flush();
            rest = after;
        }
    }

    fn blank(&mut self, text: &str) {
        if !self.block.is_empty() {
            self.text(text);
        }
    }

    fn listens(&self) -> bool {
        self.hidden.is_none()
    }

    fn base(&mut self, _href: &str) -> bool {
        true
    }

    fn end(&mut self, name: Name<'_>) {
        if self.hidden.is_none() && name.html {
            if name.tag.is(EDGE) {
                self.flush();
            }
            match name.tag {
                Tag::A => self.links = self.links.saturating_sub(1),
                Tag::P => self.paragraphs = self.paragraphs.saturating_sub(1),
                _ => {}
            }
        }
        if self.hidden == Some(self.depth) {
            self.hidden = None;
        }
        self.depth = self.depth.saturating_sub(1);
    }
}

/// Parts of the addresses and ids of the well-known tests whether a visitor is a human.
fn is_challenge(text: &str) -> bool {
    static PARTS: AnyOf = AnyOf::new(&[
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

    fn told(pieces: &[&str]) -> (u64, Option<String>) {
        let mut words = Words::new();
        for piece in pieces {
            words.text(piece);
        }
        let (count, hash) = words.finish();
        (count.words, hash)
    }

    #[test]
    fn where_a_long_text_is_split_makes_no_difference() {
        let text = format!("{}{}é {}", " ".repeat(40), "a ".repeat(MAX_BLOCK / 2 + 9), " b".repeat(MAX_BLOCK / 2 + 30));
        let whole = told(&[&text]);
        for at in [1, 39, 40, 41, MAX_BLOCK - 1, MAX_BLOCK, MAX_BLOCK + 40, MAX_BLOCK + 41, 2 * MAX_BLOCK] {
            let (first, second) = text.split_at(text.floor_char_boundary(at));
            assert_eq!(told(&[first, second]), whole, "{at}");
        }
    }
}
