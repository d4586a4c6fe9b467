//! HTTP on one connection, until it ends or a fault takes over.

use std::error::Error;
use std::future::poll_fn;
use std::sync::Arc;

use hyper::Request;
use hyper::body::Incoming;
use hyper::header::HOST;
use hyper::http::uri::Authority;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::Server;
use crate::fault::{self, Takeover};
use crate::frames;
use crate::reply::Reply;
use crate::routes;
use crate::stats::Tally;

/// A byte stream that knows the socket below it.
pub trait Transport: AsyncRead + AsyncWrite + Unpin + Send {
    fn socket(&self) -> &TcpStream;
}

impl Transport for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}

impl Transport for TlsStream<TcpStream> {
    fn socket(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// Shakes hands and then speaks what was agreed on.
pub async fn tls(server: Arc<Server>, tally: Tally, acceptor: TlsAcceptor, stream: TcpStream) {
    // A client that refuses the certificate is among the things tested.
    let Ok(stream) = acceptor.accept(stream).await else {
        return;
    };
    let host = stream.get_ref().1.server_name().map(str::to_owned).unwrap_or_default();
    if let (Some(name), Some(b"h2")) = (frames::name(&host), stream.get_ref().1.alpn_protocol()) {
        // Fails when the client goes away in the middle, which is its right.
        let _ = frames::serve(name, stream).await;
        return;
    }
    match stream.get_ref().1.alpn_protocol() {
        Some(b"h2") => http2(server, tally, stream).await,
        _ => http1(server, tally, stream).await,
    }
}

/// Speaks HTTP/1. A route that wants a fault fails the service, on which hyper gives the stream back
/// without having written anything.
pub async fn http1(server: Arc<Server>, tally: Tally, stream: impl Transport) {
    let tally = Arc::new(tally);
    let service = service_fn(|request| {
        // `poll_without_shutdown` wants a future that can be moved.
        Box::pin(answer(Arc::clone(&server), Arc::clone(&tally), request))
    });
    let mut connection =
        http1::Builder::new().header_read_timeout(None).serve_connection(TokioIo::new(stream), service);
    let result = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner();
    let takeover = match &result {
        Ok(()) => None,
        Err(error) => error.source().and_then(|source| source.downcast_ref::<Takeover>()),
    };
    // Both fail only when the client is gone, which is its right.
    let _ = match takeover {
        Some(takeover) => fault::commit(&takeover.fault, stream).await,
        None => stream.shutdown().await,
    };
}

/// Speaks HTTP/2, where each fault becomes the reset of its stream.
async fn http2(server: Arc<Server>, tally: Tally, stream: TlsStream<TcpStream>) {
    let tally = Arc::new(tally);
    let service = service_fn(move |request| answer(Arc::clone(&server), Arc::clone(&tally), request));
    // Fails when the client goes away in the middle, which is its right.
    let _ = http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(server: Arc<Server>, tally: Arc<Tally>, request: Request<Incoming>) -> Result<Reply, Takeover> {
    let path = request.uri().path();
    if path == "/stats" {
        return Ok(routes::stats(&tally, &request));
    }
    let in_flight = tally.request(path, &host_of(&request));
    match routes::answer(&server, &request).await {
        Ok(mut reply) => {
            reply.body_mut().hold(in_flight);
            Ok(reply)
        }
        Err(fault) => Err(Takeover { fault, in_flight }),
    }
}

/// The host that was asked for, without its port.
pub fn host_of(request: &Request<Incoming>) -> String {
    place_of(request).0
}

/// The host that was asked for, and its port, if that is named.
pub fn place_of(request: &Request<Incoming>) -> (String, Option<u16>) {
    let header = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let place = request.uri().authority().map(Authority::as_str).or(header).unwrap_or_default();
    match place.rsplit_once(':').map(|(name, port)| (name, port.parse())) {
        Some((name, Ok(port))) => (name.to_owned(), Some(port)),
        _ => (place.to_owned(), None),
    }
}
