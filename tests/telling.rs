//! What is told while pages are fetched: records for a logger, counts for who watches. One test, as there is one logger in a process.

mod support;

use sitelift::{FetchOptions, LogLevel, LogRecord, Logger, Progress, SiteliftError, Stats, set_logger};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::{client, options, server};

#[derive(Default)]
struct Heard(Mutex<Vec<LogRecord>>);

impl Logger for Heard {
    fn log(&self, record: LogRecord) {
        self.0.lock().expect("no panic").push(record);
        // A logger that fails hurts nobody.
        assert!(!self.0.lock().expect("no panic").is_empty());
    }
}

#[derive(Default)]
struct Seen(Mutex<Vec<Stats>>);

impl Progress for Seen {
    fn update(&self, stats: Stats) {
        let mut seen = self.0.lock().expect("no panic");
        seen.push(stats);
        let is_first = seen.len() == 1;
        drop(seen);
        assert!(!is_first, "what watches may fail");
    }
}

#[test]
fn records_and_counts() {
    let heard = Arc::new(Heard::default());
    set_logger(LogLevel::Debug, Some(Arc::clone(&heard) as _)).expect("there is no other subscriber");
    let client = client(FetchOptions { backoff: 0.01, ..options() });
    let seen = Arc::new(Seen::default());
    let watch = Arc::clone(&client).watch(Arc::clone(&seen) as _, 0.02).expect("a good interval");
    let at = |path: &str| server().at(path).replace("http://", "http://ann:hush@");
    let urls = vec![at("/redirect/1?to=/n/0"), at("/flaky/telling"), at("/garbage"), at("/delay/1500")];
    client.fetch_all_blocking(urls).expect("an open client");
    watch.stop();
    watch.stop();
    // Returns when all was handed over.
    set_logger(LogLevel::Debug, None).expect("nothing can go wrong");
    let records = heard.0.lock().expect("no panic").clone();
    let has = |level, words: &[&str]| {
        records.iter().any(|r| r.level == level && words.iter().all(|word| r.message.contains(word)))
    };
    assert!(has(LogLevel::Debug, &["answered", "/n/0", "status=200", "version="]), "{records:#?}");
    assert!(has(LogLevel::Debug, &["redirected", "/redirect/1", "/n/0"]), "{records:#?}");
    assert!(has(LogLevel::Info, &["to be tried again", "/flaky/telling", "status=503"]), "{records:#?}");
    assert!(has(LogLevel::Warn, &["failed", "/garbage", "InvalidResponse"]), "{records:#?}");
    assert!(records.iter().all(|r| r.target.starts_with("sitelift::") && !r.message.contains("hush")), "{records:#?}");

    let counts = seen.0.lock().expect("no panic").clone();
    let last = counts.last().expect("several");
    assert!(counts.len() >= 3, "{counts:?}");
    assert_eq!((last.urls, last.pages, last.failed, last.in_flight), (4, 3, 1, 0));
    assert!(counts.windows(2).all(|pair| pair[0].pages <= pair[1].pages));
    assert!(counts.iter().any(|stats| stats.in_flight > 0));

    // Of a higher level, and to another logger; then to none.
    let quiet = Arc::new(Heard::default());
    set_logger(LogLevel::Warn, Some(Arc::clone(&quiet) as _)).expect("our own subscriber");
    client.fetch_blocking(at("/n/1")).expect("an open client");
    set_logger(LogLevel::Warn, None).expect("nothing can go wrong");
    client.fetch_blocking(at("/garbage")).expect("an open client");
    assert!(quiet.0.lock().expect("no panic").is_empty());
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(seen.0.lock().expect("no panic").len(), counts.len());
    for every in [0.0, -1.0, f64::NAN, 1e9] {
        let refused = Arc::clone(&client).watch(Arc::clone(&seen) as _, every);
        assert!(matches!(refused, Err(SiteliftError::InvalidArgument { argument, .. }) if argument == "every"));
    }
}
