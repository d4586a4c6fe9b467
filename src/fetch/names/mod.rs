//! Looking up host names, and remembering the answers for a while: [`look_up`] is one, [`Names`] are those of a client.

mod look_up;

pub(crate) use look_up::NoAnswer;

use look_up::{Answer, LookUp, Resolver, TURNS, Waiter, ask_system};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long an old answer may take the place of one that does not come, and how long that is waited for.
const STALE: Duration = Duration::from_hours(1);
const LATE: Duration = Duration::from_secs(1);

/// How many names are remembered; beyond it, those too old are forgotten, or else all that nobody waits for.
const MAX_NAMES: usize = 20_000;

/// Why a request would only wait for the look-up of its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum HoldUp {
    /// So many look-ups are under way that it has not begun.
    Line,
    /// It takes longer already than a connection may.
    Hung,
}

/// The names of one client. Requests that want the same name at the same time share one look-up.
#[derive(Debug)]
pub(crate) struct Names {
    resolver: Resolver,
    turns: Arc<Semaphore>,
    known: Mutex<HashMap<String, Arc<LookUp>>>,
}

impl Names {
    /// Asks the system's resolver, which all clients ask together.
    pub(crate) fn system() -> Self {
        Self { resolver: ask_system, turns: Arc::clone(&TURNS), known: Mutex::default() }
    }

    #[cfg(test)]
    pub(crate) fn by(resolver: Resolver) -> Self {
        Self { resolver, turns: look_up::turns(), known: Mutex::default() }
    }

    /// All addresses of the name, not checked, with port 0; or why there are none.
    pub(super) async fn addresses(&self, host: &str) -> Answer {
        loop {
            let look_up = self.wait(host);
            let patience = if look_up.before.is_some() { LATE } else { Duration::MAX };
            let end = tokio::time::timeout(patience, look_up.end.wait()).await;
            let answer = end.ok().and_then(|end| end.answer.clone());
            match (&look_up.before, answer) {
                (Some((found, _)), None) => return Ok(found.clone()),
                (Some((found, _)), Some(Err(why))) if why.is_passing() => return Ok(found.clone()),
                (_, Some(answer)) => return answer,
                (None, None) => {}
            }
        }
    }

    /// What a request to this host would wait for. A look-up hangs when it takes longer than `patience`.
    pub(super) fn hold_up(&self, host: &str, patience: Duration) -> Option<HoldUp> {
        let is_full = self.turns.available_permits() == 0;
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(look_up) = known.get(host) else { return is_full.then_some(HoldUp::Line) };
        if look_up.before.is_some() {
            return None;
        }
        match (look_up.end.get(), look_up.begun.get()) {
            (Some(end), _) if end.is_fresh() || matches!(end.answer, Some(Ok(_))) => None,
            (None, Some(begun)) => (begun.elapsed() >= patience).then_some(HoldUp::Hung),
            _ => is_full.then_some(HoldUp::Line),
        }
    }

    /// Waits until a request to this host can be sent, or hangs: for `patience` where the look-up hangs already.
    pub(super) async fn pass(&self, host: &str, hold_up: HoldUp, patience: Duration) {
        let look_up = self.wait(host);
        match hold_up {
            HoldUp::Line => {
                tokio::select! {
                    _ = look_up.begun.wait() => {}
                    _ = look_up.end.wait() => {}
                }
            }
            HoldUp::Hung => {
                let _ = tokio::time::timeout(patience, look_up.end.wait()).await;
            }
        }
    }

    /// Waits for the look-up of the name from now on, which is begun where there is none that is fresh.
    fn wait(&self, host: &str) -> Waiter {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let old = known.get(host);
        if let Some(look_up) = old.filter(|look_up| look_up.is_fresh()) {
            return Waiter::of(look_up);
        }
        let before = old.and_then(|old| old.newest()).filter(|(_, at)| at.elapsed() < STALE);
        if known.len() >= MAX_NAMES {
            known.retain(|_, look_up| look_up.is_fresh());
            if known.len() >= MAX_NAMES {
                known.retain(|_, look_up| look_up.is_wanted());
            }
        }
        let look_up = Arc::new(LookUp { before, ..LookUp::default() });
        known.insert(host.to_owned(), Arc::clone(&look_up));
        let waiter = Waiter::of(&look_up);
        // In a task of its own: a turn that came to somebody who does not wait any more would be nobody's.
        tokio::spawn(look_up.run(host.to_owned(), self.resolver, Arc::clone(&self.turns)));
        waiter
    }
}

#[cfg(test)]
mod tests {
    use super::look_up::{AT_ONCE, End, FRESH};
    use super::*;
    use std::net::SocketAddr;
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering::SeqCst;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::Instant;
    use tokio::sync::SetOnce;

