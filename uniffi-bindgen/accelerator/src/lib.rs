//! The native half of a Python generator for UniFFI.
//!
//! A UniFFI library that links this crate exports one more function, [`uniffi_python_accelerator`]. Generated Python code
//! calls it to get a module object, and hands that a description of the library: which classes its records, enums, errors
//! and objects are, and which functions it has. What it gets back are native functions. They take Python objects apart and
//! put them together right here, instead of in Python through ctypes.
//!
//! Python is found at run time, in the process; nothing is linked to it. One library file so serves every CPython from 3.10
//! on. Other Pythons, and builds of CPython that this crate can't work with, are refused with an ImportError, and the
//! generated code goes on without it.
//!
//! What is where:
//!
//! - Python itself: `api` (its C API), `layout` (what is read directly), `object` (references), `errors`, `names`, `class`
//!   (our own classes), `entry` (what C calls), `gate` (the GIL and the end of the interpreter).
//! - The description of a library: `module` and `library` (binding), `spec` (reading it), `symbols`, `compile` and `types`
//!   (its types), `shape` (its classes).
//! - Values: `lift` (to Python) with `reader`, `lower` (to Rust) with `writer`, `number`, `view` and `explain`; `buffer`.
//! - Calls: `function` (from Python), `pending` and `future` (awaited ones), `callback` with `handles` and `trampoline` (from
//!   Rust).

// Where `trampoline` has no entry points, what serves them is unused.
#![cfg_attr(
    not(any(
        all(target_arch = "x86_64", unix),
        all(target_arch = "aarch64", target_os = "linux", target_endian = "little")
    )),
    allow(dead_code)
)]

mod api;
mod buffer;
mod callback;
mod class;
mod compile;
mod entry;
mod errors;
mod explain;
mod function;
mod future;
mod gate;
mod handles;
mod layout;
mod library;
mod lift;
mod lower;
mod module;
mod names;
mod number;
mod object;
mod pending;
mod reader;
mod shape;
mod spec;
mod symbols;
mod trampoline;
mod types;
mod view;
mod writer;

pub use module::uniffi_python_accelerator;
