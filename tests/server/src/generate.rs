//! Plausible pages of any size, made from a seed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::mix::Mix;
use crate::page::Page;

/// More would be `/body`'s task, which needs no memory.
pub const MAX_BYTES: usize = 64 << 20;

/// What is kept in memory, enough for ten thousand pages of the default size; later ones are made anew
/// each time.
const MAX_KEPT_BYTES: usize = 256 << 20;

const WORDS: [&str; 48] = [
    "harbour",
    "letter",
    "river",
    "signal",
    "garden",
    "market",
    "winter",
    "copper",
    "window",
    "morning",
    "station",
    "paper",
    "island",
    "travel",
    "number",
    "field",
    "museum",
    "record",
    "bridge",
    "coast",
    "engine",
    "forest",
    "painter",
    "council",
    "library",
    "valley",
    "season",
    "weather",
    "kitchen",
    "journal",
    "machine",
    "village",
    "the",
    "of",
    "and",
    "in",
    "with",
    "from",
    "under",
    "between",
    "opens",
    "follows",
    "carries",
    "measures",
    "remembers",
    "quiet",
    "early",
    "narrow",
];

/// Before which more can be put.
const BODY_END: &[u8] = b"</body>";

/// Makes pages and keeps the first of them.
#[derive(Default)]
pub struct Generator(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    bytes: usize,
    pages: HashMap<(String, usize), Arc<Page>>,
}

impl Generator {
    /// The page of `seed` with about `bytes` bytes, always the same.
    pub fn page(&self, seed: &str, bytes: usize) -> Arc<Page> {
        self.keep((seed.to_owned(), bytes), || {
            Page::new("text/html; charset=utf-8", Vec::new(), html(seed, bytes).into_bytes())
        })
    }

    /// `page`, which is served at `path`, with more sections at its end until it has about `bytes` bytes. A page whose end is
    /// not found (it has none, or is in UTF-16) stays as it is.
    pub fn grown(&self, page: &Arc<Page>, path: &str, bytes: usize) -> Arc<Page> {
        let plain = page.bytes(None);
        let Some(end) = plain.windows(BODY_END.len()).rposition(|w| w.eq_ignore_ascii_case(BODY_END)) else {
            return Arc::clone(page);
        };
        self.keep((format!("grown {path}"), bytes), || {
            let mut filler = String::new();
            let mut mix = Mix::of(path);
            let missing = bytes.saturating_sub(plain.len());
            while filler.len() < missing {
                section(&mut mix, &mut filler, missing);
            }
            let all = [&plain[..end], filler.as_bytes(), &plain[end..]].concat();
            Page::new(page.content_type, page.headers.clone(), all)
        })
    }

    fn keep(&self, key: (String, usize), make: impl FnOnce() -> Page) -> Arc<Page> {
        let mut kept = self.0.lock().expect("no holder of this lock panics");
        if let Some(page) = kept.pages.get(&key) {
            return Arc::clone(page);
        }
        let page = Arc::new(make());
        let size = page.bytes(None).len();
        if kept.bytes + size <= MAX_KEPT_BYTES {
            kept.bytes += size;
            kept.pages.insert(key, Arc::clone(&page));
        }
        page
    }
}

/// A page with a head like those in the wild, and sections until it is about `bytes` long.
pub fn html(seed: &str, bytes: usize) -> String {
    const TAIL: &str = "</main>\n<footer><a href=\"/about\" rel=\"nofollow\">About</a> \
        <a href=\"mailto:desk@example.com\">desk@example.com</a></footer>\n</body>\n</html>\n";
    let mut mix = Mix::of(seed);
    let mut page = head(&mut mix);
    while page.len() + TAIL.len() < bytes {
        section(&mut mix, &mut page, bytes - TAIL.len());
    }
    page.push_str(TAIL);
    page
}

