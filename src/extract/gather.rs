//! All that is gathered while a page is told, in one pass.

use super::Context;
use super::events::{Attributes, Events, Name};
use super::hints::Hints;
use super::tree::Document;
use super::walk::Walk;
use super::words::Words;

/// What each of the listeners heard.
pub(super) struct Gathered<'a>(pub Walk<'a>, pub Hints<'a>, pub Option<Words>);

impl<'a> Gathered<'a> {
    /// Listeners to a page whose first `<base href>`, wherever it stands, is `base_href`.
    pub(super) fn new(context: &'a Context<'a>, base_href: Option<&str>) -> Self {
        let words = context.parts.text.then(Words::new);
        Self(Walk::new(context, base_href), Hints::new(context, base_href), words)
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
        self.0.start(name, attributes);
        self.1.start(name, attributes);
        if let Some(words) = &mut self.2 {
            words.start(name, attributes);
        }
    }

    fn listens(&self) -> bool {
        self.2.as_ref().is_some_and(Words::listens) || self.0.listens() || self.1.listens()
    }

    fn text(&mut self, text: &str) {
        self.0.text(text);
        self.1.text(text);
        if let Some(words) = &mut self.2 {
            words.text(text);
        }
    }

    fn base(&mut self, href: &str) -> bool {
        self.0.base(href) && self.1.base(href)
    }

    fn end(&mut self, name: Name<'_>) {
        self.0.end(name);
        self.1.end(name);
        if let Some(words) = &mut self.2 {
            words.end(name);
        }
    }
}
