//! Coming and going: which threads may enter Python, and leaving it while Rust works.
//!
//! Python can't be entered once its interpreter shuts down: a thread that tries is ended or hangs there, with whatever
//! it holds. So threads that Python doesn't know, or that left it, ask here first. [`close`] turns them away for good
//! and waits for those inside.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicU32, Ordering};
use std::time::Duration;

use crate::api;
use crate::errors::Aside;

/// How often [`close`] looks whether all threads have left before it gives up, and how long it pauses in between.
const PATIENCE: usize = 1000;
const PAUSE: Duration = Duration::from_millis(1);

static CLOSED: AtomicBool = AtomicBool::new(false);

/// How many threads entered and have not left. Below zero in a child that was forked from inside.
static INSIDE: AtomicIsize = AtomicIsize::new(0);

/// Whether a thread is making itself known to Python, or a fork is on its way: one waits for the other.
static JOINING: AtomicBool = AtomicBool::new(false);

/// How many forks lie between the first load and this process.
static FORKS: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// Whether this thread closed the gate: it runs the interpreter's shutdown, so it may still enter.
    static CLOSER: Cell<bool> = const { Cell::new(false) };
    /// The thread state with which this thread left Python, or null if it didn't.
    static LEFT: Cell<*mut c_void> = const { Cell::new(ptr::null_mut()) };
}

/// How a thread came to hold the GIL, which it lets go of when this is dropped.
enum Inside {
    /// It held it already.
    Before,
    /// It came back from where [`without_gil`] let it go.
    Back,
    /// It came from outside, and Python knew it; with this to be given back.
    Anew(c_int),
    /// It came from outside, and has this state while it is inside only.
    Joined(*mut c_void),
}

/// Runs `work` with the GIL, and away from what Python may be raising. None, and `work` isn't run, when Python is
/// shutting down (or gone) and nothing of it may be used.
#[inline]
pub(crate) fn enter<T>(work: impl FnOnce() -> T) -> Option<T> {
    let left = LEFT.get();
    // SAFETY: may be called at any time and on any thread.
    let own = if left.is_null() { unsafe { api::PyGILState_GetThisThreadState() } } else { left };
    // It may hold it even after leaving, when somebody else's callback brought it back.
    let _inside = if is_current(own) { Inside::Before } else { come(own, left)? };
    // SAFETY: the GIL is held. There is something raised when this comes from the freeing of an object.
    let _aside = unsafe { !api::PyErr_Occurred().is_null() }.then(Aside::new);
    Some(work())
}

#[inline]
fn come(own: *mut c_void, left: *mut c_void) -> Option<Inside> {
    if left.is_null() {
        return attach(own);
    }
    if CLOSED.load(Ordering::SeqCst) && !CLOSER.get() {
        return None;
    }
    // SAFETY: the state of this thread, which doesn't hold the GIL. No need to be waited for: what happens to threads of
    // Python's own at its end is up to Python.
    unsafe { api::PyEval_RestoreThread(left) };
    Some(Inside::Back)
}

/// Whether the thread state, which is the calling thread's or null, holds the GIL.
#[inline]
fn is_current(own: *mut c_void) -> bool {
    let current = api::PyThreadState_GetUnchecked().or_else(api::_PyThreadState_UncheckedGet);
    // SAFETY: may be called at any time and on any thread. Before 3.12 it tells of the whole process.
    !own.is_null() && current.is_some_and(|current| unsafe { current() } == own)
}

/// Takes the GIL on a thread that Python may not know.
fn attach(own: *mut c_void) -> Option<Inside> {
    // Counted before looking, as `close` closes before it looks at the count: one of the two sees the other.
    INSIDE.fetch_add(1, Ordering::SeqCst);
    let welcome = if CLOSER.get() {
        // As long as it has a thread state, for the interpreter is being taken down on this very thread.
        !own.is_null()
    } else {
        // SAFETY: may be called at any time.
        !CLOSED.load(Ordering::SeqCst) && unsafe { api::Py_IsInitialized() } != 0
    };
    if !welcome {
        INSIDE.fetch_sub(1, Ordering::SeqCst);
        return None;
    }
    if !own.is_null() {
        // SAFETY: the interpreter is up, and waits for this thread before it goes down.
        return Some(Inside::Anew(unsafe { api::PyGILState_Ensure() }));
    }
    let state = join();
    if state.is_null() {
        INSIDE.fetch_sub(1, Ordering::SeqCst);
        return None;
    }
    // SAFETY: as above. The state was made for this thread, which has no other.
    unsafe { api::PyEval_RestoreThread(state) };
    Some(Inside::Joined(state))
}

/// A state for a thread that Python doesn't know; null when there is no memory for it.
///
/// That changes CPython's list of threads, and needs no GIL: a thread that holds it may fork meanwhile. Before 3.12 the
/// child then waits for that list forever. (`PyGILState_Ensure` does the same, and can't be kept from it.)
fn join() -> *mut c_void {
    begin_to_join();
    // SAFETY: the interpreter is up, as the caller has seen.
    let state = unsafe { api::PyThreadState_New(api::PyInterpreterState_Main()) };
    end_to_join();
    state
}

