//! `RDFa`: the statements of a page, as expanded JSON-LD.

use serde_json::{Value, json};
use sitelift::{Part, ProblemKind, Site};
use std::collections::HashMap;
use std::time::{Duration, Instant};

fn site(html: &str) -> Site {
    let base = Some("https://h.example/d/page#top".to_owned());
    sitelift::extract(html.as_bytes(), base, None, HashMap::new(), Some(vec![Part::Rdfa]), true)
        .expect("a good base URL")
}

fn rdfa(html: &str) -> Value {
    site(html).rdfa.map_or(Value::Null, |json| serde_json::from_str(&json).expect("JSON"))
}

#[test]
fn a_vocabulary_and_an_item() {
    let found = rdfa(
        "<body vocab=https://schema.org/><p typeof=Person resource=#ada><b property=name>Ada <i>Hill</i></b>\
         <a property=url href=/ada>page</a><time property=birthDate datetime=1980-05-01>May</time>\
         <span property=address typeof=PostalAddress><i property=addressLocality>Wren</i></span></p>",
    );
    let want = json!([
        { "@id": "https://h.example/d/page", "http://www.w3.org/ns/rdfa#usesVocabulary": [{ "@id": "https://schema.org/" }] },
        {
            "@id": "https://h.example/d/page#ada",
            "@type": ["https://schema.org/Person"],
            "https://schema.org/url": [{ "@id": "https://h.example/ada" }],
            "https://schema.org/birthDate": [{ "@type": "http://www.w3.org/2001/XMLSchema#date", "@value": "1980-05-01" }],
            "https://schema.org/address": [{ "@id": "_:b1" }],
            "https://schema.org/name": [{ "@value": "Ada Hill" }]
        },
        {
            "@id": "_:b1",
            "@type": ["https://schema.org/PostalAddress"],
            "https://schema.org/addressLocality": [{ "@value": "Wren" }]
        }
    ]);
    assert_eq!(sorted(&found), sorted(&want));
}

/// The order of statements means nothing.
fn sorted(nodes: &Value) -> Vec<String> {
    let mut lines: Vec<String> = nodes
        .as_array()
        .expect("subjects")
        .iter()
        .flat_map(|node| {
            let node = node.as_object().expect("a subject");
            node.iter().map(move |(key, value)| format!("{} {key} {value}", node["@id"]))
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn prefixes_languages_and_relations() {
    let found = rdfa(
        "<html lang=de prefix='ex: https://e.example/# og: http://ogp.me/ns#' xmlns:old=https://old.example/>\
         <meta property='og:title ex:t' content='Tee'><meta property=old:x content=1 lang=''><meta property=unknown content=2>\
         <link rel='stylesheet' href=/a.css><link rel=license href=https://l.example/>\
         <div rel=ex:knows><p about=https://a.example>x</p><p about=https://b.example></p></div>\
         <i rev=ex:made resource=ex:maker></i><i property=dc:date datatype=xsd:gYear content=2024></i>",
    );
    let page = "https://h.example/d/page";
    let want = json!([
        {
            "@id": page,
            "http://ogp.me/ns#title": [{ "@language": "de", "@value": "Tee" }],
            "https://e.example/#t": [{ "@language": "de", "@value": "Tee" }],
            "https://old.example/x": [{ "@value": "1" }],
            "http://www.w3.org/1999/xhtml/vocab#license": [{ "@id": "https://l.example/" }],
            "https://e.example/#knows": [{ "@id": "https://a.example" }, { "@id": "https://b.example" }],
            "http://purl.org/dc/terms/date": [{ "@type": "http://www.w3.org/2001/XMLSchema#gYear", "@value": "2024" }]
        },
        { "@id": "https://e.example/#maker", "https://e.example/#made": [{ "@id": page }] }
    ]);
    assert_eq!(sorted(&found), sorted(&want));
}

#[test]
fn lists_keep_their_order() {
    let found = rdfa("<p vocab=https://s.example/ about=/x><b property=a inlist>1</b><b property=a inlist>2</b></p>");
    assert!(
        found.to_string().contains(r#""https://s.example/a":[{"@list":[{"@value":"1"},{"@value":"2"}]}]"#),
        "{found}"
    );
}

#[test]
fn patterns_are_copied() {
    let found = rdfa(
        "<body vocab=http://s.example/><p typeof=Tool resource=#a><b property=name>Saw</b><link property=rdfa:copy href=#shop></p>\
         <p typeof=Tool resource=#b><link property=rdfa:copy href=#shop><link property=rdfa:copy href=#nowhere></p>\
         <div typeof=rdfa:Pattern resource=#shop><i property=seller>Mill</i><link property=rdfa:copy href=#more></div>\
         <div typeof=rdfa:Pattern resource=#more><i property=town>Wren</i><link property=rdfa:copy href=#shop></div>\
         <div typeof=rdfa:Pattern resource=#unused><i property=town>Lark</i></div>",
    );
    let page = "https://h.example/d/page";
    let want = json!([
        { "@id": page, "http://www.w3.org/ns/rdfa#usesVocabulary": [{ "@id": "http://s.example/" }] },
        {
            "@id": format!("{page}#a"),
            "@type": ["http://s.example/Tool"],
            "http://s.example/name": [{ "@value": "Saw" }],
            "http://s.example/seller": [{ "@value": "Mill" }],
            "http://s.example/town": [{ "@value": "Wren" }]
        },
        {
            "@id": format!("{page}#b"),
            "@type": ["http://s.example/Tool"],
            "http://www.w3.org/ns/rdfa#copy": [{ "@id": format!("{page}#nowhere") }],
            "http://s.example/seller": [{ "@value": "Mill" }],
            "http://s.example/town": [{ "@value": "Wren" }]
        },
        {
            "@id": format!("{page}#unused"),
            "@type": ["http://www.w3.org/ns/rdfa#Pattern"],
            "http://s.example/town": [{ "@value": "Lark" }]
        }
    ]);
    assert_eq!(sorted(&found), sorted(&want));
}

#[test]
fn patterns_of_patterns_are_bounded() {
    use std::fmt::Write;

    let mut html = "<body vocab=http://s.example/>".to_owned();
    for at in 0..3_000 {
        let _ = write!(html, "<p typeof=T resource=#s{at}><link property=rdfa:copy href=#p0></p>");
        let next = at + 1;
        let _ = write!(html, "<p typeof=rdfa:Pattern resource=#p{at}><link property=rdfa:copy href=#p{next}></p>");
    }
    let start = Instant::now();
    assert!(site(&html).warnings.iter().any(|w| w.kind == ProblemKind::PageTooComplex));
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn nothing_and_too_much() {
    assert_eq!(rdfa("<title>x</title><a rel=nofollow href=/y>z</a>"), Value::Null);
    assert_eq!(site("").rdfa, None);
    for html in [
        "<p property=og:a>x".repeat(50_000),
        "<b typeof=og:X rel=og:y>".repeat(50_000),
        format!("<p vocab=https://{}.example/>{}", "v".repeat(10_000), "<b property=x content=y>".repeat(50_000)),
    ] {
        let start = Instant::now();
        let site = site(&html);
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
        assert!(site.rdfa.is_none_or(|json| json.len() < 32 << 20));
        assert!(site.warnings.iter().any(|w| w.kind == ProblemKind::PageTooComplex), "{:?}", site.warnings);
    }
}
