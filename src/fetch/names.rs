//! Looking up host names, and remembering the answers for a while.

use super::failure::is_shortage;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs, UdpSocket};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// How long an answer is used. The system's resolver does not tell how long it holds.
const FRESH: Duration = Duration::from_mins(1);

/// How long a name that could not be looked up is not looked up again.
const FAILED: Duration = Duration::from_secs(2);

/// How many names are remembered; beyond it, those too old are forgotten, or else all.
const MAX_NAMES: usize = 20_000;

type Answer = Result<Vec<SocketAddr>, NoAnswer>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// The resolver's words.
    Said(String),
    /// There was no file descriptor to ask with, whatever the resolver made of that.
    NoDescriptor,
}

/// Looks a name up: [`look_up`], or in tests what plays its part.
pub(super) type LookUp = fn(String) -> BoxFuture<'static, Answer>;

/// The names of one client. Requests that want the same name at the same time share one look-up.
#[derive(Debug)]
pub(super) struct Names {
    look_up: LookUp,
    known: Mutex<HashMap<String, Arc<Entry>>>,
}

#[derive(Debug)]
struct Entry {
    asked: Instant,
    /// Kept while nobody waits for it: a look-up that has begun cannot be given up, and another one of the name would come no sooner.
    answer: Shared<BoxFuture<'static, Answer>>,
}

impl Names {
    pub(super) fn new() -> Self {
        Self::by(|host| Box::pin(look_up(host)))
    }

    pub(super) fn by(look_up: LookUp) -> Self {
        Self { look_up, known: Mutex::default() }
    }

    /// All addresses of the name, not checked, with port 0; or why there are none.
    pub(super) async fn addresses(&self, host: &str) -> Answer {
        let answer = self.entry(host).answer.clone();
        answer.await
    }

    fn entry(&self, host: &str) -> Arc<Entry> {
        let now = Instant::now();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = known.get(host).filter(|entry| entry.is_fresh(now)) {
            return Arc::clone(entry);
        }
        if known.len() >= MAX_NAMES {
            known.retain(|_, entry| entry.is_fresh(now));
            if known.len() >= MAX_NAMES {
                known.clear();
            }
        }
        let entry = Arc::new(Entry { asked: now, answer: (self.look_up)(host.to_owned()).shared() });
        known.insert(host.to_owned(), Arc::clone(&entry));
        entry
    }
}

impl Entry {
    fn is_fresh(&self, now: Instant) -> bool {
        let lasts = match self.answer.peek() {
            Some(Err(NoAnswer::NoDescriptor)) => Duration::ZERO,
            Some(Err(NoAnswer::Said(_))) => FAILED,
            _ => FRESH,
        };
        now - self.asked < lasts
    }
}

/// The resolver's call blocks a thread and cannot be given up, so there are never more of them than may be spared: a resolver that hangs must
/// not take all threads.
const AT_ONCE: usize = 128;
static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

/// Asks the system's resolver, in a task of its own: a turn that came to somebody who does not wait any more would be nobody's.
async fn look_up(host: String) -> Answer {
    tokio::spawn(ask(host)).await.map_err(|error| NoAnswer::Said(error.to_string()))?
}

async fn ask(host: String) -> Answer {
    let turn = TURNS.acquire().await.map_err(|error| NoAnswer::Said(error.to_string()))?;
    let asked = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let found = (host.as_str(), 0).to_socket_addrs().map(Iterator::collect);
        // The resolver may well say that there is no such name. Only another attempt to get a descriptor tells.
        found.map_err(
            |error| if lacks_descriptors() { NoAnswer::NoDescriptor } else { NoAnswer::Said(error.to_string()) },
        )
    });
    asked.await.map_err(|error| NoAnswer::Said(error.to_string()))?
}

fn lacks_descriptors() -> bool {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).is_err_and(|error| is_shortage(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn a_name_is_looked_up_once() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let names = Names::by(|host| {
            ASKED.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move {
                tokio::time::sleep(Duration::from_millis(10)).await;
                if host == "bad.test" {
                    Err(NoAnswer::Said("no".to_owned()))
                } else {
                    Ok(vec![SocketAddr::from(([8, 8, 8, 8], 0))])
                }
            })
        });
        for host in ["good.test", "bad.test"] {
            let (one, two) = tokio::join!(names.addresses(host), names.addresses(host));
            assert_eq!(one, two);
            assert_eq!(names.addresses(host).await, one);
        }
        assert_eq!(ASKED.load(Ordering::Relaxed), 2);
    }

    /// Requests come and give up while the resolver takes its time: it is asked once all the same, and its answer is of use to those that
    /// come later.
    #[tokio::test]
    async fn who_gives_up_does_not_have_the_name_looked_up_again() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let names = Names::by(|_| {
            ASKED.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move {
                tokio::time::sleep(Duration::from_millis(200)).await;
                Ok(Vec::new())
            })
        });
        for _ in 0..5 {
            let waits = tokio::time::timeout(Duration::from_millis(20), names.addresses("slow.test"));
            assert!(waits.await.is_err());
        }
        assert_eq!(names.addresses("slow.test").await, Ok(Vec::new()));
        assert_eq!(ASKED.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn who_gives_up_in_the_line_takes_no_turn() {
        let names = Names::new();
        let all = TURNS.acquire_many(u32::try_from(AT_ONCE).unwrap()).await.unwrap();
        let waits = tokio::time::timeout(Duration::from_millis(20), names.addresses("localhost"));
        assert!(waits.await.is_err());
        drop(all);
        let back = tokio::time::timeout(Duration::from_secs(5), TURNS.acquire_many(u32::try_from(AT_ONCE).unwrap()));
        assert!(back.await.is_ok(), "a turn is lost");
    }

    #[tokio::test]
    async fn names_are_bounded() {
        let names = Names::by(|_| Box::pin(std::future::ready(Ok(Vec::new()))));
        for i in 0..MAX_NAMES + 10 {
            names.entry(&i.to_string());
        }
        assert!(names.known.lock().unwrap().len() <= MAX_NAMES);
    }
}
