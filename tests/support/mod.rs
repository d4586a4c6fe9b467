//! The loopback test server, and where the shared files are.

#![allow(dead_code, reason = "each test binary uses its own part of this")]

pub mod proxy;

use serde_json::Value;
use sitelift::{Client, FetchOptions};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, OnceLock};

/// A running test server. It ends when this process does, as its standard input closes then.
pub struct Server {
    pub url: String,
    pub https_url: String,
    pub silent_url: String,
    pub ca_pem: String,
    pub self_signed_pem: String,
    _process: Child,
}

impl Server {
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub fn port(&self) -> &str {
        self.url.rsplit(':').next().expect("a port")
    }

    /// The same for a host of another name, which the option `resolve` leads here: see [`options_for`].
    pub fn on(&self, host: &str, path: &str) -> String {
        self.at(path).replacen("127.0.0.1", host, 1)
    }

    /// What the server counted for this host, by [`Server::on`].
    pub fn seen(&self, host: &str) -> Value {
        let stats = client(options()).fetch_blocking(self.at("/stats")).expect("an open client");
        let stats: Value = serde_json::from_str(&stats.body.expect("JSON")).expect("JSON");
        stats["by_host"][host].clone()
    }
}

pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let mut process = Command::new(binary())
            .arg("--pages")
            .arg(root().join("tests/fixtures/pages"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the test server starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("the server says it is ready");
        let ready: Value = serde_json::from_str(&line).expect("one line of JSON");
        let text = |key: &str| ready[key].as_str().expect(key).to_owned();
        Server {
            url: text("url"),
            https_url: text("https_url"),
            ca_pem: text("ca_pem"),
            self_signed_pem: text("self_signed_pem"),
            silent_url: format!("http://127.0.0.1:{}", ready["silent_port"]),
            _process: process,
        }
    })
}

fn binary() -> PathBuf {
    let name = format!("sitelift-testserver{}", std::env::consts::EXE_SUFFIX);
    ["release", "debug"]
        .iter()
        .map(|profile| root().join("target").join(profile).join(&name))
        // The one that was built last.
        .filter_map(|path| Some((path.metadata().and_then(|file| file.modified()).ok()?, path)))
        .max()
        .map(|(_, path)| path)
        .expect("the test server is not built: run `make testserver` first")
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Options that reach the test server.
pub fn options() -> FetchOptions {
    FetchOptions { allow_private_networks: true, ..FetchOptions::default() }
}

pub fn client(options: FetchOptions) -> Arc<Client> {
    Client::new(options).expect("good options")
}

/// Options by which hosts of these names are the test server.
pub fn options_for<'a>(hosts: impl IntoIterator<Item = &'a str>) -> FetchOptions {
    let resolve = hosts.into_iter().map(|host| (host.to_owned(), "127.0.0.1".to_owned())).collect();
    FetchOptions { resolve, ..options() }
}

/// The most memory that this process had so far, in megabytes; known on Linux only.
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes >> 10)
}
