//! Whether a text is one of several.

/// Texts of at most 63 bytes, in letters of any case (ASCII's).
pub(super) struct OneOf {
    texts: &'static [&'static str],
    /// For each first byte, as far as five bits tell it: a bit for each length that the texts with it have.
    lengths: [u64; FIRSTS],
}

/// Capitals and small letters have the same five bits.
const FIRSTS: usize = 1 << 5;

impl OneOf {
    pub(super) const fn new(texts: &'static [&'static str]) -> Self {
        let mut lengths = [0; FIRSTS];
        let mut at = 0;
        while at < texts.len() {
            let text = texts[at].as_bytes();
            lengths[text[0] as usize % FIRSTS] |= 1 << text.len();
            at += 1;
        }
        Self { texts, lengths }
    }

    pub(super) fn is(&self, text: &str) -> bool {
        let Some(first) = text.as_bytes().first() else { return false };
        // Most texts are told by so little to be none.
        let may_be = u32::try_from(text.len()).is_ok_and(|length| {
            self.lengths[usize::from(*first) % FIRSTS].checked_shr(length).is_some_and(|bits| bits & 1 != 0)
        });
        may_be && self.texts.iter().any(|one| one.eq_ignore_ascii_case(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_or_none() {
        static TEXTS: OneOf = OneOf::new(&[
            "by",
            "date:",
            "Дата",
            "an",
            "123456789012345678901234567890123456789012345678901234567890123",
        ]);
        for text in TEXTS.texts.iter().copied().chain(["By", "DATE:", "aN"]) {
            assert!(TEXTS.is(text), "{text}");
        }
        for text in ["", "b", "byx", "be", "дата", "date", &"1".repeat(63), &"1".repeat(64), &"b".repeat(66)] {
            assert!(!TEXTS.is(text), "{text}");
        }
    }
}
