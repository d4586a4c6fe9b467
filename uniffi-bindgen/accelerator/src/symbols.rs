//! Looking symbols up, in the process and in libraries.

use std::ffi::{CStr, c_char, c_void};
use std::ptr;

use crate::errors::raise;
use crate::object::{Object, Result};
use crate::spec::text;

#[cfg(unix)]
unsafe extern "C" {
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

#[cfg(windows)]
#[link(name = "kernel32")]
unsafe extern "system" {
    #[link_name = "GetProcAddress"]
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

/// A library that is loaded, for looking symbols up.
pub(crate) struct Symbols {
    handle: *mut c_void,
}

impl Symbols {
    /// Where Python's own functions are: in everything that is loaded, or on Windows in the given DLL.
    pub(crate) fn of_python(dll: *mut c_void) -> Self {
        let everything = if cfg!(any(target_vendor = "apple", target_os = "freebsd")) { usize::MAX - 1 } else { 0 };
        Self { handle: if cfg!(windows) { dll } else { ptr::without_provenance_mut(everything) } }
    }

    /// # Safety
    ///
    /// The handle must be one of a library that stays loaded, as `dlopen` or `LoadLibrary` returned it.
    pub(crate) unsafe fn of_library(handle: usize) -> Self {
        Self { handle: ptr::with_exposed_provenance_mut(handle) }
    }

    /// The address of a symbol, or null.
    pub(crate) fn find(&self, name: &CStr) -> *mut c_void {
        // SAFETY: the handle is valid, and the name a C string.
        unsafe { dlsym(self.handle, name.as_ptr()) }
    }

    /// The address of the symbol that a Python string names; ImportError when there is none.
    pub(crate) fn required(&self, name: &Object) -> Result<*const c_void> {
        self.named(text(name, c"the name of a symbol")?.to_vec())
    }

    /// The address of the symbol with this name; ImportError when there is none.
    pub(crate) fn named(&self, mut name: Vec<u8>) -> Result<*const c_void> {
        name.push(0);
        let address = CStr::from_bytes_with_nul(&name).map_or(ptr::null_mut(), |name| self.find(name));
        if address.is_null() {
            return Err(raise!(PyExc_ImportError, c"the library has no symbol '%s'", name.as_ptr()));
        }
        Ok(address)
    }
}
