//! Proxies that lead everything to the test server, whatever was asked for.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A running proxy, and what it was asked for.
pub struct Proxy {
    pub port: u16,
    pub asked: Arc<Mutex<Vec<String>>>,
}

/// Starts a proxy; `shake` reads what is asked for and answers that it is there.
fn start(to: String, shake: impl Fn(&mut TcpStream) -> io::Result<String> + Clone + Send + 'static) -> Proxy {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (to, log, shake) = (to.clone(), Arc::clone(&log), shake.clone());
            thread::spawn(move || serve(stream, &to, &log, shake));
        }
    });
    Proxy { port, asked }
}

fn serve(
    mut client: TcpStream,
    to: &str,
    log: &Mutex<Vec<String>>,
    shake: impl Fn(&mut TcpStream) -> io::Result<String>,
) -> io::Result<()> {
    let asked = shake(&mut client)?;
    log.lock().expect("no panic").push(asked);
    let server = TcpStream::connect(to)?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || io::copy(&mut from_client, &mut to_server));
    io::copy(&mut &server, &mut client)?;
    Ok(())
}

/// A SOCKS5 proxy (RFC 1928) without authentication.
pub fn socks5(to: &str) -> Proxy {
    start(to.to_owned(), |stream| {
        let mut two = [0; 2];
        stream.read_exact(&mut two)?;
        let mut methods = vec![0; usize::from(two[1])];
        stream.read_exact(&mut methods)?;
        stream.write_all(&[5, 0])?;
        let mut head = [0; 4];
        stream.read_exact(&mut head)?;
        let host = if head[3] == 1 {
            let mut address = [0; 4];
            stream.read_exact(&mut address)?;
            std::net::Ipv4Addr::from(address).to_string()
        } else {
            let mut length = [0; 1];
            stream.read_exact(&mut length)?;
            let mut name = vec![0; usize::from(length[0])];
            stream.read_exact(&mut name)?;
            String::from_utf8_lossy(&name).into_owned()
        };
        stream.read_exact(&mut two)?;
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
        Ok(host)
    })
}

/// An HTTP proxy that knows `CONNECT` only.
pub fn connect(to: &str) -> Proxy {
    slow_connect(to, Duration::ZERO, Duration::ZERO)
}

/// The same, which takes its time before it says yes, and again before it passes anything on.
pub fn slow_connect(to: &str, before: Duration, after: Duration) -> Proxy {
    start(to.to_owned(), move |stream| {
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut first = String::new();
        reader.read_line(&mut first)?;
        let mut all = first.trim().to_owned();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            if line.trim().is_empty() {
                break;
            }
            all.push('\n');
            all.push_str(line.trim());
        }
        thread::sleep(before);
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
        thread::sleep(after);
        Ok(all)
    })
}

/// Passes all bytes on, until it forgets the connections that it has.
pub struct Relay {
    pub port: u16,
    forgotten: Arc<AtomicUsize>,
}

impl Relay {
    /// From now on nothing comes through the connections that there are, and they stay open; new ones work.
    pub fn forget(&self) {
        self.forgotten.fetch_add(1, Relaxed);
    }
}

/// Starts a relay to the server.
pub fn relay(to: &str) -> Relay {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let forgotten = Arc::new(AtomicUsize::new(0));
    let (to, now) = (to.to_owned(), Arc::clone(&forgotten));
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let (begun, server) = (now.load(Relaxed), TcpStream::connect(&to).expect("the server"));
            for (from, to) in [(&client, &server), (&server, &client)] {
                let (from, to) = (from.try_clone().expect("a handle"), to.try_clone().expect("a handle"));
                let now = Arc::clone(&now);
                thread::spawn(move || pass_on(from, to, || now.load(Relaxed) == begun));
            }
        }
    });
    Relay { port, forgotten }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, is_known: impl Fn() -> bool) -> io::Result<()> {
    let mut bytes = [0; 16 * 1024];
    loop {
        let length = from.read(&mut bytes)?;
        if !is_known() && length > 0 {
            continue;
        }
        if length == 0 {
            return if is_known() { to.shutdown(std::net::Shutdown::Write) } else { Ok(()) };
        }
        to.write_all(&bytes[..length])?;
    }
}
