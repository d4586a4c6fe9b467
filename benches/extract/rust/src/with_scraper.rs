//! scraper as its users write it: one selector a field, compiled once.

use crate::fields::{Head, Page, folded, is_hidden, trimmed};
use scraper::{ElementRef, Html, Selector};
use std::sync::LazyLock;

macro_rules! selectors {
    ($($name:ident = $css:literal;)*) => {
        $(static $name: LazyLock<Selector> = LazyLock::new(|| Selector::parse($css).expect("a good selector"));)*
    };
}

selectors! {
    HTML = "html";
    TITLE = "title";
    META = "meta";
    LINK = "link[rel][href]";
    SCRIPT = "script[type='application/ld+json']";
    HEADING = "h1, h2, h3, h4, h5, h6";
    ANCHOR = "a[href]";
    IMAGE = "img[src]";
    BODY = "body";
}

/// The tree only.
pub fn parse(page: &str) -> usize {
    Html::parse_document(page).tree.nodes().count()
}

/// The head's fields.
pub fn head(page: &str) -> usize {
    head_of(&Html::parse_document(page)).len()
}

/// The head's fields, headings, links, images, JSON-LD and the words.
pub fn full(page: &str) -> usize {
    read(&Html::parse_document(page)).len()
}

/// All that the row `full` reads.
pub fn read(document: &Html) -> Page {
    let mut page = Page { head: head_of(document), ..Page::default() };
    page.headings = document.select(&HEADING).map(|e| (e.value().name().to_owned(), text(e))).collect();
    page.links = document
        .select(&ANCHOR)
        .map(|e| (attribute(e, "href").unwrap_or_default(), text(e), attribute(e, "rel")))
        .collect();
    page.images =
        document.select(&IMAGE).map(|e| (attribute(e, "src").unwrap_or_default(), attribute(e, "alt"))).collect();
    for script in document.select(&SCRIPT) {
        page.add_data(&script.text().collect::<String>());
    }
    page.words = document.select(&BODY).next().map_or(0, |body| shown(body).split_whitespace().count());
    page
}

fn head_of(document: &Html) -> Head {
    let mut head = Head {
        title: document.select(&TITLE).next().map(text),
        lang: document.select(&HTML).next().and_then(|e| attribute(e, "lang")),
        ..Head::default()
    };
    for meta in document.select(&META) {
        head.meta(|name| meta.attr(name));
    }
    for link in document.select(&LINK) {
        head.link(|name| link.attr(name));
    }
    head
}

fn attribute(element: ElementRef<'_>, name: &str) -> Option<String> {
    element.attr(name).map(trimmed)
}

fn text(element: ElementRef<'_>) -> String {
    folded(&element.text().collect::<String>())
}

/// The text without scripts and styles.
fn shown(body: ElementRef<'_>) -> String {
    let mut out = String::new();
    for node in body.descendants() {
        if let Some(text) = node.value().as_text() {
            let hidden = node.ancestors().filter_map(|a| a.value().as_element()).any(|e| is_hidden(e.name()));
            if !hidden {
                out.push_str(text);
                out.push(' ');
            }
        }
    }
    out
}
