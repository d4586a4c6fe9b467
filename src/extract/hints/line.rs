//! Lines of text: one that is a date or a byline and little else, beside the headline, or one that says what it is.

use super::byline::{are_names, author_in, author_in_part, is_author_label, labelled_author, says_by};
use super::dated::{
    dateline, has_digit, is_date_label, is_mostly_date, is_update_label, may_be_dated, published_in, says_other,
    says_published, says_updated, updated_in,
};
use super::headline::Title;
use super::posted::{heads_comments, poster_in};
use super::{Hints, Seen};
use crate::extract::date;
use crate::extract::text::{Collapsed, clip};
use std::borrow::Cow;

/// How near to the headline a line counts as belonging to it.
const LINES_BEFORE: u32 = 3;
const LINES_AFTER: u32 = 4;

/// No line that is looked at is longer, in bytes: the beginning of a longer one is.
pub(super) const MAX_LINE: usize = 200;

/// What stands before an author's name is no longer, in bytes.
const MAX_BY: usize = 16;

/// A longer line is a sentence, in bytes.
const MAX_SHORT: usize = 80;

/// What stands before a date and says what it is is no longer, in bytes.
const MAX_LABEL: usize = 40;

/// So much of a sentence may hold its date, in bytes.
const DATE: usize = 60;

/// What a line says that the next is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    Published,
    Modified,
    Author,
}

/// The line that is being read, and what of those before bears on it.
#[derive(Default)]
pub(super) struct Lines {
    /// The text so far, as long as it is short.
    pub text: Collapsed,
    pub is_long: bool,
    /// How many lines there were so far.
    pub count: u32,
    /// How many there were before the headline, if that came.
    headline: Option<u32>,
    /// What `<title>` tells of where the headline is.
    pub title: Title,
    /// Where the line stands that is most of `<title>`.
    titled: Option<u32>,
    /// The headline that was marked up is most of `<title>`.
    is_sure: bool,
    /// What follows is by the readers.
    is_commented: bool,
    /// The last line before the headline that is a date, and where.
    dated: Option<(u32, String)>,
    /// Where a line stands that says what the next is.
    label: Option<(u32, Label)>,
}

impl Lines {
    /// Whether the line so far says that its author follows.
    pub(super) fn says_by(&self) -> bool {
        self.text.len() <= MAX_BY && says_by(self.text.text())
    }

    pub(super) fn headline_seen(&self) -> bool {
        self.headline.is_some()
    }

    pub(super) fn is_near_headline(&self) -> bool {
        [self.headline, self.titled].iter().flatten().any(|headline| self.count - headline <= LINES_AFTER)
    }

    /// Whether what stands before a date in its line says that it is that of a change.
    pub(super) fn says_updated(&self) -> bool {
        let label = self.text.text().rsplit(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
        label.len() <= MAX_LABEL && says_updated(label)
    }
}

impl Hints<'_> {
    /// What stands here belongs to the line.
    pub(super) fn line_text(&mut self, text: &str) {
        self.lines.text.push_until(text, MAX_LINE);
        self.lines.is_long = self.lines.text.len() > MAX_LINE;
    }

    pub(super) fn end_line(&mut self) {
        if self.lines.text.len() == 0 {
            return;
        }
        let is_long = std::mem::take(&mut self.lines.is_long);
        let mut text = std::mem::take(&mut self.lines.text);
        if !text.text().is_empty() {
            self.lines.count += 1;
            self.line(text.text(), is_long);
        }
        text.clear();
        self.lines.text = text;
    }

