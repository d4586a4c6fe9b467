//! HTML made to hurt: it ends in bounded time with a record.

use sitelift::{ProblemKind, Site};
use std::collections::HashMap;
use std::time::{Duration, Instant};

fn lift(html: &str) -> Site {
    let start = Instant::now();
    let site =
        sitelift::extract(html.as_bytes(), Some("https://a.example/".to_owned()), None, HashMap::new(), None, true)
            .expect("a good base URL");
    // The limit on one page is five seconds; a build without optimisation gets some grace.
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
    site
}

fn each(count: usize, make: impl Fn(usize) -> String) -> String {
    (0..count).map(make).collect()
}

fn stopped(site: &Site) -> bool {
    site.warnings.iter().any(|w| w.kind == ProblemKind::PageTooComplex)
}

#[test]
fn deep_nesting() {
    for tag in ["div", "b", "span", "table", "p", "a", "font", "svg", "select", "template", "ul><li", "q-q"] {
        let site = lift(&format!("<title>t</title>{}x", format!("<{tag}>").repeat(200_000)));
        assert_eq!(site.title.as_deref(), Some("t"), "{tag}");
    }
    let site = lift(&format!("{}<a href=/deep>x</a>", "<div>".repeat(200_000)));
    assert!(stopped(&site));
}

#[test]
fn ordinary_pages_are_not_cut() {
    let items: String = each(5_000, |i| format!("<li><p><a href=/{i}>{i}</a>"));
    let site = lift(&format!("<ul>{items}</ul>"));
    assert_eq!(site.links.len(), 5_000);
    assert!(!stopped(&site), "{:?}", site.warnings);
}

#[test]
fn unclosed_formatting_multiplies() {
    let fonts: String = each(400, |i| format!("<font size={i}>"));
    lift(&format!("{fonts}{}", "<p>x".repeat(100_000)));
}

#[test]
fn a_tag_of_a_million_attributes() {
    let attributes: String = each(1_000_000, |i| format!("a{i} "));
    let site = lift(&format!("<title>t</title><p {attributes}>x</p>"));
    assert_eq!(site.title.as_deref(), Some("t"));
}

#[test]
fn long_and_broken_things() {
    let long = "x".repeat(5_000_000);
    for html in [
        format!("<a href='{long}'>x</a>"),
        format!("<title>{long}"),
        format!("<!--{long}"),
        format!("<script type=application/ld+json>{{\"a\":\"{long}"),
        format!("<script type=application/ld+json>{}", "[".repeat(2_000_000)),
        format!("<meta property=og:title content='{long}'>"),
        format!("<{long}>"),
        "\0".repeat(1_000_000),
        "<".repeat(1_000_000),
        "</".repeat(1_000_000),
        "&".repeat(1_000_000),
        "<a href=x>".repeat(300_000),
        "<b><p></b>".repeat(100_000),
        format!("{}{}", "<b><p>".repeat(200), "<p></b>".repeat(100_000)),
        "<h1>".repeat(100_000),
        "<title>".repeat(100_000),
        "<meta name=a content=b>".repeat(100_000),
        format!("<base href='{long}'><a href=x>y</a>"),
        format!("{}{long}", "<time><p class='author date'>".repeat(100_000)),
        "<p>1 May 2024".repeat(100_000),
        "<a href='https://x.com/a' rel='author tag'>x</a>".repeat(20_000),
        "<meta name=keywords content='a,b;c'>".repeat(20_000),
        "<video src=/a><source src=/b>".repeat(20_000),
    ] {
        lift(&html);
    }
}

/// Pages that a few bytes make enormous: what is kept of them stays in proportion.
#[test]
fn nothing_multiplies() {
    let weight = |site: &Site| serde_json::to_string(site).expect("a record is JSON").len();
    let long = "p".repeat(600_000);
    let words = "og:a ".repeat(20_000);
    for html in [
        format!("<base href='/{long}/'>{}", "<a href=a>".repeat(20_000)),
        format!("<base href='/{}/'>{}", &long[..15_000], "<a href=a>".repeat(20_000)),
        format!("<meta property='{words}' content='{}'>", &long[..50_000]),
        format!("{}{long}", "<h2><div>".repeat(240)),
        "<p>".to_owned() + &each(480, |i| format!("<b x{i} a1 a2 a3 a4 a5 a6 a7 a8 a9>")) + &"<p>x".repeat(8_000),
    ] {
        let site = lift(&html);
        assert!(weight(&site) < 40 << 20, "{} bytes from {}", weight(&site), html.len());
        assert!(stopped(&site), "{:?}", site.warnings);
    }
}

#[test]
fn own_rules_have_the_same_limits() {
    let select = HashMap::from([("d".to_owned(), "div".to_owned())]);
    let html = format!("{}{}", "<div>".repeat(100_000), "x".repeat(500_000));
    let start = Instant::now();
    let site = sitelift::extract(html.as_bytes(), None, None, select, None, true).expect("a good rule");
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
    assert!(site.selected["d"].iter().map(String::len).sum::<usize>() <= 32 << 20);
    assert!(stopped(&site));
}

#[test]
fn endless_lists_are_cut_and_say_so() {
    let site = lift(&each(30_000, |i| format!("<a href=/{i}>x</a>")));
    assert!(site.links.len() < 30_000 && stopped(&site));
}

#[test]
fn other_lists_are_cut_and_say_so() {
    let words = each(2_000, |i| format!("w{i},"));
    for html in [
        each(2_000, |i| format!("<a href=mailto:a{i}@h.example>x</a>")),
        each(2_000, |i| format!("<a href=tel:{i}000>x</a>")),
        each(2_000, |i| format!("<a href=https://x.com/a{i}>x</a>")),
        each(2_000, |i| format!("<video src=/{i}x>")),
        format!("<meta name=keywords content={words}>"),
    ] {
        let site = lift(&html);
        assert!(stopped(&site), "{:?} for {}", site.warnings, &html[..30]);
        let counts =
            [site.emails.len(), site.phones.len(), site.social_profiles.len(), site.videos.len(), site.keywords.len()];
        assert!(counts.iter().sum::<usize>() <= 1_000, "{counts:?}");
    }
}

#[test]
fn nothing_at_all() {
    for html in ["", " ", "<", "\u{feff}", "plain text"] {
        let site = lift(html);
        assert_eq!(site.title, None, "{html:?}");
        assert!(site.links.is_empty());
    }
}
