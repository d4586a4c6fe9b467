//! Rust futures, as UniFFI hands them out, and their wake-ups.
//!
//! Nothing here needs the GIL, except where it says so.

use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::mem::transmute;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::buffer::{CallStatus, RustBuffer, Word};
use crate::class::contain;
use crate::object::Ref;
use crate::types::Ffi;
use crate::{gate, pending};

/// What a continuation is told when the result can be fetched. Otherwise the future is to be polled again.
const READY: i8 = 0;

/// Polled, and nothing happened since.
const IDLE: u8 = 0;
/// To be polled again.
const WOKEN: u8 = 1;
/// The result can be fetched.
const FINISHED: u8 = 2;
/// Polled, and the waiter is to be told when something happens.
const WATCHED: u8 = 3;

type Continuation = extern "C" fn(u64, i8);
type Poll = unsafe extern "C" fn(u64, Continuation, u64);
type Free = unsafe extern "C" fn(u64);

/// The functions that drive the futures of one result type.
pub(crate) struct FutureSymbols {
    poll: Poll,
    complete: *const c_void,
    free: Free,
    /// The type of what `complete` returns.
    result: Option<Ffi>,
}

/// What a finished future came to.
pub(crate) struct Outcome {
    pub(crate) words: [Word; 3],
    pub(crate) status: CallStatus,
}

impl FutureSymbols {
    /// # Safety
    ///
    /// The addresses must be those of a UniFFI library's `rust_future_poll_*`, `_complete_*` and `_free_*` for results
    /// that travel as `result`, and the library must stay loaded.
    pub(crate) unsafe fn new(
        poll: *const c_void,
        complete: *const c_void,
        free: *const c_void,
        result: Option<Ffi>,
    ) -> Self {
        // SAFETY: as the caller promises.
        unsafe {
            let poll = transmute::<*const c_void, Poll>(poll);
            let free = transmute::<*const c_void, Free>(free);
            Self { poll, complete, free, result }
        }
    }

    /// Polls a future. When it is ready, fetches the result and frees the future.
    ///
    /// # Safety
    ///
    /// The handle must be a future of this type that wasn't freed, and that nobody else polls or frees meanwhile.
    pub(crate) unsafe fn advance(&self, handle: u64, wake: &Arc<Wake>) -> Option<Outcome> {
        wake.state.store(IDLE, Ordering::Relaxed);
        let data = Arc::into_raw(Arc::clone(wake)).expose_provenance() as u64;
        // SAFETY: as the caller promises. The continuation is called once, so it gets its own reference.
        unsafe { (self.poll)(handle, woken, data) };
        if wake.state.load(Ordering::Acquire) != FINISHED {
            return None;
        }
        let mut status = CallStatus::NEW;
        // SAFETY: as the caller promises; the future is ready.
        let words = unsafe { self.complete(handle, &raw mut status) };
        // SAFETY: as the caller promises.
        unsafe { self.free(handle) };
        Some(Outcome { words, status })
    }

    /// Drops a future, whether it is finished or not.
    ///
    /// # Safety
    ///
    /// As for `advance`; the handle is of no use any more.
    pub(crate) unsafe fn free(&self, handle: u64) {
        // SAFETY: as the caller promises.
        unsafe { (self.free)(handle) };
    }

    /// # Safety
    ///
    /// As for `advance`, and the future must be ready.
    unsafe fn complete(&self, handle: u64, status: *mut CallStatus) -> [Word; 3] {
        macro_rules! call {
            ($result:ty) => {{
                type Complete = unsafe extern "C" fn(u64, *mut CallStatus) -> $result;
                // SAFETY: `complete` has this signature, as was promised at its making; the rest as the caller promises.
                unsafe { transmute::<*const c_void, Complete>(self.complete)(handle, status) }
            }};
        }
        let word = match self.result {
            None => {
                call!(());
                0
            }
            Some(Ffi::U8) => call!(u8).into(),
            Some(Ffi::I8) => call!(i8).cast_unsigned().into(),
            Some(Ffi::U16) => call!(u16).into(),
            Some(Ffi::I16) => call!(i16).cast_unsigned().into(),
            Some(Ffi::U32) => call!(u32).into(),
            Some(Ffi::I32) => call!(i32).cast_unsigned().into(),
            Some(Ffi::U64) => call!(u64),
            Some(Ffi::I64) => call!(i64).cast_unsigned(),
            Some(Ffi::F32) => call!(f32).to_bits().into(),
            Some(Ffi::F64) => call!(f64).to_bits(),
            Some(Ffi::Buffer | Ffi::Bytes) => return call!(RustBuffer).to_words(),
        };
        [word, 0, 0]
    }
}

