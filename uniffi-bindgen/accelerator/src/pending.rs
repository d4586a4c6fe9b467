//! `Pending`: a Rust future that was not ready at once.
//!
//! Python drives it: it polls, and when there is no result yet it has itself told of the next wake-up by setting a
//! future of its event loop.

use std::cell::{Cell, UnsafeCell};
use std::ffi::{c_int, c_void};
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::api::{self, MethodDef, Raw, TypeSlot};
use crate::buffer::SUCCESS;
use crate::class::{self, Class, Visit, call_method, contain};
use crate::entry::guard;
use crate::errors::raise;
use crate::function::{Function, raise_status};
pub(crate) use crate::future::FutureSymbols;
use crate::future::{Outcome, Waiter, Wake};
use crate::lift::lift;
use crate::object::{Object, Ref, Result, truth};
use crate::{gate, names};

static CLASS: Class = Class::new();

/// An instance of `Pending`.
#[repr(C)]
struct Pending {
    head: Object,
    /// None while it is being made or after it was closed.
    running: UnsafeCell<Option<Running>>,
}

/// A Rust future that isn't finished. The GIL guards it.
struct Running {
    function: &'static Function,
    symbols: &'static FutureSymbols,
    handle: u64,
    wake: Arc<Wake>,
    /// How many forks there had been when it was made.
    forks: u32,
    /// Somebody is polling it, maybe without the GIL.
    polled: Cell<bool>,
    /// To be freed by whoever polls it.
    doomed: Cell<bool>,
    /// Where the instance is in the list of those that run.
    place: Cell<usize>,
}

/// All instances that are running, for [`abandon`]. They remove themselves.
static RUNNING: Instances = Instances(UnsafeCell::new(Vec::new()));

struct Instances(UnsafeCell<Vec<Raw>>);

// SAFETY: used with the GIL held only.
unsafe impl Sync for Instances {}

/// Polls a future once. The result if it is ready at once, or a `Pending`.
///
/// # Safety
///
/// The handle must be a new future of an async function.
pub(crate) unsafe fn start(function: &'static Function, handle: u64) -> Result<Ref> {
    let Some(symbols) = &function.future else { return Err(raise!(PyExc_SystemError, c"not an async function")) };
    let wake = Wake::new();
    // SAFETY: as the caller promises; nobody else knows the future.
    if let Some(outcome) = gate::without_gil(function.keep_gil, || unsafe { symbols.advance(handle, &wake) }) {
        wake.recycle();
        return finish(function, outcome);
    }
    // SAFETY: the class is made at the first load.
    match check_open().and_then(|()| unsafe { CLASS.instantiate() }) {
        Ok(pending) => {
            let forks = gate::forks();
            let (polled, doomed, place) = Default::default();
            let running = Running { function, symbols, handle, wake, forks, polled, doomed, place };
            // SAFETY: the new instance has room for it, and nobody has seen it.
            unsafe { inner(&pending).write(Some(running)) };
            register(&pending);
            Ok(pending)
        }
        Err(raised) => {
            // SAFETY: nobody else knows the future.
            gate::without_gil(function.keep_gil, || unsafe { symbols.free(handle) });
            Err(raised)
        }
    }
}

/// `RuntimeError` once no thread can come in to wake anybody: to wait would be to hang. Daemon threads may; that is how
/// they end.
fn check_open() -> Result<()> {
    if gate::is_closed() && gate::is_closer() {
        return Err(raise!(PyExc_RuntimeError, c"the Python interpreter is shutting down"));
    }
    Ok(())
}

/// `RuntimeError` for a call that is closed. A daemon thread, whose call `abandon` closed, waits on in silence.
fn over(waiting: &Object) -> Result<Ref> {
    if gate::is_closed() && !gate::is_closer() {
        return Ok(waiting.own());
    }
    Err(raise!(PyExc_RuntimeError, c"the call is over: its result was fetched, or it was closed"))
}

/// What Python gets of a finished future.
fn finish(function: &Function, outcome: Outcome) -> Result<Ref> {
    let Outcome { words, status } = outcome;
    if status.code != SUCCESS {
        return Err(raise_status(function.library, function.throws, status.code, status.error));
    }
    match &function.result {
        Some(result) => lift(result, &words[..result.ffi.words()], function.library),
        None => Ok(Ref::none()),
    }
}

fn inner(pending: &Object) -> *mut Option<Running> {
    debug_assert!(CLASS.has(pending));
    // SAFETY: an instance of the class, which Python and `start` alone pass here.
    unsafe { (*ptr::from_ref(pending).cast::<Pending>()).running.get() }
}

