//! The article of a page: its text without what surrounds it, as text, clean HTML and Markdown.
//!
//! The ideas are those of Readability and trafilatura: points for paragraphs, and what is taken out by name, links and form. Nothing
//! is sure here: it is tried strictly first, and where too little is left, more leniently.

mod clean;
mod dom;
mod grab;
mod html;
mod lines;
mod markdown;
mod patterns;
mod phrases;
mod prepare;
mod render;

pub(super) use dom::Builder;
pub(super) use phrases::heads_links;

use super::base::Base;
use dom::{Dom, Id};
use html5ever::local_name;

/// An article shorter than this, in characters, is tried for again more leniently.
const ENOUGH: usize = 500;

/// How many times as long it must be then to be taken instead.
const MUCH_MORE: usize = 2;

/// How long an excerpt may be, in characters.
const EXCERPT: usize = 1_000;

/// The article in its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Article {
    pub text: String,
    pub html: String,
    pub markdown: String,
    pub excerpt: String,
}

/// Finds the article; nothing where the page has no text.
pub(super) fn find(
    builder: Builder,
    title: Option<&str>,
    author: Option<&str>,
    description: Option<&str>,
    base: &Base,
) -> Option<Article> {
    let mut dom = builder.finish();
    let body = dom.walk(0).find(|id| dom.is(*id, &local_name!("body"))).unwrap_or(0);
    prepare::remove_hidden(&mut dom);
    prepare::remove_known(&mut dom, title);
    prepare::make_paragraphs(&mut dom);
    let roots = best(&mut dom, body, author)?;
    clean::unwrap_boxes(&mut dom, &roots);
    let text = render::text(&dom, &roots);
    if text.is_empty() {
        return None;
    }
    Some(Article {
        excerpt: description.map_or_else(|| first_paragraph(&text), str::to_owned),
        html: html::write(&dom, &roots, base),
        markdown: markdown::write(&dom, &roots, base),
        text,
    })
}

/// Strictly first; then, as long as too little comes of it, with one rule less each time. Of short ones the strictest is it, unless another
/// has much more.
fn best(dom: &mut Dom, body: Id, author: Option<&str>) -> Option<Vec<Id>> {
    let mut longest: Option<(usize, Vec<Id>, Vec<Id>)> = None;
    for (unlikely, classes, strict) in
        [(true, true, true), (false, true, true), (false, false, true), (false, false, false)]
    {
        let before: Vec<bool> = dom.nodes.iter().map(|node| node.gone).collect();
        if unlikely {
            prepare::remove_unlikely(dom);
        }
        dom.measure();
        let roots = grab::find(dom, body, classes);
        clean::clean(dom, &roots, author, strict);
        let length = roots.iter().map(|root| dom.size(*root).text).sum();
        let is_much_more = length > longest.as_ref().map_or(0, |(longest, ..)| MUCH_MORE * *longest);
        if length >= ENOUGH && is_much_more {
            return Some(roots);
        }
        let removed: Vec<Id> = (0..dom.nodes.len()).filter(|id| dom.nodes[*id].gone && !before[*id]).collect();
        dom.restore(&removed);
        if is_much_more {
            longest = Some((length, roots, removed));
        }
    }
    let (_, roots, removed) = longest?;
    for id in removed {
        dom.remove(id);
    }
    Some(roots)
}

/// The first paragraph that is more than a label, cut between words.
fn first_paragraph(text: &str) -> String {
    let first = text
        .split("\n\n")
        .map(str::trim)
        .find(|p| p.chars().count() >= 20)
        .or_else(|| text.split("\n\n").next())
        .unwrap_or_default();
    let folded = super::text::collapse(first);
    let Some((end, _)) = folded.char_indices().nth(EXCERPT) else { return folded };
    let cut = folded[..end].rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
    format!("{}…", folded[..cut].trim_end())
}
