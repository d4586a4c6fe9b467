//! Several words looked for at once.

/// So many first bytes of each word are told by tables.
const TOLD: usize = 3;

/// Words (at most 32), in letters of any case.
pub(super) struct AnyOf {
    words: &'static [&'static str],
    /// For each of the first places of a word and each byte: the words that may have it there.
    tables: [[u32; 256]; TOLD],
}

impl AnyOf {
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        let mut tables = [[0; 256]; TOLD];
        let mut at = 0;
        while at < words.len() {
            let word = words[at].as_bytes();
            let mut place = 0;
            while place < TOLD {
                if place < word.len() {
                    tables[place][word[place].to_ascii_lowercase() as usize] |= 1 << at;
                    tables[place][word[place].to_ascii_uppercase() as usize] |= 1 << at;
                } else {
                    // The word is over: anything may follow.
                    let mut byte = 0;
                    while byte < 256 {
                        tables[place][byte] |= 1 << at;
                        byte += 1;
                    }
                }
                place += 1;
            }
            at += 1;
        }
        Self { words, tables }
    }

    /// Whether one of the words stands anywhere in the text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let last = bytes.len().saturating_sub(TOLD - 1);
        bytes.windows(TOLD).enumerate().any(|(at, first)| {
            let words = self.may_begin(first);
            words != 0 && self.among(words, &bytes[at..]) != 0
        }) || (last..bytes.len()).any(|at| self.begin(&bytes[at..]) != 0)
    }

    /// The first of the words in the text, and where it ends.
    pub(super) fn find_in(&self, text: &str) -> Option<(&'static str, usize)> {
        let bytes = text.as_bytes();
        let (at, words) = (0..bytes.len()).map(|at| (at, self.begin(&bytes[at..]))).find(|(_, words)| *words != 0)?;
        let word = self.words[words.trailing_zeros() as usize];
        Some((word, at + word.len()))
    }

    /// How many of the words stand anywhere in the text.
    pub(super) fn count_in(&self, text: &str) -> u32 {
        let bytes = text.as_bytes();
        (0..bytes.len()).fold(0, |found, at| found | self.begin(&bytes[at..])).count_ones()
    }

    /// Whether the text, or what follows white space in it, begins with one of the words.
    pub(super) fn begin_one_in(&self, text: &str) -> bool {
        let mut rest = text.as_bytes();
        loop {
            if self.begin(rest) != 0 {
                return true;
            }
            let Some(space) = rest.iter().position(u8::is_ascii_whitespace) else { return false };
            rest = &rest[space + 1..];
        }
    }

    /// The words that these bytes begin with, a bit each.
    #[inline]
    fn begin(&self, bytes: &[u8]) -> u32 {
        let at = |place: usize| bytes.get(place).copied().unwrap_or_default();
        let words = self.may_begin(&[at(0), at(1), at(2)]);
        if words == 0 { 0 } else { self.among(words, bytes) }
    }

    /// The words that may begin with these, which are as many as are told by tables.
    #[inline]
    fn may_begin(&self, first: &[u8]) -> u32 {
        let words = |place: usize| self.tables[place][usize::from(first[place])];
        words(0) & words(1) & words(2)
    }

    /// Those of the words that the bytes begin with.
    fn among(&self, mut candidates: u32, bytes: &[u8]) -> u32 {
        let mut words = 0;
        while candidates != 0 {
            let at = candidates.trailing_zeros();
            let word = self.words[at as usize].as_bytes();
            let is_it = bytes.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
            words |= u32::from(is_it) << at;
            candidates &= candidates - 1;
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_all_and_nothing_else() {
        static WORDS: AnyOf = AnyOf::new(&["date", "datum", "é", "by"]);
        for text in ["date", "update", "xDATum", "dadate", "caf\u{e9}", "By", "xby", "a by"] {
            assert!(WORDS.is_in(text), "{text}");
        }
        for text in ["", "dat", "d", "datu", "b", "\0"] {
            assert!(!WORDS.is_in(text), "{text}");
        }
        assert_eq!([WORDS.count_in("update by date"), WORDS.count_in("dat")], [2, 0]);
        assert_eq!(WORDS.find_in("an update by"), Some(("date", 9)));
        assert_eq!(WORDS.find_in("an upda"), None);
        assert!(WORDS.begin_one_in("Dates") && WORDS.begin_one_in("x\tdates"));
        assert!(!WORDS.begin_one_in("update x") && !WORDS.begin_one_in(""));
    }
}
