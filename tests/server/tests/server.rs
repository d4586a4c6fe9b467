//! Starts the server as its users do and looks at what comes over the wire.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

const BINARY: &str = env!("CARGO_BIN_EXE_sitelift-testserver");
const PATIENCE: Duration = Duration::from_secs(10);

/// A running server, ended with the test by the end of its standard input.
struct Server {
    child: Child,
    stdin: Option<ChildStdin>,
    ready: Value,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(BINARY)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let stdin = child.stdin.take();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).expect("the server says that it is ready");
        let ready = serde_json::from_str(&line).expect("the ready line is JSON");
        Self { child, stdin, ready }
    }

    fn port(&self, name: &str) -> u16 {
        u16::try_from(self.ready[name].as_u64().unwrap()).unwrap()
    }

    fn connect(&self, port: &str) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port(port))).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "")
    }

    /// Sends one request with additional header lines and reads until the connection ends.
    fn send(&self, method: &str, path: &str, headers: &str) -> Answer {
        exchange(&mut self.connect("port"), method, path, headers)
    }

    fn stats(&self) -> Value {
        self.get("/stats").json()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.wait();
    }
}

/// All that came back, and how it ended.
struct Answer {
    head: Vec<u8>,
    body: Vec<u8>,
    end: io::Result<()>,
}

impl Answer {
    fn status(&self) -> u16 {
        let head = String::from_utf8_lossy(&self.head);
        let code = head.split(' ').nth(1).unwrap_or_default();
        code.parse().unwrap_or_else(|_| panic!("no status: {head}"))
    }

    fn headers(&self, name: &str) -> Vec<String> {
        String::from_utf8_lossy(&self.head)
            .lines()
            .filter_map(|line| line.split_once(": "))
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.to_owned())
            .collect()
    }

    fn header(&self, name: &str) -> Option<String> {
        self.headers(name).into_iter().next()
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn was_reset(&self) -> bool {
        matches!(&self.end, Err(error) if error.kind() == io::ErrorKind::ConnectionReset)
    }

    fn unpacked(&self) -> io::Result<Vec<u8>> {
        let packed = &self.body[..];
        let mut decoder: Box<dyn Read + '_> = match self.header("content-encoding").as_deref() {
            None => Box::new(packed),
            Some("gzip") => Box::new(flate2::read::GzDecoder::new(packed)),
            Some("br") => Box::new(brotli::Decompressor::new(packed, 4096)),
            Some("zstd") => Box::new(zstd::Decoder::new(packed)?),
            // The first byte of zlib at its usual window size.
            Some("deflate") if packed[0] == 0x78 => Box::new(flate2::read::ZlibDecoder::new(packed)),
            Some("deflate") => Box::new(flate2::read::DeflateDecoder::new(packed)),
            Some(other) => panic!("unexpected coding {other}"),
        };
        let mut plain = Vec::new();
        decoder.read_to_end(&mut plain)?;
        Ok(plain)
    }
}

fn exchange(stream: &mut (impl Read + Write), method: &str, path: &str, headers: &str) -> Answer {
    let request = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).map(drop);
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n").map_or(bytes.len(), |start| start + 4);
    let body = bytes.split_off(head);
    Answer { head: bytes, body, end }
}

/// A directory of pages that is this test's own.
fn pages(test: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&root);
    for (path, content) in files {
        let file = root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }
    root
}