fn head(mix: &mut Mix) -> String {
    let title = phrase(mix, 5);
    let description = phrase(mix, 18);
    let author = format!("{} {}", capital(mix), capital(mix));
    let keywords = format!("{}, {}", mix.pick(&WORDS), mix.pick(&WORDS));
    let number = mix.below(1_000_000);
    let (month, day) = (1 + mix.below(12), 1 + mix.below(28));
    format!(
        r##"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{description}">
<meta name="author" content="{author}">
<meta name="keywords" content="{keywords}">
<meta name="theme-color" content="#204060">
<meta property="og:title" content="{title}">
<meta property="og:description" content="{description}">
<meta property="og:type" content="article">
<meta property="og:image" content="/images/{number}/cover.jpg">
<meta property="og:site_name" content="The Daily Example">
<meta name="twitter:card" content="summary_large_image">
<link rel="canonical" href="/articles/{number}">
<link rel="icon" href="/favicon.ico" sizes="32x32">
<link rel="alternate" type="application/rss+xml" title="News" href="/feed.xml">
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"Article","headline":"{title}","author":{{"@type":"Person","name":"{author}"}},"datePublished":"2024-{month:02}-{day:02}T08:00:00Z"}}</script>
</head>
<body>
<header><nav><a href="/">Home</a> <a href="/news">News</a> <a href="https://example.org/">Elsewhere</a></nav></header>
<main>
<h1>{title}</h1>
"##
    )
}

/// Adds a heading and what stands below it, up to `end` bytes or a little more.
fn section(mix: &mut Mix, page: &mut String, end: usize) {
    page.push_str(&format!("<h2>{}</h2>\n", phrase(mix, 4)));
    for _ in 0..3 + mix.below(4) {
        if page.len() >= end {
            return;
        }
        let number = mix.below(1_000_000);
        let block = match mix.below(8) {
            0 => format!(
                "<img src=\"/images/{number}.jpg\" alt=\"{}\" width=\"640\" height=\"{}\">\n",
                phrase(mix, 3),
                300 + mix.below(200),
            ),
            1 => format!(
                "<ul><li><a href=\"/articles/{number}\">{}</a></li>\
                 <li><a href=\"https://example.net/{number}\" rel=\"external\">{}</a></li></ul>\n",
                phrase(mix, 3),
                phrase(mix, 3),
            ),
            _ => {
                let (before, after) = (20 + mix.below(30), 10 + mix.below(30));
                format!(
                    "<p>{} <a href=\"/topics/{number}\">{}</a> {}.</p>\n",
                    phrase(mix, before),
                    phrase(mix, 2),
                    phrase(mix, after),
                )
            }
        };
        page.push_str(&block);
    }
}

/// `count` words, the first one capitalised.
fn phrase(mix: &mut Mix, count: u64) -> String {
    let mut text = capital(mix);
    for _ in 1..count {
        text.push(' ');
        text.push_str(mix.pick(&WORDS));
    }
    text
}

fn capital(mix: &mut Mix) -> String {
    let word = mix.pick(&WORDS);
    word[..1].to_ascii_uppercase() + &word[1..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_about_as_long_as_asked() {
        for bytes in [5_000, 20_000, 1_000_000] {
            let length = html("7", bytes).len();
            assert!((bytes..bytes + 600).contains(&length), "{length}");
        }
    }

    #[test]
    fn a_page_grows_at_its_end() {
        let page = Arc::new(Page::new("text/html", Vec::new(), b"<h1>x</h1></BODY></html>".to_vec()));
        let grown = Generator::default().grown(&page, "x.html", 20_000).bytes(None);
        assert!((20_000..20_600).contains(&grown.len()), "{}", grown.len());
        assert!(grown.starts_with(b"<h1>x</h1><h2>") && grown.ends_with(b"</BODY></html>") && grown.is_ascii());
        let endless = Arc::new(Page::new("text/html", Vec::new(), b"<p>".to_vec()));
        assert_eq!(Generator::default().grown(&endless, "y.html", 20_000).bytes(None), "<p>");
    }

    #[test]
    fn a_seed_has_one_page() {
        assert_eq!(html("7", 20_000), html("7", 20_000));
        assert_ne!(html("7", 20_000), html("8", 20_000));
    }
}
