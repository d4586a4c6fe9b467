//! No entry points for this target: vtables are made of ctypes callbacks there.

use std::ffi::c_void;

use super::layout::Convention;

pub(crate) const SUPPORTED: bool = false;

pub(super) const CONVENTION: Convention = Convention::SYSTEM_V;
pub(super) const SAVED: usize = CONVENTION.saved();

pub(super) fn entry(_slot: usize) -> *const c_void {
    std::ptr::null()
}
