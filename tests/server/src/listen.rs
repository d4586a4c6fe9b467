//! The listening sockets: plain HTTP, HTTPS, and one that never speaks.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::Server;
use crate::args::Args;
use crate::connection;
use crate::stats::Tally;
use crate::tls::Identity;

/// A load test opens thousands of connections at once; the kernel may still lower this.
const BACKLOG: u32 = 8192;

/// Where the server listens.
#[derive(Clone, Copy)]
pub struct Ports {
    pub plain: u16,
    pub tls: u16,
    pub silent: u16,
}

/// Opens every port on every address and serves them from now on.
pub async fn start(server: &Arc<Server>, identity: &Identity, args: &Args) -> io::Result<Ports> {
    let (plain, plain_listeners) = open(&args.binds, args.port)?;
    let (tls, tls_listeners) = open(&args.binds, 0)?;
    let (silent, silent_listeners) = open(&args.binds, 0)?;
    for listener in plain_listeners {
        let server = Arc::clone(server);
        tokio::spawn(accept(listener, move |stream| {
            let tally = Tally::open(&server.stats);
            connection::http1(Arc::clone(&server), tally, stream)
        }));
    }
    for listener in tls_listeners {
        let server = Arc::clone(server);
        let acceptor = identity.acceptor.clone();
        tokio::spawn(accept(listener, move |stream| {
            let tally = Tally::open(&server.stats);
            connection::tls(Arc::clone(&server), tally, acceptor.clone(), stream)
        }));
    }
    for listener in silent_listeners {
        tokio::spawn(accept(listener, say_nothing));
    }
    Ok(Ports { plain, tls, silent })
}

/// Listens on one port of all `addresses`, so that one URL with another host reaches another address.
fn open(addresses: &[IpAddr], port: u16) -> io::Result<(u16, Vec<TcpListener>)> {
    const ATTEMPTS: usize = 20;
    let mut attempt = 1;
    loop {
        match open_all(addresses, port) {
            // The port that was free on the first address may be taken on the next.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && port == 0 && attempt < ATTEMPTS => {
                attempt += 1;
            }
            Err(error) => {
                return Err(io::Error::new(error.kind(), format!("cannot listen on port {port}: {error}")));
            }
            Ok(opened) => return Ok(opened),
        }
    }
}

fn open_all(addresses: &[IpAddr], mut port: u16) -> io::Result<(u16, Vec<TcpListener>)> {
    let mut listeners = Vec::with_capacity(addresses.len());
    for &address in addresses {
        let socket = match address {
            IpAddr::V4(_) => TcpSocket::new_v4()?,
            IpAddr::V6(_) => TcpSocket::new_v6()?,
        };
        // On Windows this option would let another program take the port over.
        socket.set_reuseaddr(cfg!(unix))?;
        socket.bind(SocketAddr::new(address, port))?;
        let listener = socket.listen(BACKLOG)?;
        port = listener.local_addr()?.port();
        listeners.push(listener);
    }
    Ok((port, listeners))
}

async fn accept<F>(listener: TcpListener, serve: impl Fn(TcpStream) -> F + Send)
where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Fails only if the client is gone already, which the first read will tell.
                let _ = stream.set_nodelay(true);
                tokio::spawn(serve(stream));
            }
            // Out of file descriptors, or the client gave up: neither may end the server.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// Reads whatever comes until the client goes away.
async fn say_nothing(mut stream: TcpStream) {
    let mut ignored = [0; 1024];
    while matches!(stream.read(&mut ignored).await, Ok(1..)) {}
}
