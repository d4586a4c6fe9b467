//! Writing serialised values, straight into a buffer of the library.

use std::ptr;

use crate::buffer::{Buffers, RustBuffer};

/// A buffer that grows as values are written to it. It is given back when it isn't finished.
pub(crate) struct Writer<'a> {
    /// Where the next byte goes.
    at: *mut u8,
    /// Where the room ends.
    end: *mut u8,
    start: *mut u8,
    buffers: &'a Buffers,
    /// The library could not make the buffer as large as was needed, and something is missing.
    failed: bool,
}

impl<'a> Writer<'a> {
    /// With room for so many bytes, and not for many more than `most`, as far as the first buffer goes.
    #[inline]
    pub(crate) fn new(buffers: &'a Buffers, room: usize, most: usize) -> Self {
        let mut writer =
            Self { at: ptr::null_mut(), end: ptr::null_mut(), start: ptr::null_mut(), buffers, failed: false };
        writer.adopt(buffers.take(room, most), room);
        writer
    }

    /// How many bytes were written.
    #[inline]
    pub(crate) fn written(&self) -> usize {
        self.at.addr() - self.start.addr()
    }

    /// Makes room for so many bytes more at once.
    #[inline]
    pub(crate) fn reserve(&mut self, additional: usize) -> bool {
        self.end.addr() - self.at.addr() >= additional || self.grow(additional)
    }

    /// The bytes of a number, in network order.
    #[inline]
    pub(crate) fn put<const N: usize>(&mut self, bytes: [u8; N]) {
        if self.reserve(N) {
            // SAFETY: there is room for them.
            unsafe {
                self.at.cast::<[u8; N]>().write_unaligned(bytes);
                self.at = self.at.add(N);
            }
        }
    }

    /// Bytes with their length before them. That must be known to fit into an `i32`.
    #[inline]
    pub(crate) fn put_prefixed(&mut self, bytes: &[u8]) {
        if self.reserve(4 + bytes.len()) {
            // SAFETY: there is room for both, and nothing else uses the buffer.
            unsafe {
                self.at.cast::<[u8; 4]>().write_unaligned((bytes.len() as u32).to_be_bytes());
                self.at = self.at.add(4);
                self.at.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
                self.at = self.at.add(bytes.len());
            }
        }
    }

    /// Writes over four bytes that were written before, from this offset on.
    #[inline]
    pub(crate) fn patch(&mut self, offset: usize, bytes: [u8; 4]) {
        if offset.checked_add(4).is_some_and(|end| end <= self.written()) {
            // SAFETY: that was written, so it is in the buffer.
            unsafe { self.start.add(offset).cast::<[u8; 4]>().write_unaligned(bytes) };
        }
    }

    /// The buffer with what was written; none when the library had no room for it.
    #[inline]
    pub(crate) fn finish(self) -> Option<RustBuffer> {
        if self.failed {
            return None;
        }
        let buffer = self.buffer();
        std::mem::forget(self);
        Some(buffer)
    }

    fn buffer(&self) -> RustBuffer {
        let capacity = (self.end.addr() - self.start.addr()) as u64;
        RustBuffer { capacity, length: self.written() as u64, data: self.start }
    }

    #[cold]
    fn grow(&mut self, additional: usize) -> bool {
        // SAFETY: what the library made, and what this writer gives up for what it gets.
        !self.failed && self.adopt(unsafe { self.buffers.reserve(self.buffer(), additional) }, additional)
    }

    /// Continues in this buffer, after what it holds. It must have room for so many bytes more.
    #[inline]
    fn adopt(&mut self, buffer: RustBuffer, additional: usize) -> bool {
        let (length, capacity) = (buffer.length as usize, buffer.capacity as usize);
        self.start = buffer.data;
        self.at = buffer.data.wrapping_add(length);
        self.end = buffer.data.wrapping_add(capacity);
        self.failed = capacity - length < additional;
        !self.failed
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        // SAFETY: what the library made; nothing uses it any more.
        unsafe { self.buffers.free(self.buffer()) };
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::ffi::c_void;

    use super::*;
    use crate::buffer::CallStatus;

    thread_local! {
        /// How many bytes the buffers that were not freed have room for.
        static HELD: Cell<u64> = const { Cell::new(0) };
    }

    fn vector(buffer: RustBuffer) -> Vec<u8> {
        if buffer.data.is_null() {
            return Vec::new();
        }
        HELD.set(HELD.get() - buffer.capacity);
        // SAFETY: `reserve` took it apart.
        unsafe { Vec::from_raw_parts(buffer.data, buffer.length as usize, buffer.capacity as usize) }
    }

    /// Like UniFFI's. Above a limit it fails as UniFFI's does when it panics: the buffer is gone and an empty one returned.
    unsafe extern "C" fn reserve(buffer: RustBuffer, additional: u64, status: *mut CallStatus) -> RustBuffer {
        let mut vector = vector(buffer);
        if additional > 1 << 20 {
            // SAFETY: the caller's place for it.
            unsafe { (*status).code = crate::buffer::UNEXPECTED };
            vector = Vec::new();
        } else {
            vector.reserve(additional as usize);
        }
        let mut vector = std::mem::ManuallyDrop::new(vector);
        HELD.set(HELD.get() + vector.capacity() as u64);
        RustBuffer { capacity: vector.capacity() as u64, length: vector.len() as u64, data: vector.as_mut_ptr() }
    }

    unsafe extern "C" fn free(buffer: RustBuffer, _: *mut CallStatus) {
        drop(vector(buffer));
    }

    fn buffers() -> Buffers {
        // SAFETY: functions of these types.
        unsafe { Buffers::new(reserve as *const c_void, free as *const c_void) }
    }

    #[test]
    fn what_is_written_is_there() {
        let buffers = buffers();
        for room in [0, 1, 7, 1000] {
            let mut writer = Writer::new(&buffers, room, room);
            let mut expected = Vec::new();
            for number in 0..100_u32 {
                writer.put(number.to_be_bytes());
                let bytes = &[7; 3][..number as usize % 4];
                writer.put_prefixed(bytes);
                expected.extend(number.to_be_bytes());
                expected.extend((bytes.len() as u32).to_be_bytes());
                expected.extend(bytes);
                assert_eq!(writer.written(), expected.len());
            }
            writer.patch(4, [9; 4]);
            expected[4..8].fill(9);
            assert_eq!(vector(writer.finish().unwrap()), expected);
            assert_eq!(HELD.get(), 0);
        }
    }

    #[test]
    fn an_unfinished_buffer_is_freed() {
        let buffers = buffers();
        let mut writer = Writer::new(&buffers, 0, 0);
        writer.put([1; 100]);
        assert!(HELD.get() >= 100);
        drop(writer);
        assert_eq!(HELD.get(), 0);
    }

    #[test]
    fn nothing_is_written_where_there_is_no_room() {
        let buffers = buffers();
        let mut writer = Writer::new(&buffers, 4, 4);
        writer.put([1; 4]);
        assert!(!writer.reserve(2 << 20));
        writer.put([2; 4]);
        writer.put_prefixed(&[3; 5]);
        writer.patch(0, [0; 4]);
        writer.patch(usize::MAX, [0; 4]);
        assert!(writer.finish().is_none());
        assert_eq!(HELD.get(), 0);
    }
}
