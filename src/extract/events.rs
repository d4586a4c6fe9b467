//! A document as a run of events, in document order: what lies between the engines that read HTML and the walk that gathers facts.

use html5ever::LocalName;

/// The attributes of one element.
pub(super) trait Attributes {
    /// The value of an attribute without a namespace, by its lower-case name.
    fn get(&self, name: &str) -> Option<&str>;
}

/// What an element is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name<'a> {
    /// In lower case, but for some of SVG's.
    pub local: &'a LocalName,
    /// Whether it is one of HTML, rather than of SVG or the like.
    pub html: bool,
}

/// What takes the events. Starts and ends are balanced; the content of a `<template>` is no part of the document.
pub(super) trait Events {
    fn start<A: Attributes>(&mut self, name: Name<'_>, attributes: &A);

    /// A piece of text: what stands together may come in several.
    fn text(&mut self, text: &str);

    /// The end of the innermost element that is open.
    fn end(&mut self, name: Name<'_>);
}
