//! Every engine against html5ever, tree for tree and field for field, over damaged pages.
//!
//! `SITELIFT_DAMAGED` says how many documents (a few hundred by default), `SITELIFT_PAGES` which folder of pages they are
//! made from (the fixtures by default), `SITELIFT_SEED` repeats a run.

use super::limit::Limiter;
use super::tree::{Arena, Document};
use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};
use std::env;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};

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
    if oracle_stopped.is_some() || bridge_stopped.is_some() {
        // What lies beyond a limit is up to the engine.
        return None;
    }
    let (oracle, bridge) = (oracle.outline(), bridge.outline());
    first_difference("html5ever", &oracle, "bridge", &bridge)
}

fn first_difference(a_name: &str, a: &str, b_name: &str, b: &str) -> Option<String> {
    if a == b {
        return None;
    }
    let line = a.lines().zip(b.lines()).position(|(a, b)| a != b).unwrap_or(a.lines().count().min(b.lines().count()));
    let show = |text: &str| text.lines().skip(line).take(3).collect::<Vec<_>>().join("\n");
    Some(format!("from line {line} on\n--- {a_name}\n{}\n--- {b_name}\n{}", show(a), show(b)))
}

/// A generator of random numbers (`SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap_or(0)
    }
}

const TAGS: &[&str] = &[
    "a",
    "b",
    "i",
    "nobr",
    "font",
    "em",
    "code",
    "p",
    "div",
    "span",
    "h1",
    "h2",
    "ul",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "tbody",
    "thead",
    "tr",
    "td",
    "th",
    "caption",
    "colgroup",
    "col",
    "select",
    "option",
    "optgroup",
    "form",
    "button",
    "input",
    "textarea",
    "title",
    "style",
    "script",
    "noscript",
    "iframe",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "template",
    "svg",
    "math",
    "mi",
    "mo",
    "mtext",
    "annotation-xml",
    "foreignObject",
    "desc",
    "path",
    "html",
    "head",
    "body",
    "frameset",
    "frame",
    "base",
    "meta",
    "link",
    "img",
    "image",
    "br",
    "hr",
    "area",
    "ruby",
    "rt",
    "rp",
    "rb",
    "object",
    "marquee",
    "applet",
    "pre",
    "listing",
    "main",
    "article",
    "section",
    "address",
    "center",
    "details",
    "search",
    "time",
    "custom-tag",
    "keygen",
    "video",
    "source",
    "hgroup",
    "menu",
    "dialog",
    "mglyph",
    "tt",
    "sub",
];

const PIECES: &[&str] = &[
    "<",
    ">",
    "</",
    "/>",
    "<!--",
    "-->",
    "--!>",
    "<!-->",
    "<!",
    "<?x?>",
    "<![CDATA[",
    "]]>",
    "&",
    "&#x",
    "&amp",
    "&notit;",
    "&lt;",
    "&#0;",
    "&#128;",
    "&#13;",
    "&NotEqualTilde;",
    ";",
    "\"",
    "'",
    "=",
    "\0",
    "\u{feff}",
    "\r",
    "\r\n",
    "\n",
    "\t",
    "\u{c}",
    " ",
    "é",
    "日本",
    "\u{1f600}",
    "x",
    "</br>",
    "</p>",
    "<!doctype html>",
    "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 3.2//EN\">",
    "<a href='/x?a=1&amp;b&copy=2' rel=author>",
    "<A HREF=/y>",
    "<img src=q alt=\"a&quot;b\">",
    "<meta property=og:title content='a&lt;b'>",
    "<base href='/deep/'>",
    "<title>t</title>",
    "<input type=hidden>",
    "<b class=x>",
    "<b class=y>",
    "<font color=red>",
    "<p itemprop=author>",
    "<script type=application/ld+json>{\"a\":1}</script>",
    "<script><!--<script>",
    "</script>",
    "<svg/>",
    "<div/>",
    "<p class=byline>",
    "<h1>By</h1>",
    "<template><td>x</template>",
    "<table><tr><td>",
    "<table>x",
    "<td><a href=/z>",
    "<html lang=de>",
    "<body class=z>",
    "<time datetime=2024-05-06>",
    "<annotation-xml encoding=text/html>",
    "<select><option>",
    "<svg><title>",
    "<math><mi>",
    "<!----!>",
    "<!doctype>",
    "<div a=1 a=2 A=3>",
    "<pre>\n",
    "<textarea>\n",
];

/// The page with some edits: tags taken out, put in, moved and broken.
fn damage(page: &str, random: &mut Random) -> String {
    let mut html = page.to_owned();
    for _ in 0..=random.below(12) {
        let tags: Vec<usize> = html.match_indices('<').map(|(at, _)| at).collect();
        let place = |random: &mut Random, html: &str| match tags.len() {
            0 => html.floor_char_boundary(random.below(html.len() + 1)),
            _ if random.below(4) == 0 => html.floor_char_boundary(random.below(html.len() + 1)),
            many => tags[random.below(many)].min(html.len()),
        };
        let at = html.floor_char_boundary(place(random, &html));
        let end = html[at..].find('>').map_or(html.len(), |end| at + end + 1);
        match random.below(7) {
            0 => html.replace_range(at..end, ""),
            1 | 2 => {
                let tag = TAGS[random.below(TAGS.len())];
                let slash = if random.below(3) == 0 { "/" } else { "" };
                html.insert_str(at, &format!("<{slash}{tag}>"));
            }
            3 => html.insert_str(at, PIECES[random.below(PIECES.len())]),
            4 => {
                let tag = html[at..end].to_owned();
                let to = html.floor_char_boundary(place(random, &html));
                html.insert_str(to, &tag);
            }
            5 => {
                let to = html.floor_char_boundary(place(random, &html));
                html.replace_range(at.min(to)..html.floor_char_boundary(at.max(to).min(at.min(to) + 400)), "");
            }
            _ => {
                if let Some(next) = html[at..].chars().next() {
                    html.replace_range(at..at + next.len_utf8(), "");
                }
            }
        }
    }
    html
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
    for (path, page) in pages() {
        check(&page, &path.display().to_string());
    }
}

#[test]
fn damaged_pages() {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let documents = number("SITELIFT_DAMAGED").unwrap_or(300);
    let seed = number("SITELIFT_SEED").unwrap_or_else(|| RandomState::new().hash_one(0));
    println!("SITELIFT_SEED={seed} SITELIFT_DAMAGED={documents}");
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
    let mut random = Random(RandomState::new().hash_one(1));
    for _ in 0..3_000 {
        let count = 1 + random.below(12);
        let html: String = (0..count)
            .map(|_| match random.below(3) {
                0 => format!("<{}>", TAGS[random.below(TAGS.len())]),
                1 => format!("</{}>", TAGS[random.below(TAGS.len())]),
                _ => PIECES[random.below(PIECES.len())].to_owned(),
            })
            .collect();
        check(&html, "odd markup");
    }
}
