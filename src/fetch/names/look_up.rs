//! One look-up of a name: in the line, under way, and what came of it.

use crate::fetch::failure::is_shortage;
use crate::fetch::guard::is_passing;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs, UdpSocket};
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SetOnce};

/// How long an answer is used. The system's resolver does not tell how long it holds.
pub(super) const FRESH: Duration = Duration::from_mins(1);

/// How long a name that could not be looked up is not looked up again; longer where it took the resolver longer to say so.
const FAILED: Duration = Duration::from_secs(2);

pub(crate) type Answer = Result<Vec<SocketAddr>, NoAnswer>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// The resolver's words.
    Said(String),
    /// There was no file descriptor to ask with, whatever the resolver made of that.
    NoDescriptor,
}

/// Looks a name up, on a thread that may be blocked: [`ask_system`], or in tests what plays its part.
pub(crate) type Resolver = fn(&str) -> Answer;

#[derive(Debug, Default)]
pub(super) struct LookUp {
    /// How many wait for it. One that has begun goes on without: it cannot be given up, and another one of the name would come no sooner.
    pub waiting: AtomicUsize,
    pub begun: SetOnce<Instant>,
    pub end: SetOnce<End>,
    /// What was found before, and when.
    pub before: Option<(Vec<SocketAddr>, Instant)>,
}

#[derive(Debug)]
pub(super) struct End {
    /// None where the resolver was not asked: when it was this name's turn, nobody waited for it any more.
    pub answer: Option<Answer>,
    pub at: Instant,
    pub took: Duration,
}

/// Somebody who waits for a look-up.
pub(super) struct Waiter(Arc<LookUp>);

impl LookUp {
    pub(super) async fn run(self: Arc<Self>, host: String, resolver: Resolver, turns: Arc<Semaphore>) {
        let Ok(turn) = turns.acquire_owned().await else { unreachable!("nobody closes it") };
        let begun = Instant::now();
        let answer = if self.is_wanted() {
            let _ = self.begun.set(begun);
            let asked = tokio::task::spawn_blocking(move || {
                let _turn = turn;
                resolver(&host)
            });
            Some(asked.await.unwrap_or_else(|error| Err(NoAnswer::Said(error.to_string()))))
        } else {
            None
        };
        let _ = self.end.set(End { answer, at: Instant::now(), took: begun.elapsed() });
    }

    /// Somebody waits for it.
    pub(super) fn is_wanted(&self) -> bool {
        self.waiting.load(SeqCst) > 0
    }

    pub(super) fn is_fresh(&self) -> bool {
        self.end.get().is_none_or(End::is_fresh)
    }

    /// What was found last, if that is no matter of the past.
    pub(super) fn newest(&self) -> Option<(Vec<SocketAddr>, Instant)> {
        match self.end.get().map(|end| (&end.answer, end.at)) {
            Some((Some(Ok(found)), at)) => Some((found.clone(), at)),
            Some((Some(Err(why)), _)) if !why.is_passing() => None,
            _ => self.before.clone(),
        }
    }
}

impl End {
    pub(super) fn is_fresh(&self) -> bool {
        let lasts = match &self.answer {
            Some(Ok(_)) => FRESH,
            Some(Err(NoAnswer::Said(_))) => self.took.clamp(FAILED, FRESH),
            Some(Err(NoAnswer::NoDescriptor)) | None => Duration::ZERO,
        };
        self.at.elapsed() < lasts
    }
}

impl NoAnswer {
    /// It says nothing about the name.
    pub(super) fn is_passing(&self) -> bool {
        matches!(self, Self::Said(reason) if is_passing(reason))
    }
}

impl Waiter {
    pub(super) fn of(look_up: &Arc<LookUp>) -> Self {
        look_up.waiting.fetch_add(1, SeqCst);
        Self(Arc::clone(look_up))
    }
}

impl Deref for Waiter {
    type Target = LookUp;

    fn deref(&self) -> &LookUp {
        &self.0
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, SeqCst);
    }
}

/// The resolver's call blocks a thread and cannot be given up, so there are never more of them than may be spared: a resolver that hangs must
/// not take all threads.
pub(super) const AT_ONCE: usize = 256;
pub(super) static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(turns);

pub(super) fn turns() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(AT_ONCE))
}

/// Asks the system's resolver.
pub(super) fn ask_system(host: &str) -> Answer {
    let found = (host, 0).to_socket_addrs().map(Iterator::collect);
    // The resolver may well say that there is no such name. Only another attempt to get a descriptor tells.
    found.map_err(|error| if lacks_descriptors() { NoAnswer::NoDescriptor } else { NoAnswer::Said(error.to_string()) })
}

fn lacks_descriptors() -> bool {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).is_err_and(|error| is_shortage(&error))
}
