//! A document as a run of events, in document order: what lies between the engines that read HTML and the walk that gathers facts.

use super::tag::{Tag, UNSHOWN};
use html5ever::LocalName;

/// The attributes of one element.
pub(super) trait Attributes {
    /// The value of an attribute without a namespace, by its lower-case name.
    fn get(&self, name: &str) -> Option<&str>;

    /// Hands over each attribute without a namespace, the name in lower case, and its value.
    fn each(&self, take: &mut dyn FnMut(&str, &str));
}

/// What an element is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name<'a> {
    /// Which of the known ones.
    pub tag: Tag,
    /// The same in lower case; of foreign elements empty, unless HTML's rules know the name.
    pub local: &'a LocalName,
    /// Whether it is one of HTML, rather than of SVG or the like.
    pub html: bool,
}

impl Name<'_> {
    /// Whether a browser without scripting would not show what stands in it as the page's own text.
    pub(super) fn is_unshown(self) -> bool {
        if self.html {
            self.tag.is(UNSHOWN)
        } else {
            matches!(self.tag, Tag::Title | Tag::Desc | Tag::Style | Tag::Script)
        }
    }
}

/// What takes the events. Starts and ends are balanced; the content of a `<template>` is no part of the document.
pub(super) trait Events {
    /// The start of an element. Foreign ones come without attributes.
    fn start<A: Attributes>(&mut self, name: Name<'_>, attributes: &A);

    /// Whether text that came now would be looked at; if not, it may be left out.
    fn listens(&self) -> bool;

    /// A piece of text. What stands together may come in several, and where it is split must make no difference.
    fn text(&mut self, text: &str);

    /// As [`Self::text`], of white space only (ASCII's).
    fn blank(&mut self, text: &str) {
        self.text(text);
    }

    /// The first `<base href>` of the document. False if it comes too late: something was taken to be relative to another.
    fn base(&mut self, href: &str) -> bool;

    /// The end of the innermost element that is open.
    fn end(&mut self, name: Name<'_>);
}
