//! Our own multi-thread runtime, tasks that stop when nobody waits for them any more, and a bounded pool for
//! work that computes.
//!
//! Nothing runs on a foreign executor: an export only awaits a task of this runtime, so that parsing never
//! freezes an event loop.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::process;
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockWriteGuard};
use std::task::{Context, Poll};
use std::thread::available_parallelism;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// The runtime of one process: a forked child must not use its parent's, whose threads it does not have.
struct Owned {
    pid: u32,
    runtime: Runtime,
    compute: Arc<Semaphore>,
    /// The runtime of a child of this process.
    next: OnceLock<Box<Owned>>,
}

impl Owned {
    fn new() -> Self {
        Self { pid: process::id(), runtime: build(), compute: Arc::new(Semaphore::new(cores())), next: OnceLock::new() }
    }
}

/// The first process's runtime and, behind it, those of its forked children: a list that only grows, because nothing here may take a
/// lock that another thread could have held at the fork.
static FIRST: OnceLock<Owned> = OnceLock::new();

fn current() -> &'static Owned {
    let pid = process::id();
    let mut owned = FIRST.get_or_init(Owned::new);
    while owned.pid != pid {
        owned = owned.next.get_or_init(|| Box::new(Owned::new()));
    }
    owned
}

/// Closed while the process forks, open otherwise: a lock that is held at the fork stays held in the child for ever, so no
/// thread may be within code that takes one (the parser's table of names, the first reading of certificates).
static GATE: RwLock<()> = RwLock::new(());

thread_local! {
    /// The closed gate, and how often this thread has closed it: a package loaded twice asks twice.
    static FORKING: RefCell<(u32, Option<RwLockWriteGuard<'static, ()>>)> = const { RefCell::new((0, None)) };
}

/// Runs `work`, which a fork waits for.
pub(crate) fn gated<T>(work: impl FnOnce() -> T) -> T {
    let _open = GATE.read().unwrap_or_else(PoisonError::into_inner);
    work()
}

/// Waits until no thread is within gated work, and keeps all out until this thread calls [`resume`].
pub(crate) fn pause() {
    FORKING.with_borrow_mut(|(depth, closed)| {
        closed.get_or_insert_with(|| GATE.write().unwrap_or_else(PoisonError::into_inner));
        *depth += 1;
    });
}

/// Ends what [`pause`] began, in the parent and in the child.
pub(crate) fn resume() {
    FORKING.with_borrow_mut(|(depth, closed)| {
        *depth = depth.saturating_sub(1);
        if *depth == 0 {
            *closed = None;
        }
    });
}

/// Makes sure that the runtime is there, so that no fork meets it half made.
pub(crate) fn warm_up() {
    current();
}

fn cores() -> usize {
    available_parallelism().map_or(2, usize::from)
}

fn build() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(cores())
        .thread_name("sitelift")
        .enable_all()
        .build()
        .expect("the operating system refused to start the runtime's threads")
}

fn handle() -> Handle {
    current().runtime.handle().clone()
}

/// A task that is stopped when this handle is dropped.
pub(crate) struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T> Future for Task<T> {
    /// The task's value, or what its panic said.
    type Output = Result<T, String>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map(|end| {
            end.map_err(|error| match error.try_into_panic() {
                Ok(payload) => panic_text(payload.as_ref()),
                Err(_) => "the task was stopped".to_owned(),
            })
        })
    }
}

/// What a panic said.
pub(crate) fn panic_text(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a text".to_owned())
}

/// Starts `future` on the runtime.
pub(crate) fn spawn<F>(future: F) -> Task<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    Task(handle().spawn(future))
}

/// Runs `work` on a thread that may be busy for long; no more of them at once than the machine has cores.
pub(crate) async fn compute<T, F>(work: F) -> Result<T, String>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let turn = Arc::clone(&current().compute).acquire_owned().await;
    // The turn moves into the work: work that has begun cannot be stopped, and counts until it ends.
    Task(handle().spawn_blocking(move || {
        let _turn = turn;
        gated(work)
    }))
    .await
}

/// Runs `future` on the runtime and blocks this thread until it is done. Also works on a thread that belongs to
/// another tokio runtime, which it blocks.
pub(crate) fn block_on<F>(future: F) -> Result<F::Output, String>
where
    F: Future<Output: Send> + Send + 'static,
{
    let (send, receive) = std::sync::mpsc::sync_channel(1);
    let task = spawn(async move {
        let _ = send.send(future.await);
    });
    receive.recv().map_err(|_| {
        drop(task);
        "the task ended without a result".to_owned()
    })
}

/// Starts `future` on the runtime; it runs to its own end.
pub(crate) fn detach(future: impl Future<Output = ()> + Send + 'static) {
    handle().spawn(future);
}
