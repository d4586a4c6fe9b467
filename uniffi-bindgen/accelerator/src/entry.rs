//! What every function that C calls goes through.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use crate::api::Raw;
use crate::errors::raise;
use crate::object::{Ref, Result, to_c};

/// Runs the body of a function that Python calls. A panic must not unwind into C; it becomes a SystemError.
#[inline]
pub(crate) fn guard(body: impl FnOnce() -> Result<Ref>) -> Raw {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(result) => to_c(result),
        Err(panic) => {
            // What was thrown may panic again when it is dropped.
            std::mem::forget(panic);
            raise!(PyExc_SystemError, c"the UniFFI accelerator panicked");
            ptr::null_mut()
        }
    }
}
