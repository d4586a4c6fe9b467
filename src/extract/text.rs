//! White space as HTML renders it.

/// Collects text, folding every run of white space into one space and dropping it at both ends.
#[derive(Debug, Default, Clone)]
pub(super) struct Collapsed {
    text: String,
    gap: bool,
    /// Something did not fit.
    pub clipped: bool,
}

/// No text grows beyond this many bytes: longer ones are attacks or mistakes, and nested elements would each hold it.
pub(super) const MAX_BYTES: usize = 1 << 20;

impl Collapsed {
    /// Adds a part. How a text is split into parts makes no difference.
    pub(super) fn push(&mut self, part: &str) {
        self.push_until(part, MAX_BYTES);
    }

    /// As [`Self::push`], for who has no use for a text of more bytes: adds nothing to such a one.
    pub(super) fn push_until(&mut self, part: &str, bytes: usize) {
        let mut rest = part;
        if self.text.capacity() == 0 {
            // What is collected is rarely longer than its first part.
            self.text.reserve(part.len().min(64));
        }
        while !rest.is_empty() && self.text.len() <= bytes {
            let (word, after) = rest.split_at(word_end(rest));
            if !word.is_empty() {
                self.push_word(word);
            }
            rest = after.trim_start_matches(is_space);
            self.gap |= rest.len() < after.len();
        }
    }

    fn push_word(&mut self, word: &str) {
        if self.clipped {
            return;
        }
        if self.gap && !self.text.is_empty() {
            self.text.push(' ');
        }
        let fitting = clip(word, MAX_BYTES.saturating_sub(self.text.len()));
        self.text.push_str(fitting);
        self.clipped = fitting.len() < word.len();
        self.gap = false;
    }

    /// How many bytes there are so far.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// A place where words cannot join, such as the edge of a block.
    pub(super) fn gap(&mut self) {
        self.gap = true;
    }

    /// Begins again.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.gap = false;
        self.clipped = false;
    }

    /// What [`Self::finish`] would give.
    pub(super) fn text(&self) -> &str {
        let text = self.text.trim_matches(is_invisible);
        if text.len() == self.text.len() { text } else { text.trim_matches(is_space) }
    }

    pub(super) fn finish(self) -> String {
        let text = self.text();
        if text.len() == self.text.len() { self.text } else { text.to_owned() }
    }
}

/// The beginning of `text`, at most `bytes` long.
pub(super) fn clip(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// One text with its white space folded.
pub(super) fn collapse(text: &str) -> String {
    let mut collapsed = Collapsed::default();
    collapsed.push(text);
    collapsed.finish()
}

/// The folded text, or nothing when nothing is left of it.
pub(super) fn filled(text: &str) -> Option<String> {
    let text = collapse(text);
    (!text.is_empty()).then_some(text)
}

/// Where the first white space is.
fn word_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\t'..=b'\r' | b' ' => return at,
            0..=0x7f => at += 1,
            // Rare enough to be looked at as a character.
            _ => match text[at..].chars().next() {
                Some(c) if !is_space(c) => at += c.len_utf8(),
                _ => return at,
            },
        }
    }
    at
}

fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// The zero-width characters that editors leave at the ends of titles. Between letters they have a meaning.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds() {
        assert_eq!(collapse("  a\n\t b\u{a0}c \u{feff}"), "a b c");
        assert_eq!(collapse(""), "");
        assert_eq!(filled(" \u{200b} "), None);
        assert_eq!(collapse("\u{feff} Super\u{2060}man foo\u{200b}bar \u{200b}"), "Super\u{2060}man foo\u{200b}bar");
        let mut parts = Collapsed::default();
        parts.push("one");
        parts.push("two ");
        parts.push(" three");
        parts.gap();
        parts.push("four");
        assert_eq!(parts.finish(), "onetwo three four");
    }
}