/// The Rust future, while there is one. What this returns must not be kept while Python code runs or the GIL is released.
fn running(pending: &Object) -> Option<&Running> {
    // SAFETY: the GIL is held, and callers keep to the above.
    unsafe { (*inner(pending)).as_ref() }
}

/// Enters an instance in the list of those that run.
fn register(pending: &Object) {
    // SAFETY: the GIL is held, and nothing else runs meanwhile.
    let instances = unsafe { &mut *RUNNING.0.get() };
    if let Some(running) = running(pending) {
        running.place.set(instances.len());
        instances.push(pending.as_raw());
    }
}

/// Takes the Rust future out of an instance, and the instance out of the list.
fn retire(pending: &Object) -> Option<Running> {
    // SAFETY: the GIL is held, and nothing else runs meanwhile.
    let (instances, retired) = unsafe { (&mut *RUNNING.0.get(), (*inner(pending)).take()?) };
    instances.swap_remove(retired.place.get());
    if let Some(&moved) = instances.get(retired.place.get())
        // SAFETY: instances in the list are alive: they leave it before they are freed.
        && let Some(moved) = running(unsafe { Object::borrow(moved) })
    {
        moved.place.set(retired.place.get());
    }
    Some(retired)
}

fn poll(pending: &Object) -> Result<Ref> {
    let Some(running) = running(pending) else { return over(pending) };
    if running.polled.get() {
        return Err(raise!(PyExc_RuntimeError, c"the call is being polled already"));
    }
    if running.forks != gate::forks() {
        return Err(raise!(PyExc_RuntimeError, c"the call was made by the parent process and can't go on in a fork"));
    }
    if running.wake.is_asleep() {
        return Ok(pending.own());
    }
    running.polled.set(true);
    let (function, symbols, handle, wake) = (running.function, running.symbols, running.handle, running.wake.clone());
    drop(wake.forget());
    // SAFETY: the future is not freed, and as it is marked, nobody else polls or frees it.
    let outcome = gate::without_gil(function.keep_gil, || unsafe { symbols.advance(handle, &wake) });
    if let Some(outcome) = outcome {
        drop(retire(pending));
        return finish(function, outcome);
    }
    let Some(running) = self::running(pending) else { return over(pending) };
    running.polled.set(false);
    if running.doomed.get() {
        close(pending);
        return over(pending);
    }
    Ok(pending.own())
}

fn watch(pending: &Object, event_loop: &Object, future: &Object) -> Result<Ref> {
    check_open()?;
    match running(pending).map(|running| running.wake.clone()) {
        Some(wake) => {
            let watched = wake.watch(Waiter { event_loop: event_loop.own(), future: future.own() });
            Ok(if watched { api::_Py_FalseStruct() } else { api::_Py_TrueStruct() }.own())
        }
        None => over(api::_Py_FalseStruct()),
    }
}

/// Frees the Rust future, if there still is one.
fn close(pending: &Object) {
    let Some(running) = running(pending) else { return };
    // First, or freeing the future would tell it. It is dropped last: that may run Python code.
    let _waiter = running.wake.forget();
    if running.polled.get() {
        running.doomed.set(true);
    } else if let Some(Running { function, symbols, handle, forks, .. }) = retire(pending)
        // What the parent process started stays its own: its threads may have held locks that nobody opens here.
        && forks == gate::forks()
    {
        // SAFETY: the future was not freed, and as it is retired, nobody else polls or frees it.
        gate::without_gil(function.keep_gil, || unsafe { symbols.free(handle) });
    }
}

/// Tells an event loop that its future is to be polled again. The GIL must be held.
pub(crate) fn tell(waiter: Waiter) {
    let Waiter { event_loop, future } = waiter;
    // SAFETY: made with the class, and kept for good.
    let setter = unsafe { Object::borrow(SETTER.load(Ordering::Relaxed)) };
    if call_method(names::get().call_soon_threadsafe, [&event_loop, setter, &future]).is_err() {
        // The loop was closed: nobody waits any more.
        // SAFETY: an exception is set.
        unsafe { api::PyErr_Clear() };
    }
}

/// No thread that isn't in Python now may enter it any more, and all Rust futures are dropped.
pub(crate) fn abandon() {
    gate::close();
    // SAFETY: the GIL is held, and nothing else runs meanwhile. Instances in the list are alive.
    let instances: Vec<Ref> =
        unsafe { (*RUNNING.0.get()).iter().map(|&instance| Object::borrow(instance).own()).collect() };
    for pending in &instances {
        close(pending);
    }
}

