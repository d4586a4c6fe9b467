//! The cache on disk, through the public API, against the loopback server.

mod support;

use sitelift::{Client, FetchOptions, Site, SiteliftError};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use support::{client, options, server};

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sitelift-cache-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    fn options(&self) -> FetchOptions {
        FetchOptions { cache_dir: Some(self.0.to_string_lossy().into_owned()), ..options() }
    }

    fn files(&self) -> Vec<PathBuf> {
        fn all(folder: &Path) -> Vec<PathBuf> {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            entries
                .flat_map(|entry| if entry.path().is_dir() { all(&entry.path()) } else { vec![entry.path()] })
                .collect()
        }
        all(&self.0)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn get(client: &Arc<Client>, path: &str) -> Site {
    let site = client.fetch_blocking(server().at(path)).expect("an open client");
    assert_eq!((&site.error, site.status), (&None, Some(200)), "{path}");
    site
}

/// Which visit the page tells of, and whether it was kept.
fn visit(site: &Site) -> (u32, bool) {
    let body = site.body.as_deref().expect("a page");
    let (_, rest) = body.split_once("visit ").expect("a count");
    (rest.split('<').next().and_then(|count| count.trim().parse().ok()).expect("a number"), site.from_cache)
}

#[test]
fn what_may_be_kept_and_for_how_long() {
    let folder = Folder::new("rules");
    let modified = "Sun,%2006%20Nov%201994%2008:49:37%20GMT";
    for (name, query, again) in [
        ("fresh", "control=max-age=60".to_owned(), (1, true)),
        ("private", "control=private,max-age=60".to_owned(), (1, true)),
        ("immutable", "control=immutable,max-age=60".to_owned(), (1, true)),
        ("heuristic", format!("modified={modified}"), (1, true)),
        ("tag", "control=no-cache&etag=a".to_owned(), (1, true)),
        ("tag-stale", "control=max-age=0&etag=a".to_owned(), (1, true)),
        ("date-stale", format!("control=max-age=0&modified={modified}"), (1, true)),
        ("bare-304", "control=max-age=0&etag=a&bare=1".to_owned(), (1, true)),
        ("no-store", "control=no-store".to_owned(), (2, false)),
        ("no-store-tag", "control=no-store&etag=a".to_owned(), (2, false)),
        ("stale", "control=max-age=0".to_owned(), (2, false)),
        ("nothing", String::new(), (2, false)),
        ("vary-all", "control=max-age=60&vary=*".to_owned(), (2, false)),
        ("vary", "control=max-age=60&vary=accept-language".to_owned(), (1, true)),
    ] {
        let path = format!("/cached/{name}?{query}");
        // The second client reads what the first one kept.
        assert_eq!(visit(&get(&client(folder.options()), &path)), (1, false), "{name}");
        assert_eq!(visit(&get(&client(folder.options()), &path)), again, "{name}");
    }
    // Without the option nothing is kept.
    for expected in [1, 2] {
        assert_eq!(visit(&get(&client(options()), "/cached/off?control=max-age=60")), (expected, false));
    }
}

#[test]
fn a_kept_page_is_the_same_page() {
    let folder = Folder::new("same");
    let client = client(folder.options());
    let path = "/cached/same?control=max-age=60&etag=x";
    let (first, second) = (get(&client, path), get(&client, path));
    assert!(second.from_cache && !first.from_cache);
    let plain = |site: Site| Site {
        fetched_at: None,
        elapsed_ms: 0.0,
        ttfb_ms: None,
        dns_ms: None,
        connect_ms: None,
        tls_ms: None,
        body_ms: None,
        from_cache: false,
        headers: site.headers.into_iter().filter(|header| !["date", "age"].contains(&header.name.as_str())).collect(),
        ..site
    };
    let sorted = |site: Site| {
        let mut site = plain(site);
        site.headers.sort_by(|a, b| a.name.cmp(&b.name));
        site
    };
    assert_eq!(sorted(first), sorted(second));
}

#[test]
fn a_page_that_changed_is_fetched_again() {
    let folder = Folder::new("changed");
    let client = client(folder.options());
    for expected in 1..=3 {
        assert_eq!(visit(&get(&client, "/cached/changed?control=max-age=0&etag=visit")), (expected, false));
    }
    assert_eq!(folder.files().len(), 1);
}

#[test]
fn other_headers_are_another_page_and_secrets_are_not_kept() {
    let folder = Folder::new("headers");
    let with = |name: &str, value: &str| {
        client(FetchOptions { headers: [(name.to_owned(), value.to_owned())].into(), ..folder.options() })
    };
    let path = "/cached/languages?control=max-age=60&vary=accept-language";
    assert_eq!(visit(&get(&with("Accept-Language", "de"), path)), (1, false));
    assert_eq!(visit(&get(&with("Accept-Language", "fr"), path)), (2, false));
    assert_eq!(visit(&get(&with("Accept-Language", "fr"), path)), (2, true));
    let path = "/cached/secret?control=max-age=60";
    for expected in 1..=2 {
        assert_eq!(visit(&get(&with("Authorization", "Bearer x"), path)), (expected, false));
    }
    assert_eq!(visit(&get(&with("Cookie", "a=1"), path)), (3, false));
    let jar = client(FetchOptions { cookies: true, ..folder.options() });
    assert_eq!(visit(&get(&jar, path)), (4, false));
    assert_eq!(visit(&get(&with("Accept", "*/*"), path)), (5, false), "nothing of the above was kept");
}

#[test]
fn redirects_failures_and_cut_bodies() {
    let folder = Folder::new("partial");
    let client = client(FetchOptions { max_body_bytes: 1000, retries: 0, ..folder.options() });
    for path in ["/body?size=5000", "/reset-body", "/short-body", "/bad/gzip", "/status/503"] {
        client.fetch_blocking(server().at(path)).expect("an open client");
    }
    assert_eq!(folder.files(), Vec::<PathBuf>::new());
}

#[test]
fn damaged_files_are_no_pages() {
    let folder = Folder::new("damaged");
    let client = client(folder.options());
    let path = "/cached/damaged?control=max-age=60";
    let mut expected = 1;
    assert_eq!(visit(&get(&client, path)), (expected, false));
    let whole = std::fs::read(&folder.files()[0]).expect("the file");
    let cuts = [0, 1, 16, 17, 40, 60, whole.len() / 2, whole.len() - 1];
    let flipped = [20, 60, whole.len() - 3].map(|at| {
        let mut file = whole.clone();
        file[at] ^= 1;
        file
    });
    for file in cuts.iter().map(|cut| whole[..*cut].to_vec()).chain(flipped) {
        std::fs::write(&folder.files()[0], file).expect("the file");
        expected += 1;
        assert_eq!(visit(&get(&client, path)), (expected, false));
        assert_eq!(visit(&get(&client, path)), (expected, true));
    }
}

#[test]
fn the_folder_does_not_grow_without_bound() {
    let folder = Folder::new("bound");
    let client = client(FetchOptions { cache_max_bytes: 1 << 20, keep_body: false, ..folder.options() });
    let modified = "modified=Sun,%2006%20Nov%201994%2008:49:37%20GMT";
    let urls: Vec<String> = (0..2000).map(|i| server().at(&format!("/cached/bound-{i}?{modified}"))).collect();
    for site in client.fetch_all_blocking(urls.clone()).expect("an open client") {
        assert_eq!(site.error, None);
    }
    let size: u64 = folder.files().iter().map(|file| file.metadata().map_or(0, |about| about.len())).sum();
    assert!((100 << 10..1200 << 10).contains(&size), "{size} bytes in {} files", folder.files().len());
    assert!(folder.files().iter().all(|file| !file.to_string_lossy().contains("writing-")));
}

/// The folder may be somebody's who keeps other things in it, too.
#[test]
fn files_of_others_are_not_touched() {
    let folder = Folder::new("others");
    let other = folder.0.join("letters/love.txt");
    std::fs::create_dir_all(other.parent().expect("a folder")).expect("a folder");
    std::fs::write(&other, vec![b'x'; 2 << 20]).expect("a file");
    let client = client(FetchOptions { cache_max_bytes: 1 << 20, ..folder.options() });
    get(&client, "/cached/others?control=max-age=60");
    assert!(other.exists());
    assert!(folder.files().len() > 1);
}

#[test]
fn clients_that_trust_others_do_not_see_each_others_pages() {
    let folder = Folder::new("trust");
    let first = client(FetchOptions { ..folder.options() });
    let second = client(FetchOptions { verify_tls: false, ..folder.options() });
    let path = "/cached/trust?control=max-age=60";
    assert_eq!(visit(&get(&first, path)), (1, false));
    assert_eq!(visit(&get(&first, path)), (1, true));
    assert_eq!(visit(&get(&second, path)), (2, false));
}

/// Two authorities of the same number are not the same.
#[test]
fn authorities_are_told_apart_by_what_they_are() {
    let folder = Folder::new("authorities");
    let file = |name: &str, pem: &str| {
        let path = std::env::temp_dir().join(format!("sitelift-{name}-{}.pem", std::process::id()));
        std::fs::write(&path, pem).expect("a file in the temporary directory");
        path
    };
    let with =
        |path: &Path| client(FetchOptions { ca_file: Some(path.to_string_lossy().into_owned()), ..folder.options() });
    let files = [file("one", &server().ca_pem), file("two", &server().self_signed_pem)];
    let path = "/cached/authorities?control=max-age=60";
    assert_eq!(visit(&get(&with(&files[0]), path)), (1, false));
    assert_eq!(visit(&get(&with(&files[0]), path)), (1, true));
    assert_eq!(visit(&get(&with(&files[1]), path)), (2, false));
    for file in files {
        std::fs::remove_file(file).expect("the same file");
    }
}

/// "Not changed" is said of what the server names, which need not be what was kept.
#[test]
fn a_304_about_another_page() {
    let folder = Folder::new("another");
    let client = client(folder.options());
    let path = "/cached/another?control=max-age=0&etag=a&answer=b";
    assert_eq!(visit(&get(&client, path)), (1, false));
    let again = get(&client, path);
    assert_eq!((visit(&again), again.attempts), ((3, false), 1), "the second answer was the 304");
}

/// A reader's own limit holds for what another one kept, and the whole stays there.
#[test]
fn kept_bodies_are_cut_where_the_reader_says() {
    let folder = Folder::new("cut");
    let path = "/cached/cut?control=max-age=60&weight=200000";
    let whole = get(&client(folder.options()), path);
    assert!(whole.body_size > 200_000 && !whole.body_truncated);
    let cut = get(&client(FetchOptions { max_body_bytes: 1000, ..folder.options() }), path);
    assert_eq!((cut.from_cache, cut.body_size, cut.body_truncated), (true, 1000, true));
    let again = get(&client(folder.options()), path);
    assert_eq!((again.from_cache, again.body_size), (true, whole.body_size));
}

#[test]
fn what_a_header_of_the_callers_opened_is_not_kept() {
    let folder = Folder::new("key");
    let headers = HashMap::from([("X-Api-Key".to_owned(), "secret".to_owned())]);
    let client = client(FetchOptions { headers, ..folder.options() });
    let path = "/cached/key?control=max-age=60";
    assert_eq!(visit(&get(&client, path)), (1, false));
    assert_eq!(visit(&get(&client, path)), (2, false));
}

#[test]
fn ages_beyond_counting() {
    let folder = Folder::new("age");
    let client = client(folder.options());
    let path = "/cached/age?etag=visit&control=max-age=60&age=18446744073709551615";
    assert_eq!(visit(&get(&client, path)), (1, false));
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let site = get(&client, path);
    assert_eq!(site.error, None);
}

/// Clients that know nothing of each other, as those of several processes: each page is whole.
#[test]
fn many_clients_share_a_folder() {
    let folder = Folder::new("shared");
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let client = client(FetchOptions { cache_max_bytes: 1 << 20, ..folder.options() });
            std::thread::spawn(move || {
                let urls = (0..300)
                    .map(|i| server().at(&format!("/cached/shared-{}?control=max-age=60", (i * (thread + 1)) % 97)));
                client.fetch_all_blocking(urls.collect()).expect("an open client")
            })
        })
        .collect();
    for thread in threads {
        for site in thread.join().expect("no panic") {
            assert_eq!(site.error, None);
            visit(&site);
        }
    }
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let folder = Folder::new("file");
    std::fs::write(&folder.0, "a file").expect("a file in the temporary directory");
    for name in [folder.0.to_string_lossy().into_owned(), String::new()] {
        match Client::new(FetchOptions { cache_dir: Some(name), ..options() }) {
            Err(SiteliftError::InvalidArgument { argument, .. }) => assert_eq!(argument, "cache_dir"),
            other => panic!("{other:?}"),
        }
    }
    assert!(matches!(
        Client::new(FetchOptions { cache_max_bytes: 5, ..options() }),
        Err(SiteliftError::InvalidArgument { argument, .. }) if argument == "cache_max_bytes"
    ));
    std::fs::remove_file(&folder.0).expect("the file");
}
