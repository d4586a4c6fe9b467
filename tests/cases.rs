//! The shared case files: every page of `tests/cases/pages` gives what its case expects, every problem of `tests/cases/problems.json` is met.

mod support;

use serde_json::{Value, json};
use sitelift::{FetchOptions, Site};
use std::collections::HashMap;
use std::fs;
use support::{client, options, root, server};

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
        let site = sitelift::extract(&html, url, content_type, HashMap::new(), None, true).expect("a base URL");
        let record = serde_json::to_value(&site).expect("a record is JSON");
        keep(path.file_name().and_then(|name| name.to_str()).expect("a name"), &record);
        for (field, expected) in case["expect"].as_object().expect("expectations") {
            let found = actual(&site, &record, field, expected);
            if found != *expected {
                wrong.push(format!("{page}: {field}\n  expected {expected}\n  found    {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// Kept for `make test-languages`, which compares the languages.
fn keep(name: &str, record: &Value) {
    let folder = root().join("target/cases/rust");
    fs::create_dir_all(&folder).expect("a folder for the records");
    fs::write(folder.join(name), record.to_string()).expect("a writable folder");
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

#[test]
fn every_problem() {
    let cases: Value =
        serde_json::from_slice(&fs::read(root().join("tests/cases/problems.json")).expect("readable")).expect("JSON");
    for case in cases.as_array().expect("a list") {
        let name = &case["name"];
        let site = if case["html"].is_string() { lifted(case) } else { fetched(case) };
        let kind = |kind| serde_json::to_value(kind).expect("a category is JSON");
        let error = site.error.as_ref().map_or(Value::Null, |problem| kind(problem.kind));
        assert_eq!(error, case["error"], "{name}: {:?}", site.error);
        if case["warning"].is_string() {
            let met = site.warnings.iter().any(|warning| kind(warning.kind) == case["warning"]);
            assert!(met, "{name}: {:?}", site.warnings);
        }
    }
}

fn lifted(case: &Value) -> Site {
    let times = usize::try_from(case["repeat"].as_u64().expect("a number")).expect("a small one");
    let html = case["html"].as_str().expect("HTML").repeat(times) + case["then"].as_str().expect("HTML");
    sitelift::extract(html.as_bytes(), None, None, HashMap::new(), None, true).expect("good arguments")
}

fn fetched(case: &Value) -> Site {
    let mut options =
        FetchOptions { timeout: 10.0, read_timeout: 0.5, connect_timeout: 2.0, backoff: 0.01, ..options() };
    for (name, value) in case["options"].as_object().into_iter().flatten() {
        let (on, seconds) = (value.as_bool(), value.as_f64());
        let number = value.as_u64();
        match name.as_str() {
            "allow_private_networks" => options.allow_private_networks = on.expect("a switch"),
            "deadline" => options.deadline = seconds,
            "max_body_bytes" => options.max_body_bytes = number.expect("a number"),
            "max_redirects" => options.max_redirects = number.and_then(|n| n.try_into().ok()).expect("a number"),
            "obey_robots" => options.obey_robots = on.expect("a switch"),
            "read_timeout" => options.read_timeout = seconds.expect("seconds"),
            "resolve" => options.resolve = serde_json::from_value(value.clone()).expect("addresses by name"),
            "timeout" => options.timeout = seconds.expect("seconds"),
            "verify_tls" => options.verify_tls = on.expect("a switch"),
            _ => panic!("no case had the option {name:?} before: add it here"),
        }
    }
    let url = case["url"].as_str().expect("a URL");
    let url = url.replace("{http}", &server().url).replace("{https}", &server().https_url);
    let url = url.replace("{silent}", &server().silent_url).replace("{port}", server().port());
    client(options).fetch_blocking(url).expect("an open client")
}
