//! A process that has no file descriptor left, for a moment.
#![cfg(target_os = "linux")]

mod support;

use std::fs::File;
use std::process::Command;
use std::time::Duration;
use support::{client, options, server};

/// Set in the process that has few.
const FEW: &str = "SITELIFT_FEW_DESCRIPTORS";

/// The system's resolver needs descriptors, too.
#[test]
fn a_name_that_could_not_be_asked_for_is_asked_for_later() {
    if std::env::var_os(FEW).is_none() {
        let this = std::env::current_exe().expect("the test");
        let limited = "ulimit -n 64 && exec \"$0\" a_name_that_could_not";
        let status = Command::new("sh").args(["-c", limited]).arg(this).env(FEW, "1").status().expect("a shell");
        assert!(status.success());
        return;
    }
    let client = client(options());
    let get = |url: String| client.fetch_blocking(url).expect("an open client");
    assert_eq!(get(server().at("/n/0")).error, None);
    let held: Vec<File> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();
    assert!(!held.is_empty());
    let site = std::thread::scope(|scope| {
        let named = scope.spawn(|| get(server().on("localhost", "/n/1")));
        std::thread::sleep(Duration::from_millis(500));
        drop(held);
        named.join().expect("no panic")
    });
    assert_eq!((site.error, site.status, site.attempts), (None, Some(200), 1));
}
