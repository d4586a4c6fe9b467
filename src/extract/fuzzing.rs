//! What must hold for any input, for the targets in `fuzz/`.

use super::gather::Gathered;
use super::limit::BY_TIME;
use super::{Context, Page, Parts, Selectors, chosen, date, json_ld as blocks, scan, tree};
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

/// Reads a page by the scanner and by the tree. Panics where a field differs.
pub fn engines(html: &str) {
    let url = Url::parse("https://www.a.example/b/c?d").expect("a good URL");
    let context = Context {
        url: Some(&url),
        encoding: encoding_rs::UTF_8,
        selectors: &Selectors::default(),
        parts: Parts { rdfa: true, article: true, ..Parts::default() },
        status: 200,
        robots_tags: Vec::new(),
    };
    let Ok(scanned) = scan::read(html, |base_href| Gathered::new(&context, base_href)) else { return };
    let (document, stopped_at) = tree::parse(html);
    if stopped_at == Some(BY_TIME) {
        return;
    }
    assert_eq!(stopped_at, None, "scanned in spite of a limit");
    let shown = |gathered| {
        let mut page: Page = chosen(gathered, &context);
        let sources: BTreeMap<_, _> = std::mem::take(&mut page.sources).into_iter().collect();
        format!("{page:#?}\n{sources:#?}")
    };
    assert_eq!(shown(scanned), shown(Gathered::from(&document, &context)));
}

/// Reads a block of JSON-LD. Panics unless what it keeps is an object or an array of JSON exactly when there is no error.
pub fn json_ld(text: &str) {
    let (block, value) = blocks::read(text);
    assert_eq!(block.error.is_none(), value.is_some());
    let kept = serde_json::from_str::<Value>(&block.raw);
    assert_eq!(block.error.is_none(), kept.is_ok_and(|value| value.is_object() || value.is_array()));
}

/// Reads a date. Panics unless what comes out of it is a date that stays as it is.
pub fn date(text: &str, language: Option<&str>) {
    if let Some(date) = date::normalise_in(text, language) {
        assert_eq!(date::normalise_in(&date, language).as_deref(), Some(date.as_str()), "from {text:?}");
    }
}
