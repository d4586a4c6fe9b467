//! Bytes to a record, with every part and a rule of one's own.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sitelift::Part;
use std::collections::HashMap;

fuzz_target!(|data: &[u8]| {
    let select = HashMap::from([("x".to_owned(), "a[href], p::text".to_owned())]);
    let parts = vec![
        Part::Meta,
        Part::Headings,
        Part::Links,
        Part::Images,
        Part::Media,
        Part::Contacts,
        Part::Text,
        Part::JsonLd,
        Part::Microdata,
        Part::Rdfa,
        Part::Article,
    ];
    let base = Some("https://a.example/b/".to_owned());
    let site = sitelift::extract(data, base, None, select, Some(parts), true).expect("a good base URL and rule");
    for link in &site.links {
        assert!(link.url.starts_with("http://") || link.url.starts_with("https://"), "{}", link.url);
    }
});
