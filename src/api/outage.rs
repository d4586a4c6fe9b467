//! Tests of fetching from a list where many names do not come to be known.

use super::client::Client;
use super::options::FetchOptions;
use crate::fetch::{Names, NoAnswer};
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

/// A server that answers each request with a small page; its port.
fn serve() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let reader = BufReader::new(stream.try_clone().unwrap());
                for line in reader.lines().map_while(Result::ok) {
                    if line.is_empty() {
                        let page = "<title>here</title>";
                        let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{page}", page.len());
                    }
                }
            });
        }
    });
    port
}

/// As in a network whose name servers do not answer for some domains: it takes six times as long as a connection may.
fn names() -> Names {
    Names::by(|host| {
        if host.starts_with("dead") {
            thread::sleep(Duration::from_secs(3));
            return Err(NoAnswer::Said("Temporary failure in name resolution".to_owned()));
        }
        Ok(vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))])
    })
}

/// Fetches these, and tells how long it took until all of the hosts that are there had come, as they must.
fn measure(options: FetchOptions, hosts: impl Iterator<Item = String>) -> Duration {
    let port = serve();
    let options = FetchOptions { allow_private_networks: true, connect_timeout: 0.5, ..options };
    let client = Client::by(options, names()).unwrap();
    let urls = hosts.enumerate().map(|(i, host)| format!("http://{host}.test:{port}/{i}")).collect();
    let stream = client.stream(urls, false, None).unwrap();
    let (start, mut last) = (Instant::now(), Duration::ZERO);
    let mut batch = stream.next_batch_blocking(1, None).unwrap();
    while !batch.finished {
        for site in batch.sites {
            assert_eq!(site.error.is_some(), site.domain.starts_with("dead"), "{}: {:?}", site.url, site.error);
            if site.error.is_none() {
                last = start.elapsed();
            }
        }
        batch = stream.next_batch_blocking(1, None).unwrap();
    }
    last
}

#[test]
fn many_pages_of_hosts_whose_names_hang_hold_up_no_other() {
    let hosts = (0..5000).map(|i| format!("{}{}", if i % 10 == 9 { "good" } else { "dead" }, i % 50));
    // With six places taken for half a second by each six pages of each, it was half a minute.
    let good = measure(FetchOptions { retries: 0, ..FetchOptions::default() }, hosts);
    assert!(good < Duration::from_secs(15), "{good:?}");
}

#[test]
fn many_names_that_hang_fail_no_other() {
    let hosts = (0..400).map(|i| format!("{}{i}", if i % 10 == 9 { "good" } else { "dead" }));
    for obey_robots in [false, true] {
        let options = FetchOptions { retries: 0, obey_robots, ..FetchOptions::default() };
        measure(options, hosts.clone());
    }
}
