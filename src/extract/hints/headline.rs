//! Where the headline is on pages that do not mark it up: the line that is most of `<title>`.

use crate::extract::text::{Collapsed, plain, plain_chars};

/// No title that is looked for is longer, in bytes.
const MAX: usize = 300;

/// Shorter ones are found by chance, in bytes.
const MIN: usize = 8;

/// The text of `<title>`, and what was found of it.
#[derive(Default)]
pub(super) struct Title {
    text: Collapsed,
    /// Its letters and digits.
    plain: Option<String>,
    /// The length of the longest part of it that was a line.
    found: usize,
}

impl Title {
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_until(text, MAX);
    }

    pub(super) fn is_known(&self) -> bool {
        self.text.len() > 0
    }

    /// Whether a line is a beginning or an end of the title, half of it at least, and longer than those before that were.
    pub(super) fn is_mostly(&mut self, line: &str) -> bool {
        let title = self.plain.get_or_insert_with(|| plain(self.text.text()));
        // Most lines need no closer look.
        if title.len() < MIN || line.len() * 2 < title.len() || line.len() <= self.found || line.len() > 2 * MAX {
            return false;
        }
        if plain_chars(line).next() != title.chars().next()
            && plain_chars(line).next_back() != title.chars().next_back()
        {
            return false;
        }
        let line = plain(line);
        let fits = line.len() > self.found
            && line.len() * 2 >= title.len()
            && (title.starts_with(&line) || title.ends_with(&line));
        if fits {
            self.found = line.len();
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_line_that_is_most_of_the_title() {
        let mut title = Title::default();
        title.push("Harbour Herald:\n");
        title.push(" Ferry to stop");
        for (line, want) in [
            ("Ferry", false),
            ("Ferry to sto", false),
            ("HARBOUR HERALD", true),
            ("Harbour Herald", false),
            ("Harbour Herald: Ferry to", true),
            ("Ferry to stop", false),
        ] {
            assert_eq!(title.is_mostly(line), want, "{line}");
        }
        assert!(!Title::default().is_mostly("Ferry to stop"));
    }
}
