//! Byte strings that cross the boundary without a copy in Rust.
#![cfg_attr(feature = "uniffi", allow(unsafe_code))]

use std::ops::{Deref, DerefMut};

/// The length that stands before the bytes in `UniFFI`'s form, in bytes.
const PREFIX: usize = size_of::<i32>();

/// A byte string; other languages see their own (`bytes` in Python).
///
/// A `Vec<u8>` crosses byte by byte. This one keeps room for its length before its bytes, and so is in the form in
/// which `UniFFI` hands buffers over as it stands: nothing is copied in Rust.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes {
    /// Room for the length, then the bytes.
    framed: Vec<u8>,
}

impl Bytes {
    /// `length` zero bytes.
    pub fn zeroed(length: usize) -> Self {
        Self { framed: vec![0; PREFIX + length] }
    }
}

impl Default for Bytes {
    fn default() -> Self {
        Self::zeroed(0)
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.framed[PREFIX..]
    }
}

impl DerefMut for Bytes {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.framed[PREFIX..]
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        let mut framed = Vec::with_capacity(PREFIX + bytes.len());
        framed.extend_from_slice(&[0; PREFIX]);
        framed.extend_from_slice(bytes);
        Self { framed }
    }
}

impl From<Bytes> for Vec<u8> {
    fn from(bytes: Bytes) -> Self {
        bytes.to_vec()
    }
}

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(feature = "uniffi")]
mod crossing {
    use super::{Bytes, PREFIX};
    use uniffi::deps::anyhow::ensure;
    use uniffi::{FfiConverter, MetadataBuffer, Result, RustBuffer, TypeId, check_remaining};

    // SAFETY: the wire form is that of `Vec<u8>`, whose type this claims to be: the length as a big-endian `i32`, then
    // the bytes. `lower` and `write` produce it; `try_lift` and `try_read` accept nothing else.
    unsafe impl<Tag> FfiConverter<Tag> for Bytes {
        type FfiType = RustBuffer;

        const TYPE_ID_META: MetadataBuffer = <Vec<u8> as TypeId<Tag>>::TYPE_ID_META;

        fn lower(mut bytes: Self) -> RustBuffer {
            let length = length_prefix(&bytes);
            bytes.framed[..PREFIX].copy_from_slice(&length);
            RustBuffer::from_vec(bytes.framed)
        }

        fn try_lift(buffer: RustBuffer) -> Result<Self> {
            let framed = buffer.destroy_into_vec();
            let mut rest = framed.as_slice();
            let length = usize::try_from(<i32 as FfiConverter<Tag>>::try_read(&mut rest)?)?;
            ensure!(rest.len() == length, "{} bytes where {length} were announced", rest.len());
            Ok(Self { framed })
        }

        fn write(bytes: Self, buffer: &mut Vec<u8>) {
            buffer.extend_from_slice(&length_prefix(&bytes));
            buffer.extend_from_slice(&bytes);
        }

        fn try_read(buffer: &mut &[u8]) -> Result<Self> {
            let length = usize::try_from(<i32 as FfiConverter<Tag>>::try_read(buffer)?)?;
            check_remaining(buffer, length)?;
            let (bytes, rest) = buffer.split_at(length);
            *buffer = rest;
            Ok(bytes.into())
        }
    }

    fn length_prefix(bytes: &[u8]) -> [u8; PREFIX] {
        i32::try_from(bytes.len()).expect("byte strings beyond 2 GiB do not cross").to_be_bytes()
    }

    uniffi::derive_ffi_traits!(blanket Bytes);
}