fn start_with_pages(test: &str, files: &[(&str, &[u8])]) -> Server {
    Server::start(&["--pages", pages(test, files).to_str().unwrap()])
}

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn pages_come_from_the_directory() {
    let server = start_with_pages(
        "pages",
        &[
            ("b.html", b"<title>B</title>"),
            ("a.xhtml", b"<title>A</title>"),
            ("a.xhtml.headers", b"Server: Apache\nSet-Cookie: a=1\r\n\nSet-Cookie: b=2\nContent-Length: 3\n"),
            ("a.json", b"{}"),
            ("sub/c ü.HTM", b"<title>C</title>"),
            ("note.txt", b"text"),
            ("note.txt.headers", b"no colon\n"),
        ],
    );
    assert_eq!(server.ready["pages"], json!(["a.xhtml", "b.html", "sub/c ü.HTM"]));

    let plain = server.get("/pages/b.html");
    assert_eq!(plain.status(), 200);
    assert_eq!(plain.text(), "<title>B</title>");
    assert_eq!(plain.header("content-type").unwrap(), "text/html");
    assert_eq!(plain.header("server").unwrap(), "sitelift-testserver");

    let own = server.get("/pages/a.xhtml");
    assert_eq!(own.text(), "<title>A</title>");
    assert_eq!(own.header("content-type").unwrap(), "application/xhtml+xml");
    assert_eq!(own.headers("server"), ["Apache"]);
    assert_eq!(own.headers("set-cookie"), ["a=1", "b=2"]);
    assert_eq!(own.headers("content-length"), ["16"]);

    let decoded = server.get("/pages/sub/c%20%c3%bc.HTM");
    assert_eq!(decoded.text(), "<title>C</title>");
    let json = server.get("/pages/a.json");
    assert_eq!(json.header("content-type").unwrap(), "application/json");
    assert_eq!(server.get("/pages/note.txt").status(), 500);
}

#[test]
fn pages_stay_in_the_directory() {
    let root = pages("outside", &[("in/a.html", b"in"), ("secret.html", b"out")]);
    #[cfg(unix)]
    std::os::unix::fs::symlink(root.join("secret.html"), root.join("in/link.html")).unwrap();
    let server = Server::start(&["--pages", root.join("in").to_str().unwrap()]);
    assert_eq!(server.get("/pages/a.html").status(), 200);
    for path in [
        "/pages/../secret.html",
        "/pages/%2e%2e/secret.html",
        "/pages/..%2fsecret.html",
        "/pages/link.html",
        "/pages//a.html",
        "/pages/./a.html",
        "/pages/a.html%00",
        "/pages/",
        "/pages/%ff",
    ] {
        assert_eq!(server.get(path).status(), 404, "{path}");
    }
}

#[test]
fn numbered_pages_go_round() {
    let server = start_with_pages("numbered", &[("a.html", b"A"), ("b.html", b"B")]);
    for (path, text) in [("/n/0", "A"), ("/n/1", "B"), ("/n/7/x/y?z", "B"), ("/n/10000", "A")] {
        assert_eq!(server.get(path).text(), text, "{path}");
    }
    assert_eq!(server.get("/n/x").status(), 404);
    assert_eq!(Server::start(&[]).get("/n/0").status(), 404);
}

#[test]
fn the_query_shapes_the_answer() {
    let server = start_with_pages("query", &[("a.html", b"A")]);
    let shaped = server.get("/n/0?status=503&type=text/plain&server=nginx/1.0");
    assert_eq!(shaped.status(), 503);
    assert_eq!(shaped.header("content-type").unwrap(), "text/plain");
    assert_eq!(shaped.headers("server"), ["nginx/1.0"]);
    let naked = server.get("/n/0?type=&server=");
    assert_eq!(naked.header("content-type"), None);
    assert_eq!(naked.header("server"), None);
    for query in ["status=100", "status=x", "rate=0", "latency=soon", "encoding=rot13"] {
        assert_eq!(server.get(&format!("/n/0?{query}")).status(), 400, "{query}");
    }
}

#[test]
fn encodings() {
    let server = Server::start(&[]);
    let plain = server.get("/gen/7").body;
    for (accept, token) in
        [("gzip, deflate, br, zstd", Some("zstd")), ("gzip, br", Some("br")), ("gzip", Some("gzip")), ("deflate", None)]
    {
        let answer = server.send("GET", "/gen/7", &format!("accept-encoding: {accept}\r\n"));
        assert_eq!(answer.header("content-encoding").as_deref(), token);
        assert_eq!(answer.header("vary").unwrap(), "accept-encoding");
        assert!(answer.unpacked().unwrap() == plain, "{accept}");
    }
    for (name, token) in [
        ("gzip", Some("gzip")),
        ("br", Some("br")),
        ("zstd", Some("zstd")),
        ("deflate", Some("deflate")),
        ("deflate-raw", Some("deflate")),
        ("identity", None),
    ] {
        let answer = server.get(&format!("/gen/7?encoding={name}"));
        assert_eq!(answer.header("content-encoding").as_deref(), token);
        assert!(answer.unpacked().unwrap() == plain, "{name}");
    }
    for name in ["gzip", "br", "zstd", "deflate"] {
        let damaged = server.get(&format!("/bad/{name}"));
        assert!(damaged.end.is_ok());
        assert!(damaged.unpacked().is_err(), "{name}");
    }
    let unknown = server.get("/unknown-encoding");
    assert_eq!(unknown.header("content-encoding").unwrap(), "sdch");
}

