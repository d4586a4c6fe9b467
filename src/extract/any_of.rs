//! Several words looked for at once.

/// Words (at most 32), and which of them begin with each byte: the others need not be looked at.
pub(super) struct AnyOf {
    words: &'static [&'static str],
    beginning: [u32; 256],
}

impl AnyOf {
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        let mut beginning = [0; 256];
        let mut at = 0;
        while at < words.len() {
            beginning[words[at].as_bytes()[0] as usize] |= 1 << at;
            at += 1;
        }
        Self { words, beginning }
    }

    /// Whether one of the words stands anywhere in the text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        (0..bytes.len()).any(|at| self.begin(&bytes[at..]))
    }

    /// Whether the text begins with one of the words.
    pub(super) fn begins(&self, text: &str) -> bool {
        self.begin(text.as_bytes())
    }

    fn begin(&self, bytes: &[u8]) -> bool {
        let Some(first) = bytes.first() else { return false };
        let mut candidates = self.beginning[usize::from(*first)];
        while candidates != 0 {
            if bytes.starts_with(self.words[candidates.trailing_zeros() as usize].as_bytes()) {
                return true;
            }
            candidates &= candidates - 1;
        }
        false
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
