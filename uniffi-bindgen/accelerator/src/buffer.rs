//! UniFFI's buffers: what Rust and Python pass serialised values in.
//!
//! A buffer belongs to the UniFFI library, which may have another allocator than this crate, so it is only made, grown and
//! freed by the library's own functions.

use std::cell::Cell;
use std::ffi::c_void;
use std::mem::transmute;
use std::ptr;

/// One slot of the arrays that `uniffi_ffibuffer_*` functions take and return, in which a number fills the low bytes.
/// Targets where the low bytes don't come first are refused.
pub(crate) type Word = u64;

/// UniFFI's `RustBuffer`: a `Vec<u8>` taken apart.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct RustBuffer {
    pub(crate) capacity: u64,
    pub(crate) length: u64,
    pub(crate) data: *mut u8,
}

/// UniFFI's `RustCallStatus`.
#[repr(C)]
pub(crate) struct CallStatus {
    pub(crate) code: i8,
    pub(crate) error: RustBuffer,
}

/// The call went well.
pub(crate) const SUCCESS: i8 = 0;
/// The buffer holds the error that the function declares.
pub(crate) const ERROR: i8 = 1;
/// The buffer holds a string: a panic, or a value that couldn't be converted.
pub(crate) const UNEXPECTED: i8 = 2;

impl RustBuffer {
    pub(crate) const EMPTY: Self = Self { capacity: 0, length: 0, data: ptr::null_mut() };

    /// From three words: capacity, length, data.
    #[inline]
    pub(crate) fn from_words([capacity, length, data]: [Word; 3]) -> Self {
        Self { capacity, length, data: ptr::with_exposed_provenance_mut(data as usize) }
    }

    /// From the first three words that a call returned, or from nothing when there are fewer.
    #[inline]
    pub(crate) fn returned(words: &[Word]) -> Self {
        words.first_chunk().map_or(Self::EMPTY, |words| Self::from_words(*words))
    }

    pub(crate) fn to_words(self) -> [Word; 3] {
        [self.capacity, self.length, self.data.expose_provenance() as Word]
    }
}

impl CallStatus {
    pub(crate) const NEW: Self = Self { code: SUCCESS, error: RustBuffer::EMPTY };
}

type Reserve = unsafe extern "C" fn(RustBuffer, u64, *mut CallStatus) -> RustBuffer;
type Free = unsafe extern "C" fn(RustBuffer, *mut CallStatus);

/// The functions of one library that make, grow and free its buffers.
pub(crate) struct Buffers {
    reserve: Reserve,
    free: Free,
    /// A buffer that came with a result and can go with an argument, which saves freeing the one and making the other.
    /// The GIL guards it.
    spare: Cell<RustBuffer>,
}

/// Larger buffers aren't kept.
pub(crate) const KEPT: usize = 4096;

/// How large a buffer may be that Rust perhaps keeps as it is, as a `String` say, for this many bytes.
pub(crate) const fn snug(length: usize) -> usize {
    length.saturating_add(length / 8).saturating_add(32)
}

impl Buffers {
    /// # Safety
    ///
    /// The addresses must be those of a UniFFI library's `rustbuffer_reserve` and `rustbuffer_free`, which stays loaded.
    pub(crate) unsafe fn new(reserve: *const c_void, free: *const c_void) -> Self {
        // SAFETY: as the caller promises.
        let (reserve, free) =
            unsafe { (transmute::<*const c_void, Reserve>(reserve), transmute::<*const c_void, Free>(free)) };
        Self { reserve, free, spare: Cell::new(RustBuffer::EMPTY) }
    }

    /// A buffer with `length` zero and room for at least `additional` bytes more than `buffer` holds, whose place it
    /// takes. Reserving from nothing is how buffers are made, too: unlike `rustbuffer_alloc` it doesn't write zeros first.
    ///
    /// # Safety
    ///
    /// The buffer must be empty or come from this library.
    #[inline]
    pub(crate) unsafe fn reserve(&self, buffer: RustBuffer, additional: usize) -> RustBuffer {
        let mut status = CallStatus::NEW;
        // SAFETY: as the caller promises; the status is a place for the function to write to.
        let buffer = unsafe { (self.reserve)(buffer, additional as u64, &raw mut status) };
        if status.code != SUCCESS {
            // SAFETY: a message that this library made.
            unsafe { self.free(status.error) };
        }
        buffer
    }

    /// Gives a buffer back.
    ///
    /// # Safety
    ///
    /// The buffer must be empty or come from this library, and must not be used any more.
    #[inline]
    pub(crate) unsafe fn free(&self, buffer: RustBuffer) {
        if buffer.capacity != 0 {
            let mut status = CallStatus::NEW;
            // SAFETY: as the caller promises; the status is a place for the function to write to.
            unsafe { (self.free)(buffer, &raw mut status) }
        }
    }

    /// An empty buffer with room for so many bytes, and for not many more than `most`. The GIL must be held.
    #[inline]
    pub(crate) fn take(&self, room: usize, most: usize) -> RustBuffer {
        let spare = self.spare.get();
        if spare.capacity != 0 && (room as u64..=most as u64).contains(&spare.capacity) {
            self.spare.set(RustBuffer::EMPTY);
            return RustBuffer { length: 0, ..spare };
        }
        // SAFETY: made from nothing.
        unsafe { self.reserve(RustBuffer::EMPTY, room) }
    }

    /// Keeps a buffer for later, and gives back the one that was kept before: what the last call needed, the next one will
    /// more likely. The GIL must be held.
    ///
    /// # Safety
    ///
    /// As for `free`.
    #[inline]
    pub(crate) unsafe fn recycle(&self, buffer: RustBuffer) {
        let keep = (1..=KEPT as u64).contains(&buffer.capacity);
        let other = if keep { self.spare.replace(buffer) } else { buffer };
        // SAFETY: as the caller promises.
        unsafe { self.free(other) }
    }

    /// A buffer that holds these bytes; none when the library has no room for them. The GIL needn't be held.
    pub(crate) fn holding(&self, bytes: &[u8]) -> Option<RustBuffer> {
        // SAFETY: made from nothing.
        self.fill(unsafe { self.reserve(RustBuffer::EMPTY, bytes.len()) }, bytes)
    }

    /// As `holding`. The GIL must be held.
    #[inline]
    pub(crate) fn take_holding(&self, bytes: &[u8]) -> Option<RustBuffer> {
        self.fill(self.take(bytes.len(), snug(bytes.len())), bytes)
    }

    #[inline]
    fn fill(&self, buffer: RustBuffer, bytes: &[u8]) -> Option<RustBuffer> {
        if buffer.capacity < bytes.len() as u64 {
            // SAFETY: a new buffer of this library, which nobody gets.
            unsafe { self.free(buffer) };
            return None;
        }
        if !bytes.is_empty() {
            // SAFETY: there is room for them, and a new buffer doesn't overlap with them.
            unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), buffer.data, bytes.len()) };
        }
        Some(RustBuffer { length: bytes.len() as u64, ..buffer })
    }
}
