//! The caller's own CSS rules.

use super::bridge;
use super::text::Collapsed;
use html5ever::interface::TreeSink;
use scraper::error::SelectorErrorKind;
use scraper::{ElementRef, Html, HtmlTreeSink, Selector};
use std::collections::HashMap;

/// Most values kept for one rule, and most bytes of all values together: the texts of nested elements each hold the inner ones.
const MAX_VALUES: usize = 20_000;
const MAX_BYTES: usize = 32 << 20;

/// What a rule takes of each element that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Take {
    /// The text of the element and all in it, white space folded.
    Text,
    /// The value of an attribute.
    Attribute(String),
}

/// A set of named rules, parsed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selectors(Vec<(String, Selector, Take)>);

/// A rule that is not valid CSS.
#[derive(Debug)]
pub(crate) struct BadSelector {
    pub name: String,
    pub selector: String,
    pub reason: String,
}

impl Selectors {
    /// Parses `name -> CSS selector`, where a selector may end in `::text` or `::attr(name)` as in Scrapy; without
    /// either the text is taken.
    pub(crate) fn parse<'a>(rules: impl IntoIterator<Item = (&'a String, &'a String)>) -> Result<Self, BadSelector> {
        let mut parsed = Vec::new();
        for (name, rule) in rules {
            let (css, take) = split(rule);
            let selector = Selector::parse(css).map_err(|error| BadSelector {
                name: name.clone(),
                selector: rule.clone(),
                reason: worded(&error),
            })?;
            parsed.push((name.clone(), selector, take));
        }
        Ok(Self(parsed))
    }

    /// Every rule's values in document order; a rule that matches nothing has an empty list. False when something was left
    /// out at a limit.
    pub(super) fn apply(&self, html: &str) -> (HashMap<String, Vec<String>>, bool) {
        if self.0.is_empty() {
            return (HashMap::new(), true);
        }
        let (sink, stopped_at) = bridge::build(html, HtmlTreeSink::new(Html::new_document()));
        let document = sink.finish();
        let mut room = MAX_BYTES;
        let mut complete = stopped_at.is_none();
        let mut selected = HashMap::new();
        for (name, selector, take) in &self.0 {
            let mut values = Vec::new();
            for element in document.select(selector) {
                let value = match take {
                    Take::Text => text_of(element),
                    Take::Attribute(name) => element.attr(name).map(str::to_owned),
                };
                let Some(value) = value else { continue };
                if values.len() == MAX_VALUES || value.len() > room {
                    complete = false;
                    break;
                }
                room -= value.len();
                values.push(value);
            }
            selected.insert(name.clone(), values);
        }
        (selected, complete)
    }
}

fn text_of(element: ElementRef<'_>) -> Option<String> {
    let mut text = Collapsed::default();
    for part in element.text() {
        text.push(part);
        if text.clipped {
            break;
        }
    }
    Some(text.finish()).filter(|text| !text.is_empty())
}

/// The parser's words, but for those it has for its own authors.
fn worded(error: &SelectorErrorKind) -> String {
    let text = error.to_string();
    match text.lines().next() {
        Some(line) if !line.contains("report this") => line.to_owned(),
        _ => "not a selector, or not one that is supported".to_owned(),
    }
}

fn split(rule: &str) -> (&str, Take) {
    let rule = rule.trim();
    if let Some(css) = rule.strip_suffix("::text") {
        return (css, Take::Text);
    }
    if let Some((css, name)) = rule.strip_suffix(')').and_then(|rule| rule.rsplit_once("::attr(")) {
        return (css, Take::Attribute(name.trim().to_ascii_lowercase()));
    }
    (rule, Take::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(rule: &str, html: &str) -> Vec<String> {
        let rules = HashMap::from([("x".to_owned(), rule.to_owned())]);
        Selectors::parse(&rules).unwrap().apply(html).0.remove("x").unwrap()
    }

    #[test]
    fn text_and_attributes() {
        let html = "<p class=a> one <b>two</b></p><p class=a></p><a HREF='/x'>y</a><noscript><i>z</i></noscript>";
        assert_eq!(values("p.a", html), ["one two"]);
        assert_eq!(values("p.a > b::text", html), ["two"]);
        assert_eq!(values("a::attr(href)", html), ["/x"]);
        assert_eq!(values("noscript i", html), ["z"]);
        assert!(values("h1", html).is_empty());
    }

    #[test]
    fn bad_rules_are_named() {
        let rules = HashMap::from([("price".to_owned(), "p[".to_owned())]);
        let bad = Selectors::parse(&rules).unwrap_err();
        assert_eq!((bad.name.as_str(), bad.selector.as_str()), ("price", "p["));
        assert!(!bad.reason.is_empty());
    }
}