#[test]
fn bombs_are_small_and_huge() {
    let server = Server::start(&[]);
    for name in ["gzip", "br", "zstd"] {
        let bomb = server.get(&format!("/bomb/{name}?size=100000000"));
        assert_eq!(bomb.header("content-encoding").unwrap(), name);
        assert!(bomb.body.len() < 200_000, "{name}: {}", bomb.body.len());
        assert_eq!(bomb.unpacked().unwrap().len(), 100_000_000, "{name}");
        let huge = server.get(&format!("/bomb/{name}?size=10000000000"));
        assert!(huge.body.len() < 12_000_000, "{name}: {}", huge.body.len());
    }
}

#[test]
fn head_is_get_without_the_body() {
    let server = Server::start(&[]);
    for path in ["/gen/1?encoding=gzip", "/body?size=1000000", "/status/404", "/echo"] {
        let (get, head) = (server.get(path), server.send("HEAD", path, ""));
        assert_eq!(head.status(), get.status(), "{path}");
        assert!(head.body.is_empty(), "{path}");
        if path != "/echo" {
            assert_eq!(head.header("content-length"), get.header("content-length"));
        }
    }
    let refused = server.send("POST", "/echo", "content-length: 0\r\n");
    assert_eq!(refused.status(), 405);
    assert_eq!(refused.header("allow").unwrap(), "GET, HEAD");
}

#[test]
fn samples() {
    let server = Server::start(&[]);
    assert_eq!(server.get("/status/418").status(), 418);
    assert!(server.get("/status/204").body.is_empty());
    assert_eq!(server.get("/status/99").status(), 400);
    let empty = server.get("/empty");
    assert_eq!((empty.status(), empty.body.len()), (200, 0));
    for (path, kind, start) in [
        ("/binary", "image/png", &b"\x89PNG"[..]),
        ("/binary-as-html", "text/html", b"\x89PNG"),
        ("/pdf", "application/pdf", b"%PDF-"),
        ("/charset/koi8-r", "text/html; charset=koi8-r", b"<!doctype"),
        ("/robots.txt", "text/plain; charset=utf-8", b"User-agent: *\nAllow: /"),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.header("content-type").unwrap(), kind, "{path}");
        assert!(answer.body.starts_with(start), "{path}");
    }
    let charset = server.get("/charset/windows-1252");
    assert!(charset.body.windows(4).any(|window| window == b"Caf\xe9"));
    assert!(server.get("/nul").text().contains("before\0after"));
    let latin1 = server.get("/header-latin1");
    assert!(latin1.head.windows(6).any(|window| window == b": caf\xe9"));

    let echo = server.send("GET", "/echo?q=1", "x-twice: a\r\nx-twice: b\r\n").json();
    assert_eq!(echo["path"], "/echo");
    assert_eq!(echo["query"], "q=1");
    let headers = echo["headers"].as_array().unwrap();
    for pair in [json!(["host", "localhost"]), json!(["x-twice", "a"]), json!(["x-twice", "b"])] {
        assert!(headers.contains(&pair), "{pair}");
    }

    let many = server.get("/many-headers?n=1000");
    let fillers = String::from_utf8_lossy(&many.head).matches("\r\nx-filler-").count();
    assert_eq!(fillers, 1000);
    let long = server.get("/long-header?bytes=100000");
    assert_eq!(long.header("x-long").unwrap().len(), 100_000);
    assert_eq!(server.get("/no/such/route").status(), 404);
}

