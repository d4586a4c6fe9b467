//! Before scoring: what is not shown goes, and loose text becomes paragraphs.

use super::dom::{Dom, Id, Kind, is_block};
use super::patterns;
use html5ever::{LocalName, local_name};

/// Removes what no reader sees.
pub(super) fn remove_hidden(dom: &mut Dom) {
    for id in dom.walk(0).collect::<Vec<_>>() {
        let style: String =
            dom.attribute(id, "style").unwrap_or_default().to_ascii_lowercase().split_whitespace().collect();
        let role = dom.attribute(id, "role").unwrap_or_default();
        let hidden = style.contains("display:none")
            || style.contains("visibility:hidden")
            || dom.attribute(id, "hidden").is_some()
            || (dom.attribute(id, "aria-hidden") == Some("true") && !dom.label(id).contains("fallback-image"))
            || (dom.attribute(id, "aria-modal") == Some("true") && role == "dialog");
        if hidden && id != 0 && !dom.is(id, &local_name!("body")) {
            dom.remove(id);
        }
    }
}

/// Removes the headline and the byline, which the record has as its title and author.
pub(super) fn remove_known(dom: &mut Dom, title: Option<&str>) {
    let plain =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let title = title.map(plain).filter(|title| !title.is_empty());
    let mut title_gone = false;
    let mut byline_gone = false;
    for id in dom.walk(0).collect::<Vec<_>>() {
        let Some(name) = dom.name(id).cloned() else { continue };
        if !title_gone
            && matches!(name, local_name!("h1") | local_name!("h2"))
            && title.as_ref().is_some_and(|title| plain(&dom.text(id)) == *title)
        {
            dom.remove(id);
            title_gone = true;
        } else if !byline_gone && is_byline(dom, id) {
            let length = dom.text(id).chars().count();
            if (1..100).contains(&length) {
                dom.remove(id);
                byline_gone = true;
            }
        }
    }
}

fn is_byline(dom: &Dom, id: Id) -> bool {
    let label = dom.label(id);
    dom.attribute(id, "rel") == Some("author")
        || dom.attribute(id, "itemprop").is_some_and(|p| p.contains("author"))
        || ["byline", "dateline", "writtenby", "p-author"].iter().any(|word| label.contains(word))
}

/// Removes what by its name or role is not of the article.
pub(super) fn remove_unlikely(dom: &mut Dom) {
    for id in dom.walk(0).collect::<Vec<_>>() {
        let Some(name) = dom.name(id).cloned() else { continue };
        if id == 0 || matches!(name, local_name!("html") | local_name!("body") | local_name!("a")) || dom.nodes[id].gone
        {
            continue;
        }
        let role = dom.attribute(id, "role").unwrap_or_default();
        let by_role = matches!(
            role,
            "menu" | "menubar" | "complementary" | "navigation" | "alert" | "alertdialog" | "dialog" | "search"
        );
        let inside = |names: &[LocalName]| {
            dom.ancestors(id).take(12).any(|above| dom.name(above).is_some_and(|n| names.contains(n)))
        };
        if by_role
            || (patterns::is_unlikely(&dom.label(id))
                && !inside(&[local_name!("table"), local_name!("code"), local_name!("pre")]))
        {
            dom.remove(id);
        }
    }
}

/// Wraps runs of loose text in paragraphs: a division that holds only such text becomes one.
pub(super) fn make_paragraphs(dom: &mut Dom) {
    for id in dom.walk(0).collect::<Vec<_>>() {
        let Some(name) = dom.name(id) else { continue };
        if !matches!(
            *name,
            local_name!("div")
                | local_name!("section")
                | local_name!("article")
                | local_name!("main")
                | local_name!("body")
                | local_name!("center")
        ) {
            continue;
        }
        let children: Vec<Id> = dom.children(id).collect();
        let mut made: Vec<Id> = Vec::with_capacity(children.len());
        let mut run: Vec<Id> = Vec::new();
        for (at, &child) in children.iter().enumerate() {
            let is_break = dom.is(child, &local_name!("br"));
            // Two breaks in a row part paragraphs.
            let parts = is_break
                && children[at + 1..]
                    .iter()
                    .find(|next| !is_blank(dom, **next))
                    .is_some_and(|next| dom.is(*next, &local_name!("br")));
            if is_phrasing(dom, child) && !parts {
                run.push(child);
                continue;
            }
            wrap(dom, id, &mut run, &mut made);
            if !parts {
                made.push(child);
            }
        }
        wrap(dom, id, &mut run, &mut made);
        dom.nodes[id].children = made;
    }
}

fn wrap(dom: &mut Dom, parent: Id, run: &mut Vec<Id>, made: &mut Vec<Id>) {
    let is_empty = |dom: &Dom, id: Id| is_blank(dom, id) || dom.is(id, &local_name!("br"));
    let start = run.iter().position(|id| !is_empty(dom, *id));
    let Some(start) = start else {
        run.clear();
        return;
    };
    let end = run.iter().rposition(|id| !is_empty(dom, *id)).map_or(start, |at| at + 1);
    let inner: Vec<Id> = run[start..end].to_vec();
    run.clear();
    let paragraph = dom.nodes.len();
    for &child in &inner {
        dom.nodes[child].parent = paragraph;
    }
    dom.nodes.push(super::dom::Node {
        parent,
        children: inner,
        kind: Kind::Element { name: local_name!("p"), attributes: Vec::new() },
        gone: false,
    });
    made.push(paragraph);
}

fn is_blank(dom: &Dom, id: Id) -> bool {
    matches!(&dom.nodes[id].kind, Kind::Text(text) if text.trim().is_empty())
}

/// Text and what flows in it.
fn is_phrasing(dom: &Dom, id: Id) -> bool {
    !dom.walk(id).any(|node| {
        dom.name(node)
            .is_some_and(|name| is_block(name) || *name == local_name!("iframe") || *name == local_name!("video"))
    })
}
