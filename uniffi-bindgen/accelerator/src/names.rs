//! Strings that are used again and again, made once.

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;

use crate::object::{Object, Result, intern};

macro_rules! names {
    ($($field:ident: $text:literal,)*) => {
        /// Interned strings.
        pub(crate) struct Names {
            $(pub(crate) $field: &'static Object,)*
        }

        impl Names {
            fn new() -> Result<Self> {
                Ok(Self { $($field: intern($text)?.leak(),)* })
            }
        }
    };
}

names! {
    annotations: c"__annotations__",
    args: c"args",
    basic_size: c"__basicsize__",
    call_soon_threadsafe: c"call_soon_threadsafe",
    doc: c"__doc__",
    done: c"done",
    empty: c"",
    handle: c"_handle",
    items: c"items",
    module: c"__module__",
    mro: c"__mro__",
    name: c"__name__",
    new: c"__new__",
    qualified_name: c"__qualname__",
    this: c"self",
    set_result: c"set_result",
}

struct Shared(UnsafeCell<MaybeUninit<Names>>);

// SAFETY: written by `load` before anything else of this crate runs; only read from then on, with the GIL held.
unsafe impl Sync for Shared {}

static NAMES: Shared = Shared(UnsafeCell::new(MaybeUninit::uninit()));

/// Makes the strings.
///
/// # Safety
///
/// Nothing else may use this crate meanwhile.
pub(crate) unsafe fn load() -> Result<()> {
    let names = Names::new()?;
    // SAFETY: as the caller promises.
    unsafe { (*NAMES.0.get()).write(names) };
    Ok(())
}

/// The strings.
pub(crate) fn get() -> &'static Names {
    // SAFETY: the entry point makes them before anything else can be reached.
    unsafe { (*NAMES.0.get()).assume_init_ref() }
}
