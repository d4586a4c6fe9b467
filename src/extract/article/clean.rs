//! Taking out of the article what is not of it.

use super::dom::{Dom, Id, Kind};
use super::lines;
use super::patterns::{is_insert, is_share, weight};
use html5ever::{LocalName, local_name};

/// Cleans the article by `author` below `roots`. With `strict` off only what can be nothing else goes.
pub(super) fn clean(dom: &mut Dom, roots: &[Id], author: Option<&str>, strict: bool) {
    let all = |dom: &Dom| dom.walk_all(roots).collect::<Vec<_>>();
    let nodes = all(dom);
    let tables: Vec<Id> =
        nodes.iter().copied().filter(|id| dom.is(*id, &local_name!("table")) && is_data_table(dom, *id)).collect();
    let of_kind = |dom: &Dom, names: &[LocalName]| {
        all(dom).into_iter().filter(|id| dom.name(*id).is_some_and(|name| names.contains(name))).collect::<Vec<_>>()
    };
    dom.measure();
    if strict {
        remove_conditionally(dom, &of_kind(dom, &[local_name!("form"), local_name!("fieldset")]), &tables);
    }
    for id in of_kind(
        dom,
        &[
            local_name!("footer"),
            local_name!("aside"),
            local_name!("nav"),
            local_name!("input"),
            local_name!("textarea"),
            local_name!("select"),
            local_name!("button"),
            local_name!("embed"),
        ],
    ) {
        dom.remove(id);
    }
    for id in of_kind(dom, &[local_name!("iframe")]) {
        if !is_player(dom, id) {
            dom.remove(id);
        }
    }
    for id in all(dom) {
        if roots.contains(&id) || dom.name(id).is_none() {
            continue;
        }
        let label = dom.label(id);
        let size = dom.size(id);
        let share = is_share(&label) && size.text < 500;
        let insert = strict && is_insert(&label) && size.text < 1_500;
        if share || insert {
            dom.remove(id);
        }
    }
    dom.measure();
    for id in of_kind(dom, &[local_name!("h1"), local_name!("h2")]) {
        if strict
            && weight(dom.attribute(id, "class").unwrap_or_default(), dom.attribute(id, "id").unwrap_or_default()) < 0.0
        {
            dom.remove(id);
        }
    }
    if strict {
        dom.measure();
        // Found while all of it is there, and taken out later: what is left of a box alone may look like text.
        let mut others = lines::links_to_others(dom, roots);
        others.extend(lines::comments(dom, roots));
        others.extend(lines::teasers(dom, roots));
        for names in [
            &[local_name!("table")][..],
            &[local_name!("ul"), local_name!("ol")],
            &[local_name!("div"), local_name!("section")],
        ] {
            dom.measure();
            let candidates: Vec<Id> = of_kind(dom, names).into_iter().filter(|id| !roots.contains(id)).collect();
            remove_conditionally(dom, &candidates, &tables);
        }
        for id in others {
            dom.remove(id);
        }
    }
    dom.measure();
    lines::remove_strangers(dom, roots, strict);
    dom.measure();
    for id in of_kind(
        dom,
        &[
            local_name!("p"),
            local_name!("h2"),
            local_name!("h3"),
            local_name!("h4"),
            local_name!("h5"),
            local_name!("h6"),
            local_name!("li"),
        ],
    ) {
        let size = dom.size(id);
        if size.text == 0 && size.images == 0 && size.frames == 0 {
            dom.remove(id);
        }
    }
    lines::remove_known_on_top(dom, roots, author);
    remove_last_headings(dom, roots);
    dom.measure();
}

/// A heading with nothing after it introduces what was taken out.
fn remove_last_headings(dom: &mut Dom, roots: &[Id]) {
    let leaves: Vec<Id> = dom
        .walk_all(roots)
        .filter(|id| {
            matches!(&dom.nodes[*id].kind, Kind::Text(text) if !text.trim().is_empty())
                || dom.is(*id, &local_name!("img"))
        })
        .collect();
    for leaf in leaves.into_iter().rev() {
        let heading = dom.ancestors(leaf).take(4).find(|above| {
            dom.name(*above).is_some_and(|name| {
                matches!(
                    *name,
                    local_name!("h2") | local_name!("h3") | local_name!("h4") | local_name!("h5") | local_name!("h6")
                )
            })
        });
        match heading {
            // One that is a sentence is text, whatever it looks like.
            Some(heading) if !roots.contains(&heading) && !dom.text(heading).ends_with(['.', '!', '。']) => {
                dom.remove(heading);
            }
            _ => return,
        }
    }
}

fn is_player(dom: &Dom, id: Id) -> bool {
    let src = dom.attribute(id, "src").or_else(|| dom.attribute(id, "data-src")).unwrap_or_default();
    [
        "youtube.com",
        "youtube-nocookie.com",
        "player.vimeo.com",
        "dailymotion.com",
        "player.twitch.tv",
        "archive.org/embed",
        "upload.wikimedia.org",
        "bilibili.com",
        "open.spotify.com",
        "w.soundcloud.com",
    ]
    .iter()
    .any(|host| src.contains(host))
}

