//! scraper as its users write it: one selector a field, compiled once.

use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
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

/// What the head says.
#[derive(Default)]
struct Head {
    /// Title, language, description, canonical address.
    fields: [Option<String>; 4],
    tags: Vec<(String, String)>,
    icons: Vec<String>,
    feeds: Vec<String>,
}

/// The tree only.
pub fn parse(page: &str) -> usize {
    Html::parse_document(page).tree.nodes().count()
}

/// The head's fields.
pub fn head(page: &str) -> usize {
    let head = head_of(&Html::parse_document(page));
    head.tags.len() + head.icons.len() + head.feeds.len() + head.fields.iter().flatten().count()
}

/// The head's fields, headings, links, images, JSON-LD and the words.
pub fn full(page: &str) -> usize {
    let document = Html::parse_document(page);
    let head = head_of(&document);
    let headings: Vec<(String, String)> =
        document.select(&HEADING).map(|e| (e.value().name().to_owned(), text(e))).collect();
    let links: Vec<(String, String, Option<String>)> = document
        .select(&ANCHOR)
        .map(|e| (attribute(e, "href").unwrap_or_default(), text(e), attribute(e, "rel")))
        .collect();
    let images: Vec<(String, Option<String>)> =
        document.select(&IMAGE).map(|e| (attribute(e, "src").unwrap_or_default(), attribute(e, "alt"))).collect();
    let data: Vec<Value> = document
        .select(&SCRIPT)
        .filter_map(|e| serde_json::from_str(e.text().collect::<String>().trim()).ok())
        .collect();
    let words = document.select(&BODY).next().map_or(0, |body| shown(body).split_whitespace().count());
    head.tags.len() + headings.len() + links.len() + images.len() + data.len() + words
}

fn head_of(document: &Html) -> Head {
    let title = document.select(&TITLE).next().map(text);
    let lang = document.select(&HTML).next().and_then(|e| attribute(e, "lang"));
    let mut head = Head { fields: [title, lang, None, None], ..Head::default() };
    for meta in document.select(&META) {
        let Some(content) = attribute(meta, "content") else { continue };
        let Some(name) = attribute(meta, "property").or_else(|| attribute(meta, "name")) else { continue };
        if name == "description" {
            head.fields[2].get_or_insert_with(|| content.clone());
        }
        head.tags.push((name, content));
    }
    for link in document.select(&LINK) {
        let href = attribute(link, "href").unwrap_or_default();
        for rel in link.attr("rel").unwrap_or_default().split_ascii_whitespace() {
            match rel {
                "canonical" => head.fields[3] = Some(href.clone()),
                "icon" | "apple-touch-icon" => head.icons.push(href.clone()),
                "alternate" if link.attr("type").is_some_and(|t| t.ends_with("+xml")) => head.feeds.push(href.clone()),
                _ => {}
            }
        }
    }
    head
}

fn attribute(element: ElementRef<'_>, name: &str) -> Option<String> {
    element.attr(name).map(|value| value.trim().to_owned())
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text without scripts and styles.
fn shown(body: ElementRef<'_>) -> String {
    let mut out = String::new();
    for node in body.descendants() {
        if let Some(text) = node.value().as_text() {
            let hidden = node
                .ancestors()
                .filter_map(|a| a.value().as_element())
                .any(|e| matches!(e.name(), "script" | "style" | "noscript" | "template" | "iframe"));
            if !hidden {
                out.push_str(text);
                out.push(' ');
            }
        }
    }
    out
}
