//! The texts of elements that are open, and what they come to.

use super::dated::says_updated;
use super::{Hint, Hints, MAX_ITEMS, MAX_TEXT, Seen, add};
use crate::extract::date;
use crate::extract::text::Collapsed;

/// Texts collected at the same time.
const MAX_CAPTURES: usize = 16;

/// What a text is taken for.
pub(super) enum Goal {
    Author(Seen),
    Published(Seen),
    Modified,
    Byline,
    Headline,
    Tag,
    TagPath,
}

pub(super) struct Capture {
    pub depth: u32,
    pub goal: Goal,
    pub text: Collapsed,
}

impl Hints<'_> {
    pub(super) fn capture(&mut self, goal: Goal) {
        if self.captures.len() < MAX_CAPTURES {
            self.captures.push(Capture { depth: self.depth, goal, text: Collapsed::default() });
        }
    }

    pub(super) fn store(&mut self, capture: Capture) {
        if capture.text.len() > MAX_TEXT {
            return;
        }
        let text = capture.text.finish();
        if text.is_empty() {
            return;
        }
        match capture.goal {
            Goal::Author(seen) => self.add_author(seen, text),
            Goal::Published(seen) => self.add_date(seen, &text),
            Goal::Modified => {
                if let Some(date) = self.date(&text) {
                    self.add_modified(Seen::Class, date);
                }
            }
            Goal::Byline => {
                self.byline.get_or_insert(text);
            }
            Goal::Headline => {
                self.headline.get_or_insert(text);
            }
            Goal::Tag => {
                self.incomplete |= !add(&mut self.tags, text);
            }
            Goal::TagPath => {
                self.incomplete |= !add(&mut self.tag_paths, text);
            }
        }
    }

    pub(super) fn add_author(&mut self, seen: Seen, text: String) {
        push(&mut self.authors, Hint { seen, line: self.lines.count, text });
    }

    pub(super) fn add_published(&mut self, seen: Seen, text: String) {
        push(&mut self.published, Hint { seen, line: self.lines.count, text });
    }

    pub(super) fn add_modified(&mut self, seen: Seen, text: String) {
        push(&mut self.modified, Hint { seen, line: self.lines.count, text });
    }

    /// The date in a text, as the page's language has it.
    pub(super) fn date(&self, text: &str) -> Option<String> {
        date::normalise_in(text, self.lang.as_deref())
    }

    pub(super) fn add_date(&mut self, seen: Seen, text: &str) {
        match self.date(text) {
            Some(date) if says_updated(text) => self.add_modified(seen, date),
            Some(date) => self.add_published(seen, date),
            None => {}
        }
    }
}

fn push(list: &mut Vec<Hint>, hint: Hint) {
    if list.len() < MAX_ITEMS {
        list.push(hint);
    }
}
