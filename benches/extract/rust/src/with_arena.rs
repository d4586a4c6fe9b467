//! html5ever as one would use it for speed: a small tree, and one walk over it.

use crate::arena::{Arena, Id, Kind, ROOT};
use crate::fields::{Page, folded, is_hidden, trimmed};
use html5ever::{Attribute, LocalName, local_name, ns};

/// The tree only.
pub fn parse(page: &str) -> usize {
    Arena::parse(page, false).0.len()
}

/// The head's fields.
pub fn head(page: &str) -> usize {
    read(&Arena::parse(page, false), false).head.len()
}

/// The head's fields, headings, links, images, JSON-LD and the words.
pub fn full(page: &str) -> usize {
    read(&Arena::parse(page, false), true).len()
}

/// What the row `full` reads, or only the head's fields.
pub fn read(document: &Arena, full: bool) -> Page {
    let mut page = Page::default();
    let (mut in_body, mut hidden, mut shown_again) = (false, false, None);
    let mut at = Some(ROOT);
    while let Some(id) = at {
        hidden &= shown_again != at;
        match &document.0[id].kind {
            Kind::Text(text) if full && in_body && !hidden => page.words += text.split_whitespace().count(),
            Kind::Element(name, attributes) => {
                in_body |= name.local == local_name!("body");
                if !hidden && is_hidden(&name.local) {
                    (hidden, shown_again) = (true, document.after(id, ROOT));
                }
                in_head(document, id, &name.local, attributes, &mut page);
                if full {
                    in_lists(document, id, &name.local, attributes, &mut page);
                }
            }
            Kind::Text(_) | Kind::Other => {}
        }
        at = document.following(id, ROOT);
    }
    page
}

fn in_head(document: &Arena, id: Id, name: &LocalName, attributes: &[Attribute], page: &mut Page) {
    let head = &mut page.head;
    match *name {
        local_name!("html") if head.lang.is_none() => head.lang = attribute(attributes, "lang").map(trimmed),
        local_name!("title") if head.title.is_none() => head.title = Some(folded(&document.text(id))),
        local_name!("meta") => head.meta(|name| attribute(attributes, name)),
        local_name!("link") => head.link(|name| attribute(attributes, name)),
        _ => {}
    }
}

fn in_lists(document: &Arena, id: Id, name: &LocalName, attributes: &[Attribute], page: &mut Page) {
    let attribute = |name| attribute(attributes, name);
    match *name {
        local_name!("h1")
        | local_name!("h2")
        | local_name!("h3")
        | local_name!("h4")
        | local_name!("h5")
        | local_name!("h6") => page.headings.push((name.to_string(), folded(&document.text(id)))),
        local_name!("a") => {
            if let Some(href) = attribute("href") {
                page.links.push((trimmed(href), folded(&document.text(id)), attribute("rel").map(trimmed)));
            }
        }
        local_name!("img") => {
            if let Some(src) = attribute("src") {
                page.images.push((trimmed(src), attribute("alt").map(trimmed)));
            }
        }
        local_name!("script") => {
            if attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("application/ld+json")) {
                page.add_data(&document.text(id));
            }
        }
        _ => {}
    }
}

fn attribute<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    attributes.iter().find(|a| a.name.ns == ns!() && &*a.name.local == name).map(|a| &*a.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::with_scraper;
    use scraper::Html;
    use std::fs;
    use std::path::Path;

    /// scraper's order is that in which elements were made, which is another one where a table's content was moved out of it.
    fn sorted(page: &Page) -> Page {
        let mut page = page.clone();
        page.headings.sort();
        page.links.sort();
        page.images.sort();
        page
    }

    /// Scripting is on here, since scraper knows no other way: what is in a `<noscript>` is text then.
    #[test]
    fn reads_what_scraper_reads() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/pages");
        let mut pages = 0;
        let mut words = 0;
        for file in fs::read_dir(folder).expect("the fixtures") {
            let path = file.expect("an entry").path();
            if path.extension().is_none_or(|kind| kind != "html") {
                continue;
            }
            let html = String::from_utf8_lossy(&fs::read(&path).expect("a page")).into_owned();
            let theirs = with_scraper::read(&Html::parse_document(&html));
            let ours = read(&Arena::parse(&html, true), true);
            assert_eq!(sorted(&ours), sorted(&theirs), "{}", path.display());
            pages += 1;
            words += ours.words;
        }
        assert!(pages > 10 && words > 1000, "{pages} pages of {words} words are too few to tell");
    }
}
