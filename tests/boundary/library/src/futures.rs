//! Async functions.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use crate::errors::CaseError;
use crate::live::{Kind, Live};
use crate::objects::Counter;
use crate::records::Page;

/// Ready when a thread of its own has slept.
pub struct Sleep {
    milliseconds: u64,
    state: Option<Arc<Mutex<SleepState>>>,
}

#[derive(Default)]
struct SleepState {
    over: bool,
    waker: Option<Waker>,
}

impl Sleep {
    pub fn new(milliseconds: u64) -> Self {
        Self { milliseconds, state: None }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let milliseconds = self.milliseconds;
        let state = self.state.get_or_insert_with(|| {
            let state = Arc::new(Mutex::new(SleepState::default()));
            let shared = Arc::clone(&state);
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(milliseconds));
                let mut state = shared.lock().unwrap();
                state.over = true;
                let waker = state.waker.take();
                drop(state);
                if let Some(waker) = waker {
                    waker.wake();
                }
            });
            state
        });
        let mut state = state.lock().unwrap();
        if state.over {
            return Poll::Ready(());
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

/// Ready after so many polls.
pub struct Yield(u32);

impl Yield {
    pub fn new(times: u32) -> Self {
        Self(times)
    }
}

impl Future for Yield {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0 == 0 {
            return Poll::Ready(());
        }
        self.0 -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Polls a future on this thread until it is ready.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(thread::Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Arc::new(Unpark(thread::current())).into();
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        thread::park();
    }
}

/// Ready at once.
#[uniffi::export]
pub async fn ready(value: i64) -> i64 {
    value
}

/// Ready at once, with nothing.
#[uniffi::export]
pub async fn ready_with_nothing() {}

/// Ready when a thread has slept.
#[uniffi::export(default(text = "done"))]
pub async fn after(milliseconds: u64, text: String) -> String {
    let _live = Live::new(Kind::Future);
    Sleep::new(milliseconds).await;
    text
}

/// Ready after so many polls, each of which asks for the next.
#[uniffi::export]
pub async fn after_polls(times: u32) -> u32 {
    let _live = Live::new(Kind::Future);
    Yield::new(times).await;
    times
}

/// Never ready.
#[uniffi::export]
pub async fn never() {
    let _live = Live::new(Kind::Future);
    std::future::pending().await
}

/// Never ready, and holds what it is given.
#[uniffi::export]
pub async fn hold_for_ever(counter: Arc<Counter>) -> i64 {
    let _live = Live::new(Kind::Future);
    std::future::pending::<()>().await;
    counter.value()
}

/// Wakes very often from many threads, also when it is over.
#[uniffi::export]
pub async fn wake_wildly(threads: u32, wakes: u32) -> u64 {
    let woken = Arc::new(AtomicU64::new(0));
    for _ in 0..threads {
        let woken = Arc::clone(&woken);
        let waker = std::future::poll_fn(|context| Poll::Ready(context.waker().clone())).await;
        thread::spawn(move || {
            for _ in 0..wakes {
                waker.wake_by_ref();
                woken.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    let goal = u64::from(threads) * u64::from(wakes) / 2;
    std::future::poll_fn(|context| {
        let now = woken.load(Ordering::SeqCst);
        if now >= goal {
            return Poll::Ready(now);
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// Fails later.
#[uniffi::export]
pub async fn fail_after(milliseconds: u64) -> Result<u8, CaseError> {
    if milliseconds > 0 {
        Sleep::new(milliseconds).await;
    }
    Err(CaseError::Missing("later".into()))
}

/// Panics later.
#[uniffi::export]
pub async fn panic_after(milliseconds: u64, text: String) -> u8 {
    if milliseconds > 0 {
        Sleep::new(milliseconds).await;
    }
    panic!("{text}")
}

/// Returns the page later.
#[uniffi::export]
pub async fn echo_page_later(page: Page, milliseconds: u64) -> Page {
    if milliseconds > 0 {
        Sleep::new(milliseconds).await;
    }
    page
}

/// Each type that a future may return by itself.
#[uniffi::export]
pub async fn u8_later(value: u8) -> u8 {
    Yield::new(1).await;
    value
}

#[uniffi::export]
pub async fn bool_later(value: bool) -> bool {
    Yield::new(1).await;
    value
}

#[uniffi::export]
pub async fn f32_later(value: f32) -> f32 {
    Yield::new(1).await;
    value
}

#[uniffi::export]
pub async fn f64_later(value: f64) -> f64 {
    Yield::new(1).await;
    value
}

#[uniffi::export]
pub async fn i16_later(value: i16) -> i16 {
    Yield::new(1).await;
    value
}

#[uniffi::export]
pub async fn counter_later(value: i64) -> Arc<Counter> {
    Yield::new(1).await;
    Counter::of(value)
}

/// Blocks this thread: no future at all.
#[uniffi::export]
pub fn sleep(milliseconds: u64) {
    thread::sleep(Duration::from_millis(milliseconds));
}
