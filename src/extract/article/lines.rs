//! Taking out lines that by what they say are not of the article.

use super::dom::{Dom, Id};
use super::phrases::{heads_links, is_furniture, is_pointer, is_program_error};
use crate::extract::date;
use crate::extract::hints::{heads_comments, poster_in};
use html5ever::local_name;
use std::collections::HashMap;

/// Lists of links to other pages, each with the line that introduces it, and paragraphs that are nothing but a link, one after the other.
pub(super) fn links_to_others(dom: &Dom, roots: &[Id]) -> Vec<Id> {
    /// No such line is longer, in characters.
    const LINE: usize = 60;
    /// No article has more of them.
    const MAX_LINES: usize = 100;
    let mut found = Vec::new();
    let is_link = |id: Id| {
        let size = dom.size(id);
        dom.is(id, &local_name!("p"))
            && size.images == 0
            && (15..=200).contains(&size.text)
            && dom.link_density(id) >= 0.95
    };
    for parent in dom.walk_all(roots) {
        let filled: Vec<Id> = dom.children(parent).filter(|id| dom.size(*id).text > 0).collect();
        let runs = filled.chunk_by(|a, b| is_link(*a) == is_link(*b));
        found.extend(runs.filter(|run| run.len() > 1 && is_link(run[0])).flatten());
    }
    let lines: Vec<Id> = dom
        .walk_all(roots)
        .filter(|id| {
            let may_head = dom.name(*id).is_some_and(|name| {
                matches!(
                    *name,
                    local_name!("p")
                        | local_name!("h2")
                        | local_name!("h3")
                        | local_name!("h4")
                        | local_name!("h5")
                        | local_name!("h6")
                )
            });
            may_head && (1..=LINE).contains(&dom.size(*id).text) && heads_links(&dom.text(*id))
        })
        .take(MAX_LINES)
        .collect();
    for line in lines {
        // A box around nothing but the line is the line.
        let mut head = line;
        for above in dom.ancestors(line).take(3) {
            if roots.contains(&above) || dom.size(above).text != dom.size(line).text {
                break;
            }
            head = above;
        }
        if roots.contains(&head) {
            continue;
        }
        let after = dom.children(dom.nodes[head].parent).skip_while(|id| *id != head).skip(1);
        let listed: Vec<Id> = after.take_while(|id| dom.size(*id).text == 0 || dom.link_density(*id) >= 0.5).collect();
        if listed.iter().any(|id| dom.size(*id).text > 0) {
            found.extend(listed);
            found.push(head);
        }
    }
    found
}

/// Boxes in the article that are of other pages: two or more `<article>` beside each other, each with a heading that is a link.
pub(super) fn teasers(dom: &Dom, roots: &[Id]) -> Vec<Id> {
    /// So much, in characters, must be left without them: they may be all there is.
    const TEXT: usize = 500;
    /// No teaser is longer, in characters.
    const MAX: usize = 400;
    let is_teaser = |id: Id| {
        dom.is(id, &local_name!("article"))
            && !roots.contains(&id)
            && (1..=MAX).contains(&dom.size(id).text)
            && dom.walk(id).any(|inner| is_subheading(dom, inner) && dom.link_density(inner) >= 0.9)
    };
    let mut found: Vec<Id> = dom.walk_all(roots).filter(|id| is_teaser(*id)).collect();
    let mut beside: HashMap<Id, usize> = HashMap::new();
    for id in &found {
        *beside.entry(dom.nodes[*id].parent).or_default() += 1;
    }
    found.retain(|id| beside[&dom.nodes[*id].parent] > 1);
    let all: usize = roots.iter().map(|root| dom.size(*root).text).sum();
    let theirs: usize = found.iter().map(|id| dom.size(*id).text).sum();
    if all.saturating_sub(theirs) < TEXT { Vec::new() } else { found }
}

