//! All that is gathered while a page is told, in one pass.

use super::Context;
use super::article;
use super::events::{Attributes, Events, Name};
use super::hints::Hints;
use super::microdata::Microdata;
use super::rdfa::Rdfa;
use super::scan::is_blank;
use super::tree::Document;
use super::walk::Walk;
use super::words::Words;

/// What each of the listeners heard; those to parts that are not wanted are not there.
pub(super) struct Gathered<'a> {
    pub walk: Walk<'a>,
    pub hints: Hints<'a>,
    pub words: Option<Words>,
    pub article: Option<article::Builder>,
    pub microdata: Option<Microdata>,
    pub rdfa: Option<Rdfa<'a>>,
}

impl<'a> Gathered<'a> {
    /// Listeners to a page whose first `<base href>`, wherever it stands, is `base_href`.
    pub(super) fn new(context: &'a Context<'a>, base_href: Option<&str>) -> Self {
        Self {
            walk: Walk::new(context, base_href),
            hints: Hints::new(context, base_href),
            words: context.parts.text.then(Words::new),
            article: context.parts.article.then(article::Builder::new),
            microdata: context.parts.microdata.then(Microdata::new),
            rdfa: context.parts.rdfa.then(|| Rdfa::new(context, base_href)),
        }
    }

    /// What a tree tells.
    pub(super) fn from(document: &Document, context: &'a Context<'a>) -> Self {
        let mut gathered = Self::new(context, document.base_href());
        document.tell(&mut gathered);
        gathered
    }
}

impl Events for Gathered<'_> {
    fn start<A: Attributes>(&mut self, name: Name<'_>, attributes: &A) {
        self.walk.start(name, attributes);
        self.hints.start(name, attributes);
        self.words.start(name, attributes);
        self.article.start(name, attributes);
        self.microdata.start(name, attributes);
        self.rdfa.start(name, attributes);
    }

    fn listens(&self) -> bool {
        self.words.listens()
            || self.article.listens()
            || self.walk.listens()
            || self.hints.listens()
            || self.microdata.listens()
            || self.rdfa.listens()
    }

    fn text(&mut self, text: &str) {
        // Nearly half of a page's texts are what stands between its tags to make it look tidy.
        if is_blank(text) {
            return self.blank(text);
        }
        self.walk.text(text);
        self.hints.text(text);
        self.words.text(text);
        self.article.text(text);
        self.microdata.text(text);
        self.rdfa.text(text);
    }

    fn blank(&mut self, text: &str) {
        self.walk.blank(text);
        self.hints.blank(text);
        self.words.blank(text);
        self.article.blank(text);
        self.microdata.blank(text);
        self.rdfa.blank(text);
    }

    fn base(&mut self, href: &str) -> bool {
        self.walk.base(href) && self.hints.base(href) && self.rdfa.base(href)
    }

    fn end(&mut self, name: Name<'_>) {
        self.walk.end(name);
        self.hints.end(name);
        self.words.end(name);
        self.article.end(name);
        self.microdata.end(name);
        self.rdfa.end(name);
    }
}

/// A listener that may not be there.
impl<E: Events> Events for Option<E> {
    fn start<A: Attributes>(&mut self, name: Name<'_>, attributes: &A) {
        if let Some(events) = self {
            events.start(name, attributes);
        }
    }

    fn listens(&self) -> bool {
        self.as_ref().is_some_and(E::listens)
    }

    fn text(&mut self, text: &str) {
        if let Some(events) = self {
            events.text(text);
        }
    }

    fn blank(&mut self, text: &str) {
        if let Some(events) = self {
            events.blank(text);
        }
    }

    fn base(&mut self, href: &str) -> bool {
        self.as_mut().is_none_or(|events| events.base(href))
    }

    fn end(&mut self, name: Name<'_>) {
        if let Some(events) = self {
            events.end(name);
        }
    }
}
