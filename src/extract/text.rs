//! White space as HTML renders it.

/// Collects text, folding every run of white space into one space and dropping it at both ends.
#[derive(Debug, Default, Clone)]
pub(super) struct Collapsed {
    text: String,
    gap: bool,
}

impl Collapsed {
    pub(super) fn push(&mut self, part: &str) {
        for word in part.split_inclusive(is_space) {
            let ends_in_space = word.ends_with(is_space);
            let word = word.trim_end_matches(is_space);
            if !word.is_empty() {
                if self.gap && !self.text.is_empty() {
                    self.text.push(' ');
                }
                self.text.push_str(word);
                self.gap = false;
            }
            self.gap |= ends_in_space;
        }
    }

    /// A place where words cannot join, such as the edge of a block.
    pub(super) fn gap(&mut self) {
        self.gap = true;
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
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

/// Unicode white space, and the zero-width characters that editors leave at the ends of titles.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds() {
        assert_eq!(collapse("  a\n\t b\u{a0}c \u{feff}"), "a b c");
        assert_eq!(collapse(""), "");
        assert_eq!(filled(" \u{200b} "), None);
        let mut parts = Collapsed::default();
        parts.push("one");
        parts.push("two ");
        parts.push(" three");
        parts.gap();
        parts.push("four");
        assert_eq!(parts.finish(), "onetwo three four");
    }
}
