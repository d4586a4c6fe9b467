//! Every engine against html5ever, tree for tree and field for field, over damaged pages.
//!
//! `SITELIFT_DAMAGED` says how many documents (a few hundred by default), `SITELIFT_PAGES` which folder of pages they are
//! made from (the fixtures by default), `SITELIFT_SEED` repeats a run.

mod damage;
mod log;
mod pieces;

use super::gather::Gathered;
use super::limit::{BY_TIME, Limiter};
use super::scan::Unsure;
use super::tree::{Arena, Document};
use super::{Context, Page, Parts, Selectors};
use damage::{Random, TAGS, damage};
use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};
use log::{Event, Log};
use pieces::PIECES;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use url::Url;

/// The document by html5ever's own tokenizer: the oracle.
fn by_html5ever(html: &str) -> (Document, Option<&'static str>) {
    // html5ever drops a byte order mark after each script, too; the standard, only at the beginning.
    let options = TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(Limiter::new(Arena::for_page(html)), options);
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(html.strip_prefix('\u{feff}').unwrap_or(html)));
    while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
    tokenizer.end();
    let (arena, stopped_at) = tokenizer.sink.finish();
    (arena.into(), stopped_at)
}

/// What differs for a page, if anything does.
fn difference(html: &str) -> Option<String> {
    let (oracle, oracle_stopped) = by_html5ever(html);
    let (bridge, bridge_stopped) = super::tree::parse(html);
    let scanned = super::scan::read(html, |_| Log::default()).ok();
    if oracle_stopped.is_some() || bridge_stopped.is_some() {
        // What lies beyond a limit is up to the engine, but for the scanner, which leaves it to the tree.
        let by_time = [oracle_stopped, bridge_stopped].contains(&Some(BY_TIME));
        return scanned.filter(|_| !by_time).map(|_| "scanned in spite of a limit".to_owned());
    }
    let trees = first_difference("html5ever", &oracle.outline(), "bridge", &bridge.outline());
    trees.or_else(|| scanned.and_then(|log| different_events(&oracle, log))).or_else(|| different_fields(html, &oracle))
}

fn different_events(oracle: &Document, scanned: Log) -> Option<String> {
    let mut log = Log::default();
    oracle.tell(&mut log);
    if oracle.base_href() != scanned.base.as_deref() {
        return Some(format!("base {:?}, scanned {:?}", oracle.base_href(), scanned.base));
    }
    let (oracle, scanned) = (log.finish(), scanned.finish());
    if oracle == scanned {
        return None;
    }
    let at = oracle.iter().zip(&scanned).position(|(a, b)| a != b).unwrap_or(oracle.len().min(scanned.len()));
    let show = |events: &[Event]| format!("{:?}", events.iter().skip(at).take(3).collect::<Vec<_>>());
    Some(format!("from event {at} on\n--- html5ever\n{}\n--- scanner\n{}", show(&oracle), show(&scanned)))
}

fn different_fields(html: &str, oracle: &Document) -> Option<String> {
    let url = Url::parse("https://www.a.example/b/c?d").expect("a good URL");
    let context = Context {
        url: Some(&url),
        encoding: encoding_rs::WINDOWS_1252,
        selectors: &Selectors::default(),
        parts: Parts { rdfa: true, article: true, ..Parts::default() },
        status: 200,
        robots_tags: Vec::new(),
    };
    // A map has no order.
    let lines = |mut page: Page| {
        let sources: BTreeMap<_, _> = std::mem::take(&mut page.sources).into_iter().collect();
        format!("{page:#?}\n{sources:#?}")
    };
    let expected = super::chosen(Gathered::from(oracle, &context), &context);
    first_difference("html5ever", &lines(expected), "lifted", &lines(super::page(html, &context)))
}

fn first_difference(a_name: &str, a: &str, b_name: &str, b: &str) -> Option<String> {
    if a == b {
        return None;
    }
    let line = a.lines().zip(b.lines()).position(|(a, b)| a != b).unwrap_or(a.lines().count().min(b.lines().count()));
    let show = |text: &str| text.lines().skip(line).take(3).collect::<Vec<_>>().join("\n");
    Some(format!("from line {line} on\n--- {a_name}\n{}\n--- {b_name}\n{}", show(a), show(b)))
}

/// The smallest part of a failing page that still fails, as far as cutting finds it.
fn smallest(html: &str) -> String {
    let mut html = html.to_owned();
    let mut size = html.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < html.len() {
            let (start, end) = (html.floor_char_boundary(at), html.floor_char_boundary(at + size));
            let shorter = format!("{}{}", &html[..start], &html[end..]);
            if end > start && difference(&shorter).is_some() {
                html = shorter;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    html
}

fn check(html: &str, name: &str) {
    if difference(html).is_some() {
        let html = smallest(html);
        let what = difference(&html).unwrap_or_default();
        panic!("{name}: {html:?} differs {what}");
    }
}

fn pages_below(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "html") {
                let bytes = fs::read(&path).expect("a readable page");
                found.push((path, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no pages below {}", folder.display());
    found
}

fn pages() -> Vec<(PathBuf, String)> {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/pages");
    pages_below(Path::new(&env::var("SITELIFT_PAGES").unwrap_or_else(|_| fixtures.to_owned())))
}

#[test]
fn pages_as_they_are() {
    let pages = pages();
    let mut handed_over = BTreeMap::<&str, usize>::new();
    for (path, page) in &pages {
        check(page, &path.display().to_string());
        if let Err(Unsure(reason)) = super::scan::read(page, |_| Log::default()) {
            *handed_over.entry(reason).or_default() += 1;
        }
    }
    let sum: usize = handed_over.values().sum();
    println!("{sum} of {} pages went to the tree: {handed_over:?}", pages.len());
}

fn documents_and_seed() -> (u64, u64) {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let documents = number("SITELIFT_DAMAGED").unwrap_or(300);
    let seed = number("SITELIFT_SEED").unwrap_or_else(|| RandomState::new().hash_one(0));
    println!("SITELIFT_SEED={seed} SITELIFT_DAMAGED={documents}");
    (documents, seed)
}

#[test]
fn damaged_pages() {
    let (documents, seed) = documents_and_seed();
    let pages = pages();
    let mut random = Random(seed);
    for document in 0..documents {
        let (path, page) = &pages[random.below(pages.len())];
        let html = damage(page, &mut random);
        check(&html, &format!("seed {seed}, document {document}, from {}", path.display()));
    }
}

#[test]
fn odd_markup() {
    let (documents, seed) = documents_and_seed();
    let mut random = Random(seed);
    // They are small.
    for document in 0..10 * documents {
        let count = 1 + random.below(12);
        let html: String = (0..count)
            .map(|_| match random.below(3) {
                0 => format!("<{}>", TAGS[random.below(TAGS.len())]),
                1 => format!("</{}>", TAGS[random.below(TAGS.len())]),
                _ => PIECES[random.below(PIECES.len())].to_owned(),
            })
            .collect();
        check(&html, &format!("seed {seed}, document {document}"));
    }
}
