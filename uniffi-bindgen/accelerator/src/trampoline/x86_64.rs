//! Entry points for the System V convention of x86-64, which Linux, macOS and the BSDs use.

use std::arch::naked_asm;
use std::ffi::c_void;
use std::mem::offset_of;

use super::layout::Convention;
use super::{Frame, SLOTS, dispatch};

pub(crate) const SUPPORTED: bool = true;

pub(super) const CONVENTION: Convention = Convention::SYSTEM_V;
pub(super) const SAVED: usize = CONVENTION.saved();

/// Each entry is padded to this size: `endbr64` (4 bytes), `mov` (5) and `jmp` (at most 5) fit.
const ENTRY: usize = 16;

/// What the stub reserves below the saved frame pointer. A multiple of 16, so that the stack is aligned at its call.
const RESERVED: usize = size_of::<Frame>().next_multiple_of(16);

pub(super) fn entry(slot: usize) -> *const c_void {
    debug_assert!(slot < SLOTS);
    // The function's own address may lie before the padding that aligns the first entry.
    let first = (entries as *const () as usize).next_multiple_of(ENTRY);
    std::ptr::with_exposed_provenance(first + slot * ENTRY)
}

/// The entries, one after the other. `eax` carries nothing that these calls need (it counts the vector registers of
/// variadic calls), so it takes the number. `endbr64` lets indirect calls land here when control-flow enforcement is on.
#[unsafe(naked)]
unsafe extern "C" fn entries() {
    naked_asm!(
        ".cfi_startproc",
        ".set .Luniffi_python_slot, 0",
        ".rept {slots}",
        ".balign {size}, 0xcc",
        "endbr64",
        "movl $.Luniffi_python_slot, %eax",
        "jmp {stub}",
        ".set .Luniffi_python_slot, .Luniffi_python_slot + 1",
        ".endr",
        ".balign {size}, 0xcc",
        ".cfi_endproc",
        slots = const SLOTS,
        size = const ENTRY,
        stub = sym stub,
        options(att_syntax),
    )
}

/// Writes a [`Frame`] on the stack and calls [`dispatch`]. It has a frame pointer and describes itself to unwinders, so
/// that debuggers and profilers see through it. The stack below the stack pointer isn't used (no red zone).
#[unsafe(naked)]
unsafe extern "C" fn stub() {
    naked_asm!(
        // Within one or two lines of the instruction cache: its returns are mispredicted where it lies badly, which makes
        // a callback a third slower.
        ".balign 64",
        ".cfi_startproc",
        "push rbp",
        ".cfi_def_cfa_offset 16",
        ".cfi_offset rbp, -16",
        "mov rbp, rsp",
        ".cfi_def_cfa_register rbp",
        "sub rsp, {reserved}",
        "mov [rsp + {saved}], rdi",
        "mov [rsp + {saved} + 8], rsi",
        "mov [rsp + {saved} + 16], rdx",
        "mov [rsp + {saved} + 24], rcx",
        "mov [rsp + {saved} + 32], r8",
        "mov [rsp + {saved} + 40], r9",
        "movsd [rsp + {saved} + 48], xmm0",
        "movsd [rsp + {saved} + 56], xmm1",
        "movsd [rsp + {saved} + 64], xmm2",
        "movsd [rsp + {saved} + 72], xmm3",
        "movsd [rsp + {saved} + 80], xmm4",
        "movsd [rsp + {saved} + 88], xmm5",
        "movsd [rsp + {saved} + 96], xmm6",
        "movsd [rsp + {saved} + 104], xmm7",
        // Above the saved frame pointer and the return address.
        "lea rcx, [rbp + 16]",
        "mov [rsp + {stack}], rcx",
        "mov edi, eax",
        "mov rsi, rsp",
        "call {dispatch}",
        "leave",
        ".cfi_def_cfa rsp, 8",
        "ret",
        ".cfi_endproc",
        reserved = const RESERVED,
        saved = const offset_of!(Frame, saved),
        stack = const offset_of!(Frame, stack),
        dispatch = sym dispatch,
    )
}
