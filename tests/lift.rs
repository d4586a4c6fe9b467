//! Small rules of reading that no whole page shows well.

use sitelift::{ProblemKind, Site};
use std::collections::HashMap;

fn lift(html: &str) -> Site {
    lift_as(html.as_bytes(), None)
}

fn lift_as(html: &[u8], content_type: Option<&str>) -> Site {
    let base = Some("https://h.example/d/".to_owned());
    sitelift::extract(html, base, content_type.map(str::to_owned), HashMap::new()).expect("a good base URL")
}

#[test]
fn an_area_is_named_by_its_alt() {
    let site = lift("<map><area href=/x alt='The north'></map>");
    assert_eq!(site.links[0].text, "The north");
}

#[test]
fn invisible_characters_part_no_words() {
    let site = lift("<title>\u{feff}Super\u{2060}man\u{200b}</title><h1>foo\u{200b}bar</h1>");
    assert_eq!(site.title.as_deref(), Some("Super\u{2060}man"));
    assert_eq!(site.headings[0].text, "foo\u{200b}bar");
}

#[test]
fn a_caption_is_no_picture() {
    let site =
        lift("<figure itemprop=image itemscope><img itemprop=url src=/a.png><figcaption>A cat</figcaption></figure>");
    assert_ne!(site.image.as_deref(), Some("https://h.example/d/A%20cat"));
}

#[test]
fn the_first_valid_value_wins() {
    let site = lift("<meta property=og:image content='data:,x'><meta property=og:image content=/a.png>");
    assert_eq!(site.image.as_deref(), Some("https://h.example/a.png"));
    let site = lift(
        "<script type=application/ld+json>[{\"@type\":\"Organization\",\"description\":\"the firm\"},\
         {\"@type\":\"http://schema.org/Article\",\"headline\":[\"Head\"],\"description\":{\"@value\":\"the text\"}}]</script>",
    );
    assert_eq!((site.title.as_deref(), site.description.as_deref()), (Some("Head"), Some("the text")));
}

#[test]
fn blocks_part_words_and_hidden_articles_do_not_count() {
    let site = lift("<h1><article>One</article>Two</h1>");
    assert_eq!(site.headings[0].text, "One Two");
    let site = lift("<article><noscript><article></article></noscript><img src=/a.png></article>");
    assert_eq!(site.image.as_deref(), Some("https://h.example/a.png"));
}

#[test]
fn content_types_as_browsers_read_them() {
    let page = b"<!doctype html><title>\xd0\xd2</title>";
    for (content_type, charset) in [
        ("text/html charset=utf-8", "windows-1252"),
        ("text/html; x-charset=utf-8; charset=koi8-r", "koi8-r"),
        ("text/html; charset=koi8-r, text/html", "koi8-r"),
        ("html", "windows-1252"),
    ] {
        let site = lift_as(page, Some(content_type));
        assert!(site.title.is_some(), "{content_type}");
        let ascii = site.charset.as_deref().expect("a charset");
        assert!(ascii == charset || charset == "windows-1252", "{content_type}: {ascii}");
    }
    let yaml = lift_as(b"a: b", Some("application/yaml"));
    assert_eq!((yaml.error, yaml.body.as_deref()), (None, Some("a: b")));
    let font = lift_as(b"a: b", Some("font/woff2"));
    assert_eq!(font.error.map(|e| e.kind), Some(ProblemKind::UnsupportedContent));
}
