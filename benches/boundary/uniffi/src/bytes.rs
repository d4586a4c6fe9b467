//! A byte buffer that crosses by one copy.

use uniffi::deps::anyhow::ensure;
use uniffi::{FfiConverter, MetadataBuffer, Result, RustBuffer, TypeId, check_remaining};

/// Bytes in the same wire form and with the same type for the other language as `Vec<u8>`, which crosses byte by byte.
pub struct Bytes(pub Vec<u8>);

// SAFETY: the wire form is that of `Vec<u8>`, whose type this claims to be: the length as a big-endian `i32`, then the
// bytes. `lower` and `write` produce it, `try_lift` and `try_read` accept nothing else.
unsafe impl<Tag> FfiConverter<Tag> for Bytes {
    type FfiType = RustBuffer;

    const TYPE_ID_META: MetadataBuffer = <Vec<u8> as TypeId<Tag>>::TYPE_ID_META;

    fn lower(bytes: Self) -> RustBuffer {
        let mut buffer = Vec::with_capacity(bytes.0.len() + size_of::<i32>());
        <Self as FfiConverter<Tag>>::write(bytes, &mut buffer);
        RustBuffer::from_vec(buffer)
    }

    fn try_lift(buffer: RustBuffer) -> Result<Self> {
        let buffer = buffer.destroy_into_vec();
        let mut rest = buffer.as_slice();
        let bytes = <Self as FfiConverter<Tag>>::try_read(&mut rest)?;
        ensure!(rest.is_empty(), "{} bytes too many", rest.len());
        Ok(bytes)
    }

    fn write(bytes: Self, buffer: &mut Vec<u8>) {
        let length = i32::try_from(bytes.0.len()).expect("buffers beyond 2 GiB do not cross");
        buffer.extend_from_slice(&length.to_be_bytes());
        buffer.extend_from_slice(&bytes.0);
    }

    fn try_read(buffer: &mut &[u8]) -> Result<Self> {
        let length = usize::try_from(<i32 as FfiConverter<Tag>>::try_read(buffer)?)?;
        check_remaining(buffer, length)?;
        let (bytes, rest) = buffer.split_at(length);
        *buffer = rest;
        Ok(Self(bytes.to_vec()))
    }
}

uniffi::derive_ffi_traits!(blanket Bytes);