/// The class, made at the first call.
pub(crate) fn new_type() -> Result<Ref> {
    if SETTER.load(Ordering::Relaxed).is_null() {
        // SAFETY: the definition is static.
        let setter = unsafe { Ref::steal(api::PyCFunction_NewEx(&raw const SET, ptr::null_mut(), ptr::null_mut())) }?;
        SETTER.store(setter.into_raw(), Ordering::Relaxed);
    }
    let slots = [
        TypeSlot::new(api::TP_DEALLOC, dealloc as *const c_void),
        TypeSlot::new(api::TP_TRAVERSE, traverse as *const c_void),
        TypeSlot::new(api::TP_METHODS, METHODS.as_ptr().cast()),
        TypeSlot::new(api::TP_DOC, c"A Rust future that was not ready at once.".as_ptr().cast()),
        TypeSlot::END,
    ];
    let flags = api::HAVE_GC | api::NO_NEW;
    // SAFETY: the functions have the signatures of their slots, and the rest is static.
    unsafe { CLASS.make(c"uniffi_python_accelerator.Pending", size_of::<Pending>(), flags, &slots) }
}

static METHODS: [MethodDef; 4] = [
    MethodDef::new(
        c"poll",
        poll_method as *const c_void,
        api::METH_NOARGS,
        c"poll($self, /)\n--\n\nThe result, or self when there is none yet.",
    ),
    MethodDef::new(
        c"watch",
        watch_method as *const c_void,
        api::METH_FASTCALL,
        c"watch($self, loop, future, /)\n--\n\nTrue: poll again at once. False: the future is set when it is time to.",
    ),
    MethodDef::new(
        c"close",
        close_method as *const c_void,
        api::METH_NOARGS,
        c"close($self, /)\n--\n\nDrops the Rust future, whether it is finished or not.",
    ),
    MethodDef::END,
];

/// `_set(future)`, which the event loop calls.
static SETTER: AtomicPtr<Object> = AtomicPtr::new(ptr::null_mut());

static SET: MethodDef = MethodDef::new(
    c"_set",
    set as *const c_void,
    api::METH_O,
    c"_set(future, /)\n--\n\nSets the future's result, unless it is done.",
);

unsafe extern "C" fn set(_: Raw, future: Raw) -> Raw {
    guard(|| {
        // SAFETY: Python passes an object.
        let future = unsafe { Object::borrow(future) };
        let done = call_method(names::get().done, [future])?;
        // SAFETY: an object.
        if !truth(unsafe { api::PyObject_IsTrue(done.as_raw()) })? {
            call_method(names::get().set_result, [future, api::_Py_NoneStruct()])?;
        }
        Ok(Ref::none())
    })
}

unsafe extern "C" fn poll_method(pending: Raw, _: Raw) -> Raw {
    // SAFETY: Python passes an instance.
    guard(|| poll(unsafe { Object::borrow(pending) }))
}

unsafe extern "C" fn close_method(pending: Raw, _: Raw) -> Raw {
    guard(|| {
        // SAFETY: Python passes an instance.
        close(unsafe { Object::borrow(pending) });
        Ok(Ref::none())
    })
}

unsafe extern "C" fn watch_method(pending: Raw, args: *const Raw, count: isize) -> Raw {
    guard(|| {
        if count != 2 {
            return Err(raise!(PyExc_TypeError, c"watch() takes 2 positional arguments but %zd were given", count));
        }
        // SAFETY: Python passes an instance and so many objects.
        unsafe { watch(Object::borrow(pending), Object::borrow(*args), Object::borrow(*args.add(1))) }
    })
}

unsafe extern "C" fn dealloc(pending: Raw) {
    contain((), || {
        // SAFETY: Python passes an instance that nothing refers to any more. Once it is closed it owns nothing.
        unsafe {
            api::PyObject_GC_UnTrack(pending.cast());
            close(Object::borrow(pending));
            class::free(pending);
        }
    });
}

/// Visits the class only. The event loop's future that is to be set is Rust's to know of: a task that nothing else refers to
/// must not be collected while it waits.
unsafe extern "C" fn traverse(pending: Raw, visit: Visit, arg: *mut c_void) -> c_int {
    contain(0, || {
        // SAFETY: Python passes an instance, and the collector's own function and argument.
        unsafe { visit(Object::borrow(pending).class().as_raw(), arg) }
    })
}
