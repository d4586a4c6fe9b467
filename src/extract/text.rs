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
            let start = space_end(rest);
            self.gap |= start > 0;
            rest = &rest[start..];
            let (run, after) = rest.split_at(run_end(rest));
            if !run.is_empty() {
                self.push_run(run, bytes);
            }
            rest = after;
        }
    }

    /// Adds what has no white space to fold, until there are more than so many bytes.
    fn push_run(&mut self, run: &str, bytes: usize) {
        if self.clipped {
            return;
        }
        if self.gap && !self.text.is_empty() {
            self.text.push(' ');
        }
        self.gap = false;
        if self.text.len() + run.len() <= bytes.min(MAX_BYTES) {
            return self.text.push_str(run);
        }
        let wanted = &run[..run.ceil_char_boundary((bytes + 1).saturating_sub(self.text.len()))];
        let fitting = clip(wanted, MAX_BYTES.saturating_sub(self.text.len()));
        self.text.push_str(fitting);
        self.clipped = fitting.len() < wanted.len();
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

/// The bytes that are a character of their own and no white space.
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        plain[byte as usize] = !matches!(byte, b'\t'..=b'\r' | b' ');
        byte += 1;
    }
    plain
};

fn is_plain(byte: u8) -> bool {
    PLAIN[usize::from(byte)]
}

/// How long the white space at the beginning is.
pub(super) fn space_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(b'\t'..=b'\r' | b' ') => at += 1,
            Some(byte) if !byte.is_ascii() => match text[at..].chars().next() {
                Some(c) if is_space(c) => at += c.len_utf8(),
                _ => return at,
            },
            _ => return at,
        }
    }
}

/// So many bytes are looked at together, with the next one, which tells whether a space is single.
const MANY: usize = 16 + 1;
const FEW: usize = 8 + 1;

/// How long the beginning is in which white space is nothing but single spaces between other characters, of a text that does not begin
/// with white space.
pub(super) fn run_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(byte) if is_plain(*byte) => {
                at = pass::<FEW>(bytes, pass::<MANY>(bytes, at));
                at += bytes[at..].iter().position(|byte| !is_plain(*byte)).unwrap_or(bytes.len() - at);
            }
            Some(b' ') if text[at + 1..].starts_with(|c| !is_space(c)) => at += 1,
            // Rare enough to be looked at as a character.
            Some(byte) if !byte.is_ascii() => match text[at..].chars().next() {
                Some(c) if !is_space(c) => at += c.len_utf8(),
                _ => return at,
            },
            _ => return at,
        }
    }
}

/// How far from `at` on, which is in or at the end of a run, it plainly goes on, looked at by `N` bytes at a time.
fn pass<const N: usize>(bytes: &[u8], mut at: usize) -> usize {
    while let Some(lanes) = bytes[at..].first_chunk::<N>() {
        if !is_run(lanes) {
            return at;
        }
        at += N - 1;
    }
    // What is left is looked at together with what was before.
    match bytes.last_chunk::<N>() {
        Some(lanes) if is_run(lanes) && is_plain(lanes[N - 1]) => bytes.len(),
        _ => at,
    }
}

/// Whether the bytes but for the last are printable ASCII, no two of all of them spaces in a row. Written without branches, so that all are
/// looked at together.
fn is_run<const N: usize>(bytes: &[u8; N]) -> bool {
    let printable = |byte: u8| (byte > b' ') & byte.is_ascii();
    let mut is_run = true;
    for at in 0..N - 1 {
        is_run &= printable(bytes[at]) | ((bytes[at] == b' ') & printable(bytes[at + 1]));
    }
    is_run
}

/// The letters and digits of a text, in lower case: what is left of it to tell whether two texts say the same.
pub(super) fn plain(text: &str) -> String {
    plain_chars(text).collect()
}

/// As [`plain`], one after the other.
pub(super) fn plain_chars(text: &str) -> impl DoubleEndedIterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// The zero-width characters that editors leave at the ends of titles. Between letters they have a meaning.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn white_space_is_that_of_unicode(text in "([a-z~] ?|[aé\u{7f}\u{1c} \t\n\u{b}\u{a0}\u{3000}]){0,60}", at in 0..60_usize) {
            let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(collapse(&text), folded.as_str());
            let (first, second) = text.split_at(text.floor_char_boundary(at));
            let mut parts = Collapsed::default();
            for (part, bytes) in [(first, 20), (second, 20)] {
                parts.push_until(part, bytes);
            }
            prop_assert_eq!(parts.text(), &folded[..folded.ceil_char_boundary(21)]);
        }
    }

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
