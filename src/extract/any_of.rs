//! Several words looked for at once.

/// Words, and the bytes that they begin with: where none of these stands, no word does.
pub(super) struct AnyOf {
    words: &'static [&'static str],
    firsts: [bool; 256],
}

impl AnyOf {
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        let mut firsts = [false; 256];
        let mut at = 0;
        while at < words.len() {
            firsts[words[at].as_bytes()[0] as usize] = true;
            at += 1;
        }
        Self { words, firsts }
    }

    /// Whether one of the words stands anywhere in the text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        bytes.iter().enumerate().any(|(at, byte)| {
            self.firsts[usize::from(*byte)] && self.words.iter().any(|word| bytes[at..].starts_with(word.as_bytes()))
        })
    }

    /// Whether the text begins with one of the words.
    pub(super) fn begins(&self, text: &str) -> bool {
        text.bytes().next().is_some_and(|first| self.firsts[usize::from(first)])
            && self.words.iter().any(|word| text.starts_with(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_all_and_nothing_else() {
        const WORDS: AnyOf = AnyOf::new(&["date", "datum", "é"]);
        for text in ["date", "update", "xdatum", "dadate", "caf\u{e9}"] {
            assert!(WORDS.is_in(text), "{text}");
        }
        for text in ["", "dat", "d", "datu"] {
            assert!(!WORDS.is_in(text), "{text}");
        }
        assert!(WORDS.begins("dates") && !WORDS.begins("update") && !WORDS.begins(""));
    }
}
