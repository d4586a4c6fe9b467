//! The caller's own CSS rules.

use super::text::filled;
use html5ever::driver::ParseOpts;
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use scraper::error::SelectorErrorKind;
use scraper::{Html, HtmlTreeSink, Selector};
use std::collections::HashMap;

/// Most values kept for one rule.
const MAX_VALUES: usize = 20_000;

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

    /// Every rule's values in document order; a rule that matches nothing has an empty list.
    pub(super) fn apply(&self, html: &str) -> HashMap<String, Vec<String>> {
        if self.0.is_empty() {
            return HashMap::new();
        }
        let options = ParseOpts {
            tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
            ..ParseOpts::default()
        };
        let document = html5ever::parse_document(HtmlTreeSink::new(Html::new_document()), options).one(html);
        self.0
            .iter()
            .map(|(name, selector, take)| {
                let values = document
                    .select(selector)
                    .filter_map(|element| match take {
                        Take::Text => filled(&element.text().collect::<String>()),
                        Take::Attribute(name) => element.attr(name).map(str::to_owned),
                    })
                    .take(MAX_VALUES)
                    .collect();
                (name.clone(), values)
            })
            .collect()
    }
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
        Selectors::parse(&rules).unwrap().apply(html).remove("x").unwrap()
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
