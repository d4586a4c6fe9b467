//! The shared case files: every page of `tests/cases/pages` gives what its case expects.

mod support;

use serde_json::{Value, json};
use sitelift::Site;
use std::collections::HashMap;
use std::fs;
use support::root;

#[test]
fn every_case() {
    let mut cases: Vec<_> = fs::read_dir(root().join("tests/cases/pages"))
        .expect("the case files")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    cases.sort();
    assert!(cases.len() >= 40, "only {} cases", cases.len());
    let mut wrong = Vec::new();
    for path in cases {
        let case: Value = serde_json::from_slice(&fs::read(&path).expect("readable")).expect("a case is JSON");
        let page = case["page"].as_str().expect("a page");
        let file = root().join("tests/fixtures/pages").join(page);
        let html = fs::read(&file).expect("the page of the case");
        let content_type = case["content_type"].as_str().map(str::to_owned);
        let url = case["url"].as_str().map(str::to_owned);
        let site = sitelift::extract(&html, url, content_type, HashMap::new(), None).expect("a base URL");
        let record = serde_json::to_value(&site).expect("a record is JSON");
        for (field, expected) in case["expect"].as_object().expect("expectations") {
            let found = actual(&site, &record, field, expected);
            if found != *expected {
                wrong.push(format!("{page}: {field}\n  expected {expected}\n  found    {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// What the record has for a field of a case: `x_count` is a length, `x_first` as many items as are expected.
fn actual(site: &Site, record: &Value, field: &str, expected: &Value) -> Value {
    if field == "json_ld_errors" {
        return json!(site.json_ld.iter().filter(|block| block.error.is_some()).count());
    }
    let list = |name: &str| record[name].as_array().unwrap_or_else(|| panic!("no list {name:?} in the record"));
    if let Some(value) = record.get(field) {
        return value.clone();
    }
    if let Some(name) = field.strip_suffix("_count") {
        return json!(list(name).len());
    }
    if let Some(name) = field.strip_suffix("_first") {
        let wanted = expected.as_array().expect("a list").len();
        return json!(list(name).iter().take(wanted).collect::<Vec<_>>());
    }
    panic!("no field {field:?} in the record")
}