#[test]
fn redirects() {
    let server = Server::start(&[]);
    let location = |path: &str| {
        let answer = server.get(path);
        (answer.status(), answer.header("location"))
    };
    let found = |to: &str| (302, Some(to.to_owned()));
    assert_eq!(location("/redirect/1"), found("/n/0"));
    assert_eq!(location("/redirect/3?to=/x%26y"), found("2?to=%2Fx%26y&status=302"));
    assert_eq!(location("/redirect/1?to=/x&status=308"), (308, Some("/x".into())));
    assert_eq!(location("/redirect-to?url=//host/%3Fq&status=301"), (301, Some("//host/?q".into())));
    assert_eq!(location("/redirect-loop"), found("/redirect-loop"));
    assert_eq!(location("/redirect-pingpong/a"), found("/redirect-pingpong/b"));
    assert_eq!(location("/redirect-pingpong/b"), found("/redirect-pingpong/a"));
    assert_eq!(location("/redirect-nowhere"), (302, None));
    assert_eq!(location("/redirect-bad"), found("http://[not an address/"));
    for path in ["/redirect/0", "/redirect/1?status=200", "/redirect-to", "/redirect-to?url=%0d%0a"] {
        assert_eq!(server.get(path).status(), 400, "{path}");
    }
}

#[test]
fn slow_answers_take_their_time() {
    let server = Server::start(&[]);
    for path in ["/delay/200", "/gen/1?latency=200", "/gen/1?bytes=5000&rate=25000", "/slow-body?bytes=1000&rate=5000"]
    {
        let start = Instant::now();
        let answer = server.get(path);
        let elapsed = start.elapsed();
        assert_eq!(answer.status(), 200, "{path}");
        assert!(elapsed > Duration::from_millis(150), "{path}: {elapsed:?}");
        let length = answer.header("content-length").unwrap();
        assert_eq!(length, answer.body.len().to_string(), "{path}");
    }
}

#[test]
fn bodies_of_any_size() {
    let server = Server::start(&[]);
    for size in [0, 1, 1000, 1_000_000] {
        let answer = server.get(&format!("/body?size={size}"));
        assert_eq!(answer.body.len(), size);
        assert_eq!(answer.header("content-length").unwrap(), size.to_string());
    }
    let mut endless = server.connect("port");
    endless.write_all(b"GET /endless HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut bytes = vec![0; 5_000_000];
    endless.read_exact(&mut bytes).unwrap();
    assert!(String::from_utf8_lossy(&bytes[..500]).contains("transfer-encoding: chunked"));
}

#[test]
fn stalls_last_until_the_client_leaves() {
    let server = Server::start(&[]);
    for (path, some) in [("/stall-headers", false), ("/stall-body", true)] {
        let mut stream = server.connect("port");
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        let answer = exchange(&mut stream, "GET", path, "");
        let timed_out = [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut];
        assert!(timed_out.contains(&answer.end.unwrap_err().kind()), "{path}");
        assert_eq!(!answer.body.is_empty(), some, "{path}");
        assert_eq!(server.stats()["in_flight"], 1, "{path}");
        drop(stream);
        wait_until("the request ends with its connection", || server.stats()["in_flight"] == 0);
    }
}

#[test]
fn raw_faults() {
    let server = Server::start(&[]);
    let reset = server.get("/reset");
    assert!(reset.was_reset() && reset.head.is_empty());

    let reset = server.get("/reset-body?after=500");
    assert!(reset.was_reset());
    assert_eq!(reset.body.len(), 500);
    assert!(reset.header("content-length").unwrap().parse::<usize>().unwrap() > 500);

    let closed = server.get("/close");
    assert!(closed.end.is_ok() && closed.head.is_empty());

    let short = server.get("/short-body");
    assert!(short.end.is_ok());
    assert!(short.header("content-length").unwrap().parse::<usize>().unwrap() > short.body.len());

    let garbage = server.get("/garbage");
    assert!(garbage.end.is_ok() && !garbage.head.starts_with(b"HTTP"));

    let chunked = server.get("/chunk-error");
    assert!(chunked.end.is_ok() && chunked.text().contains("not-a-size"));

    wait_until("faults end", || server.stats()["in_flight"] == 0);
    assert_eq!(server.stats()["requests"], 6);
}

#[test]
fn a_fault_may_follow_an_answer_on_the_same_connection() {
    let server = Server::start(&[]);
    let mut stream = server.connect("port");
    stream.write_all(b"GET /empty HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    let answer = exchange(&mut stream, "GET", "/reset", "");
    assert!(answer.was_reset());
    let stats = server.stats();
    assert_eq!((&stats["requests"], &stats["connections"]), (&json!(2), &json!(1)));
}

#[test]
fn the_silent_port_says_nothing() {
    let server = Server::start(&[]);
    let mut stream = server.connect("silent_port");
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let answer = exchange(&mut stream, "GET", "/empty", "");
    assert!(answer.end.is_err() && answer.head.is_empty());
    assert_eq!(server.stats()["connections"], 0);
}

#[test]
fn stats_tell_what_happened() {
    let server = Server::start(&["--threads", "2"]);
    let connections: Vec<_> = (0..40)
        .map(|_| {
            let mut stream = server.connect("port");
            thread::spawn(move || exchange(&mut stream, "GET", "/delay/500", "").status())
        })
        .collect();
    for connection in connections {
        assert_eq!(connection.join().unwrap(), 200);
    }
    server.get("/empty?a");
    server.get("/empty?b");
    let stats = server.get("/stats?reset=1").json();
    assert_eq!(stats["requests"], 42);
    assert_eq!(stats["connections"], 42);
    assert_eq!(stats["by_path"], json!({"/delay/500": 40, "/empty": 2}));
    assert!(stats["max_in_flight"].as_u64().unwrap() > 1);
    let zero = json!({
        "requests": 0, "connections": 0, "in_flight": 0, "max_in_flight": 0, "by_path": {}, "by_host": {},
    });
    assert_eq!(server.stats(), zero);
}

/// A TLS connection that trusts the server's authority and offers one protocol.
fn connect_tls(server: &Server, protocol: &str) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    let pem = server.ready["ca_pem"].as_str().unwrap();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.into()];
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    StreamOwned::new(client, server.connect("tls_port"))
}