    #[tokio::test]
    async fn a_name_is_looked_up_once() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let names = Names::by(|host| {
            ASKED.fetch_add(1, Ordering::Relaxed);
            thread::sleep(Duration::from_millis(10));
            if host == "bad.test" {
                Err(NoAnswer::Said("no".to_owned()))
            } else {
                Ok(vec![SocketAddr::from(([8, 8, 8, 8], 0))])
            }
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
            thread::sleep(Duration::from_millis(200));
            Ok(Vec::new())
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
        let names = Names::by(|_| Ok(Vec::new()));
        let every = u32::try_from(AT_ONCE).unwrap();
        let all = names.turns.acquire_many(every).await.unwrap();
        let waits = tokio::time::timeout(Duration::from_millis(20), names.addresses("localhost"));
        assert!(waits.await.is_err());
        drop(all);
        let back = tokio::time::timeout(Duration::from_secs(5), names.turns.acquire_many(every));
        assert!(back.await.is_ok(), "a turn is lost");
    }

    #[tokio::test]
    async fn names_are_bounded() {
        let names = Names::by(|_| Ok(Vec::new()));
        for i in 0..MAX_NAMES + 10 {
            drop(names.wait(&i.to_string()));
        }
        assert!(names.known.lock().unwrap().len() <= MAX_NAMES);
    }

    /// An outage of the resolver: what was known before is used, what was not is not.
    #[tokio::test]
    async fn an_old_answer_goes_on_where_no_new_one_comes() {
        static IS_OUT: AtomicBool = AtomicBool::new(false);
        static IS_GONE: AtomicBool = AtomicBool::new(false);
        let names = Names::by(|_| {
            if IS_GONE.load(SeqCst) {
                return Err(NoAnswer::Said("Name or service not known".to_owned()));
            }
            if IS_OUT.load(SeqCst) {
                thread::sleep(Duration::from_millis(1500));
                return Err(NoAnswer::Said("Temporary failure in name resolution".to_owned()));
            }
            Ok(vec![SocketAddr::from(([8, 8, 8, 8], 0))])
        });
        let found = names.addresses("a.test").await.unwrap();
        let age = |names: &Names| {
            let mut known = names.known.lock().unwrap();
            let old = known.remove("a.test").unwrap();
            let (answer, at) = (old.end.get().unwrap().answer.clone(), Instant::now().checked_sub(FRESH).unwrap());
            let end = SetOnce::new_with(Some(End { answer, at, took: Duration::ZERO }));
            known
                .insert("a.test".to_owned(), Arc::new(LookUp { end, before: old.before.clone(), ..LookUp::default() }));
        };
        age(&names);
        IS_OUT.store(true, SeqCst);
        // While the resolver hangs, and when it says that it could not tell.
        for wait in [Duration::ZERO, Duration::from_secs(1)] {
            tokio::time::sleep(wait).await;
            assert_eq!(names.addresses("a.test").await.as_ref(), Ok(&found));
            assert_eq!(names.hold_up("a.test", Duration::ZERO), None);
        }
        assert!(names.addresses("b.test").await.is_err());
        age(&names);
        IS_GONE.store(true, SeqCst);
        assert!(names.addresses("a.test").await.is_err(), "there is no such name any more");
    }

    /// A list of thousands of names that hang, and a healthy one after every tenth of them. A second is a hundredth of one here.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn names_that_hang_are_in_nobodys_way() {
        const CONNECT: Duration = Duration::from_millis(50);
        let names = Arc::new(Names::by(|host| {
            if host.starts_with("dead") {
                thread::sleep(Duration::from_millis(300));
                return Err(NoAnswer::Said("Temporary failure in name resolution".to_owned()));
            }
            Ok(Vec::new())
        }));
        let list: Arc<Vec<String>> =
            Arc::new((0..5000).map(|i| format!("{}{i}.test", if i % 10 == 9 { "good" } else { "dead" })).collect());
        let next = Arc::new(AtomicUsize::new(0));
        let pages: Vec<_> = (0..64)
            .map(|_| {
                let (names, list, next) = (Arc::clone(&names), Arc::clone(&list), Arc::clone(&next));
                tokio::spawn(async move {
                    let mut good = 0;
                    while let Some(host) = list.get(next.fetch_add(1, Ordering::Relaxed)) {
                        while let Some(HoldUp::Line) = names.hold_up(host, CONNECT) {
                            names.pass(host, HoldUp::Line, CONNECT).await;
                        }
                        let answer = tokio::time::timeout(CONNECT, names.addresses(host)).await;
                        good += usize::from(answer == Ok(Ok(Vec::new())));
                    }
                    good
                })
            })
            .collect();
        let mut good = 0;
        for page in pages {
            good += page.await.unwrap();
        }
        // All, but for what a busy machine may make late; without a line of their own, it was 14 of 500.
        assert!(good > 450, "{good} of 500");
        // Those that nobody waits for any more are not looked up.
        let later = Instant::now();
        names.addresses("good.test").await.unwrap();
        assert!(later.elapsed() < Duration::from_secs(1), "{:?}", later.elapsed());
    }
}
