//! Response bodies: whole, streamed, paced, or stuck half way.

use std::convert::Infallible;
use std::future::Future;
use std::num::NonZeroU64;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

use crate::stats::InFlight;

/// The body of a response.
pub struct ReplyBody {
    source: Source,
    /// What is still to come, as announced in `content-length`; `None` sends the body in chunks.
    left: Option<u64>,
    pace: Option<Pace>,
    stalls: bool,
    /// Held until the body is done or given up, which is when the request is over.
    in_flight: Option<InFlight>,
}

enum Source {
    Whole(Bytes),
    Streamed(Box<dyn Iterator<Item = Bytes> + Send>),
}

impl ReplyBody {
    /// A body that is in memory.
    pub fn whole(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let length = bytes.len() as u64;
        Self::new(Source::Whole(bytes), Some(length))
    }

    /// A body that is made while it is sent; without `length` it goes out in chunks.
    pub fn streamed(chunks: impl Iterator<Item = Bytes> + Send + 'static, length: Option<u64>) -> Self {
        Self::new(Source::Streamed(Box::new(chunks)), length)
    }

    /// A body that sends `start`, announces `length` bytes and never goes on.
    pub fn stalling(start: Bytes, length: u64) -> Self {
        let mut body = Self::new(Source::Whole(start), Some(length));
        body.stalls = true;
        body
    }

    fn new(source: Source, left: Option<u64>) -> Self {
        Self { source, left, pace: None, stalls: false, in_flight: None }
    }

    /// Sends a whole body no faster than `rate` bytes a second.
    pub fn paced(mut self, rate: NonZeroU64) -> Self {
        self.pace = Some(Pace::new(rate));
        self
    }

    /// Keeps the request counted as in flight until the body is done.
    pub fn hold(&mut self, in_flight: InFlight) {
        self.in_flight = Some(in_flight);
    }

    fn next_chunk(&mut self) -> Option<Bytes> {
        let limit = self.pace.as_ref().map_or(usize::MAX, |pace| pace.step);
        match &mut self.source {
            Source::Whole(bytes) if bytes.is_empty() => None,
            Source::Whole(bytes) => Some(bytes.split_to(limit.min(bytes.len()))),
            Source::Streamed(chunks) => chunks.next(),
        }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let body = self.get_mut();
        if let Some(pace) = &mut body.pace {
            ready!(pace.poll(context));
        }
        match body.next_chunk() {
            Some(chunk) => {
                if let Some(left) = &mut body.left {
                    *left -= chunk.len() as u64;
                }
                Poll::Ready(Some(Ok(Frame::data(chunk))))
            }
            // Nobody will wake this up: the connection ends it when the client goes away.
            None if body.stalls => Poll::Pending,
            None => {
                body.in_flight = None;
                Poll::Ready(None)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map(SizeHint::with_exact).unwrap_or_default()
    }
}

/// Spreads a body over time in equal steps.
struct Pace {
    step: usize,
    every: Duration,
    timer: Pin<Box<Sleep>>,
}

impl Pace {
    fn new(rate: NonZeroU64) -> Self {
        const STEPS_PER_SECOND: u64 = 50;
        let rate = rate.get();
        let step = (rate / STEPS_PER_SECOND).max(1);
        Self {
            step: step as usize,
            every: Duration::from_secs_f64(step as f64 / rate as f64),
            timer: Box::pin(sleep(Duration::ZERO)),
        }
    }

    /// Ready when the next step is due. Late steps are made up for, so that the rate holds on average.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        ready!(self.timer.as_mut().poll(context));
        let due: Instant = self.timer.deadline() + self.every;
        self.timer.as_mut().reset(due);
        Poll::Ready(())
    }
}
