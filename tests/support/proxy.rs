//! Proxies that lead everything to the test server, whatever was asked for.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A running proxy, and what it was asked for.
pub struct Proxy {
    pub port: u16,
    pub asked: Arc<Mutex<Vec<String>>>,
}

/// Starts a proxy; `shake` reads what is asked for and answers that it is there.
fn start(to: String, shake: fn(&mut TcpStream) -> io::Result<String>) -> Proxy {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (to, log) = (to.clone(), Arc::clone(&log));
            thread::spawn(move || serve(stream, &to, &log, shake));
        }
    });
    Proxy { port, asked }
}

fn serve(
    mut client: TcpStream,
    to: &str,
    log: &Mutex<Vec<String>>,
    shake: fn(&mut TcpStream) -> io::Result<String>,
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
    start(to.to_owned(), |stream| {
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
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
        Ok(all)
    })
}