/// Where a future's wake-ups arrive, from whatever thread.
pub(crate) struct Wake {
    state: AtomicU8,
    /// Whom to tell. The GIL guards it; only whoever changes it from some to none has to be careful about what that
    /// runs. It is none when this is dropped.
    waiter: UnsafeCell<Option<Waiter>>,
}

/// What the last future that was ready at once left: futures that are need no allocation then.
static SPARE: Spare = Spare(UnsafeCell::new(None));

struct Spare(UnsafeCell<Option<Arc<Wake>>>);

// SAFETY: used with the GIL held only.
unsafe impl Sync for Spare {}

/// An event loop, and its future to be set.
pub(crate) struct Waiter {
    pub(crate) event_loop: Ref,
    pub(crate) future: Ref,
}

// SAFETY: the waiter is used with the GIL held only, and is none when the last reference is dropped without it.
unsafe impl Send for Wake {}
// SAFETY: as above.
unsafe impl Sync for Wake {}

impl Wake {
    /// The GIL must be held.
    pub(crate) fn new() -> Arc<Self> {
        // SAFETY: the GIL is held, and nothing runs in between.
        let spare = unsafe { (*SPARE.0.get()).take() };
        spare.unwrap_or_else(|| Arc::new(Self { state: AtomicU8::new(IDLE), waiter: UnsafeCell::new(None) }))
    }

    /// Keeps it for the next future, unless it may still be woken. The GIL must be held.
    pub(crate) fn recycle(mut self: Arc<Self>) {
        if Arc::get_mut(&mut self).is_some() {
            // SAFETY: as above. What is dropped owns nothing of Python's.
            unsafe { *SPARE.0.get() = Some(self) };
        }
    }

    /// Whether nothing happened since the last poll, so that there is no use in polling again. It would have the future
    /// call the continuation of the last poll, as that of another poll takes its place.
    pub(crate) fn is_asleep(&self) -> bool {
        matches!(self.state.load(Ordering::Acquire), IDLE | WATCHED)
    }

    /// Has `waiter` told of the next wake-up. False when there was one since the last poll: then nobody is told. The GIL
    /// must be held.
    pub(crate) fn watch(&self, waiter: Waiter) -> bool {
        // SAFETY: the GIL is held, and nothing runs in between.
        let previous = unsafe { (*self.waiter.get()).replace(waiter) };
        let watched = match self.state.compare_exchange(IDLE, WATCHED, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) | Err(WATCHED) => true,
            Err(_) => {
                self.forget();
                false
            }
        };
        drop(previous);
        watched
    }

    /// Takes the waiter away. The GIL must be held; dropping what this returns may run Python code.
    pub(crate) fn forget(&self) -> Option<Waiter> {
        // A wake-up from now on needs nobody.
        let _ = self.state.compare_exchange(WATCHED, IDLE, Ordering::AcqRel, Ordering::Relaxed);
        // SAFETY: the GIL is held, and nothing runs in between.
        unsafe { (*self.waiter.get()).take() }
    }
}

/// The continuation: called once for each poll, from within it or later, and from any thread.
extern "C" fn woken(data: u64, code: i8) {
    contain((), || {
        // SAFETY: what `advance` passed, which is a reference of its own.
        let wake = unsafe { Arc::from_raw(std::ptr::with_exposed_provenance::<Wake>(data as usize)) };
        let state = if code == READY { FINISHED } else { WOKEN };
        if wake.state.swap(state, Ordering::AcqRel) == WATCHED {
            // It may have been closed while this thread waited for the GIL.
            gate::enter(|| wake.forget().map(pending::tell));
        }
    });
}
