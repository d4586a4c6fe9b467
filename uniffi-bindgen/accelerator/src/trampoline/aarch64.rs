//! Entry points for AAPCS64, the convention of 64-bit ARM except on Apple's systems and Windows.

use std::arch::naked_asm;
use std::ffi::c_void;
use std::mem::offset_of;

use super::layout::Convention;
use super::{Frame, SLOTS, dispatch};

pub(crate) const SUPPORTED: bool = true;

pub(super) const CONVENTION: Convention = Convention::AAPCS64;
pub(super) const SAVED: usize = CONVENTION.saved();

/// Each entry is padded to this size from its three instructions.
const ENTRY: usize = 16;

/// What the stub reserves below the saved frame pointer. A multiple of 16, as the stack pointer always has to be.
const RESERVED: usize = size_of::<Frame>().next_multiple_of(16);

pub(super) fn entry(slot: usize) -> *const c_void {
    debug_assert!(slot < SLOTS);
    // The function's own address may lie before the padding that aligns the first entry.
    let first = (entries as *const () as usize).next_multiple_of(ENTRY);
    std::ptr::with_exposed_provenance(first + slot * ENTRY)
}

/// The entries, one after the other. `x9` is free for any use at a call, also for a linker's veneer between here and the
/// stub. The hint is `bti c`: indirect calls may land here when branch targets are checked.
#[unsafe(naked)]
unsafe extern "C" fn entries() {
    naked_asm!(
        ".cfi_startproc",
        ".set .Luniffi_python_slot, 0",
        ".rept {slots}",
        ".balign {size}",
        "hint #34",
        "mov w9, #.Luniffi_python_slot",
        "b {stub}",
        ".set .Luniffi_python_slot, .Luniffi_python_slot + 1",
        ".endr",
        ".balign {size}",
        ".cfi_endproc",
        slots = const SLOTS,
        size = const ENTRY,
        stub = sym stub,
    )
}

/// Writes a [`Frame`] on the stack and calls [`dispatch`]. It has a frame record and describes itself to unwinders, so
/// that debuggers and profilers see through it.
#[unsafe(naked)]
unsafe extern "C" fn stub() {
    naked_asm!(
        ".cfi_startproc",
        "stp x29, x30, [sp, #-16]!",
        ".cfi_def_cfa_offset 16",
        ".cfi_offset w29, -16",
        ".cfi_offset w30, -8",
        "mov x29, sp",
        ".cfi_def_cfa w29, 16",
        "sub sp, sp, #{reserved}",
        "stp x0, x1, [sp, #{saved}]",
        "stp x2, x3, [sp, #{saved} + 16]",
        "stp x4, x5, [sp, #{saved} + 32]",
        "stp x6, x7, [sp, #{saved} + 48]",
        "stp d0, d1, [sp, #{saved} + 64]",
        "stp d2, d3, [sp, #{saved} + 80]",
        "stp d4, d5, [sp, #{saved} + 96]",
        "stp d6, d7, [sp, #{saved} + 112]",
        // Above the frame record.
        "add x10, x29, #16",
        "str x10, [sp, #{stack}]",
        "mov w0, w9",
        "mov x1, sp",
        "bl {dispatch}",
        "mov sp, x29",
        ".cfi_def_cfa wsp, 16",
        "ldp x29, x30, [sp], #16",
        ".cfi_def_cfa_offset 0",
        ".cfi_restore w29",
        ".cfi_restore w30",
        "ret",
        ".cfi_endproc",
        reserved = const RESERVED,
        saved = const offset_of!(Frame, saved),
        stack = const offset_of!(Frame, stack),
        dispatch = sym dispatch,
    )
}
