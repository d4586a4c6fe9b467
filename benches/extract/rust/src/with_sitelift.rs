//! Our own way, through the crate's public API.

use crate::BASE;
use sitelift::{Part, Site};
use std::collections::HashMap;

/// The page at a glance: no lists, no text.
pub fn head(page: &str) -> usize {
    seen(&lift(page, Some(vec![Part::Meta])))
}

/// All parts that are there by default.
pub fn full(page: &str) -> usize {
    seen(&lift(page, None))
}

fn lift(page: &str, parts: Option<Vec<Part>>) -> Site {
    let html = Some("text/html; charset=utf-8".to_owned());
    sitelift::extract(page.as_bytes(), Some(BASE.to_owned()), html, HashMap::new(), parts, false)
        .expect("a good base URL")
}

fn seen(site: &Site) -> usize {
    site.links.len() + site.open_graph.len()
}
