//! Finding the article: paragraphs give points to what they are in, and the element with the most is it, with those of its siblings
//! that look like more of the same.

use super::dom::{Dom, Id};
use super::patterns::weight;
use html5ever::local_name;
use std::collections::HashMap;

/// Shorter texts score nothing, in characters.
const MIN_PARAGRAPH: usize = 25;

/// How many levels up a paragraph gives points.
const LEVELS: usize = 5;

/// How many of the best are compared for a common ancestor, and how many must agree.
const TOP: usize = 5;
const AGREE: usize = 3;

/// The element of the article, and all that belongs to it, in document order. Needs a fresh measure.
pub(super) fn find(dom: &Dom, body: Id, weigh_classes: bool) -> Vec<Id> {
    let class_weight = |id: Id| {
        if weigh_classes {
            weight(dom.attribute(id, "class").unwrap_or_default(), dom.attribute(id, "id").unwrap_or_default())
        } else {
            0.0
        }
    };
    let mut scores = scored(dom, body, &class_weight);
    for (id, score) in &mut scores {
        *score *= 1.0 - dom.link_density(*id);
    }
    let mut best: Vec<(Id, f64)> = scores.iter().map(|(id, score)| (*id, *score)).collect();
    // Equal scores: the one that stands first, so that the result does not hang on the map's order.
    best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    best.truncate(TOP);
    let Some(&(top, top_score)) = best.first().filter(|(_, score)| *score > 0.0) else {
        return vec![body];
    };
    let top = climb(dom, body, common_ancestor(dom, body, &best).unwrap_or(top), &scores);
    with_siblings(dom, top, scores.get(&top).copied().unwrap_or(top_score), &scores)
}

fn scored(dom: &Dom, body: Id, class_weight: &impl Fn(Id) -> f64) -> HashMap<Id, f64> {
    let mut scores: HashMap<Id, f64> = HashMap::new();
    for id in dom.walk(body) {
        let scores_itself = dom.name(id).is_some_and(|name| {
            matches!(
                *name,
                local_name!("p")
                    | local_name!("td")
                    | local_name!("pre")
                    | local_name!("section")
                    | local_name!("h2")
                    | local_name!("h3")
                    | local_name!("h4")
                    | local_name!("h5")
                    | local_name!("h6")
            )
        });
        let size = dom.size(id);
        // Items of a list are paragraphs where they hold none.
        let is_item = || dom.is(id, &local_name!("dd")) && size.paragraphs == 0;
        if !(scores_itself || is_item()) || size.text < MIN_PARAGRAPH {
            continue;
        }
        #[allow(clippy::cast_precision_loss, reason = "small numbers")]
        let points = 2.0 + size.commas as f64 + (size.text / 100).min(3) as f64;
        for (level, above) in dom.ancestors(id).take(LEVELS).enumerate() {
            // What is taken out later is not the article.
            if dom.name(above).is_none() || above == 0 || dom.is(above, &local_name!("footer")) {
                break;
            }
            let divider = match level {
                0 => 1.0,
                1 => 2.0,
                #[allow(clippy::cast_precision_loss, reason = "small numbers")]
                level => level as f64 * 3.0,
            };
            *scores.entry(above).or_insert_with(|| tag_score(dom, above) + class_weight(above)) += points / divider;
            if above == body {
                break;
            }
        }
    }
    scores
}

fn tag_score(dom: &Dom, id: Id) -> f64 {
    match dom.name(id) {
        Some(&local_name!("article")) => 8.0,
        Some(&local_name!("div")) => 5.0,
        Some(&local_name!("pre") | &local_name!("td") | &local_name!("blockquote")) => 3.0,
        Some(
            &local_name!("address")
            | &local_name!("ol")
            | &local_name!("ul")
            | &local_name!("dl")
            | &local_name!("dd")
            | &local_name!("dt")
            | &local_name!("li")
            | &local_name!("form"),
        ) => -3.0,
        Some(
            &local_name!("h1")
            | &local_name!("h2")
            | &local_name!("h3")
            | &local_name!("h4")
            | &local_name!("h5")
            | &local_name!("h6")
            | &local_name!("th"),
        ) => -5.0,
        _ => 0.0,
    }
}

/// The deepest element that holds the best and enough others that are nearly as good.
fn common_ancestor(dom: &Dom, body: Id, best: &[(Id, f64)]) -> Option<Id> {
    let (top, top_score) = *best.first()?;
    let others: Vec<Vec<Id>> = best[1..]
        .iter()
        .filter(|(_, score)| *score / top_score >= 0.75)
        .map(|(id, _)| dom.ancestors(*id).collect())
        .collect();
    if others.len() < AGREE {
        return None;
    }
    dom.ancestors(top)
        .take_while(|above| *above != body && *above != 0)
        .find(|above| others.iter().filter(|list| list.contains(above)).count() >= AGREE)
}

/// Goes up while the parent is worth more, or holds nothing else.
fn climb(dom: &Dom, body: Id, mut top: Id, scores: &HashMap<Id, f64>) -> Id {
    let start = scores.get(&top).copied().unwrap_or_default();
    let mut last = start;
    let mut at = dom.nodes[top].parent;
    while at != body && at != 0 {
        if let Some(&score) = scores.get(&at) {
            if score < start / 3.0 {
                break;
            }
            if score > last {
                top = at;
                break;
            }
            last = score;
        }
        at = dom.nodes[at].parent;
    }
    let mut parent = dom.nodes[top].parent;
    while parent != body && parent != 0 && dom.children(parent).filter(|child| dom.size(*child).text > 0).count() == 1 {
        top = parent;
        parent = dom.nodes[top].parent;
    }
    top
}

fn with_siblings(dom: &Dom, top: Id, top_score: f64, scores: &HashMap<Id, f64>) -> Vec<Id> {
    let parent = dom.nodes[top].parent;
    if parent == top || parent == 0 {
        return vec![top];
    }
    let threshold = (top_score * 0.2).max(10.0);
    let class = dom.attribute(top, "class").filter(|class| !class.trim().is_empty());
    dom.children(parent)
        .filter(|&sibling| {
            if sibling == top {
                return true;
            }
            let bonus = if class.is_some() && dom.attribute(sibling, "class") == class { top_score * 0.2 } else { 0.0 };
            if scores.get(&sibling).is_some_and(|score| score + bonus >= threshold) {
                return true;
            }
            if !dom.is(sibling, &local_name!("p")) {
                return false;
            }
            let length = dom.size(sibling).text;
            let density = dom.link_density(sibling);
            (length > 80 && density < 0.25)
                || (length > 0 && length <= 80 && density == 0.0 && ends_sentence(&dom.text(sibling)))
        })
        .collect()
}

fn ends_sentence(text: &str) -> bool {
    text.contains(". ") || text.ends_with(['.', '。', '！', '？', '!', '?'])
}
