//! The events of a document, to be compared.

use crate::extract::events::{Attributes, Events, Name};

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    Start(String, bool, Vec<(&'static str, String)>),
    Text(String),
    End(String, bool),
}

/// All events, but for white space that stands beside the body.
#[derive(Default)]
pub(super) struct Log {
    events: Vec<Event>,
    /// Whether each open element is the `<html>` or `<head>`.
    open: Vec<bool>,
    pub base: Option<String>,
}

impl Log {
    pub(super) fn finish(self) -> Vec<Event> {
        self.events
    }
}

const ATTRIBUTES: &[&str] = &[
    "a",
    "alt",
    "charset",
    "class",
    "content",
    "data-src",
    "datetime",
    "height",
    "href",
    "hreflang",
    "http-equiv",
    "id",
    "itemprop",
    "lang",
    "name",
    "property",
    "rel",
    "sizes",
    "src",
    "srcset",
    "title",
    "type",
    "width",
    "xml:lang",
];

impl Events for Log {
    fn start<A: Attributes>(&mut self, name: Name<'_>, attributes: &A) {
        let given =
            ATTRIBUTES.iter().filter_map(|&name| Some((name, attributes.get(name)?.to_owned()))).collect::<Vec<_>>();
        self.events.push(Event::Start(name.local.to_string(), name.html, given));
        self.open.push(name.html && matches!(&**name.local, "html" | "head"));
    }

    fn listens(&self) -> bool {
        true
    }

    fn text(&mut self, text: &str) {
        if self.open.last().copied().unwrap_or(true) && text.trim_ascii().is_empty() {
            return;
        }
        match self.events.last_mut() {
            Some(Event::Text(before)) => before.push_str(text),
            _ => self.events.push(Event::Text(text.to_owned())),
        }
    }

    fn base(&mut self, href: &str) -> bool {
        self.base = Some(href.to_owned());
        true
    }

    fn end(&mut self, name: Name<'_>) {
        self.events.push(Event::End(name.local.to_string(), name.html));
        self.open.pop();
    }
}