    fn line(&mut self, text: &str, is_long: bool) {
        // A heading that is not most of the title may be the site's name.
        if !self.lines.is_sure && !is_long && self.lines.title.is_mostly(text) {
            if self.in_headline.is_some() {
                self.lines.is_sure = true;
            } else {
                self.lines.titled = Some(self.lines.count);
                self.use_date_before();
            }
        }
        let is_near = self.lines.is_near_headline();
        // Above the text it is the number of comments.
        self.lines.is_commented |= !is_near && self.lines.headline_seen() && heads_comments(text);
        let has_digit = has_digit(text);
        if !self.lines.is_commented
            && !is_long
            && has_digit
            && let Some(name) = poster_in(text)
        {
            // What says that one word is a name.
            self.add_author(Seen::Line, format!("by {name}"));
        }
        if text.len() <= MAX_LINE
            && is_near
            && let Some(name) = author_in_part(text).or_else(|| labelled_author(text))
        {
            self.add_author(Seen::Line, name.to_owned());
        }
        let text = date::western(text);
        // Where digits of other scripts were, there are some now.
        let has_digit = has_digit || matches!(text, Cow::Owned(_));
        let text = &*text;
        if is_long || text.len() > MAX_SHORT || (has_digit && !is_mostly_date(text)) {
            if has_digit && may_be_dated(text) {
                self.dates_in(text, is_near);
            }
            return;
        }
        let label = self.lines.label.take().filter(|(at, _)| at + 1 == self.lines.count).map(|(_, label)| label);
        if !has_digit {
            if label == Some(Label::Author) && (are_names(text) || !text.is_ascii()) {
                self.add_author(Seen::Line, text.to_owned());
            } else if let Some(label) = label_in(text) {
                self.lines.label = Some((self.lines.count, label));
            } else if is_near && let Some(name) = author_in(text) {
                self.add_author(Seen::Line, name.to_owned());
            }
            return;
        }
        if label == Some(Label::Modified) {
            if let Some(date) = self.date(text) {
                self.add_modified(Seen::Line, date);
            }
        } else if label == Some(Label::Published)
            || says_updated(text)
            || says_published(text)
            || (is_near && !says_other(text))
        {
            self.add_date(Seen::Line, text);
        } else if !self.lines.is_sure {
            self.lines.dated = Some((self.lines.count, text.to_owned()));
        }
    }

    /// The dates in a line that is more than a date, where it says what they are.
    fn dates_in(&mut self, text: &str, is_near: bool) {
        if is_near && let Some(date) = dateline(text).and_then(|text| self.date(text)) {
            self.add_published(Seen::Line, date);
        }
        if let Some(date) = published_in(text).and_then(|text| self.date(begun(text))) {
            self.add_published(Seen::Line, date);
        }
        if let Some((before, after)) = updated_in(text).or_else(|| updated_beside(text, is_near)) {
            if let Some(date) = self.date(begun(after)) {
                self.add_modified(Seen::Line, date);
            }
            if is_near && is_mostly_date(before) && !says_updated(before) {
                self.add_date(Seen::Line, before);
            }
        }
    }

    /// The headline ended.
    pub(super) fn end_headline(&mut self) {
        self.lines.headline = Some(self.lines.count);
        self.use_date_before();
    }

    /// The last date before the headline is its date.
    fn use_date_before(&mut self) {
        // The line of the headline itself lies between.
        if let Some((at, line)) = self.lines.dated.take()
            && self.lines.count - at <= LINES_BEFORE
        {
            self.add_date(Seen::Line, &line);
        }
    }
}

/// As [`updated_in`], in a short line by the headline.
fn updated_beside(text: &str, is_near: bool) -> Option<(&str, &str)> {
    if !is_near || text.len() > MAX_SHORT {
        return None;
    }
    let at = ["Updated ", "UPDATED ", "updated "].iter().find_map(|word| text.find(word))?;
    Some((&text[..at], &text[at + "updated ".len()..]))
}

fn label_in(text: &str) -> Option<Label> {
    if text.len() > MAX_LABEL {
        return None;
    }
    let label = text.trim_end_matches([':', '：', ' ']);
    if is_date_label(label) {
        return Some(Label::Published);
    }
    if is_update_label(label) {
        return Some(Label::Modified);
    }
    is_author_label(text, label).then_some(Label::Author)
}

/// The beginning of what stands behind a label, without the mark after that.
fn begun(text: &str) -> &str {
    clip(text.trim_start_matches([' ', ':', '：', '\u{a0}', '|']), DATE)
}