fn is_subheading(dom: &Dom, id: Id) -> bool {
    dom.name(id).is_some_and(|name| {
        matches!(*name, local_name!("h2") | local_name!("h3") | local_name!("h4") | local_name!("h5"))
    })
}

/// What readers wrote below the text: the line that introduces it, and all that follows in the same element, if some of that is dated.
pub(super) fn comments(dom: &Dom, roots: &[Id]) -> Vec<Id> {
    /// Less before it is no article, in characters.
    const TEXT: usize = 200;
    /// No line with a date is longer, in characters.
    const DATE: usize = 120;
    /// No line that introduces them is longer, in characters.
    const HEAD: usize = 40;
    /// So many lines that may introduce them are looked at: what follows each is searched.
    const HEADS: usize = 8;
    let mut before = 0;
    let mut heads = 0;
    for id in dom.walk_all(roots) {
        if !dom.is(id, &local_name!("p")) && !is_subheading(dom, id) {
            continue;
        }
        let size = dom.size(id).text;
        if before >= TEXT && (1..=HEAD).contains(&size) && !roots.contains(&id) && heads_comments(&dom.text(id)) {
            heads += 1;
            if heads > HEADS {
                break;
            }
            let rest: Vec<Id> = dom.children(dom.nodes[id].parent).skip_while(|other| *other != id).collect();
            let is_dated =
                |line: &Id| (1..=DATE).contains(&dom.size(*line).text) && date::normalise(&dom.text(*line)).is_some();
            if rest.iter().skip(1).any(|part| dom.walk(*part).any(|line| is_dated(&line))) {
                return rest;
            }
        }
        before += size;
    }
    Vec::new()
}

/// Removes lines that lead away, belong to the page around the article, or are a program's.
pub(super) fn remove_strangers(dom: &mut Dom, roots: &[Id], strict: bool) {
    /// No line that is looked at is longer, in characters.
    const LINE: usize = 2_000;
    let lines: Vec<Id> =
        dom.walk_all(roots).filter(|id| dom.is(*id, &local_name!("p")) || dom.is(*id, &local_name!("li"))).collect();
    for id in lines {
        let size = dom.size(id);
        if size.text == 0 || size.text > LINE {
            continue;
        }
        let density = dom.link_density(id);
        // A short one is little else; of a longer one the link must be a good part.
        let leads = size.linked > 0.0 && (size.text <= 80 || (size.text < 300 && density >= 0.4));
        let text = dom.text(id);
        if (strict && leads && is_pointer(&text))
            || (strict && density >= 0.6 && heads_links(&text))
            || (size.text < 300 && size.images == 0 && is_furniture(&text))
            || (size.text < 120 && poster_in(&text).is_some())
            || (size.text < 500 && is_program_error(&text))
        {
            dom.remove(id);
        }
    }
}

/// Lines above the text that only tell when it was published or who wrote it: the record has that as its date and author.
pub(super) fn remove_known_on_top(dom: &mut Dom, roots: &[Id], author: Option<&str>) {
    /// Who writes more has begun the text, in bytes.
    const LINE: usize = 100;
    /// What stands before the name is no longer, in characters.
    const BY: usize = 12;
    let plain = |text: &str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let author = author.map(plain).filter(|author| author.chars().count() >= 3);
    let lines: Vec<Id> =
        dom.walk_all(roots).filter(|id| dom.is(*id, &local_name!("p")) || dom.is(*id, &local_name!("time"))).collect();
    for id in lines {
        let text = dom.text(id);
        if text.len() > LINE {
            return;
        }
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let is_date = letters <= 45 && !text.ends_with('.') && date::normalise(&text).is_some();
        let names_author = author.as_ref().is_some_and(|author| {
            let line = plain(&text);
            line.strip_suffix(author.as_str()).is_some_and(|before| before.chars().count() <= BY)
        });
        if is_date || names_author {
            dom.remove(id);
        }
    }
}
