//! How long a request's own connection took. A kept connection, or one that another request had begun, took it no time.

use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tower_layer::Layer;
use tower_service::Service;

tokio::task_local! {
    /// The clock of the request whose task this is. Connections are made within it, until another one comes free sooner: then they go
    /// on in a task of their own, which has none.
    static CLOCK: Arc<Clock>;
}

/// Microseconds, and one more where there were any.
#[derive(Debug)]
pub(super) struct Clock {
    made: Instant,
    dns: AtomicU64,
    connect: AtomicU64,
    /// When the last TLS handshake began, from `made` on.
    handshake: AtomicU64,
    tls: AtomicU64,
}

impl Clock {
    pub(super) fn new() -> Self {
        let [dns, connect, handshake, tls] = Default::default();
        Self { made: Instant::now(), dns, connect, handshake, tls }
    }

    pub(super) async fn around<F: Future>(self: &Arc<Self>, request: F) -> F::Output {
        CLOCK.scope(Arc::clone(self), request).await
    }

    /// The look-up of the name, if there was one.
    pub(super) fn dns(&self) -> Option<Duration> {
        read(&self.dns)
    }

    /// The whole of connecting, look-up and TLS included, if a connection was made.
    pub(super) fn connect(&self) -> Option<Duration> {
        read(&self.connect)
    }

    /// The TLS handshake, if there was one.
    pub(super) fn tls(&self) -> Option<Duration> {
        read(&self.tls)
    }

    /// The connection that was begun then stands.
    fn connected(&self, begun: Instant) {
        note(&self.connect, begun.elapsed());
        if let Some(handshake) = read(&self.handshake) {
            note(&self.tls, self.made.elapsed().saturating_sub(handshake));
        }
    }
}

/// A name was looked up for the request whose task this is.
pub(super) fn looked_up(time: Duration) {
    let _ = CLOCK.try_with(|clock| note(&clock.dns, time));
}

/// A handshake begins for the request whose task this is: with the server, or before that with a proxy.
pub(super) fn handshake_begins() {
    let _ = CLOCK.try_with(|clock| note(&clock.handshake, clock.made.elapsed()));
}

fn note(place: &AtomicU64, time: Duration) {
    place.store(u64::try_from(time.as_micros()).unwrap_or(u64::MAX - 1).saturating_add(1), Relaxed);
}

fn read(place: &AtomicU64) -> Option<Duration> {
    place.load(Relaxed).checked_sub(1).map(Duration::from_micros)
}

/// Times the connector.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timing;

#[derive(Debug, Clone)]
pub(super) struct Timed<S>(S);

impl<S> Layer<S> for Timing {
    type Service = Timed<S>;

    fn layer(&self, inner: S) -> Timed<S> {
        Timed(inner)
    }
}

impl<S, R> Service<R> for Timed<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<S::Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let start = Instant::now();
        let connecting = self.0.call(request);
        Box::pin(async move {
            let connected = connecting.await;
            if connected.is_ok() {
                let _ = CLOCK.try_with(|clock| clock.connected(start));
            }
            connected
        })
    }
}