/// Waits until no other thread joins or forks. Neither takes long.
#[inline(never)]
fn begin_to_join() {
    while JOINING.swap(true, Ordering::Acquire) {
        std::thread::yield_now();
    }
}

fn end_to_join() {
    JOINING.store(false, Ordering::Release);
}

impl Drop for Inside {
    #[inline]
    fn drop(&mut self) {
        match *self {
            Self::Before => {}
            Self::Back => {
                // SAFETY: the GIL is held. The state is the one that it was taken with.
                unsafe { api::PyEval_SaveThread() };
            }
            Self::Anew(state) => {
                // SAFETY: what `PyGILState_Ensure` returned on this thread.
                unsafe { api::PyGILState_Release(state) };
                INSIDE.fetch_sub(1, Ordering::SeqCst);
            }
            Self::Joined(state) => {
                // SAFETY: the GIL is held with this state, which nothing uses any more.
                unsafe {
                    api::PyThreadState_Clear(state);
                    api::PyThreadState_DeleteCurrent();
                }
                INSIDE.fetch_sub(1, Ordering::SeqCst);
            }
        }
    }
}

/// Runs `work` without the GIL, which this thread holds, or with it if it is to be kept. Nothing of Python may be used
/// in there.
#[inline]
pub(crate) fn without_gil<T>(keep: bool, work: impl FnOnce() -> T) -> T {
    let _outside = (!keep).then(Outside::new);
    work()
}

/// The GIL is released until this is dropped, also by a panic.
struct Outside {
    state: *mut c_void,
    /// What [`LEFT`] was before.
    before: *mut c_void,
}

impl Outside {
    #[inline]
    fn new() -> Self {
        // SAFETY: the GIL is held.
        let state = unsafe { api::PyEval_SaveThread() };
        Self { state, before: LEFT.replace(state) }
    }
}

impl Drop for Outside {
    #[inline]
    fn drop(&mut self) {
        LEFT.set(self.before);
        // SAFETY: what `PyEval_SaveThread` returned on this thread.
        unsafe { api::PyEval_RestoreThread(self.state) };
    }
}

/// Held while C code runs that may take the GIL, as all that runs Python code does. A thread that does so while the
/// interpreter shuts down (a daemon thread, or one that [`close`] didn't wait for any longer) is ended there by CPython
/// before 3.14, by unwinding its stack. Rust must not see that: frames in between may not be unwound, and what they
/// would drop needs the GIL. So the thread stays here instead, as it does in newer versions, until the process ends.
struct Stranded;

impl Drop for Stranded {
    #[inline]
    fn drop(&mut self) {
        /// By its ABI it doesn't unwind, which spares callers of callers the code for that.
        #[cold]
        #[inline(never)]
        extern "C" fn strand() -> ! {
            loop {
                std::thread::sleep(Duration::MAX);
            }
        }
        strand()
    }
}

/// Runs C code that may take the GIL: if it ends this thread, the thread stays there.
#[inline]
pub(crate) fn stay<T>(call: impl FnOnce() -> T) -> T {
    let stranded = Stranded;
    let result = call();
    std::mem::forget(stranded);
    result
}

/// Turns away all threads that don't hold the GIL now, and waits a while for those inside to leave. The calling thread
/// holds the GIL, and is the one that shuts the interpreter down.
pub(crate) fn close() {
    CLOSER.set(true);
    if CLOSED.swap(true, Ordering::SeqCst) {
        // Another module's hook has waited already.
        return;
    }
    without_gil(false, || {
        for _ in 0..PATIENCE {
            if INSIDE.load(Ordering::SeqCst) <= 0 {
                break;
            }
            std::thread::sleep(PAUSE);
        }
    });
}

/// Whether [`close`] was called, so that nobody comes in any more.
pub(crate) fn is_closed() -> bool {
    CLOSED.load(Ordering::SeqCst)
}

/// Whether this is the thread that closed it. Of Python's threads only daemons are left besides.
pub(crate) fn is_closer() -> bool {
    CLOSER.get()
}

/// Tells this process from those it was forked from.
pub(crate) fn forks() -> u32 {
    FORKS.load(Ordering::Relaxed)
}

/// Has forks noticed. Called once, at the first load.
pub(crate) fn watch_forks() {
    #[cfg(unix)]
    {
        unsafe extern "C" {
            fn pthread_atfork(
                prepare: Option<unsafe extern "C" fn()>,
                parent: Option<unsafe extern "C" fn()>,
                child: Option<unsafe extern "C" fn()>,
            ) -> c_int;
        }

        unsafe extern "C" fn forking() {
            begin_to_join();
        }

        unsafe extern "C" fn parent() {
            end_to_join();
        }

        /// Of all threads only the one that forked lives on in the child.
        unsafe extern "C" fn child() {
            end_to_join();
            FORKS.fetch_add(1, Ordering::Relaxed);
            INSIDE.store(0, Ordering::Relaxed);
        }

        // SAFETY: a function of the C library, and ones that do nothing but read and store numbers. Libraries with this
        // crate are never unloaded. Without memory for them forks are as they would be without this crate.
        unsafe { pthread_atfork(Some(forking), Some(parent), Some(child)) };
    }
}