/// A table of data rather than one that places things on the page.
fn is_data_table(dom: &Dom, id: Id) -> bool {
    if dom.attribute(id, "role") == Some("presentation") {
        return false;
    }
    let (mut rows, mut cells, mut widest) = (0_usize, 0_usize, 0_usize);
    let mut in_row = 0;
    for node in dom.walk(id).skip(1) {
        match dom.name(node) {
            Some(&local_name!("table")) => return false,
            Some(
                &local_name!("caption")
                | &local_name!("th")
                | &local_name!("thead")
                | &local_name!("tfoot")
                | &local_name!("colgroup"),
            ) => return true,
            Some(&local_name!("tr")) => {
                rows += 1;
                in_row = 0;
            }
            Some(&local_name!("td")) => {
                cells += 1;
                in_row += 1;
                widest = widest.max(in_row);
            }
            _ => {}
        }
    }
    rows > 1 && widest > 1 && (rows >= 10 || widest > 4 || cells > 10)
}

fn remove_conditionally(dom: &mut Dom, candidates: &[Id], tables: &[Id]) {
    for &id in candidates {
        let above = |name: LocalName| dom.ancestors(id).take(8).any(|above| dom.is(above, &name));
        let in_table = tables.contains(&id) || dom.ancestors(id).any(|above| tables.contains(&above));
        if in_table || above(local_name!("code")) || above(local_name!("pre")) {
            continue;
        }
        if is_dispensable(dom, id, above(local_name!("figure"))) {
            dom.remove(id);
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "small numbers")]
fn is_dispensable(dom: &Dom, id: Id, in_figure: bool) -> bool {
    let size = dom.size(id);
    let weight = weight(dom.attribute(id, "class").unwrap_or_default(), dom.attribute(id, "id").unwrap_or_default());
    if weight < 0.0 {
        return true;
    }
    if size.commas >= 10 {
        return false;
    }
    if size.text == 0 && size.images == 0 && size.frames == 0 {
        return true;
    }
    let is_list = dom.name(id).is_some_and(|name| matches!(*name, local_name!("ul") | local_name!("ol")))
        || is_mostly_list(dom, id);
    let density = dom.link_density(id);
    let headings = size.headings as f64 / size.text.max(1) as f64;
    let flowing = size.flowing as f64 / size.text.max(1) as f64;
    let players = size.frames;
    let paragraphs = size.paragraphs;
    let list_of_images = is_list && size.images > 0 && size.images >= size.items && size.text < 80 * size.items.max(1);
    if list_of_images {
        return false;
    }
    (!in_figure && size.images > 1 && (paragraphs as f64) / (size.images as f64) < 0.5)
        || (!is_list && size.items > paragraphs + 100)
        || size.inputs > paragraphs / 3
        || (!is_list
            && !in_figure
            && headings < 0.9
            && size.text < 25
            && (size.images == 0 || size.images > 2)
            && density > 0.0)
        || (!is_list && weight < 25.0 && density > 0.2)
        || (weight >= 25.0 && density > 0.5)
        || ((players == 1 && size.text < 75 && size.images == 0 && paragraphs > 1) || players > 3)
        || (size.images == 0 && players == 0 && flowing == 0.0)
}

/// Nearly all of its text is in lists.
fn is_mostly_list(dom: &Dom, id: Id) -> bool {
    let in_lists: usize = dom
        .walk(id)
        .filter(|node| dom.is(*node, &local_name!("ul")) || dom.is(*node, &local_name!("ol")))
        .map(|list| dom.size(list).text)
        .sum();
    let all = dom.size(id).text;
    all > 0 && in_lists * 10 >= all * 9
}

/// Tables of one cell are boxes.
pub(super) fn unwrap_boxes(dom: &mut Dom, roots: &[Id]) {
    let nodes: Vec<Id> = dom.walk_all(roots).collect();
    for id in nodes.into_iter().filter(|id| dom.is(*id, &local_name!("table"))).collect::<Vec<_>>() {
        let parts: Vec<Id> = dom
            .walk(id)
            .filter(|node| {
                dom.name(*node).is_some_and(|n| {
                    matches!(
                        *n,
                        local_name!("table")
                            | local_name!("tbody")
                            | local_name!("tr")
                            | local_name!("td")
                            | local_name!("th")
                    )
                })
            })
            .take(5)
            .collect();
        let cells = parts
            .iter()
            .filter(|node| dom.is(**node, &local_name!("td")) || dom.is(**node, &local_name!("th")))
            .count();
        if cells == 1 && parts.len() <= 4 {
            for part in parts {
                if let Kind::Element { name, .. } = &mut dom.nodes[part].kind {
                    *name = local_name!("div");
                }
            }
        }
    }
}