#[test]
fn https() {
    let server = Server::start(&[]);
    let echo = exchange(&mut connect_tls(&server, "http/1.1"), "GET", "/echo", "");
    assert_eq!(echo.json()["path"], "/echo");
    assert!(exchange(&mut connect_tls(&server, "http/1.1"), "GET", "/reset", "").was_reset());

    const SETTINGS: u8 = 4;
    let mut http2 = connect_tls(&server, "h2");
    http2.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
    let mut frame_head = [0; 9];
    http2.read_exact(&mut frame_head).unwrap();
    assert_eq!(frame_head[3], SETTINGS);
}

#[test]
fn the_ready_line_is_complete() {
    let server = Server::start(&[]);
    let port = server.port("port");
    assert_eq!(server.ready["url"], format!("http://127.0.0.1:{port}"));
    let tls_port = server.port("tls_port");
    assert_eq!(server.ready["https_url"], format!("https://localhost:{tls_port}"));
    assert_eq!(server.ready["pages"], json!([]));
}

#[test]
#[cfg(target_os = "linux")]
fn one_port_on_several_addresses() {
    let server = Server::start(&["--bind", "127.0.0.1", "--bind", "127.0.0.2"]);
    for address in ["127.0.0.1", "127.0.0.2"] {
        let mut stream = TcpStream::connect((address, server.port("port"))).unwrap();
        assert_eq!(exchange(&mut stream, "GET", "/empty", "").status(), 200);
    }
}

#[test]
fn the_end_of_its_input_is_its_end() {
    let mut server = Server::start(&[]);
    drop(server.stdin.take());
    wait_until("the server exits", || server.child.try_wait().unwrap().is_some());
    assert!(server.child.wait().unwrap().success());
}

#[test]
fn forever_outlives_its_input() {
    let mut server = Server::start(&["--forever"]);
    drop(server.stdin.take());
    thread::sleep(Duration::from_millis(200));
    assert_eq!(server.get("/empty").status(), 200);
    server.child.kill().unwrap();
}

#[test]
fn bad_arguments_are_explained() {
    for arguments in [&["--port", "many"][..], &["--bind", "0.0.0.0"], &["--what"]] {
        let output = Command::new(BINARY).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains(arguments[0]), "{message}");
    }
}
