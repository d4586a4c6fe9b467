//! Native entry points made ahead of time.
//!
//! A vtable that Rust calls into is a struct of plain function pointers: nothing tells the callee which vtable or method
//! it was called as. So there is a fixed pool of tiny functions that differ only in the number they load. They share
//! one stub, which saves the argument registers in a [`Frame`] and calls [`dispatch`], which knows what the slot is for.
//! No code is written at run time, so no memory has to be writable and executable.

#[cfg(all(target_arch = "x86_64", unix))]
#[path = "trampoline/x86_64.rs"]
mod arch;
#[cfg(all(target_arch = "aarch64", target_os = "linux", target_endian = "little"))]
#[path = "trampoline/aarch64.rs"]
mod arch;
#[cfg(not(any(
    all(target_arch = "x86_64", unix),
    all(target_arch = "aarch64", target_os = "linux", target_endian = "little")
)))]
#[path = "trampoline/unsupported.rs"]
mod arch;
mod layout;

use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) use arch::SUPPORTED;
pub(crate) use layout::{Layout, Parameter};

/// How many entry points there are in this process, for all libraries that share this copy of the accelerator.
pub(crate) const SLOTS: usize = 256;

/// What a call left in registers and on the stack, written by the stub of the architecture.
#[repr(C)]
pub(crate) struct Frame {
    /// The registers that carry integers, then those that carry floats (their low 64 bits).
    saved: [u64; arch::SAVED],
    /// The first argument that was passed on the stack.
    stack: *const u64,
}

impl Frame {
    /// The first argument of a call whose first argument is an integer.
    pub(crate) fn first(&self) -> u64 {
        self.saved[0]
    }
}

/// What is called through a slot.
pub(crate) trait Target: Sync {
    /// Handles one call; what it returns ends up in the register for integer results. It must not unwind: its caller
    /// is C, and a panic would end the process.
    fn call(&self, frame: &Frame) -> u64;
}

/// What one slot calls. All zeros while that is nothing, so the pool takes no room in the library's file.
struct Slot(UnsafeCell<Option<&'static dyn Target>>);

// SAFETY: written once, by the only holder of the slot, before anybody knows the address of its entry point. Whoever
// calls that later got it from there.
unsafe impl Sync for Slot {}

/// A slot is given out once and lives as long as the process, because a library keeps its vtable that long.
static TARGETS: [Slot; SLOTS] = [const { Slot(UnsafeCell::new(None)) }; SLOTS];

static RESERVED: AtomicUsize = AtomicUsize::new(0);

/// Slots of the pool that belong to the holder.
pub(crate) struct Slots(std::ops::Range<usize>);

/// Takes `count` slots out of the pool, or none when there are not that many left.
pub(crate) fn reserve(count: usize) -> Option<Slots> {
    let take = |reserved: usize| reserved.checked_add(count).filter(|&end| SUPPORTED && end <= SLOTS);
    let start = RESERVED.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).ok()?;
    Some(Slots(start..start + count))
}

impl Slots {
    /// The address of the next reserved entry point, which calls `target` from now on. None when all are used.
    pub(crate) fn bind(&mut self, target: &'static dyn Target) -> Option<*const c_void> {
        let slot = self.0.next()?;
        // SAFETY: no two holders have the same slot, and its address is told below only.
        unsafe { *TARGETS[slot].0.get() = Some(target) };
        Some(arch::entry(slot))
    }
}

/// Called by the stub. The number comes from the code of an entry point, so it is below [`SLOTS`]; the address of an
/// entry point is known to nobody before its target is set.
unsafe extern "C" fn dispatch(slot: usize, frame: *const Frame) -> u64 {
    // SAFETY: nothing writes to a slot once its entry point is known.
    match TARGETS.get(slot).and_then(|slot| unsafe { *slot.0.get() }) {
        // SAFETY: the stub passes its own stack frame, which lives until this returns.
        Some(target) => target.call(unsafe { &*frame }),
        None => 0,
    }
}

#[cfg(test)]
mod tests;
