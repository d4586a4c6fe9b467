//! What must hold for any input.

#[path = "../src/extract/differential/pieces.rs"]
mod pieces;
mod support;

use pieces::PIECES;
use proptest::prelude::*;
use sitelift::api::interop;
use sitelift::{Part, ProblemKind, Site};
use std::collections::HashMap;
use std::fs;
use support::root;

fn lift(html: &[u8], content_type: Option<String>) -> Site {
    let site =
        sitelift::extract(html, Some("https://a.example/b/".to_owned()), content_type, HashMap::new(), None, true);
    let site = site.expect("a good base URL");
    for url in site.links.iter().map(|l| &l.url).chain(site.images.iter().map(|i| &i.url)) {
        assert!(url.starts_with("http://") || url.starts_with("https://"), "{url}");
    }
    for block in &site.json_ld {
        let value = serde_json::from_str::<serde_json::Value>(&block.raw);
        let is_of_use = value.is_ok_and(|value| value.is_object() || value.is_array());
        assert_eq!(is_of_use, block.error.is_none(), "{block:?}");
    }
    assert!(site.error.as_ref().is_none_or(|e| e.kind == ProblemKind::UnsupportedContent), "{:?}", site.error);
    site
}

fn pages() -> Vec<Vec<u8>> {
    let folder = root().join("tests/fixtures/pages");
    let files = fs::read_dir(folder).expect("the fixtures").map(|entry| entry.expect("readable").path());
    files.filter(|p| p.extension().is_some_and(|e| e == "html")).map(|p| fs::read(p).expect("readable")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(html in prop::collection::vec(any::<u8>(), 0..2000), content_type in prop::option::of(".{0,40}")) {
        lift(&html, content_type);
    }

    #[test]
    fn any_soup(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..200)) {
        lift(pieces.concat().as_bytes(), None);
    }

    #[test]
    fn damaged_pages(which in any::<prop::sample::Index>(), damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..40usize), 1..20)) {
        let pages = pages();
        let mut page = which.get(&pages).clone();
        for (place, byte, cut) in damage {
            let at = place.index(page.len());
            page[at] = byte;
            let end = (at + cut).min(page.len());
            if page.len() - (end - at) > 1 {
                page.drain(at..end);
            }
        }
        lift(&page, None);
    }

    #[test]
    fn any_json_ld(text in "[\\[{\"a:1,}\\] ]{0,12}") {
        lift(format!("<script type=application/ld+json>{text}</script>").as_bytes(), None);
    }

    #[test]
    fn one_record_for_one_text(html in ".{0,300}") {
        prop_assert_eq!(lift(html.as_bytes(), None), lift(html.as_bytes(), None));
    }

    #[test]
    fn masking_twice_changes_nothing(payload in prop::collection::vec(any::<u8>(), 0..300), key: [u8; 4]) {
        let masked = interop::websocket_mask(&payload, &key).expect("a key of 4 bytes");
        for (i, (plain, masked)) in payload.iter().zip(masked.iter()).enumerate() {
            prop_assert_eq!(plain ^ key[i % 4], *masked);
        }
        prop_assert_eq!(interop::websocket_mask(&masked, &key).expect("a key of 4 bytes").to_vec(), payload);
    }

    #[test]
    fn json_is_parsed_or_refused(text in ".{0,60}") {
        if let Ok(short) = interop::parse_json(&text) {
            prop_assert_eq!(interop::parse_json(&short).expect("its own output"), short);
        }
    }

    #[test]
    fn protobuf_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = interop::get_data_info(&bytes);
    }
}

#[test]
fn the_seeds_results() {
    use interop::{TestData, add, greet, greeting, gsum, hello_there, print_this};
    let sent = TestData { data: "test".to_owned(), len: 0 };
    let back = hello_there(sent.clone());
    assert_eq!((back.data.as_str(), back.len), ("Hello there from Rust code 'test';", 34));
    assert_eq!(print_this(4, "tintin"), 10);
    assert_eq!((greeting().as_str(), greet("Ada").as_str()), ("Hello from Rust!", "Hello, Ada!"));
    assert_eq!((add(2, 3), add(i64::MAX, 1), gsum(100)), (5, i64::MIN, 5050));
}

/// What an article may hold of HTML: nothing that runs, and only tags that close.
fn is_clean(html: &str) -> bool {
    let tags = ["script", "style", "iframe", "object", "form", "input", "svg", "link", "meta"];
    let lower = html.to_lowercase();
    !tags.iter().any(|tag| lower.contains(&format!("<{tag}")))
        && lower.matches("<p>").count() == lower.matches("</p>").count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn dates_are_rfc_3339(text in "[0-9 :./,年月日TZ+-]{0,30}|[A-Za-zé]{0,9} ?[0-9]{1,4}[ ,.]{0,2}[A-Za-zéа-я]{0,9} ?[0-9]{0,4}.{0,20}") {
        let site = lift(format!("<article><time>{}</time></article>", text.replace('<', "&lt;")).as_bytes(), None);
        if let Some(date) = site.published_at.or(site.modified_at) {
            let shape: String = date.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
            prop_assert!(shape.starts_with("9999-99-99"), "{date} from {text:?}");
            prop_assert!(shape.len() == 10 || shape[10..].starts_with("T99:99:99"), "{date} from {text:?}");
        }
    }

    #[test]
    fn articles_are_clean(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..200), text in ".{0,200}") {
        let html = format!("<p>{text}{}<p>{text}", pieces.concat());
        let parts = Some(vec![Part::Article, Part::Rdfa]);
        let site = sitelift::extract(html.as_bytes(), Some("https://a.example/b/".to_owned()), None, HashMap::new(), parts, true);
        if let Some(article) = site.expect("a good base URL").article {
            prop_assert!(is_clean(&article.html), "{}", article.html);
            prop_assert!(!article.text.is_empty());
        }
    }
}
