//! Several words looked for at once.

/// So many first bytes of each word are told by tables. No word is shorter.
const TOLD: usize = 3;

/// Words (at most 32, of three bytes or more), in letters of any case.
pub(super) struct AnyOf {
    words: &'static [&'static str],
    /// For each of the first places of a word and each byte: the words that may have it there.
    tables: [[u32; 256]; TOLD],
    /// A bit for each pair of bytes, as [`index`] has it, that is the first of a word or the one after. One of the two stands at an even place,
    /// wherever the word does, so that every other place can be passed over.
    pairs: [u64; PAIRS / 64],
}

/// How many pairs of bytes are told apart.
const PAIRS: usize = 1 << 10;

/// Five bits of each of two bytes, in which capitals are as small letters.
const fn index(pair: [u8; 2]) -> usize {
    let pair = u16::from_le_bytes(pair);
    (pair & 0x1f | (pair >> 3) & 0x3e0) as usize
}

impl AnyOf {
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        let mut tables = [[0; 256]; TOLD];
        let mut pairs = [0; PAIRS / 64];
        let mut at = 0;
        while at < words.len() {
            let word = words[at].as_bytes();
            let mut place = 0;
            while place < TOLD {
                tables[place][word[place].to_ascii_lowercase() as usize] |= 1 << at;
                tables[place][word[place].to_ascii_uppercase() as usize] |= 1 << at;
                if place > 0 {
                    let index = index([word[place - 1], word[place]]);
                    pairs[index / 64] |= 1 << (index % 64);
                }
                place += 1;
            }
            at += 1;
        }
        Self { words, tables, pairs }
    }

    /// Whether one of the words stands anywhere in the text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.find(text.as_bytes(), |_, _| true)
    }

    /// The first of the words in the text, and where it ends.
    pub(super) fn find_in(&self, text: &str) -> Option<(&'static str, usize)> {
        let mut first = None;
        self.find(text.as_bytes(), |at, words| {
            let word = self.words[words.trailing_zeros() as usize];
            first = Some((word, at + word.len()));
            true
        });
        first
    }

    /// Which of the words stand anywhere in the text, a bit each.
    pub(super) fn those_in(&self, text: &str) -> u32 {
        let mut found = 0_u32;
        self.find(text.as_bytes(), |_, words| {
            found |= words;
            false
        });
        found
    }

    /// Hands over where words stand and which, from the beginning, until enough are found, and says whether that is so.
    #[inline]
    fn find(&self, bytes: &[u8], mut is_enough: impl FnMut(usize, u32) -> bool) -> bool {
        for (number, pair) in bytes.chunks_exact(2).enumerate() {
            let index = index([pair[0], pair[1]]);
            if self.pairs[index / 64] >> (index % 64) & 1 == 0 {
                continue;
            }
            let at = 2 * number;
            for start in at.saturating_sub(1)..=at {
                let words = self.begin(&bytes[start..]);
                if words != 0 && is_enough(start, words) {
                    return true;
                }
            }
        }
        false
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
        let Some(first) = bytes.first_chunk::<TOLD>() else { return 0 };
        let may = |place: usize| self.tables[place][usize::from(first[place])];
        let words = may(0) & may(1) & may(2);
        if words == 0 { 0 } else { self.among(words, bytes) }
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
    use proptest::prelude::*;

    #[test]
    fn finds_all_and_nothing_else() {
        static WORDS: AnyOf = AnyOf::new(&["date", "datum", "né", "bye"]);
        for text in ["date", "update", "xDATum", "dadate", "n\u{e9}", "ne n\u{e9}e", "Bye", "xbye", "a bye"] {
            assert!(WORDS.is_in(text), "{text}");
        }
        for text in ["", "dat", "d", "datu", "by", "\0", "d\u{61}\u{301}te"] {
            assert!(!WORDS.is_in(text), "{text}");
        }
        assert_eq!([WORDS.those_in("update bye date"), WORDS.those_in("dat")], [0b1001, 0]);
        assert_eq!(WORDS.find_in("an update bye"), Some(("date", 9)));
        assert_eq!(WORDS.find_in("an updbye"), Some(("bye", 9)));
        assert_eq!(WORDS.find_in("an upda"), None);
        assert!(WORDS.begin_one_in("Dates") && WORDS.begin_one_in("x\tdates"));
        assert!(!WORDS.begin_one_in("update x") && !WORDS.begin_one_in(""));
    }

    proptest! {
        #[test]
        fn as_one_by_one(text in "[a-cA-C]{0,12}") {
            static WORDS: AnyOf = AnyOf::new(&["abc", "aab", "cabb", "bcc"]);
            let lower = text.to_ascii_lowercase();
            let first = (0..text.len()).find_map(|at| WORDS.words.iter().find(|word| lower[at..].starts_with(**word)).map(|word| (*word, at + word.len())));
            prop_assert_eq!(WORDS.find_in(&text), first);
            prop_assert_eq!(WORDS.is_in(&text), first.is_some());
            let those = WORDS.words.iter().rev().fold(0, |those, word| those << 1 | u32::from(lower.contains(word)));
            prop_assert_eq!(WORDS.those_in(&text), those);
        }
    }
}
